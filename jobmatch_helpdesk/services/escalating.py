from __future__ import annotations

from datetime import datetime

from django.db import transaction

from contacthub.actor import Actor
from contacthub.callbacks.services import hurry
from contacthub.cases.services import events_for, move, record_event
from contacthub.deadlines.models import Deadline
from contacthub.deadlines.services import drop, restart, resume, set_deadline
from contacthub.deadlines.working_time import Target
from contacthub.errors import MovedOn, RuleBroken, require_words
from contacthub.formats import day_and_time, uk_day
from contacthub.mail.services import tell
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from jobmatch_helpdesk import permissions
from jobmatch_helpdesk.lifecycle import IncidentState
from jobmatch_helpdesk.models import Incident, RiskKind
from jobmatch_helpdesk.routing import FIRST_REPLY, STAFF_SOURCES, Band
from jobmatch_helpdesk.services.shared import (
    ESCALATION,
    agent_still_here,
    require_not_closed,
    start_first_reply,
)

ACT_WITHIN = Target(hours=1)
ESCALATED = ["escalated", "escalate_to_agent", "escalate_to_queue"]


@transaction.atomic
def escalate(
    *,
    incident_id: int,
    reason: str,
    risk_kind: str = "",
    who_rang: str = "",
    rang_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> Incident:
    """Put an incident before all others, because a member of staff is at risk (UJ-25, UJ-26).

    The Helpdesk records who rang, and when (`rang_at`, UTC) where that was not just now. What was answered comes back
    to the queue, an open callback is due within the hour, the leads hear at once, and a clock of its own runs until
    somebody acts. Raises NotThere, MovedOn, Refused or RuleBroken.
    """
    incident = Incident.objects.locked(by, pk=incident_id)
    require_not_closed(incident)
    _require_first(incident)
    permissions.require_can_escalate(by, incident)
    _require_said(incident, reason, who_rang, rang_at, by=by, at=at)
    how = by_telephone(who_rang, rang_at or at) if who_rang else "On the incident’s page"
    words = on_record(how, risk_kind, reason)
    before, band = IncidentState(incident.state), incident.band
    incident.escalated_at, incident.risk_kind, incident.band = at, risk_kind, Band.IMMEDIATE
    _bring_back(incident, words, by=by, at=at)
    _hurry(incident, before, is_new_band=band != Band.IMMEDIATE, by=by, at=at)
    raise_alarm(incident, at=at)
    if incident.assigned_to and incident.assigned_to_id != by.staff_id:
        tell(incident.assigned_to, words=_alarm(incident), case=incident.case, at=at)
    return incident


def raise_alarm(incident: Incident, *, at: datetime) -> None:
    """Tell the leads of the day, on their pages and by mail, and start the clock until somebody acts."""
    set_deadline(case=incident.case, kind=ESCALATION, target=ACT_WITHIN, at=at)
    for lead in StaffMember.objects.with_role(Role.HELPDESK_LEAD, on=uk_day(at)):
        tell(lead, words=_alarm(incident), case=incident.case, at=at, by_mail=True)


def act_by(incident: Incident) -> datetime | None:
    """Return by when somebody must act on an escalation, for the pages; None where somebody has."""
    clock = Deadline.objects.open().filter(case=incident.case, kind=ESCALATION)
    return clock.values_list("due_at", flat=True).first()


def by_telephone(who_rang: str, rang_at: datetime) -> str:
    return f"By telephone: {who_rang}, {day_and_time(rang_at)}"


def on_record(how: str, risk_kind: str, reason: str) -> str:
    """Say by what channel an escalation came, what kind of risk it is, where that was said, and why (UJ-26)."""
    kind = [RiskKind(risk_kind).label] if risk_kind else []
    return ". ".join([how, *kind, reason])


def _alarm(incident: Incident) -> str:
    return f"{incident.reference} is escalated for health and safety"


def _require_first(incident: Incident) -> None:
    """Raise MovedOn where it is escalated already: whoever did is named."""
    if incident.is_escalated:
        event = events_for(incident.case).filter(kind__in=ESCALATED)[0]
        raise MovedOn(f"Escalated already by {event.actor or 'ContactHub'}", at=event.at)


def _require_said(
    incident: Incident, reason: str, who_rang: str, rang_at: datetime | None, *, by: Actor, at: datetime
) -> None:
    if incident.source not in STAFF_SOURCES:
        raise RuleBroken(
            "Only what a member of staff raised can be escalated. Change its source first if one did",
            code="not_of_staff",
        )
    if permissions.may_work_on_incidents(by):
        require_words(who_rang, "Enter who rang", field="who_rang")
    elif who_rang or rang_at:
        field = "who_rang" if who_rang else "rang_at"
        words = "Leave out who rang and when: only the Helpdesk records it"
        raise RuleBroken(words, code="rang_the_helpdesk", field=field)
    if rang_at and rang_at > at:
        raise RuleBroken("The time they rang must be in the past", code="rang_in_future", field="rang_at")
    require_words(reason, "Enter why there is a risk to health and safety", field="reason")


def _bring_back(incident: Incident, words: str, *, by: Actor, at: datetime) -> None:
    """Save it: where it is, or back with its agent who waits for an answer, or in the queue."""
    if incident.state in (IncidentState.RECEIVED, IncidentState.ASSIGNED, IncidentState.CALLBACK_PENDING):
        incident.save()
        record_event(incident, "escalated", by=by, at=at, words=words)
    elif incident.state == IncidentState.AWAITING_INFORMATION and agent_still_here(incident, at=at):
        move(incident.escalate_to_agent, by=by, at=at, words=words)
    else:
        move(incident.escalate_to_queue, by=by, at=at, words=words)


def _hurry(incident: Incident, before: IncidentState, *, is_new_band: bool, by: Actor, at: datetime) -> None:
    """Set the clocks of the first reply, or of the open call, to the target of the first band."""
    case = incident.case
    if before == IncidentState.CALLBACK_PENDING:
        hurry(about=case, by=by, at=at)
    elif before in (IncidentState.RESOLVED, IncidentState.NO_REPLY_ROUTE):
        drop(case=case, kind="close", at=at)
        start_first_reply(incident, at=at)
    else:
        if is_new_band:
            restart(case=case, kind="first_reply", target=FIRST_REPLY[Band.IMMEDIATE], at=at)
        if before == IncidentState.AWAITING_INFORMATION:
            resume(case=case, kind="first_reply", at=at)
            drop(case=case, kind="no_answer", at=at)
