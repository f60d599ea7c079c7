"""What a unit learns from feedback: counted by hand, about no person, and only by its own leaders."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from complaints_feedback.learning import Period, first_days, learn, parts_of
from complaints_feedback.suppressing import Hidden
from complaints_feedback.terms import Route
from contacthub.clock import now
from contacthub.formats import uk_day
from contacthub.people.roles import UnitKind
from tests.complaints_feedback.situations import SENT, actor, works
from tests.factories import MORNING, FeedbackFormFactory, PlacementFactory, StaffMemberFactory, UnitFactory

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


def learned(world, *, period=Period.LAST, route=None, unit=None, who=None):
    parts = parts_of(actor(who or world.receiver), on=MORNING.date())
    return learn(parts=parts, period=period, route=route, unit=unit and unit.pk, at=SENT + timedelta(days=20))


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

    assert (causes["promise_not_kept"], causes["not_informed"], causes["other"]) == (12, 7, 0)


def test_a_route_is_counted_alone(world):
    received(world, *[10] * 6)
    received(world, *[10] * 7, route="ice", delivered_at=SENT + timedelta(days=1))

    assert learned(world, route=Route.ICE).forms == 7


def test_the_two_periods_do_not_overlap(world):
    received(world, *[10] * 6, delivered_at=SENT - timedelta(days=170))  # in December 2025
    received(world, *[10] * 7)

    assert learned(world).forms == 7
    assert learned(world, period=Period.BEFORE).forms == 6


def test_each_post_learns_of_the_teams_below_it_and_of_no_other(world):
    received(world, *[10] * 6)

    for leader in [world.receiver, world.their_manager, world.area_manager, world.head, world.senior]:
        assert learned(world, who=leader).forms == 6
    for leader in [world.leader, world.workgroup_manager, world.senior_south]:
        assert learned(world, who=leader).forms == 0


def test_the_page_and_the_file_say_fewer_than_five(world, client):
    received(world, 10, 10, delivered_at=now())
    client.force_login(world.receiver)

    for name in (PAGE, FILE):
        shown = client.get(reverse(name)).content.decode()
        assert "fewer than 5" in shown
        assert world.person.name not in shown


def test_a_month_without_forms_has_no_share_rather_than_one_that_is_not_shown(world, client):
    client.force_login(world.receiver)

    assert ",0,0,0,–\r\n" in client.get(reverse(FILE)).content.decode()


def test_a_route_with_few_hides_the_other_routes_too(world):
    """9 in all, 6 of them of Resolution: were both shown, the 3 of ICE would follow."""
    received(world, *[10] * 6)
    received(world, *[10] * 3, route="ice", delivered_at=SENT + timedelta(days=1))

    assert learned(world).forms == 9
    for route in Route:
        found = learned(world, route=route)
        assert (found.forms, found.months[-1].figures.forms, found.share) == (Hidden.BESIDE, Hidden.BESIDE, None)


def test_a_route_without_forms_hides_nothing(world):
    received(world, *[10] * 6)

    assert learned(world, route=Route.RESOLUTION).forms == 6
    assert learned(world, route=Route.ICE).forms == 0


def in_another_team(world):
    """Return somebody of a second team in the workgroup of the first."""
    team = UnitFactory(code="maintenance-8", name="Maintenance, Team 8", kind=UnitKind.TEAM)
    PlacementFactory(
        unit=team, workgroup=world.units["tyne"], area=world.north, line_of_business=world.units["maintenance"]
    )
    return works("Ann Lee", team), team


def test_a_part_of_the_unit_is_counted_alone(world):
    person, team = in_another_team(world)
    received(world, *[10] * 6)
    received(world, *[10] * 8, person=person, delivered_at=SENT + timedelta(days=1))

    assert learned(world, who=world.their_manager).forms == 14
    assert learned(world, who=world.their_manager, unit=team).forms == 8
    assert learned(world, who=world.their_manager, unit=world.their_team).forms == 6


def test_a_part_with_few_hides_the_others_too(world):
    person, team = in_another_team(world)
    received(world, *[10] * 6)
    received(world, *[10] * 2, person=person, delivered_at=SENT + timedelta(days=1))

    for unit in (team, world.their_team):
        assert learned(world, who=world.their_manager, unit=unit).forms == Hidden.BESIDE


def test_by_route_and_part_at_once_a_number_is_shown_where_every_cell_is(world):
    person, team = in_another_team(world)
    received(world, *[10] * 6)
    received(world, *[10] * 6, route="ice", delivered_at=SENT + timedelta(days=1))
    received(world, *[10] * 6, person=person, delivered_at=SENT + timedelta(days=2))
    received(world, *[10] * 3, person=person, route="ice", delivered_at=SENT + timedelta(days=3))

    manager = world.their_manager

    assert learned(world, who=manager, route=Route.ICE).forms == 9
    assert learned(world, who=manager, unit=team).forms == 9
    assert learned(world, who=manager, route=Route.ICE, unit=world.their_team).forms == Hidden.BESIDE


def test_a_bar_is_measured_by_what_is_shown(world):
    received(world, *[10] * 9, triggers=["promise_not_kept"])
    received(world, *[10] * 5, triggers=["not_informed"], delivered_at=SENT + timedelta(days=1))
    received(world, *[10] * 5, triggers=["not_informed"], route="ice", delivered_at=SENT + timedelta(days=2))
    received(world, *[10] * 2, triggers=["promise_not_kept"], route="ice", delivered_at=SENT + timedelta(days=3))

    causes = {cause.trigger.value: cause for cause in learned(world, route=Route.RESOLUTION).causes}

    assert (causes["promise_not_kept"].forms, causes["promise_not_kept"].width) == (Hidden.BESIDE, 0)
    assert (causes["not_informed"].forms, causes["not_informed"].width) == (5, 100)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [(Period.LAST, date(2026, 1, 1), date(2026, 6, 1)), (Period.BEFORE, date(2025, 7, 1), date(2025, 12, 1))],
)
def test_a_period_has_six_months_and_the_running_one_ends_the_last(period, first, last):
    months = first_days(period, today=date(2026, 6, 4))

    assert (months[0], months[-1], len(months)) == (first, last, 6)


def test_the_page_names_the_unit_the_months_and_what_the_lines_of_the_chart_stand_for(world, client):
    received(world, *[10] * 7, delivered_at=now())
    client.force_login(world.their_manager)

    page = client.get(reverse(PAGE))

    months = first_days(Period.LAST, today=uk_day(now()))
    assert f"<bdi>Tyne</bdi>, {months[0]:%B %Y} to {months[-1]:%B %Y}" in page.content.decode()
    assert [line.number for line in page.context["axis"]] == [3, 6, 9]


def test_who_has_one_team_has_no_part_to_choose(world, client):
    client.force_login(world.receiver)

    assert "Part of your unit" not in client.get(reverse(PAGE)).content.decode()


def test_a_manager_chooses_among_the_parts_of_the_own_unit_alone(world, client):
    _, team = in_another_team(world)
    client.force_login(world.their_manager)

    page = client.get(reverse(PAGE))

    assert dict(page.context["filters"].fields["unit"].known) == {
        str(world.their_team.pk): "Maintenance, Team 7",
        str(team.pk): "Maintenance, Team 8",
    }
    assert "not understood" in client.get(reverse(PAGE), {"unit": world.team.pk}).content.decode()


def test_the_lists_lead_there_those_who_get_in(world, client):
    link = f'href="{reverse(PAGE)}"'

    for person, leads in [(world.receiver, True), (world.senior, True), (world.sender, False)]:
        client.force_login(person)
        assert (link in client.get(reverse("feedback:forms")).content.decode()) is leads


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
