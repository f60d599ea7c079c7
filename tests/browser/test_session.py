"""Time-out and sign-out in the browser (CASES P57, P58)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import BrowserContext, BrowserType, Page, expect

from contacthub.actor import PUBLIC
from contacthub.clock import now
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident, Reply
from tests.browser.conftest import Watch, sign_in
from tests.factories import told

SIGNED_OUT = "You were signed out, because nothing was done for 30 minutes"
SECRET = "Nobody else may read this about me"


@pytest.fixture
def incident(agent) -> Incident:
    words = {"customer_name": "Siân", "customer_email": "sian@example.org", "description": SECRET}
    return services.submit(told(**words), by=PUBLIC, at=now())


@pytest.fixture
def at_work(page: Page, agent, incident) -> Iterator[Page]:
    """Sign in with a clock of the browser that the test moves, take the incident and stand in its reply."""
    page.clock.install()
    sign_in(page, agent)
    page.get_by_role("button", name="Next for me").click()
    reply(page).focus()
    yield page
    page.wait_for_load_state("networkidle")  # what the page still asks is answered while the database may be used


def reply(page: Page) -> Any:
    return page.get_by_role("textbox", name="Reply to")


def warning(page: Page) -> Any:
    return page.get_by_role("dialog", name="You are about to be signed out")


def is_signed_out(page: Page) -> None:
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    expect(page.get_by_text(SECRET)).to_have_count(0)


class TestTimeOut:
    def test_five_minutes_before_the_end_one_is_warned_and_goes_on_where_one_was(self, at_work):
        at_work.clock.fast_forward("24:50")
        expect(warning(at_work)).not_to_be_visible()
        at_work.clock.fast_forward("00:15")
        expect(warning(at_work)).to_be_visible()
        expect(warning(at_work)).to_contain_text("in 5 minutes")

        at_work.get_by_role("button", name="Stay signed in").click()

        expect(warning(at_work)).not_to_be_visible()
        expect(reply(at_work)).to_be_focused()
        at_work.clock.fast_forward("24:00")
        expect(warning(at_work)).not_to_be_visible()

    def test_who_types_is_not_asked(self, at_work):
        at_work.clock.fast_forward("24:40")
        reply(at_work).press_sequentially("Use")

        at_work.clock.fast_forward("00:40")

        expect(reply(at_work)).to_be_focused()
        expect(warning(at_work)).not_to_be_visible()

    def test_the_last_minute_counts_seconds_and_never_below_none(self, at_work):
        at_work.clock.fast_forward("29:30")

        expect(warning(at_work)).to_contain_text("in 30 seconds")

    def test_after_the_sleep_of_a_computer_one_is_signed_out_and_the_text_comes_back(self, at_work, agent):
        reply(at_work).fill("Use another browser, then")
        at_work.clock.run_for(3000)
        expect(at_work.get_by_text("Draft kept at")).to_be_visible()

        at_work.clock.fast_forward("35:00")

        expect(at_work.get_by_text(SIGNED_OUT)).to_be_visible()
        is_signed_out(at_work)
        at_work.goto("/jobmatch/")
        is_signed_out(at_work)
        sign_in_again(at_work, agent)
        at_work.goto(Incident.objects.get().get_absolute_url())
        expect(reply(at_work)).to_have_value("Use another browser, then")

    def test_before_the_twelve_hours_are_over_one_is_told_once_and_goes_on(self, at_work, context):
        move_session(context, signed_in_at=-(11 * 60 + 56) * 60)
        at_work.goto("/account/")
        expect(warning(at_work)).to_contain_text("You signed in almost 12 hours ago")

        at_work.get_by_role("button", name="Go on").click()
        expect(warning(at_work)).not_to_be_visible()  # answered, before the clock runs past what an answer may take
        at_work.clock.run_for(20_000)

        expect(warning(at_work)).not_to_be_visible()

    def test_what_the_server_ended_while_the_computer_slept_is_gone_when_it_wakes(self, at_work, context):
        end_on_server(context)

        at_work.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

        is_signed_out(at_work)

    def test_work_in_another_window_counts(self, at_work, context, watch):
        at_work.clock.fast_forward("26:00")
        expect(warning(at_work)).to_be_visible()

        other = watch.over(context.new_page())
        other.goto("/account/")
        at_work.clock.fast_forward("00:20")

        expect(warning(at_work)).not_to_be_visible()
        at_work.clock.fast_forward("10:00")
        expect(at_work.get_by_text(SECRET).first).to_be_visible()

    def test_signing_out_in_another_window_ends_this_one_too(self, at_work, context, watch):
        other = watch.over(context.new_page())
        other.goto("/account/")
        sign_out(other)

        at_work.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

        is_signed_out(at_work)

    def test_without_scripts_the_sign_in_page_says_what_happened(self, page_without_scripts, agent, incident):
        sign_in(page_without_scripts, agent)
        end_on_server(page_without_scripts.context)

        page_without_scripts.get_by_role("button", name="Next for me").click()

        expect(page_without_scripts.get_by_text(SIGNED_OUT)).to_be_visible()
        expect(page_without_scripts.get_by_text("nothing was sent or saved")).to_be_visible()
        sign_in_again(page_without_scripts, agent)
        expect(page_without_scripts).to_have_url("/jobmatch/")


def sign_in_again(page: Page, staff) -> None:
    page.get_by_label("Sign-in name").fill(staff.username)
    page.get_by_label("Password", exact=True).fill("a-password-for-tests")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_have_count(0)


def sign_out(page: Page) -> None:
    page.get_by_text("Ana Byrne").first.click()
    page.get_by_role("button", name="Sign out").click()
    is_signed_out(page)


def end_on_server(context: BrowserContext) -> None:
    """Let half an hour pass for the session of this browser."""
    move_session(context, seen_at=-31 * 60)


def move_session(context: BrowserContext, **seconds: int) -> None:
    key = next(cookie["value"] for cookie in context.cookies() if cookie["name"] == "sessionid")
    session = SessionStore(session_key=key)
    for moment, by in seconds.items():
        session[moment] += by
    session.save()


# Without scripts, a page that was kept whole cannot learn that somebody has signed out (docs/decisions/0002).
WAYS_BACK = {
    "kept whole": (True, {"ignore_default_args": ["--disable-back-forward-cache"]}),
    "from the cache": (True, {}),
    "from the cache without scripts": (False, {}),
}


@pytest.fixture(params=WAYS_BACK.values(), ids=WAYS_BACK)
def visitor(
    request, browser_type: BrowserType, browser_type_launch_args, base_url: str, watch: Watch
) -> Iterator[Page]:
    """Somebody whose browser keeps pages whole for Back, as people's do, or not, as Playwright starts it."""
    scripts, options = request.param
    browser = browser_type.launch(**browser_type_launch_args, **options)
    context = browser.new_context(base_url=base_url, java_script_enabled=scripts)
    yield watch.over(context.new_page())
    browser.close()


