"""The cells of the permission matrix, copied from the procedure by hand."""

from __future__ import annotations

import pytest

from complaints_feedback import permissions
from complaints_feedback.lifecycle import FormState as State
from complaints_feedback.models import FeedbackForm
from complaints_feedback.terms import Part
from contacthub.actor import CLOCK, PUBLIC
from contacthub.errors import NotThere, Refused
from contacthub.people.roles import Post
from tests.complaints_feedback.people import (
    ADMINISTRATOR,
    AREA,
    COLLEAGUE,
    COLUMNS,
    HEAD,
    HOLDER,
    OTHER_LEADER,
    PERSON,
    RECEIVING,
    SENDER,
    SENDING,
    SENIOR,
    WORKGROUP,
    actor,
    everybody,
    form_of,
)
from tests.factories import MembershipFactory, StaffMemberFactory, UnitFactory

pytestmark = pytest.mark.django_db

SENDING_SIDE = {SENDER, SENDING}
MANAGERS = {WORKGROUP, AREA, HEAD}
FOUR = {RECEIVING, *MANAGERS}
OF_AREA = {SENIOR, HOLDER}
BEFORE = [State.DRAFT, State.AWAITING_AGREEMENT, State.AGREED, State.SUBMITTED, State.NOT_NEEDED, State.WITHDRAWN]

# state: who sees the form, part 1, the letters, part 2
READ = {
    **dict.fromkeys(BEFORE, (SENDING_SIDE, SENDING_SIDE, SENDING_SIDE, set())),
    State.WITH_SENIOR_MANAGER: (
        SENDING_SIDE | OF_AREA, SENDING_SIDE | OF_AREA, SENDING_SIDE | OF_AREA, set(),
    ),
    State.DELIVERED: (
        SENDING_SIDE | OF_AREA | FOUR, SENDING_SIDE | OF_AREA | FOUR, SENDING_SIDE | OF_AREA | FOUR, {RECEIVING},
    ),
    State.DISCUSSED: (
        SENDING_SIDE | OF_AREA | FOUR | {PERSON}, SENDING_SIDE | OF_AREA | FOUR | {PERSON},
        SENDING_SIDE | OF_AREA | FOUR, {RECEIVING},
    ),
    **dict.fromkeys([State.PART_TWO_COMPLETE, State.CLOSED], (
        SENDING_SIDE | OF_AREA | FOUR | {PERSON}, SENDING_SIDE | OF_AREA | FOUR | {PERSON},
        SENDING_SIDE | OF_AREA | FOUR, FOUR | {PERSON},
    )),
}  # fmt: skip


def those(rule, people):
    return {column for column in COLUMNS if rule(actor(people[column]))}


@pytest.mark.proves("CF-42")
@pytest.mark.parametrize("state", State)
def test_who_reads_what_of_a_form(state):
    people = everybody()
    form = form_of(people, state)
    sees, part_one, letters, part_two = READ[state]

    assert those(lambda who: FeedbackForm.objects.visible_to(who).filter(pk=form.pk).exists(), people) == sees
    assert those(lambda who: permissions.may_see_part_one(who, form), people) == part_one
    assert those(lambda who: permissions.may_see_letters(who, form), people) == letters
    assert those(lambda who: permissions.may_see_part_two(who, form), people) == part_two


@pytest.mark.proves("CF-48")
@pytest.mark.parametrize("state", [State.PART_TWO_COMPLETE, State.CLOSED])
def test_who_learns_that_it_is_done(state):
    people = everybody()
    form = form_of(people, state)

    told = those(lambda who: permissions.may_see_that_it_is_done(who, form), people)

    assert told == SENDING_SIDE | FOUR | OF_AREA


def test_a_resolution_form_is_not_the_senior_manager_s():
    people = everybody()
    form = form_of(people, State.DELIVERED, by_senior=False)

    assert those(lambda who: permissions.may_see_part_one(who, form), people) == SENDING_SIDE | FOUR
    assert those(lambda who: FeedbackForm.objects.visible_to(who).exists(), people) == SENDING_SIDE | FOUR


def test_whoever_was_sent_a_form_that_was_withdrawn_learns_that_and_no_more():
    people = everybody()
    sent = form_of(people, State.DELIVERED)
    FeedbackForm.objects.filter(pk=sent.pk).update(state=State.WITHDRAWN, ended_at=sent.delivered_at)
    form = FeedbackForm.objects.get(pk=sent.pk)

    assert those(lambda who: FeedbackForm.objects.visible_to(who).exists(), people) == SENDING_SIDE | FOUR | OF_AREA
    assert those(lambda who: permissions.may_see_part_one(who, form), people) == SENDING_SIDE


