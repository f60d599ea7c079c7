"""What can be done in a contact: each act has a form and one service, and keeps the notes that stand beside it."""

from __future__ import annotations

from typing import Any

from contacthub.actor import Actor
from contacthub.submissions.acts import Act, when
from contacthub.submissions.forms import OnceForm
from employer_contact import permissions, services
from employer_contact.forms.calls import (
    AnswerForm,
    AttachForm,
    ChoosePartyForm,
    FinishForm,
    HandOverForm,
    IdentityForm,
    InsteadForm,
    NotedForm,
    OneReasonForm,
    ReasonsForm,
    WelshForm,
)
from employer_contact.lifecycle import ContactState
from employer_contact.models import Contact
from employer_contact.noting import Noted, with_notes


def _hand_over(*, noted: Noted, **given: Any) -> Contact:
    """A team leader hands over from a page that has no notes."""
    return services.hand_over(**given, noted=noted if noted.caller_name or noted.notes else None)


def _may_resume(actor: Actor, contact: Contact) -> bool:
    """The state decides by which of two moves."""
    return contact.state == ContactState.ABANDONED and permissions.may_record_contact(
        actor,
        outbound=contact.is_begun_by_us,
        on_callback=contact.is_on_callback,
    )


def _may_open(actor: Actor, contact: Contact) -> bool:
    """A call that telephony told us of is nobody's."""
    return contact.owner_id is None and permissions.may_check_security(actor)


def _may_identify(actor: Actor, contact: Contact) -> bool:
    return contact.is_open and permissions.may_identify_in(actor, contact)


_MINE = permissions.owns
ATTACH = Act(
    "attach", "It is about this one", with_notes(services.attach_to_request), when("record_reason", _MINE), AttachForm
)
ACTS = [
    Act("open", "Start", services.take_up, when("identify", _may_open), OnceForm),
    Act("choose-party", "Choose", with_notes(services.choose_party), when("identify", _MINE), ChoosePartyForm),
    Act("choose-again", "Choose again", with_notes(services.choose_again), when("choose_again", _MINE), NotedForm),
    Act(
        "answer",
        "Save and go on",
        with_notes(services.answer_questions),
        when("pass_security", _MINE),
        AnswerForm,
        needs=("questions", "prefers_fax"),
    ),
    Act(
        "choose",
        "Go on",
        with_notes(services.choose_reasons),
        when("record_reason", _MINE),
        ReasonsForm,
        needs=("choices",),
    ),
    Act("take-back", "Take back", with_notes(services.take_back_reason), when("record_reason", _MINE), OneReasonForm),
    Act(
        "refuse", "They asked for this", with_notes(services.refuse_reason), when("record_reason", _MINE), OneReasonForm
    ),
    ATTACH,
    Act(
        "finish",
        "Finish",
        with_notes(services.finish),
        when("finish", _MINE),
        FinishForm,
        needs=("given", "failed", "numbers", "identified", "expects"),
    ),
    Act("identity-email/offer", "Identity email", with_notes(services.offer_identity_email), _may_identify, NotedForm),
    Act("identity-email/send", "Send", with_notes(services.send_identity_email), _may_identify, IdentityForm),
    Act("identity-email/content", "Have it", with_notes(services.confirm_identity_email), _may_identify, NotedForm),
    Act("identity-email/fallback", "Instead", with_notes(services.agree_instead), _may_identify, InsteadForm),
    Act("welsh", "Caller wants Welsh", with_notes(services.arrange_welsh), when("arrange_welsh", _MINE), WelshForm),
    Act("keep-notes", "Keep notes", services.keep_notes, when("finish", _MINE), NotedForm),
    Act("end-call", "End call", with_notes(services.end_call), when("lose", _MINE), NotedForm),
    Act("lost", "Call lost", with_notes(services.lose_call), when("lose", _MINE), NotedForm),
    Act("resume", "Take it up again", services.resume_call, _may_resume, OnceForm),
    Act(
        "hand-over",
        "Hand over",
        with_notes(_hand_over),
        when("finish", permissions.may_hand_over),
        HandOverForm,
        needs=("colleagues",),
    ),
]


def attaching(actor: Actor, contact: Contact | None) -> OnceForm | None:
    """Return the form by which the actor's open contact is attached to a request; None where there is nothing to do."""
    if (
        contact is None
        or not ATTACH.offered(actor, contact)
        or not permissions.may_create_request(actor, on_callback=contact.is_on_callback)
    ):
        return None
    return ATTACH.form_for()


BY_NAME = {act.name: act for act in ACTS}