class TestBack:
    def test_after_next_back_says_who_has_it_now(self, visitor, agent, incident):
        sign_in(visitor, agent)
        visitor.get_by_role("button", name="Next for me").click()
        expect(reply(visitor)).to_be_visible()

        visitor.go_back(wait_until="commit")

        expect(visitor.get_by_role("link", name="Mine 1")).to_be_visible()
        expect(visitor.get_by_role("cell", name="You")).to_be_visible()

    def test_after_signing_out_back_shows_nothing_of_the_case(self, visitor, agent, incident):
        sign_in(visitor, agent)
        visitor.goto(incident.get_absolute_url())
        expect(visitor.get_by_text(SECRET).first).to_be_visible()
        sign_out(visitor)

        visitor.go_back(wait_until="commit")  # a page that was kept whole loads nothing

        is_signed_out(visitor)

    def test_while_signed_in_back_shows_what_was_typed(self, visitor, agent, incident):
        sign_in(visitor, agent)
        visitor.get_by_role("button", name="Next for me").click()
        reply(visitor).fill("Half a reply")
        visitor.goto("/account/")

        visitor.go_back(wait_until="commit")  # a page that was kept whole loads nothing

        expect(reply(visitor)).to_be_visible()
        expect(reply(visitor)).to_have_value("Half a reply")

    def test_after_a_reply_is_sent_back_and_loading_again_send_nothing_and_say_so(
        self, at_work, agent, incident, watch
    ):
        watch.expected = {409}
        reply(at_work).fill("Use another browser")
        at_work.get_by_role("button", name="Preview and send").click()
        at_work.get_by_role("button", name="Send", exact=True).click()
        expect(at_work.get_by_text(f"{incident.reference} is answered")).to_be_visible()

        at_work.go_back()
        at_work.get_by_role("button", name="Send", exact=True).click()
        expect(at_work.get_by_text(f"{incident.reference} is answered")).to_be_visible()
        at_work.go_back()
        at_work.reload()

        expect(at_work.get_by_text("Answered by email by Ana Byrne").first).to_be_visible()
        assert Reply.objects.count() == 1
