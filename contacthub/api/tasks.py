from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from celery import shared_task

from contacthub.api import services
from contacthub.clock import now
from contacthub.jobs.sweeps import sweep


@shared_task(name="api.forget_answers")
def forget_answers(answer_id: int) -> None:
    """Forget the oldest answers kept too long, a batch that begins with this one. Safe to run again."""
    services.forget_answers(at=now())


@sweep(every=timedelta(seconds=30), wakes="api.forget_answers")
def answers_too_old(at: datetime) -> Iterable[int]:
    """Find whether there is any answer to forget: one task takes a batch."""
    return services.answers_too_old(at).values_list("pk", flat=True)[:1]
