"""Taking rows from a line, 8 people at once: nobody may get what another one got."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from threading import Barrier

from django.db import connection, models

from benchmarks.database import use
from contacthub.actor import Actor
from contacthub.clock import now

AT_ONCE = 8
TAKES = 5  # of each hand, one after the other
Take = Callable[[Actor, datetime], int | None]


class TakenTwice(Exception):
    """Two people were given the same row."""


@dataclass(frozen=True)
class Line:
    """Rows that people take from: the column `holder` says who has one; the SQL `put_back` takes keys."""

    model: type[models.Model]
    holder: str
    put_back: str


@dataclass(frozen=True)
class Batch:
    """What people took, and how long all of them together needed, in seconds."""

    taken: list[tuple[Actor, int]]
    seconds: float

    @property
    def seconds_each(self) -> float:
        return self.seconds / len(self.taken)


def take_at_once(take: Take, hands: list[list[Actor]], line: Line, *, database: str) -> Batch:
    """Let the hands take at the same moment, each on a connection of its own, for its people one after another.

    Raises TakenTwice.
    """
    ready, done = Barrier(len(hands) + 1), Barrier(len(hands) + 1)

    def hand(actors: list[Actor]) -> list[tuple[Actor, int]]:
        use(database)
        connection.ensure_connection()
        ready.wait()
        try:
            taken = [(actor, take(actor, now())) for actor in actors]
        finally:
            done.wait()
            connection.close()
        return [(actor, pk) for actor, pk in taken if pk]

    with ThreadPoolExecutor(len(hands)) as pool:
        working = [pool.submit(hand, actors) for actors in hands]
        ready.wait()
        began = time.perf_counter()
        done.wait()
        seconds = time.perf_counter() - began
    batch = Batch([one for work in working for one in work.result()], seconds)
    require_each_once(batch, line)
    return batch


def require_each_once(batch: Batch, line: Line) -> None:
    """Raise TakenTwice unless each row has the one person whom it was given to."""
    times = Counter(pk for _, pk in batch.taken)
    twice = [pk for pk, count in times.items() if count > 1]
    has = dict(line.model._base_manager.filter(pk__in=times).values_list("pk", line.holder))
    if twice or any(has[pk] != actor.staff_id for actor, pk in batch.taken):
        raise TakenTwice(f"Of {len(batch.taken)} taken, given to two: {twice or 'another than the row says'}")


def put_back(batch: Batch, line: Line) -> None:
    """Let the next batch find the line as this one did."""
    with connection.cursor() as cursor:
        cursor.execute(line.put_back, [[pk for _, pk in batch.taken]])
