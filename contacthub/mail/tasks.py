from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from celery import shared_task
from django.db.models import Min

from contacthub.clock import now
from contacthub.jobs.sweeps import SWEEP_BATCH, sweep
from contacthub.mail import services
from contacthub.mail.delivery import deliver
from contacthub.mail.models import Message, Notice
from contacthub.mail.retrying import LEASE

LEASE_SECONDS = int(LEASE.total_seconds())
GATHERS_FOR = timedelta(minutes=2)  # a digest, from the first that it tells


# Ended within the lease, however slowly a server dribbles: EMAIL_TIMEOUT counts anew at each line that it sends.
@shared_task(name="mail.send_message", soft_time_limit=LEASE_SECONDS * 3 // 4, time_limit=LEASE_SECONDS - 5)
def send_message(message_id: int) -> None:
    """Send one message. Safe to run again: only who takes the lease sends."""
    message = services.take_to_send(message_id, at=now())
    if message is None:
        return
    try:
        deliver(message)
    except Exception as trouble:  # whatever goes wrong is the message's outcome, written on its row
        services.record_refusal(message, trouble, at=now())
    else:
        services.record_accepted(message, at=now())


@shared_task(name="mail.send_digest")
def send_digest(person_id: int) -> None:
    """Queue one email of all that a person is to be told. Safe to run again: what is queued waits no longer."""
    services.send_digest(person_id=person_id, at=now())


@sweep(every=timedelta(minutes=1), wakes="mail.send_digest")
def waiting_digests(at: datetime) -> Iterable[int]:
    """Find who is to be told something by email, once all that came due together is there."""
    waiting = Notice.objects.waiting().order_by("person").values("person")
    oldest = waiting.annotate(first=Min("at")).filter(first__lte=at - GATHERS_FOR)
    return oldest.values_list("person", flat=True)[:SWEEP_BATCH]


@sweep(every=timedelta(seconds=10), wakes="mail.send_message")
def unsent_messages(at: datetime) -> Iterable[int]:
    """Find what was never woken, is due again, or was left by a worker that died."""
    return Message.objects.due(at).values_list("pk", flat=True)[:SWEEP_BATCH]
