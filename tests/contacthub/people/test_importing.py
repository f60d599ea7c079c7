"""Many people at once: what is applied is what was checked, or nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from contacthub.cases.services import events_about
from contacthub.errors import MovedOn, NotThere, Refused, RuleBroken
from contacthub.people import directory, importing
from contacthub.people.differences import Said
from contacthub.people.models import CheckedFile, StaffMember
from contacthub.people.roles import Post, Role
from contacthub.people.services import actor_for
from tests.factories import MORNING, MembershipFactory, StaffMemberFactory, UnitFactory
from tests.races import Held, wait_until_blocked

pytestmark = pytest.mark.django_db
TODAY = MORNING.date()


@pytest.fixture
def ingrid():
    return actor_for(StaffMemberFactory(role=Role.ADMINISTRATOR), on=TODAY)


@pytest.fixture
def team():
    return UnitFactory(kind="team", code="team-1")


def said(number, line=2, **fields):
    return Said(line, number, fields)


def new(number="900102", **fields):
    return said(number, **{"name": "Bo Lis", "email": f"{number}@example.org"} | fields)


def upsert(*rows, by, **told):
    return importing.upsert(rows, by=by, at=MORNING, **told)


def chain(number):
    return directory.chain_of(StaffMember.objects.get(staff_number=number), on=TODAY)


def test_somebody_new_is_there_with_their_team_and_no_password(ingrid, team):
    plan = upsert(new(unit="team-1", post="team_leader", takes_calls_in_welsh=True), by=ingrid)

    assert plan.counts == {"new": 1, "changed": 0, "ended": 0, "unchanged": 0}
    made = StaffMember.objects.get(staff_number="900102")
    assert (made.name, made.email, made.active_from) == ("Bo Lis", "900102@example.org", TODAY)
    assert (made.takes_calls_in_welsh, made.has_usable_password()) == (True, False)
    assert made.memberships.get().post == Post.TEAM_LEADER


@pytest.mark.proves("XC-01", "XC-04")
def test_each_change_is_on_record_with_before_and_after(ingrid, team):
    ana = MembershipFactory(unit=team, person__name="Ana", person__staff_number="900101").person

    upsert(said("900101", name="Ana Byrne", unit="", post=""), by=ingrid)

    [event] = events_about(ana)
    assert (event.kind, event.actor_id) == ("changed", ingrid.staff_id)
    assert event.words.text == "Name: Ana → Ana Byrne\nWorks in: team-1 → no unit, 3 June 2026"


def test_who_is_not_changed_has_no_event(ingrid):
    ana = StaffMemberFactory(staff_number="900101")

    upsert(said("900101", name=ana.name), by=ingrid)

    assert not events_about(ana)


@pytest.mark.proves("CF-25")
def test_a_move_ends_where_somebody_was_and_is_shown_as_one(ingrid, team):
    ana = MembershipFactory(unit=team, person__staff_number="900101").person
    other = UnitFactory(kind="team", code="team-2")

    upsert(said("900101", unit="team-2", since=date(2026, 6, 1)), by=ingrid)

    assert directory.moves_of(ana) == [directory.Move(date(2026, 6, 1), team, other)]


def test_a_leader_who_stands_further_down_takes_over_from_one_who_goes(ingrid, team):
    MembershipFactory(unit=team, post=Post.TEAM_LEADER, person__staff_number="900101")
    MembershipFactory(unit=team, person__staff_number="900103")

    upsert(new(unit="team-1", post="team_leader"), said("900101", 3, active_to=date(2026, 6, 2)), by=ingrid)

    assert chain("900103").team_leader.staff_number == "900102"


def test_nothing_is_changed_where_one_row_cannot_be_done(ingrid):
    with pytest.raises(RuleBroken):
        upsert(new(), new("900103", unit="nowhere"), by=ingrid)

    assert not StaffMember.objects.filter(staff_number__in=["900102", "900103"]).exists()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_may(role):
    by = actor_for(StaffMemberFactory(role=role), on=TODAY)

    for refused in (
        lambda: upsert(new(), by=by),
        lambda: importing.planned([new()], by=by, at=MORNING),
        lambda: importing.keep_check([new()], file_name="a.csv", by=by, at=MORNING),
        lambda: importing.apply_check(check_id=1, by=by, at=MORNING),
        lambda: importing.check_again(check_id=1, by=by, at=MORNING),
    ):
        with pytest.raises(Refused):
            refused()
    assert not StaffMember.objects.filter(staff_number="900102").exists()


def test_lost_zeros_are_seen_in_the_directory(ingrid):
    StaffMemberFactory(staff_number="000412")

    [problem] = importing.planned([new("412")], by=ingrid, at=MORNING).problems

    assert "The directory has 000412" in problem.message


def test_an_address_is_that_of_one_person_whatever_its_capitals(ingrid):
    StaffMemberFactory(staff_number="900101", email="Ana.Byrne@example.org")

    [problem] = importing.planned([new(email="ana.byrne@example.org")], by=ingrid, at=MORNING).problems

    assert problem.message.startswith("900101 has this work email")


@pytest.mark.parametrize("rows", [1, 40])
def test_a_dry_run_costs_the_same_queries_for_one_row_and_for_many(ingrid, rows, team, django_assert_num_queries):
    numbers = [f"9002{number:02}" for number in range(rows)]
    for number in numbers:
        MembershipFactory(unit=team, person__staff_number=number)

    with django_assert_num_queries(5):
        plan = importing.planned(
            [said(number, line, unit="team-1", email=f"{number}@example.org") for line, number in enumerate(numbers)],
            by=ingrid,
            at=MORNING,
        )

    assert plan.counts["changed"] == rows


class TestCheckedFile:
    @pytest.fixture
    def check(self, ingrid, team):
        MembershipFactory(unit=team, person__staff_number="900101", person__name="Ana")
        rows = [
            said("900101", name="Ana Byrne", active_to=date(2026, 7, 1)),
            new(unit="team-1", active_from=date(2026, 6, 1), since=date(2026, 6, 2)),
        ]
        return importing.keep_check(rows, file_name="people.csv", by=ingrid, at=MORNING)

    def test_a_check_writes_nothing_but_itself(self, check):
        assert not StaffMember.objects.filter(staff_number="900102").exists()
        assert check.counts == {"new": 1, "changed": 0, "ended": 1, "unchanged": 0}

    def test_what_was_checked_is_applied_and_forgotten(self, check, ingrid):
        importing.apply_check(check_id=check.pk, by=ingrid, at=MORNING)

        check.refresh_from_db()
        assert (check.applied_by_id, check.applied_at, check.rows) == (ingrid.staff_id, MORNING, [])
        assert StaffMember.objects.get(staff_number="900101").active_to == date(2026, 7, 1)
        assert StaffMember.objects.get(staff_number="900102").memberships.get().starts_on == date(2026, 6, 2)

    def test_it_is_applied_once(self, check, ingrid):
        importing.apply_check(check_id=check.pk, by=ingrid, at=MORNING)

        with pytest.raises(MovedOn, match="applied already"):
            importing.apply_check(check_id=check.pk, by=ingrid, at=MORNING)

    def test_where_the_directory_has_moved_nothing_is_applied_until_it_is_looked_at(self, check, ingrid):
        StaffMember.objects.filter(staff_number="900101").update(name="Ana B.")

        with pytest.raises(MovedOn, match="has changed since"):
            importing.apply_check(check_id=check.pk, by=ingrid, at=MORNING)
        assert not StaffMember.objects.filter(staff_number="900102").exists()

        importing.check_again(check_id=check.pk, by=ingrid, at=MORNING)
        importing.apply_check(check_id=check.pk, by=ingrid, at=MORNING)
        assert StaffMember.objects.get(staff_number="900101").name == "Ana Byrne"

    def test_one_that_would_be_another_tomorrow_is_not_applied_then(self, ingrid, team):
        check = importing.keep_check([new(unit="team-1")], file_name="a.csv", by=ingrid, at=MORNING)

        with pytest.raises(MovedOn, match="has changed since"):
            importing.apply_check(check_id=check.pk, by=ingrid, at=MORNING + timedelta(days=1))

    def test_what_was_not_applied_is_forgotten_after_a_day(self, check, ingrid):
        importing.keep_check([new()], file_name="b.csv", by=ingrid, at=MORNING + timedelta(days=1, seconds=1))

        assert not CheckedFile.objects.filter(pk=check.pk).exists()
        with pytest.raises(NotThere):
            importing.apply_check(check_id=check.pk, by=ingrid, at=MORNING)


class TestAtOnce:
    pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("reference")]

    def test_a_second_import_waits_and_finds_what_the_first_one_did(self, ingrid):
        first = Held(lambda: upsert(new(), by=ingrid))
        first.done.wait(5)
        second = Held(lambda: upsert(new(), by=ingrid))
        wait_until_blocked()

        first.commit()
        second.commit()

        assert (first.error, second.error) == (None, None)
        assert second.result.counts == {"new": 0, "changed": 0, "ended": 0, "unchanged": 1}

    def test_a_post_that_is_given_in_set_up_meanwhile_is_not_given_twice(self, ingrid, team):
        """The database refuses what the plan could not know of yet, and nothing of the import stays."""
        leader = StaffMemberFactory()
        first = Held(lambda: MembershipFactory(unit=team, person=leader, post=Post.TEAM_LEADER, starts_on=TODAY))
        first.done.wait(5)
        second = Held(lambda: upsert(new(unit="team-1", post="team_leader"), by=ingrid))
        wait_until_blocked()

        first.commit()
        second.commit()

        assert isinstance(second.error, MovedOn)
        assert not StaffMember.objects.filter(staff_number="900102").exists()
