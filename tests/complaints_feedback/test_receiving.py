"""Part 2, plans, copies, the personal file, and the 48 hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from complaints_feedback import permissions, services
from complaints_feedback.coaching import Discussion
from complaints_feedback.lifecycle import FormState as State
from complaints_feedback.models import DevelopmentPlan, FeedbackForm, PartTwo, PersonalFileEntry, Sending
from complaints_feedback.parts import part_1_of, part_2_of, sheets_of_entry
from complaints_feedback.reactions import FeedbackFormReactions
from complaints_feedback.terms import Part, Route
from contacthub.cases.services import events_about
from contacthub.deadlines.models import Deadline
from contacthub.deadlines.services import take_step
from contacthub.documents.permissions import may_open
from contacthub.errors import MovedOn, NotThere, Refused, RuleBroken
from contacthub.mail.models import Message, MessageState, Notice
from contacthub.mail.tasks import send_message
from contacthub.people.models import StaffMember
from contacthub.people.roles import Post
from tests.complaints_feedback.situations import (
    DISCUSSED,
    DISCUSSION,
    DONE,
    DUE,
    OUTCOME,
    SENT,
    actor,
    fresh,
    happened,
    mailed,
    told,
    words_of,
    works,
)

pytestmark = pytest.mark.django_db
THURSDAY = date(2026, 6, 4)


def values(sheet):
    return {line.label: line.value for section in sheet.sections for line in section.lines}


def fail(message):
    Message.objects.filter(pk=message.pk).update(
        state=MessageState.FAILED, next_attempt_at=None, ended_at=DONE, attempts=1, server_words="550 No such user"
    )


@pytest.mark.proves("CF-03", "CF-41")
def test_the_discussion_ends_the_48_hours_and_the_person_is_told(world):
    form = fresh(world.discussed())

    assert (form.state, form.discussion_recorded_at) == (State.DISCUSSED, DISCUSSED)
    ended = Deadline.objects.get(case=form.case, kind="discussion")
    assert (ended.ending, ended.ended_at, ended.due_at) == ("met", DISCUSSED, DUE)
    assert told(world.person) == [f"{form.reference}: feedback was discussed with you. You can read it"]
    assert words_of(form, "record_discussion") == ""


@pytest.mark.proves("CF-49")
def test_a_discussion_after_the_48_hours_is_recorded_as_late(world):
    form = fresh(world.discussed(at=DUE + timedelta(hours=3)))

    ended = Deadline.objects.get(case=form.case, kind="discussion")
    assert ended.ended_at > ended.due_at


@pytest.mark.parametrize("who", ["sender", "leader", "head"])
def test_nobody_else_records_the_discussion(world, who):
    form = world.delivered()

    with pytest.raises(Refused):
        services.record_discussion(form_id=form.pk, given=DISCUSSION, by=actor(getattr(world, who)), at=DISCUSSED)


@pytest.mark.proves("CF-07", "CF-08", "CF-41")
def test_a_discussion_that_lacks_something_is_refused_and_not_kept(world):
    form = world.delivered()

    with pytest.raises(RuleBroken) as refused:
        services.record_discussion(form_id=form.pk, given=Discussion(), by=actor(world.receiver), at=DISCUSSED)

    assert [broken.field for broken in refused.value.all] == [
        "discussed_at", "how", "place", "recordings", "occurred", "resolution",
    ]  # fmt: skip
    assert fresh(form).state == State.DELIVERED
    assert not PartTwo.objects.exists()


@pytest.mark.proves("CF-09", "CF-40")
def test_part_two_is_kept_as_it_is_typed_until_it_is_complete(world):
    form = world.delivered()
    mine = {"form_id": form.pk, "by": actor(world.receiver)}

    services.save_part_two(given=Discussion(how="One to one"), at=SENT, **mine)
    assert fresh(form).part_two.how == "One to one"
    services.record_discussion(given=DISCUSSION, at=DISCUSSED, **mine)
    services.complete_part_two(given=OUTCOME, at=DONE, **mine)

    with pytest.raises(MovedOn):
        services.save_part_two(given=replace(OUTCOME, changes_agreed="Other"), at=DONE, **mine)


@pytest.mark.proves("CF-09")
def test_part_two_is_not_complete_before_the_discussion(world):
    form = world.delivered()

    with pytest.raises(MovedOn):
        services.complete_part_two(form_id=form.pk, given=OUTCOME, by=actor(world.receiver), at=DONE)


@pytest.mark.proves("CF-05", "CF-09", "CF-12", "CF-41")
def test_a_form_does_not_close_while_part_two_is_incomplete(world):
    form = world.discussed()

    with pytest.raises(RuleBroken) as refused:
        services.complete_part_two(
            form_id=form.pk, given=replace(OUTCOME, opportunity_explained=False, one_to_one_month=None),
            by=actor(world.receiver), at=DONE,
        )  # fmt: skip

    assert {broken.field for broken in refused.value.all} == {"one_to_one_month", "opportunity_explained"}
    assert fresh(form).state == State.DISCUSSED
    assert not PersonalFileEntry.objects.exists()


@pytest.mark.proves("CF-10", "CF-11", "CF-48")
def test_completion_sends_three_copies_files_one_and_closes(world):
    form = fresh(world.closed())

    assert (form.state, form.completed_at, form.ended_at) == (State.CLOSED, DONE, DONE)
    assert sorted(mailed()[4:]) == sorted([world.their_manager.email, world.area_manager.email, world.head.email])
    assert PersonalFileEntry.objects.get().person == world.person
    done = f"{form.reference}: the feedback was given"
    assert told(world.sender)[-1] == told(world.leader)[-1] == done
    assert told(world.person)[-1] == f"{form.reference}: part 2 is complete. You can read it"


@pytest.mark.proves("CF-48")
def test_the_sending_side_learns_nothing_of_what_was_said(world):
    form = fresh(world.closed())

    for person in (world.sender, world.leader):
        with pytest.raises(NotThere):
            part_2_of(form, actor(person))
        assert "reminder" not in " ".join(told(person))
    assert {"plan_opened", "filed", "opened"}.isdisjoint(happened(form))


@pytest.mark.proves("CF-40")
def test_the_second_of_two_who_complete_it_is_told(world):
    form = world.closed()

    with pytest.raises(MovedOn, match="Part 2 completed by Rosa Quill"):
        services.complete_part_two(form_id=form.pk, given=OUTCOME, by=actor(world.receiver), at=DONE)

    assert len(mailed()) == 7


@pytest.mark.proves("CF-04")
def test_development_needs_have_a_plan_that_stays_open_after_part_two(world):
    form = world.discussed()
    given = replace(OUTCOME, no_development_needs=False, development_needs="Reminders")
    mine = {"form_id": form.pk, "by": actor(world.receiver)}
    with pytest.raises(RuleBroken, match="Make a development plan for these needs"):
        services.complete_part_two(given=given, at=DONE, **mine)

    plan = services.open_plan(words="Shadow a colleague", at=DISCUSSED, **mine)
    services.complete_part_two(given=given, at=DONE, **mine)

    assert DevelopmentPlan.objects.get(pk=plan.pk).is_open
    assert plan.person == world.person


@pytest.mark.proves("CF-04")
def test_the_team_leader_of_the_day_closes_a_plan_whoever_made_it(world):
    form = world.discussed()
    plan = services.open_plan(form_id=form.pk, words="Shadow", by=actor(world.receiver), at=DISCUSSED)
    world.leaves_for(world.receiver, world.team, on=THURSDAY)
    new = works("Ira Bell", world.their_team, Post.TEAM_LEADER, since=THURSDAY)
    given = {"plan_id": plan.pk, "done_on": THURSDAY, "words": "Two calls shadowed", "at": DONE}

    with pytest.raises(NotThere):
        services.close_plan(by=actor(world.receiver), **given)
    with pytest.raises(Refused):
        services.close_plan(by=actor(world.head), **given)
    services.close_plan(by=actor(new), **given)

    closed = DevelopmentPlan.objects.get(pk=plan.pk)
    assert (closed.done_on, closed.done_words, closed.closed_by) == (THURSDAY, "Two calls shadowed", new)
    with pytest.raises(MovedOn):
        services.close_plan(by=actor(new), **given)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"done_on": None}, "Enter the day it was done"),
        ({"done_on": date(2026, 6, 9)}, "The day it was done must be today or in the past"),
        ({"words": " "}, "Enter what was done"),
    ],
)
def test_a_plan_is_closed_with_day_and_words(world, given, words):
    done = {"done_on": THURSDAY, "words": "Done"}
    form = world.discussed()
    plan = services.open_plan(form_id=form.pk, words="Shadow", by=actor(world.receiver), at=DISCUSSED)

    with pytest.raises(RuleBroken, match=words):
        services.close_plan(plan_id=plan.pk, by=actor(world.receiver), at=DONE, **{**done, **given})


@pytest.mark.proves("CF-11", "CF-42")
def test_the_personal_file_is_opened_by_the_person_and_the_line_of_today_and_every_opening_is_kept(world):
    world.closed()
    entry = PersonalFileEntry.objects.get()

    for person in [world.person, *world.four]:
        services.open_file_entry(entry_id=entry.pk, by=actor(person), at=DONE)

    openings = events_about(entry).filter(kind="opened").order_by("pk")
    assert [event.actor for event in openings] == [world.person, *world.four]
    assert not any(hasattr(event, "words") for event in openings)
    sheets = sheets_of_entry(entry)
    assert values(sheets[1])["Changes agreed"] == "Every promise gets a reminder"
    assert all(sheet.letters == () for sheet in sheets)


@pytest.mark.proves("CF-42")
@pytest.mark.parametrize("who", ["sender", "leader", "senior", "colleague"])
def test_the_sending_side_and_everybody_else_do_not_open_the_personal_file(world, who):
    world.closed()
    entry = PersonalFileEntry.objects.get()

    with pytest.raises(NotThere):
        services.open_file_entry(entry_id=entry.pk, by=actor(getattr(world, who)), at=DONE)

    assert [event.kind for event in events_about(entry)] == ["filed"]


@pytest.mark.proves("CF-42")
def test_a_former_team_leader_does_not_open_the_personal_file(world):
    world.closed()
    world.leaves_for(world.receiver, world.team, on=THURSDAY)
    entry = PersonalFileEntry.objects.get()

    with pytest.raises(NotThere):
        services.open_file_entry(entry_id=entry.pk, by=actor(world.receiver), at=DONE)


@pytest.mark.proves("CF-10")
def test_a_copy_that_failed_is_shown_to_the_receiving_leader_who_sends_that_one_again(world):
    form = world.closed()
    failed = Sending.objects.get(purpose="copy", part=Part.AREA_MANAGER)
    fail(failed.message)
    FeedbackFormReactions().delivery_failed(fresh(form), failed.message, DONE)

    services.resend_copy(form_id=form.pk, part=Part.AREA_MANAGER, by=actor(world.receiver), at=DONE)

    assert told(world.receiver)[-1] == f"{form.reference}: the email to Amy Dean, area manager, failed"
    assert mailed()[7:] == [world.area_manager.email]
    with pytest.raises(MovedOn):
        services.resend_copy(form_id=form.pk, part=Part.AREA_MANAGER, by=actor(world.receiver), at=DONE)


@pytest.mark.parametrize("who", ["sender", "leader", "head"])
def test_nobody_else_sends_a_copy_again(world, who):
    form = world.closed()

    with pytest.raises(Refused):
        services.resend_copy(form_id=form.pk, part=Part.AREA_MANAGER, by=actor(getattr(world, who)), at=DONE)


@pytest.mark.proves("CF-39")
def test_one_of_four_mails_that_failed_is_told_to_the_sending_leader_and_moves_no_clock(world):
    form = world.delivered()
    failed = Sending.objects.get(purpose="delivery", part=Part.TEAM_LEADER)
    fail(failed.message)

    FeedbackFormReactions().delivery_failed(form, failed.message, SENT)

    assert told(world.leader)[-1] == f"{form.reference}: the email to Rosa Quill, team leader, failed"
    assert fresh(form).due_at == DUE
    assert len(mailed()) == 4


@pytest.mark.proves("CF-49")
def test_overdue_is_told_to_the_receiving_leader_then_to_the_workgroup_manager_and_closes_nothing(world):
    form = world.delivered(at=datetime(2026, 6, 5, 11, 0, tzinfo=UTC))  # Friday noon: due on Sunday noon
    deadline = Deadline.objects.open().get(case=form.case, kind="discussion")
    monday, tuesday = datetime(2026, 6, 8, 8, 0, tzinfo=UTC), datetime(2026, 6, 9, 8, 0, tzinfo=UTC)  # 9am

    take_step(deadline_id=deadline.pk, at=monday - timedelta(minutes=1))
    before = told(world.receiver)[1:]
    take_step(deadline_id=deadline.pk, at=monday)
    take_step(deadline_id=deadline.pk, at=tuesday)

    overdue = f"{form.reference}: the discussion with Tom Reilly was due by Sunday 7 June 2026, 12pm"
    assert overdue not in before
    assert told(world.receiver).count(overdue) == 2
    assert told(world.their_manager) == [overdue]
    assert Notice.objects.get(person=world.their_manager).in_digest, "by email too, with what else became overdue"
    assert fresh(form).state == State.DELIVERED
    assert FeedbackForm.objects.overdue(monday).filter(pk=form.pk).exists()


@pytest.mark.proves("CF-03")
def test_the_receiving_leader_is_warned_at_half_time(world):
    form = world.delivered()
    deadline = Deadline.objects.open().get(case=form.case, kind="discussion")

    take_step(deadline_id=deadline.pk, at=SENT + timedelta(hours=24))

    assert told(world.receiver)[-1] == (
        f"{form.reference}: discuss this feedback with Tom Reilly by Friday 5 June 2026, 12pm"
    )


@pytest.mark.proves("CF-42", "CF-47")
def test_the_person_reads_part_one_without_letters_or_the_summary_of_the_call(world):
    form = world.discussed()
    FeedbackForm.objects.filter(pk=form.pk).update(channel="telephone", call_summary="She shouted")
    form = fresh(form)

    mine, theirs = part_1_of(form, actor(world.person)), part_1_of(form, actor(world.receiver))

    assert mine.letters == ()
    assert [letter.name for letter in theirs.letters] == ["Reply.pdf"]
    assert "She shouted" not in values(mine).values()
    assert "She shouted" in values(theirs).values()
    assert values(mine)["What happened"] == "The call was noted and not made"


def test_nobody_reads_part_one_before_it_comes_to_them(world):
    form = world.submitted()

    for person in [world.receiver, world.person, world.head, world.senior]:
        with pytest.raises(NotThere):
            part_1_of(form, actor(person))


READERS = {
    "complaint_letter": {"sender", "leader", "receiver", "head"},
    "form": {"sender", "leader", "receiver", "head"},
    "form_copy": {"receiver", "head"},
}


@pytest.mark.proves("CF-42")
@pytest.mark.parametrize("kind", READERS)
def test_who_opens_which_document(world, kind):
    form = world.closed()
    document = form.case.documents.filter(kind=kind).first()
    people = ["sender", "colleague", "leader", "receiver", "head", "person", "senior"]

    assert {who for who in people if may_open(actor(getattr(world, who)), document)} == READERS[kind]


@pytest.mark.proves("CF-36")
def test_the_senior_manager_opens_the_letters_of_what_came_to_him(world):
    form = world.with_senior(Route.REVIEW)
    letter = form.case.documents.get(kind="reply_letter")

    assert may_open(actor(world.senior), letter)
    assert not may_open(actor(world.senior_south), letter)


@pytest.mark.proves("CF-10")
def test_the_copy_goes_to_who_holds_the_post_of_a_manager_who_has_left(world):
    form = world.discussed()
    world.has_left(world.head, on=THURSDAY)
    new = works("Ada Moss", world.units["maintenance"], Post.HEAD_OF_LINE, since=THURSDAY)

    services.complete_part_two(form_id=form.pk, given=OUTCOME, by=actor(world.receiver), at=DONE)

    assert mailed()[4:] == [world.their_manager.email, world.area_manager.email, new.email]
    assert words_of(form, "recipients_refreshed") == "Head of line of business: Ada Moss, was Hugo Lane"
    assert permissions.may_see_part_two(actor(new), fresh(form))
    assert not permissions.may_see_part_two(actor(world.head), fresh(form))


def test_a_manager_who_moved_but_works_for_us_keeps_the_copy(world):
    form = world.discussed()
    world.leaves_for(world.head, world.team, on=THURSDAY)
    works("Ada Moss", world.units["maintenance"], Post.HEAD_OF_LINE, since=THURSDAY)

    services.complete_part_two(form_id=form.pk, given=OUTCOME, by=actor(world.receiver), at=DONE)

    assert mailed()[6:] == [world.head.email]


@pytest.mark.proves("CF-10")
def test_a_post_that_nobody_holds_keeps_part_two_from_nothing_but_its_own_copy(world):
    form = world.discussed()
    world.has_left(world.head, on=THURSDAY)

    services.complete_part_two(form_id=form.pk, given=OUTCOME, by=actor(world.receiver), at=DONE)

    assert fresh(form).state == State.CLOSED
    assert mailed()[4:] == [world.their_manager.email, world.area_manager.email]
    assert happened(form).count("copy_not_sent") == 1
    assert services.copies_not_sent(fresh(form)) == {Part.HEAD_OF_LINE: "Nobody is the head of line of business"}


@pytest.mark.proves("CF-10")
def test_a_copy_that_could_not_be_sent_is_sent_once_somebody_holds_the_post(world):
    form = world.discussed()
    world.has_left(world.head, on=THURSDAY)
    services.complete_part_two(form_id=form.pk, given=OUTCOME, by=actor(world.receiver), at=DONE)
    again = {"form_id": form.pk, "part": Part.HEAD_OF_LINE, "by": actor(world.receiver), "at": DONE}

    with pytest.raises(RuleBroken) as refused:
        services.resend_copy(**again)
    new = works("Ada Moss", world.units["maintenance"], Post.HEAD_OF_LINE, since=THURSDAY)
    services.resend_copy(**again)

    assert refused.value.message == (
        "Nobody is the head of line of business. Ask an administrator to set it in the people directory"
    )
    assert mailed()[6:] == [new.email]
    assert services.copies_not_sent(fresh(form)) == {}


def test_a_manager_without_an_address_does_not_hold_up_part_two(world):
    form = world.discussed()
    StaffMember.objects.filter(pk=world.head.pk).update(email="")

    services.complete_part_two(form_id=form.pk, given=OUTCOME, by=actor(world.receiver), at=DONE)

    why = "Hugo Lane, head of line of business, has no work email address"
    assert services.copies_not_sent(fresh(form)) == {Part.HEAD_OF_LINE: why}
    assert permissions.may_see_part_two(actor(world.head), fresh(form)), "he finds it in ContactHub"


@pytest.mark.proves("CF-10")
def test_a_copy_that_failed_goes_to_who_holds_the_post_since_its_manager_left(world):
    form = world.closed()
    failed = Sending.objects.get(purpose="copy", part=Part.HEAD_OF_LINE)
    fail(failed.message)
    world.has_left(world.head, on=THURSDAY)
    new = works("Ada Moss", world.units["maintenance"], Post.HEAD_OF_LINE, since=THURSDAY)

    services.resend_copy(form_id=form.pk, part=Part.HEAD_OF_LINE, by=actor(world.receiver), at=DONE)

    assert mailed()[7:] == [new.email]


@pytest.mark.proves("CF-34", "CF-39")
def test_of_four_mails_one_is_refused_is_seen_and_the_other_three_go_out_once(world, smtp):
    StaffMember.objects.filter(pk=world.head.pk).update(email="refused@dwp.example")
    form = world.delivered()

    for message in [*Message.objects.filter(mailbox__code="feedback"), *Message.objects.all()]:
        send_message(message.pk)

    taken = [one for one in smtp.received if one.mail["From"].addresses[0].addr_spec == "feedback@contacthub.example"]
    assert sorted(one.recipients[0] for one in taken) == sorted(person.email for person in world.four[:3])
    attached = [[part.get_content_type() for part in one.mail.iter_attachments()] for one in taken]
    assert attached == [["application/pdf"] * 3] * 3
    assert told(world.leader)[-1] == f"{form.reference}: the email to Hugo Lane, head of line of business, failed"
    assert happened(form).count("mail_failed") == 1
    assert fresh(form).due_at == DUE
