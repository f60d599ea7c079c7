"""From what somebody on the telephone says to the record, with the keyboard alone, with and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from contacthub.actor import PUBLIC
from contacthub.clock import now
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident
from tests.browser.conftest import sign_in
from tests.factories import told


@pytest.fixture
def incident(agent) -> Incident:
    given = {"customer_name": "Siân O’Neill-ap Rhys", "telephone": "+441632960983"}
    return services.submit(told(**given), by=PUBLIC, at=now())


@pytest.fixture(params=["with scripts", "without scripts"])
def at_work(request, page: Page, page_without_scripts: Page, agent, incident) -> Page:
    at_work = page if request.param == "with scripts" else page_without_scripts
    sign_in(at_work, agent)
    return at_work


def find(page: Page, typed: str) -> None:
    box = page.get_by_role("search").get_by_role("searchbox", name="Find a reference, name")
    box.fill(typed)
    box.press("Enter")


@pytest.mark.parametrize("typed", ["oneill sian", "01632 960 983", "dafydd@example.org"])
def test_what_is_found_opens(at_work, incident, typed):
    find(at_work, typed)
    expect(at_work.get_by_role("heading", name=f"1 found for “{typed}”")).to_be_visible()
    expect(at_work.get_by_role("searchbox")).to_have_value(typed)
    at_work.get_by_role("link", name=f"{incident.reference} Siân O’Neill-ap Rhys").click()

    expect(at_work.get_by_role("heading", name=incident.reference)).to_be_visible()


def test_a_whole_reference_opens_its_page_at_once(at_work, incident):
    find(at_work, incident.reference.lower().replace("-", " "))

    expect(at_work.get_by_role("heading", name=incident.reference)).to_be_visible()


def test_one_may_search_again_where_nothing_was_found(at_work, incident):
    find(at_work, "nobody")
    expect(at_work.get_by_text("Check how it is written")).to_be_visible()
    find(at_work, "sian")

    expect(at_work.get_by_role("heading", name="1 found for “sian”")).to_be_visible()
