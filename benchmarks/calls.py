"""Taking the next call of a queue: the service, and beside it raw SQL that reads and writes the same."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from benchmarks.taking import Line, Take
from contacthub.actor import Actor
from contacthub.callbacks import services
from contacthub.callbacks.models import Callback

QUEUE = """
select * from callbacks_queue
 where id = %s and (unit_id = any(%s) or lead_id = %s)
"""
MINE = """
select case_id, state, allocated_to_id, version from callbacks_callback
 where queue_id = %s and allocated_to_id = %s and state = 'allocated'
 order by urgent desc, due_at, case_id
 limit 1
"""
TOP = """
select case_id, state, allocated_to_id, version from callbacks_callback
 where queue_id = %s and state = 'queued'
 order by urgent desc, due_at, case_id
 limit 1
   for no key update skip locked
"""
ALLOCATE = """
update callbacks_callback set state = 'allocated', allocated_to_id = %s, version = version + 1 where case_id = %s
"""
EVENT = """
insert into cases_event (
    case_id, subject_label, subject_id, kind, actor_kind, actor_id, at, before, after, request_id
) values (%s, 'callbacks.callback', %s, 'take', 'staff', %s, %s, 'queued', 'allocated', '')
"""
PUT_BACK = "update callbacks_callback set state = 'queued', allocated_to_id = null where case_id = any(%s)"
LINE = Line(Callback, "allocated_to_id", PUT_BACK)


def by_service(queue_id: int) -> Take:
    def take(actor: Actor, at: datetime) -> int | None:
        callback = services.take_next(queue_id=queue_id, by=actor, at=at)
        return callback.pk if callback else None

    return take


def by_sql(queue_id: int) -> Take:
    """Return how to take for somebody who has no call of this queue in hand."""

    def take(actor: Actor, at: datetime) -> int | None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(QUEUE, [queue_id, [*actor.unit_ids], actor.staff_id])
            cursor.fetchone()
            cursor.execute(MINE, [queue_id, actor.staff_id])
            cursor.fetchone()
            cursor.execute(TOP, [queue_id])
            row = cursor.fetchone()
            if row is None:
                return None
            callback = dict(zip((column.name for column in cursor.description), row, strict=True))
            pk = int(callback["case_id"])
            cursor.execute(ALLOCATE, [actor.staff_id, pk])
            cursor.execute(EVENT, [pk, pk, actor.staff_id, at])
            return pk

    return take
