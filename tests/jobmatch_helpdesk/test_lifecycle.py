import pytest
from django.db import IntegrityError, transaction
from django_fsm import can_proceed

from jobmatch_helpdesk.lifecycle import IncidentState as State
from jobmatch_helpdesk.models import Incident
from tests.factories import MORNING, IncidentFactory, MessageFactory, StaffMemberFactory

# Copied by hand from the lifecycle of the procedure: where each move starts, and where it leads.
MOVES = {
    "take": ({State.RECEIVED}, State.ASSIGNED),
    "assign": ({State.RECEIVED}, State.ASSIGNED),
    "put_back": ({State.ASSIGNED}, State.RECEIVED),
    "ask": ({State.ASSIGNED}, State.AWAITING_INFORMATION),
    "answer": ({State.AWAITING_INFORMATION}, State.ASSIGNED),
    "carry_on": ({State.AWAITING_INFORMATION}, State.ASSIGNED),
    "carry_on_without_agent": ({State.AWAITING_INFORMATION}, State.RECEIVED),
    "resolve_by_reply": ({State.ASSIGNED}, State.RESOLVED),
    "reply_by_callback": ({State.ASSIGNED}, State.CALLBACK_PENDING),
    "ask_for_call": ({State.ASSIGNED}, State.CALLBACK_PENDING),
    "resolve_by_call": ({State.CALLBACK_PENDING}, State.RESOLVED),
    "resolve_unreached": ({State.CALLBACK_PENDING}, State.RESOLVED),
    "take_back_call": ({State.CALLBACK_PENDING}, State.ASSIGNED),
    "put_back_call": ({State.CALLBACK_PENDING}, State.RECEIVED),
    "resolve_without_reply": ({State.ASSIGNED}, State.RESOLVED),
    "record_no_reply_route": ({State.ASSIGNED}, State.NO_REPLY_ROUTE),
    "bounce": ({State.RESOLVED}, State.ASSIGNED),
    "find_details": ({State.NO_REPLY_ROUTE}, State.ASSIGNED),
    "come_back": ({State.RESOLVED, State.NO_REPLY_ROUTE}, State.RECEIVED),
    "escalate_to_agent": ({State.AWAITING_INFORMATION}, State.ASSIGNED),
    "escalate_to_queue": ({State.AWAITING_INFORMATION, State.RESOLVED, State.NO_REPLY_ROUTE}, State.RECEIVED),
    "close": ({State.RESOLVED, State.NO_REPLY_ROUTE}, State.CLOSED),
    "reopen": ({State.RESOLVED, State.CLOSED}, State.RECEIVED),
}


def test_the_table_names_every_move():
    assert {move.name for move in Incident().get_all_state_transitions()} == set(MOVES)


def test_every_move_has_words_for_the_timeline():
    assert all(move.custom["label"] for move in Incident().get_all_state_transitions())


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("name", MOVES)
def test_a_move_starts_only_from_the_states_in_the_table(name, state):
    incident = IncidentFactory.build(case=None, state=state)

    assert can_proceed(getattr(incident, name), check_conditions=False) is (state in MOVES[name][0])


@pytest.mark.parametrize("name", MOVES)
def test_a_move_leads_to_the_state_in_the_table(name):
    sources, target = MOVES[name]
    given = {"agent_id": 1} if name in ("take", "assign") else {}
    for source in sources:
        incident = IncidentFactory.build(case=None, state=source)

        getattr(incident, name)(at=MORNING, **given)

        assert incident.state == target


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("put_back", State.ASSIGNED),
        ("carry_on_without_agent", State.AWAITING_INFORMATION),
        ("put_back_call", State.CALLBACK_PENDING),
        ("escalate_to_queue", State.RESOLVED),
        ("come_back", State.RESOLVED),
        ("reopen", State.RESOLVED),
        ("reopen", State.CLOSED),
    ],
)
def test_what_is_received_again_is_nobody_s_and_not_answered(name, state):
    incident = IncidentFactory.build(case=None, state=state, assigned_to_id=1, replied_at=MORNING, closed_at=None)

    getattr(incident, name)(at=MORNING)

    assert (incident.assigned_to_id, incident.replied_at, incident.closed_at) == (None, None, None)


MINE = {"assigned_to": True}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("incident_state_is_known", {"state": "unheard of", **MINE}),
        ("incident_is_somebodys_once_taken", {"state": State.ASSIGNED}),
        ("incident_is_somebodys_once_taken", {"state": State.AWAITING_INFORMATION}),
        ("incident_is_somebodys_once_taken", {"state": State.CALLBACK_PENDING, "replied_at": MORNING}),
        ("incident_is_somebodys_once_taken", {"state": State.RESOLVED}),
        ("incident_is_somebodys_once_taken", {"state": State.NO_REPLY_ROUTE}),
        ("incident_is_somebodys_once_taken", {"state": State.CLOSED, "closed_at": MORNING}),
        ("incident_is_somebodys_once_taken", {"state": State.RECEIVED, **MINE}),
        ("incident_received_has_no_answer", {"state": State.RECEIVED, "replied_at": MORNING}),
        ("incident_call_has_words_to_read", {"state": State.CALLBACK_PENDING, **MINE}),
        ("incident_closed_has_moment", {"state": State.CLOSED, **MINE}),
        ("incident_closed_has_moment", {"state": State.RESOLVED, "closed_at": MORNING, **MINE}),
        ("incident_online_has_email_or_says_none", {"customer_email": ""}),
        ("incident_call_has_number", {"call_required": True}),
        ("incident_band_is_known", {"band": 4}),
        ("incident_ed_has_site", {"source": "ed"}),
        ("incident_risk_is_to_staff", {"escalated_at": MORNING}),
    ],
)
def test_the_database_holds_what_belongs_together(constraint, wrong):
    if wrong.get("assigned_to"):
        wrong = wrong | {"assigned_to": StaffMemberFactory()}

    with pytest.raises(IntegrityError, match=f'"{constraint}"'), transaction.atomic():
        IncidentFactory(**wrong)


@pytest.mark.django_db
@pytest.mark.proves("UJ-35")
@pytest.mark.parametrize(("to", "has_message"), [("", True), ("gwen@example.org", False)])
def test_the_database_holds_the_message_of_every_reply_that_was_sent(to, has_message):
    incident, message = IncidentFactory(), MessageFactory() if has_message else None

    with pytest.raises(IntegrityError, match="reply_is_sent_or_read_out"), transaction.atomic():
        incident.replies.create(text="Save it", to=to, by=StaffMemberFactory(), at=MORNING, message=message)


@pytest.mark.django_db
@pytest.mark.parametrize("half", [{"answer": "Firefox"}, {"answered_at": MORNING}])
def test_the_database_holds_who_answered_a_question_and_when(half):
    incident = IncidentFactory()
    asked = {"text": "Which browser?", "to": "gwen@example.org", "by": StaffMemberFactory(), "at": MORNING}

    with pytest.raises(IntegrityError, match="question_is_answered_by_somebody"), transaction.atomic():
        incident.questions.create(message=MessageFactory(), **asked, **half)
