"""Which steps of a plan wait for others, and what is left before its request can close."""

from __future__ import annotations

from dataclasses import replace

import pytest

from employer_contact.plans import CHANGES, Doing, Status, Step, faults, left_to_close, status_of, waits_for

CONFIRM, FIRST, SECOND, CLOSE = (
    Step(1, "Confirm", Doing.CONFIRM),
    Step(2, "Note"),
    Step(3, "Link", Doing.LINK_AGENT),
    Step(4, "Close", Doing.CLOSE),
)
PLAN = [CONFIRM, FIRST, SECOND, CLOSE]


def at(*statuses: Status) -> list[Step]:
    return [replace(step, status=status) for step, status in zip(PLAN, statuses, strict=True)]


N, P, D, X = Status.NOT_STARTED, Status.IN_PROGRESS, Status.COMPLETED, Status.NOT_NEEDED
LOCKED = Status.CANNOT_START_YET


@pytest.mark.proves("EC-28")
@pytest.mark.parametrize(
    ("statuses", "shown"),
    [
        ((N, N, N, N), (N, LOCKED, LOCKED, LOCKED)),
        ((P, N, N, N), (P, LOCKED, LOCKED, LOCKED)),
        ((D, N, N, N), (D, N, N, LOCKED)),
        ((X, N, N, N), (X, N, N, LOCKED)),
        ((D, N, P, N), (D, N, P, LOCKED)),
        ((D, D, X, N), (D, D, X, N)),
        ((D, X, D, D), (D, X, D, D)),
        ((N, P, N, N), (N, P, LOCKED, LOCKED)),  # reopened: what was begun is not taken back
    ],
)
def test_only_real_dependencies_are_locked(statuses, shown):
    steps = at(*statuses)

    assert tuple(status_of(step, steps) for step in steps) == shown


def test_the_steps_between_do_not_wait_for_each_other():
    steps = at(D, N, N, N)

    assert [waits_for(step, steps) for step in steps[1:3]] == [[], []]
    assert waits_for(steps[3], steps) == steps[1:3]


@pytest.mark.proves("EC-28")
@pytest.mark.parametrize(
    ("statuses", "left"), [((N, N, N, N), [1, 2, 3]), ((D, P, X, N), [2]), ((D, D, X, N), []), ((D, X, D, D), [])]
)
def test_what_is_left_before_it_closes(statuses, left):
    assert [step.number for step in left_to_close(at(*statuses))] == left


def test_the_statuses_are_five_in_their_words():
    assert Status.labels == ["Cannot start yet", "Not yet started", "In progress", "Completed", "Not needed"]


def test_the_changes_are_those_that_the_database_shows():
    assert {
        Doing.CHANGE_EMPLOYER,
        Doing.CHANGE_AGENT,
        Doing.LINK_AGENT,
        Doing.END_LINK,
        Doing.UPDATE_LINES,
    } == CHANGES


@pytest.mark.parametrize(
    ("steps", "closes", "expected"),
    [
        (PLAN, True, []),
        (PLAN[:3], False, []),
        ([], True, ["Add at least one step"]),
        (PLAN[:3], True, ["Make the last step, and no other, the one that closes"]),
        ([*PLAN, Step(5, "Note")], True, ["Make the last step, and no other, the one that closes"]),
        ([*PLAN, Step(5, "Close", Doing.CLOSE)], True, ["Make the last step, and no other, the one that closes"]),
        (PLAN, False, ["Take out the step that closes: this plan has no service request"]),
    ],
)
def test_a_plan_closes_in_its_last_step(steps, closes, expected):
    assert faults(steps, closes=closes) == expected
