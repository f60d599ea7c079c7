import pytest
from django_fsm import can_proceed

from contacthub.callbacks.lifecycle import CallbackState as State
from contacthub.callbacks.models import Callback
from tests.factories import MORNING

OPEN = {State.QUEUED, State.ALLOCATED, State.ATTEMPTED}
# Copied by hand from the lifecycle of the procedure: where each move starts, and where it leads.
MOVES = {
    "take": ({State.QUEUED}, State.ALLOCATED),
    "allocate": ({State.QUEUED}, State.ALLOCATED),
    "hand_back": ({State.ALLOCATED, State.ATTEMPTED}, State.QUEUED),
    "try_in_vain": ({State.ALLOCATED, State.ATTEMPTED}, State.ATTEMPTED),
    "come_due": ({State.ATTEMPTED}, State.ALLOCATED),
    "complete": ({State.ALLOCATED, State.ATTEMPTED}, State.COMPLETED),
    "end_in_contact": (OPEN, State.COMPLETED),
    "give_up": ({State.ALLOCATED, State.ATTEMPTED}, State.UNABLE_TO_CONTACT),
    "cancel": (OPEN, State.CANCELLED),
}


def test_the_table_names_every_move():
    assert {move.name for move in Callback().get_all_state_transitions()} == set(MOVES)


def test_every_move_has_words_for_the_timeline():
    assert all(move.custom["label"] for move in Callback().get_all_state_transitions())


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("name", MOVES)
def test_a_move_starts_only_from_the_states_in_the_table(name, state):
    assert can_proceed(getattr(Callback(state=state), name), check_conditions=False) is (state in MOVES[name][0])


@pytest.mark.parametrize("name", MOVES)
def test_a_move_leads_to_the_state_in_the_table(name):
    sources, target = MOVES[name]
    given = {"caller_id": 1} if name in ("take", "allocate") else {}
    for source in sources:
        callback = Callback(state=source)

        getattr(callback, name)(at=MORNING, **given)

        assert callback.state == target
