"""What rows about people would change: on plain data."""

from datetime import date
from itertools import permutations

import pytest

from contacthub.people.differences import Known, Said, Spell, Standing, plan

TODAY, YESTERDAY, TOMORROW = date(2026, 6, 3), date(2026, 6, 2), date(2026, 6, 4)
LONG_AGO = date(2020, 1, 6)
ANA = {
    "name": "Ana Byrne",
    "email": "ana@example.org",
    "takes_calls_in_welsh": False,
    "active_from": LONG_AGO,
    "active_to": None,
}
KINDS = {"team-1": "team", "team-2": "team", "wg": "workgroup", "area": "area"}


def spell(pk=1, person=1, unit="team-1", post="", first=LONG_AGO, last=None):
    return Spell(pk, person, unit, post, first, last)


def known(number="900101", pk=1, spells=(), **fields):
    return Known(pk, number, ANA | fields, tuple(spells))


def standing(*people, **told):
    spells = [spell for person in people for spell in person.spells]
    return Standing(
        people={person.staff_number: person for person in people},
        kinds=KINDS,
        posts=tuple(spell for spell in spells if spell.post),
        holders={person.pk: f"{person.fields['name']} ({person.staff_number})" for person in people},
        **told,
    )


def said(number="900101", line=2, **fields):
    return Said(line, number, fields)


def planned(*rows, at=None):
    return plan(rows, at or standing(known(spells=[spell()])), on=TODAY)


def only_change(*rows, at=None):
    found = planned(*rows, at=at)
    assert found.problems == []
    [change] = found.changes
    return change


def problems(*rows, at=None):
    return [(one.line, one.field) for one in planned(*rows, at=at).problems]


def test_a_person_who_is_not_known_is_new():
    change = only_change(said("900102", name="Bo", email="bo@example.org", unit="team-1", post="", since=None))

    assert change.effect == "new"
    assert change.fields == {
        "takes_calls_in_welsh": False,
        "active_from": TODAY,
        "active_to": None,
        "name": "Bo",
        "email": "bo@example.org",
    }
    assert change.starts == {"unit": "team-1", "post": "", "starts_on": TODAY, "ends_on": None}


def test_what_is_the_same_is_unchanged():
    change = only_change(said(**ANA, unit="team-1", post="", since=LONG_AGO))

    assert (change.effect, change.fields, change.ends, change.starts) == ("unchanged", {}, [], None)


@pytest.mark.parametrize(
    ("name", "value"), [("name", "Ana B."), ("email", "a@b.example"), ("takes_calls_in_welsh", True)]
)
def test_only_what_a_row_names_is_changed(name, value):
    change = only_change(said(**{name: value}))

    assert (change.effect, change.fields) == ("changed", {name: value})
    assert (change.ends, change.starts) == ([], None)


@pytest.mark.parametrize(("since", "first", "last"), [(None, TODAY, YESTERDAY), (TOMORROW, TOMORROW, TODAY)])
def test_a_move_ends_one_membership_and_starts_another_the_day_after(since, first, last):
    change = only_change(said(unit="team-2", since=since))

    assert change.ends == [(1, last)]
    assert change.starts == {"unit": "team-2", "post": "", "starts_on": first, "ends_on": None}


def test_a_move_on_the_first_day_of_a_membership_takes_its_place():
    at = standing(known(spells=[spell(first=TODAY)]))

    assert only_change(said(unit="team-2"), at=at).ends == [(1, None)]


def test_a_post_in_the_same_unit_is_a_new_membership():
    change = only_change(said(unit="team-1", post="team_leader"))

    assert (change.ends, change.starts["post"]) == ([(1, YESTERDAY)], "team_leader")


def test_a_post_that_is_not_named_stays():
    at = standing(known(spells=[spell(post="team_leader")]))

    assert only_change(said(unit="team-1"), at=at).effect == "unchanged"


def test_no_unit_ends_the_membership():
    change = only_change(said(unit=""))

    assert (change.ends, change.starts) == ([(1, YESTERDAY)], None)


def test_a_last_day_ends_every_membership_that_would_last_longer():
    spells = [spell(), spell(2, unit="wg", post="workgroup_manager"), spell(3, unit="area", first=date(2026, 7, 1))]

    change = only_change(said(active_to=TOMORROW), at=standing(known(spells=spells)))

    assert change.effect == "ended"
    assert change.ends == [(1, TOMORROW), (2, TOMORROW), (3, None)]


def test_the_same_file_a_second_time_changes_nothing_of_who_left():
    at = standing(known(spells=[spell(last=YESTERDAY)], active_to=YESTERDAY))

    assert only_change(said(unit="team-1", post="", active_to=YESTERDAY), at=at).effect == "unchanged"


