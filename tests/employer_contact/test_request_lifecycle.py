from __future__ import annotations

import pytest
from django_fsm import can_proceed

from employer_contact.lifecycle import RequestState as State
from employer_contact.models import ServiceRequest

NOT_ENDED = {State.OPEN, State.IN_PROGRESS, State.WAITING}
MOVES = {
    "begin": {State.OPEN},
    "wait": {State.IN_PROGRESS},
    "answer": {State.WAITING},
    "remind": {State.WAITING},
    "complete": {State.IN_PROGRESS},
    "cancel": NOT_ENDED,
    "reopen": {State.COMPLETED},
}


def test_table_names_every_move():
    assert {move.name for move in ServiceRequest().get_all_state_transitions()} == set(MOVES)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("name", MOVES)
def test_move_starts_only_from_the_states_in_the_table(name, state):
    request = ServiceRequest(state=state)

    assert can_proceed(getattr(request, name), check_conditions=False) is (state in MOVES[name])
