"""Incidents for machines: each endpoint calls the service that the page calls, and is named like it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from contacthub.api.base import Answer, Door, etag_of
from contacthub.api.schema import described
from contacthub.api.serializers import Reason
from contacthub.api.verbs import Verb, answer_with, verb_urls
from contacthub.clock import now
from jobmatch_helpdesk import scopes, services
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.serializers import (
    AgentBody,
    AnswerBody,
    CallBody,
    IncidentShape,
    PriorityBody,
    QuestionBody,
    RaiseBody,
    ReplyBody,
    Routed,
)

TAG = "Incidents"
RECORD = "incidents/<reference:reference>/"
RAISED = {
    "source": "online_employer",
    "account_from_erm": True,
    "customer_name": "Morfa Bakery",
    "telephone": "01632 960983",
    "topic": "posting",
    "description": "The vacancy that I posted on Monday does not show",
}
TEXT = {"text": "Save the CV as a PDF, then upload it again"}
REASON = {"reason": "The customer rang again"}
AGENT = {"agent": "900102", "reason": "Bilal speaks Urdu"}

VERBS = [
    Verb(services.take, "Take this one; another than the top one needs a reason", scopes.WORK, Reason, REASON),
    Verb(services.assign, "Give to an agent what nobody has", scopes.LEAD, AgentBody, AGENT, AgentBody.given),
    Verb(services.reassign, "Give to somebody else what an agent has", scopes.LEAD, AgentBody, AGENT, AgentBody.given,
         needs_version=True),
    Verb(services.change_priority, "Set the band by hand", scopes.LEAD, PriorityBody, {"band": 2, **REASON},
         PriorityBody.given, needs_version=True),
    Verb(services.put_back, "Put back, with a reason", scopes.WORK, Reason, REASON),
    Verb(services.reply, "Send the reply where the row says, and ask for a call where it says so", scopes.WORK,
         ReplyBody, TEXT),
    Verb(services.ask, "Ask for information by email", scopes.WORK, QuestionBody, {"text": "Which browser is it?"}),
    Verb(services.ask_for_call, "Ask for a call without a mail", scopes.WORK, CallBody, TEXT),
    Verb(services.answer, "Answer what the Helpdesk asked whoever raised it", scopes.RAISE, AnswerBody,
         {"text": "It is Firefox"}),
    Verb(services.record_answer, "Record an answer that came another way", scopes.WORK, AnswerBody,
         {"text": "By telephone: it is Firefox"}),
    Verb(services.carry_on, "Go on without the answer", scopes.WORK),
    Verb(services.resolve_without_reply, "Resolve without a reply", scopes.WORK, Reason, REASON),
    Verb(services.record_no_reply_route, "Record that there is no reply route", scopes.WORK),
    Verb(services.close, "Close by hand what is resolved", scopes.LEAD),
    Verb(services.reopen, "Reopen, within 20 working days after it was closed", scopes.RAISE, Reason, REASON),
]  # fmt: skip


class Incidents(Door):
    scope: ClassVar[str] = scopes.RAISE

    @described("incident_submit", "Raise an incident\nAnswers how it is routed, and why.", tag=TAG, body=RaiseBody,
               answer=Routed, status=201, sent=RAISED)  # fmt: skip
    def post(self, request: Request) -> Response:
        intake = RaiseBody.intake(self.sent(RaiseBody))

        def do() -> Answer:
            incident = services.submit_for(intake, by=self.actor, at=now())
            answer = answer_with(incident, Routed, status=201)
            answer.headers["Location"] = f"{request.path}{incident.reference}/"
            return answer

        return self.once(do)


class OneIncident(Door):
    scope: ClassVar[str] = scopes.READ
    has_etag = True

    @described("incident_read", "Read an incident", tag=TAG, answer=IncidentShape)
    def get(self, request: Request, reference: str) -> Response:
        found = Incident.objects.select_related("assigned_to", "site").with_reference(reference, seen_by=self.actor)
        headers = {"ETag": etag_of(found)}
        if self.is_known(found):
            return Response(status=304, headers=headers)
        return Response(IncidentShape(found).data, headers=headers)


class NextIncident(Door):
    scope: ClassVar[str] = scopes.WORK

    @described("incident_take_next", "Take the next incident\nAnswers 204 where none waits.", tag=TAG, answer=Routed)
    def post(self, request: Request) -> Response:
        def do() -> Answer | None:
            taken = services.take_next(by=self.actor, at=now())
            return answer_with(taken, Routed) if taken else None

        return self.once(do)


urlpatterns: list[Any] = [
    path("incidents/", Incidents.as_view(), name="incidents"),
    path("incidents/take_next/", NextIncident.as_view(), name="incident-take_next"),
    path(RECORD, OneIncident.as_view(), name="incident"),
    *verb_urls(RECORD, Incident, VERBS, shape=Routed, tag=TAG),
]
