"""What becomes of an incident when its callback ends, or somebody rang. The record is locked; nothing is refused."""

from __future__ import annotations

from datetime import datetime

from django_fsm import can_proceed

from contacthub.actor import Actor
from contacthub.callbacks.lifecycle import CallbackState
from contacthub.callbacks.models import Attempt, Callback
from contacthub.callbacks.outcomes import Outcome
from contacthub.cases.services import move, record_event
from contacthub.deadlines.services import meet, set_deadline
from contacthub.mail.services import tell
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.services.shared import (
    CLOSE_AFTER,
    ESCALATION,
    agent_still_here,
    start_first_reply,
    tell_raiser,
)


def call_ended(incident: Incident, callback: Callback, *, by: Actor, at: datetime) -> None:
    """Resolve what was told by telephone or could not be; give back what was cancelled to the agent who replied."""
    if not can_proceed(incident.resolve_by_call, check_conditions=False):
        return
    if callback.state == CallbackState.CANCELLED:
        _take_back(incident, callback, by=by, at=at)
        return
    was_told = callback.state == CallbackState.COMPLETED
    ending = incident.resolve_by_call if was_told else incident.resolve_unreached
    move(ending, by=by, at=at, words=callback.result)
    set_deadline(case=incident.case, kind="close", target=CLOSE_AFTER, at=at)
    how = "the customer was told by telephone" if was_told else "the customer could not be reached by telephone"
    tell_raiser(incident, f"{incident.reference}: {how}", by=by, at=at)


def _take_back(incident: Incident, callback: Callback, *, by: Actor, at: datetime) -> None:
    words = f"{callback.reference}: {callback.result}"
    agent = agent_still_here(incident, at=at)
    move(incident.take_back_call if agent else incident.put_back_call, by=by, at=at, words=words)
    start_first_reply(incident, at=at)
    if agent:
        said = f"{incident.reference}: its call was cancelled. Resolve it, or ask for a new call. {callback.result}"
        tell(agent, words=said, case=incident.case, at=at)


def call_tried(incident: Incident, attempt: Attempt, *, by: Actor, at: datetime) -> None:
    """Keep on the timeline that somebody rang; it meets the clock of an escalation, unless it comes too late."""
    if not attempt.too_late:
        meet(case=incident.case, kind=ESCALATION, at=at)
    words = f"{attempt.callback.reference}: {Outcome(attempt.outcome).label}"
    record_event(incident, "call_tried", by=by, at=at, words=words)
