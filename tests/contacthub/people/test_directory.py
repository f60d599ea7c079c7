"""Who leads whom, on any day."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from contacthub.people import directory
from contacthub.people.directory import Chain, Move
from contacthub.people.models import Placement
from contacthub.people.roles import Post, UnitKind
from tests.factories import MembershipFactory, PlacementFactory, StaffMemberFactory, UnitFactory

pytestmark = pytest.mark.django_db
MONDAY, FRIDAY = date(2026, 6, 1), date(2026, 6, 5)
DAY_BEFORE, DAY_AFTER = date(2026, 5, 31), date(2026, 6, 6)

# The posts, each in the kind of unit that it leads, by hand
POSTS = {
    "team_leader": "team",
    "workgroup_manager": "workgroup",
    "area_manager": "area",
    "head_of_line": "line_of_business",
    "senior_resolution_manager": "area",
}


class Chart:
    """One person in a team, with everybody who leads them."""

    def __init__(self):
        self.units = {kind: UnitFactory(kind=kind, name=kind) for kind in UnitKind.values[-4:]}
        self.placement = PlacementFactory(
            unit=self.units["team"], **{kind: self.units[kind] for kind in UnitKind.values[-3:]}
        )
        self.held = {post: MembershipFactory(unit=self.units[kind], post=post) for post, kind in POSTS.items()}
        self.membership = MembershipFactory(unit=self.units["team"])
        self.person = self.membership.person

    def chain(self, on=MONDAY):
        self.person.refresh_from_db()
        return directory.chain_of(self.person, on=on)


@pytest.fixture
def chart():
    return Chart()


def change(row, **fields):
    type(row).objects.filter(pk=row.pk).update(**fields)


@pytest.mark.proves("CF-25", "CF-30", "CF-31")
def test_everybody_who_leads_a_person_is_found_with_what_they_lead(chart):
    chain = chart.chain()

    assert (chain.person, chain.on, chain.holds) == (chart.person, MONDAY, frozenset())
    for post, kind in POSTS.items():
        assert getattr(chain, post) == chain.leader(Post(post)) == chart.held[post].person
        assert getattr(chain, kind) == chain.unit(Post(post)) == chart.units[kind]


def test_a_chain_costs_two_queries_for_one_person_and_for_many(chart, django_assert_num_queries):
    others = [MembershipFactory(unit=chart.units["team"]).person for _ in range(19)]
    other_team = PlacementFactory(unit=UnitFactory(kind="team"), area=chart.units["area"]).unit
    others.append(MembershipFactory(unit=other_team).person)

    with django_assert_num_queries(2):
        directory.chain_of(chart.person, on=MONDAY)
    with django_assert_num_queries(2):
        chains = directory.chains_of([chart.person, *others], on=MONDAY)

    assert {chain.area_manager for chain in chains.values()} == {chart.held["area_manager"].person}
    assert chains[others[-1].pk].team_leader is None


@pytest.mark.proves("CF-50")
@pytest.mark.parametrize("post", POSTS)
def test_a_vacant_post_is_nobody_and_its_unit_still_stands(chart, post):
    chart.held[post].delete()

    chain = chart.chain()

    assert chain.leader(Post(post)) is None
    assert chain.unit(Post(post)) == chart.units[POSTS[post]]
    assert all(chain.leader(Post(other)) for other in POSTS if other != post)


@pytest.mark.parametrize("post", POSTS)
@pytest.mark.parametrize(("day", "held"), [(DAY_BEFORE, False), (MONDAY, True), (FRIDAY, True), (DAY_AFTER, False)])
class TestDays:
    def test_a_post_is_held_from_its_first_to_its_last_day(self, chart, post, day, held):
        change(chart.held[post], starts_on=MONDAY, ends_on=FRIDAY)

        assert (chart.chain(day).leader(Post(post)) is not None) is held

    def test_a_leader_who_does_not_work_that_day_is_nobody(self, chart, post, day, held):
        change(chart.held[post].person, active_from=MONDAY, active_to=FRIDAY)

        assert (chart.chain(day).leader(Post(post)) is not None) is held

    def test_a_team_stands_where_it_is_placed_that_day(self, chart, post, day, held):
        change(chart.placement, starts_on=MONDAY, ends_on=FRIDAY)

        assert (chart.chain(day).leader(Post(post)) is not None) is (held or post == "team_leader")

    def test_a_person_has_leaders_while_they_are_in_the_team(self, chart, post, day, held):
        change(chart.membership, starts_on=MONDAY, ends_on=FRIDAY)

        assert (chart.chain(day).leader(Post(post)) is not None) is held

    def test_a_person_has_leaders_while_they_work_for_us(self, chart, post, day, held):
        change(chart.person, active_from=MONDAY, active_to=FRIDAY)

        assert (chart.chain(day).leader(Post(post)) is not None) is held


@pytest.mark.parametrize("missing", ["workgroup", "area", "line_of_business"])
def test_the_three_that_stand_above_a_team_do_not_depend_on_each_other(chart, missing):
    change(chart.placement, **{missing: None})

    chain = chart.chain()

    for post, kind in POSTS.items():
        assert (chain.leader(Post(post)) is None) is (chain.unit(Post(post)) is None) is (kind == missing)


@pytest.mark.proves("CF-26")
def test_who_moved_is_led_where_they_now_work(chart):
    change(chart.membership, ends_on=FRIDAY)
    new = MembershipFactory(unit=UnitFactory(kind="team"), post=Post.TEAM_LEADER)
    MembershipFactory(person=chart.person, unit=new.unit, starts_on=DAY_AFTER)

    assert chart.chain(FRIDAY).team_leader == chart.held["team_leader"].person
    assert chart.chain(DAY_AFTER).team_leader == new.person
    assert chart.chain(DAY_AFTER).workgroup is None


def test_a_membership_that_was_not_ended_gives_way_to_a_later_one(chart):
    later = MembershipFactory(person=chart.person, unit=UnitFactory(kind="team"), starts_on=FRIDAY)

    assert chart.chain(MONDAY).team == chart.units["team"]
    assert chart.chain(FRIDAY).team == later.unit


def test_who_stands_in_as_leader_of_another_team_is_led_in_their_own(chart):
    MembershipFactory(person=chart.person, unit=UnitFactory(kind="team"), post=Post.TEAM_LEADER, starts_on=MONDAY)

    assert chart.chain().team == chart.units["team"]


@pytest.mark.parametrize(("post", "kind"), POSTS.items())
def test_nobody_leads_themselves(chart, post, kind):
    chain = directory.chain_of(chart.held[post].person, on=MONDAY)

    assert chain.leader(Post(post)) is None
    assert chain.holds == {post}
    assert chain.unit(Post(post)) == chart.units[kind]


def test_a_team_leader_is_led_by_those_above_the_team(chart):
    chain = directory.chain_of(chart.held["team_leader"].person, on=MONDAY)

    assert chain.workgroup_manager == chart.held["workgroup_manager"].person


def test_a_manager_works_in_what_they_manage_and_in_no_team(chart):
    chain = directory.chain_of(chart.held["area_manager"].person, on=MONDAY)

    assert chain.team is None
    assert chain.senior_resolution_manager == chart.held["senior_resolution_manager"].person


def test_a_post_of_another_kind_of_unit_leads_nobody(chart):
    odd = MembershipFactory(unit=chart.units["team"], post=Post.AREA_MANAGER)
    chart.held["area_manager"].delete()

    assert chart.chain().area_manager is None
    assert odd.person.pk not in directory.reporting_line(chart.person, on=MONDAY)


def test_a_site_has_a_leader_as_a_team_has(chart):
    lead = MembershipFactory(unit=UnitFactory(kind="ed_site"), post=Post.TEAM_LEADER)
    agent = MembershipFactory(unit=lead.unit)

    chain = directory.chain_of(agent.person, on=MONDAY)

    assert (chain.team, chain.team_leader) == (lead.unit, lead.person)


def test_who_works_nowhere_has_an_empty_chain():
    person = StaffMemberFactory()

    assert directory.chain_of(person, on=MONDAY) == Chain(person, MONDAY)


class TestReportingLine:
    """Who may read what only the reporting line of the day reads."""

    LINE = ("team_leader", "workgroup_manager", "area_manager", "head_of_line")

    def test_it_goes_from_the_team_leader_to_the_head_of_the_line(self, chart):
        expected = {chart.held[post].person_id for post in self.LINE}

        assert directory.reporting_line(chart.person, on=MONDAY) == expected

    @pytest.mark.parametrize("post", POSTS)
    def test_who_is_in_the_line_of_somebody_has_them_among_their_reports(self, chart, post):
        leader = chart.held[post].person

        reports = directory.reports_of(leader, on=MONDAY)

        assert (chart.person.pk in reports) is (post in self.LINE)
        assert leader.pk not in reports
        # The two ways to ask agree, whomever one asks about.
        for each in [chart.person, *(held.person for held in chart.held.values())]:
            assert (each.pk in reports) is (leader.pk in directory.reporting_line(each, on=MONDAY))

    @pytest.mark.parametrize("away", ["left", "other team", "leader left"])
    def test_reports_are_those_of_the_day(self, chart, away):
        leader = chart.held["workgroup_manager"].person
        if away == "left":
            change(chart.person, active_to=DAY_BEFORE)
        elif away == "other team":
            MembershipFactory(person=chart.person, unit=UnitFactory(kind="team"), starts_on=MONDAY)
        else:
            change(leader, active_to=DAY_BEFORE)
            leader.refresh_from_db()

        assert chart.person.pk not in directory.reports_of(leader, on=MONDAY)
        assert leader.pk not in directory.reporting_line(type(leader).objects.get(pk=chart.person.pk), on=MONDAY)

    @pytest.mark.parametrize("more", [0, 20])
    def test_reports_cost_three_queries(self, chart, more, django_assert_num_queries):
        MembershipFactory.create_batch(more, unit=chart.units["team"])

        with django_assert_num_queries(3):
            assert len(directory.reports_of(chart.held["head_of_line"].person, on=MONDAY)) == more + 2


class TestLastTeam:
    @pytest.fixture
    def left(self, chart):
        """Somebody who left on Friday, whose membership nobody ended."""
        change(chart.person, active_to=FRIDAY)
        chart.person.refresh_from_db()
        return chart.person

    @pytest.mark.parametrize("ended", [None, MONDAY])
    def test_who_left_still_has_the_leader_of_their_last_team(self, chart, left, ended, django_assert_num_queries):
        change(chart.membership, ends_on=ended)

        with django_assert_num_queries(2):
            leader = directory.leader_of_last_team(left, on=DAY_AFTER)

        assert leader == chart.held["team_leader"].person

    def test_it_is_the_leader_of_today(self, chart, left):
        change(chart.held["team_leader"], ends_on=FRIDAY)
        new = MembershipFactory(unit=chart.units["team"], post=Post.TEAM_LEADER, starts_on=DAY_AFTER)

        assert directory.leader_of_last_team(left, on=DAY_AFTER) == new.person

    @pytest.mark.parametrize("why", ["vacant", "away", "nowhere"])
    def test_there_may_be_none(self, chart, left, why):
        if why == "vacant":
            chart.held["team_leader"].delete()
        elif why == "away":
            change(chart.held["team_leader"].person, active_to=FRIDAY)
        else:
            chart.membership.delete()

        assert directory.leader_of_last_team(left, on=DAY_AFTER) is None


class TestMoves:
    def worked(self, *spells):
        """Return somebody who worked in each of these units, A, B or C, from a day in June to another."""
        person, units = StaffMemberFactory(), {}
        for name, first, last, *post in spells:
            unit = units.setdefault(name, UnitFactory(kind="team", name=name))
            days = {"starts_on": date(2026, 6, first), "ends_on": date(2026, 6, last) if last else None}
            MembershipFactory(person=person, unit=unit, post=post[0] if post else "", **days)
        return person

    @pytest.mark.proves("CF-25")
    @pytest.mark.parametrize(
        ("spells", "moves"),
        [
            ([], []),
            ([("A", 1, None)], []),
            ([("A", 1, 5), ("B", 6, None)], [(6, "A", "B")]),
            ([("A", 1, 5), ("B", 9, None)], [(9, "A", "B")]),
            ([("A", 1, 5), ("A", 9, None)], []),
            ([("A", 1, None), ("B", 6, None)], [(6, "A", "B")]),
            ([("A", 1, None), ("B", 6, 9)], [(6, "A", "B"), (10, "B", "A")]),
            ([("A", 1, None), ("B", 6, 9, Post.TEAM_LEADER)], []),
            ([("A", 1, 5), ("B", 6, 9), ("C", 10, None)], [(6, "A", "B"), (10, "B", "C")]),
        ],
    )
    def test_a_move_is_the_first_day_in_another_unit(self, spells, moves):
        found = directory.moves_of(self.worked(*spells))

        assert [(move.on.day, move.left.name, move.joined.name) for move in found] == moves

    def test_the_moves_of_a_person_cost_one_query(self, django_assert_num_queries):
        person = self.worked(("A", 1, 5), ("B", 6, 9), ("C", 10, None))

        with django_assert_num_queries(1):
            assert isinstance(directory.moves_of(person)[0], Move)


@pytest.mark.parametrize(("first", "last"), [(DAY_BEFORE, MONDAY), (FRIDAY, DAY_AFTER), (MONDAY, None)])
def test_a_team_has_one_place_on_a_day(chart, first, last):
    change(chart.placement, starts_on=MONDAY, ends_on=FRIDAY)

    with pytest.raises(IntegrityError, match="placement_once"), transaction.atomic():
        Placement.objects.create(unit=chart.units["team"], starts_on=first, ends_on=last)


def test_a_place_ends_no_sooner_than_it_starts(chart):
    with pytest.raises(IntegrityError, match="placement_days_in_order"), transaction.atomic():
        change(chart.placement, ends_on=date(2019, 1, 1))
