from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from celery import shared_task

from contacthub.clock import now
from contacthub.jobs.sweeps import SWEEP_BATCH, sweep
from contacthub.mail import services
from contacthub.mail.delivery import deliver
from contacthub.mail.models import Message
from contacthub.mail.retrying import LEASE

LEASE_SECONDS = int(LEASE.total_seconds())


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


@sweep(every=timedelta(seconds=10), wakes="mail.send_message")
def unsent_messages(at: datetime) -> Iterable[int]:
    """Find what was never woken, is due again, or was left by a worker that died."""
    return Message.objects.due(at).values_list("pk", flat=True)[:SWEEP_BATCH]
