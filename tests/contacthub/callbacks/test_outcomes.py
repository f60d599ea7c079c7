"""When to ring again, and how old a call is: the numbers were copied by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from contacthub.callbacks.outcomes import Limits, Outcome, is_used_up, next_attempt
from contacthub.deadlines.working_time import WorkingTime

NO_HOLIDAYS = WorkingTime(lambda day: "")
TEN = datetime(2026, 6, 3, 9, 0, tzinfo=UTC)  # Wednesday, 10am in the UK


@pytest.mark.proves("CM-28")
@pytest.mark.parametrize(
    ("outcome", "again"),
    [
        (Outcome.SPOKE, None),
        (Outcome.NO_ANSWER, datetime(2026, 6, 3, 13, 0, tzinfo=UTC)),  # 4 working hours later, 2pm
        (Outcome.ENGAGED, datetime(2026, 6, 3, 13, 0, tzinfo=UTC)),
        (Outcome.LEFT_MESSAGE, datetime(2026, 6, 4, 9, 0, tzinfo=UTC)),  # next working day
        (Outcome.WRONG_NUMBER, datetime(2026, 6, 4, 9, 0, tzinfo=UTC)),
        (Outcome.NOT_IN_USE, datetime(2026, 6, 4, 9, 0, tzinfo=UTC)),
        (Outcome.RING_LATER, None),  # as agreed
    ],
)
def test_the_next_attempt_follows_from_the_outcome(outcome, again):
    assert next_attempt(outcome, at=TEN, limits=Limits(), calendar=NO_HOLIDAYS) == again


def test_four_working_hours_from_three_in_the_afternoon_are_eleven_the_next_morning():
    three = TEN + timedelta(hours=5)

    again = next_attempt(Outcome.NO_ANSWER, at=three, limits=Limits(), calendar=NO_HOLIDAYS)

    assert again == datetime(2026, 6, 4, 10, 0, tzinfo=UTC)


@pytest.mark.proves("CM-28")
@pytest.mark.parametrize(("unanswered", "used_up"), [(0, False), (1, False), (2, True), (3, True)])
def test_two_attempts_without_an_answer_use_up_the_limit(unanswered, used_up):
    assert is_used_up(unanswered, Limits()) is used_up
