"""The clock process is away now and then, and is killed in the middle of telling: no step is lost or told twice."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import accumulate, takewhile

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from contacthub.deadlines.calendars import calendar_of
from contacthub.deadlines.clocks import Step, steps
from contacthub.deadlines.models import Deadline
from contacthub.deadlines.services import set_deadline, take_step
from contacthub.deadlines.tasks import steps_due
from contacthub.deadlines.working_time import Target
from contacthub.people.models import Nation
from tests.contacthub.deadlines.calendar import uk
from tests.factories import IncidentFactory

pytestmark = pytest.mark.django_db
TARGETS = some.one_of(
    some.builds(Target, working_days=some.integers(1, 5)), some.builds(Target, hours=some.integers(1, 96))
)
# A year from the Friday before the clocks go forward, over Easter, Christmas and both changes of the clocks.
STARTS = some.timedeltas(timedelta(0), timedelta(days=365)).map(lambda later: uk("2026-03-27 08:00") + later)
AWAY = some.lists(
    some.tuples(some.timedeltas(timedelta(minutes=1), timedelta(days=4)), some.booleans()), min_size=1, max_size=8
)


SAID = {Step.WARNING: "warned", Step.ESCALATION: "escalated"}


class Killed(Exception):
    """The process dies before its transaction commits."""


def sweep(deadline: Deadline, at: datetime, *, is_killed: bool = False) -> None:
    if deadline.pk not in steps_due.find(at):
        return
    with suppress(Killed), transaction.atomic():
        take_step(deadline_id=deadline.pk, at=at)
        if is_killed:
            raise Killed


def heard(told) -> list[str]:
    return [what for what, *_ in told.heard if what in SAID.values()]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=STARTS, target=TARGETS, away=AWAY)
def test_each_time_the_clock_is_back_people_hear_the_newest_step_once(told, start, target, away):
    deadline = set_deadline(case=IncidentFactory().case, kind="first_reply", target=target, at=start)
    calendar = calendar_of(Nation.ENGLAND_AND_WALES).working_time
    planned = steps(target, since=start, due_at=deadline.due_at, calendar=calendar)
    back = accumulate((pause for pause, _ in away), initial=start)
    end = start + sum((pause for pause, _ in away), timedelta(0))
    moments = list(takewhile(lambda one: one[0] <= end, planned))
    heard_until = next(back)
    for at, (_, is_killed) in zip(back, away, strict=True):
        told.heard.clear()
        sweep(deadline, at, is_killed=is_killed)

        newest = [SAID[step] for moment, step in moments if heard_until < moment <= at][-1:]
        if newest == [SAID[Step.ESCALATION]] and not calendar.is_open(at):
            newest = []  # nobody is there to hear it: the next one comes as the office opens
        assert heard(told) == newest
        if not is_killed:
            heard_until = at
            sweep(deadline, at)
            assert heard(told) == newest
