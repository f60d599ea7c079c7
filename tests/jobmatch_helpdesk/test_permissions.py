"""Who may do what with an incident: the Jobmatch part of the permission matrix, copied by hand.

Seeing is in test_queries.py. What an integrator's key raises is for the API; callbacks have a room of their own.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from contacthub.actor import CLOCK, PUBLIC, Actor
from contacthub.errors import Refused
from contacthub.people.roles import Post, Role
from jobmatch_helpdesk import permissions
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import Source
from tests.factories import MORNING, IncidentFactory, StaffMemberFactory
from tests.jobmatch_helpdesk.situations import colleague, set_up_inboxes

pytestmark = pytest.mark.django_db
COLUMNS = [
    Role.HELPDESK_AGENT, Role.HELPDESK_LEAD, Role.JOBCENTRE_ADVISER, Role.JD_AGENT, Role.JD_QUALITY_ASSESSOR,
    Role.ED_AGENT, Role.ED_TEAM_LEADER, Role.INTEGRATOR, Role.ADMINISTRATOR, Role.CASEWORKER, None,
]  # fmt: skip
Y, N = True, False
MATRIX = {
    #                          agent lead  JC  JD  QA  ED  TL  int adm other none
    "may_raise":              (Y,    Y,    Y,  Y,  Y,  Y,  Y,  N,  N,  N,    N),
    "may_work_on_incidents":  (Y,    Y,    N,  N,  N,  N,  N,  N,  N,  N,    N),
    "may_lead":               (N,    Y,    N,  N,  N,  N,  N,  N,  N,  N,    N),
    "may_keep_templates":     (N,    Y,    N,  N,  N,  N,  N,  N,  Y,  N,    N),
}  # fmt: skip
JC, JD, ED = Source.JOBCENTRE, Source.JD, Source.ED
RAISES = [
    {JC, JD, ED}, {JC, JD, ED}, {JC}, {JD}, {JD}, {ED}, {ED}, set(), set(), set(), set(),
]  # fmt: skip
# Reasons are words between colleagues of the Helpdesk (8.4: an event shows them to those whom its kind allows).
REASONS = {"take", "assign", "put_back", "reassigned", "priority_changed", "escalated", "close", "reopen"}


@pytest.fixture(autouse=True)
def units(reference):
    set_up_inboxes()


def holding(role: Role | None) -> Actor:
    """Return somebody of this role; the leader of an ED site is a post."""
    if role is Role.ED_TEAM_LEADER:
        return colleague(None, "ed-telford", post=Post.TEAM_LEADER)
    return colleague(role)


@pytest.mark.proves("XC-03")
@pytest.mark.parametrize("name", MATRIX)
def test_each_cell_of_the_matrix(name):
    allowed = {role: getattr(permissions, name)(holding(role)) for role in COLUMNS}

    assert allowed == dict(zip(COLUMNS, MATRIX[name], strict=True))


@pytest.mark.proves("UJ-29")
def test_each_role_raises_from_its_own_sources():
    allowed = {role: set(permissions.sources_open_to(holding(role))) for role in COLUMNS}

    assert allowed == dict(zip(COLUMNS, RAISES, strict=True))


@pytest.mark.parametrize("actor", [PUBLIC, CLOCK])
@pytest.mark.parametrize("name", MATRIX)
def test_who_is_no_member_of_staff_holds_no_cell(name, actor):
    assert not getattr(permissions, name)(actor)


@pytest.mark.parametrize("source", Source)
def test_the_public_raises_as_itself_alone(source):
    if source == Source.ONLINE_ANONYMOUS:
        permissions.require_can_raise(PUBLIC, source)
    else:
        with pytest.raises(Refused):
            permissions.require_can_raise(PUBLIC, source)


def test_staff_do_not_raise_as_the_public():
    with pytest.raises(Refused):
        permissions.require_can_raise(holding(Role.HELPDESK_AGENT), Source.ONLINE_ANONYMOUS)


class TestRelations:
    def test_a_raiser_is_whoever_filled_it_in(self):
        carys, other = holding(Role.JOBCENTRE_ADVISER), holding(Role.JOBCENTRE_ADVISER)
        incident = IncidentFactory(raised_by_id=carys.staff_id)

        assert permissions.is_raiser(carys, incident)
        assert not permissions.is_raiser(other, incident)

    def test_nobody_s_incident_is_not_the_public_s(self):
        incident = IncidentFactory.build(case=None)

        assert not permissions.is_raiser(PUBLIC, incident)
        assert not permissions.is_with(PUBLIC, incident)

    @pytest.mark.parametrize(
        ("role", "allowed"), [(Role.HELPDESK_LEAD, Y), (Role.HELPDESK_AGENT, N), (Role.ADMINISTRATOR, N)]
    )
    def test_reopening_what_somebody_else_raised_is_for_a_lead(self, role, allowed):
        assert permissions.may_reopen(holding(role), Incident(raised_by_id=None)) is allowed

    def test_reopening_one_s_own_is_allowed(self):
        carys = holding(Role.JOBCENTRE_ADVISER)

        assert permissions.may_reopen(carys, Incident(raised_by_id=carys.staff_id))


@pytest.mark.parametrize("role", COLUMNS)
def test_reasons_are_for_the_helpdesk_alone(role):
    readable = permissions.words_readable_by(holding(role)) & REASONS

    assert readable == (REASONS if role in (Role.HELPDESK_AGENT, Role.HELPDESK_LEAD) else set())


def test_incidents_can_be_given_to_active_agents_and_leads_of_the_helpdesk():
    StaffMemberFactory(name="Marcus Adeyemi", role=Role.HELPDESK_LEAD)
    StaffMemberFactory(name="Ana Byrne", role=Role.HELPDESK_AGENT)
    StaffMemberFactory(role=Role.HELPDESK_AGENT, active_to=MORNING.date() - timedelta(days=1))
    StaffMemberFactory(role=Role.JD_AGENT)

    assert [str(person) for person in permissions.agents(on=MORNING.date())] == ["Ana Byrne", "Marcus Adeyemi"]
