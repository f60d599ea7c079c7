from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from celery import shared_task

from contacthub.clock import now
from contacthub.jobs.sweeps import sweep
from contacthub.submissions import services


@shared_task(name="submissions.forget")
def forget(submission_id: int) -> None:
    """Forget the oldest of what was sent too long ago, a batch that begins with this one. Safe to run again."""
    services.forget(at=now())


@sweep(every=timedelta(seconds=30), wakes="submissions.forget")
def sent_too_long_ago(at: datetime) -> Iterable[int]:
    """Find whether there is anything to forget: one task takes a batch."""
    return services.too_old(at).values_list("pk", flat=True)[:1]
