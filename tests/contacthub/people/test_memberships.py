"""Where somebody works, and what follows from it, on any day."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from contacthub.actor import PUBLIC
from contacthub.people.models import Membership, StaffMember
from contacthub.people.roles import Post, Role, UnitKind
from contacthub.people.services import actor_for, holders_of, staff_of, units_of
from tests.factories import MembershipFactory, StaffMemberFactory, UnitFactory

pytestmark = pytest.mark.django_db
MONDAY, FRIDAY = date(2026, 6, 1), date(2026, 6, 5)
DAY_BEFORE, DAY_AFTER = date(2026, 5, 31), date(2026, 6, 6)


@pytest.fixture
def week():
    """Somebody who leads a team from Monday to Friday."""
    return MembershipFactory(unit__kind=UnitKind.TEAM, post=Post.TEAM_LEADER, starts_on=MONDAY, ends_on=FRIDAY)


@pytest.mark.parametrize(("day", "there"), [(DAY_BEFORE, 0), (MONDAY, 1), (FRIDAY, 1), (DAY_AFTER, 0)])
def test_the_first_and_the_last_day_count_and_no_other(week, day, there):
    assert len(units_of(week.person, on=day)) == there
    assert len(staff_of(week.unit, on=day)) == there
    assert holders_of(Post.TEAM_LEADER, week.unit, on=day).exists() is bool(there)
    actor = actor_for(week.person, on=day)
    assert actor.unit_ids == ({week.unit_id} if there else set())
    assert actor.posts == ({("team_leader", week.unit_id)} if there else set())
    assert actor.roles == ({"Team leader"} if there else set())


def test_without_a_last_day_it_goes_on():
    open_ended = MembershipFactory(starts_on=MONDAY)

    assert list(units_of(open_ended.person, on=date(2036, 1, 1))) == [open_ended.unit]


# Roles and posts, by hand
@pytest.mark.parametrize(
    ("post", "kind", "role"),
    [
        ("team_leader", "ed_site", "ED team leader"),
        ("team_leader", "team", "Team leader"),
        ("workgroup_manager", "workgroup", "Workgroup manager"),
        ("area_manager", "area", "Area manager"),
        ("head_of_line", "line_of_business", "Head of line of business"),
        ("senior_resolution_manager", "area", "Area senior resolution manager"),
    ],
)
def test_a_role_that_is_a_post_follows_from_the_membership_of_the_day(post, kind, role):
    held = MembershipFactory(unit__kind=kind, post=post)

    assert actor_for(held.person, on=MONDAY).roles == {role}


@pytest.mark.parametrize("role", [Role.ED_TEAM_LEADER, Role.TEAM_LEADER])
def test_a_group_with_the_name_of_a_post_gives_no_role(role):
    assert actor_for(StaffMemberFactory(role=role), on=MONDAY).roles == set()


def test_the_other_roles_are_groups():
    assert actor_for(StaffMemberFactory(role=Role.JD_AGENT), on=MONDAY).roles == {"JD agent"}


def test_who_is_not_signed_in_is_the_public():
    assert actor_for(AnonymousUser(), on=MONDAY) is PUBLIC


@pytest.mark.parametrize("units", [1, 20])
def test_an_actor_costs_one_query_whatever_the_number_of_units(django_assert_num_queries, units):
    person = StaffMemberFactory(role=Role.ED_AGENT)
    MembershipFactory.create_batch(units, person=person)

    with django_assert_num_queries(1):
        assert len(actor_for(person, on=MONDAY).unit_ids) == units


def test_who_has_left_is_not_staff_of_the_unit_any_more():
    unit = UnitFactory()
    MembershipFactory(unit=unit, person__name="Zoe Adams")
    MembershipFactory(unit=unit, person__name="Kofi Mensah")
    MembershipFactory(unit=unit, person__active_to=DAY_BEFORE)

    assert [str(person) for person in staff_of(unit, on=MONDAY)] == ["Kofi Mensah", "Zoe Adams"]


class TestWhatTheDatabaseHolds:
    def test_days_are_in_order(self):
        with pytest.raises(IntegrityError, match="membership_days_in_order"):
            MembershipFactory(starts_on=FRIDAY, ends_on=MONDAY)

    def test_days_of_a_person_are_in_order(self):
        with pytest.raises(IntegrityError, match="staff_days_in_order"):
            StaffMemberFactory(active_from=FRIDAY, active_to=MONDAY)

    def test_a_post_has_one_holder_a_day(self, week):
        with pytest.raises(IntegrityError, match="membership_one_holder"):
            MembershipFactory(unit=week.unit, post=Post.TEAM_LEADER, starts_on=FRIDAY)

    def test_the_next_holder_may_start_the_day_after(self, week):
        MembershipFactory(unit=week.unit, post=Post.TEAM_LEADER, starts_on=DAY_AFTER)

        assert Membership.objects.filter(unit=week.unit).count() == 2

    def test_nobody_works_twice_in_one_unit(self, week):
        with pytest.raises(IntegrityError, match="membership_once"):
            MembershipFactory(unit=week.unit, person=week.person, starts_on=MONDAY)

    def test_many_may_work_in_a_unit_without_a_post(self, week):
        MembershipFactory.create_batch(2, unit=week.unit, starts_on=MONDAY)

        assert Membership.objects.filter(unit=week.unit, post="").count() == 2

    def test_forms_say_it_in_words(self, week):
        second = MembershipFactory.build(unit=week.unit, person=StaffMemberFactory(), post="team_leader")

        with pytest.raises(ValidationError, match="Somebody holds this post on some of these days"):
            second.full_clean()


@pytest.mark.parametrize(("day", "active"), [(DAY_BEFORE, False), (MONDAY, True), (FRIDAY, True), (DAY_AFTER, False)])
def test_somebody_is_active_from_the_first_to_the_last_day(day, active):
    StaffMemberFactory(active_from=MONDAY, active_to=FRIDAY)

    assert StaffMember.objects.active(day).exists() is active
