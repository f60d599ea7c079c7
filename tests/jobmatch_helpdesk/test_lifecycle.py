import pytest
from django.db import IntegrityError, transaction
from django_fsm import can_proceed

from jobmatch_helpdesk.lifecycle import IncidentState as State
from jobmatch_helpdesk.models import Incident
from tests.factories import MORNING, IncidentFactory, StaffMemberFactory

MOVES = {"take": {State.RECEIVED}, "resolve_by_reply": {State.ASSIGNED}}


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
        {"state": State.RESOLVED, "replied_at": MORNING},
        {"state": State.RECEIVED, "replied_at": MORNING},
    ],
)
def test_the_database_holds_what_belongs_together(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        IncidentFactory(**wrong)


@pytest.mark.django_db
def test_a_resolved_incident_has_the_moment_of_its_reply():
    with pytest.raises(IntegrityError, match="incident_resolved_has_moment"), transaction.atomic():
        IncidentFactory(state=State.RESOLVED, assigned_to=StaffMemberFactory())
