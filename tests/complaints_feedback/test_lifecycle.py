import pytest
from django.db import IntegrityError, transaction
from django_fsm import can_proceed

from complaints_feedback.lifecycle import EVENT_LABELS
from complaints_feedback.lifecycle import FormState as State
from complaints_feedback.models import FeedbackForm
from tests.factories import MORNING, FeedbackFormFactory, StaffMemberFactory

# Copied by hand from the lifecycle of the procedure: where each move starts, and where it leads.
MOVES = {
    "record_no_feedback": ({State.DRAFT}, State.NOT_NEEDED),
    "end_as_too_old": ({State.DRAFT, State.AGREED}, State.NOT_NEEDED),
    "ask": ({State.DRAFT}, State.AWAITING_AGREEMENT),
    "ask_again": ({State.AGREED}, State.AWAITING_AGREEMENT),
    "agree": ({State.AWAITING_AGREEMENT}, State.AGREED),
    "refuse": ({State.AWAITING_AGREEMENT}, State.NOT_NEEDED),
    "submit": ({State.AGREED}, State.SUBMITTED),
    "return_for_correction": ({State.SUBMITTED}, State.AGREED),
    "send_to_all": ({State.SUBMITTED}, State.DELIVERED),
    "send_to_senior_manager": ({State.SUBMITTED}, State.WITH_SENIOR_MANAGER),
    "confirm_and_send": ({State.WITH_SENIOR_MANAGER}, State.DELIVERED),
    "record_discussion": ({State.DELIVERED}, State.DISCUSSED),
    "complete_part_two": ({State.DISCUSSED}, State.PART_TWO_COMPLETE),
    "close": ({State.PART_TWO_COMPLETE}, State.CLOSED),
    "withdraw": (
        {State.DRAFT, State.AWAITING_AGREEMENT, State.AGREED, State.SUBMITTED, State.WITH_SENIOR_MANAGER,
         State.DELIVERED},
        State.WITHDRAWN,
    ),
}  # fmt: skip


def test_the_table_names_every_move():
    assert {move.name for move in FeedbackForm().get_all_state_transitions()} == set(MOVES)


def test_every_move_has_words_for_the_timeline_and_no_other_event_has_its_name():
    assert all(move.custom["label"] for move in FeedbackForm().get_all_state_transitions())
    assert not EVENT_LABELS.keys() & MOVES.keys()


@pytest.mark.proves("CF-20", "CF-23", "CF-32", "CF-33")
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("name", MOVES)
def test_a_move_starts_only_from_the_states_in_the_table(name, state):
    form = FeedbackFormFactory.build(case=None, sender=None, state=state)

    assert can_proceed(getattr(form, name), check_conditions=False) is (state in MOVES[name][0])


@pytest.mark.parametrize("name", MOVES)
def test_a_move_leads_to_the_state_in_the_table(name):
    sources, target = MOVES[name]
    given = {"leader_id": 1} if name == "agree" else {}
    for source in sources:
        form = FeedbackFormFactory.build(case=None, sender=None, state=source)

        getattr(form, name)(at=MORNING, **given)

        assert form.state == target


def test_what_is_asked_again_is_not_agreed():
    form = FeedbackFormFactory.build(case=None, sender=None, state=State.AGREED, agreed_by_id=1, agreed_at=MORNING)

    form.ask_again(at=MORNING)

    assert (form.agreed_by_id, form.agreed_at, form.asked_number) == (None, None, 1)


ACTIVE = {*State} - {State.NOT_NEEDED, State.WITHDRAWN, State.CLOSED}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("form_state_is_known", {"state": "unheard of", "agreed": True}),
        ("form_ended_has_moment", {"state": State.WITHDRAWN}),
        ("form_ended_has_moment", {"ended_at": MORNING}),
        ("form_agreed_by_somebody", {"agreed_at": MORNING}),
        ("form_goes_on_only_agreed", {"state": State.AGREED}),
        ("form_goes_on_only_agreed", {"state": State.SUBMITTED}),
        ("form_sent_has_moments", {"state": State.DELIVERED, "agreed": True}),
        ("form_discussed_has_moment", {"discussion_recorded_at": MORNING}),
        ("form_complete_has_moment", {"completed_at": MORNING}),
    ],
)
@pytest.mark.proves("CF-23")
def test_the_database_holds_what_belongs_together(constraint, wrong):
    with pytest.raises(IntegrityError, match=f'"{constraint}"'), transaction.atomic():
        FeedbackFormFactory(**wrong)


@pytest.mark.django_db
@pytest.mark.proves("CF-28")
@pytest.mark.parametrize("state", [State.DRAFT, State.NOT_NEEDED, State.WITHDRAWN])
def test_the_database_holds_one_active_form_of_a_complaint(state):
    ended = {} if state == State.DRAFT else {"ended_at": MORNING}
    FeedbackFormFactory(complaint_reference="RSP-1", state=state, **ended)

    if state in ACTIVE:
        with pytest.raises(IntegrityError, match="form_one_active_of_a_complaint"), transaction.atomic():
            FeedbackFormFactory(complaint_reference="RSP-1")
    else:
        FeedbackFormFactory(complaint_reference="RSP-1")


@pytest.mark.django_db
@pytest.mark.proves("CF-04")
@pytest.mark.parametrize("half", [{"done_words": "Shadowed"}, {"done_on": MORNING.date()}])
def test_the_database_holds_that_a_plan_is_closed_with_words(half):
    form, person = FeedbackFormFactory(), StaffMemberFactory()

    with pytest.raises(IntegrityError, match="plan_is_closed_with_words"), transaction.atomic():
        form.plans.create(person=person, words="Shadow a call", opened_at=MORNING, opened_by=person, **half)
