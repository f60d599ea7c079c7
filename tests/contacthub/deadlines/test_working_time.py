"""Expected moments are worked out by hand from the calendar of 2026; all are UK times."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contacthub.deadlines.working_time import Target
from tests.contacthub.deadlines.calendar import ENGLAND, NORTHERN_IRELAND, SCOTLAND, uk

ONE_DAY, THREE_DAYS, ONE_HOUR = Target(working_days=1), Target(working_days=3), Target(hours=1)


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
    assert target.due_at(uk(start), ENGLAND) == uk(due)


@pytest.mark.proves("XC-03")
@pytest.mark.parametrize(
    ("at", "days", "since"),
    [
        ("2026-05-29 10:00", 5, "2026-05-21 10:00"),  # 25 May is a bank holiday
        ("2026-06-08 10:00", 1, "2026-06-05 10:00"),
        ("2026-06-06 12:00", 5, "2026-05-29 17:00"),  # on a Saturday: since the close of the Friday
        ("2026-03-30 16:00", 1, "2026-03-27 16:00"),
    ],
)
def test_so_many_working_days_before_is_the_same_time_of_day(at, days, since):
    assert ENGLAND.days_before(uk(at), days) == uk(since)


def test_an_hour_is_an_hour_when_the_clocks_change():
    before = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)

    assert ONE_HOUR.due_at(before, ENGLAND) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_due_moment_is_given_in_utc():
    due = ONE_DAY.due_at(uk("2026-06-03 10:00"), ENGLAND)

    assert due.tzinfo is UTC
    assert due.hour == 9


@pytest.mark.parametrize(
    ("target", "words"), [(ONE_DAY, "1 working day"), (THREE_DAYS, "3 working days"), (ONE_HOUR, "1 hour")]
)
def test_a_target_says_itself_in_words(target, words):
    assert str(target) == words


@pytest.mark.parametrize("given", [{}, {"working_days": 1, "hours": 1}, {"hours": 1, "until": datetime.now(UTC)}])
def test_a_target_is_days_hours_or_a_moment(given):
    with pytest.raises(ValueError, match="working days, of hours, or a moment"):
        Target(**given)


@pytest.mark.proves("XC-03")
@pytest.mark.parametrize(
    ("calendar", "start", "due"),
    [
        # Easter Monday, 6 April, is worked in Scotland
        (SCOTLAND, "2026-04-02 11:00", "2026-04-06 11:00"),
        (ENGLAND, "2026-04-02 11:00", "2026-04-07 11:00"),
        # 2 January 2026, a Friday, is a holiday in Scotland alone
        (SCOTLAND, "2025-12-31 10:00", "2026-01-05 10:00"),
        (ENGLAND, "2025-12-31 10:00", "2026-01-02 10:00"),
        # the summer holiday: the first Monday of August in Scotland, the last one elsewhere
        (SCOTLAND, "2026-07-31 11:00", "2026-08-04 11:00"),
        (ENGLAND, "2026-07-31 11:00", "2026-08-03 11:00"),
        (SCOTLAND, "2026-08-28 12:00", "2026-08-31 12:00"),
        (NORTHERN_IRELAND, "2026-08-28 12:00", "2026-09-01 12:00"),
        # St Andrew's Day, 30 November
        (SCOTLAND, "2026-11-27 12:00", "2026-12-01 12:00"),
        # St Patrick's Day, and 13 July for the Battle of the Boyne
        (NORTHERN_IRELAND, "2026-03-16 10:00", "2026-03-18 10:00"),
        (NORTHERN_IRELAND, "2026-07-10 10:00", "2026-07-14 10:00"),
        (ENGLAND, "2026-07-10 10:00", "2026-07-13 10:00"),
    ],
)
def test_the_bank_holidays_are_those_of_the_nation(calendar, start, due):
    assert ONE_DAY.due_at(uk(start), calendar) == uk(due)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-06-03 10:00", 2, "2026-06-03 12:00"),
        ("2026-06-05 16:00", 2, "2026-06-08 10:00"),
        ("2026-06-06 12:00", 1, "2026-06-08 10:00"),
        ("2026-06-03 09:00", 8, "2026-06-04 09:00"),
        ("2026-06-03 12:00", 0, "2026-06-03 12:00"),
        ("2026-06-03 20:00", 0, "2026-06-04 09:00"),
        # over the weekends on which the clocks change
        ("2026-03-27 16:00", 2, "2026-03-30 10:00"),
        ("2026-10-23 16:00", 2, "2026-10-26 10:00"),
    ],
)
def test_working_hours_run_while_offices_are_open(start, hours, end):
    assert ENGLAND.after(uk(start), timedelta(hours=hours)) == uk(end)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-06-03 10:00", "2026-06-03 12:00", 2),
        ("2026-06-05 16:00", "2026-06-08 10:00", 2),
        ("2026-06-06 10:00", "2026-06-07 10:00", 0),
        ("2026-04-02 16:00", "2026-04-07 10:00", 2),
        ("2026-06-04 10:00", "2026-06-03 10:00", 0),
        ("2026-03-27 16:00", "2026-03-30 10:00", 2),
        ("2026-10-23 16:00", "2026-10-26 10:00", 2),
    ],
)
def test_the_working_time_between_two_moments(start, end, hours):
    assert ENGLAND.between(uk(start), uk(end)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("at", "openings"),
    [
        ("2026-06-05 08:59", ["2026-06-05 09:00", "2026-06-08 09:00"]),
        ("2026-06-05 09:00", ["2026-06-08 09:00", "2026-06-09 09:00"]),
        ("2026-06-05 17:00", ["2026-06-08 09:00", "2026-06-09 09:00"]),
        ("2026-05-01 10:00", ["2026-05-05 09:00", "2026-05-06 09:00"]),
    ],
)
def test_offices_open_each_working_day_at_nine(at, openings):
    found = ENGLAND.openings_after(uk(at))

    assert [next(found), next(found)] == [uk(opening) for opening in openings]


@pytest.mark.parametrize(
    ("day", "name"),
    [(date(2026, 5, 4), "May Day"), (date(2026, 5, 5), ""), (date(2026, 12, 28), "Boxing Day (observed)")],
)
def test_a_day_off_has_a_name(day, name):
    assert ENGLAND.day_off(day) == name
