"""What the Celery worker does besides its tasks: say that it is alive, and give each task's events an id."""

import logging
import time
from typing import Any
from uuid import uuid4

from celery.signals import heartbeat_sent, task_prerun, worker_ready
from django.db import DatabaseError, InterfaceError, close_old_connections

from contacthub.actor import request_id
from contacthub.clock import now
from contacthub.jobs.services import beat

logger = logging.getLogger(__name__)
BEAT_SECONDS = 5.0


class _Last:
    beat = float("-inf")


@worker_ready.connect
@heartbeat_sent.connect
def worker_is_alive(**_: Any) -> None:
    if time.monotonic() - _Last.beat < BEAT_SECONDS:
        return
    _Last.beat = time.monotonic()
    try:
        close_old_connections()
        beat("worker", at=now())
    except (DatabaseError, InterfaceError) as trouble:
        logger.warning("The database is away, the worker goes on: %s", trouble)


@task_prerun.connect
def new_request_id(**_: Any) -> None:
    request_id.set(str(uuid4()))
