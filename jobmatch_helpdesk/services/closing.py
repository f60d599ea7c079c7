from __future__ import annotations

from datetime import datetime

from django.db import transaction

from contacthub.actor import Actor
from contacthub.cases.services import move, require_still_open
from contacthub.deadlines.services import drop, due_at
from contacthub.deadlines.working_time import Target
from contacthub.errors import RuleBroken, require_words
from jobmatch_helpdesk import permissions
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import Source, band_of
from jobmatch_helpdesk.services.shared import start_first_reply

REOPEN_WITHIN = Target(working_days=20)


@transaction.atomic
def close(*, incident_id: int, by: Actor, at: datetime) -> Incident:
    """Close by hand what is resolved or has no reply route; a Helpdesk lead does."""
    incident = Incident.objects.locked(by, pk=incident_id)
    require_still_open(incident.close)
    permissions.require_can_lead(by)
    move(incident.close, by=by, at=at)
    drop(case=incident.case, kind="close", at=at)
    return incident


@transaction.atomic
def reopen(*, incident_id: int, reason: str, by: Actor, at: datetime) -> Incident:
    """Give a resolved or closed incident back to the queue, with a reason; whoever raised it does, or a Helpdesk lead.

    Raises RuleBroken more than 20 working days after it was closed. The band is worked out again, whatever a lead had
    set it to, and the first-reply clock starts anew.
    """
    incident = Incident.objects.locked(by, pk=incident_id)
    require_still_open(incident.reopen)
    permissions.require_can_reopen(by, incident)
    require_words(reason, "Enter why you reopen this", field="reason")
    if incident.closed_at and at > due_at(REOPEN_WITHIN, start=incident.closed_at):
        raise RuleBroken(
            f"{incident.reference} was closed more than 20 working days ago. Raise a new incident",
            code="closed_too_long",
        )
    was_closed = incident.closed_at is not None
    incident.band = band_of(Source(incident.source), escalated=incident.is_escalated)
    move(incident.reopen, by=by, at=at, words=reason)
    if not was_closed:
        drop(case=incident.case, kind="close", at=at)
    start_first_reply(incident, at=at)
    return incident
