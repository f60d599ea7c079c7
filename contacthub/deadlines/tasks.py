from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from celery import shared_task

from contacthub.clock import now
from contacthub.deadlines import services
from contacthub.deadlines.models import Calendar, Deadline
from contacthub.jobs.sweeps import SWEEP_BATCH, sweep


@shared_task(name="deadlines.take_step")
def take_step(deadline_id: int) -> None:
    """Warn, escalate or make the move that time makes. Safe to run again: the service looks if it is still due."""
    services.take_step(deadline_id=deadline_id, at=now())


@shared_task(name="deadlines.work_out_again")
def work_out_again(deadline_id: int) -> None:
    """Work a due moment out by today's days off. Safe to run again."""
    services.work_out_again(deadline_id=deadline_id, at=now())


@sweep(every=timedelta(seconds=20), wakes="deadlines.take_step")
def steps_due(at: datetime) -> Iterable[int]:
    """Find what somebody must hear of, oldest first."""
    return Deadline.objects.step_due(at).values_list("pk", flat=True)[:SWEEP_BATCH]


@sweep(every=timedelta(seconds=20), wakes="deadlines.work_out_again")
def of_older_calendars(at: datetime) -> Iterable[int]:
    """Find running clocks that were worked out before a day off was added or taken back, the next due first."""
    for calendar in Calendar.objects.order_by("nation"):
        older = Deadline.objects.of_older_calendar(calendar.nation, calendar.number, at=at)
        yield from older.values_list("pk", flat=True)[:SWEEP_BATCH]
