"""What can be done on an incident's page besides writing to somebody: each act has a short form and one service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django_fsm import can_proceed

from contacthub.actor import Actor
from contacthub.people.models import StaffMember
from jobmatch_helpdesk import permissions, services
from jobmatch_helpdesk.forms import AgentForm, EscalationForm, OnceForm, PriorityForm, ReasonForm, TextForm
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import STAFF_SOURCES, ReplyTo

Offered = Callable[[Actor, Incident], bool]


@dataclass(frozen=True)
class Desk:
    """Who is at the page, when, and the agents whom they can give an incident to."""

    by: Actor
    at: datetime
    agents: list[StaffMember]


Given = Callable[[Desk, Incident], dict[str, Any]]


@dataclass(frozen=True)
class Act:
    """A move that a person makes; `offered` says to whom and when, the service decides. Its form is made from what is
    `given` to it.
    """

    name: str
    label: str
    service: Callable[..., Incident]
    offered: Offered
    form: type[OnceForm] = ReasonForm
    given: Given = lambda desk, incident: {}

    def form_for(self, incident: Incident, data: Any = None, *, desk: Desk) -> OnceForm:
        """Return the form of this act, filled from what was sent."""
        return self.form(data, auto_id=f"id_{self.name}_%s", **self.given(desk, incident))

    def run(self, incident: Incident, given: dict[str, Any], *, by: Actor, at: datetime) -> str:
        """Call the service and return the reference, for `once`."""
        words = {name: value for name, value in given.items() if name != "key"}
        return self.service(incident_id=incident.pk, **words, by=by, at=at).reference


def _mine(actor: Actor, incident: Incident) -> bool:
    return permissions.may_work_on_incidents(actor) and permissions.is_with(actor, incident)


def _leads(actor: Actor, incident: Incident) -> bool:
    return permissions.may_lead(actor)


def _works(actor: Actor, incident: Incident) -> bool:
    return permissions.may_work_on_incidents(actor)


def _when(move: str, who: Offered) -> Offered:
    """Offer it where the incident is in a state that the move may start from."""
    return lambda actor, incident: can_proceed(getattr(incident, move), check_conditions=False) and who(actor, incident)


def _in_somebodys_hands(actor: Actor, incident: Incident) -> bool:
    return incident.state in ("assigned", "awaiting_information") and _leads(actor, incident)


def _no_reply_route(actor: Actor, incident: Incident) -> bool:
    has_none = incident.route.reply_to == ReplyTo.NOBODY and not incident.needs_call
    return has_none and _when("record_no_reply_route", _mine)(actor, incident)


def _may_be_escalated(actor: Actor, incident: Incident) -> bool:
    is_new = incident.source in STAFF_SOURCES and not incident.is_escalated and incident.state != "closed"
    return is_new and permissions.may_escalate(actor, incident)


def _agents(desk: Desk, incident: Incident) -> dict[str, Any]:
    return {"agents": desk.agents}


def _caller(desk: Desk, incident: Incident) -> dict[str, Any]:
    return {"by_telephone": permissions.may_work_on_incidents(desk.by), "at": desk.at}


ACTS = [
    Act("escalate", "Escalate for health and safety", services.escalate, _may_be_escalated, EscalationForm, _caller),
    Act("take", "Take this one", services.take, _when("take", _works)),
    Act("assign", "Assign it", services.assign, _when("assign", _leads), AgentForm, _agents),
    Act("answer", "Answer", services.answer, _when("answer", permissions.is_raiser), TextForm),
    Act("record-answer", "Record an answer", services.record_answer, _when("answer", _mine), TextForm),
    Act("carry-on", "Go on without an answer", services.carry_on, _when("carry_on", _mine), OnceForm),
    Act("put-back", "Put back", services.put_back, _when("put_back", _mine)),
    Act("resolve", "Resolve without a reply", services.resolve_without_reply, _when("resolve_without_reply", _mine)),
    Act("record-no-reply-route", "Record that there is no reply route", services.record_no_reply_route, _no_reply_route,
        OnceForm),
    Act("reassign", "Give it to somebody else", services.reassign, _in_somebodys_hands, AgentForm, _agents),
    Act("change-priority", "Change the priority", services.change_priority,
        lambda actor, incident: incident.state != "closed" and _leads(actor, incident), PriorityForm),
    Act("close", "Close", services.close, _when("close", _leads), OnceForm),
    Act("reopen", "Reopen", services.reopen, _when("reopen", permissions.may_reopen)),
]  # fmt: skip
BY_NAME = {act.name: act for act in ACTS}


def offered_to(actor: Actor, incident: Incident) -> list[Act]:
    return [act for act in ACTS if act.offered(actor, incident)]
