"""Whether the parts answer. Only a database that is away makes us unavailable; the rest is caught up later."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import DatabaseError, InterfaceError
from kombu.exceptions import OperationalError

from contacthub.jobs.models import Heartbeat
from contacthub.jobs.services import IMPATIENT
from contacthub.mail.models import Message

SILENT_AFTER = timedelta(seconds=20)
MAIL_IS_LATE_AFTER = timedelta(minutes=5)


def report(at: datetime) -> tuple[dict[str, Any], int]:
    """Return what a probe reads, and its HTTP status: 503 only where the database is away."""
    try:
        parts = {"worker": heard(at, "worker"), "clock": heard(at, "clock"), "mail": _mail_flows(at)}
    except (DatabaseError, InterfaceError):
        return {"status": "unavailable", "database": False, "wrong": ["database"]}, 503
    parts |= {"redis": _redis_answers()}
    wrong = sorted(name for name, fine in parts.items() if not fine)
    return {"status": "degraded" if wrong else "ok", "database": True, **parts, "wrong": wrong}, 200


def heard(at: datetime, process: str) -> bool:
    """Say if this process of ours has lately said that it is alive."""
    return Heartbeat.objects.filter(process=process, at__gt=at - SILENT_AFTER).exists()


def _mail_flows(at: datetime) -> bool:
    return not Message.objects.due(at - MAIL_IS_LATE_AFTER).exists()


def _redis_answers() -> bool:
    try:
        with current_app.connection_for_read(transport_options=dict(IMPATIENT)) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, reraise_as_library_errors=True)
    except (OperationalError, OSError):
        return False
    return True
