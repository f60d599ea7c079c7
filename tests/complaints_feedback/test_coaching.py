"""Expected values are copied by hand from the procedure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from complaints_feedback.coaching import Discussion, Outcome, errors_in_discussion, errors_in_outcome

DELIVERED = datetime(2026, 6, 3, 11, 0, tzinfo=UTC)
NOW = DELIVERED + timedelta(hours=24)
WHOLE = Discussion(
    discussed_at=DELIVERED + timedelta(hours=20),
    how="One to one",
    place="At their desk",
    recordings=["VR-2231"],
    occurred="When the call was noted",
    resolution="By a reminder",
)
OUTCOME = Outcome(
    changes_agreed="A reminder each time",
    no_development_needs=True,
    one_to_one_month=date(2026, 6, 1),
    opportunity_explained=True,
)


def said(found):
    return [broken.words for broken in found]


@pytest.mark.proves("CF-07", "CF-08", "CF-41")
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, []),
        ({"discussed_at": None}, ["Enter when you discussed it"]),
        ({"discussed_at": NOW}, []),
        ({"discussed_at": NOW + timedelta(seconds=1)}, ["The time you discussed it must be in the past"]),
        ({"discussed_at": DELIVERED}, []),
        ({"discussed_at": DELIVERED - timedelta(seconds=1)},
         ["The time you discussed it must be after the feedback came, Wednesday 3 June 2026, 12pm"]),
        ({"how": " "}, ["Enter how you gave the feedback"]),
        ({"place": ""}, ["Enter where you gave the feedback"]),
        ({"recordings": []},
         ["Enter the Verint reference of each recording you listened to, or say why there is no recording"]),
        ({"recordings": [" "]},
         ["Enter the Verint reference of each recording you listened to, or say why there is no recording"]),
        ({"recordings": [], "no_recording": "The client wrote"}, []),
        ({"no_recording": "The client wrote"},
         ["Enter the Verint references or say that there is no recording, not both"]),
        ({"occurred": ""}, ["Enter where in the case the issue occurred"]),
        ({"resolution": ""}, ["Enter how it could have been resolved"]),
    ],
)  # fmt: skip
def test_what_is_missing_before_the_discussion_counts(given, words):
    assert said(errors_in_discussion(replace(WHOLE, **given), delivered_at=DELIVERED, at=NOW)) == words


NEEDS = {"no_development_needs": False, "development_needs": "Reminders"}


@pytest.mark.proves("CF-04", "CF-05", "CF-12", "CF-41")
@pytest.mark.parametrize(
    ("given", "has_plan", "words"),
    [
        ({}, False, []),
        ({"changes_agreed": " "}, False, ["Enter what changes you agreed"]),
        (NEEDS, True, []),
        (NEEDS, False,
         ["Make a development plan for these needs, or say that there are no development needs"]),
        ({"no_development_needs": False}, False,
         ["Enter the development needs, or say that there are no development needs"]),
        ({"development_needs": "Reminders"}, False,
         ["Enter the development needs or say that there are none, not both"]),
        ({}, True, ["Enter the development needs or say that there are none, not both"]),
        ({"one_to_one_month": None}, False, ["Select the month of the 1-2-1 in which you document it"]),
        ({"one_to_one_month": date(2026, 5, 1)}, False,
         ["The month of the 1-2-1 must be that of the discussion or later"]),
        ({"one_to_one_month": date(2026, 7, 1)}, False, []),
        ({"opportunity_explained": False}, False,
         ["Confirm that you explained that they had the opportunity to put the case right"]),
    ],
)  # fmt: skip
def test_what_is_missing_before_part_two_is_complete(given, has_plan, words):
    found = errors_in_outcome(replace(OUTCOME, **given), has_plan=has_plan, discussed_at=WHOLE.discussed_at)

    assert said(found) == words


@pytest.mark.proves("CF-05")
def test_the_month_is_that_of_the_uk():
    late = datetime(2026, 6, 30, 23, 10, tzinfo=UTC)  # 12:10am on 1 July

    found = errors_in_outcome(OUTCOME, has_plan=False, discussed_at=late)

    assert said(found) == ["The month of the 1-2-1 must be that of the discussion or later"]


NEW_YEAR = datetime(2027, 12, 31, 12, 0, tzinfo=UTC), datetime(2028, 1, 3, 12, 0, tzinfo=UTC)
LEAP = datetime(2028, 2, 28, 12, 0, tzinfo=UTC), datetime(2028, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "typed", "asked"),
    [
        (NEW_YEAR, datetime(2027, 1, 2, 9, 30, tzinfo=UTC), "Did you mean Sunday 2 January 2028, 9:30am?"),
        (NEW_YEAR, datetime(2028, 12, 31, 15, 0, tzinfo=UTC), "Did you mean Friday 31 December 2027, 3pm?"),
        (NEW_YEAR, datetime(2027, 12, 30, 15, 0, tzinfo=UTC), ""),
        (LEAP, datetime(2024, 2, 29, 9, 0, tzinfo=UTC), "Did you mean Tuesday 29 February 2028, 9am?"),
        ((DELIVERED, NOW), datetime(2024, 2, 29, 9, 0, tzinfo=UTC), ""),
    ],
)
def test_a_year_that_alone_is_wrong_is_asked_about(span, typed, asked):
    delivered_at, at = span

    [words] = said(errors_in_discussion(replace(WHOLE, discussed_at=typed), delivered_at=delivered_at, at=at))

    assert words.partition(". ")[2] == asked