@pytest.mark.parametrize("state", State)
def test_the_leader_of_the_senders_team_reads_it_whoever_acts(state):
    people = everybody()
    form = form_of(people, state, sending_team_leader=people[OTHER_LEADER])

    assert those(lambda who: permissions.may_see_part_one(who, form), people) >= {SENDING, OTHER_LEADER}
    assert FeedbackForm.objects.visible_to(actor(people[SENDING])).exists()


@pytest.mark.proves("CF-51", "CF-39")
@pytest.mark.parametrize("part", [RECEIVING, PERSON])
def test_who_leads_the_sender_and_has_another_part_sees_nothing_before_it_begins(part):
    people = everybody()
    both = people[part]
    people[SENDING].memberships.all().delete()
    MembershipFactory(person=both, unit=UnitFactory(code="complaints-1"), post=Post.TEAM_LEADER)
    form = form_of(people, State.SUBMITTED)

    assert not FeedbackForm.objects.visible_to(actor(both)).exists()
    assert not permissions.may_see_part_one(actor(both), form)


def test_the_clock_sees_all_and_the_public_nothing():
    form_of(everybody(), State.CLOSED)

    assert FeedbackForm.objects.visible_to(CLOCK).count() == 1
    assert FeedbackForm.objects.visible_to(PUBLIC).count() == 0


@pytest.mark.proves("CF-42")
def test_the_personal_file_is_the_person_s_and_of_the_reporting_line_of_today():
    people = everybody()
    line = [people[column].pk for column in FOUR]

    may = those(lambda who: permissions.may_see_file(who, person_id=people[PERSON].pk, line=line), people)

    assert may == FOUR | {PERSON}
    with pytest.raises(NotThere):
        permissions.require_can_see_file(actor(people[SENDER]), person_id=people[PERSON].pk, line=line)


# The rule of each move, and who may make it in a state in which it may be made.
MOVES = {
    permissions.require_sender: (State.DRAFT, {SENDER}),
    permissions.require_sending_leader: (State.SUBMITTED, {SENDING}),
    permissions.require_senior_manager: (State.WITH_SENIOR_MANAGER, OF_AREA),
    permissions.require_receiving_leader: (State.DELIVERED, {RECEIVING}),
    permissions.require_can_readdress: (State.DELIVERED, {SENDING} | OF_AREA),
}


@pytest.mark.parametrize("rule", MOVES)
def test_who_may_make_a_move(rule):
    people = everybody()
    state, allowed = MOVES[rule]
    form = form_of(people, state)

    def may(who):
        try:
            rule(who, form)
        except Refused:
            return False
        return True

    assert those(may, people) == allowed


@pytest.mark.parametrize(("state", "allowed"), [(State.DRAFT, {SENDER, SENDING}), (State.SUBMITTED, {SENDING})])
def test_a_draft_may_be_withdrawn_by_its_sender_too(state, allowed):
    people = everybody()
    form = form_of(people, state)

    assert those(lambda who: permissions.may_withdraw(who, form), people) == allowed


@pytest.mark.proves("CF-02")
def test_only_members_of_the_complaint_teams_start_a_form():
    people = everybody()

    assert those(permissions.may_start, people) == {SENDER, COLLEAGUE}
    with pytest.raises(Refused):
        permissions.require_can_start(actor(people[ADMINISTRATOR]))


@pytest.mark.proves("CF-42", "CF-48")
@pytest.mark.parametrize("column", COLUMNS)
def test_whose_words_of_the_timeline_somebody_reads(column):
    people = everybody()
    form = form_of(people, State.CLOSED)

    words = permissions.words_readable_by(actor(people[column]), form)

    assert not words & {"record_discussion", "complete_part_two", "plan_opened", "plan_closed", "document_opened"}
    assert ("refuse" in words) is (column in SENDING_SIDE)
    assert ("return_for_correction" in words) is (column in SENDING_SIDE)
    assert ("readdressed" in words) is (column in SENDING_SIDE | OF_AREA | FOUR)


def test_a_former_receiving_leader_sees_nothing():
    people = everybody()
    form = form_of(people, State.DELIVERED)
    form.recipients.filter(part=Part.TEAM_LEADER).update(person=StaffMemberFactory())

    assert not FeedbackForm.objects.visible_to(actor(people[RECEIVING])).exists()
    assert not permissions.may_see_part_one(actor(people[RECEIVING]), FeedbackForm.objects.get(pk=form.pk))
