"""How a due moment was worked out, in words for the people of its case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from contacthub.cases.models import Case
from contacthub.deadlines.calendars import calendar_of
from contacthub.deadlines.clocks import Extension, Leg, Stand, legs
from contacthub.deadlines.models import Deadline, Ending
from contacthub.deadlines.working_time import ONE_DAY, SATURDAY, WorkingTime
from contacthub.formats import HOUR, MINUTE, UK, day_and_time, short_date
from contacthub.people.models import Nation


@dataclass(frozen=True)
class Explanation:
    """What is due, when (None while the clock stands), where that stands, and the sum, one sentence a line."""

    url: str
    name: str
    due_at: datetime | None
    standing: str
    lines: list[str]


def explain(deadline: Deadline) -> Explanation:
    """Return how this deadline was worked out."""
    calendar = calendar_of(deadline.nation).working_time
    turns = deadline.turns
    stands_now = deadline.ended_at is None and any(isinstance(one, Stand) and not one.ended_at for one in turns[-1:])
    ran = legs(deadline.target, deadline.set_at, turns, calendar)
    lines = [_start(deadline, calendar), *_first_leg(deadline, ran[0], calendar)]
    after = {leg.start: leg for leg in ran[1:]}
    lines += [_turned(deadline, turn, after) for turn in turns]
    if ran[-1].due_at != deadline.due_at:
        lines.append(f"The days off have changed since; this kept its moment, {day_and_time(deadline.due_at)}.")
    return Explanation(
        url=deadline.get_absolute_url(),
        name=deadline.name,
        due_at=None if stands_now else deadline.due_at,
        standing=_standing(deadline, stands_now=stands_now),
        lines=lines,
    )


def explain_latest(case: Case, kind: str) -> Explanation | None:
    """Return how the latest deadline of this kind was worked out, for `deadlines/worked_out.html` beside its date."""
    deadline = Deadline.objects.newest(case, kind)
    return explain(deadline) if deadline else None


def _standing(deadline: Deadline, *, stands_now: bool) -> str:
    if deadline.ended_at is None:
        return "The clock stands: nothing is due until it goes on" if stands_now else "The clock runs"
    when = day_and_time(deadline.ended_at)
    if deadline.ending != Ending.MET:
        return f"{Ending(deadline.ending).label}, {when}"
    return f"Met {'in time' if deadline.ended_at <= deadline.due_at else 'late'}, {when}"


def _start(deadline: Deadline, calendar: WorkingTime) -> str:
    started = f"The clock started on {day_and_time(deadline.set_at)}"
    if deadline.target.is_elapsed or calendar.is_open(deadline.set_at):
        return f"{started}."
    opening = day_and_time(calendar.next_open(deadline.set_at))
    return f"{started}, outside working time, so it counts from the next opening: {opening}."


def _first_leg(deadline: Deadline, leg: Leg, calendar: WorkingTime) -> list[str]:
    due = day_and_time(leg.due_at)
    if deadline.until:
        return [f"The moment was agreed: {due}."]
    if deadline.target.is_elapsed:
        return [f"{deadline.target} later, nights, weekends and bank holidays counted: {due}."]
    lines = [
        f"{deadline.target} later, at the same time of day: {due}.",
        f"Working time is Monday to Friday, 9am to 5pm, less the days off of {Nation(deadline.nation).label}.",
    ]
    if skipped := _days_off(leg, calendar):
        lines.append(f"Days off in between: {', '.join(skipped)}.")
    return lines


def _days_off(leg: Leg, calendar: WorkingTime) -> list[str]:
    """Name the days off, besides weekends, from the start to the due moment."""
    on, last = leg.start.astimezone(UK).date(), leg.due_at.astimezone(UK).date()
    found = []
    while on < last:
        if on.weekday() < SATURDAY and (name := calendar.day_off(on)):
            found.append(f"{on:%A} {short_date(on)} ({name})")
        on += ONE_DAY
    return found


def _turned(deadline: Deadline, turn: Stand | Extension, after: Mapping[datetime, Leg]) -> str:
    if isinstance(turn, Extension):
        return f"It was extended on {day_and_time(turn.began_at)}: {day_and_time(turn.due_at)}."
    return _stood(deadline, turn, after.get(turn.ended_at) if turn.ended_at else None)


def _stood(deadline: Deadline, stand: Stand, leg: Leg | None) -> str:
    since = day_and_time(stand.began_at)
    if stand.ended_at is None:
        return f"The clock stands since {since}."
    stood = f"The clock stood from {since} to {day_and_time(stand.ended_at)}"
    if leg is None:
        return f"{stood}, when this was overdue already."
    kind = "time" if deadline.target.is_elapsed else "working time"
    return f"{stood}. It went on with the {_hours(leg.left)} of {kind} that were left: {day_and_time(leg.due_at)}."


def _hours(span: timedelta) -> str:
    hours, minutes = span // HOUR, span % HOUR // MINUTE
    return " ".join(filter(None, [f"{hours} h" if hours else "", f"{minutes} min" if minutes or not hours else ""]))
