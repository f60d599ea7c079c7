"""The stories of the demo data: what people told the Helpdesk, and what came of it, written as they remember it.

A story is a table `[[incident]]` of a TOML file: when (`at`) and from whom (`by`) it came, the fields of an `Intake`,
and in `then` what was done with it, each step with the words of its service; `again_at` is a moment after its step.
`by` is a sign-in, or "public", or "jobseeker" and "employer" who were signed in at the site; `follows` names a customer
whom it goes on about. `mail` is what a mail server said to the email of that step: "550 ..." refuses it, "451 ..."
refuses it for now, "lost" breaks the connection.

Moments are written as `workspace/moments.py` reads them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contacthub.deadlines.working_time import WorkingTime
from contacthub.workspace.moments import moment

SUBMIT = "submit"


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


def _tidy(value: Any) -> Any:
    return value.strip("\n") if isinstance(value, str) else value
