"""API keys in a browser: made and shown once, refused without losing a word, revoked; and the pages of the API."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from contacthub.api.models import ApiKey
from contacthub.api.services import actor_of
from contacthub.clock import now
from contacthub.formats import short_date, uk_day
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from tests.browser.conftest import PASSWORD, enter
from tests.browser.test_accessibility import check
from tests.factories import StaffMemberFactory

SECRET = re.compile(r"chk_[\w-]{43}")
SITE = "Universal Jobmatch site"


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def browser_page(request, page, page_without_scripts) -> Page:
    return page if request.param else page_without_scripts


@pytest.fixture
def ingrid(reference) -> StaffMember:
    """An administrator, in a house that has a staff record for a machine."""
    StaffMemberFactory(role=Role.INTEGRATOR, name="Jobmatch machine")
    staff = StaffMemberFactory(role=Role.ADMINISTRATOR, name="Ingrid Falk")
    staff.set_password(PASSWORD)
    staff.save()
    return staff


def fill_in(page: Page, last_day: str) -> None:
    page.get_by_label("What it is for").fill(SITE)
    page.get_by_label("Acts as").select_option("Jobmatch machine")
    page.get_by_label("incidents:raise –").check()
    page.get_by_label("incidents:read –").check()
    page.get_by_label("Last day it works").fill(last_day)


def make(page: Page) -> None:
    page.goto("/api-keys/new/")
    last = uk_day(now()) + timedelta(days=30)
    fill_in(page, f"{last.day}/{last.month}/{last.year}")
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_role("heading", name="Copy the key now")).to_be_visible()


def test_a_key_is_made_shown_once_and_revoked(browser_page, ingrid):
    page = browser_page
    enter(page, ingrid)

    make(page)

    (secret,) = SECRET.findall(page.get_by_role("main").inner_text())
    assert actor_of(secret, at=now()).scopes == {"incidents:raise", "incidents:read"}
    page.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_role("heading", name="What it may do")).to_be_visible()
    midnight = short_date(uk_day(now()) + timedelta(days=31))
    expect(page.get_by_role("main")).to_contain_text(f"{midnight}, 12am")
    assert not SECRET.search(page.content())

    page.get_by_role("button", name="Revoke this key").click()

    expect(page.get_by_text(f"{SITE} is revoked")).to_be_visible()
    expect(page.get_by_role("button", name="Revoke this key")).to_have_count(0)
    page.get_by_role("link", name="All API keys").click()
    expect(page.get_by_role("row", name=SITE)).to_contain_text("Revoked")
    assert ApiKey.objects.get().revoked_at is not None


def test_the_secret_does_not_come_again_with_the_page(browser_page, ingrid):
    page = browser_page
    enter(page, ingrid)
    make(page)

    page.reload()

    expect(page.get_by_text("Its secret was shown once")).to_be_visible()
    assert not SECRET.search(page.content())
    assert ApiKey.objects.count() == 1


def test_a_refusal_keeps_what_was_typed(browser_page, ingrid):
    page = browser_page
    enter(page, ingrid)
    page.goto("/api-keys/new/")
    fill_in(page, "31/2/2027")

    page.get_by_role("button", name="Make the key").click()

    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.get_by_label("What it is for")).to_have_value(SITE)
    expect(page.get_by_label("Acts as").locator("option:checked")).to_have_text("Jobmatch machine")
    expect(page.get_by_label("incidents:raise –")).to_be_checked()
    expect(page.get_by_label("callbacks:read –")).not_to_be_checked()
    expect(page.get_by_label("Last day it works")).to_have_value("31/2/2027")
    assert not ApiKey.objects.exists()


def keys(page: Page) -> None:
    page.goto("/api-keys/")


def new_key(page: Page) -> None:
    page.goto("/api-keys/new/")


def new_key_refused(page: Page) -> None:
    new_key(page)
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()


def key(page: Page) -> None:
    make(page)
    page.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_role("heading", name="What it may do")).to_be_visible()


def revoked(page: Page) -> None:
    key(page)
    page.get_by_role("button", name="Revoke this key").click()
    expect(page.get_by_text("is revoked")).to_be_visible()


def listed(page: Page) -> None:
    key(page)
    keys(page)


@pytest.mark.parametrize("go", [keys, new_key, new_key_refused, make, key, revoked, listed])
def test_axe_finds_nothing(page, ingrid, go):
    enter(page, ingrid)
    go(page)

    check(page)


def test_the_pages_of_the_api_show_its_operations_to_everybody_under_the_strict_policy(page, reference):
    page.goto("/api/v1/docs/")

    page.get_by_role("heading", name="Incidents").get_by_role("button", name="Expand operation").click()
    first = page.locator(".opblock").first
    expect(first.locator(".opblock-summary-path")).to_contain_text("/api/v1/")
    assert page.locator(".opblock").count() > 10
    first.locator(".opblock-summary-control").click()
    expect(first.locator(".opblock-body").get_by_text("Responses").first).to_be_visible()
