"""The staff form with its script: what is asked follows from what is entered, and the route is shown beside it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from jobmatch_helpdesk.models import Incident
from tests.browser.conftest import PASSWORD, keyboard, sign_in
from tests.factories import MembershipFactory, StaffMemberFactory, UnitFactory


@pytest.fixture
def adviser(reference) -> StaffMember:
    staff = StaffMemberFactory(username="rhian", role=Role.JOBCENTRE_ADVISER)
    staff.set_password(PASSWORD)
    staff.save()
    MembershipFactory(person=staff, unit=UnitFactory(code="pwn"))
    return staff


def wait_for_draft(page: Page) -> None:
    """Wait until nothing is on its way to the server any more: the next test empties the tables."""
    expect(page.locator("[data-draft]")).to_contain_text("kept")


def fill_in(page: Page) -> None:
    page.get_by_label("A jobseeker").check()
    page.get_by_label("Customer’s name").fill("Gwenllïan Pugh-Bebb")
    page.get_by_label("Topic").select_option("account")
    page.get_by_label("What happened").fill("Her old surname is shown")


def test_the_form_asks_what_follows_and_shows_the_route_while_it_is_filled_in(page, adviser):
    sign_in(page, adviser)
    page.goto("/jobmatch/new/")
    outlook = page.get_by_role("region", name="What happens then")
    expect(outlook).to_contain_text("R02")
    expect(page.get_by_label("Telephone call required")).to_be_hidden()
    expect(page.get_by_label("Why there is a risk")).to_be_hidden()

    page.get_by_label("The customer does not have an email address").check()

    expect(outlook).to_contain_text("R04")
    expect(outlook).to_contain_text(f"The reply goes to {adviser.email}")
    expect(page.get_by_label("Customer’s email address")).to_be_hidden()
    page.get_by_label("The customer does not have an email address").uncheck()
    page.get_by_label("The Personal Adviser").check()
    expect(outlook).to_contain_text("R03")
    page.get_by_label("My own problem").check()
    expect(outlook).to_contain_text("R05")
    expect(page.get_by_label("Customer’s name")).to_be_hidden()
    wait_for_draft(page)


def test_what_is_hidden_decides_nothing(page, adviser):
    sign_in(page, adviser)
    page.goto("/jobmatch/new/")
    fill_in(page)
    page.get_by_label("The customer does not have an email address").check()
    page.get_by_label("Telephone call required").check()
    page.get_by_label("The customer does not have an email address").uncheck()
    page.get_by_label("Customer’s email address").fill("gwen@example.org")

    keyboard(page).press("Control+Enter")

    expect(page.get_by_role("alert")).to_contain_text("is raised")
    incident = Incident.objects.get()
    assert (incident.row, incident.call_required) == ("R02", False)


def test_without_scripts_all_fields_are_there_and_it_can_be_raised(page_without_scripts, adviser):
    page = page_without_scripts
    sign_in(page, adviser)
    page.goto("/jobmatch/new/")
    fill_in(page)
    page.get_by_label("The customer does not have an email address").check()
    page.get_by_role("button", name="Raise it and start another").click()
    expect(page.get_by_role("region", name="What happens then")).to_contain_text("R04")

    page.get_by_role("textbox", name="Telephone number").fill("01632 960 771")
    page.get_by_label("Telephone call required").check()
    page.get_by_role("button", name="Raise it and start another").click()

    expect(page.get_by_role("heading", name="Raise an incident")).to_be_visible()
    assert Incident.objects.get().row == "R04"


def test_where_the_server_is_away_the_form_says_when_the_route_is_shown(page, adviser, watch):
    sign_in(page, adviser)
    page.goto("/jobmatch/new/")
    expect(page.get_by_text("R02")).to_be_visible()
    page.route("**/route/", lambda route: route.abort())

    page.get_by_label("My own problem").check()

    expect(page.get_by_text("It is shown when you press the button")).to_be_visible()
    wait_for_draft(page)
