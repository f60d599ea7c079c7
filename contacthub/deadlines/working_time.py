"""Working time: Monday to Friday, 9am to 5pm UK time, less the days off of the nation (XC-03)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

UK = ZoneInfo("Europe/London")
OPENS = time(9)
CLOSES = time(17)
SATURDAY = 5

IsDayOff = Callable[[date], bool]


@dataclass(frozen=True)
class Target:
    """How long something may take: working days, or hours that run on through nights and weekends."""

    working_days: int = 0
    hours: int = 0

    def __post_init__(self) -> None:
        if (self.working_days > 0) == (self.hours > 0):
            raise ValueError("A target is a number of working days or of hours")

    def __str__(self) -> str:
        number, unit = (self.working_days, "working day") if self.working_days else (self.hours, "hour")
        return f"{number} {unit}" if number == 1 else f"{number} {unit}s"

    def due_at(self, start: datetime, *, is_day_off: IsDayOff) -> datetime:
        """Return the moment, in UTC, at which something that starts at `start` is due."""
        if self.hours:
            return start + timedelta(hours=self.hours)
        local = _next_open(start.astimezone(UK), is_day_off)
        day = local.date()
        for _ in range(self.working_days):
            day = _next_working_day(day, is_day_off)
        return datetime.combine(day, local.time(), UK).astimezone(UTC)


def _next_open(local: datetime, is_day_off: IsDayOff) -> datetime:
    if _is_working_day(local.date(), is_day_off):
        if local.time() < OPENS:
            return datetime.combine(local.date(), OPENS, UK)
        if local.time() < CLOSES:
            return local
    return datetime.combine(_next_working_day(local.date(), is_day_off), OPENS, UK)


def _next_working_day(day: date, is_day_off: IsDayOff) -> date:
    day += timedelta(days=1)
    while not _is_working_day(day, is_day_off):
        day += timedelta(days=1)
    return day


def _is_working_day(day: date, is_day_off: IsDayOff) -> bool:
    return day.weekday() < SATURDAY and not is_day_off(day)
