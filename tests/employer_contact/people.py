"""Who works with employers in the tests, of each column of the permission matrix."""

from __future__ import annotations

from contacthub.actor import Actor
from contacthub.people.models import Unit
from contacthub.people.roles import Post, Role, UnitKind
from contacthub.people.services import actor_for
from tests.factories import MORNING, MembershipFactory, StaffMemberFactory, UnitFactory

CASEWORKER, OTHER, LEADER, WELSH, OWNER, INTEGRATOR, ADMINISTRATOR, NOBODY = (
    "Employer payments caseworker",
    "Other caseworker",
    "Team leader",
    "Welsh Language Unit",
    "Case owner",
    "Integrator",
    "Administrator",
    "Somebody else",
)
COLUMNS = [CASEWORKER, OTHER, LEADER, WELSH, OWNER, INTEGRATOR, ADMINISTRATOR, NOBODY]
ROLE_OF = {
    CASEWORKER: Role.EMPLOYER_PAYMENTS_CASEWORKER,
    OTHER: Role.CASEWORKER,
    LEADER: Role.EMPLOYER_PAYMENTS_CASEWORKER,
    WELSH: Role.WELSH_LANGUAGE_UNIT,
    OWNER: None,
    INTEGRATOR: Role.INTEGRATOR,
    ADMINISTRATOR: Role.ADMINISTRATOR,
    NOBODY: None,
}


def team(code: str = "payments-1") -> Unit:
    return UnitFactory(code=code, name="Employer payments, Team 1", kind=UnitKind.TEAM)


def somebody(column: str, *, unit: Unit | None = None) -> Actor:
    """Return somebody of this column, who works in the unit, and leads it where the column says so."""
    person = StaffMemberFactory(role=ROLE_OF[column])
    if unit:
        MembershipFactory(person=person, unit=unit, post=Post.TEAM_LEADER if column == LEADER else "")
    return actor_for(person, on=MORNING.date())
