"""The people directory changes while a form is with those it was sent to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from complaints_feedback import services
from complaints_feedback.models import FeedbackForm
from complaints_feedback.services import Named
from complaints_feedback.terms import Part
from contacthub.deadlines.models import Deadline
from contacthub.deadlines.services import take_step
from contacthub.people.roles import Post, UnitKind
from tests.complaints_feedback.situations import SENT, actor, fresh, happened, mailed, told, words_of, works
from tests.factories import MORNING, PlacementFactory, UnitFactory

pytestmark = pytest.mark.django_db
WEDNESDAY, THURSDAY = date(2026, 6, 3), date(2026, 6, 4)
A_DAY = timedelta(days=1)


def days_pass(form: FeedbackForm, number: int = 1) -> None:
    """Let the daily look at the people directory come, each time on its day."""
    for _ in range(number):
        check = Deadline.objects.open().get(case=form.case, kind="daily_check")
        take_step(deadline_id=check.pk, at=check.due_at)


@pytest.mark.proves("CF-25", "CF-26")
def test_the_sending_leader_is_told_that_the_person_has_moved(world):
    form = world.delivered()
    other_team = UnitFactory(code="maintenance-8", name="Maintenance, Team 8", kind=UnitKind.TEAM)
    PlacementFactory(
        unit=other_team,
        workgroup=world.units["tyne"],
        area=world.north,
        line_of_business=world.units["maintenance"],
        starts_on=WEDNESDAY,
    )
    works("Ira Bell", other_team, Post.TEAM_LEADER)
    world.leaves_for(world.person, other_team, on=THURSDAY)

    days_pass(form)

    assert words_of(form, "directory_changed") == "Team leader: Ira Bell, was Rosa Quill"
    assert told(world.leader)[-1] == (
        f"{form.reference}: others are responsible now. Re-address it. Team leader: Ira Bell, was Rosa Quill"
    )


@pytest.mark.proves("CF-26")
@pytest.mark.parametrize("state", ["delivered", "discussed"])
def test_the_sending_leader_is_told_once_that_the_persons_leader_has_changed(world, state):
    form = getattr(world, state)()
    world.leaves_for(world.receiver, world.team, on=THURSDAY)
    works("Ira Bell", world.their_team, Post.TEAM_LEADER, since=THURSDAY)

    days_pass(form, 3)

    words = f"{form.reference}: others are responsible now. Re-address it. Team leader: Ira Bell, was Rosa Quill"
    assert told(world.leader).count(words) == 1
    assert happened(form).count("directory_changed") == 1
    assert len(mailed()) == 4, "nobody is sent the form before it is re-addressed"


@pytest.mark.proves("CF-50")
def test_the_sending_leader_is_told_to_name_who_is_responsible_where_nobody_leads_the_team(world):
    form = world.delivered()
    world.leaves_for(world.receiver, world.team, on=THURSDAY)

    days_pass(form)

    assert told(world.leader)[-1] == (f"{form.reference}: nobody leads Tom Reilly now. Name who is responsible")
    assert words_of(form, "directory_changed") == "Team leader: nobody, was Rosa Quill"


def test_another_change_is_told_again(world):
    form = world.delivered()
    world.leaves_for(world.receiver, world.team, on=THURSDAY)
    days_pass(form)
    works("Ira Bell", world.their_team, Post.TEAM_LEADER, since=date(2026, 6, 5))

    days_pass(form)

    assert told(world.leader)[-1].endswith("Re-address it. Team leader: Ira Bell, was Rosa Quill")


def test_a_new_sending_leader_is_told_what_the_one_before_was_told(world):
    form = world.delivered()
    world.leaves_for(world.receiver, world.units["south"], on=THURSDAY)
    works("Ira Bell", world.their_team, Post.TEAM_LEADER, since=THURSDAY)
    days_pass(form)
    world.leaves_for(world.leader, world.units["south"], on=date(2026, 6, 5))
    new = works("Lou Marsh", world.team, Post.TEAM_LEADER, since=date(2026, 6, 5))

    days_pass(form)

    assert told(new)[-1].endswith("Re-address it. Team leader: Ira Bell, was Rosa Quill")


@pytest.mark.parametrize("state", ["submitted", "closed"])
def test_nothing_is_told_of_what_was_not_sent_yet_or_has_ended(world, state):
    form = getattr(world, state)()
    world.leaves_for(world.receiver, world.team, on=THURSDAY)
    if state == "submitted":
        days_pass(form)

    assert "directory_changed" not in happened(form)


def test_no_change_is_told_as_none(world):
    form = world.delivered()

    days_pass(form, 2)

    assert "directory_changed" not in happened(form)


def test_whoever_was_named_for_a_vacant_post_is_no_change(world):
    form = world.delivered()
    world.leaves_for(world.receiver, world.team, on=THURSDAY)
    named = Named(world.their_manager.pk, "He leads the team while the post is vacant")
    services.name_responsible(form_id=form.pk, named=named, by=actor(world.leader), at=SENT + A_DAY)

    days_pass(form, 2)

    assert "directory_changed" not in happened(form)


@pytest.mark.proves("CF-26")
def test_a_manager_whom_nobody_follows_does_not_hold_up_the_way_to_a_new_team_leader(world):
    form = world.delivered()
    world.leaves_for(world.receiver, world.team, on=THURSDAY)
    new = works("Ira Bell", world.their_team, Post.TEAM_LEADER, since=THURSDAY)
    world.has_left(world.head, on=THURSDAY)

    services.readdress(form_id=form.pk, by=actor(world.leader), at=MORNING + A_DAY)

    assert mailed()[4:] == [new.email]
    assert words_of(form, "readdressed").splitlines()[1] == "Head of line of business: nobody, was Hugo Lane"
    assert not fresh(form).recipients.filter(part=Part.HEAD_OF_LINE).exists()
