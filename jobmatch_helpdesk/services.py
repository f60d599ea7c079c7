"""What people can do with an incident: one function a thing, for every door."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from contacthub.actor import Actor
from contacthub.cases.services import move, moved_on, open_record, record_event, require_still_open
from contacthub.deadlines.services import NEVER, meet, set_deadline
from contacthub.errors import RuleBroken
from contacthub.mail.services import Preview, preview, queue_email
from jobmatch_helpdesk import permissions
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import FIRST_REPLY, Band, Facts, Source, route


@transaction.atomic
def submit(*, customer_name: str, customer_email: str, description: str, by: Actor, at: datetime) -> Incident:
    """Receive what a member of the public wrote through Contact Us, and route it (UJ-10, UJ-30). `at` is in UTC."""
    source = Source.ONLINE_ANONYMOUS
    row = route(Facts(source=source, has_email=bool(customer_email)))
    incident = open_record(
        Incident,
        source=source,
        row=row.number,
        band=row.band,
        customer_name=customer_name,
        customer_email=customer_email,
        description=description,
        received_at=at,
        due_at=NEVER,
    )
    target = FIRST_REPLY[row.band]
    words = f"Routed {row.number}, band {row.band.label}, reply due in {target}"
    record_event(incident, "submitted", by=by, at=at, after=incident.state, words=words)
    set_deadline(case=incident.case, kind="first_reply", target=target, at=at)
    return incident


@transaction.atomic
def take_next(*, by: Actor, at: datetime) -> Incident | None:
    """Assign the top incident to the agent who asks: by band, oldest first (UJ-04, UJ-05); None where none waits.

    Two agents who ask at once get two incidents.
    """
    permissions.require_can_work_on_incidents(by)
    incident = _lock_next()
    if incident is None:
        return None
    why = f"Next in order: oldest in band {Band(incident.band).label}"
    move(incident.take, by=by, at=at, words=why, agent_id=by.staff_id)
    return incident


def _lock_next() -> Incident | None:
    """Lock the top incident that nobody holds; where all are held at this moment, wait, since one may come back."""
    before = transaction.savepoint()
    if incident := Incident.objects.locked_next(skip_locked=True):
        return incident
    # Postgres keeps the lock of a row that proved to be taken: who waits must hold none, or two wait for each other.
    transaction.savepoint_rollback(before)
    return Incident.objects.locked_next(skip_locked=False)


@transaction.atomic
def reply(*, incident_id: int, text: str, by: Actor, at: datetime) -> Incident:
    """Send the reply where the routing row says, and resolve the incident (UJ-02, UJ-35). `at` is in UTC.

    Raises NotThere, MovedOn, Refused, or RuleBroken where there is nothing to send or no address to send from.
    """
    incident = Incident.objects.locked(by, pk=incident_id)
    require_still_open(incident.resolve_by_reply)
    permissions.require_can_work_on_incidents(by)
    require_still_with(by, incident)
    require_words(text)
    move(incident.resolve_by_reply, by=by, at=at, words=f"To {incident.reply_to}")
    message = queue_email(case=incident.case, by=by, at=at, **_reply_email(incident, text))
    incident.replies.create(text=text, to=incident.reply_to, by_id=by.staff_id, at=at, message=message)  # type: ignore[misc]
    meet(case=incident.case, kind="first_reply", at=at)
    return incident


def preview_reply(*, incident: Incident, text: str, by: Actor) -> Preview:
    """Return the reply as it will arrive, refused for the reasons for which `reply` is."""
    require_still_open(incident.resolve_by_reply)
    permissions.require_can_work_on_incidents(by)
    require_still_with(by, incident)
    require_words(text)
    return preview(**_reply_email(incident, text))


def require_still_with(by: Actor, incident: Incident) -> None:
    """Raise MovedOn where the incident is now somebody else's."""
    if not permissions.is_with(by, incident):
        raise moved_on(incident)


def require_words(text: str) -> None:
    if not text.strip():
        raise RuleBroken("Enter your reply", code="reply_required", field="text")


def _reply_email(incident: Incident, text: str) -> dict[str, Any]:
    return {
        "template": "jobmatch_helpdesk/email/reply",
        "mailbox": "helpdesk",
        "to": incident.reply_to,
        "context": {"incident": incident, "words": text, "agent": incident.assigned_to},
    }
