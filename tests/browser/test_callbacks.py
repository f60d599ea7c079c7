"""Callers at work in a real browser, with scripts and without: a call that succeeds, and one that ends in a letter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from contacthub.actor import Actor
from contacthub.callbacks import services
from contacthub.callbacks.models import Attempt, Callback
from contacthub.callbacks.outcomes import Outcome
from contacthub.clock import now
from contacthub.deadlines.models import FollowUp
from contacthub.people.roles import Role
from jobmatch_helpdesk.models import Incident
from tests.browser.conftest import enter_as, keyboard
from tests.browser.test_accessibility import LONG_NAME, check
from tests.contacthub.callbacks.situations import asked_for, assessor, team_leader
from tests.jobmatch_helpdesk.situations import LATER, colleague, set_up_inboxes

TELFORD, JD = "/callbacks/queues/ed-telford/", "/callbacks/queues/jd/"


@pytest.fixture
def graham(reference) -> Actor:
    set_up_inboxes()
    return team_leader()


@pytest.fixture
def callback(ana, graham) -> Callback:
    return asked_for(ana)


def until_the_letter(page: Page, graham: Actor) -> None:
    """Take the next call, try twice in vain, and tick off the letter that is left."""
    enter_as(page, graham)
    page.goto(TELFORD)
    page.get_by_role("button", name="Take the next call").click()
    page.get_by_label("No answer").check()
    page.get_by_label("Notes").fill("Rang for a minute")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("No answer, kept. Next attempt")).to_be_visible()

    page.get_by_label("Left message").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Attempts are used up: a letter is on the list of Telford")).to_be_visible()

    page.goto(TELFORD)
    page.get_by_role("link", name="Letters to send 1").click()
    page.locator("summary", has_text="Done").click()
    page.get_by_label("Done on").fill("2026-06-04")
    page.get_by_role("button", name="Tick off").click()
    expect(page.get_by_role("heading", name="No letter is to be sent")).to_be_visible()


@pytest.mark.proves("CM-28")
def test_two_attempts_in_vain_end_in_a_letter(page, graham, callback):
    until_the_letter(page, graham)

    assert (Attempt.objects.count(), str(FollowUp.objects.get().done_on)) == (2, "2026-06-04")


def test_the_same_without_scripts(page_without_scripts, graham, callback):
    until_the_letter(page_without_scripts, graham)

    assert Attempt.objects.count() == 2


@pytest.mark.proves("UJ-34")
def test_a_call_takes_three_inputs_besides_words(page, graham, callback):
    enter_as(page, graham)
    page.goto(TELFORD)

    page.get_by_role("button", name="Take the next call").click()
    page.get_by_role("heading", name="Say this").wait_for()
    keyboard(page).press("1")
    page.get_by_label("Notes").fill("She will try another browser, number 7")
    keyboard(page).press("Control+Enter")

    expect(page.get_by_text("Spoke to them: the call is done")).to_be_visible()
    assert Attempt.objects.get().outcome == Outcome.SPOKE
    assert Incident.objects.get().state == "resolved"


def test_the_line_next_follows_the_outcome_and_lists_all_before(page, graham, callback):
    services.take(callback_id=callback.pk, by=graham, at=LATER)
    enter_as(page, graham)
    page.goto(callback.get_absolute_url())
    expect(page.locator(".app-follows")).to_be_visible()

    keyboard(page).press("1")
    expect(page.get_by_role("status").filter(has_text="Next: the call is done")).to_be_visible()
    keyboard(page).press("4")

    expect(page.get_by_label("Wrong number")).to_be_checked()
    expect(page.get_by_role("status").filter(has_text="Next: try again")).to_be_visible()
    expect(page.locator(".app-follows")).to_be_hidden()


def test_a_digit_that_is_typed_into_the_notes_chooses_nothing(page, graham, callback):
    services.take(callback_id=callback.pk, by=graham, at=LATER)
    enter_as(page, graham)
    page.goto(callback.get_absolute_url())

    page.get_by_label("Notes").press_sequentially("17")

    expect(page.get_by_label("Notes")).to_have_value("17")
    expect(page.locator("[name=outcome]:checked")).to_have_count(0)


def test_what_was_typed_is_kept_as_a_draft(page, graham, callback):
    services.take(callback_id=callback.pk, by=graham, at=LATER)
    enter_as(page, graham)
    page.goto(callback.get_absolute_url())
    page.get_by_label("Ring later").check()
    page.get_by_label("Notes").fill("After 3pm")
    page.get_by_label("Try again at").fill("2099-01-05T15:30")
    expect(page.get_by_text("Draft kept")).to_be_visible()

    page.reload()

    expect(page.get_by_label("Notes")).to_have_value("After 3pm")
    expect(page.get_by_label("Ring later")).to_be_checked()
    expect(page.get_by_label("Try again at")).to_have_value("2099-01-05T15:30")


@pytest.mark.proves("UJ-17")
def test_an_assessor_allocates_by_keyboard(page, ana, graham):
    mensah = colleague(Role.JD_AGENT, "jd", name="Kofi Mensah")
    callback = asked_for(ana, "jd")
    enter_as(page, assessor())
    page.goto(JD)

    page.get_by_label("Who calls").select_option(label="Kofi Mensah, no calls")
    page.get_by_role("heading", name="Callbacks, ").click()
    keyboard(page).press("a")

    expect(page.get_by_text(f"{callback.reference} is with Kofi Mensah")).to_be_visible()
    assert Callback.objects.get().allocated_to_id == mensah.staff_id


# How each page looks when there is much, or something went wrong ------------------------------------------------------


@pytest.fixture
def busy(ana, graham) -> Callback:
    """Calls of every age with long names, one of them Graham's with an attempt, and a letter to send."""
    ages = [-9 * 24, -3 * 24, -20, 1, 50]
    for hours, name in zip(
        ages, [LONG_NAME, "مريم أحمد", "Sioned Parry", "W" * 60, "Llŷr Caradog-Hughes"], strict=True
    ):
        made = asked_for(ana, customer_name=name, language="cy", description="Cannot upload " + "word " * 60)
        Callback.objects.filter(pk=made.pk).update(due_at=now() + timedelta(hours=hours), words="word " * 300)
    lost = asked_for(ana)
    services.take(callback_id=lost.pk, by=graham, at=LATER)
    for _ in range(2):
        services.record_attempt(callback_id=lost.pk, outcome=Outcome.NO_ANSWER, words="long-" * 60, by=graham, at=LATER)
    mine = Callback.objects.open().order_by("pk")[0]
    services.take(callback_id=mine.pk, by=graham, at=LATER)
    services.record_attempt(callback_id=mine.pk, outcome=Outcome.ENGAGED, words="word " * 90, by=graham, at=LATER)
    return mine


