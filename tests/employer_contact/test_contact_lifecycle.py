from __future__ import annotations

import pytest
from django_fsm import can_proceed

from employer_contact.lifecycle import ContactState as State
from employer_contact.models import Contact
from tests.factories import ContactFactory

OPEN = {
    State.STARTED, State.IDENTIFIED, State.SECURITY_PASSED, State.SECURITY_FAILED, State.SECURITY_NOT_REQUIRED,
    State.REASON_RECORDED,
}  # fmt: skip
MOVES = {
    "identify": {State.STARTED},
    "choose_again": OPEN - {State.STARTED},
    "pass_security": {State.IDENTIFIED},
    "fail_security": {State.IDENTIFIED},
    "skip_security": {State.IDENTIFIED},
    "record_reason": {State.SECURITY_PASSED, State.SECURITY_NOT_REQUIRED, State.REASON_RECORDED},
    "take_up_reasons": {State.SECURITY_PASSED, State.SECURITY_NOT_REQUIRED},
    "lose": OPEN,
    "expire": {State.STARTED},
    "resume": {State.ABANDONED},
    "resume_with_party": {State.ABANDONED},
    "finish": OPEN,
    "arrange_welsh": OPEN,
}


def test_table_names_every_move():
    assert {move.name for move in Contact().get_all_state_transitions()} == set(MOVES)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("name", MOVES)
def test_move_starts_only_from_the_states_in_the_table(name, state):
    contact = ContactFactory.build(state=state)

    assert can_proceed(getattr(contact, name), check_conditions=False) is (state in MOVES[name])
