from datetime import datetime, timedelta

import pytest

from contacthub.deadlines.ages import BANDS, Ageing
from tests.factories import MORNING

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def fits(due_at: datetime) -> list[Ageing]:
    """Return the bands whose span holds this due moment, both sides asked by hand."""
    left = due_at - MORNING
    return [
        band
        for band, (begins, ends) in BANDS.items()
        if (begins is None or left > begins) and (ends is None or left <= ends)
    ]


@pytest.mark.proves("CM-06")
@pytest.mark.parametrize(
    ("left", "band"),
    [
        (4 * HOUR + SECOND, Ageing.LATER),
        (4 * HOUR, Ageing.SOON),
        (SECOND, Ageing.SOON),
        (0 * HOUR, Ageing.OVERDUE),
        (-24 * HOUR + SECOND, Ageing.OVERDUE),
        (-24 * HOUR, Ageing.ONE_DAY),
        (-120 * HOUR + SECOND, Ageing.ONE_DAY),
        (-120 * HOUR, Ageing.FIVE_DAYS),
    ],
)
def test_what_is_due_in_so_long_is_in_one_band(left, band):
    assert Ageing.of(MORNING + left, MORNING) == band
    assert fits(MORNING + left) == [band]


def test_what_is_due_now_is_late():
    assert [band for band in Ageing if band.is_late] == [Ageing.OVERDUE, Ageing.ONE_DAY, Ageing.FIVE_DAYS]