def home(page: Page, mine: Callback) -> None:
    page.goto("/")


def ages(page: Page, mine: Callback) -> None:
    page.goto("/callbacks/")


def queue(page: Page, mine: Callback) -> None:
    page.goto(TELFORD)


def ended(page: Page, mine: Callback) -> None:
    page.goto(f"{TELFORD}?view=ended")


def letters(page: Page, mine: Callback) -> None:
    page.goto(f"{TELFORD}?view=letters")
    page.locator("summary", has_text="Done").click()


def letter_refused(page: Page, mine: Callback) -> None:
    letters(page, mine)
    page.get_by_role("button", name="Tick off").click()


def follow_ups(page: Page, mine: Callback) -> None:
    page.goto("/follow-ups/")


def filtered(page: Page, mine: Callback) -> None:
    page.goto(f"{TELFORD}?age=x&with_whom=nobody&view=mine")


def to_call(page: Page, mine: Callback) -> None:
    page.goto(mine.get_absolute_url())


def refused(page: Page, mine: Callback) -> None:
    to_call(page, mine)
    page.get_by_role("button", name="Save").click()


def nobodys(page: Page, mine: Callback) -> None:
    page.goto(Callback.objects.queued().order_by("pk")[0].get_absolute_url())


def done(page: Page, mine: Callback) -> None:
    page.goto(Callback.objects.filter(ended_at__isnull=False)[0].get_absolute_url())


PAGES = [home, ages, queue, ended, letters, letter_refused, follow_ups, filtered, to_call, refused, nobodys, done]


@pytest.mark.parametrize("go", PAGES)
def test_page_of_a_caller(page, graham, busy, go: Callable[[Page, Callback], None]):
    enter_as(page, graham)
    go(page, busy)

    check(page)


@pytest.mark.parametrize("go", [home, ages, queue])
def test_page_with_nothing_to_do(page, graham, go: Callable[[Page, None], None]):
    enter_as(page, graham)
    go(page, None)

    check(page)


def allocate(page: Page) -> None:
    page.goto(JD)


def allocate_refused(page: Page) -> None:
    page.goto(JD)
    page.get_by_role("button", name="Allocate").click()


@pytest.mark.parametrize("go", [allocate, allocate_refused])
def test_page_of_an_assessor(page, ana, graham, go: Callable[[Page], None]):
    colleague(Role.JD_AGENT, "jd", name=LONG_NAME, takes_calls_in_welsh=True)
    asked_for(ana, "jd", customer_name=LONG_NAME)
    asked_for(ana, "jd")
    enter_as(page, assessor())
    go(page)

    check(page)


def test_page_of_the_helpdesk_lead(page, lead, graham, busy):
    enter_as(page, lead)

    check(page)


def test_a_call_lost_to_a_colleague(page, watch, ana, graham):
    watch.expected = {409}
    rhian, carys = (colleague(Role.JOBCENTRE_ADVISER, "porth-wen", name=name) for name in ("Rhian", "Carys"))
    callback = asked_for(ana, "porth-wen")
    enter_as(page, carys)
    page.goto(callback.get_absolute_url())
    services.take(callback_id=callback.pk, by=rhian, at=LATER)

    page.get_by_role("button", name="Take this call").click()

    expect(page.get_by_text("Taken by Rhian, before you pressed")).to_be_visible()
    check(page)
