"""What the fault tests begin with: an incident in somebody's hands, a reply in the outbox, a process that works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection

from contacthub.actor import PUBLIC, Actor
from contacthub.clock import now
from contacthub.jobs.services import waking_nobody
from contacthub.mail.models import Message
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident
from tests.factories import told
from tests.processes import running, wait_until
from tests.races import Held

ACCEPTED = "accepted by their mail server: nobody tells us if it was delivered"


def taken_by(agent: Actor, *, email: str = "dafydd@example.org") -> Incident:
    """Return an incident in the agent's hands, of which no email waits."""
    services.submit(told(customer_email=email), by=PUBLIC, at=now())
    Message.objects.all().delete()  # the acknowledgement
    incident = services.take_next(by=agent, at=now())
    assert incident
    return incident


def replied_to(agent: Actor, *, email: str = "dafydd@example.org", wakes: bool = True) -> Message:
    """Return the agent's reply in the outbox; where it `wakes` nobody, no worker has heard of it."""
    incident = taken_by(agent, email=email)

    def reply() -> None:
        services.reply(incident_id=incident.pk, text="Save it as a PDF", by=agent, at=now())

    if wakes:
        reply()
    else:
        with waking_nobody():
            reply()
    return Message.objects.get()


def time_passes(message: Message) -> None:
    """Let the gap before the next attempt pass, or the lease of whoever has the message."""
    rows = Message.objects.filter(pk=message.pk)
    rows.filter(leased_until=None).update(next_attempt_at=now())
    rows.exclude(leased_until=None).update(leased_until=now() - timedelta(seconds=1))


def one_sweep(env: dict[str, str], *, until: Callable[[], object]) -> None:
    """Run a clock until something is so. It sweeps as it starts, which spares the wait for the next sweep."""
    with running("clock", env):
        wait_until(until)


@contextmanager
def nobody_writes(model: type, *others: type, reads: bool = True) -> Iterator[None]:
    """Keep everybody waiting who writes these tables or locks a row of them, and unless they `reads` who reads them."""
    tables = ", ".join(one._meta.db_table for one in (model, *others))
    mode = "exclusive" if reads else "access exclusive"

    def lock() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"lock table {tables} in {mode} mode")

    held = Held(lock)
    held.done.wait(10)
    try:
        yield
    finally:
        held.commit()
