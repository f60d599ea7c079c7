"""What came into a list since its page was made is said, and moves nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Request, expect

from contacthub.actor import PUBLIC
from contacthub.clock import now
from jobmatch_helpdesk import services
from tests.browser.conftest import sign_in
from tests.factories import told

HIDE = "Object.defineProperty(document, 'hidden', {{ configurable: true, value: {} }}); " \
    "document.dispatchEvent(new Event('visibilitychange'))"  # fmt: skip


def come(*names: str) -> None:
    for name in names:
        services.submit(told(customer_name=name), by=PUBLIC, at=now())


@pytest.fixture
def asked() -> list[Request]:
    return []


@pytest.fixture
def queue(page: Page, agent, asked) -> Page:
    come("Prince")
    page.clock.install()
    page.on("request", lambda request: asked.append(request) if "/newer/" in request.url else None)
    sign_in(page, agent)
    expect(page.get_by_role("link", name="Prince")).to_be_visible()
    return page


def places(page: Page) -> list[dict[str, float]]:
    return [row.bounding_box() for row in page.locator("tbody tr, .app-bar__say, .app-bar form").all()]


@pytest.mark.parametrize("width", [1280, 360])
def test_new_ones_are_announced_and_shown_once_asked_for(queue, asked, width):
    queue.set_viewport_size({"width": width, "height": 800})
    before = places(queue)
    come("Ŵyn Rees", "Łukasz")

    queue.clock.fast_forward(31_000)
    link = queue.get_by_role("status").get_by_role("link", name="2 new, show")
    expect(link).to_be_visible()
    assert places(queue) == before
    expect(queue.get_by_role("link", name="Łukasz")).to_have_count(0)
    link.click()

    expect(queue.get_by_role("link", name="Łukasz")).to_be_visible()
    assert all(request.headers["x-background"] == "1" for request in asked), "it would keep the session alive"


def test_a_tab_that_nobody_sees_asks_nothing_and_asks_once_it_is_seen(queue, asked):
    queue.evaluate(HIDE.format("true"))
    queue.clock.fast_forward(300_000)
    assert asked == []

    with queue.expect_response("**/newer/**"):
        queue.evaluate(HIDE.format("false"))
        queue.clock.run_for(10)


def test_after_errors_it_asks_less_often(queue, asked):
    queue.route("**/newer/**", lambda route: route.abort())
    for _ in range(20):
        queue.clock.run_for(30_000)
        queue.wait_for_timeout(20)

    # After 30 s, then 1, 2, 4 minutes: 7 min 30 s; the next would come after 15 min 30 s.
    assert 3 <= len(asked) <= 4
    expect(queue.get_by_role("status").get_by_role("link")).to_have_count(0)


def test_without_scripts_nothing_is_said(page_without_scripts, agent):
    come("Prince")
    sign_in(page_without_scripts, agent)

    expect(page_without_scripts.locator("[data-news]")).not_to_be_visible()
