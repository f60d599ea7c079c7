from __future__ import annotations

from datetime import datetime

from django.db import transaction

from contacthub.actor import Actor
from contacthub.cases.queries import NextInLine
from contacthub.cases.services import move, record_event, require_still_open
from contacthub.deadlines.services import meet, restart
from contacthub.errors import RuleBroken, require_words
from contacthub.formats import uk_day
from contacthub.mail.services import tell
from contacthub.people.models import StaffMember
from jobmatch_helpdesk import permissions
from jobmatch_helpdesk.lifecycle import FIRST_REPLY_DUE
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import FIRST_REPLY, Band
from jobmatch_helpdesk.services.shared import ESCALATION, require_not_closed, require_still_with

# Of a whole incident, what taking it reads and writes.
TOP = NextInLine(
    Incident.objects.unassigned().in_queue_order().only("state", "band", "escalated_at", "assigned_to", "version")
)


@transaction.atomic
def take_next(*, by: Actor, at: datetime) -> Incident | None:
    """Assign the top incident to the agent who asks: by band, oldest first (UJ-04, UJ-05); None where none waits.

    Two agents who ask at once get two incidents.
    """
    permissions.require_can_work_on_incidents(by)
    incident = TOP.lock()
    if incident is None:
        return None
    move(incident.take, by=by, at=at, words=why_next(incident), agent_id=by.staff_id)
    if incident.is_escalated:
        meet(case=incident.case, kind=ESCALATION, at=at)
    return incident


def why_next(incident: Incident) -> str:
    return f"Next in order: oldest in band {Band(incident.band).label}"


@transaction.atomic
def take(*, incident_id: int, reason: str = "", by: Actor, at: datetime) -> Incident:
    """Take one incident; another than the top one needs a reason. Raises NotThere, MovedOn, Refused or RuleBroken."""
    incident = Incident.objects.locked(by, pk=incident_id)
    require_still_open(incident.take)
    permissions.require_can_work_on_incidents(by)
    is_top = Incident.objects.unassigned().in_queue_order().values_list("pk", flat=True).first() == incident.pk
    if not is_top:
        require_words(reason, "Enter why you take this one out of turn", field="reason")
    move(incident.take, by=by, at=at, words=why_next(incident) if is_top else reason, agent_id=by.staff_id)
    meet(case=incident.case, kind=ESCALATION, at=at)
    return incident


@transaction.atomic
def put_back(*, incident_id: int, reason: str, by: Actor, at: datetime) -> Incident:
    """Give an incident back to the queue, with a reason. Its first-reply clock goes on."""
    incident = Incident.objects.locked(by, pk=incident_id)
    require_still_open(incident.put_back)
    permissions.require_can_work_on_incidents(by)
    require_still_with(by, incident)
    require_words(reason, "Enter why you put this back", field="reason")
    move(incident.put_back, by=by, at=at, words=reason)
    return incident


@transaction.atomic
def assign(*, incident_id: int, agent_id: int, reason: str = "", by: Actor, at: datetime) -> Incident:
    """Give an incident that nobody has to an agent; a Helpdesk lead does."""
    incident = Incident.objects.locked(by, pk=incident_id)
    require_still_open(incident.assign)
    permissions.require_can_lead(by)
    agent = _agent(agent_id, at=at)
    move(incident.assign, by=by, at=at, words=f"To {agent.name}. {reason}".strip(), agent_id=agent.pk)
    tell(agent, words=f"{incident.reference} is yours now", case=incident.case, at=at)
    return incident


@transaction.atomic
def reassign(*, incident_id: int, agent_id: int, reason: str, by: Actor, at: datetime) -> Incident:
    """Give an incident that somebody has to another agent, with a reason; both are told. A Helpdesk lead does."""
    incident = Incident.objects.locked(by, pk=incident_id)
    require_somebody_has(incident)
    permissions.require_can_lead(by)
    agent = _agent(agent_id, at=at)
    require_words(reason, "Enter why you give this to somebody else", field="reason")
    before = incident.assigned_to
    if before == agent:
        raise RuleBroken(f"{agent.name} has this already. Select somebody else", code="same_agent", field="agent")
    incident.assigned_to = agent
    incident.save()
    record_event(incident, "reassigned", by=by, at=at, words=f"From {before} to {agent}: {reason}")
    for person in (before, agent):
        if person:
            tell(person, words=f"{incident.reference} is with {agent.name} now: {reason}", case=incident.case, at=at)
    return incident


@transaction.atomic
def change_priority(*, incident_id: int, band: Band, reason: str, by: Actor, at: datetime) -> Incident:
    """Set the band by hand, with a reason; it holds until the incident is routed again. A Helpdesk lead does.

    The first-reply clock starts anew now, by the target of the new band: counted from the birth of the incident, what
    becomes more urgent would be overdue at once. That the old target was missed stays in the deadlines' history.
    """
    incident = Incident.objects.locked(by, pk=incident_id)
    require_not_closed(incident)
    permissions.require_can_lead(by)
    require_words(reason, "Enter why the priority changes", field="reason")
    before = Band(incident.band)
    if before == band:
        raise RuleBroken(f"This is in band {band.label} already. Select another", code="same_band", field="band")
    incident.band = band
    incident.save()
    record_event(incident, "priority_changed", by=by, at=at, words=f"From {before.label} to {band.label}: {reason}")
    if incident.state in FIRST_REPLY_DUE:
        restart(case=incident.case, kind="first_reply", target=FIRST_REPLY[band], at=at)
    return incident


def require_somebody_has(incident: Incident) -> None:
    """Raise MovedOn where the incident is in nobody's hands."""
    from_hands = incident.ask if incident.state == "assigned" else incident.answer
    require_still_open(from_hands)


def _agent(agent_id: int, *, at: datetime) -> StaffMember:
    """Return a person who works on incidents today. Raises RuleBroken for anybody else."""
    agent = permissions.agents(on=uk_day(at)).filter(pk=agent_id).first()
    if agent is None:
        raise RuleBroken("Select a Helpdesk agent", code="not_an_agent", field="agent")
    return agent
