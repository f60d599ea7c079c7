"""A team leader closes a development plan; and the pages of personal files and 1-2-1s, looked at by a machine."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from complaints_feedback import services
from complaints_feedback.models import DevelopmentPlan, PersonalFileEntry
from contacthub.clock import now
from contacthub.formats import uk_day
from tests.browser.conftest import enter_as, keyboard
from tests.browser.test_accessibility import check
from tests.browser.test_feedback import as_of_now
from tests.complaints_feedback.conftest import world
from tests.complaints_feedback.situations import DISCUSSED, DONE, OUTCOME, World, actor

__all__ = ["world"]


@pytest.fixture
def planned(world) -> World:
    """A form that was completed with a plan; the person has a long name."""
    world.person.name = "Wilhelmina-Alexandrina " * 2 + "Rhydderch-Vaughan"
    world.person.save()
    form = world.discussed()
    mine = {"form_id": form.pk, "by": actor(world.receiver)}
    services.open_plan(words="Shadow a colleague on two calls", at=DISCUSSED, **mine)
    given = replace(OUTCOME, no_development_needs=False, development_needs="Reminders")
    services.complete_part_two(given=given, at=DONE, **mine)
    return world


def this_month(world: World) -> str:
    return f"/feedback/people/{world.person.staff_number}/one-to-ones/{uk_day(now()):%Y-%m}/"


def close(page: Page, words: str) -> None:
    page.get_by_label("What was done").fill(words)
    page.get_by_label("Day it was done").press("Enter")


@pytest.mark.proves("CF-04")
def test_a_plan_is_closed_with_the_keyboard_alone(page, planned):
    enter_as(page, as_of_now(planned.receiver))
    page.goto(this_month(planned))
    page.locator("summary", has_text="Close this plan").focus()
    keyboard(page).press("Enter")
    close(page, "")
    expect(page.get_by_role("link", name="Enter what was done")).to_be_visible()
    expect(page.get_by_label("What was done")).to_be_visible()
    check(page)

    close(page, "Two calls shadowed")

    expect(page.get_by_role("alert")).to_contain_text("The development plan is closed")
    assert DevelopmentPlan.objects.get().done_words == "Two calls shadowed"


def test_a_plan_is_closed_without_scripts(page_without_scripts, planned):
    page = page_without_scripts
    enter_as(page, as_of_now(planned.receiver))
    page.goto(this_month(planned))
    page.get_by_text("Close this plan").click()
    page.get_by_label("What was done").fill("Two calls shadowed")
    page.get_by_role("button", name="Close plan").click()

    expect(page.get_by_role("alert")).to_contain_text("The development plan is closed")


def test_pages_of_a_personal_file_and_of_a_1_2_1(page, planned):
    entry = PersonalFileEntry.objects.get()
    person = f"/feedback/people/{planned.person.staff_number}/"
    enter_as(page, as_of_now(planned.receiver))
    for path in ["/", "/feedback/people/", f"{person}file/", f"{person}file/{entry.pk}/", this_month(planned)]:
        page.goto(path)
        check(page)
    page.goto(f"/feedback/people/{planned.earlier.staff_number}/file/")
    check(page)
