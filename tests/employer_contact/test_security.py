"""Security questions of a telephone contact. Expected values are worked out by hand from the procedure."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from random import Random

import pytest

from employer_contact.security import (
    AGENT_QUESTIONS,
    EMPLOYER_QUESTIONS,
    AfterFailure,
    AgentAnswers,
    Check,
    EmployerAnswers,
    Outcome,
    draw,
    gate,
    held_values,
    lead_is_told,
    result,
    start,
    substitute,
    unlocks,
)
from employer_contact.terms import Channel, Direction
from tests.factories import MORNING

C, W, N = Outcome.CORRECT, Outcome.WRONG, Outcome.NOT_KNOWN
PASSED, FAILED, OPEN, NOT_REQUIRED = Check.PASSED, Check.FAILED, Check.ASKED_FOR, Check.NOT_REQUIRED
SEVEN = [
    "e_additional_phones", "e_fax", "e_email", "e_contact_names", "e_pay_dates", "e_voicemail", "e_payroll_address",
]  # fmt: skip
FIVE = ["a_earn", "a_address1", "a_postcode", "a_phone", "a_email"]
WHOLE = EmployerAnswers(
    additional_telephones=["+441632960121", "+447700900364"],
    fax="+441632960129",
    email="payroll@brindlewick.example",
    contact_names=["Orla Pettigrew", "Tomasz Żurawski"],
    pay_day=28,
    cut_off_day=20,
    voicemail_authorised=True,
    payroll_address="Unit 4, Old Maltings\nMillbrack\nZZ99 3AA",
)


def asked(*outcomes: Outcome | None) -> dict[str, Outcome | None]:
    return {f"q{number}": outcome for number, outcome in enumerate(outcomes, 1)}


def holding(number: int) -> list[str]:
    return [f"q{n}" for n in range(1, number + 1)]


class TestHeld:
    @pytest.mark.proves("EC-16", "EC-17", "EC-18", "EC-19")
    def test_an_employer_is_asked_from_the_seven_in_their_order(self):
        assert list(EMPLOYER_QUESTIONS) == SEVEN
        assert held_values(WHOLE) == {
            "e_additional_phones": "01632 960121, 07700 900364",
            "e_fax": "01632 960129",
            "e_email": "payroll@brindlewick.example",
            "e_contact_names": "Orla Pettigrew, Tomasz Żurawski",
            "e_pay_dates": "Pay date 28, cut off 20",
            "e_voicemail": "Yes, messages may be left",
            "e_payroll_address": "Unit 4, Old Maltings\nMillbrack\nZZ99 3AA",
        }

    @pytest.mark.proves("EC-21")
    def test_an_agent_is_asked_from_the_five(self):
        held = AgentAnswers("EA9000001", "3 Corn Street", "ZZ99 1AA", "+442079460391", "post@quillmarch.example")

        assert list(AGENT_QUESTIONS) == FIVE
        assert held_values(held) == {
            "a_earn": "EA9000001",
            "a_address1": "3 Corn Street",
            "a_postcode": "ZZ99 1AA",
            "a_phone": "020 7946 0391",
            "a_email": "post@quillmarch.example",
        }

    @pytest.mark.proves("EC-22")
    @pytest.mark.parametrize("account", [EmployerAnswers(), AgentAnswers(), EmployerAnswers(payroll_address=" \n")])
    def test_nothing_held_is_no_proof(self, account):
        assert held_values(account) == {}

    @pytest.mark.parametrize("part", [{"pay_day": 28}, {"cut_off_day": 20}])
    def test_pay_date_needs_both_parts(self, part):
        assert held_values(EmployerAnswers(**part)) == {}

    def test_no_voicemail_is_something_held(self):
        assert held_values(EmployerAnswers(voicemail_authorised=False)) == {"e_voicemail": "No, no messages"}


class TestStart:
    @pytest.mark.proves("EC-14", "EC-15", "EC-65", "AMB-13")
    @pytest.mark.parametrize(("channel", "direction"), [*product(Channel, Direction)])
    def test_only_a_call_that_comes_in_is_checked(self, channel, direction):
        check, why = start(channel, direction)

        if channel != Channel.TELEPHONE:
            assert (check, why) == (NOT_REQUIRED, "Not required: not a telephone contact")
        elif direction == Direction.OUTBOUND:
            assert (check, why) == (NOT_REQUIRED, "Not required: we called them")
        else:
            assert (check, why) == (OPEN, "")

    @pytest.mark.parametrize("direction", Direction)
    def test_a_call_that_they_asked_for_is_checked(self, direction):
        assert start(Channel.TELEPHONE, direction, on_callback=True) == (OPEN, "")

    @pytest.mark.proves("EC-14", "AMB-12")
    @pytest.mark.parametrize(
        ("check", "is_open"), [(OPEN, False), (FAILED, False), (PASSED, True), (NOT_REQUIRED, True)]
    )
    def test_nothing_is_done_before_the_check_is_passed(self, check, is_open):
        refused = gate(check)

        assert unlocks(check) is is_open
        assert (refused and (refused.code, refused.message)) == (
            None if is_open else ("security_required", "Complete the security questions before taking any action")
        )

    @pytest.mark.proves("AMB-12")
    def test_after_a_failed_check_a_letter_or_a_call_back_is_offered(self):
        assert [offer.label for offer in AfterFailure] == [
            "Send a letter to the address held",
            "Call back on a number we hold",
        ]


class TestDrawing:
    @pytest.mark.proves("EC-22")
    @pytest.mark.parametrize("seed", range(20))
    def test_three_different_ones_of_those_held(self, seed):
        drawn = draw(SEVEN, rng=Random(seed))

        assert len(set(drawn)) == len(drawn) == 3
        assert set(drawn) <= set(SEVEN)

    def test_each_comes_up_and_the_order_differs(self):
        drawn = [tuple(draw(SEVEN, rng=Random(seed))) for seed in range(200)]

        assert {code for three in drawn for code in three} == set(SEVEN)
        assert {three[0] for three in drawn} == set(SEVEN)

    @pytest.mark.parametrize("order", [SEVEN, SEVEN[::-1]])
    def test_chance_alone_decides_and_not_the_order_of_the_record(self, order):
        assert draw(order, rng=Random(4)) == draw(SEVEN, rng=Random(4))

    def test_two_held_are_all_that_can_be_asked(self):
        assert sorted(draw(["e_fax", "e_email"], rng=Random(1))) == ["e_email", "e_fax"]


class TestSubstitutes:
    @pytest.mark.proves("AMB-11")
    @pytest.mark.parametrize(
        ("outcomes", "is_due"),
        [
            ((None, None, None), False),
            ((C, C, None), False),
            ((W, None, None), True),
            ((N, None, None), True),
            ((W, C, C, None), False),  # the substitute has no answer yet
            ((W, C, C, W), True),
            ((W, N, None), True),
            ((W, N, C, None), True),  # two missed, one replaced so far
            ((W, N, C, C, None), False),
            ((W, W, C, C, W), False),  # two substitutes at most
        ],
    )
    def test_each_missed_answer_brings_one_and_two_are_all(self, outcomes, is_due):
        found = substitute(holding(7), asked(*outcomes), rng=Random(3))

        assert (found is not None) is is_due
        assert found not in asked(*outcomes)

    def test_none_comes_where_nothing_more_is_held(self):
        assert substitute(holding(3), asked(W, None, None), rng=Random(3)) is None


class TestResult:
    @pytest.mark.proves("AMB-11", "EC-22")
    @pytest.mark.parametrize(
        ("held", "outcomes", "expected"),
        [
            (7, (None, None, None), OPEN),
            (7, (C, C, None), OPEN),
            (7, (C, C, C), PASSED),
            (3, (C, C, C), PASSED),
            (3, (C, C, W), FAILED),
            (3, (N, None, None), FAILED),
            (4, (C, W, C), OPEN),
            (4, (C, W, C, C), PASSED),
            (4, (C, W, C, N), FAILED),
            (4, (W, N, None), FAILED),
            (5, (W, N, C), OPEN),
            (5, (W, N, C, C), OPEN),
            (5, (W, N, C, C, C), PASSED),
            (5, (W, N, C, C, W), FAILED),
            (7, (W, N, W), FAILED),
            (7, (C, C, W, W, W), FAILED),
            (7, (C, C, W, W, C), PASSED),
            (2, (), FAILED),
            (2, (C, C), FAILED),
            (0, (), FAILED),
        ],
    )
    def test_three_correct_pass_and_what_can_no_longer_reach_them_fails(self, held, outcomes, expected):
        assert result(holding(held), asked(*outcomes)) == expected

    @pytest.mark.parametrize("held", range(8))
    def test_a_check_played_to_its_end_is_passed_by_three_correct_alone(self, held):
        for answers in product(Outcome, repeat=5):
            told, given = dict.fromkeys(draw(holding(held), rng=Random(0))), iter(answers)
            while (stands := result(holding(held), told)) == OPEN:
                unanswered = [code for code, outcome in told.items() if outcome is None]
                if not unanswered:
                    unanswered = [substitute(holding(held), told, rng=Random(0))]
                told[unanswered[0]] = next(given)

            assert stands == (PASSED if [*told.values()].count(C) == 3 else FAILED)
            assert len(told) <= min(held, 5)


@pytest.mark.parametrize(
    ("hours_ago", "is_told"),
    [([1, 2], False), ([0, 1, 23.9], True), ([0, 1, 24], False), ([0, 1, 2, 30], True), ([-1, 0, 1], False)],
)
def test_the_third_failed_check_in_24_hours_tells_the_lead(hours_ago, is_told):
    failed_at = [MORNING - timedelta(hours=hours) for hours in hours_ago]

    assert lead_is_told(failed_at, at=MORNING) is is_told
