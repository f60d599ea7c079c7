"""Next: the service, and beside it raw SQL that reads and writes the same."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from benchmarks.taking import Line
from contacthub.actor import Actor
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import Band

TOP = """
select case_id, state, band, assigned_to_id, version
  from jobmatch_helpdesk_incident
 where state = 'received'
 order by band, received_at, case_id
 limit 1
   for no key update skip locked
"""
ASSIGN = """
update jobmatch_helpdesk_incident set state = 'assigned', assigned_to_id = %s, version = version + 1 where case_id = %s
"""
EVENT = """
insert into cases_event (
    case_id, subject_label, subject_id, kind, actor_kind, actor_id, at, before, after, request_id
) values (%s, 'jobmatch_helpdesk.incident', %s, 'take', 'staff', %s, %s, 'received', 'assigned', '') returning id
"""
WORDS = "insert into cases_eventwords (event_id, text) values (%s, %s)"
PUT_BACK = "update jobmatch_helpdesk_incident set state = 'received', assigned_to_id = null where case_id = any(%s)"
LINE = Line(Incident, "assigned_to_id", PUT_BACK)


def by_service(actor: Actor, at: datetime) -> int | None:
    incident = services.take_next(by=actor, at=at)
    return incident.pk if incident else None


def by_sql(actor: Actor, at: datetime) -> int | None:
    """Read and write what the service does, as somebody would who writes nothing but SQL."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TOP)
        row = cursor.fetchone()
        if row is None:
            return None
        incident = dict(zip((column.name for column in cursor.description), row, strict=True))
        pk = int(incident["case_id"])
        cursor.execute(ASSIGN, [actor.staff_id, pk])
        cursor.execute(EVENT, [pk, pk, actor.staff_id, at])
        words = f"Next in order: oldest in band {Band(incident['band']).label}"
        cursor.execute(WORDS, [cursor.fetchone()[0], words])
        return pk
