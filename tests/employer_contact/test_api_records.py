"""Employers, agents, paying parents, cases and schedules by REST: scoped, masked, page by page, and what changed."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacthub.clock import now
from contacthub.people.roles import Role
from contacthub.people.services import actor_for
from employer_contact.models import Employer
from tests.contacthub.api.situations import Machine, integrator
from tests.employer_contact.calling import call_from
from tests.factories import (
    AgentLinkFactory,
    CaseActivityFactory,
    DeoScheduleFactory,
    EmployerFactory,
    EmploymentFactory,
    MaintenanceCaseFactory,
    PayingParentFactory,
    PayrollAgentFactory,
    ScheduleLineFactory,
    StaffMemberFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def reader() -> Machine:
    return Machine("employers:read")


def found(machine: Machine, path: str, name: str) -> list[str]:
    """Return what a list has of this name, over all its pages, each as it came."""
    values = []
    while path:
        page = machine.get(path).json()
        values += [row[name] for row in page["results"]]
        path = (page["next"] or "").removeprefix("/api/v1/")
    return values


def test_an_employer_is_read_with_both_addresses_and_its_codes_in_words(reader):
    EmployerFactory(whole=True, ern="900000006", name="Skerrow Foods Ltd")

    answer = reader.get("employers/900000006/")

    told = answer.json()
    assert (told["name"], told["hmrc_postcode"], told["payroll_postcode"]) == (
        "Skerrow Foods Ltd", "ZZ99 1AA", "ZZ99 3AA",
    )  # fmt: skip
    assert told["schedule_delivery"] == {"code": "paper", "label": "Paper"}
    assert reader.get("employers/900000006/", If_None_Match=answer["ETag"]).status_code == 304


@pytest.mark.parametrize(
    "path", ["employers/900000006/", "agents/EA9000014/", "paying-parents/121999700001/", "cases/300000042/"]
)
def test_a_record_that_is_not_there_answers_404(reader, path):
    assert reader.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["employers/", "agents/", "agent-links/", "paying-parents/", "cases/", "schedules/", "employers/900000006/"]
)
def test_every_address_asks_for_the_scope(path):
    answer = Machine("contacts:read").get(path)

    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_employers_come_once_each_page_by_page(reader):
    wanted = [EmployerFactory().ern for _ in range(5)]

    assert found(reader, "employers/?page_size=2", "ern") == wanted


def test_what_changed_since_a_moment_comes_in_the_order_of_the_changes(reader):
    first, second = EmployerFactory(), EmployerFactory()
    EmployerFactory()
    since = now().isoformat().replace("+00:00", "Z")
    for employer in (second, first):
        Employer.objects.filter(pk=employer.pk).update(name="Renamed Ltd")

    assert found(reader, f"employers/?updated_since={since}", "ern") == [second.ern, first.ern]


@pytest.mark.parametrize("query", ["name=x", "agent=14", "agent=EA9000014&agent=EA9000014", "cursor=x", "page_size=0"])
def test_a_parameter_that_nobody_understands_is_refused_by_name(reader, query):
    answer = reader.get(f"employers/?{query}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == query.split("=")[0]


def test_employers_and_agents_are_listed_by_who_acts_for_whom_today(reader):
    link = AgentLinkFactory()
    AgentLinkFactory(employer=link.employer, agent=(ended := PayrollAgentFactory()), ends_on=date(2025, 6, 2))
    EmployerFactory()

    assert found(reader, f"employers/?agent={link.agent.earn}", "ern") == [link.employer.ern]
    assert found(reader, f"employers/?agent={ended.earn}", "ern") == []
    assert found(reader, f"agents/?employer={link.employer.ern}", "earn") == [link.agent.earn]
    assert found(reader, f"agent-links/?employer={link.employer.ern}", "ends_on") == [None, "2025-06-02"]


@pytest.mark.proves("XC-06")
@pytest.mark.parametrize(
    ("roles", "scopes", "is_full"),
    [
        ([], ["employers:read"], False),
        ([], ["employers:read", "employers:nino"], False),
        ([Role.CASEWORKER], ["employers:read"], False),
        ([Role.CASEWORKER], ["employers:read", "employers:nino"], True),
    ],
)
def test_a_number_is_read_in_full_by_role_and_scope_together(roles, scopes, is_full):
    parent = PayingParentFactory(nino="QQ501234A")
    machine = Machine(*scopes, person=integrator(*roles))

    read = machine.get(f"paying-parents/{parent.reference}/").json()["nino"]

    assert read == (parent.full_nino if is_full else parent.masked_nino)
    assert ("501234" in read.replace(" ", "")) is is_full


def test_paying_parents_are_listed_by_the_employer_they_work_for(reader):
    work = EmploymentFactory()
    PayingParentFactory()

    assert found(reader, f"paying-parents/?employer={work.employer.ern}", "reference") == [work.paying_parent.reference]


@pytest.mark.proves("EC-51")
def test_a_case_is_read_with_its_owner_and_the_letters_that_were_issued(reader):
    owner = StaffMemberFactory()
    case = MaintenanceCaseFactory(owner=owner)
    CaseActivityFactory(
        maintenance_case=case, employer=EmployerFactory(ern="900000006"), amount="188.20", from_month=date(2026, 2, 1)
    )
    CaseActivityFactory(maintenance_case=case, kind="Note")

    told = reader.get(f"cases/{case.number}/").json()

    assert told["owner"] == {"staff_number": owner.staff_number, "name": owner.name}
    assert told["cmsl2040"] == [
        {"issued_on": "2026-01-12", "employer": "900000006", "amount": "188.20", "from_month": "2026-02", "by": ""}
    ]


def test_cases_are_listed_by_paying_parent_owner_and_whether_they_are_open(reader):
    owner = StaffMemberFactory(staff_number="X7")
    mine = MaintenanceCaseFactory(owner=owner)
    closed = MaintenanceCaseFactory(paying_parent=mine.paying_parent, closed_on=date(2026, 1, 5))

    assert found(reader, "cases/?owner=X7", "number") == [mine.number]
    assert found(reader, f"cases/?paying_parent={mine.paying_parent.reference}&open=true", "number") == [mine.number]
    assert found(reader, "cases/?open=false", "number") == [closed.number]


def test_the_lines_of_a_schedule_are_a_list_of_their_own(reader):
    schedule = DeoScheduleFactory()
    lines = [ScheduleLineFactory(schedule=schedule) for _ in range(3)]

    [listed] = reader.get(f"schedules/?employer={schedule.employer.ern}&month=2026-06").json()["results"]

    assert (listed["employer"], listed["month"], listed["delivery"]["code"]) == (
        schedule.employer.ern, "2026-06", "paper",
    )  # fmt: skip
    path = f"employers/{schedule.employer.ern}/schedules/2026-06/lines/?page_size=2"
    assert found(reader, path, "paying_parent") == [line.paying_parent.reference for line in lines]
    assert found(reader, path, "due") == ["188.20"] * 3


@pytest.mark.proves("EC-14")
def test_what_is_held_is_shut_to_whom_a_call_with_that_employer_has_not_passed_its_check():
    machine = Machine("employers:read", person=integrator(Role.EMPLOYER_PAYMENTS_CASEWORKER))
    open_to_all, asked = EmployerFactory(), EmployerFactory(whole=True)
    call_from(asked, by=actor_for(machine.person, on=now().date()))

    assert machine.get(f"employers/{asked.ern}/").status_code == 404
    assert found(machine, "employers/", "ern") == [open_to_all.ern]


@pytest.mark.parametrize("path", ["employers/", "agents/", "agent-links/", "paying-parents/", "cases/", "schedules/"])
def test_a_longer_page_takes_no_more_queries(reader, path):
    def queries(size: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(reader.get(f"{path}?page_size={size}").json()["results"]) == size
        return len(captured)

    for _ in range(5):
        link, line = AgentLinkFactory(), ScheduleLineFactory()
        EmploymentFactory(employer=link.employer, paying_parent=line.paying_parent)
        CaseActivityFactory(maintenance_case=MaintenanceCaseFactory(paying_parent=line.paying_parent))
    queries(2)

    assert queries(5) == queries(2)
