"""The records of employers and agents in a browser: their lists, and how they are found from the head of any page."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from contacthub.actor import Actor
from contacthub.clock import now
from employer_contact.lifecycle import RequestState
from employer_contact.models import Employer, PayrollAgent
from tests.browser.conftest import enter_as
from tests.browser.test_accessibility import check
from tests.employer_contact.calling import call_from, caseworker, with_reason
from tests.employer_contact.people import team
from tests.factories import (
    AgentLinkFactory,
    EmployerFactory,
    EmploymentFactory,
    PayingParentFactory,
    PayrollAgentFactory,
    ServiceRequestFactory,
)

LONG_NAME = "Llanfairpwllgwyngyllgogerychwyrndrobwll Bakeries and Confectioners (Holdings) Limited"


@pytest.fixture
def owen(reference: None) -> Actor:
    return caseworker()


@pytest.fixture
def quillmarch(reference: None) -> PayrollAgent:
    return PayrollAgentFactory(earn="EA9000014", name="Quillmarch Payroll Services")


@pytest.fixture
def bakery(reference: None, quillmarch) -> Employer:
    """Return an employer with an agent, contacts, and requests of every kind of list."""
    employer = EmployerFactory(whole=True, ern="900000001", name=LONG_NAME)
    AgentLinkFactory(employer=employer, agent=quillmarch)
    parent = PayingParentFactory(reference="121999700001", name="Gethin Prys-Morgan", nino="QQ123417A")
    EmploymentFactory(employer=employer, paying_parent=parent)
    colleague = caseworker()
    with_reason("general_enquiry", employer, by=colleague)
    call_from(quillmarch, by=colleague)
    given = {"employer": employer, "team": team(), "owner_id": colleague.staff_id}
    ServiceRequestFactory(**given, agent=quillmarch, party_type="agent", due_at=now() - timedelta(days=2))
    waits = {"state": RequestState.WAITING, "waits_for": "The employer", "waits_until": now() + timedelta(days=2)}
    ServiceRequestFactory(**given, **waits)
    return employer


PAGES = {
    "summary": "/employers/900000001/",
    "contacts": "/employers/900000001/contacts/",
    "contacts of one kind": "/employers/900000001/contacts/?channel=letter",
    "requests": "/employers/900000001/service-requests/",
    "requests that wait": "/employers/900000001/service-requests/?view=waiting",
    "agent": "/employers/agents/EA9000014/",
    "contacts of an agent": "/employers/agents/EA9000014/contacts/",
    "requests of an agent": "/employers/agents/EA9000014/service-requests/",
    "paying parents": "/employers/900000001/paying-parents/",
    "requests of the team": "/employers/service-requests/?view=team",
    "found": "/search/?q=quillmarch",
    "found by reference of a parent": "/search/?q=121999700001",
}


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_axe_finds_nothing(page, owen, bakery, address):
    enter_as(page, owen)
    page.goto(address)

    check(page)


def find(page: Page, typed: str) -> None:
    box = page.get_by_role("searchbox", name="Find a reference, name")
    box.fill(typed)
    box.press("Enter")


@pytest.mark.proves("XC-06")
def test_a_national_insurance_number_finds_its_parent_and_stands_in_no_address(page_without_scripts, owen, bakery):
    page = page_without_scripts
    enter_as(page, owen)
    find(page, "qq 12 34 17 a")

    expect(page.get_by_role("heading", name="2 found for “QQ •• •• 17 A”")).to_be_visible()
    assert "17" not in urlsplit(page.url).path  # the port may have it
    page.get_by_role("link", name="121999700001 Gethin Prys-Morgan").click()
    expect(page.get_by_role("heading", name="Gethin Prys-Morgan").first).to_be_visible()


def test_an_ern_opens_the_employer_whose_lists_are_a_press_away(page_without_scripts, owen, bakery):
    page = page_without_scripts
    enter_as(page, owen)
    find(page, "900 000 001")
    page.get_by_role("navigation", name="Account").get_by_role("link", name="Contacts").click()

    expect(page.get_by_role("heading", name="Contacts, newest first")).to_be_attached()
