"""What holds of every clock, whenever it starts: over nights, weekends, bank holidays, leap days, changed clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from contacthub.deadlines.clocks import Extension, Stand, Step, legs, steps
from contacthub.deadlines.working_time import WORKING_DAY, Target
from tests.contacthub.deadlines.calendar import ENGLAND, NORTHERN_IRELAND, SCOTLAND, UK

pytestmark = pytest.mark.proves("XC-03")
# Twelve years with three leap days, the Jubilee of 2022, and a Christmas on each day of the week.
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = some.timedeltas(timedelta(0), timedelta(days=12 * 365)).map(lambda later: FIRST + later)
CALENDARS = some.sampled_from([ENGLAND, SCOTLAND, NORTHERN_IRELAND])
WORKING = some.builds(Target, working_days=some.integers(1, 20))
ELAPSED = some.builds(Target, hours=some.integers(1, 96))
SPANS = some.timedeltas(timedelta(0), timedelta(days=9))
MANY = settings(max_examples=150, deadline=None)


@MANY
@given(MOMENTS, ELAPSED, CALENDARS)
def test_elapsed_hours_are_as_long_as_they_say_whatever_the_clocks_do(start, target, calendar):
    assert target.due_at(start, calendar) - start == timedelta(hours=target.hours)


@MANY
@given(MOMENTS, WORKING, CALENDARS)
def test_working_days_end_at_the_same_time_of_a_working_day_and_are_eight_hours_long(start, target, calendar):
    due, opening = target.due_at(start, calendar), calendar.next_open(start)

    assert calendar.is_open(due)
    assert due.astimezone(UK).time() == opening.astimezone(UK).time()
    assert calendar.between(start, due) == target.working_days * WORKING_DAY


@MANY
@given(MOMENTS, SPANS, WORKING, CALENDARS)
def test_who_starts_later_is_never_due_earlier(start, later, target, calendar):
    assert target.due_at(start + later, calendar) >= target.due_at(start, calendar)


@MANY
@given(MOMENTS, SPANS, CALENDARS)
def test_working_time_that_has_passed_is_found_again(start, span, calendar):
    assert calendar.between(start, calendar.after(start, span)) == span


@some.composite
def stood(draw):
    """A start and times at which its clock stood, one after the other."""
    start = at = draw(MOMENTS)
    stands = []
    for _ in range(draw(some.integers(0, 4))):
        began = at + draw(SPANS)
        at = began + draw(SPANS)
        stands.append(Stand(began, at))
    return start, stands


@MANY
@given(stood(), some.one_of(WORKING, ELAPSED), CALENDARS)
def test_a_clock_that_stood_runs_its_whole_time_and_no_longer(clock, target, calendar):
    start, stands = clock
    ran = legs(target, start, stands, calendar)

    due = ran[-1].due_at
    in_time = [stand for stand in stands if stand.ended_at in {leg.start for leg in ran[1:]}]
    running = sum((target.between(*turn, calendar) for turn in _running(start, in_time, due)), timedelta(0))
    assert running == target.length
    assert all(leg.left <= target.length for leg in ran)


def _running(start, stands, due):
    since = start
    for stand in stands:
        yield since, stand.began_at
        since = stand.ended_at
    yield since, max(since, due)


@MANY
@given(MOMENTS, SPANS, some.one_of(WORKING, ELAPSED), CALENDARS)
def test_a_stand_of_no_time_moves_nothing(start, later, target, calendar):
    at = start + later

    moved = legs(target, start, [Stand(at, at)], calendar)[-1].due_at

    assert moved == target.due_at(start, calendar)


@MANY
@given(MOMENTS, SPANS, SPANS, some.one_of(WORKING, ELAPSED), CALENDARS)
def test_what_was_agreed_holds_until_the_clock_stands(start, later, ahead, target, calendar):
    agreed = Extension(start + later, start + later + ahead + timedelta(minutes=1))

    assert legs(target, start, [agreed], calendar)[-1].due_at == agreed.due_at


@MANY
@given(MOMENTS, some.one_of(WORKING, ELAPSED), CALENDARS)
def test_people_hear_in_order_and_of_what_is_overdue_in_office_hours(start, target, calendar):
    due = target.due_at(start, calendar)

    heard = list(islice(steps(target, since=start, due_at=due, calendar=calendar), 6))

    assert all(earlier < later for (earlier, _), (later, _) in pairwise(heard))
    assert all(start <= moment < due for moment, step in heard if step is Step.WARNING)
    overdue = [moment for moment, step in heard if step is Step.ESCALATION]
    assert all(moment >= due and calendar.is_open(moment) for moment in overdue)
    assert all(earlier.astimezone(UK).date() < later.astimezone(UK).date() for earlier, later in pairwise(overdue))
