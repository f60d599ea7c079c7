"""How old the open calls of queues are (CM-05, CM-06, CM-33), counted by the database however many there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Count, Min, Q, Value, When

from contacthub.actor import Actor
from contacthub.callbacks.models import Attempt, Callback, Queue
from contacthub.callbacks.queries import CallbackQuerySet
from contacthub.deadlines.ages import Ageing
from contacthub.formats import start_of_day, uk_day
from contacthub.ordering import ByName
from contacthub.people.models import Membership
from contacthub.people.roles import Post


@dataclass(frozen=True)
class Share:
    """Of the first attempts of this week: how many were made, and how many of them in time (7.2)."""

    made: int = 0
    in_time: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.made + other.made, self.in_time + other.in_time)


@dataclass(frozen=True)
class Cell:
    band: Ageing
    count: int


@dataclass
class Line:
    """A queue: who calls, how many open calls are in each band, its oldest one's due moment, its share of the week."""

    queue: Queue
    caller: str
    counts: dict[Ageing, int]
    oldest_due: dict[Ageing, datetime] = field(default_factory=dict)
    share: Share = field(default_factory=Share)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def cells(self) -> list[Cell]:
        return [Cell(band, count) for band, count in self.counts.items()]


@dataclass(frozen=True)
class Bar(Cell):
    """A band of all queues: the width of its bar in hundredths of the longest, and its oldest call."""

    width: int
    oldest: Callback | None


@dataclass(frozen=True)
class Figures:
    """What the page of ages shows: a line a queue, a bar a band, and the share of all queues together."""

    lines: list[Line]
    bars: list[Bar]
    share: Share

    @property
    def total(self) -> int:
        return sum(bar.count for bar in self.bars)

    @property
    def overdue(self) -> int:
        return sum(bar.count for bar in self.bars if bar.band.is_late)


def queues_of(actor: Actor) -> list[Queue]:
    """Return the queues whose calls the actor may see, by the kind of their unit and its name."""
    seen = Queue.objects.visible_to(actor).select_related("unit", "lead")
    return list(seen.order_by("unit__kind", ByName("unit__name"), "pk"))


def figures_of(queues: Iterable[Queue], *, kind: str = "", at: datetime) -> Figures:
    """Count the open calls of these queues, of one kind or of all: as many queries for a thousand as for one."""
    found = [*queues]
    callers = _callers(found, at=at)
    lines = {queue.pk: Line(queue, callers[queue.pk], dict.fromkeys(Ageing, 0)) for queue in found}
    rows = Callback.objects.open().filter(queue__in=[*lines], **({"kind": kind} if kind else {}))
    for row in rows.order_by().values("queue_id", band=_band(at)).annotate(number=Count("pk"), oldest=Min("due_at")):
        line, band = lines[row["queue_id"]], Ageing(row["band"])
        line.counts[band], line.oldest_due[band] = row["number"], row["oldest"]
    for queue_id, share in shares_of([*lines], at=at).items():
        lines[queue_id].share = share
    share = sum((line.share for line in lines.values()), Share())
    return Figures([*lines.values()], _bars([*lines.values()], rows), share)


def _band(at: datetime) -> models.Case:
    """Tell the band of a row by its due moment."""
    whens = [When(band.holds(at), then=Value(band.value)) for band in Ageing]
    return models.Case(*whens, output_field=models.CharField())


def shares_of(queue_ids: list[int], *, at: datetime) -> dict[int, Share]:
    """Return the share of each queue in which somebody first rang a customer since Monday, UK time."""
    today = start_of_day(at)
    monday = start_of_day(today - timedelta(days=today.weekday()))
    firsts = Attempt.objects.filter(queue_id__in=queue_ids, at__gte=monday, in_time__isnull=False)
    counted = firsts.values("queue_id").annotate(made=Count("pk"), kept=Count("pk", filter=Q(in_time=True)))
    return {row["queue_id"]: Share(row["made"], row["kept"]) for row in counted.order_by()}


def _bars(lines: list[Line], rows: CallbackQuerySet) -> list[Bar]:
    counts = {band: sum(line.counts[band] for line in lines) for band in Ageing}
    longest = max(1, *counts.values())
    oldest = _oldest(lines, rows)
    return [Bar(band, count, round(100 * count / longest), oldest.get(band)) for band, count in counts.items()]


def _oldest(lines: list[Line], rows: CallbackQuerySet) -> dict[Ageing, Callback]:
    """Return the oldest call of each band: its queue and due moment are known, so an index leads to it."""
    where: dict[tuple[int, datetime], Ageing] = {}
    for band in Ageing:
        dues = [(line.oldest_due[band], line.queue.pk) for line in lines if band in line.oldest_due]
        if dues:
            due_at, queue_id = min(dues)
            where[queue_id, due_at] = band
    if not where:
        return {}
    at_these = Q()
    for queue_id, due_at in where:
        at_these |= Q(queue_id=queue_id, due_at=due_at)
    found = rows.filter(at_these).select_related("queue__unit").order_by("-pk")
    return {where[callback.queue_id, callback.due_at]: callback for callback in found}


def _callers(queues: list[Queue], *, at: datetime) -> dict[int, str]:
    """Say who calls in each queue: the holder of its post, whom an allocator names, or anybody of the unit."""
    posts = {queue.unit_id: queue.caller_post for queue in queues if queue.caller_post}
    held = Membership.objects.on(uk_day(at)).filter(unit_id__in=posts).exclude(post="").select_related("person")
    holders = {(membership.unit_id, membership.post): membership.person.name for membership in held}
    words = {}
    for queue in queues:
        if queue.caller_post:
            post = Post(queue.caller_post).label
            holder = holders.get((queue.unit_id, queue.caller_post))
            words[queue.pk] = f"{holder}, {post}" if holder else f"{post}: nobody holds this post"
        elif queue.allocator_role:
            words[queue.pk] = f"allocated by each {queue.allocator_role}"
        else:
            words[queue.pk] = "any member of staff"
    return words
