"""How old the open calls of queues are (CM-05, CM-06, CM-33): counted by the database in one pass, whatever their number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Case, CharField, Count, Min, Q, Value, When

from contacthub.actor import Actor
from contacthub.callbacks.models import Attempt, Callback, Queue
from contacthub.callbacks.outcomes import BANDS, Ageing
from contacthub.formats import start_of_day, uk_day
from contacthub.people.models import Membership
from contacthub.people.roles import Post

LATE = frozenset({Ageing.OVERDUE, Ageing.ONE_DAY, Ageing.FIVE_DAYS})


@dataclass(frozen=True)
class Share:
    """Of the first attempts of this week: how many were made, and how many of them in time (7.2)."""

    made: int = 0
    in_time: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.made + other.made, self.in_time + other.in_time)


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


@dataclass(frozen=True)
class Bar:
    """A band: how many calls are in it, the width of its bar in hundredths of the longest, and the oldest call."""

    band: Ageing
    count: int
    width: int
    oldest: Callback | None

    @property
    def is_late(self) -> bool:
        return self.band in LATE


@dataclass(frozen=True)
class Figures:
    lines: list[Line]
    bars: list[Bar]
    share: Share

    @property
    def total(self) -> int:
        return sum(bar.count for bar in self.bars)

    @property
    def overdue(self) -> int:
        return sum(bar.count for bar in self.bars if bar.is_late)


def queues_of(actor: Actor) -> list[Queue]:
    """Return the queues whose calls the actor may see, by kind of unit and name."""
    seen = Queue.objects.visible_to(actor).select_related("unit", "lead")
    return list(seen.order_by("unit__kind", "unit__name", "pk"))


def figures_of(queues: Iterable[Queue], *, kind: str = "", at: datetime) -> Figures:
    """Count the open calls of these queues, of one kind or all: five queries, however many calls there are."""
    found = [*queues]
    callers = callers_in_words(found, at=at)
    lines = {
        queue.pk: Line(queue, callers[queue.pk], dict.fromkeys(Ageing, 0)) for queue in found
    }
    rows = Callback.objects.open().filter(queue__in=lines)
    if kind:
        rows = rows.filter(kind=kind)
    grouped = rows.order_by().values("queue_id", band=_band(at)).annotate(count=Count("pk"), oldest=Min("due_at"))
    for row in grouped:
        line, band = lines[row["queue_id"]], Ageing(row["band"])
        line.counts[band], line.oldest_due[band] = row["count"], row["oldest"]
    for queue_id, share in _shares(lines, at=at).items():
        lines[queue_id].share = share
    total = sum((line.share for line in lines.values()), Share())
    return Figures([*lines.values()], _bars([*lines.values()], rows), total)


def _band(at: datetime) -> Case:
    """Tell the band of a row by its due moment: the first that it does not come before."""
    bounds = sorted(((begins, band) for band, (begins, _) in BANDS.items() if begins is not None), reverse=True)
    oldest = next(band for band, (begins, _) in BANDS.items() if begins is None)
    whens = [When(due_at__gte=at + begins, then=Value(band.value)) for begins, band in bounds]
    return Case(*whens, default=Value(oldest.value), output_field=CharField())


def _bars(lines: list[Line], rows: object) -> list[Bar]:
    counts = {band: sum(line.counts[band] for line in lines) for band in Ageing}
    longest = max([*counts.values(), 1])
    oldest = _oldest(lines)
    return [Bar(band, count, round(100 * count / longest), oldest.get(band)) for band, count in counts.items()]
