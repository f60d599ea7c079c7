from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from contacthub import formats
from contacthub.formats import Due

UK = ZoneInfo("Europe/London")


def uk(day, time="12:00", *, month=6, year=2026, fold=0):
    hour, minute = map(int, time.split(":"))
    return datetime(year, month, day, hour, minute, tzinfo=UK, fold=fold).astimezone(UTC)


NOW = uk(4, "11:00")  # a Thursday


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (uk(4, "00:00"), "12am"),
        (uk(4, "00:05"), "12:05am"),
        (uk(4, "09:00"), "9am"),
        (uk(4, "09:32"), "9:32am"),
        (uk(4, "11:59"), "11:59am"),
        (uk(4, "12:00"), "12pm"),
        (uk(4, "12:01"), "12:01pm"),
        (uk(4, "13:00"), "1pm"),
        (uk(4, "23:59"), "11:59pm"),
    ],
)
def test_time_of_day(at, words):
    assert formats.time_of_day(at) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 1, 15, 9, 30, tzinfo=UTC), "9:30am"),
        (datetime(2026, 7, 15, 9, 30, tzinfo=UTC), "10:30am"),
        # 29 March 2026: 1am is followed by 2am.
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "12:59am"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "2am"),
        # 25 October 2026: 1:30am comes twice.
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "1:30am"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "1:30am"),
        (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), "2am"),
    ],
)
def test_time_of_day_is_that_of_the_uk(at, words):
    assert formats.time_of_day(at) == words


def test_days():
    assert formats.day(uk(9)) == "Tuesday 9 June 2026"
    assert formats.day_and_time(NOW) == "Thursday 4 June 2026, 11am"
    assert formats.short_date(date(2026, 6, 4)) == "4 June 2026"


def test_a_moment_late_in_the_evening_in_summer_is_on_its_day_in_the_uk():
    at = datetime(2026, 6, 4, 23, 30, tzinfo=UTC)

    assert formats.day(at) == "Friday 5 June 2026"
    assert formats.short_date(at) == "5 June 2026"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (uk(4, "11:02"), "11:02am"),
        (uk(4, "00:00"), "12am"),
        (uk(3, "23:59"), "yesterday, 11:59pm"),
        (uk(3, "16:10"), "yesterday, 4:10pm"),
        (uk(2, "23:59"), "Tuesday 2 June, 11:59pm"),
        (uk(1, "09:00"), "Monday 1 June, 9am"),
        (uk(5, "09:25"), "tomorrow, 9:25am"),
        (uk(6, "00:00"), "Saturday 6 June, 12am"),
        (uk(1, "09:00", month=1), "Thursday 1 January, 9am"),
        (uk(31, "09:00", month=12, year=2025), "Wednesday 31 December 2025, 9am"),
        (uk(4, "09:00", year=2027), "Friday 4 June 2027, 9am"),
    ],
)
def test_moment(at, words):
    assert formats.moment(at, NOW) == words


def test_yesterday_of_new_year_needs_no_year():
    assert formats.moment(uk(31, "16:10", month=12, year=2025), uk(1, month=1)) == "yesterday, 4:10pm"


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=-5), "under a minute"),
        (timedelta(0), "under a minute"),
        (timedelta(seconds=59), "under a minute"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=35, seconds=59), "35 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=2, minutes=10), "2 h 10 min"),
        (timedelta(hours=23, minutes=59), "23 h 59 min"),
        (timedelta(hours=24), "1 day"),
        (timedelta(days=1, minutes=59), "1 day"),
        (timedelta(days=1, hours=19), "1 day 19 h"),
        (timedelta(days=2), "2 days"),
        (timedelta(days=2, hours=1), "2 days 1 h"),
        (timedelta(days=400, hours=23), "400 days 23 h"),
    ],
)
def test_waited(passed, words):
    assert formats.waited(NOW - passed, NOW) == words


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(seconds=1), "in under a minute, 11am"),
        (timedelta(seconds=59), "in under a minute, 11am"),
        (timedelta(minutes=1), "in 1 min, 11:01am"),
        (timedelta(minutes=44), "in 44 min, 11:44am"),
        (timedelta(minutes=59, seconds=59), "in 59 min, 11:59am"),
        (timedelta(hours=1), "in 1 h, 12pm"),
        (timedelta(hours=1, minutes=30), "in 1 h, 12:30pm"),
        (timedelta(hours=1, minutes=31), "in 2 h, 12:31pm"),
        (timedelta(hours=2, minutes=55), "in 3 h, 1:55pm"),
        (timedelta(hours=12, minutes=59), "in 13 h, 11:59pm"),
        (timedelta(hours=13), "tomorrow, 12am"),
        (timedelta(hours=22, minutes=25), "tomorrow, 9:25am"),
        (timedelta(days=2), "Saturday 6 June, 11am"),
        (timedelta(days=4, hours=22), "Tuesday 9 June, 9am"),
        (timedelta(days=365), "Friday 4 June 2027, 11am"),
    ],
)
def test_due(left, words):
    assert formats.due(NOW + left, NOW) == Due(words)


