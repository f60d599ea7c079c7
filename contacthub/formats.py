"""How dates, times and durations are written: UK time, British forms.

Moments come in any time zone; `now` is handed in by the door that read the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final, TypeGuard
from zoneinfo import ZoneInfo

import phonenumbers

UK: Final = ZoneInfo("Europe/London")
NEVER_YEAR: Final = 9999  # a due time in it stands for none
NO_DUE_TIME: Final = "no due time"
MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
UK_CALLING_CODE: Final = 44
NOON: Final = 12
EVENING: Final = 17


def time_of_day(at: datetime) -> str:
    """Return "9:32am", "9am" on the hour, "12pm" at noon and "12am" at midnight."""
    local = at.astimezone(UK)
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def day(at: datetime) -> str:
    """Return "Tuesday 9 June 2026"."""
    return _long(uk_day(at))


def day_and_time(at: datetime) -> str:
    """Return "Thursday 4 June 2026, 11am"."""
    return f"{day(at)}, {time_of_day(at)}"


def short_date(of: date) -> str:
    """Return "4 June 2026"; a moment is taken as its day in the UK."""
    on = uk_day(of) if isinstance(of, datetime) else of
    return f"{on.day} {on:%B} {on.year}"


def moment(at: datetime, now: datetime) -> str:
    """Return "11:02am" today, else "yesterday, 4:10pm", "Monday 1 June, 9am"; the year only where it is another one."""
    on, today = uk_day(at), uk_day(now)
    if on == today:
        return time_of_day(at)
    near = {today - DAY: "yesterday", today + DAY: "tomorrow"}
    words = near.get(on) or (_short(on) if on.year == today.year else _long(on))
    return f"{words}, {time_of_day(at)}"


def waited(since: datetime, now: datetime) -> str:
    """Return how long it has been: "under a minute", "35 min", "2 h 10 min", "1 day 19 h"."""
    passed = now - since
    if passed < MINUTE:
        return "under a minute"
    if passed < HOUR:
        return f"{passed // MINUTE} min"
    if passed < DAY:
        return _joined(f"{passed // HOUR} h", passed % HOUR // MINUTE, "min")
    return _joined(_days(passed // DAY), passed % DAY // HOUR, "h")


def clock_time(passed: timedelta) -> str:
    """Return "0:01:48": hours, minutes and seconds."""
    minutes, seconds = divmod(int(passed.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def lasted(passed: timedelta) -> str:
    """Return how long a call took: "46 s", "7 min 46 s"."""
    minutes, seconds = divmod(int(passed.total_seconds()), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def is_set(due_at: datetime | None) -> TypeGuard[datetime]:
    return due_at is not None and due_at.year < NEVER_YEAR


@dataclass(frozen=True)
class Due:
    words: str
    overdue: bool = False


def due(due_at: datetime | None, now: datetime) -> Due:
    """Say when something is due: "in 44 min, 11:44am", "tomorrow, 9:25am", "Overdue by 19 h"."""
    if not is_set(due_at):
        return Due(NO_DUE_TIME)
    left = due_at - now
    if left <= timedelta(0):
        return Due(f"Overdue by {_over(-left)}", overdue=True)
    if left < MINUTE:
        return Due(f"in under a minute, {time_of_day(due_at)}")
    if left < HOUR:
        return Due(f"in {left // MINUTE} min, {time_of_day(due_at)}")
    if uk_day(due_at) == uk_day(now):
        return Due(f"in {_nearest_hours(left)} h, {time_of_day(due_at)}")
    return Due(moment(due_at, now))


def _over(by: timedelta) -> str:
    """Round down, in one unit: the exact time stands on the record."""
    if by < MINUTE:
        return "under a minute"
    if by < HOUR:
        return f"{by // MINUTE} min"
    if by < DAY:
        return f"{by // HOUR} h"
    return _days(by // DAY)


def _nearest_hours(left: timedelta) -> int:
    """Round to the nearest hour, half an hour down; the exact time stands beside it."""
    return (left + timedelta(minutes=29)) // HOUR


def start_of_day(at: datetime) -> datetime:
    """Return the midnight, in UK time, with which the day of a moment began."""
    return at.astimezone(UK).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def uk_day(at: datetime) -> date:
    """Return the day that a moment belongs to in the UK."""
    return at.astimezone(UK).date()


def _short(on: date) -> str:
    return f"{on:%A} {on.day} {on:%B}"


def _long(on: date) -> str:
    return f"{_short(on)} {on.year}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _joined(large: str, small: int, unit: str) -> str:
    return f"{large} {small} {unit}" if small else large


@lru_cache(maxsize=4096)  # lists show the same ones again and again
def telephone(number: str) -> str:
    """Return a number kept as E.164 in groups, as people here write it: "01632 960983", "+353 1 234 5678"."""
    parsed = phonenumbers.parse(number, "GB")
    national = parsed.country_code == UK_CALLING_CODE
    style = phonenumbers.PhoneNumberFormat.NATIONAL if national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)


def money(amount: Decimal) -> str:
    """Return "£1,234.50"."""
    return f"£{amount:,.2f}"


def ordinal(number: int) -> str:
    """Return "1st", "22nd", "13th"."""
    is_teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if is_teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def greeting(at: datetime) -> str:
    """Return "Good morning" until noon in the UK, "Good afternoon" until 5pm, then "Good evening"."""
    hour = at.astimezone(UK).hour
    return "Good morning" if hour < NOON else "Good afternoon" if hour < EVENING else "Good evening"


def shortened(name: str, *, most: int = 60) -> str:
    """Return a name of at most so many characters: what is left out is in the middle, so that endings stay."""
    if len(name) <= most:
        return name
    kept = most - 1
    return f"{name[: kept - kept // 2]}…{name[-(kept // 2) :]}"
