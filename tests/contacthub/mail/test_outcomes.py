"""What a message ends as is the same however its reports come: every order and repeat of them is tried."""

from datetime import timedelta
from itertools import pairwise, product

import pytest

from contacthub.mail.outcomes import is_of_attempt, looks_again_at, plain_id, state_after, words_for
from tests.factories import MORNING


def after(state: str, *told: str) -> str:
    for one in told:
        state = state_after(state, one)
    return state


@pytest.mark.parametrize("number", range(6))
def test_however_reports_come_the_same_reports_end_alike(number):
    for told in product(["delivered", "failed"], repeat=number):
        ends = {(): "accepted", ("delivered",): "delivered"}.get(tuple(sorted(set(told))), "failed")

        assert after("accepted", *told) == ends, told


@pytest.mark.parametrize(
    ("state", "told", "then"),
    [
        ("accepted", "delivered", "delivered"),
        ("accepted", "failed", "failed"),
        ("delivered", "failed", "failed"),  # their server took it, and returned it later
        ("failed", "delivered", "failed"),  # somebody was told to act
        ("delivered", "delivered", "delivered"),
        ("failed", "failed", "failed"),
        *((state, told, state) for state in ("queued", "sending") for told in ("delivered", "failed")),
    ],
)
def test_each_state_after_each_report(state, told, then):
    assert state_after(state, told) == then


@pytest.mark.parametrize(
    ("happened", "reason", "said", "words"),
    [
        ("bounced", "bounced", "550 5.1.1 No such user", "The address takes no email: 550 5.1.1 No such user"),
        ("rejected", "invalid", None, "The address is not valid"),
        ("bounced", "other", "554 policy", "Their mail server refused it: 554 policy"),
        ("bounced", None, "  a\n b\0 \ud800", "Their mail server refused it: a b ?"),
        ("rejected", None, None, "The mail provider did not send it"),
        ("failed", None, "x" * 5000, "The mail provider could not send it: " + "x" * 1000),
    ],
)
def test_why_it_failed_is_said_in_plain_words_before_what_was_said(happened, reason, said, words):
    assert words_for(happened, reason=reason, said=said) == words


def test_an_id_is_kept_as_postgres_takes_it():
    assert plain_id("a\0b\ud800" + "c" * 300) == "ab?" + "c" * 247


def test_a_message_that_is_not_known_yet_is_looked_for_after_longer_and_longer_gaps_for_a_day():
    moments, at = [], MORNING
    while at is not None and len(moments) < 50:
        moments.append(at)
        at = looks_again_at(heard_at=MORNING, at=at)

    gaps = [later - sooner for sooner, later in pairwise(moments)]
    assert gaps[:3] == [timedelta(seconds=seconds) for seconds in (10, 10, 20)]
    assert gaps == sorted(gaps)
    assert timedelta(days=1) <= moments[-1] - MORNING < timedelta(days=2)


@pytest.mark.parametrize(("seconds", "is_of_it"), [(-31, False), (-30, True), (0, True), (3600, True)])
def test_a_report_from_before_an_attempt_is_not_of_it(seconds, is_of_it):
    heard_at = MORNING + timedelta(seconds=seconds)

    assert is_of_attempt(heard_at=heard_at, tried_at=MORNING) is is_of_it
