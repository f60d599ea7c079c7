from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from contacthub.deadlines.calendars import bank_holiday
from contacthub.deadlines.working_time import WorkingTime
from contacthub.people.models import Nation
from contacthub.workspace.moments import moment
from jobmatch_helpdesk.stories import read_stories

FOLDER = Path(settings.BASE_DIR, "fixtures", "demo", "jobmatch")
CALENDAR = WorkingTime(lambda day: bank_holiday(Nation.ENGLAND_AND_WALES, day))
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
BEFORE = datetime(2026, 11, 20, 16, 50, tzinfo=UTC)  # a Friday


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("25m", datetime(2026, 11, 23, 9, 5, tzinfo=UTC)),
        ("3h", datetime(2026, 11, 23, 6, 30, tzinfo=UTC)),
        ("1wd 16:20", datetime(2026, 11, 20, 16, 20, tzinfo=UTC)),
        ("2d 21:30", datetime(2026, 11, 21, 21, 30, tzinfo=UTC)),
        ("40d 10:00", datetime(2026, 10, 14, 9, 0, tzinfo=UTC)),  # summer time
        ("+12m", datetime(2026, 11, 20, 17, 2, tzinfo=UTC)),
        ("+1wd 09:40", datetime(2026, 11, 23, 9, 40, tzinfo=UTC)),
        ("+1d 09:40", datetime(2026, 11, 21, 9, 40, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_as_people_say_it(words, expected):
    assert moment(words, before=BEFORE, now=MONDAY, calendar=CALENDAR) == expected


def test_words_that_are_no_moment_are_refused():
    with pytest.raises(ValueError, match="no moment"):
        moment("yesterday", before=BEFORE, now=MONDAY, calendar=CALENDAR)


@pytest.mark.parametrize("step", ['"5h"', '"+2h"'])
def test_a_story_that_goes_back_in_time_or_beyond_now_is_refused(tmp_path, step):
    story = f'[[incident]]\nat = "1h"\nby = "public"\nthen = [{{ at = {step}, by = "agent", do = "take" }}]\n'
    (tmp_path / "one.toml").write_text(story)

    with pytest.raises(ValueError, match="out of order"):
        read_stories(tmp_path, now=MONDAY, calendar=CALENDAR)


# Each hour of the day comes up, with weekends, Christmas and the days after it.
STARTS = [datetime(2026, 12, 17, 0, 3, tzinfo=UTC) + number * timedelta(hours=25) for number in range(25)]


@pytest.mark.parametrize("now", STARTS, ids=lambda now: f"{now:%a %d %H:%M}")
def test_the_stories_hold_whenever_the_demo_is_started(now):
    steps = read_stories(FOLDER, now=now, calendar=CALENDAR)

    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert steps[-1].at <= now
