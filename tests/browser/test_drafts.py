"""What is typed is kept a second after the person pauses, survives sign-out, and ends with the send (CM-14)."""

import pytest
from playwright.sync_api import Browser, Page, expect

from contacthub.actor import PUBLIC
from contacthub.clock import now
from contacthub.submissions.models import Draft
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident, Reply
from tests.browser.conftest import sign_in
from tests.factories import told

pytestmark = pytest.mark.proves("CM-14")
WORDS = "Use another browser.\n\nWe have reported the fault."


@pytest.fixture
def incident(reference, ana) -> Incident:
    words = {"customer_name": "Siân", "customer_email": "sian@example.org", "description": "The page goes white"}
    services.submit(told(**words), by=PUBLIC, at=now())
    taken = services.take_next(by=ana, at=now())
    assert taken
    return taken


def open_reply(page: Page, agent, incident: Incident) -> None:
    sign_in(page, agent)
    page.goto(incident.get_absolute_url())


def box(page: Page):
    return page.get_by_role("textbox", name="Reply to")


def kept(page: Page):
    return page.locator("[data-draft]")


def test_a_draft_is_kept_and_offered_again_on_another_computer_and_cleared_by_the_send(
    page, browser: Browser, base_url, agent, incident, watch
):
    open_reply(page, agent, incident)
    box(page).press_sequentially("Use another browser.")
    expect(kept(page)).to_contain_text("Draft kept at ")
    page.get_by_text("Ana Byrne").first.click()
    page.get_by_role("button", name="Sign out").click()

    elsewhere = watch.over(browser.new_context(base_url=base_url).new_page())
    open_reply(elsewhere, agent, incident)
    expect(box(elsewhere)).to_have_value("Use another browser.")
    expect(kept(elsewhere)).to_contain_text("This is your draft, kept ")
    elsewhere.get_by_role("button", name="Preview and send").click()
    elsewhere.get_by_role("button", name="Send", exact=True).click()

    expect(elsewhere.get_by_text("is answered")).to_be_visible()
    assert not Draft.objects.exists()
    elsewhere.context.close()


def test_a_second_window_brings_no_draft_to_life_after_the_send(page, context, agent, incident, watch):
    watch.expected = {409}
    open_reply(page, agent, incident)
    second = watch.over(context.new_page())
    second.goto(incident.get_absolute_url())
    box(page).fill(WORDS)
    page.get_by_role("button", name="Preview and send").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("is answered")).to_be_visible()

    box(second).press_sequentially("a")

    expect(kept(second)).to_have_text("Not kept: You have already sent this from another window")
    assert not Draft.objects.exists()
    assert Reply.objects.count() == 1


def test_without_a_connection_it_says_so_and_keeps_the_words_once_there_is_one(page, context, agent, incident):
    open_reply(page, agent, incident)
    context.set_offline(True)

    box(page).fill(WORDS)

    expect(kept(page)).to_contain_text("Not kept yet")
    context.set_offline(False)
    expect(kept(page)).to_contain_text("Draft kept at ", timeout=15_000)
    assert Draft.objects.get().words == {"text": WORDS}


def test_signed_out_in_another_window_it_says_so_and_keeps_the_words_after_signing_in(
    page, context, agent, incident, watch
):
    watch.expected = {403}
    open_reply(page, agent, incident)
    context.clear_cookies()
    box(page).fill(WORDS)
    expect(kept(page)).to_contain_text("Not kept yet: you are signed out")

    sign_in(context.new_page(), agent)

    expect(kept(page)).to_contain_text("Draft kept at ", timeout=15_000)
    assert Draft.objects.get().words == {"text": WORDS}


def test_what_was_typed_in_the_last_second_before_the_preview_is_kept(page, agent, incident):
    open_reply(page, agent, incident)

    box(page).fill(WORDS)
    page.get_by_role("button", name="Preview and send").click()

    expect(page.get_by_role("heading", name="Check and send")).to_be_visible()
    page.goto(incident.get_absolute_url())
    expect(box(page)).to_have_value(WORDS)


def test_without_scripts_the_words_travel_with_the_form(page_without_scripts, agent, incident):
    page = page_without_scripts
    open_reply(page, agent, incident)
    box(page).fill(WORDS)
    page.get_by_role("button", name="Preview and send").click()

    page.get_by_role("button", name="Go back and change it").click()

    expect(box(page)).to_have_value(WORDS)
