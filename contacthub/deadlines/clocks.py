"""When a clock that was set, and stood now and then, runs out; and when people hear of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from contacthub.deadlines.working_time import Target, WorkingTime

# Warnings go out at half-time and when a tenth is left.
WARN_WHEN_LEFT = (2, 10)


class Step(StrEnum):
    WARNING = "warning"
    ESCALATION = "escalation"


@dataclass(frozen=True)
class Stand:
    """The clock stood from one moment to the other; without an end it stands still."""

    began_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Extension:
    """At a moment a later one was agreed, whatever the target and the calendar say."""

    began_at: datetime
    due_at: datetime


@dataclass(frozen=True)
class Leg:
    """The clock ran from `start`, with so much of its time left, and was due at `due_at` while it ran."""

    start: datetime
    left: timedelta
    due_at: datetime


def legs(target: Target, set_at: datetime, turns: Iterable[Stand | Extension], calendar: WorkingTime) -> list[Leg]:
    """Return how a clock ran: one leg from the start, one from each extension, and one from the end of each stand.

    After a stand it goes on with what was left. What was late when it began to stand stays late: no stand moves its due
    moment.
    """
    found = [Leg(set_at, target.length, target.due_at(set_at, calendar))]
    for turn in turns:
        last = found[-1]
        if isinstance(turn, Extension):
            left = target.between(turn.began_at, turn.due_at, calendar)
            found.append(Leg(turn.began_at, left, turn.due_at))
        elif turn.ended_at and last.due_at > turn.began_at:
            left = target.between(turn.began_at, last.due_at, calendar)
            found.append(Leg(turn.ended_at, left, target.after(turn.ended_at, left, calendar)))
    return found


def steps(
    target: Target, *, since: datetime, due_at: datetime, calendar: WorkingTime
) -> Iterator[tuple[datetime, Step]]:
    """Yield, without end, when people hear of a clock that has run since `since`, oldest first.

    Warned at half-time and when a tenth of the target is left; escalated at the moment, or as the next working day
    opens, and then every working day at 9am.
    """
    left = target.between(since, due_at, calendar)
    for share in WARN_WHEN_LEFT:
        if left > target.length / share:
            yield target.after(since, left - target.length / share, calendar), Step.WARNING
    if calendar.is_open(due_at):
        yield due_at, Step.ESCALATION
    for opening in calendar.openings_after(due_at):
        yield opening, Step.ESCALATION
