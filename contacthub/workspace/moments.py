"""When something happened in the stories of the demo data: relative to now, so that the data never ages.

"25m", "3h"     so long ago
"3wd 10:15"     three working days ago, at this time in the UK
"40d 21:30"     40 days ago, at this time in the UK
"+12m", "+2h"   so long after the step before
"+1wd 09:40"    the next working day after the step before, at this time in the UK
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from contacthub.deadlines.working_time import WorkingTime
from contacthub.formats import UK, uk_day

MOMENT = re.compile(r"(\+?)(\d+)(m|h|d|wd)(?: (\d\d:\d\d))?")
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1)}
ONE_DAY = timedelta(days=1)


def moment(words: str, *, before: datetime, now: datetime, calendar: WorkingTime) -> datetime:
    """Return the moment, in UTC, that is written so; `before` is the one of the step before."""
    found = MOMENT.fullmatch(words)
    if found is None:
        raise ValueError(f"{words!r} is no moment")
    plus, count, unit, clock = found.groups()
    base, sign = (before, 1) if plus else (now, -1)
    if unit in UNITS:
        return base + sign * int(count) * UNITS[unit]
    day = _days_from(uk_day(base), sign * int(count), calendar if unit == "wd" else None)
    return datetime.combine(day, time.fromisoformat(clock), UK).astimezone(UTC)


def _days_from(day: date, count: int, calendar: WorkingTime | None) -> date:
    """Return the day so many days on, or back where negative; working days where there is a calendar."""
    step = ONE_DAY if count > 0 else -ONE_DAY
    for _ in range(abs(count)):
        day += step
        while calendar and not calendar.is_working_day(day):
            day += step
    return day