@pytest.mark.parametrize(
    ("over", "words"),
    [
        (timedelta(0), "Overdue by under a minute"),
        (timedelta(seconds=59), "Overdue by under a minute"),
        (timedelta(minutes=1), "Overdue by 1 min"),
        (timedelta(minutes=59, seconds=59), "Overdue by 59 min"),
        (timedelta(hours=1), "Overdue by 1 h"),
        (timedelta(hours=19, minutes=59), "Overdue by 19 h"),
        (timedelta(hours=23, minutes=59), "Overdue by 23 h"),
        (timedelta(days=1), "Overdue by 1 day"),
        (timedelta(days=1, hours=23), "Overdue by 1 day"),
        (timedelta(days=2), "Overdue by 2 days"),
        (timedelta(days=40), "Overdue by 40 days"),
    ],
)
def test_overdue(over, words):
    assert formats.due(NOW - over, NOW) == Due(words, overdue=True)


@pytest.mark.parametrize("due_at", [None, datetime(9999, 12, 31, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_no_due_time(due_at):
    assert formats.due(due_at, NOW) == Due("no due time")


def test_less_than_an_hour_is_in_minutes_across_midnight():
    assert formats.due(uk(5, "00:20"), uk(4, "23:50")) == Due("in 30 min, 12:20am")


def test_when_clocks_go_forward_the_missing_hour_is_not_counted():
    saturday_night = uk(29, "00:30", month=3)

    assert formats.due(uk(29, "02:15", month=3), saturday_night) == Due("in 45 min, 2:15am")
    assert formats.waited(saturday_night, uk(29, "03:00", month=3)) == "1 h 30 min"
    assert formats.moment(uk(28, "23:30", month=3), uk(29, "02:30", month=3)) == "yesterday, 11:30pm"


def test_when_clocks_go_back_the_hour_that_comes_twice_is_counted_twice():
    first, second = uk(25, "01:30", month=10), uk(25, "01:30", month=10, fold=1)

    assert formats.due(second, first) == Due("in 1 h, 1:30am")
    assert formats.waited(uk(25, "00:30", month=10), uk(25, "02:30", month=10)) == "3 h"
    assert formats.due(uk(25, "23:30", month=10), uk(25, "00:00", month=10)) == Due("in 24 h, 11:30pm")
    assert formats.moment(uk(24, "23:30", month=10), second) == "yesterday, 11:30pm"


@pytest.mark.parametrize(
    ("seconds", "clock", "words"),
    [(0, "0:00:00", "0 s"), (108, "0:01:48", "1 min 48 s"), (3725, "1:02:05", "62 min 5 s")],
)
def test_how_long_a_call_goes_on_and_took(seconds, clock, words):
    passed = timedelta(seconds=seconds)

    assert (formats.clock_time(passed), formats.lasted(passed)) == (clock, words)


@pytest.mark.parametrize(
    ("name", "most", "words"),
    [("short.pdf", 9, "short.pdf"), ("longer.pdf", 9, "long….pdf"), ("x" * 61, 60, f"{'x' * 30}…{'x' * 29}")],
)
def test_a_name_that_is_too_long_loses_its_middle(name, most, words):
    assert formats.shortened(name, most=most) == words
    assert len(words) <= most
