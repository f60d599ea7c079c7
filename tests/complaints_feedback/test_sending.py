"""The routes: check, send, confirm, re-address, withdraw; and who acts for the sender."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from complaints_feedback import permissions, services
from complaints_feedback.lifecycle import FormState as State
from complaints_feedback.models import FeedbackForm
from complaints_feedback.services import Named
from complaints_feedback.terms import Part, Route
from contacthub.deadlines.models import Deadline
from contacthub.deadlines.services import NEVER, take_step
from contacthub.errors import MovedOn, NotThere, Refused, RuleBroken
from contacthub.mail.models import Message
from contacthub.mail.services import record_accepted, take_to_send
from contacthub.people.models import Membership, Nation, StaffMember, Unit
from contacthub.people.roles import Post
from tests.complaints_feedback.situations import (
    DISCUSSED,
    DUE,
    LATER,
    SENT,
    actor,
    fresh,
    happened,
    mailed,
    told,
    words_of,
    works,
)
from tests.factories import MORNING, MembershipFactory

pytestmark = pytest.mark.django_db
WEDNESDAY, THURSDAY = date(2026, 6, 3), date(2026, 6, 4)
BY_WAY_OF_SENIOR = [Route.REVIEW, Route.ICE]


def parts_of(form):
    return {Part(one.part): one.person for one in form.recipients.select_related("person")}


def emails(*people):
    return [person.email for person in people]


def discussion_of(form):
    return Deadline.objects.open().get(case=form.case, kind="discussion")


@pytest.mark.proves("CF-33", "CF-34", "CF-39")
def test_resolution_goes_to_all_four_and_the_48_hours_start(world):
    form = world.delivered(Route.RESOLUTION)

    assert (form.state, form.delivered_at, form.received_at) == (State.DELIVERED, SENT, SENT)
    assert sorted(mailed()) == sorted(emails(*world.four))
    assert (form.due_at, discussion_of(form).due_at) == (DUE, DUE)
    assert told(world.receiver) == [f"{form.reference}: discuss this feedback with Tom Reilly"]


@pytest.mark.proves("CF-35")
def test_the_form_and_both_letters_go_along_with_each_mail(world):
    world.delivered()

    for message in Message.objects.filter(mailbox__code="feedback"):
        kinds = [attached.document.kind for attached in message.attachments.order_by("pk")]
        assert kinds == ["form", "complaint_letter", "reply_letter"]


@pytest.mark.proves("CF-35")
@pytest.mark.parametrize(
    ("most", "words"), [(None, "The form is attached, with"), (10, "The form is linked below, with")]
)
def test_the_mail_says_if_the_form_is_attached_or_linked(world, settings, most, words):
    settings.MAIL_MAX_BYTES = most or settings.MAIL_MAX_BYTES

    world.delivered()

    assert all(words in message.body for message in Message.objects.filter(mailbox__code="feedback"))


@pytest.mark.proves("CF-03", "AMB-26")
def test_the_mail_to_the_receiving_leader_says_by_when(world):
    world.delivered()

    body = Message.objects.get(to=world.receiver.email).body
    assert (
        "Discuss this feedback with Tom Reilly by Friday 5 June 2026, 12pm, 48 hours from when you received it." in body
    )
    assert "Discuss this feedback with" not in Message.objects.get(to=world.head.email).body


@pytest.mark.proves("AMB-26")
def test_the_48_hours_run_on_working_days_alone_where_that_is_set(world, settings):
    settings.FEEDBACK_HOURS_BASIS = "working"
    friday = SENT + timedelta(days=2)

    assert world.delivered(at=friday).due_at == SENT + timedelta(days=6), "Tuesday"


@pytest.mark.proves("AMB-26", "CF-39")
def test_the_48_hours_run_through_a_weekend(world):
    friday = SENT + timedelta(days=2)

    assert world.delivered(at=friday).due_at == SENT + timedelta(days=4), "Sunday"


@pytest.mark.proves("CF-49", "XC-03")
def test_the_days_off_are_those_of_where_the_person_works(world, settings):
    """In Scotland, Monday 3 August 2026 is a bank holiday, and in England and Wales it is none."""
    Unit.objects.filter(pk=world.their_team.pk).update(nation=Nation.SCOTLAND)
    friday, sunday = datetime(2026, 7, 31, 11, tzinfo=UTC), datetime(2026, 8, 2, 11, tzinfo=UTC)
    form = world.delivered(at=friday)

    assert (form.due_at, discussion_of(form).nation) == (sunday, Nation.SCOTLAND)
    take_step(deadline_id=discussion_of(form).pk, at=sunday)
    assert discussion_of(form).next_step_at == datetime(2026, 8, 4, 8, tzinfo=UTC), "Tuesday, 9am"
    settings.FEEDBACK_HOURS_BASIS = "working"
    assert services.discuss_by(form, at=friday) == datetime(2026, 8, 5, 11, tzinfo=UTC), "Wednesday"


@pytest.mark.proves("CF-16")
@pytest.mark.parametrize("route", Route)
def test_feedback_is_given_by_way_of_the_team_leader_and_the_person_hears_nothing_before(world, route):
    world.delivered(route)

    assert world.receiver.email in mailed()
    assert world.person.email not in mailed()
    assert told(world.person) == []


@pytest.mark.proves("CF-36", "CF-46", "AMB-28", "AMB-30")
@pytest.mark.parametrize("route", BY_WAY_OF_SENIOR)
def test_review_goes_to_the_area_senior_resolution_manager_and_to_nobody_else(world, route):
    form = world.with_senior(route)

    assert (form.state, form.with_senior_at, form.delivered_at) == (State.WITH_SENIOR_MANAGER, LATER, None)
    assert mailed() == emails(world.senior)
    assert told(world.senior) == [f"{form.reference}: confirm the managers and send it"]
    assert not Deadline.objects.open().filter(kind="discussion").exists()
    assert fresh(form).due_at == NEVER


@pytest.mark.proves("CF-36", "CF-37")
def test_the_sending_team_leader_cannot_send_review_straight_to_the_managers(world):
    form = world.with_senior(Route.REVIEW)

    with pytest.raises(MovedOn):
        services.send(form_id=form.pk, by=actor(world.leader), at=SENT)
    with pytest.raises(Refused):
        services.confirm_and_send(form_id=form.pk, managers=world.managers(), by=actor(world.leader), at=SENT)

    assert mailed() == emails(world.senior)


@pytest.mark.proves("CF-37", "CF-38", "AMB-29")
@pytest.mark.parametrize("route", BY_WAY_OF_SENIOR)
def test_the_senior_manager_confirms_and_sends_to_all_four(world, route):
    form = world.delivered(route)

    assert (form.state, form.delivered_at, form.due_at) == (State.DELIVERED, SENT, DUE)
    assert sorted(mailed()[1:]) == sorted(emails(*world.four))
    confirmed = form.recipients.exclude(confirmed_at=None)
    assert {one.part for one in confirmed} == {"workgroup_manager", "area_manager", "head_of_line"}
    assert {one.confirmed_by for one in confirmed} == {world.senior}


@pytest.mark.proves("CF-37", "CF-50")
def test_another_manager_than_the_directory_shows_is_named_with_words(world):
    form = world.with_senior()
    acting = works("Ada Moss", world.units["maintenance"])
    given = {"form_id": form.pk, "by": actor(world.senior), "at": SENT}

    with pytest.raises(RuleBroken, match="Enter why they act for the post"):
        services.confirm_and_send(managers=world.managers(head_of_line=Named(acting.pk)), **given)
    services.confirm_and_send(managers=world.managers(head_of_line=Named(acting.pk, "Acts")), **given)

    assert parts_of(form)[Part.HEAD_OF_LINE] == acting
    assert acting.email in mailed()


@pytest.mark.proves("CF-42", "CF-51")
@pytest.mark.parametrize("who", ["sender", "person"])
def test_neither_sender_nor_person_is_named_as_a_manager_who_reads_it_all(world, who):
    named = Named(getattr(world, who).pk, "Acts until July")
    form = world.with_senior()

    with pytest.raises(RuleBroken) as refused:
        services.confirm_and_send(
            form_id=form.pk, managers=world.managers(area_manager=named), by=actor(world.senior), at=SENT
        )

    assert (refused.value.code, refused.value.field) == ("same_person", "area_manager_staff")
    assert fresh(form).state == State.WITH_SENIOR_MANAGER


@pytest.mark.proves("CF-37")
def test_whom_the_senior_manager_chose_stays_when_the_form_is_readdressed(world):
    form = world.with_senior()
    acting = works("Ada Moss", world.units["maintenance"])
    managers = world.managers(head_of_line=Named(acting.pk, "Knows the case"))
    services.confirm_and_send(form_id=form.pk, managers=managers, by=actor(world.senior), at=SENT)
    world.leaves_for(world.area_manager, world.team, on=THURSDAY)
    new = works("Kit Shaw", world.north, Post.AREA_MANAGER, since=THURSDAY)

    services.readdress(form_id=form.pk, by=actor(world.senior), at=SENT + timedelta(days=1))

    assert (parts_of(form)[Part.HEAD_OF_LINE], parts_of(form)[Part.AREA_MANAGER]) == (acting, new)


@pytest.mark.proves("CF-37")
def test_all_three_managers_are_confirmed(world):
    form = world.with_senior()
    managers = world.managers()
    del managers[Part.AREA_MANAGER]

    with pytest.raises(RuleBroken, match="Confirm all three managers"):
        services.confirm_and_send(form_id=form.pk, managers=managers, by=actor(world.senior), at=SENT)


@pytest.mark.parametrize("who", ["sender", "colleague", "receiver", "senior_south"])
def test_nobody_else_checks_and_sends(world, who):
    form = world.submitted()

    with pytest.raises((Refused, NotThere)):
        services.send(form_id=form.pk, by=actor(getattr(world, who)), at=SENT)

    assert mailed() == []


def test_an_area_without_a_senior_manager_is_said(world):
    Membership.objects.filter(person=world.senior).delete()
    form = world.submitted(Route.REVIEW)

    with pytest.raises(RuleBroken, match="Nobody is the senior resolution manager of North"):
        services.send(form_id=form.pk, by=actor(world.leader), at=SENT)
    services.change_area(form_id=form.pk, area_id=world.south.pk, reason="Vacant", by=actor(world.leader), at=SENT)
    services.send(form_id=form.pk, by=actor(world.leader), at=SENT)

    assert mailed() == emails(world.senior_south)


@pytest.mark.proves("CF-25", "CF-26")
def test_who_moved_between_submit_and_send_is_written_to_where_they_work_now(world):
    form = world.submitted()
    world.leaves_for(world.receiver, world.team, on=WEDNESDAY)
    taking_over = works("Ira Bell", world.their_team, Post.TEAM_LEADER, since=WEDNESDAY)

    services.send(form_id=form.pk, by=actor(world.leader), at=SENT)

    assert parts_of(form)[Part.TEAM_LEADER] == taking_over
    assert sorted(mailed()) == sorted(emails(taking_over, *world.four[1:]))
    assert told(world.sender)[-1] == (f"{form.reference}: it goes to others now. Team leader: Ira Bell, was Rosa Quill")
    assert words_of(form, "recipients_refreshed") == "Team leader: Ira Bell, was Rosa Quill"


@pytest.mark.proves("CF-50")
def test_without_a_team_leader_it_is_sent_once_a_responsible_manager_is_named(world):
    Membership.objects.filter(person=world.receiver).delete()
    form = world.submitted()
    given = {"form_id": form.pk, "by": actor(world.leader), "at": SENT}

    with pytest.raises(RuleBroken) as refused:
        services.send(**given)
    services.name_responsible(named=Named(world.receiver.pk, "Leads them until the post is filled"), **given)
    services.send(**given)

    assert refused.value.message == ("The people directory shows no team leader. Name the manager who is responsible")
    assert parts_of(form)[Part.TEAM_LEADER] == world.receiver
    assert words_of(form, "responsible_named") == "Rosa Quill. Leads them until the post is filled"


@pytest.mark.proves("AMB-35", "CF-50")
def test_feedback_for_a_team_leader_goes_to_a_manager_who_is_named(world):
    form = world.agreed()
    mine, theirs = {"form_id": form.pk, "by": actor(world.sender)}, {"form_id": form.pk, "by": actor(world.leader)}
    services.save_involved(person_ids=[world.person.pk, world.receiver.pk], at=LATER, **mine)
    services.choose_person(person_id=world.receiver.pk, at=LATER, **mine)
    services.agree(asked_number=2, at=LATER, **theirs)
    services.submit(at=LATER, **mine)

    services.name_responsible(named=Named(world.their_manager.pk, "Manages them"), at=SENT, **theirs)
    services.send(at=SENT, **theirs)

    assert parts_of(form)[Part.TEAM_LEADER] == world.their_manager
    assert f"{form.reference}: discuss this feedback with Rosa Quill" in told(world.their_manager)
    assert sorted(mailed()) == sorted(emails(world.their_manager, *world.four[1:])), "in both parts"
    assert not permissions.may_see_part_one(actor(world.receiver), fresh(form))


@pytest.mark.proves("CF-50")
def test_nobody_is_named_responsible_where_the_directory_shows_a_leader(world):
    form = world.submitted()

    with pytest.raises(RuleBroken, match="The people directory shows Rosa Quill"):
        services.name_responsible(form_id=form.pk, named=Named(world.head.pk, "So"), by=actor(world.leader), at=SENT)


@pytest.mark.proves("CF-50", "CF-51")
def test_who_has_another_part_is_not_named_responsible(world):
    Membership.objects.filter(person=world.receiver).delete()
    form = world.submitted()

    with pytest.raises(RuleBroken) as refused:
        services.name_responsible(form_id=form.pk, named=Named(world.sender.pk, "So"), by=actor(world.leader), at=SENT)

    assert refused.value.message.startswith("Name somebody else: they have another part in this form")


@pytest.mark.proves("CF-50")
def test_the_person_may_have_left_the_department(world):
    form = world.submitted()
    StaffMember.objects.filter(pk=world.person.pk).update(active_to=date(2026, 6, 2))
    given = {"form_id": form.pk, "by": actor(world.leader), "at": SENT}

    with pytest.raises(RuleBroken, match="The people directory shows no team leader"):
        services.send(**given)
    services.withdraw(reason="They have left", **given)

    assert fresh(form).state == State.WITHDRAWN


@pytest.mark.parametrize("gone", ["their_manager", "area_manager", "head"])
def test_nothing_is_sent_to_who_has_left_us(world, gone):
    form = world.submitted()
    StaffMember.objects.filter(pk=getattr(world, gone).pk).update(active_to=date(2026, 6, 2))

    with pytest.raises(RuleBroken, match="Name who acts for the post"):
        services.send(form_id=form.pk, by=actor(world.leader), at=SENT)

    assert mailed() == []


def test_who_has_no_address_is_named_before_anything_is_sent(world):
    form = world.submitted()
    StaffMember.objects.filter(pk=world.head.pk).update(email="")

    with pytest.raises(RuleBroken, match="Hugo Lane has no work email address"):
        services.send(form_id=form.pk, by=actor(world.leader), at=SENT)


@pytest.mark.proves("CF-26", "CF-39", "CF-42")
def test_a_new_team_leader_after_delivery_has_the_full_time_and_the_old_one_sees_nothing(world):
    form = world.delivered()
    world.leaves_for(world.receiver, world.team, on=THURSDAY)
    new = works("Ira Bell", world.their_team, Post.TEAM_LEADER, since=THURSDAY)
    at = SENT + timedelta(hours=24)

    services.readdress(form_id=form.pk, by=actor(world.leader), at=at)

    form = fresh(form)
    assert (form.received_at, form.due_at, form.delivered_at) == (at, at + timedelta(hours=48), SENT)
    assert mailed()[4:] == emails(new)
    assert not FeedbackForm.objects.visible_to(actor(world.receiver)).exists()
    assert permissions.may_see_part_two(actor(new), form)
    assert told(world.receiver)[-1] == f"{form.reference} is no longer yours: somebody else is responsible now"
    assert words_of(form, "readdressed") == "Team leader: Ira Bell, was Rosa Quill"
    assert Deadline.objects.filter(case=form.case, kind="discussion").count() == 2, "the first one is dropped"


@pytest.mark.proves("CF-26")
def test_a_new_team_leader_after_the_discussion_gets_part_two_as_it_stands_without_a_clock(world):
    form = world.discussed()
    world.leaves_for(world.receiver, world.team, on=THURSDAY)
    new = works("Ira Bell", world.their_team, Post.TEAM_LEADER, since=THURSDAY)

    services.readdress(form_id=form.pk, by=actor(world.leader), at=DISCUSSED)

    form = fresh(form)
    assert (form.state, form.received_at) == (State.DISCUSSED, SENT)
    assert not Deadline.objects.open().filter(case=form.case, kind="discussion").exists()
    assert form.part_two.how == "One to one"
    assert permissions.may_see_part_two(actor(new), form)
    assert not permissions.may_see_part_two(actor(world.receiver), form)


@pytest.mark.proves("CF-26")
def test_mail_about_what_is_discussed_already_asks_for_part_two_and_names_no_moment(world):
    form = world.discussed()
    world.leaves_for(world.receiver, world.team, on=THURSDAY)
    world.leaves_for(world.head, world.team, on=THURSDAY)
    works("Ira Bell", world.their_team, Post.TEAM_LEADER, since=THURSDAY)
    works("Ada Moss", world.units["maintenance"], Post.HEAD_OF_LINE, since=THURSDAY)

    services.readdress(form_id=form.pk, by=actor(world.leader), at=DISCUSSED)

    to_leader, to_head = Message.objects.filter(mailbox__code="feedback").order_by("pk")[4:]
    assert to_leader.subject == f"{form.reference}: complete part 2"
    assert "This feedback was discussed with Tom Reilly before it came to you. Complete part 2" in to_leader.body
    assert "goes to the team leader of Tom Reilly, who completes part 2: it was discussed already. You" in to_head.body
    assert " by ," not in to_leader.body


@pytest.mark.proves("CF-26")
def test_who_loses_one_of_two_parts_is_not_told_that_the_form_is_theirs_no_more(world):
    world.area_manager.memberships.all().delete()
    MembershipFactory(person=world.their_manager, unit=world.north, post=Post.AREA_MANAGER)
    form = world.delivered()
    Membership.objects.filter(person=world.their_manager, post=Post.WORKGROUP_MANAGER).delete()
    new = works("Kit Shaw", world.units["tyne"], Post.WORKGROUP_MANAGER, since=THURSDAY)

    services.readdress(form_id=form.pk, by=actor(world.leader), at=DISCUSSED)

    assert told(new) == [f"{form.reference} is yours now"]
    assert told(world.their_manager) == []


@pytest.mark.proves("CF-26")
def test_nothing_is_readdressed_where_the_directory_shows_no_change(world):
    form = world.delivered()

    with pytest.raises(RuleBroken, match="The people directory shows nobody else"):
        services.readdress(form_id=form.pk, by=actor(world.leader), at=SENT)


def test_the_senior_manager_readdresses_what_came_by_way_of_him(world):
    form = world.delivered(Route.REVIEW)
    world.leaves_for(world.head, world.team, on=THURSDAY)
    works("Ada Moss", world.units["maintenance"], Post.HEAD_OF_LINE, since=THURSDAY)

    services.readdress(form_id=form.pk, by=actor(world.senior), at=SENT + timedelta(days=1))

    assert mailed()[-1] == "ada.moss@dwp.example"
    assert fresh(form).due_at == DUE, "the team leader is the same"


@pytest.mark.parametrize("who", ["sender", "receiver", "head"])
def test_nobody_else_readdresses(world, who):
    form = world.delivered()

    with pytest.raises(Refused):
        services.readdress(form_id=form.pk, by=actor(getattr(world, who)), at=SENT)


@pytest.mark.parametrize("state", ["started", "asked", "agreed", "submitted", "with_senior", "delivered"])
def test_the_sending_team_leader_withdraws_before_the_discussion(world, state):
    form = getattr(world, state)()

    services.withdraw(form_id=form.pk, reason="The client was wrong", by=actor(world.leader), at=SENT)

    assert fresh(form).state == State.WITHDRAWN
    assert words_of(form, "withdraw") == "The client was wrong"
    assert not Deadline.objects.open().filter(case=form.case).exists()
    assert fresh(form).due_at == NEVER
    assert told(world.sender)[-1] == f"{form.reference} is withdrawn: do not act on it"


def test_whoever_was_sent_it_is_told_that_it_is_withdrawn(world):
    form = world.delivered()

    services.withdraw(form_id=form.pk, reason="Wrong person", by=actor(world.leader), at=SENT)

    for person in world.four:
        assert told(person)[-1] == f"{form.reference} is withdrawn: do not act on it"
    assert told(world.person) == []


def test_mail_that_waits_still_is_not_sent_once_the_form_is_withdrawn(world):
    form = world.delivered()
    first, *others = Message.objects.filter(mailbox__code="feedback").order_by("pk")
    record_accepted(take_to_send(first.pk, at=SENT), at=SENT)
    services.withdraw(form_id=form.pk, reason="Wrong person", by=actor(world.leader), at=SENT)
    heard = told(world.leader)

    assert [take_to_send(one.pk, at=SENT) for one in others] == [None, None, None]

    assert [one.state for one in Message.objects.filter(mailbox__code="feedback").order_by("pk")] == (
        ["accepted", "held_back", "held_back", "held_back"]
    )
    assert form.case.events.filter(kind="mail_held_back").latest("pk").words.text == (
        "To hugo.lane@dwp.example: The form was withdrawn"
    )
    assert told(world.leader) == heard, "nobody need act on them"


@pytest.mark.proves("CF-26", "CF-42")
def test_mail_that_waits_still_is_not_sent_to_who_has_the_part_no_more(world):
    form = world.delivered()
    world.leaves_for(world.receiver, world.team, on=THURSDAY)
    works("Ira Bell", world.their_team, Post.TEAM_LEADER, since=THURSDAY)
    at = SENT + timedelta(hours=24)
    services.readdress(form_id=form.pk, by=actor(world.leader), at=at)

    waiting = Message.objects.filter(mailbox__code="feedback").order_by("pk")
    sent = [one.to for one in waiting if take_to_send(one.pk, at=at)]

    assert sent == [*emails(*world.four[1:]), "ira.bell@dwp.example"]


def test_who_was_not_sent_it_hears_nothing_of_it(world):
    form = world.with_senior()

    services.withdraw(form_id=form.pk, reason="Wrong person", by=actor(world.leader), at=SENT)

    assert told(world.senior)[-1] == f"{form.reference} is withdrawn: do not act on it"
    assert told(world.receiver) == []


def test_a_form_that_was_discussed_cannot_be_withdrawn(world):
    form = world.discussed()

    with pytest.raises(MovedOn):
        services.withdraw(form_id=form.pk, reason="Late", by=actor(world.leader), at=DISCUSSED)


def test_the_sender_withdraws_a_draft_and_no_more(world):
    draft, submitted = world.started(), world.submitted()

    services.withdraw(form_id=draft.pk, reason="Mistyped", by=actor(world.sender), at=LATER)

    assert fresh(draft).state == State.WITHDRAWN
    with pytest.raises(Refused):
        services.withdraw(form_id=submitted.pk, reason="No", by=actor(world.sender), at=LATER)


@pytest.mark.proves("CF-51")
def test_a_new_leader_of_the_sender_takes_over_when_the_form_is_moved(world):
    form = world.agreed()
    world.leaves_for(world.leader, world.their_team, on=WEDNESDAY)
    new = works("Lou Marsh", world.team, Post.TEAM_LEADER, since=WEDNESDAY)

    services.submit(form_id=form.pk, by=actor(world.sender), at=LATER)

    form = fresh(form)
    assert (form.sending_team_leader, form.agreed_by) == (new, world.leader), "the agreement stands"
    assert words_of(form, "sending_leader_changed") == "Lou Marsh, was Lena Voss"
    assert told(new)[0] == f"{form.reference}: you act as its sending team leader now"


@pytest.mark.proves("CF-51")
def test_a_new_leader_of_the_sender_may_make_the_first_move_himself(world):
    form = world.asked()
    world.leaves_for(world.leader, world.their_team, on=WEDNESDAY)
    new = works("Lou Marsh", world.team, Post.TEAM_LEADER, since=WEDNESDAY)

    services.agree(form_id=form.pk, asked_number=1, by=actor(new), at=LATER)

    assert fresh(form).agreed_by == new


@pytest.mark.proves("CF-51")
def test_the_former_leader_of_the_sender_may_not(world):
    form = world.asked()
    old = actor(world.leader)
    world.leaves_for(world.leader, world.their_team, on=WEDNESDAY)
    works("Lou Marsh", world.team, Post.TEAM_LEADER, since=WEDNESDAY)

    with pytest.raises(Refused):
        services.agree(form_id=form.pk, asked_number=1, by=old, at=LATER)


@pytest.mark.proves("CF-51")
def test_once_a_day_the_directory_is_asked_who_leads_the_sender(world):
    form = world.delivered()
    world.leaves_for(world.leader, world.their_team, on=THURSDAY)
    new = works("Lou Marsh", world.team, Post.TEAM_LEADER, since=THURSDAY)
    check = Deadline.objects.open().get(case=form.case, kind="daily_check")

    take_step(deadline_id=check.pk, at=MORNING + timedelta(days=1))

    assert fresh(form).sending_team_leader == new
    again = Deadline.objects.open().get(case=form.case, kind="daily_check")
    assert again.due_at == MORNING + timedelta(days=2)
    assert fresh(form).due_at == DUE


@pytest.mark.proves("CF-51")
def test_where_the_sender_has_left_the_leader_of_the_last_team_acts(world):
    form = world.delivered()
    StaffMember.objects.filter(pk=world.sender.pk).update(active_to=WEDNESDAY)
    world.sender.memberships.update(ends_on=WEDNESDAY)
    world.leaves_for(world.leader, world.their_team, on=THURSDAY)
    new = works("Lou Marsh", world.team, Post.TEAM_LEADER, since=THURSDAY)
    check = Deadline.objects.open().get(case=form.case, kind="daily_check")

    take_step(deadline_id=check.pk, at=MORNING + timedelta(days=1))

    assert fresh(form).sending_team_leader == new


@pytest.mark.proves("CF-51")
def test_the_workgroup_manager_takes_over_where_the_post_is_vacant(world):
    form = world.agreed()
    Membership.objects.filter(person=world.leader).delete()

    services.submit(form_id=form.pk, by=actor(world.sender), at=LATER)

    assert fresh(form).sending_team_leader == world.workgroup_manager
    assert "sending_leader_changed" in happened(form)


def test_the_daily_check_ends_with_the_form(world):
    form = world.closed()

    assert not Deadline.objects.open().filter(case=form.case).exists()
