"""The stories of the demo data: what people told the Helpdesk, and what came of it, written as they remember it.

A story is a table `[[incident]]` of a TOML file: when (`at`) and from whom (`by`) it came, the fields of an `Intake`,
and in `then` what was done with it, each step with the words of its service; `again_at` is a moment after its step.
`by` is a sign-in, or "public", or "jobseeker" and "employer" who were signed in at the site; `follows` names a customer
whom it goes on about. `mail` is what a mail server said to the email of that step: "550 ..." refuses it, "451 ..."
refuses it for now, "lost" breaks the connection.

Moments are relative to now, so that the data never ages:
    "25m", "3h"     so long ago
    "3wd 10:15"     three working days ago, at this time in the UK
    "40d 21:30"     40 days ago, at this time in the UK
    "+12m", "+2h"   so long after the step before
    "+1wd 09:40"    the next working day after the step before, at this time in the UK
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from contacthub.deadlines.working_time import WorkingTime
from contacthub.formats import UK, uk_day

SUBMIT = "submit"
MOMENT = re.compile(r"(\+?)(\d+)(m|h|d|wd)(?: (\d\d:\d\d))?")
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1)}
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Step:
    """Something that somebody did: `do` names the service, `given` holds its words, `story` numbers the incident."""

    story: int
    at: datetime
    by: str
    do: str
    given: dict[str, Any]
    server_said: tuple[str, ...] = ()


def read_stories(folder: Path, *, now: datetime, calendar: WorkingTime) -> list[Step]:
    """Return the steps of all stories in the order in which they happened.

    Raises ValueError where a story goes back in time, or beyond `now`.
    """
    told = [story for file in sorted(folder.glob("*.toml")) for story in tomllib.loads(file.read_text())["incident"]]
    steps = [step for number, story in enumerate(told) for step in _steps(number, story, now, calendar)]
    return sorted(steps, key=lambda step: step.at)


def _steps(number: int, story: dict[str, Any], now: datetime, calendar: WorkingTime) -> Iterator[Step]:
    then = story.pop("then", [])
    before = datetime.min.replace(tzinfo=UTC)
    for row in [{"do": SUBMIT, **story}, *then]:
        given = {name: _tidy(value) for name, value in row.items() if name not in ("at", "by", "do", "mail")}
        at = moment(row["at"], before=before, now=now, calendar=calendar)
        if not before < at <= now:
            raise ValueError(f"{row['at']!r} is out of order in the story of {story.get('customer_name') or story}")
        if "again_at" in given:
            given["again_at"] = moment(given["again_at"], before=at, now=now, calendar=calendar)
        yield Step(number, at, row["by"], row["do"], given, tuple(row.get("mail", ())))
        before = at


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


def _tidy(value: Any) -> Any:
    return value.strip("\n") if isinstance(value, str) else value
