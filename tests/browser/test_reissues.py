"""The letters CMSL2040 of a paying parent in all cases, and a re-issue that is asked for and declined, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from contacthub.actor import Actor
from contacthub.clock import now
from contacthub.people.models import StaffMember
from contacthub.people.services import actor_for
from employer_contact.models import CaseActivity, EmployerNote, MaintenanceCase, PayingParent, ReissueRequest
from tests.browser.conftest import enter_as, keyboard
from tests.browser.test_accessibility import check
from tests.browser.test_service_requests import owen, skerrow  # noqa: F401 the fixtures of a call
from tests.factories import MORNING, MaintenanceCaseFactory, StaffMemberFactory

NUMBERS = ("200417733", "200417734", "200417735")
PARENT = "/employers/900000006/paying-parents/121999700001/"


@pytest.fixture
def sunita(skerrow) -> StaffMember:  # noqa: F811
    owner = StaffMemberFactory(name="Sunita Rao")
    parent = PayingParent.objects.get(reference="121999700001")
    for number in NUMBERS:
        made = MaintenanceCaseFactory(number=number, paying_parent=parent, owner=owner)
        CaseActivity.objects.create(
            maintenance_case=made, kind="CMSL2040", happened_on=MORNING.date(), employer=skerrow, amount="170.00"
        )
    return owner


@pytest.mark.proves("EC-49", "EC-50", "EC-51")
@pytest.mark.parametrize("width", [1280, 360])
def test_the_letters_of_three_cases_stand_on_one_page(
    page: Page,
    owen: Actor,  # noqa: F811
    sunita: StaffMember,
    width: int,
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    enter_as(page, owen)
    page.goto("/employers/900000006/paying-parents/")
    page.get_by_role("link", name="Gethin Prys-Morgan").click()

    for number in NUMBERS:
        expect(page.get_by_text(f"Case {number}")).to_be_visible()
    expect(page.get_by_text("£170.00").first).to_be_visible()
    check(page)


@pytest.mark.proves("EC-46", "EC-47", "EC-48")
def test_a_re_issue_is_asked_for_declined_and_the_answer_found_at_home(
    page: Page,
    owen: Actor,  # noqa: F811
    sunita: StaffMember,
) -> None:
    enter_as(page, owen)
    page.goto(PARENT)
    page.get_by_role("button", name="Request a re-issue").click()
    check(page)
    keyboard(page).press("Control+Enter")
    expect(page.get_by_role("link", name="Select the case")).to_be_visible()
    check(page)
    page.get_by_label(NUMBERS[1]).check()
    page.get_by_label("The employer is refusing to adhere").check()
    page.get_by_label("Reason", exact=True).fill("The schedule says 188.20, the letter 170.00")
    keyboard(page).press("Control+Enter")
    page.get_by_role("heading", name="Check your answers").wait_for()
    check(page)
    keyboard(page).press("Control+Enter")
    page.wait_for_url("**/employers/RI-*/")
    check(page)
    made = ReissueRequest.objects.get()
    assert made.maintenance_case == MaintenanceCase.objects.get(number=NUMBERS[1])
    assert EmployerNote.objects.get().about == made.reference

    enter_as(page, actor_for(sunita, on=now().date()))
    page.goto("/")
    page.get_by_role("link", name=made.reference).first.click()
    check(page)
    page.locator("summary", has_text="Decline").click()
    page.get_by_label("Reason").fill("The letter is right")
    page.get_by_role("button", name="Decline").click()
    page.get_by_text("Declined: The letter is right").wait_for()

    enter_as(page, owen)
    page.goto("/")
    expect(page.get_by_text(f"{made.reference} is declined: The letter is right")).to_be_visible()