class TestProblems:
    def test_who_is_new_needs_a_name_and_an_address(self):
        assert problems(said("900102")) == [(2, "email"), (2, "name")]

    def test_lost_zeros_are_no_new_person(self):
        row = said("412", name="Ana", email="a@example.org")

        assert problems(row, at=standing(zeros={"412": "000412"})) == [(2, "staff_number")]
        assert problems(row, at=standing()) == [(2, "staff_number")]

    def test_one_number_twice_names_both_lines(self):
        found = planned(said(line=7, name="A"), said(line=900, name="B")).problems

        assert [(one.line, one.message) for one in found] == [
            (7, "The same staff number stands on line 900 too. Keep one of them"),
            (900, "The same staff number stands on line 7 too. Keep one of them"),
        ]

    def test_one_address_twice_names_both_lines_whatever_its_capitals(self):
        rows = [
            said("900102", 7, name="A", email="Ana.Byrne@example.org"),
            said("900103", 900, name="B", email="ana.byrne@example.org"),
        ]

        assert problems(*rows) == [(7, "email"), (900, "email")]

    def test_an_address_of_somebody_else_is_refused_and_ones_own_is_not(self):
        at = standing(known(), addresses={"bo@example.org": "900102", "ana@example.org": "900102"})

        assert problems(said(email="BO@example.org"), at=at) == [(2, "email")]
        assert problems(said(email="ana@example.org"), at=at) == []

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"unit": "team-9"}, "unit"),
            ({"unit": "team-2", "post": "area_manager"}, "post"),
            ({"unit": "area", "post": "team_leader"}, "post"),
            ({"unit": "", "post": "team_leader"}, "unit"),
            ({"post": "team_leader"}, "unit"),
            ({"since": TODAY}, "unit"),
            ({"active_to": date(2019, 1, 1)}, "active_to"),
            ({"unit": "team-2", "since": date(2019, 1, 1)}, "since"),
            ({"unit": "team-2", "since": TOMORROW, "active_to": TODAY}, "since"),
        ],
    )
    def test_a_row_that_cannot_be_done_is_named_with_its_cell(self, fields, field):
        assert problems(said(**fields)) == [(2, field)]

    def test_a_later_membership_of_the_same_unit_is_in_the_way(self):
        at = standing(known(spells=[spell(), spell(2, unit="team-2", first=date(2026, 7, 1))]))

        assert problems(said(unit="team-2"), at=at) == [(2, "since")]


class TestPosts:
    LEADER = known(spells=[spell(post="team_leader")])

    def test_a_post_that_somebody_holds_is_not_taken(self):
        other = known("900102", pk=2)
        row = said("900102", unit="team-1", post="team_leader")

        [found] = planned(row, at=standing(self.LEADER, other)).problems

        assert found.message == "Ana Byrne (900101) is team leader of team-1. Say in the file where they go"

    def test_a_post_passes_on_in_one_file_whatever_the_order_of_rows(self):
        at = standing(self.LEADER, known("900102", pk=2))
        rows = [
            said("900101", 2, unit="team-2"),
            said("900102", 3, unit="team-1", post="team_leader"),
        ]

        for order in permutations(rows):
            found = plan(order, at, on=TODAY)
            assert found.problems == []
            assert {change.staff_number: change.ends for change in found.changes} == {
                "900101": [(1, YESTERDAY)],
                "900102": [],
            }

    def test_the_digest_is_the_same_whatever_the_order_of_rows(self):
        rows = [said("900101", 2, unit="team-2"), said("900102", 3, unit="team-1", post="team_leader")]
        at = standing(self.LEADER, known("900102", pk=2))

        assert len({plan(order, at, on=TODAY).digest for order in permutations(rows)}) == 1

    def test_two_rows_for_one_post_are_named_both(self):
        rows = [
            said("900102", 2, name="A", email="a@example.org", unit="team-1", post="team_leader"),
            said("900103", 3, name="B", email="b@example.org", unit="team-1", post="team_leader"),
        ]

        assert problems(*rows, at=standing()) == [(2, "post"), (3, "post")]

    def test_a_vacant_post_is_taken(self):
        row = said("900102", name="A", email="a@example.org", unit="team-2", post="team_leader")

        assert only_change(row, at=standing(self.LEADER)).starts["post"] == "team_leader"


@pytest.mark.parametrize("moved", [{"name": "Other"}, {"active_from": TODAY}])
def test_a_plan_is_another_one_where_the_directory_says_something_else(moved):
    row = said(name="New name", active_from=YESTERDAY)

    before = planned(row, at=standing(known()))

    assert planned(row, at=standing(known())).digest == before.digest
    assert planned(row, at=standing(known(**moved))).digest != before.digest
