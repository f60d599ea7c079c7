"""What a unit learns from feedback: counted by hand, about no person, and only by its own leaders."""

from datetime import timedelta

import pytest
from django.urls import reverse

from complaints_feedback.learning import learn, teams_of
from complaints_feedback.suppressing import Hidden
from complaints_feedback.terms import Route
from tests.complaints_feedback.situations import SENT, actor
from tests.factories import MORNING, FeedbackFormFactory, StaffMemberFactory

PAGE, FILE = "feedback:learning", "feedback:learning_csv"
pytestmark = pytest.mark.django_db


def received(world, *hours, triggers=("promise_not_kept",), delivered_at=SENT, route="resolution", person=None):
    """Make a form for each of these hours between receipt and discussion; none where it waits."""
    for number, waited in enumerate(hours):
        at = delivered_at + timedelta(minutes=number)
        discussed = None if waited is None else at + timedelta(hours=waited)
        FeedbackFormFactory(
            agreed=True,
            state="delivered" if discussed is None else "discussed",
            person=person or world.person,
            route=route,
            triggers=[*triggers],
            delivered_at=at,
            received_at=at,
            discussion_recorded_at=discussed,
        )


def learned(world, *, months=6, route=None, who=None):
    teams = teams_of(actor(who or world.receiver), on=MORNING.date())
    return learn(teams=teams, months=months, route=route, at=SENT + timedelta(days=20))


def test_forms_in_time_and_later_are_counted_by_the_month_they_were_received(world):
    received(world, *[10] * 6, *[48] * 2, *[49] * 5)

    found = learned(world)

    june = found.months[-1]
    assert (june.first.month, june.figures.forms, june.figures.in_time, june.figures.later) == (6, 13, 8, 5)
    assert (found.forms, found.share, june.figures.share) == (13, 62, 62)


def test_the_median_is_that_of_what_was_discussed(world):
    received(world, 10, 20, 30, 40, 60, None)

    assert learned(world).hours == 30


def test_a_form_about_a_trigger_that_the_team_had_before_is_counted_once(world):
    received(world, *[10] * 7, triggers=["promise_not_kept", "not_informed"])

    assert learned(world).repeats == 6


def test_more_than_one_trigger_may_apply(world):
    received(world, *[10] * 7, triggers=["promise_not_kept", "not_informed"])
    received(world, *[10] * 5, delivered_at=SENT + timedelta(days=1))

    causes = {cause.trigger.value: cause.forms for cause in learned(world).causes}

    assert (causes["promise_not_kept"], causes["not_informed"], causes["other"]) == (12, 7, Hidden.SMALL)


def test_a_route_is_counted_alone(world):
    received(world, *[10] * 6)
    received(world, *[10] * 7, route="ice", delivered_at=SENT + timedelta(days=1))

    assert learned(world, route=Route.ICE).forms == 7


def test_what_was_received_before_these_months_is_not_counted(world):
    received(world, *[10] * 6, delivered_at=SENT - timedelta(days=100))

    assert learned(world, months=3).forms == Hidden.SMALL
    assert learned(world, months=6).forms == 6


def test_each_post_learns_of_the_teams_below_it_and_of_no_other(world):
    received(world, *[10] * 6)

    for leader in [world.receiver, world.their_manager, world.area_manager, world.head, world.senior]:
        assert learned(world, who=leader).forms == 6
    for leader in [world.leader, world.workgroup_manager, world.senior_south]:
        assert learned(world, who=leader).forms == Hidden.SMALL


def test_the_page_and_the_file_say_fewer_than_five(world, client):
    received(world, 10, 10, delivered_at=MORNING)
    client.force_login(world.receiver)

    for name in (PAGE, FILE):
        shown = client.get(reverse(name)).content.decode()
        assert "fewer than 5" in shown
        assert world.person.name not in shown


@pytest.mark.parametrize("name", [PAGE, FILE])
def test_team_leaders_and_above_get_in_and_nobody_else(world, client, name):
    for person, status in [
        (world.receiver, 200), (world.their_manager, 200), (world.area_manager, 200), (world.head, 200),
        (world.senior, 200), (world.person, 403), (world.sender, 403), (StaffMemberFactory(), 403),
    ]:  # fmt: skip
        client.force_login(person)
        assert client.get(reverse(name)).status_code == status


def test_the_number_of_queries_does_not_grow_with_the_forms(world, django_assert_max_num_queries):
    received(world, *[10] * 40)

    with django_assert_max_num_queries(8):
        learned(world)
