"""Service requests for machines, with their activities: each endpoint is named like the service that it calls."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from contacthub.actor import Actor
from contacthub.api.base import Door
from contacthub.api.reference import refers, refers_to
from contacthub.api.schema import described
from contacthub.api.serializers import Reason
from contacthub.api.timelines import timeline_url
from contacthub.api.verbs import Verb, verb_urls
from employer_contact import permissions, scopes, services
from employer_contact.api import doing
from employer_contact.api.lists import answer_page, answer_record, the
from employer_contact.api.pointers import fields_called, without_id
from employer_contact.lifecycle import RequestState
from employer_contact.models import AttachedContact, ServiceRequest, ServiceRequestKind
from employer_contact.plans import Doing, Status
from employer_contact.request_listing import NEWEST
from employer_contact.serializers.activities import StepBody, StepReasonBody
from employer_contact.serializers.requests import (
    AskForCallbackBody,
    CompleteBody,
    FurtherBody,
    LinkBody,
    ReassignBody,
    RequestPage,
    RequestQuery,
    RequestShape,
    TellBody,
    WaitBody,
)
from employer_contact.terms import How

TAG = "Service requests"
RECORD = "service-requests/<reference:reference>/"
WORK, RAISE = scopes.REQUESTS_WORK, scopes.REQUESTS_RAISE
WHY = {"reason": "They rang again"}
STEP = {"number": 1}

refers_to("service_request_states", RequestState)
refers_to("activity_doings", Doing)
refers_to("activity_statuses", Status)
refers_to("confirmations", How)
refers(
    "service_request_kinds",
    lambda actor: [{"code": kind.code, "label": str(kind)} for kind in ServiceRequestKind.objects.all()],
)


def reassign(*, service_request_id: int, to: int, reason: str, by: Actor, at: datetime) -> ServiceRequest:
    with fields_called(without_id):
        return services.reassign(service_request_id=service_request_id, to_id=to, reason=reason, by=by, at=at)


VERBS = [
    Verb(services.raise_further, "Raise a further request out of this one", RAISE, FurtherBody,
         {"kind": "LINK_AGENT"}, FurtherBody.given),
    Verb(services.start_step, "Start an activity", WORK, StepBody, STEP),
    Verb(services.complete_step, "Complete an activity, with what it records\nOne that names a change is completed "
         "only where that change was made under this request; the last one closes it.", WORK, CompleteBody,
         STEP | {"words": "The caller is on the payroll team"}),
    Verb(services.mark_not_needed, "Say why an activity is not needed", WORK, StepReasonBody, STEP | WHY),
    Verb(services.reopen_step, "Open an activity again", WORK, StepReasonBody, STEP | WHY),
    Verb(services.link_agent_step, "Link the agent, and complete the activity", WORK, LinkBody,
         {"number": 2, "earn": "EA9000014", "starts_on": "2026-12-01"}),
    Verb(services.tell_party_step, "Confirm what was done, and complete the activity", WORK, TellBody,
         {"number": 3, "how": "email"}),
    Verb(services.ask_for_callback, "Have the party called back by the team, with what to say", WORK,
         AskForCallbackBody, {"telephone": "01632 960120", "words": "The statement is on its way"}),
    Verb(services.wait_until, "Let it wait on somebody until a moment", WORK, WaitBody,
         {"waits_for": "The employer’s letter", "until": "2026-12-01T09:00:00Z"}),
    Verb(services.answer, "Go on, since the answer came", WORK, Reason, {"reason": "The letter came"}),
    Verb(reassign, "Give to a colleague", WORK, ReassignBody, {"to": "900402", **WHY}),
    Verb(services.cancel, "Cancel, with a reason", WORK, Reason, WHY),
    Verb(services.reopen, "Reopen, within 20 working days after it was completed", WORK, Reason, WHY),
]  # fmt: skip


def requests(actor: Actor) -> Any:
    """Return the service requests that this actor may see, with what a machine reads of them."""
    rows = ServiceRequest.objects.whole().visible_to(actor)
    attached = AttachedContact.objects.select_related("reason__contact__case")
    return rows.prefetch_related(
        "paying_parents", Prefetch("attached", attached), "activities__by", "activities__raised__case"
    )


class Requests(Door):
    reads, query = scopes.REQUESTS_READ, RequestQuery

    @described("service_request_list", "List service requests\nThe newest first, or what changed since a moment.",
               tag=TAG, query=RequestQuery, answer=RequestPage)  # fmt: skip
    def get(self, request: Request) -> Response:
        columns = {
            "state": "state",
            "kind": "kind__code",
            "contact": "contact__case__reference",
            "employer": "employer__ern",
            "agent": "agent__earn",
        }
        given = {columns[name]: self.asked[name] for name in columns if name in self.asked}
        return answer_page(self, request, requests(self.actor).filter(**given), RequestShape, order=NEWEST)


class OneRequest(Door):
    reads, has_etag = scopes.REQUESTS_READ, True

    @described("service_request_read", "Read a service request with its activities", tag=TAG, answer=RequestShape)
    def get(self, request: Request, reference: str) -> Response:
        return answer_record(self, the(requests(self.actor).filter(case__reference=reference)), RequestShape)


urlpatterns: list[Any] = [
    path("service-requests/", Requests.as_view(), name="service-requests"),
    path(RECORD, OneRequest.as_view(), name="service-request"),
    timeline_url(
        RECORD,
        ServiceRequest,
        reads=scopes.REQUESTS_READ,
        tag=TAG,
        words_of=lambda by, found: permissions.REQUEST_WORDS,
    ),
    *verb_urls(RECORD, ServiceRequest, [*VERBS, *doing.VERBS], shape=RequestShape, tag=TAG),
]
