"""From the start to the submitted form, on the services."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from complaints_feedback import services
from complaints_feedback.lifecycle import FormState as State
from complaints_feedback.models import FeedbackForm
from complaints_feedback.parts import part_1_of
from complaints_feedback.services import Cause, Complaint, Named
from complaints_feedback.terms import Channel, Part, Route, Trigger
from contacthub.deadlines.models import Deadline
from contacthub.errors import MovedOn, NotThere, Refused, RuleBroken
from contacthub.people.models import Membership
from contacthub.people.roles import Post, Role
from tests.complaints_feedback.situations import (
    CAUSE,
    COMPLAINT,
    EVIDENCE,
    LATER,
    actor,
    fresh,
    happened,
    mailed,
    told,
    words_of,
    works,
)
from tests.contacthub.documents.files import VIRUS, upload
from tests.factories import MORNING

pytestmark = pytest.mark.django_db


def parts_of(form):
    return {Part(one.part): one.person for one in form.recipients.select_related("person")}


@pytest.mark.proves("CF-43", "CF-28")
def test_a_form_starts_with_the_complaint_its_day_and_who_leads_the_sender(world):
    form = services.start(complaint_reference=" rsp-77 ", route=Route.REVIEW, by=actor(world.sender), at=MORNING)

    form = fresh(form)
    assert (form.state, form.complaint_reference, form.started_on) == (State.DRAFT, "RSP-77", date(2026, 6, 3))
    assert (form.sender, form.sender_team, form.sending_team_leader) == (world.sender, world.team, world.leader)
    assert form.reference.startswith("CFF-")
    assert happened(form) == ["started"]
    assert Deadline.objects.get(case=form.case).kind == "daily_check"


@pytest.mark.proves("CF-18")
def test_the_day_of_the_start_is_that_of_the_uk(world):
    late = MORNING.replace(hour=23, minute=30)  # 12:30am on 4 June

    assert world.started(at=late).started_on == date(2026, 6, 4)


@pytest.mark.proves("CF-02")
def test_only_the_complaint_teams_start_a_form(world):
    with pytest.raises(Refused):
        services.start(complaint_reference="RSP-1", route=Route.ICE, by=actor(world.leader), at=MORNING)

    assert not FeedbackForm.objects.exists()


def test_a_form_needs_the_reference_of_the_complaint(world):
    with pytest.raises(RuleBroken, match="Enter the complaint reference from Respond"):
        services.start(complaint_reference=" ", route=Route.ICE, by=actor(world.sender), at=MORNING)


@pytest.mark.proves("CF-28")
def test_a_complaint_has_one_active_form(world):
    first = world.started()

    with pytest.raises(MovedOn) as refused:
        services.start(
            complaint_reference=first.complaint_reference.lower(), route=Route.ICE, by=actor(world.colleague), at=LATER
        )

    assert refused.value.message == (
        f"Sana Iqbal has started {first.reference} about this complaint. A complaint has one form at a time"
    )
    assert FeedbackForm.objects.count() == 1


@pytest.mark.proves("CF-20", "CF-21")
def test_no_feedback_ends_the_form_with_its_reason_and_sends_nothing(world):
    form = world.started()

    services.record_no_feedback(form_id=form.pk, reason="Nobody of ours erred", by=actor(world.sender), at=LATER)

    assert fresh(form).state == State.NOT_NEEDED
    assert words_of(form, "record_no_feedback") == "Nobody of ours erred"
    assert mailed() == []
    assert not Deadline.objects.open().exists()


def test_no_feedback_needs_its_reason(world):
    form = world.started()

    with pytest.raises(RuleBroken, match="Enter why no feedback is given"):
        services.record_no_feedback(form_id=form.pk, reason=" ", by=actor(world.sender), at=LATER)


def test_only_the_sender_ends_it_so(world):
    form = world.started()

    with pytest.raises(Refused):
        services.record_no_feedback(form_id=form.pk, reason="No", by=actor(world.leader), at=LATER)
    with pytest.raises(NotThere):
        services.record_no_feedback(form_id=form.pk, reason="No", by=actor(world.colleague), at=LATER)


@pytest.mark.proves("CF-18", "AMB-27")
def test_a_date_mistyped_by_a_year_is_an_error_and_can_be_put_right(world):
    form = world.started()
    mine = {"form_id": form.pk, "by": actor(world.sender), "at": MORNING}

    with pytest.raises(RuleBroken) as refused:
        services.save_cause(given=replace(CAUSE, issue_on=date(2025, 4, 1)), **mine)
    services.save_cause(given=CAUSE, **mine)

    assert refused.value.message == "The issue happened more than six months ago, so feedback cannot be given"
    assert (fresh(form).state, fresh(form).issue_on) == (State.DRAFT, date(2026, 4, 1))


@pytest.mark.proves("CF-18", "AMB-27")
def test_a_date_that_is_too_old_ends_the_form_once_the_sender_says_that_it_is_right(world):
    form = world.started()

    services.end_as_too_old(form_id=form.pk, issue_on=date(2025, 12, 2), by=actor(world.sender), at=LATER)

    assert (fresh(form).state, fresh(form).issue_on) == (State.NOT_NEEDED, date(2025, 12, 2))


@pytest.mark.proves("CF-18")
def test_an_agreed_form_can_end_as_too_old(world):
    form = world.agreed()

    services.end_as_too_old(form_id=form.pk, issue_on=date(2025, 12, 2), by=actor(world.sender), at=LATER)

    assert fresh(form).state == State.NOT_NEEDED


@pytest.mark.parametrize(
    ("issue_on", "words"),
    [
        (date(2025, 12, 3), "This date is within six months. Save it, and go on"),
        (date(2026, 6, 4), "Date of the issue must be today or in the past"),
    ],
)
def test_a_form_does_not_end_as_too_old_where_it_is_not(world, issue_on, words):
    form = world.started()

    with pytest.raises(RuleBroken, match=words):
        services.end_as_too_old(form_id=form.pk, issue_on=issue_on, by=actor(world.sender), at=LATER)


def test_a_section_keeps_what_is_there_and_may_lack_the_rest(world):
    form = world.started()

    services.save_complaint(form_id=form.pk, given=Complaint(channel=Channel.EMAIL), by=actor(world.sender), at=MORNING)

    assert (fresh(form).channel, fresh(form).stage, fresh(form).received_on) == ("email", "", None)


@pytest.mark.parametrize("field", ["received_on", "client_discussed_on"])
def test_a_date_to_come_is_refused(world, field):
    form = world.started()
    given = replace(COMPLAINT, **{field: date(2026, 6, 4)})

    with pytest.raises(RuleBroken, match="must be today or in the past"):
        services.save_complaint(form_id=form.pk, given=given, by=actor(world.sender), at=MORNING)


@pytest.mark.proves("CF-27", "CF-28")
def test_the_first_of_two_who_erred_is_refused(world):
    form = world.started()
    mine = {"form_id": form.pk, "by": actor(world.sender), "at": MORNING}
    services.save_involved(person_ids=[world.earlier.pk, world.person.pk], **mine)

    with pytest.raises(RuleBroken) as refused:
        services.choose_person(person_id=world.earlier.pk, **mine)

    assert refused.value.message == (
        "Feedback goes only to the last person who could have stopped the complaint escalating"
    )
    assert fresh(form).person is None


def test_the_order_of_those_involved_is_kept_as_it_was_said(world):
    form = world.started()
    mine = {"form_id": form.pk, "by": actor(world.sender), "at": MORNING}
    services.save_involved(person_ids=[world.person.pk, world.earlier.pk], **mine)

    services.save_involved(person_ids=[world.earlier.pk, world.person.pk], **mine)

    assert [one.person for one in form.involved.all()] == [world.earlier, world.person]


def test_nobody_is_involved_twice(world):
    form = world.started()

    with pytest.raises(RuleBroken, match="This person is in the list already"):
        services.save_involved(
            form_id=form.pk, person_ids=[world.person.pk, world.person.pk], by=actor(world.sender), at=MORNING
        )


@pytest.mark.proves("CF-30", "CF-25")
def test_resolution_takes_all_four_from_the_directory(world):
    form = world.filled_in(Route.RESOLUTION)

    assert parts_of(form) == {
        Part.TEAM_LEADER: world.receiver,
        Part.WORKGROUP_MANAGER: world.their_manager,
        Part.AREA_MANAGER: world.area_manager,
        Part.HEAD_OF_LINE: world.head,
    }
    assert form.area is None


@pytest.mark.proves("CF-31", "AMB-30")
@pytest.mark.parametrize("route", [Route.REVIEW, Route.ICE])
def test_review_takes_the_team_leader_and_the_area_where_the_person_works(world, route):
    form = world.filled_in(route)

    assert parts_of(form) == {Part.TEAM_LEADER: world.receiver}
    assert form.area == world.north


@pytest.mark.proves("AMB-30")
def test_the_senders_area_confirms_where_the_directory_shows_none_of_the_person(world):
    world.their_team.placements.update(area=None)

    assert world.filled_in(Route.REVIEW).area == world.south


@pytest.mark.proves("AMB-30")
def test_another_area_is_chosen_with_a_reason(world):
    form = world.filled_in(Route.REVIEW)
    mine = {"form_id": form.pk, "by": actor(world.sender), "at": LATER}

    with pytest.raises(RuleBroken, match="Enter why another area confirms the managers"):
        services.change_area(area_id=world.south.pk, reason="", **mine)
    services.change_area(area_id=world.south.pk, reason="He works on loan there", **mine)
    services.choose_person(person_id=world.person.pk, **mine)

    assert fresh(form).area == world.south, "a change that was made by hand stays"
    assert words_of(form, "area_changed") == "South, was North. He works on loan there"


def test_a_resolution_form_has_no_area_to_change(world):
    form = world.filled_in(Route.RESOLUTION)

    with pytest.raises(RuleBroken, match="This form goes to its four recipients directly"):
        services.change_area(form_id=form.pk, area_id=world.south.pk, reason="So", by=actor(world.sender), at=LATER)


@pytest.mark.proves("CF-51")
def test_nobody_sends_feedback_to_themselves_or_to_who_they_lead(world):
    form = world.started()
    mine = {"form_id": form.pk, "by": actor(world.sender), "at": MORNING}
    services.save_involved(person_ids=[world.sender.pk], **mine)

    with pytest.raises(RuleBroken, match="Select somebody else: nobody sends feedback to themselves"):
        services.choose_person(person_id=world.sender.pk, **mine)

    Membership.objects.filter(person=world.receiver).delete()
    world.leaves_for(world.sender, world.their_team, on=date(2026, 6, 3), post=Post.TEAM_LEADER)
    services.save_involved(person_ids=[world.person.pk], **mine)
    with pytest.raises(RuleBroken, match="You lead this person"):
        services.choose_person(person_id=world.person.pk, **mine)


@pytest.mark.proves("CF-51")
def test_where_the_sending_leader_leads_the_person_too_the_workgroup_manager_acts(world):
    world.leaves_for(world.person, world.team, on=date(2026, 6, 1))

    form = world.filled_in()

    assert parts_of(form)[Part.TEAM_LEADER] == world.leader
    assert form.sending_team_leader == world.workgroup_manager


@pytest.mark.proves("CF-22")
def test_the_team_leader_is_asked_and_told(world):
    form = world.asked()

    assert (form.state, form.asked_number) == (State.AWAITING_AGREEMENT, 1)
    assert told(world.leader) == [f"{form.reference}: say if you agree that Tom Reilly should get feedback"]


@pytest.mark.proves("CF-22")
def test_the_team_leader_is_not_asked_before_person_trigger_and_date_are_there(world):
    form = world.started()

    with pytest.raises(RuleBroken) as refused:
        services.ask(form_id=form.pk, by=actor(world.sender), at=MORNING)

    assert [broken.code for broken in refused.value.all] == [
        "trigger_required", "issue_date_required", "person_required",
    ]  # fmt: skip
    assert fresh(form).state == State.DRAFT


@pytest.mark.proves("CF-22", "CF-23")
def test_the_agreement_has_name_and_time_and_the_sender_is_told(world):
    form = fresh(world.agreed())

    assert (form.state, form.agreed_by, form.agreed_at) == (State.AGREED, world.leader, MORNING)
    assert told(world.sender) == [f"{form.reference}: Lena Voss agrees that feedback is given"]


@pytest.mark.proves("CF-23")
def test_without_agreement_the_form_ends(world):
    form = world.asked()

    services.refuse(form_id=form.pk, asked_number=1, reason="It was our own error", by=actor(world.leader), at=LATER)

    assert fresh(form).state == State.NOT_NEEDED
    assert words_of(form, "refuse") == "It was our own error"
    assert mailed() == []


@pytest.mark.proves("CF-23")
@pytest.mark.parametrize("who", ["sender", "colleague", "receiver", "workgroup_manager"])
def test_nobody_else_agrees(world, who):
    form = world.asked()

    with pytest.raises((Refused, NotThere)):
        services.agree(form_id=form.pk, asked_number=1, by=actor(getattr(world, who)), at=LATER)

    assert fresh(form).state == State.AWAITING_AGREEMENT


@pytest.mark.proves("CF-23")
def test_a_form_is_not_submitted_without_agreement(world):
    form = world.filled_in()

    with pytest.raises(MovedOn):
        services.submit(form_id=form.pk, by=actor(world.sender), at=LATER)


@pytest.mark.proves("CF-22", "CF-23")
@pytest.mark.parametrize("change", ["person", "trigger"])
def test_another_person_or_trigger_asks_again_and_the_first_agreement_stays_on_the_timeline(world, change):
    form = world.agreed()
    mine = {"form_id": form.pk, "by": actor(world.sender), "at": LATER}

    if change == "person":
        services.save_involved(person_ids=[world.earlier.pk], **mine)
        services.choose_person(person_id=world.earlier.pk, **mine)
    else:
        services.save_cause(given=replace(CAUSE, triggers=[Trigger.INCORRECT]), **mine)

    form = fresh(form)
    assert (form.state, form.asked_number, form.agreed_by) == (State.AWAITING_AGREEMENT, 2, None)
    assert happened(form)[-2:] == ["agree", "ask_again"] or happened(form)[-1] == "ask_again"
    assert "agree" in happened(form)
    assert len(told(world.leader)) == 2


def test_other_changes_leave_the_agreement_alone(world):
    form = world.agreed()

    services.save_cause(form_id=form.pk, given=replace(CAUSE, what_happened="Twice"), by=actor(world.sender), at=LATER)

    assert (fresh(form).state, fresh(form).what_happened) == (State.AGREED, "Twice")


def test_who_agrees_to_what_has_changed_meanwhile_is_told(world):
    form = world.asked()
    services.save_cause(form_id=form.pk, given=Cause(triggers=[Trigger.NOT_INFORMED]), by=actor(world.sender), at=LATER)

    with pytest.raises(MovedOn, match="has changed since you opened this"):
        services.agree(form_id=form.pk, asked_number=1, by=actor(world.leader), at=LATER)

    assert fresh(form).state == State.AWAITING_AGREEMENT


@pytest.mark.proves("CF-32")
def test_the_completed_form_goes_to_the_sending_team_leader(world):
    form = world.submitted()

    assert (form.state, form.submitted_at) == (State.SUBMITTED, LATER)
    assert told(world.leader)[-1] == f"{form.reference} is ready for you to check and send"
    assert mailed() == []


@pytest.mark.proves("CF-29", "CF-30")
def test_resolution_without_head_of_line_of_business_cannot_be_submitted(world):
    Membership.objects.filter(person=world.head).delete()
    form = world.agreed()

    with pytest.raises(RuleBroken) as refused:
        services.submit(form_id=form.pk, by=actor(world.sender), at=LATER)

    assert refused.value.message == (
        "The people directory shows no head of line of business. Name who acts for the post"
    )


@pytest.mark.proves("CF-30", "CF-50")
def test_who_acts_for_a_vacant_post_is_named_with_words(world):
    Membership.objects.filter(person=world.head).delete()
    acting = works("Ada Moss", world.units["maintenance"])
    form = world.agreed()
    mine = {"form_id": form.pk, "by": actor(world.sender), "at": LATER}

    with pytest.raises(RuleBroken, match="Enter why they act for the post"):
        services.name_manager(part=Part.HEAD_OF_LINE, named=Named(acting.pk), **mine)
    services.name_manager(part=Part.HEAD_OF_LINE, named=Named(acting.pk, "Acts until July"), **mine)
    services.submit(**mine)

    assert parts_of(form)[Part.HEAD_OF_LINE] == acting
    assert words_of(form, "part_named") == "Head of line of business: Ada Moss. Acts until July"


@pytest.mark.proves("AMB-30")
def test_another_person_is_confirmed_where_they_work_and_not_in_the_area_chosen_for_the_first(world):
    form = world.agreed(Route.REVIEW)
    mine = {"form_id": form.pk, "by": actor(world.sender), "at": LATER}
    services.change_area(area_id=world.south.pk, reason="On loan to the south", **mine)
    assert fresh(form).area == world.south

    services.save_involved(person_ids=[world.person.pk, world.earlier.pk], **mine)
    services.choose_person(person_id=world.earlier.pk, **mine)

    assert (fresh(form).area, fresh(form).area_reason) == (world.north, "")


@pytest.mark.proves("CF-42", "CF-51")
@pytest.mark.parametrize("who", ["sender", "person"])
def test_neither_sender_nor_person_acts_for_a_vacant_post(world, who):
    Membership.objects.filter(person=world.head).delete()
    form = world.agreed()
    named = Named(getattr(world, who).pk, "Acts until July")

    with pytest.raises(RuleBroken) as refused:
        services.name_manager(form_id=form.pk, part=Part.HEAD_OF_LINE, named=named, by=actor(world.sender), at=LATER)

    assert refused.value.code == "same_person"


@pytest.mark.parametrize("part", [Part.AREA_MANAGER, Part.TEAM_LEADER])
def test_a_post_that_somebody_holds_is_not_named(world, part):
    form = world.agreed()

    with pytest.raises(RuleBroken):
        services.name_manager(
            form_id=form.pk, part=part, named=Named(world.head.pk, "So"), by=actor(world.sender), at=LATER
        )


@pytest.mark.proves("CF-31")
def test_review_with_only_the_team_leader_can_be_submitted(world):
    Membership.objects.filter(person__in=[world.their_manager, world.area_manager, world.head]).delete()

    assert world.submitted(Route.REVIEW).state == State.SUBMITTED


@pytest.mark.proves("CF-50")
def test_a_form_is_submitted_where_the_directory_shows_no_team_leader(world):
    Membership.objects.filter(person=world.receiver).delete()

    assert world.submitted().state == State.SUBMITTED


@pytest.mark.proves("CF-35")
@pytest.mark.parametrize(
    ("letters", "words"),
    [
        ({"reply_letter": True}, "Select the complaint letter, or say that the complaint was made by telephone"),
        ({"complaint_letter": True}, "Select the reply sent to the client"),
    ],
)
def test_both_letters_are_attached_before_it_is_submitted(world, letters, words):
    form = world.agreed()
    form.case.documents.all().delete()
    files = {kind: upload(f"{kind}.pdf") for kind in letters}
    services.save_letters(form_id=form.pk, by=actor(world.sender), at=LATER, **files)

    with pytest.raises(RuleBroken) as refused:
        services.submit(form_id=form.pk, by=actor(world.sender), at=LATER)

    assert refused.value.message == words


@pytest.mark.proves("CF-47", "CF-13", "AMB-32")
def test_a_telephone_complaint_has_a_summary_of_the_call_in_place_of_the_letter(world):
    form = world.agreed()
    form.case.documents.filter(kind="complaint_letter").delete()
    mine = {"form_id": form.pk, "by": actor(world.sender), "at": LATER}
    services.save_complaint(given=replace(COMPLAINT, channel=Channel.TELEPHONE), **mine)
    with pytest.raises(RuleBroken, match="Enter a summary of the call"):
        services.submit(**mine)

    services.save_letters(call_summary="She asked why nobody rang", **mine)

    assert services.submit(**mine).state == State.SUBMITTED


@pytest.mark.proves("CF-35", "CF-47")
@pytest.mark.parametrize(
    ("channel", "letters", "has_summary"),
    [(Channel.TELEPHONE, ["reply_letter"], True), (Channel.LETTER, ["complaint_letter", "reply_letter"], False)],
)
def test_what_belongs_to_another_way_of_complaining_goes_to_nobody(world, channel, letters, has_summary):
    """It was attached, and written, before the sender said how the complaint was made."""
    form = world.agreed()
    mine = {"form_id": form.pk, "by": actor(world.sender), "at": LATER}
    services.save_letters(call_summary="She asked why nobody rang", **mine)
    services.save_complaint(given=replace(COMPLAINT, channel=channel), **mine)

    sheet = part_1_of(fresh(form), actor(world.sender))

    assert [letter.kind for letter in sheet.letters] == letters
    assert ("Summary of the call" in [section.title for section in sheet.sections]) is has_summary


@pytest.mark.proves("CF-35")
def test_a_letter_with_a_virus_is_refused_and_nothing_is_kept(world):
    form = world.started()

    with pytest.raises(RuleBroken, match="The selected file contains a virus"):
        services.save_letters(
            form_id=form.pk, reply_letter=upload("Reply.txt", VIRUS), by=actor(world.sender), at=MORNING
        )

    assert not form.case.documents.exists()


SAVES = {
    services.save_complaint: {"given": COMPLAINT},
    services.save_cause: {"given": CAUSE},
    services.save_evidence: {"given": EVIDENCE},
    services.save_involved: {"person_ids": []},
    services.choose_person: {"person_id": 0},
    services.save_letters: {"call_summary": "Late"},
    services.name_manager: {"part": Part.AREA_MANAGER, "named": Named(0, "So")},
}


@pytest.mark.proves("CF-40")
@pytest.mark.parametrize("save", SAVES)
def test_part_one_is_read_only_once_it_is_submitted(world, save):
    form = world.submitted()

    with pytest.raises(MovedOn):
        save(form_id=form.pk, by=actor(world.sender), at=LATER, **SAVES[save])


@pytest.mark.parametrize("save", SAVES)
def test_nobody_but_the_sender_fills_it_in(world, save):
    form = world.started()

    with pytest.raises(Refused):
        save(form_id=form.pk, by=actor(world.leader), at=LATER, **SAVES[save])


def test_a_form_that_is_returned_can_be_put_right_and_submitted_again(world):
    form = world.submitted()

    services.return_for_correction(form_id=form.pk, reason="Name the SR", by=actor(world.leader), at=LATER)
    assert (fresh(form).state, fresh(form).submitted_at) == (State.AGREED, None)
    assert told(world.sender)[-1] == f"{form.reference} is returned to you for correction: Name the SR"
    services.submit(form_id=form.pk, by=actor(world.sender), at=LATER)

    assert fresh(form).state == State.SUBMITTED


@pytest.mark.proves("CF-18", "AMB-27")
def test_a_form_that_was_started_in_time_is_sent_months_later(world):
    form = world.agreed()
    services.save_cause(
        form_id=form.pk, given=replace(CAUSE, issue_on=date(2025, 12, 3)), by=actor(world.sender), at=MORNING
    )

    assert services.submit(form_id=form.pk, by=actor(world.sender), at=MORNING.replace(month=8)).state == "submitted"


def test_only_who_works_for_us_is_named(world):
    Membership.objects.filter(person=world.head).delete()
    gone = works("Ola Finch", world.units["maintenance"], role=Role.CASEWORKER, active_to=date(2026, 5, 1))
    form = world.agreed()

    with pytest.raises(RuleBroken, match="Select somebody who works for us today"):
        services.name_manager(
            form_id=form.pk, part=Part.HEAD_OF_LINE, named=Named(gone.pk, "Acts"), by=actor(world.sender), at=LATER
        )
