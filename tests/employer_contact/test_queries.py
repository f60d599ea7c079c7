"""Who sees which records, copied by hand from the permission matrix, and what lists of them start from."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection

from contacthub.actor import CLOCK, PUBLIC
from employer_contact.models import (
    CaseActivity,
    Employer,
    MaintenanceCase,
    PayingParent,
    PayrollAgent,
    PlanUse,
    PlanVersion,
)
from tests.employer_contact.people import COLUMNS, somebody, team
from tests.factories import (
    MORNING,
    AgentLinkFactory,
    CaseActivityFactory,
    EmployerFactory,
    EmploymentFactory,
    MaintenanceCaseFactory,
    PayingParentFactory,
    PayrollAgentFactory,
)

pytestmark = pytest.mark.django_db
CASEWORKER, OTHER, LEADER, WELSH, OWNER, INTEGRATOR, ADMINISTRATOR, NOBODY = COLUMNS
ACCOUNTS = [Employer, PayrollAgent, PayingParent, MaintenanceCase]
# See account summary: an integrator's key by its scopes, which come with the API.
SEES_ALL = {
    CASEWORKER: True, OTHER: True, LEADER: True, WELSH: True,
    OWNER: False, INTEGRATOR: False, ADMINISTRATOR: False, NOBODY: False,
}  # fmt: skip


def one_of_each(owner_id: int | None = None) -> list[object]:
    """Return an employer with agent, paying parent and case, owned by this member of staff."""
    case = MaintenanceCaseFactory(owner_id=owner_id)
    employment = EmploymentFactory(paying_parent=case.paying_parent)
    link = AgentLinkFactory(employer=employment.employer)
    return [employment.employer, link.agent, case.paying_parent, case]


@pytest.mark.parametrize("model", ACCOUNTS)
def test_each_cell_of_seeing_the_account(model):
    one_of_each()
    unit = team()

    seen = {who: model.objects.visible_to(somebody(who, unit=unit)).exists() for who in COLUMNS}

    assert seen == SEES_ALL


@pytest.mark.parametrize("number", range(len(ACCOUNTS)))
def test_a_case_owner_sees_what_belongs_to_the_cases_that_he_owns(number):
    owner = somebody(OWNER)
    own = one_of_each(owner.staff_id)
    one_of_each()

    assert list(ACCOUNTS[number].objects.visible_to(owner)) == [own[number]]


@pytest.mark.parametrize("model", [Employer, PayrollAgent, PayingParent])
def test_what_a_case_owner_sees_is_read_from_his_cases_in_whatever_order_it_is_listed(model):
    """As a join, planned without statistics, it walks through all records by name."""
    owner = somebody(OWNER)
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")

    plan = model.objects.visible_to(owner).order_by("name_key", "pk")[:50].explain()

    assert f"owner_id = {owner.staff_id}" in plan.partition("InitPlan")[2]


def test_the_owner_of_two_cases_of_an_employer_sees_it_once():
    owner, employer = somebody(OWNER), EmployerFactory()
    for _ in range(2):
        case = MaintenanceCaseFactory(owner_id=owner.staff_id)
        EmploymentFactory(employer=employer, paying_parent=case.paying_parent)

    assert list(Employer.objects.visible_to(owner)) == [employer]


@pytest.mark.parametrize(("actor", "sees"), [(PUBLIC, False), (CLOCK, True)])
@pytest.mark.parametrize("model", ACCOUNTS)
def test_the_clock_sees_all_and_the_public_nothing(model, actor, sees):
    one_of_each()

    assert model.objects.visible_to(actor).exists() is sees


@pytest.mark.proves("EC-51")
class TestCasesOfAPayingParent:
    def test_letters_of_all_its_cases_come_together_newest_first_in_each(self):
        parent = PayingParentFactory()
        first, second, third = (
            MaintenanceCaseFactory(paying_parent=parent, number=number)
            for number in ("200188426", "200417733", "200533901")
        )
        letters = [
            CaseActivityFactory(maintenance_case=second, happened_on=date(2025, 3, 3), amount="171.00"),
            CaseActivityFactory(maintenance_case=second, happened_on=date(2026, 1, 12), amount="188.20"),
            CaseActivityFactory(maintenance_case=third, happened_on=date(2026, 4, 30), amount="64.00"),
        ]
        CaseActivityFactory(maintenance_case=first, kind="Called the paying parent")
        CaseActivityFactory()
        cases = [first.pk, second.pk, third.pk]

        found = CaseActivity.objects.cmsl2040().newest_of(cases, size=100)

        assert list(found) == [letters[1], letters[0], letters[2]]
        assert list(CaseActivity.objects.cmsl2040().newest_of(cases, size=1)) == [letters[1], letters[2]]
        assert CaseActivity.objects.newest_of(cases, size=100).count() == 4

    def test_every_case_is_listed_with_letters_or_without(self):
        parent = PayingParentFactory()
        for number in ("200188426", "200533901", "200417733"):
            MaintenanceCaseFactory(paying_parent=parent, number=number)
        MaintenanceCaseFactory()

        found = [case.number for case in MaintenanceCase.objects.of_parent(parent.pk)]

        assert found == ["200533901", "200417733", "200188426"]


class TestVersionsInUse:
    @pytest.fixture
    def first(self, reference) -> PlanVersion:
        return PlanVersion.objects.get(plan__code="STATEMENT", number=1)

    def in_use(self, at) -> list[int]:
        return list(PlanVersion.objects.in_use(at).filter(plan__code="STATEMENT").values_list("number", flat=True))

    def test_each_plan_has_one_from_the_beginning(self, first):
        assert PlanVersion.objects.in_use(MORNING).count() == 16
        assert self.in_use(MORNING) == [1]

    def test_the_one_put_to_use_last_is_taken_from_that_moment_on(self, first):
        second = PlanVersion.objects.create(plan=first.plan, number=2)
        PlanUse.objects.create(version=second, from_at=MORNING)

        assert self.in_use(MORNING - timedelta(seconds=1)) == [1]
        assert self.in_use(MORNING) == [2]

    def test_an_older_one_can_be_taken_up_again(self, first):
        second = PlanVersion.objects.create(plan=first.plan, number=2)
        PlanUse.objects.create(version=second, from_at=MORNING)
        PlanUse.objects.create(version=first, from_at=MORNING + timedelta(hours=1))

        assert self.in_use(MORNING + timedelta(hours=2)) == [1]

    def test_one_that_was_only_made_is_taken_by_nobody(self, first):
        PlanVersion.objects.create(plan=first.plan, number=2)

        assert self.in_use(MORNING) == [1]


def test_the_employers_of_an_agent_are_those_of_the_day():
    agent, employer = PayrollAgentFactory(), EmployerFactory()
    AgentLinkFactory(agent=agent, employer=employer)
    AgentLinkFactory(agent=agent, ends_on=date(2025, 5, 1))

    assert list(Employer.objects.of_agent(agent.pk, on=MORNING.date())) == [employer]
