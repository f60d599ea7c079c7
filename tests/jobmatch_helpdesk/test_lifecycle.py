import pytest
from django.db import IntegrityError, transaction
from django_fsm import can_proceed

from jobmatch_helpdesk.lifecycle import IncidentState as State
from jobmatch_helpdesk.models import Incident
from tests.factories import MORNING, IncidentFactory, StaffMemberFactory

# Copied by hand from the lifecycle of the handling strategy.
MOVES = {
    "take": {State.RECEIVED},
    "assign": {State.RECEIVED},
    "put_back": {State.ASSIGNED},
    "ask": {State.ASSIGNED},
    "answer": {State.AWAITING_INFORMATION},
    "carry_on": {State.AWAITING_INFORMATION},
    "carry_on_without_agent": {State.AWAITING_INFORMATION},
    "resolve_by_reply": {State.ASSIGNED},
    "reply_by_callback": {State.ASSIGNED},
    "ask_for_call": {State.ASSIGNED},
    "resolve_without_reply": {State.ASSIGNED},
    "record_no_reply_route": {State.ASSIGNED},
    "close": {State.RESOLVED, State.NO_REPLY_ROUTE},
    "reopen": {State.RESOLVED, State.CLOSED},
}


def test_the_table_names_every_move():
    assert {move.name for move in Incident().get_all_state_transitions()} == set(MOVES)


def test_every_move_has_words_for_the_timeline():
    assert all(move.custom["label"] for move in Incident().get_all_state_transitions())


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("name", MOVES)
def test_a_move_starts_only_from_the_states_in_the_table(name, state):
    incident = IncidentFactory.build(case=None, state=state)

    assert can_proceed(getattr(incident, name), check_conditions=False) is (state in MOVES[name])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "unheard of"},
        {"state": State.ASSIGNED},
        {"state": State.AWAITING_INFORMATION},
        {"state": State.CLOSED},
        {"state": State.RESOLVED, "closed_at": MORNING},
        {"customer_email": ""},
        {"call_required": True},
    ],
)
def test_the_database_holds_what_belongs_together(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        IncidentFactory(**wrong)


@pytest.mark.django_db
def test_what_nobody_has_is_nobodys():
    with pytest.raises(IntegrityError, match="incident_is_somebodys_once_taken"), transaction.atomic():
        IncidentFactory(assigned_to=StaffMemberFactory())
