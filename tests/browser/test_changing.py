"""An escalation, and a change of facts with both routes before it: in a browser, with and without its scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from contacthub.clock import now
from contacthub.people.models import StaffMember, Unit
from contacthub.people.roles import Role
from contacthub.people.services import actor_for
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.services.routing_again import reach_of
from tests.browser.conftest import sign_in
from tests.browser.test_accessibility import LONG_NAME, check
from tests.jobmatch_helpdesk.situations import colleague, fresh, set_up_inboxes, submitted

RISK = "He waits outside and shouts that he knows her car"


@pytest.fixture
def incident(reference, agent: StaffMember) -> Incident:
    set_up_inboxes()
    Unit.objects.filter(code="ed-dundee").update(inbox="dundee@ed.example")
    Unit.objects.filter(code="ed-telford").update(inbox="telford@ed.example")
    return submitted("R08", customer_name=LONG_NAME, customer_type="employer", at=now() - timedelta(hours=2))


def take(incident: Incident, agent: StaffMember) -> None:
    services.take(incident_id=incident.pk, by=actor_for(agent, on=now().date()), at=now())


@pytest.fixture(params=["scripts", "none"])
def either(request, page: Page, page_without_scripts: Page) -> Page:
    return page if request.param == "scripts" else page_without_scripts


@pytest.mark.proves("UJ-25", "UJ-26")
def test_the_helpdesk_escalates_for_who_rings(either, agent, incident):
    page = either
    sign_in(page, agent)
    page.goto(incident.get_absolute_url())
    page.get_by_text("Escalate for health and safety").first.click()
    page.get_by_label("Who rang").fill("Carys Morgan")
    page.get_by_label("When they rang").fill("lately")
    page.get_by_role("button", name="Escalate for health and safety").click()
    expect(page.get_by_label("Who rang")).to_have_value("Carys Morgan")
    page.get_by_label("When they rang").fill("")
    page.get_by_label("Why there is a risk").fill(RISK)
    page.get_by_role("button", name="Escalate for health and safety").click()

    expect(page.get_by_text("Nobody has acted yet")).to_be_visible()
    page.goto("/jobmatch/")
    expect(page.get_by_role("rowheader").get_by_text("Health and safety")).to_be_visible()
    assert fresh(incident).band == 1


@pytest.mark.proves("UJ-10")
def test_both_routes_are_seen_before_a_change(either, agent, incident):
    page = either
    take(incident, agent)
    sign_in(page, agent)
    page.goto(incident.get_absolute_url())
    page.get_by_role("link", name="Change facts").click()
    page.get_by_label("Site").select_option("Dundee")
    page.get_by_role("button", name="Check the change").click()
    expect(page.get_by_text("Site: Dundee, was Telford")).to_be_visible()
    page.get_by_role("button", name="Go back and correct it").click()
    expect(page.get_by_label("Site").locator("option:checked")).to_have_text("Dundee")
    page.get_by_role("button", name="Check the change").click()
    page.get_by_role("button", name="Change", exact=False).first.click()

    expect(page.get_by_text("is changed. The reply goes to dundee@ed.example")).to_be_visible()
    assert reach_of(fresh(incident)).site_id == Unit.objects.get(code="ed-dundee").pk


def test_the_script_shows_the_new_route_as_one_types(page, agent, incident):
    take(incident, agent)
    sign_in(page, agent)
    page.goto(f"{incident.get_absolute_url()}change-facts/")

    page.get_by_label("Site").select_option("Dundee")

    expect(page.locator("[data-outlook]")).to_contain_text("dundee@ed.example")


def escalated(page: Page, incident: Incident) -> None:
    page.goto(incident.get_absolute_url())


def change(page: Page, incident: Incident) -> None:
    page.goto(f"{incident.get_absolute_url()}change-facts/")


def change_refused(page: Page, incident: Incident) -> None:
    change(page, incident)
    page.get_by_label("The customer does not have an email address").check()
    page.get_by_role("button", name="Check the change").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()


def change_checked(page: Page, incident: Incident) -> None:
    change(page, incident)
    page.get_by_label("Raised from").select_option("jd")
    page.get_by_role("button", name="Check the change").click()
    expect(page.get_by_role("heading", name="What changes")).to_be_visible()


@pytest.mark.parametrize("go", [escalated, change, change_refused, change_checked])
def test_axe_finds_nothing_on_the_new_pages(page, agent, incident, go):
    carys = colleague(Role.HELPDESK_LEAD)
    take(incident, agent)
    services.escalate(incident_id=incident.pk, reason=RISK, who_rang="Carys Morgan", by=carys, at=now())
    sign_in(page, agent)

    go(page, incident)

    check(page)
