"""Small numbers are hidden, and so is what tells them. Expected values by hand; the smallest shown is 5."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints_feedback.suppressing import Counted, Figures, Hidden, share, shown, shown_by_month, shown_of_total

SMALL, BESIDE = Hidden.SMALL, Hidden.BESIDE


@pytest.mark.parametrize(("number", "expected"), [(0, 0), (1, SMALL), (4, SMALL), (5, 5), (432, 432)])
def test_a_number_below_five_is_hidden_and_none_is_shown(number, expected):
    assert shown(number, smallest=5) == expected


def test_one_small_number_beside_a_total_hides_the_next_smallest():
    assert shown_of_total([62, 3, 58], smallest=5) == [62, BESIDE, BESIDE]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([62, 3, 2], [62, BESIDE, BESIDE]),
        ([62, 1, 1], [BESIDE, BESIDE, BESIDE]),  # two small ones that add up to 2 are 1 and 1
        ([62, 3, 0], [BESIDE, BESIDE, 0]),  # none is no cover
        ([62, 58, 0], [62, 58, 0]),
    ],
)
def test_what_is_hidden_adds_up_to_the_smallest_at_least(numbers, expected):
    assert shown_of_total(numbers, smallest=5) == expected


def test_a_month_with_few_late_shows_its_forms_alone():
    months = [Counted(62, 51, 11), Counted(71, 68, 3), Counted(58, 56, 2)]

    assert shown_by_month(months, smallest=5) == [
        Figures(62, 51, 11, 82),
        Figures(71, BESIDE, BESIDE, None),
        Figures(58, BESIDE, BESIDE, None),
    ]


def test_what_waits_is_not_worked_out_either():
    assert shown_by_month([Counted(30, 20, 8)], smallest=5) == [Figures(30, BESIDE, BESIDE, None)]


@pytest.mark.parametrize(
    ("in_time", "later", "expected"), [(51, 11, 82), (51, 4, None), (4, 51, None), (51, 0, 100), (0, 0, None)]
)
def test_a_share_that_tells_a_small_number_is_hidden(in_time, later, expected):
    assert share(in_time, later, smallest=5) == expected


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=12))
def test_no_small_number_follows_from_the_total(numbers):
    found = shown_of_total(numbers, smallest=5)

    hidden = [number for number, shown_as in zip(numbers, found, strict=True) if isinstance(shown_as, Hidden)]
    assert not any(0 < number < 5 for number in found if not isinstance(number, Hidden))
    assert not hidden or (len(hidden) > 1 and sum(hidden) >= 5) or sum(hidden) == sum(numbers)
