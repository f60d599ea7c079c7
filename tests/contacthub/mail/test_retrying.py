from datetime import timedelta

import pytest

from contacthub.mail.retrying import next_attempt
from tests.factories import MORNING


@pytest.mark.parametrize(
    ("attempts", "gap"),
    [
        (1, timedelta(minutes=1)),
        (2, timedelta(minutes=5)),
        (3, timedelta(minutes=15)),
        (4, timedelta(hours=1)),
        (5, timedelta(hours=3)),
        (6, timedelta(hours=6)),
        (7, timedelta(hours=12)),
    ],
)
def test_mail_refused_for_now_is_tried_again_with_growing_gaps(attempts, gap):
    assert next_attempt(attempts=attempts, at=MORNING) == MORNING + gap


def test_after_the_last_gap_it_is_given_up():
    assert next_attempt(attempts=8, at=MORNING) is None
