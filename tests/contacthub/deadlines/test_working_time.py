"""Expected moments are worked out by hand from the calendar of 2026; all are UK times."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from contacthub.deadlines.services import is_bank_holiday
from contacthub.deadlines.working_time import Target

UK = ZoneInfo("Europe/London")
ONE_DAY, THREE_DAYS, ONE_HOUR = Target(working_days=1), Target(working_days=3), Target(hours=1)


def uk(words: str) -> datetime:
    return datetime.strptime(words, "%Y-%m-%d %H:%M").replace(tzinfo=UK)


@pytest.mark.proves("XC-03")
@pytest.mark.parametrize(
    ("target", "start", "due"),
    [
        # inside working time: the same time of day
        (ONE_DAY, "2026-06-03 10:00", "2026-06-04 10:00"),
        (THREE_DAYS, "2026-06-03 10:00", "2026-06-08 10:00"),
        # the edges of the day
        (ONE_DAY, "2026-06-03 08:59", "2026-06-04 09:00"),
        (ONE_DAY, "2026-06-03 09:00", "2026-06-04 09:00"),
        (ONE_DAY, "2026-06-03 16:59", "2026-06-04 16:59"),
        (ONE_DAY, "2026-06-03 17:00", "2026-06-05 09:00"),
        # weekends
        (ONE_DAY, "2026-06-05 12:00", "2026-06-08 12:00"),
        (ONE_DAY, "2026-06-06 22:00", "2026-06-09 09:00"),
        # bank holidays: Good Friday 3 and Easter Monday 6 April, Christmas, 28 December for Boxing Day
        (ONE_DAY, "2026-04-02 11:00", "2026-04-07 11:00"),
        (THREE_DAYS, "2026-12-24 11:00", "2026-12-31 11:00"),
        (ONE_DAY, "2026-04-03 11:00", "2026-04-08 09:00"),
        # the clocks go forward on 29 March and back on 25 October: the time of day stays
        (ONE_DAY, "2026-03-27 16:00", "2026-03-30 16:00"),
        (ONE_DAY, "2026-10-23 16:00", "2026-10-26 16:00"),
        # hours run on, also at night and at weekends
        (ONE_HOUR, "2026-06-06 22:30", "2026-06-06 23:30"),
    ],
)
def test_a_target_is_due(target, start, due):
    assert target.due_at(uk(start), is_day_off=is_bank_holiday) == uk(due)


def test_an_hour_is_an_hour_when_the_clocks_change():
    before = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)

    assert ONE_HOUR.due_at(before, is_day_off=is_bank_holiday) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_due_moment_is_given_in_utc():
    due = ONE_DAY.due_at(uk("2026-06-03 10:00"), is_day_off=is_bank_holiday)

    assert due.tzinfo is UTC
    assert due.hour == 9


@pytest.mark.parametrize(
    ("target", "words"), [(ONE_DAY, "1 working day"), (THREE_DAYS, "3 working days"), (ONE_HOUR, "1 hour")]
)
def test_a_target_says_itself_in_words(target, words):
    assert str(target) == words


@pytest.mark.parametrize("given", [{}, {"working_days": 1, "hours": 1}])
def test_a_target_is_either_days_or_hours(given):
    with pytest.raises(ValueError, match="working days or of hours"):
        Target(**given)


@pytest.mark.parametrize(
    ("day", "off"), [(date(2026, 5, 4), True), (date(2026, 5, 5), False), (date(2026, 12, 28), True)]
)
def test_bank_holidays_are_those_of_england_and_wales(day, off):
    assert is_bank_holiday(day) is off
