"""Clocks that stand and go on, and when people hear of them. 3 June 2026 is a Wednesday."""

from datetime import timedelta
from itertools import islice

import pytest

from contacthub.deadlines.clocks import Stand, Step, legs, steps
from contacthub.deadlines.working_time import Target
from tests.contacthub.deadlines.calendar import ENGLAND, SCOTLAND, uk

ONE_DAY, THREE_DAYS, ONE_HOUR, TWO_DAYS_ELAPSED = (
    Target(working_days=1),
    Target(working_days=3),
    Target(hours=1),
    Target(hours=48),
)
WARNING, ESCALATION = Step.WARNING, Step.ESCALATION


def due(target, set_at, *stands, calendar=ENGLAND):
    stood = [Stand(uk(began), uk(ended) if ended else None) for began, ended in stands]
    return legs(target, uk(set_at), stood, calendar)[-1].due_at


@pytest.mark.parametrize(
    ("target", "set_at", "stands", "moment"),
    [
        # due Monday 8 June 10am; 3 hours are left on Friday at 3pm
        (THREE_DAYS, "2026-06-03 10:00", [("2026-06-05 15:00", "2026-06-08 11:00")], "2026-06-08 14:00"),
        # a pause outside working time moves nothing
        (THREE_DAYS, "2026-06-03 10:00", [("2026-06-05 18:00", "2026-06-07 12:00")], "2026-06-08 10:00"),
        # a pause over a bank holiday: due Tuesday 7 April 11am, 6 hours left on Thursday at 1pm
        (ONE_DAY, "2026-04-02 11:00", [("2026-04-02 13:00", "2026-04-07 09:00")], "2026-04-07 15:00"),
        # one that lasts no time moves nothing, whatever the hour
        (ONE_DAY, "2026-06-03 09:00", [("2026-06-03 12:00", "2026-06-03 12:00")], "2026-06-04 09:00"),
        (ONE_DAY, "2026-06-03 10:00", [("2026-06-03 10:00", "2026-06-03 10:00")], "2026-06-04 10:00"),
        # resumed at night: it goes on as offices open
        (ONE_DAY, "2026-06-03 10:00", [("2026-06-03 12:00", "2026-06-05 22:00")], "2026-06-08 15:00"),
        # two pauses: 6 h left, then 4 h left
        (
            ONE_DAY,
            "2026-06-03 10:00",
            [("2026-06-03 12:00", "2026-06-04 12:00"), ("2026-06-04 14:00", "2026-06-08 09:00")],
            "2026-06-08 13:00",
        ),
        # what is late when the clock begins to stand stays late
        (ONE_DAY, "2026-06-03 10:00", [("2026-06-04 11:00", "2026-06-08 11:00")], "2026-06-04 10:00"),
        # elapsed time: also at night and over the weekends on which the clocks change
        (ONE_HOUR, "2026-06-06 22:00", [("2026-06-06 22:40", "2026-06-07 03:00")], "2026-06-07 03:20"),
        (TWO_DAYS_ELAPSED, "2026-03-28 12:00", [], "2026-03-30 13:00"),
        (TWO_DAYS_ELAPSED, "2026-10-24 12:00", [], "2026-10-26 11:00"),
        (TWO_DAYS_ELAPSED, "2026-03-28 12:00", [("2026-03-28 13:00", "2026-03-29 13:00")], "2026-03-31 12:00"),
        # working time over those weekends
        (ONE_DAY, "2026-03-27 16:00", [("2026-03-27 16:30", "2026-03-30 09:30")], "2026-03-31 09:00"),
        (ONE_DAY, "2026-10-23 16:00", [("2026-10-23 16:30", "2026-10-26 09:30")], "2026-10-27 09:00"),
    ],
)
def test_a_clock_goes_on_with_what_was_left(target, set_at, stands, moment):
    assert due(target, set_at, *stands) == uk(moment)


def test_a_clock_that_stands_has_had_no_leg_since():
    stands = [Stand(uk("2026-06-03 12:00"))]

    assert len(legs(ONE_DAY, uk("2026-06-03 10:00"), stands, ENGLAND)) == 1


def test_what_was_left_is_said_in_its_own_time():
    stands = [Stand(uk("2026-06-05 15:00"), uk("2026-06-08 11:00"))]

    assert [leg.left for leg in legs(THREE_DAYS, uk("2026-06-03 10:00"), stands, ENGLAND)] == [
        timedelta(hours=24),
        timedelta(hours=3),
    ]


@pytest.mark.parametrize(
    ("target", "since", "due_at", "heard"),
    [
        # 24 working hours: half on Thursday 2pm, 2 h 24 min before the end on Friday 3:36pm
        (
            THREE_DAYS,
            "2026-06-03 10:00",
            "2026-06-08 10:00",
            [
                ("2026-06-04 14:00", WARNING),
                ("2026-06-05 15:36", WARNING),
                ("2026-06-08 10:00", ESCALATION),
                ("2026-06-09 09:00", ESCALATION),
                ("2026-06-10 09:00", ESCALATION),
            ],
        ),
        # Saturday night: warned at once, escalated when people are there, Monday at 9am
        (
            ONE_HOUR,
            "2026-06-06 22:00",
            "2026-06-06 23:00",
            [
                ("2026-06-06 22:30", WARNING),
                ("2026-06-06 22:54", WARNING),
                ("2026-06-08 09:00", ESCALATION),
                ("2026-06-09 09:00", ESCALATION),
            ],
        ),
        # 48 hours that end on a Sunday
        (
            TWO_DAYS_ELAPSED,
            "2026-06-05 14:00",
            "2026-06-07 14:00",
            [
                ("2026-06-06 14:00", WARNING),
                ("2026-06-07 09:12", WARNING),
                ("2026-06-08 09:00", ESCALATION),
            ],
        ),
        # the day after the moment is a bank holiday
        (
            ONE_HOUR,
            "2026-05-01 15:00",
            "2026-05-01 16:00",
            [
                ("2026-05-01 15:30", WARNING),
                ("2026-05-01 15:54", WARNING),
                ("2026-05-01 16:00", ESCALATION),
                ("2026-05-05 09:00", ESCALATION),
            ],
        ),
        # due as offices open: that morning's escalation is the moment's
        (
            ONE_DAY,
            "2026-06-03 09:00",
            "2026-06-04 09:00",
            [
                ("2026-06-03 13:00", WARNING),
                ("2026-06-03 16:12", WARNING),
                ("2026-06-04 09:00", ESCALATION),
                ("2026-06-05 09:00", ESCALATION),
            ],
        ),
        # went on with 3 of 8 hours left: half-time is over
        (
            ONE_DAY,
            "2026-06-03 09:00",
            "2026-06-03 12:00",
            [("2026-06-03 11:12", WARNING), ("2026-06-03 12:00", ESCALATION)],
        ),
        # went on with less than a tenth left
        (ONE_DAY, "2026-06-03 09:00", "2026-06-03 09:30", [("2026-06-03 09:30", ESCALATION)]),
    ],
)
def test_people_hear_of_a_clock(target, since, due_at, heard):
    found = steps(target, since=uk(since), due_at=uk(due_at), calendar=ENGLAND)

    assert list(islice(found, len(heard))) == [(uk(moment), step) for moment, step in heard]


def test_escalation_waits_for_the_nation_s_working_day():
    found = steps(ONE_HOUR, since=uk("2026-11-29 10:00"), due_at=uk("2026-11-29 11:00"), calendar=SCOTLAND)

    assert list(islice(found, 3))[-1] == (uk("2026-12-01 09:00"), ESCALATION)
