"""Contacts for machines. Security questions are asked by people, and none passes through here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from contacthub.actor import Actor
from contacthub.api.base import Answer, Door
from contacthub.api.reference import refers, refers_to
from contacthub.api.schema import described
from contacthub.api.timelines import timeline_url
from contacthub.api.verbs import Verb, answer_with, verb_urls
from contacthub.callbacks.models import Callback
from contacthub.clock import now
from employer_contact import permissions, scopes, services
from employer_contact.api.lists import answer_page, answer_record, the
from employer_contact.api.pointers import fields_called, why_none, without_id
from employer_contact.lifecycle import ContactState, IdentityState
from employer_contact.listing import NEWEST
from employer_contact.models import AttachedContact, Contact, ContactReason, IdentityEmail
from employer_contact.security import Check
from employer_contact.serializers.activities import StepReasonBody
from employer_contact.serializers.contacts import (
    AttachBody,
    ColleagueBody,
    CompleteReasonStepBody,
    ContactPage,
    ContactQuery,
    ContactShape,
    FinishBody,
    IdentityBody,
    InsteadBody,
    NotesBody,
    OneReasonBody,
    OpenBody,
    PartyBody,
    ReasonsBody,
    WelshBody,
)
from employer_contact.serializers.requests import RequestBody, RequestShape
from employer_contact.terms import Channel, Direction, Ending, Fallback, PartyType

TAG = "Contacts"
RECORD = "contacts/<reference:reference>/"
REASON = {"reason": "statement"}
# What was asked in a check, what came of each question, and an address on record are for the people of the contact.
WORDS = permissions.WORDS - {"answered", "fail_security", "identity_sent"}

for name, choices in {
    "contact_states": ContactState,
    "channels": Channel,
    "directions": Direction,
    "party_types": PartyType,
    "security_states": Check,
    "contact_endings": Ending,
    "identity_states": IdentityState,
    "identity_fallbacks": Fallback,
}.items():
    refers_to(f"employer_{name}" if name in ("channels", "directions") else name, choices)
refers("contact_reasons", lambda actor: [{"code": one.code, "label": one.label} for one in ContactReason.objects.all()])


def finish(*, contact_id: int, by: Actor, at: datetime, **given: Any) -> Contact:
    with fields_called(why_none):
        return services.finish(contact_id=contact_id, **given, by=by, at=at)


def hand_over(*, contact_id: int, to: int, by: Actor, at: datetime) -> Contact:
    with fields_called(without_id):
        return services.hand_over(contact_id=contact_id, to_id=to, by=by, at=at)


VERBS = [
    Verb(services.choose_party, "Say who asks, by ERN or EARN", scopes.CONTACTS_WORK, PartyBody,
         {"party": "900000006"}),
    Verb(services.choose_again, "Clear who asks, to choose again", scopes.CONTACTS_WORK),
    Verb(services.choose_reasons, "Record reasons\nRefused with `security_required` before the check of a call is "
         "passed, and with `employer_only` or `agent_only` where a reason is closed to who asks.",
         scopes.CONTACTS_WORK, ReasonsBody, {"reasons": ["statement"]}),
    Verb(services.take_back_reason, "Take back a reason that has no service request", scopes.CONTACTS_WORK,
         OneReasonBody, REASON),
    Verb(services.complete_reason_step, "Complete an activity of a reason that has a plan of its own",
         scopes.CONTACTS_WORK, CompleteReasonStepBody, {"number": 1, "words": "They read the lines out"}),
    Verb(services.reason_step_not_needed, "Say why an activity of a reason is not needed", scopes.CONTACTS_WORK,
         StepReasonBody, {"number": 1, "reason": "They sent it by email"}),
    Verb(services.refuse_reason, "Note that they asked for what is not open to them", scopes.CONTACTS_WORK,
         OneReasonBody, {"reason": "self_service"}),
    Verb(services.keep_notes, "Keep the caller’s name and the notes", scopes.CONTACTS_WORK, NotesBody,
         {"caller_name": "Orla Pettigrew", "notes": "Wants the statement by post"}),
    Verb(services.arrange_welsh, "End, and have the Welsh Language Unit call back\nBefore the security check or after "
         "it. Refused with `phone_required` where no number is known.", scopes.CONTACTS_WORK, WelshBody,
         {"telephone": "01632 960120"}),
    Verb(services.end_call, "Let the talk time stand", scopes.CONTACTS_WORK),
    Verb(services.lose_call, "Keep a call that was lost, to be taken up again", scopes.CONTACTS_WORK),
    Verb(services.resume_call, "Take up a call that was lost", scopes.CONTACTS_WORK),
    Verb(hand_over, "Hand over to a colleague", scopes.CONTACTS_WORK, ColleagueBody, {"to": "900402"}),
    Verb(services.offer_identity_email, "Note that an email that confirms who we are was offered",
         scopes.CONTACTS_WORK),
    Verb(services.send_identity_email, "Send it, ahead of all other mail\nWithout an address it goes to the one on "
         "record. Of the wording nothing is sent along.", scopes.CONTACTS_WORK, IdentityBody,
         {"address": "wages@brindlewick.example"}),
    Verb(services.confirm_identity_email, "Note that they have it, and are content", scopes.CONTACTS_WORK),
    Verb(services.agree_instead, "Note what comes instead, which the team follows up", scopes.CONTACTS_WORK,
         InsteadBody, {"fallback": "expected_call"}),
    Verb(finish, "Finish", scopes.CONTACTS_WORK, FinishBody, {"why_none": {"statement": "It was sent on Monday"}}),
]  # fmt: skip
RAISING = [
    Verb(services.create_sr, "Raise the service request that a reason leads to\nRefused with `security_required`, "
         "`employer_only`, `agent_only` or `no_active_link` as on the page.", scopes.REQUESTS_RAISE, RequestBody,
         {"reason": "statement", "kind": "STATEMENT"}, RequestBody.given),
    Verb(services.attach_to_request, "Attach to a service request that stands already\nIt then answers the reason; "
         "without one, its own reason is recorded along with it. Refused as raising one is, and with `moved_on` where "
         "it has ended.", scopes.REQUESTS_RAISE, AttachBody, {"service_request": "SR-000123", "reason": "statement"}),
]  # fmt: skip

ANSWERING = [
    Verb(services.answered, "Open the contact of a callback that somebody answered\nFinishing it ends the callback.",
         scopes.CONTACTS_WORK),
]  # fmt: skip


def contacts(actor: Actor) -> Any:
    """Return the contacts that this actor may see, with what a machine reads of them."""
    rows = Contact.objects.visible_to(actor).with_party()
    return rows.prefetch_related(
        "callback",
        "before",
        "reasons__reason",
        "reasons__requests__case",
        Prefetch("reasons__attached", AttachedContact.objects.select_related("request__case")),
        "reasons__activities__by",
        "reasons__activities__raised__case",
        Prefetch("identity_emails", IdentityEmail.objects.select_related("message")),
    )


class Contacts(Door):
    reads, writes, query = scopes.CONTACTS_READ, scopes.CONTACTS_WORK, ContactQuery

    @described("contact_list", "List contacts\nThe newest first, or what changed since a moment.", tag=TAG,
               query=ContactQuery, answer=ContactPage)  # fmt: skip
    def get(self, request: Request) -> Response:
        rows = contacts(self.actor)
        columns = {"state": "state", "channel": "channel", "employer": "employer__ern", "agent": "agent__earn"}
        rows = rows.filter(**{columns[name]: self.asked[name] for name in columns if name in self.asked})
        return answer_page(self, request, rows, ContactShape, order=NEWEST)

    @described("contact_open", "Open a contact\nA letter, a fax or an email needs no security check.", tag=TAG,
               body=OpenBody, answer=ContactShape, status=201,
               sent={"channel": "letter", "party": "900000006"})  # fmt: skip
    def post(self, request: Request) -> Response:
        def do() -> Answer:
            opened = services.open_contact(**OpenBody.given(self.sent(OpenBody)), by=self.actor, at=now())
            answer = answer_with(contacts(self.actor).get(pk=opened.pk), ContactShape, by=self.actor, status=201)
            answer.headers["Location"] = f"{request.path}{opened.reference}/"
            return answer

        return self.once(do)


class OneContact(Door):
    reads, has_etag = scopes.CONTACTS_READ, True

    @described("contact_read", "Read a contact with its reasons", tag=TAG, answer=ContactShape)
    def get(self, request: Request, reference: str) -> Response:
        return answer_record(self, the(contacts(self.actor).filter(case__reference=reference)), ContactShape)


urlpatterns: list[Any] = [
    path("contacts/", Contacts.as_view(), name="contacts"),
    path(RECORD, OneContact.as_view(), name="contact"),
    timeline_url(RECORD, Contact, reads=scopes.CONTACTS_READ, tag=TAG, words_of=lambda by, found: WORDS),
    *verb_urls(RECORD, Contact, VERBS, shape=ContactShape, tag=TAG),
    *verb_urls(RECORD, Contact, RAISING, shape=RequestShape, tag=TAG),
    *verb_urls("callbacks/<reference:reference>/", Callback, ANSWERING, shape=ContactShape, tag=TAG),
]
