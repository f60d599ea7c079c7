from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from celery import shared_task
from django.db.models import Min

from contacthub.clock import now
from contacthub.jobs.services import wake
from contacthub.jobs.sweeps import SWEEP_BATCH, sweep
from contacthub.mail import services, tracking
from contacthub.mail.delivery import deliver
from contacthub.mail.models import DeliveryReport, Message, Notice, Priority, ProviderPost
from contacthub.mail.retrying import LEASE

LEASE_SECONDS = int(LEASE.total_seconds())
GATHERS_FOR = timedelta(minutes=2)  # a digest, from the first that it tells


# Ended within the lease, however slowly a server dribbles: EMAIL_TIMEOUT counts anew at each line that it sends.
@shared_task(name="mail.send_message", soft_time_limit=LEASE_SECONDS * 3 // 4, time_limit=LEASE_SECONDS - 5)
def send_message(message_id: int) -> None:
    """Send one message; in its place one that goes first, if any waits: for that one somebody is on the telephone,
    and a thousand others may have been woken earlier. Safe to run again: only who takes the lease sends.
    """
    ahead = Message.objects.due(now()).filter(priority=Priority.FIRST).exclude(pk=message_id)
    first = ahead.values_list("pk", flat=True).first()
    if first is not None and _send(first):
        wake("mail.send_message", message_id)  # with the whole time of a task for it
    else:
        _send(message_id)


def _send(message_id: int) -> bool:
    """Send a message unless it is sent, or in other hands: say if it was tried."""
    message = services.take_to_send(message_id, at=now())
    if message is None:
        return False
    try:
        provider_id = deliver(message)
    except Exception as trouble:  # whatever goes wrong is the message's outcome, written on its row
        services.record_refusal(message, trouble, at=now())
    else:
        services.record_accepted(message, at=now(), provider_id=provider_id)
    return True


@shared_task(name="mail.read_post")
def read_post(post_id: int) -> None:
    """Read what a provider posted. Safe to run again: a post is read once, and what it says is known by its key."""
    tracking.read_post(post_id=post_id, at=now())


@shared_task(name="mail.count_report")
def count_report(report_id: int) -> None:
    """Let a report of a provider count for its message. Safe to run again: it counts once."""
    tracking.count_report(report_id=report_id, at=now())


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


@sweep(every=timedelta(seconds=10), wakes="mail.read_post")
def unread_posts(at: datetime) -> Iterable[int]:
    """Find what providers posted and nobody was woken for."""
    return ProviderPost.objects.unread().order_by("pk").values_list("pk", flat=True)[:SWEEP_BATCH]


@sweep(every=timedelta(seconds=10), wakes="mail.count_report")
def open_reports(at: datetime) -> Iterable[int]:
    """Find reports that have not counted, among them those whose message was not known yet."""
    return DeliveryReport.objects.due(at).values_list("pk", flat=True)[:SWEEP_BATCH]
