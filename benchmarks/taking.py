"""Next under 8 agents at once: the service, and beside it raw SQL that does the same writes."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from threading import Barrier

from django.db import connection, transaction

from benchmarks.database import use
from contacthub.actor import Actor
from contacthub.clock import now
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import Band

AGENTS = 8
TAKES = 5  # of each agent, one after the other
Take = Callable[[Actor, datetime], int | None]

TOP = """
select case_id, state, band, assigned_to_id, version
  from jobmatch_helpdesk_incident
 where state = 'received'
 order by band, received_at, case_id
 limit 1
   for no key update skip locked
"""
ASSIGN = """
update jobmatch_helpdesk_incident set state = 'assigned', assigned_to_id = %s, version = version + 1 where case_id = %s
"""
EVENT = """
insert into cases_event (
    case_id, subject_label, subject_id, kind, actor_kind, actor_id, at, before, after, request_id
) values (%s, 'jobmatch_helpdesk.incident', %s, 'take', 'staff', %s, %s, 'received', 'assigned', '') returning id
"""
WORDS = "insert into cases_eventwords (event_id, text) values (%s, %s)"
PUT_BACK = "update jobmatch_helpdesk_incident set state = 'received', assigned_to_id = null where case_id = any(%s)"


class TakenTwice(Exception):
    """Two agents were given the same incident."""


def by_service(actor: Actor, at: datetime) -> int | None:
    incident = services.take_next(by=actor, at=at)
    return incident.pk if incident else None


def by_sql(actor: Actor, at: datetime) -> int | None:
    """Read and write what the service does, as somebody would who writes nothing but SQL."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TOP)
        row = cursor.fetchone()
        if row is None:
            return None
        incident = dict(zip((column.name for column in cursor.description), row, strict=True))
        pk = int(incident["case_id"])
        cursor.execute(ASSIGN, [actor.staff_id, pk])
        cursor.execute(EVENT, [pk, pk, actor.staff_id, at])
        words = f"Next in order: oldest in band {Band(incident['band']).label}"
        cursor.execute(WORDS, [cursor.fetchone()[0], words])
        return pk


@dataclass(frozen=True)
class Batch:
    """What the agents took, and how long all of them together needed, in seconds."""

    taken: list[tuple[Actor, int]]
    seconds: float

    @property
    def seconds_each(self) -> float:
        return self.seconds / len(self.taken)


def take_at_once(take: Take, actors: list[Actor], *, database: str) -> Batch:
    """Let all agents take at the same moment, each on a connection of its own. Raises TakenTwice."""
    ready, done = Barrier(len(actors) + 1), Barrier(len(actors) + 1)

    def agent(actor: Actor) -> list[tuple[Actor, int]]:
        use(database)
        connection.ensure_connection()
        ready.wait()
        try:
            taken = [take(actor, now()) for _ in range(TAKES)]
        finally:
            done.wait()
            connection.close()
        return [(actor, pk) for pk in taken if pk]

    with ThreadPoolExecutor(len(actors)) as pool:
        hands = [pool.submit(agent, actor) for actor in actors]
        ready.wait()
        began = time.perf_counter()
        done.wait()
        seconds = time.perf_counter() - began
    batch = Batch([one for hand in hands for one in hand.result()], seconds)
    require_each_once(batch)
    return batch


def require_each_once(batch: Batch) -> None:
    """Raise TakenTwice unless each incident has the one agent whom it was given to."""
    times = Counter(pk for _, pk in batch.taken)
    twice = [pk for pk, count in times.items() if count > 1]
    has = dict(Incident.objects.filter(pk__in=times).values_list("pk", "assigned_to_id"))
    if twice or any(has[pk] != actor.staff_id for actor, pk in batch.taken):
        raise TakenTwice(f"Of {len(batch.taken)} taken, given to two: {twice or 'another than the row says'}")


def put_back(batch: Batch) -> None:
    """Let the next batch find the queue as this one did."""
    with connection.cursor() as cursor:
        cursor.execute(PUT_BACK, [[pk for _, pk in batch.taken]])
