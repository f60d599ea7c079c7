"""A change of facts on an open incident: it is routed again, and its open call goes along."""

from __future__ import annotations

from copy import copy
from datetime import datetime

from django.db import transaction

from contacthub.actor import Actor
from contacthub.callbacks.services import cancel_for, change_call, open_callback_of
from contacthub.cases.services import move, record_event
from contacthub.deadlines.services import drop, restart
from contacthub.errors import RuleBroken, require_unbroken
from contacthub.mail.models import MessageState
from jobmatch_helpdesk.intake import Reach, errors_in_change
from jobmatch_helpdesk.lifecycle import FIRST_REPLY_DUE, IncidentState
from jobmatch_helpdesk.models import Incident, Reply
from jobmatch_helpdesk.routing import FIRST_REPLY, STAFF_SOURCES, Band, ReplyTo
from jobmatch_helpdesk.services.answering import callback_queue_of, kind_of_call, send_again
from jobmatch_helpdesk.services.bouncing import last_mailed
from jobmatch_helpdesk.services.routing_again import as_intake, reach_of, route_again
from jobmatch_helpdesk.services.shared import (
    agent_still_here,
    destination_of,
    require_mine_or_lead,
    require_not_closed,
    set_up_for,
    start_first_reply,
)

CALL_NOT_NEEDED = "The incident was routed again, and needs no call"


@transaction.atomic
def change_facts(*, incident_id: int, reach: Reach, by: Actor, at: datetime) -> Incident:
    """Change where an incident comes from or how its customer is reached; both routes stay on the timeline.

    An open call takes number and language and goes to the new row's queue, or is cancelled where that has none; a
    reply that failed goes again to a corrected address; what had no reply route is assigned once there is one. The
    agent who has the incident does, or a lead. Raises NotThere, MovedOn, Refused or RuleBroken.
    """
    incident = Incident.objects.locked(by, pk=incident_id)
    require_can_change(incident, by=by)
    _require_sound(incident, reach)
    before, band = IncidentState(incident.state), incident.band
    words = route_again(incident, reach)
    record_event(incident, "facts_changed", by=by, at=at, words=words)
    if before == IncidentState.CALLBACK_PENDING:
        _change_call(incident, by=by, at=at)
    elif before == IncidentState.NO_REPLY_ROUTE and _can_be_answered(incident):
        move(incident.find_details if agent_still_here(incident, at=at) else incident.come_back, by=by, at=at)
        drop(case=incident.case, kind="close", at=at)
        start_first_reply(incident, at=at)
    else:
        incident.save()
        if before in FIRST_REPLY_DUE and incident.band != band:
            restart(case=incident.case, kind="first_reply", target=FIRST_REPLY[Band(incident.band)], at=at)
    return incident


def look_ahead(*, incident: Incident, reach: Reach, by: Actor) -> Incident:
    """Return the incident as a change would make it, unsaved, for the page that shows both routes; refused for the
    reasons for which `change_facts` is.
    """
    require_can_change(incident, by=by)
    _require_sound(incident, reach)
    return with_reach(incident, reach)


def with_reach(incident: Incident, reach: Reach) -> Incident:
    """Return the incident with these facts, unsaved and not held to any rule."""
    ahead = copy(incident)
    route_again(ahead, reach)
    return ahead


def require_can_change(incident: Incident, *, by: Actor) -> None:
    """Raise MovedOn or Refused for whoever may not change the facts of this incident now."""
    require_not_closed(incident)
    require_mine_or_lead(by, incident)


def what_follows(ahead: Incident) -> list[str]:
    """Say what a change does besides, to the call and the state, before anybody presses: `ahead` is of `look_ahead`."""
    if ahead.state == IncidentState.NO_REPLY_ROUTE and _can_be_answered(ahead):
        return ["It is to be answered again: there is somebody to reply to"]
    call = open_callback_of(ahead.case) if ahead.state == IncidentState.CALLBACK_PENDING else None
    if call is None:
        return []
    if not ahead.needs_call:
        return [f"{call.reference} is cancelled, and the incident is to be answered again"]
    queue = callback_queue_of(ahead)
    goes = [f"{call.reference} goes to {queue}, with its attempts"] if queue != call.queue else []
    again = [f"The reply goes again, to {destination_of(ahead).address}"] if to_send_again(ahead) else []
    return [*goes, *again]


def to_send_again(incident: Incident) -> Reply | None:
    """Return the reply that failed while its call is open, if there is now another address for it."""
    reply = last_mailed(incident) if incident.state == IncidentState.CALLBACK_PENDING else None
    if reply is None or reply.message is None or reply.message.state != MessageState.FAILED:
        return None
    to = destination_of(incident).address
    return reply if to and to.lower() != reply.to.lower() else None


def _require_sound(incident: Incident, reach: Reach) -> None:
    before = reach_of(incident)
    if incident.is_escalated and reach.source not in STAFF_SOURCES:
        words = "This is escalated for health and safety: select the staff that it comes from"
        raise RuleBroken(words, code="not_of_staff", field="source")
    errors = errors_in_change(as_intake(incident, before), as_intake(incident, reach), set_up=set_up_for(reach))
    require_unbroken(*(RuleBroken(error.words, code=error.code, field=error.field) for error in errors))
    if before == reach and to_send_again(incident) is None:
        raise RuleBroken("Nothing is different yet. Change what is wrong", code="nothing_changed")


def _can_be_answered(incident: Incident) -> bool:
    return incident.needs_call or incident.route.reply_to != ReplyTo.NOBODY


def _change_call(incident: Incident, *, by: Actor, at: datetime) -> None:
    """Take the open call along, or cancel it, with which the incident is to be answered again."""
    call = open_callback_of(incident.case)
    if incident.needs_call:
        incident.save()
        change_call(
            about=incident.case,
            kind=kind_of_call(incident),
            queue=callback_queue_of(incident),
            telephone=incident.telephone,
            language=incident.language,
            customer_type=incident.get_customer_type_display(),
            by=by,
            at=at,
        )
        if reply := to_send_again(incident):
            send_again(incident, reply, by=by, at=at)
        return
    here = agent_still_here(incident, at=at)
    words = f"{call.reference}: {CALL_NOT_NEEDED}" if call else CALL_NOT_NEEDED
    move(incident.take_back_call if here else incident.put_back_call, by=by, at=at, words=words)
    cancel_for(about=incident.case, reason=CALL_NOT_NEEDED, by=by, at=at)
    start_first_reply(incident, at=at)
