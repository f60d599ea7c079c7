"""Working time: Monday to Friday, 9am to 5pm UK time, less the days off of the nation (XC-03)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from contacthub.formats import UK, day_and_time

OPENS = time(9)
CLOSES = time(17)
WORKING_DAY = timedelta(hours=8)
SATURDAY = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingTime:
    """The working time of a nation. `day_off` gives the name of a day off, and "" of a day that is none.

    Moments come in any time zone and go out in UTC. The clocks change at night, so no working day is longer or shorter.
    """

    day_off: Callable[[date], str]

    def is_open(self, at: datetime) -> bool:
        local = at.astimezone(UK)
        return self.is_working_day(local.date()) and OPENS <= local.time() < CLOSES

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < SATURDAY and not self.day_off(day)

    def next_open(self, at: datetime) -> datetime:
        """Return this moment, or the next opening where it is outside working time."""
        if self.is_open(at):
            return at.astimezone(UTC)
        local = at.astimezone(UK)
        if local.time() < OPENS and self.is_working_day(local.date()):
            return _moment(local.date(), OPENS)
        return _moment(self.working_day_after(local.date()), OPENS)

    def closing_at(self, at: datetime) -> datetime:
        """Return when the working day of this moment closes; outside working time, that of the next one."""
        return _moment(self.next_open(at).astimezone(UK).date(), CLOSES)

    def working_day_after(self, day: date) -> date:
        day += ONE_DAY
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def days_before(self, at: datetime, days: int) -> datetime:
        """Return the same time so many working days before; on a day off, that of the last close before it."""
        local = at.astimezone(UK)
        day, time = local.date(), local.time()
        if not self.is_working_day(day):
            day, time = self.working_day_before(day), CLOSES
        for _ in range(days):
            day = self.working_day_before(day)
        return _moment(day, time)

    def working_day_before(self, day: date) -> date:
        day -= ONE_DAY
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def openings_after(self, at: datetime) -> Iterator[datetime]:
        """Yield 9am of each working day after this moment, without end."""
        opening = self.next_open(at)
        if self.is_open(at):
            opening = _moment(self.working_day_after(at.astimezone(UK).date()), OPENS)
        while True:
            yield opening
            opening = _moment(self.working_day_after(opening.astimezone(UK).date()), OPENS)

    def days_after(self, start: datetime, days: int) -> datetime:
        """Return the same time of day so many working days on; outside working time the next opening is the start."""
        local = self.next_open(start).astimezone(UK)
        day = local.date()
        for _ in range(days):
            day = self.working_day_after(day)
        return _moment(day, local.time())

    def after(self, start: datetime, span: timedelta) -> datetime:
        """Return the moment when so much working time has passed.

        What would end as a day closes ends as the next one opens: a working day that starts at 9am ends at 9am too.
        """
        at = self.next_open(start)
        while span >= (today := _moment(at.astimezone(UK).date(), CLOSES) - at):
            span -= today
            at = _moment(self.working_day_after(at.astimezone(UK).date()), OPENS)
        return at + span

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time from `start` to `end`; none where `end` comes first."""
        at, total = self.next_open(start), timedelta(0)
        while at < end:
            total += min(end, _moment(at.astimezone(UK).date(), CLOSES)) - at
            at = _moment(self.working_day_after(at.astimezone(UK).date()), OPENS)
        return total


@dataclass(frozen=True)
class Target:
    """How long something may take: working days, hours that run on through nights and weekends, or until a moment
    that was agreed.
    """

    working_days: int = 0
    hours: int = 0
    until: datetime | None = None

    def __post_init__(self) -> None:
        if [self.working_days > 0, self.hours > 0, self.until is not None].count(True) != 1:
            raise ValueError("A target is a number of working days, of hours, or a moment")

    def __str__(self) -> str:
        if self.until:
            return f"until {day_and_time(self.until)}"
        number, unit = (self.working_days, "working day") if self.working_days else (self.hours, "hour")
        return f"{number} {unit}" if number == 1 else f"{number} {unit}s"

    @property
    def is_elapsed(self) -> bool:
        return self.working_days == 0

    @property
    def length(self) -> timedelta:
        """Return how long it is in its own time, working or elapsed."""
        return timedelta(hours=self.hours) or self.working_days * WORKING_DAY

    def due_at(self, start: datetime, calendar: WorkingTime) -> datetime:
        """Return the moment, in UTC, at which something that starts at `start` is due."""
        if self.until:
            return self.until.astimezone(UTC)
        if self.is_elapsed:
            return start.astimezone(UTC) + self.length
        return calendar.days_after(start, self.working_days)

    def after(self, start: datetime, span: timedelta, calendar: WorkingTime) -> datetime:
        """Return the moment when so much of this target's time has passed."""
        return start.astimezone(UTC) + span if self.is_elapsed else calendar.after(start, span)

    def between(self, start: datetime, end: datetime, calendar: WorkingTime) -> timedelta:
        """Return how much of this target's time lies between two moments."""
        # In UTC: between two moments of one zone, Python takes no notice of a change of the clocks.
        return end.astimezone(UTC) - start.astimezone(UTC) if self.is_elapsed else calendar.between(start, end)


def _moment(day: date, of_day: time) -> datetime:
    return datetime.combine(day, of_day, UK).astimezone(UTC)
