"""A caseworker raises service requests in a call and works on the steps of their plans, in a browser."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from contacthub.actor import Actor
from employer_contact import services
from employer_contact.lifecycle import RequestState
from employer_contact.models import AgentLink, Employer, ServiceRequest
from tests.browser.conftest import enter_as, keyboard
from tests.browser.test_accessibility import check
from tests.employer_contact.calling import caseworker, with_reason
from tests.factories import (
    MORNING,
    AgentLinkFactory,
    DeoScheduleFactory,
    EmployerFactory,
    EmploymentFactory,
    PayingParentFactory,
    PayrollAgentFactory,
    ScheduleLineFactory,
)


@pytest.fixture
def owen(reference: None) -> Actor:
    return caseworker()


@pytest.fixture
def skerrow(reference: None) -> Employer:
    employer = EmployerFactory(whole=True, ern="900000006", name="Skerrow Foods Ltd")
    schedule = DeoScheduleFactory(employer=employer)
    for reference_, name in (("121999700001", "Gethin Prys-Morgan"), ("121999700002", "Zoë Abara")):
        parent = PayingParentFactory(reference=reference_, name=name)
        EmploymentFactory(employer=employer, paying_parent=parent)
        ScheduleLineFactory(schedule=schedule, paying_parent=parent)
    return employer


def request_for(reason: str, kind: str, skerrow: Employer, owen: Actor, **details) -> ServiceRequest:
    contact = with_reason(reason, skerrow, by=owen)
    given = services.Details(**details)
    return services.create_sr(contact_id=contact.pk, reason=reason, kind=kind, details=given, by=owen, at=MORNING)


def record(page: Page) -> None:
    page.get_by_role("button", name="Record and complete").click()
    page.wait_for_load_state("load")


@pytest.mark.proves("EC-36")
def test_a_change_for_many_is_raised_in_the_call_and_made_in_its_step(page, owen, skerrow):
    contact = with_reason("change_multiple", skerrow, by=owen)
    enter_as(page, owen)
    page.goto(f"/employers/{contact.reference}/request/change_multiple/")
    page.get_by_label("Gethin Prys-Morgan").check()
    page.get_by_label("Zoë Abara").check()
    keyboard(page).press("Control+Enter")
    page.get_by_role("heading", name="Wrap up").wait_for()

    request = ServiceRequest.objects.get()
    page.goto(f"{request.get_absolute_url()}?activity=5")
    page.get_by_label("What has changed, for all of them").select_option("stopped_trading")
    page.get_by_label("From, for all of them").fill("1/6/2026")
    record(page)

    changes = request.paying_parents.values_list("schedule_lines__change", "schedule_lines__effective_on")
    assert [*changes] == [("stopped_trading", date(2026, 6, 1))] * 2


@pytest.mark.proves("EC-42")
def test_a_change_of_agent_is_two_requests_that_refer_to_each_other(page, owen, skerrow):
    old = AgentLinkFactory(employer=skerrow, agent=PayrollAgentFactory(name="Quillmarch Payroll Services"))
    new = PayrollAgentFactory(name="Pelham Payroll LLP")
    request = request_for("change_agent", "REMOVE_AGENT", skerrow, owen)
    enter_as(page, owen)
    page.goto(request.get_absolute_url())
    record(page)
    page.goto(f"{request.get_absolute_url()}?activity=3")
    page.get_by_label("Last day").fill("30/6/2026")
    record(page)
    page.goto(f"{request.get_absolute_url()}?activity=5")
    page.get_by_role("link", name="Raise Link Agent").click()
    page.get_by_role("button", name="Create").click()
    page.wait_for_url(f"**{request.get_absolute_url()}")
    page.goto(f"{request.get_absolute_url()}?activity=5")
    record(page)
    further = ServiceRequest.objects.get(raised_from=request)
    page.goto(further.get_absolute_url())
    record(page)
    page.goto(f"{further.get_absolute_url()}?activity=5")
    page.get_by_label("EARN of the agent").fill(new.earn)
    page.get_by_label("First day").fill("1/7/2026")
    record(page)

    assert AgentLink.objects.get(pk=old.pk).ends_on == date(2026, 6, 30)
    assert AgentLink.objects.get(agent=new).starts_on == date(2026, 7, 1)
    assert request.activities.get(number=5).raised == further


def test_a_request_is_worked_on_to_its_end_without_scripts(page_without_scripts, owen, skerrow):
    page = page_without_scripts
    request = request_for("general_enquiry", "GEN_PROCEDURES", skerrow, owen)
    enter_as(page, owen)
    for words in ("How to report a leaver", "Online or by telephone"):
        page.goto(request.get_absolute_url())
        page.get_by_label("What was done or said").fill(words)
        record(page)
    for _ in range(2):
        page.locator("summary", has_text="Not needed").click()
        page.get_by_label("Why it is not needed").fill("Nothing wanted")
        page.get_by_role("button", name="Not needed").click()
    page.get_by_label("Case update").fill("Explained how to report a leaver")
    page.get_by_role("button", name="Close it").click()

    expect(page.get_by_role("heading", name="Case update")).to_be_visible()
    assert ServiceRequest.objects.get().state == RequestState.COMPLETED


@pytest.mark.parametrize("where", ["raising", "employer", "lines", "list", "further", "input"])
def test_axe_finds_nothing(page, owen, skerrow, where):
    group = ("121999700001", "121999700002")
    kinds = {
        "employer": ("update_details", "UPDATE_EMPLOYER", 1, {}),
        "lines": ("change_multiple", "DEO_UPDATE_GROUP", 5, {"paying_parents": group}),
    }
    enter_as(page, owen)
    if where in kinds:
        reason, kind, number, details = kinds[where]
        request = request_for(reason, kind, skerrow, owen, **details)
        page.goto(f"{request.get_absolute_url()}?activity={number}")
        if where == "employer":
            record(page)
            page.goto(f"{request.get_absolute_url()}?activity=6")
    elif where == "raising":
        contact = with_reason("communication_payment", skerrow, by=owen)
        page.goto(f"/employers/{contact.reference}/request/communication_payment/")
    elif where == "input":
        contact = with_reason("input_schedule", skerrow, by=owen)
        page.goto(f"/employers/{contact.reference}/schedule-input/")
    else:
        request = request_for("statement", "STATEMENT", skerrow, owen)
        page.goto(
            "/employers/service-requests/" if where == "list" else f"{request.get_absolute_url()}raise/?kind=STATEMENT"
        )

    check(page)
