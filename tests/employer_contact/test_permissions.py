"""Who may do what: the Employer contact part of the permission matrix, copied by hand.

Seeing is in test_queries.py; re-issues and the identity email come with their pages.
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from contacthub.actor import CLOCK, PUBLIC, Actor
from contacthub.errors import Refused
from employer_contact import permissions
from tests.employer_contact.people import COLUMNS, somebody, team

pytestmark = pytest.mark.django_db
CASEWORKER, OTHER, LEADER, WELSH, OWNER, INTEGRATOR, ADMINISTRATOR, NOBODY = COLUMNS
Y, N = True, False
MATRIX = {
    #                                                payments other  lead Welsh owner  int  adm  none
    ("may_record_contact", ()):                      (Y,      N,     Y,   N,    N,     Y,   N,   N),
    ("may_record_contact", ("outbound",)):           (Y,      Y,     Y,   N,    N,     Y,   N,   N),
    ("may_record_contact", ("on_callback",)):        (Y,      N,     Y,   Y,    N,     Y,   N,   N),
    ("may_check_security", ()):                      (Y,      N,     Y,   N,    N,     N,   N,   N),
    ("may_check_security", ("on_callback",)):        (Y,      N,     Y,   Y,    N,     N,   N,   N),
    ("may_create_request", ()):                      (Y,      N,     Y,   N,    N,     Y,   N,   N),
    ("may_create_request", ("on_callback",)):        (Y,      N,     Y,   Y,    N,     Y,   N,   N),
    ("may_see_full_nino", ()):                       (Y,      Y,     Y,   Y,    N,     N,   N,   N),
    ("may_keep_reference", ()):                      (N,      N,     N,   N,    N,     N,   Y,   N),
}  # fmt: skip
# What is of my own, of my team (which the leader leads), of another team; of nobody yet.
OF_RECORDS = {
    "may_work_on": {
        "own":     {CASEWORKER, LEADER, WELSH},
        "team":    {CASEWORKER, LEADER},
        "foreign": set(),
        "raised":  {INTEGRATOR},
    },
    "may_reassign": {
        "own":     {CASEWORKER, LEADER},
        "team":    {LEADER},
        "foreign": set(),
        "raised":  set(),
    },
    "may_reopen": {
        "own":     {LEADER},
        "team":    {LEADER},
        "foreign": set(),
        "raised":  set(),
    },
    # Not a row of the matrix: the owner and the team leader may.
    "may_hold_or_cancel": {
        "own":     set(COLUMNS),
        "team":    {LEADER},
        "foreign": set(),
        "raised":  set(),
    },
    "may_hand_over": {
        "own":     set(COLUMNS),
        "team":    {LEADER},
        "foreign": set(),
        "raised":  set(),
    },
}  # fmt: skip


def record(relation: str, actor: Actor, unit_id: int) -> SimpleNamespace:
    """Return a service request that stands in this relation to the actor."""
    fields = {"owner_id": 0, "team_id": 0, "raised_by_id": 0}
    fields |= {
        "own": {"owner_id": actor.staff_id, "team_id": unit_id},
        "team": {"team_id": unit_id},
        "foreign": {},
        "raised": {"raised_by_id": actor.staff_id},
    }[relation]
    return SimpleNamespace(**fields)


@pytest.mark.parametrize(("name", "situation"), MATRIX)
def test_each_cell_of_the_matrix(name, situation):
    unit = team()

    allowed = [getattr(permissions, name)(somebody(who, unit=unit), **dict.fromkeys(situation, Y)) for who in COLUMNS]

    assert dict(zip(COLUMNS, allowed, strict=True)) == dict(zip(COLUMNS, MATRIX[name, situation], strict=True))


@pytest.mark.parametrize(
    ("name", "relation"), [(name, relation) for name in OF_RECORDS for relation in OF_RECORDS[name]]
)
def test_each_cell_that_depends_on_whose_it_is(name, relation):
    unit = team()
    people = {who: somebody(who, unit=unit) for who in COLUMNS}

    allowed = {
        who for who, actor in people.items() if getattr(permissions, name)(actor, record(relation, actor, unit.pk))
    }

    assert allowed == OF_RECORDS[name][relation]


@pytest.mark.parametrize("who", [OWNER, OTHER, NOBODY])
def test_a_case_owner_does_the_step_that_is_addressed_to_him(who):
    actor = somebody(who)
    foreign = record("foreign", actor, 0)

    assert permissions.may_work_on(actor, foreign, addressed_to_id=actor.staff_id)
    assert not permissions.may_work_on(actor, foreign, addressed_to_id=0)


@pytest.mark.proves("XC-06")
@pytest.mark.parametrize("who", [OWNER, ADMINISTRATOR])
def test_the_owner_of_a_case_reads_the_number_of_its_paying_parent(who):
    assert permissions.may_see_full_nino(somebody(who), owns_case=True)


def test_leading_another_team_is_no_leading_here():
    leader = somebody(LEADER, unit=team("payments-2"))

    assert not permissions.may_reopen(leader, record("team", leader, team("payments-1").pk))


def test_leading_a_team_that_is_not_of_employer_payments_is_none_either():
    unit = team()
    person = somebody(LEADER, unit=unit)
    complaints = Actor(person.kind, person.staff_id, frozenset({"Team leader"}), person.unit_ids, person.posts)

    assert not permissions.may_reopen(complaints, record("team", complaints, unit.pk))


@pytest.mark.parametrize("actor", [PUBLIC, CLOCK])
def test_who_is_no_member_of_staff_holds_no_cell(actor):
    nobodys = SimpleNamespace(owner_id=None, team_id=None, raised_by_id=None)

    assert not any(getattr(permissions, name)(actor, **dict.fromkeys(situation, Y)) for name, situation in MATRIX)
    assert not any(getattr(permissions, name)(actor, nobodys) for name in OF_RECORDS)
    assert not permissions.may_work_on(actor, nobodys, addressed_to_id=None)


@pytest.mark.parametrize("who", [who for who in COLUMNS if who != ADMINISTRATOR])
def test_plans_are_changed_by_administrators_alone(who):
    permissions.require_can_keep_reference(somebody(ADMINISTRATOR))

    with pytest.raises(Refused):
        permissions.require_can_keep_reference(somebody(who))


def test_the_welsh_unit_s_own_column_is_only_on_a_callback():
    assert not permissions.may_record_contact(somebody(WELSH), outbound=True)
