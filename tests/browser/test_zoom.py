"""At 400% zoom of a desk, a window of 320 by 256: nothing stands over what has the focus or is typed (P51)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from contacthub.actor import PUBLIC
from contacthub.clock import now
from jobmatch_helpdesk import services
from tests.browser.conftest import go_on, keyboard, sign_in
from tests.factories import told

ZOOMED = {"width": 320, "height": 256}
# What stands at the middle of what can be seen of the element that has the focus: itself, its label, or something else.
COVERED = """() => {
  const it = document.activeElement
  if (it === document.body) return null
  const box = it.getBoundingClientRect()
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight)
  const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth)
  const name = `${it.tagName} ${it.id} ${it.textContent.trim().slice(0, 40)}`
  if (top >= bottom || left >= right) return `out of view: ${name}`
  const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
  const own = hit && (it.contains(hit) || hit.contains(it) || [...(it.labels ?? [])].some(label => label.contains(hit)))
  return own ? '' : `covered by ${hit?.tagName}.${hit?.className}: ${name}`
}"""


@pytest.fixture
def zoomed(page: Page) -> Page:
    page.set_viewport_size(ZOOMED)
    return page


def tab_through(page: Page) -> list[str]:
    """Press Tab from the first to the last that takes the focus; return what was covered."""
    page.locator(".govuk-skip-link").focus()
    told = []
    while (words := page.evaluate(COVERED)) is not None:
        told.append(words)
        assert len(told) < 100, "it has no end"
        keyboard(page).press("Tab")
    assert len(told) > 5
    return [words for words in told if words]


def check(page: Page, box) -> None:
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert page.locator("html").evaluate("html => html.scrollWidth") <= ZOOMED["width"]
    assert tab_through(page) == []
    for link in page.locator(".govuk-error-summary a").all():
        link.click()
        assert page.evaluate(COVERED) == ""
    box.focus()
    for _ in range(12):
        box.press("End")
        box.press("Enter")
        box.press_sequentially("word")
        assert page.evaluate(COVERED) == ""


def test_an_incident_that_one_answers(zoomed, agent, reference):
    services.submit(told(customer_name="W" * 60, description="word " * 300), by=PUBLIC, at=now())
    zoomed.clock.install()
    sign_in(zoomed, agent)
    zoomed.get_by_role("button", name="Next for me").click()
    zoomed.get_by_role("button", name="Preview and send").click()
    reply = zoomed.get_by_role("textbox", name="Reply to")

    check(zoomed, reply)

    expect(zoomed.get_by_text("Draft kept at")).to_be_visible()  # what is kept later would put the end off
    zoomed.clock.fast_forward("26:00")
    expect(zoomed.get_by_role("dialog")).to_be_visible()
    for button in zoomed.get_by_role("dialog").get_by_role("button").all():
        button.focus()
        assert zoomed.evaluate(COVERED) == ""


def test_raising_one(zoomed, agent, reference):
    sign_in(zoomed, agent)
    zoomed.goto("/jobmatch/new/")
    zoomed.get_by_role("button", name="Raise it", exact=False).first.click()

    check(zoomed, zoomed.get_by_role("textbox", name="What happened"))


def test_contact_us(zoomed, reference):
    zoomed.goto("/contact-us/happened/")
    go_on(zoomed)

    check(zoomed, zoomed.get_by_role("textbox", name="What happened"))
