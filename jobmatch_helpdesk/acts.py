"""What can be done on an incident's page besides writing to somebody."""

from __future__ import annotations

from contacthub.actor import Actor
from contacthub.submissions.acts import Act, when
from contacthub.submissions.forms import OnceForm
from jobmatch_helpdesk import permissions, services
from jobmatch_helpdesk.forms import AgentForm, DeadAddressForm, EscalationForm, PriorityForm, TextForm
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import STAFF_SOURCES, ReplyTo


def _mine(actor: Actor, incident: Incident) -> bool:
    return permissions.may_work_on_incidents(actor) and permissions.is_with(actor, incident)


def _leads(actor: Actor, incident: Incident) -> bool:
    return permissions.may_lead(actor)


def _works(actor: Actor, incident: Incident) -> bool:
    return permissions.may_work_on_incidents(actor)


def _in_somebodys_hands(actor: Actor, incident: Incident) -> bool:
    return incident.state in ("assigned", "awaiting_information") and _leads(actor, incident)


def _no_reply_route(actor: Actor, incident: Incident) -> bool:
    has_none = incident.route.reply_to == ReplyTo.NOBODY and not incident.needs_call
    return has_none and when("record_no_reply_route", _mine)(actor, incident)


def _may_be_escalated(actor: Actor, incident: Incident) -> bool:
    is_new = incident.source in STAFF_SOURCES and not incident.is_escalated and incident.state != "closed"
    return is_new and permissions.may_escalate(actor, incident)


def _replied_by_mail(actor: Actor, incident: Incident) -> bool:
    return (_mine(actor, incident) or _leads(actor, incident)) and bool(services.addresses_of_reply(incident))


ACTS = [
    Act("escalate", "Escalate for health and safety", services.escalate, _may_be_escalated, EscalationForm,
        needs=("by_telephone", "at")),
    Act("take", "Take this one", services.take, when("take", _works)),
    Act("assign", "Assign it", services.assign, when("assign", _leads), AgentForm, needs=("agents",)),
    Act("answer", "Answer", services.answer, when("answer", permissions.is_raiser), TextForm),
    Act("record-answer", "Record an answer", services.record_answer, when("answer", _mine), TextForm),
    Act("carry-on", "Go on without an answer", services.carry_on, when("carry_on", _mine), OnceForm),
    Act("put-back", "Put back", services.put_back, when("put_back", _mine)),
    Act("resolve", "Resolve without a reply", services.resolve_without_reply, when("resolve_without_reply", _mine)),
    Act("record-no-reply-route", "Record that there is no reply route", services.record_no_reply_route, _no_reply_route,
        OnceForm),
    Act("reassign", "Give it to somebody else", services.reassign, _in_somebodys_hands, AgentForm, needs=("agents",)),
    Act("change-priority", "Change the priority", services.change_priority,
        lambda actor, incident: incident.state != "closed" and _leads(actor, incident), PriorityForm),
    Act("mark-address-dead", "Mark an address as dead", services.mark_address_dead, _replied_by_mail, DeadAddressForm,
        needs=("addresses",)),
    Act("close", "Close", services.close, when("close", _leads), OnceForm),
    Act("reopen", "Reopen", services.reopen, when("reopen", permissions.may_reopen)),
]  # fmt: skip
BY_NAME = {act.name: act for act in ACTS}
