"""Incidents for machines: each endpoint calls the service that the page calls, and is named like it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from contacthub.actor import Actor
from contacthub.api.base import Answer, Door, etag_of
from contacthub.api.paging import cursor_of, page_of, told
from contacthub.api.reference import refers, refers_to
from contacthub.api.schema import described
from contacthub.api.serializers import Nothing, Reason
from contacthub.api.timelines import timeline_url
from contacthub.api.verbs import Verb, answer_anew, answer_with, verb_urls
from contacthub.clock import now
from contacthub.formats import uk_day
from jobmatch_helpdesk import permissions, scopes, services
from jobmatch_helpdesk.lifecycle import IncidentState
from jobmatch_helpdesk.listing import Lists, filtered
from jobmatch_helpdesk.models import Incident, Language, RiskKind, Topic
from jobmatch_helpdesk.routing import ROWS, Band, CallQueue, CustomerType, ReplyTo, Source
from jobmatch_helpdesk.serializers import (
    AgentBody,
    AnswerBody,
    CallBody,
    DeadAddressBody,
    EscalationBody,
    FactsBody,
    IncidentChange,
    IncidentPage,
    IncidentQuery,
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

for name, choices in {
    "incident_states": IncidentState,
    "sources": Source,
    "bands": Band,
    "customer_types": CustomerType,
    "topics": Topic,
    "languages": Language,
    "risk_kinds": RiskKind,
    "reply_to": ReplyTo,
    "callback_queues": CallQueue,
}.items():
    refers_to(name, choices)
refers("rows", lambda actor: [{"code": row.number, "label": row.because} for row in ROWS])
refers(
    "helpdesk_agents",
    lambda actor: [
        {"code": agent.staff_number, "label": agent.name}
        for agent in (permissions.agents(on=uk_day(now())) if permissions.may_lead(actor) else [])
    ],
)


def change_facts(*, incident_id: int, changes: dict[str, Any], by: Actor, at: datetime) -> Incident:
    """Change what is named, and leave the other facts as they are under the lock."""
    incident = Incident.objects.locked(by, pk=incident_id)
    reach = replace(services.reach_of(incident), **changes)
    return services.change_facts(incident_id=incident_id, reach=reach, by=by, at=at)


VERBS = [
    Verb(services.escalate, "Escalate for health and safety", scopes.RAISE, EscalationBody,
         {"reason": "The customer threatened a colleague"}),
    Verb(change_facts, "Change the facts that decide the route\nWhat is not sent stays as it is.", scopes.WORK,
         FactsBody,
         {"customer_email": "gwen@example.org", "no_email": False}, FactsBody.given, needs_version=True),
    Verb(services.mark_address_dead, "Mark an address as dead that the reply went to", scopes.WORK, DeadAddressBody,
         {"address": "gwen@example.org", "reason": "Her new address answered"}),
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
    reads, writes, query = scopes.READ, scopes.RAISE, IncidentQuery

    @described("incident_list", "List incidents\nA list of the pages, or what changed since a moment.", tag=TAG,
               query=IncidentQuery, answer=IncidentPage)  # fmt: skip
    def get(self, request: Request) -> Response:
        if "updated_since" in self.asked:
            return Response(self._changed())
        lists = Lists(self.actor, IncidentQuery.asked(self.asked), now())
        self.require_offered("view", lists.views)
        self.require_offered("order", lists.orders)
        order = lists.orders[lists.order]
        cursor = cursor_of(self.asked, lists.order)
        page = page_of(Incident.objects.all(), cursor, order, self.asked["page_size"], read=lists.page)
        rows = IncidentChange(page.rows, many=True).data
        return Response(told(request, page, cursor, rows, ask_from_next=None))

    def _changed(self) -> dict[str, Any]:
        """Return what the key may see and that changed since, as far as the filters keep it."""
        for name in ("view", "order"):
            self.require_absent(name, beside="updated_since")
        filters = IncidentQuery.asked(self.asked).filters
        rows = filtered(Incident.objects.visible_to(self.actor), filters, self.actor, now())
        return self.changes(rows.prefetch_related("assigned_to", "site"), IncidentChange)

    @described("incident_submit", "Raise an incident\nAnswers how it is routed, and why.", tag=TAG, body=RaiseBody,
               answer=Routed, status=201, sent=RAISED)  # fmt: skip
    def post(self, request: Request) -> Response:
        def do() -> Answer:
            incident = services.submit_for(RaiseBody.intake(self.sent(RaiseBody)), by=self.actor, at=now())
            answer = answer_with(incident, Routed, by=self.actor, status=201)
            answer.headers["Location"] = f"{request.path}{incident.reference}/"
            return answer

        return self.once(do)


class OneIncident(Door):
    reads: ClassVar[str] = scopes.READ
    has_etag = True

    @described("incident_read", "Read an incident", tag=TAG, answer=IncidentShape)
    def get(self, request: Request, reference: str) -> Response:
        found = Incident.objects.select_related("assigned_to", "site").with_reference(reference, seen_by=self.actor)
        headers = {"ETag": etag_of(found)}
        if self.is_known(found):
            return Response(status=304, headers=headers)
        return Response(IncidentShape(found).data, headers=headers)


class NextIncident(Door):
    writes: ClassVar[str] = scopes.WORK

    @described("incident_take_next", "Take the next incident\nAnswers 204 where none waits.", tag=TAG, answer=Routed,
               or_nothing=True)  # fmt: skip
    def post(self, request: Request) -> Response:
        def do() -> Answer | None:
            self.sent(Nothing)
            taken = services.take_next(by=self.actor, at=now())
            return answer_anew(taken, Routed, by=self.actor) if taken else None

        return self.once(do)


urlpatterns: list[Any] = [
    path("incidents/", Incidents.as_view(), name="incidents"),
    path("incidents/take_next/", NextIncident.as_view(), name="incident-take_next"),
    path(RECORD, OneIncident.as_view(), name="incident"),
    timeline_url(
        RECORD, Incident, reads=scopes.READ, tag=TAG, words_of=lambda by, found: permissions.words_readable_by(by)
    ),
    *verb_urls(RECORD, Incident, VERBS, shape=Routed, tag=TAG),
]
