"""The edge cases that the procedure names for complaints feedback, one test a row, with its words.

Started on Wednesday 3 June 2026 at 10am in the UK, sent at noon.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from complaints_feedback import services
from complaints_feedback.lifecycle import FormState as State
from complaints_feedback.models import FeedbackForm, PersonalFileEntry
from complaints_feedback.terms import Part, Route
from contacthub.cases.services import events_about
from contacthub.deadlines.models import Deadline
from contacthub.deadlines.services import take_step
from contacthub.deadlines.tasks import steps_due
from contacthub.errors import MovedOn, NotThere, Refused, RuleBroken
from contacthub.people.models import Membership
from contacthub.people.roles import Post, UnitKind
from tests.complaints_feedback.situations import (
    CAUSE,
    DONE,
    LATER,
    OUTCOME,
    SENT,
    actor,
    fresh,
    mailed,
    told,
    words_of,
    works,
)
from tests.factories import MORNING, PlacementFactory, UnitFactory

pytestmark = pytest.mark.django_db
WEDNESDAY = date(2026, 6, 3)


def issue_on(world, form, day: date, *, at: datetime = MORNING) -> FeedbackForm:
    given = replace(CAUSE, issue_on=day)
    return services.save_cause(form_id=form.pk, given=given, by=actor(world.sender), at=at)


@pytest.mark.proves("CF-18", "AMB-27")
def test_issue_exactly_six_months_before_the_start_is_allowed_and_a_day_earlier_is_not(world):
    form = world.started()

    assert issue_on(world, form, date(2025, 12, 3)).issue_on == date(2025, 12, 3)
    with pytest.raises(RuleBroken) as refused:
        issue_on(world, form, date(2025, 12, 2))

    assert refused.value.message == "The issue happened more than six months ago, so feedback cannot be given"


@pytest.mark.proves("CF-18", "AMB-27")
def test_form_started_in_time_and_sent_later_is_still_allowed(world):
    form = world.agreed()
    issue_on(world, form, date(2025, 12, 3))
    in_august = MORNING + timedelta(days=75)

    services.submit(form_id=form.pk, by=actor(world.sender), at=in_august)
    services.send(form_id=form.pk, by=actor(world.leader), at=in_august)

    assert fresh(form).state == State.DELIVERED


@pytest.mark.proves("CF-27", "CF-28")
def test_two_people_erred_and_the_first_is_chosen(world):
    form = world.filled_in()

    with pytest.raises(RuleBroken) as refused:
        services.choose_person(form_id=form.pk, person_id=world.earlier.pk, by=actor(world.sender), at=MORNING)

    assert refused.value.message == (
        "Feedback goes only to the last person who could have stopped the complaint escalating"
    )
    assert fresh(form).person == world.person


@pytest.mark.proves("CF-25", "CF-26")
def test_person_moved_team_between_submit_and_send(world):
    form = world.submitted()
    team = UnitFactory(code="enforcement-3", name="Enforcement, Team 3", kind=UnitKind.TEAM)
    PlacementFactory(
        unit=team, workgroup=world.units["tyne"], area=world.north, line_of_business=world.units["maintenance"]
    )
    now_leads = works("Ira Bell", team, Post.TEAM_LEADER)
    world.leaves_for(world.person, team, on=WEDNESDAY)

    services.send(form_id=form.pk, by=actor(world.leader), at=SENT)

    change = "Team leader: Ira Bell, was Rosa Quill"
    assert mailed()[0] == now_leads.email
    assert world.receiver.email not in mailed()
    assert told(world.sender)[-1] == f"{form.reference}: it goes to others now. {change}"
    assert words_of(form, "recipients_refreshed") == change
    assert not FeedbackForm.objects.visible_to(actor(world.receiver)).exists()


@pytest.mark.proves("CF-30")
def test_resolution_without_head_of_line_of_business_cannot_be_submitted(world):
    Membership.objects.filter(person=world.head).delete()
    form = world.agreed(Route.RESOLUTION)

    with pytest.raises(RuleBroken) as refused:
        services.submit(form_id=form.pk, by=actor(world.sender), at=LATER)

    assert [broken.field for broken in refused.value.all] == [Part.HEAD_OF_LINE]
    assert fresh(form).state == State.AGREED


@pytest.mark.proves("CF-31")
def test_review_with_only_the_team_leader_can_be_submitted(world):
    Membership.objects.filter(person__in=[world.their_manager, world.area_manager, world.head]).delete()

    form = fresh(world.submitted(Route.REVIEW))

    assert form.state == State.SUBMITTED
    assert [one.part for one in form.recipients.all()] == [Part.TEAM_LEADER]


@pytest.mark.proves("CF-36", "CF-37")
@pytest.mark.parametrize("route", [Route.REVIEW, Route.ICE])
def test_sending_team_leader_cannot_send_review_straight_to_the_managers(world, route):
    form = world.submitted(route)
    mine = {"form_id": form.pk, "by": actor(world.leader)}

    with pytest.raises(MovedOn):
        services.confirm_and_send(managers=world.managers(), at=LATER, **mine)
    services.send(at=LATER, **mine)
    with pytest.raises(Refused):
        services.confirm_and_send(managers=world.managers(), at=SENT, **mine)

    assert mailed() == [world.senior.email]
    assert fresh(form).delivered_at is None


@pytest.mark.proves("CF-03", "CF-49", "AMB-26")
def test_48_hours_end_on_sunday_and_the_escalation_goes_out_on_monday_at_9am(world):
    friday = datetime(2026, 6, 5, 14, 0, tzinfo=UTC)  # 3pm in the UK
    sunday, monday = datetime(2026, 6, 7, 14, 0, tzinfo=UTC), datetime(2026, 6, 8, 8, 0, tzinfo=UTC)
    form = world.delivered(at=friday)
    deadline = Deadline.objects.open().get(case=form.case, kind="discussion")
    late = f"{form.reference}: the discussion with Tom Reilly was due by Sunday 7 June 2026, 3pm"

    def sweep(moment: datetime) -> int:
        for found in steps_due.find(moment):
            if found == deadline.pk:
                take_step(deadline_id=found, at=moment)
        return told(world.receiver).count(late)

    assert form.due_at == sunday
    assert not FeedbackForm.objects.overdue(sunday - timedelta(seconds=1)).exists()
    assert FeedbackForm.objects.overdue(sunday).get() == form
    assert sweep(sunday) == 0
    assert sweep(monday - timedelta(seconds=1)) == 0
    assert sweep(monday) == 1


@pytest.mark.proves("CF-09")
def test_part_two_incomplete_and_closing_is_tried(world):
    form = world.discussed()
    given = replace(OUTCOME, changes_agreed="", opportunity_explained=False)

    with pytest.raises(RuleBroken) as refused:
        services.complete_part_two(form_id=form.pk, given=given, by=actor(world.receiver), at=DONE)

    assert [broken.message for broken in refused.value.all] == [
        "Enter what changes you agreed",
        "Confirm that you explained that they had the opportunity to put the case right",
    ]
    assert fresh(form).state == State.DISCUSSED
    assert len(mailed()) == 4, "no copy has gone"


@pytest.mark.proves("CF-42")
def test_sender_opens_the_personal_file(world):
    world.closed()
    entry = PersonalFileEntry.objects.get()

    with pytest.raises(NotThere):
        services.open_file_entry(entry_id=entry.pk, by=actor(world.sender), at=DONE)

    assert not events_about(entry).filter(kind="opened").exists()
