"""Waking tasks. Redis only wakes: whatever it loses, a sweep finds."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from functools import cache

from celery import current_app
from django.db import connection, transaction
from kombu import Connection, pools
from kombu.exceptions import OperationalError

from contacthub.jobs.models import Heartbeat
from contacthub.jobs.sweeps import Sweep

logger = logging.getLogger(__name__)

# A broker that is away or frozen costs the person who pressed a button half a second, and the next ones nothing.
IMPATIENT = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "socket_timeout": 0.5,
    "socket_connect_timeout": 0.5,
}
LEAVE_ALONE_SECONDS = 10.0
WAKE_UP_LASTS = timedelta(minutes=1)


_sleeps: ContextVar[bool] = ContextVar("sleeps", default=False)


class _Broker:
    """Remembers, in this process, until when (monotonic seconds) the broker is left alone."""

    away_until = 0.0


def wake(task: str, pk: int) -> None:
    """Have a worker run the task for this row, once the transaction has committed.

    Never raises: a sweep finds the row whose wake-up was lost.
    """
    if not _sleeps.get():
        transaction.on_commit(lambda: _publish(task, [pk], lasts=WAKE_UP_LASTS), robust=True)


@contextmanager
def waking_nobody() -> Iterator[None]:
    """Leave it to the sweeps to find what is made meanwhile: history has hundreds of rows with nothing left to do."""
    token = _sleeps.set(True)
    try:
        yield
    finally:
        _sleeps.reset(token)


def _publish(task: str, pks: Iterable[int], *, lasts: timedelta) -> int:
    """Wake the task for each row over one kept connection, until the first broker error; return how many were woken."""
    woken = 0
    if time.monotonic() < _Broker.away_until:
        return woken
    try:
        with pools.producers[_broker(current_app.conf.broker_write_url)].acquire(block=True) as producer:
            for pk in pks:
                current_app.send_task(task, args=[pk], expires=lasts.total_seconds(), producer=producer, retry=False)
                woken += 1
    except (OperationalError, OSError) as trouble:
        _Broker.away_until = time.monotonic() + LEAVE_ALONE_SECONDS
        logger.warning("Redis is away, rows of %s wait for its sweep: %s", task, trouble)
    return woken


@cache
def _broker(url: str) -> Connection:
    """Return the broker that is there; connections to it are made, and kept, by the pool."""
    patience = {**current_app.conf.broker_transport_options, **IMPATIENT}
    return current_app.connection_for_write(url, transport_options=patience)


def run_sweep(sweep: Sweep, *, at: datetime) -> int:
    """Wake a task for each row that the sweep finds, until the first broker error; return how many.

    Where another clock is at this sweep in the same moment, do nothing.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [sweep.name])
        if not cursor.fetchone()[0]:
            return 0
        found = list(sweep.find(at))
    return _publish(sweep.wakes, found, lasts=sweep.every) if found else 0


def beat(process: str, *, at: datetime) -> None:
    """Note that a process is alive."""
    Heartbeat.objects.update_or_create(process=process, defaults={"at": at})
