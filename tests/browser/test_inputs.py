"""How much a call takes of a caseworker: inputs and page loads as `make bench` prints them, and their bounds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from benchmarks.journeys import JOURNEYS, Journey
from employer_contact.models import Employer, ServiceRequest
from tests.browser.conftest import enter_as, keyboard
from tests.employer_contact.calling import caseworker
from tests.factories import EmployerFactory

pytestmark = pytest.mark.proves("EC-16")
QUESTIONS = 3


class Hand:
    """Presses and clicks, and counts them, and the pages that load meanwhile."""

    def __init__(self, page: Page) -> None:
        self.page, self.inputs, self.loads = page, 0, 0
        page.on("request", self._asked)

    def _asked(self, request: Request) -> None:
        if request.is_navigation_request() and request.redirected_from is None:
            self.loads += 1

    def opens(self, heading: str) -> None:
        self.page.get_by_role("heading", name=heading, exact=True).wait_for()
        self.page.wait_for_load_state("load")

    def key(self, key: str) -> None:
        self.inputs += 1
        keyboard(self.page).press(key)

    def click(self, what: Locator) -> None:
        self.inputs += 1
        what.click()

    def types(self, words: str) -> None:
        keyboard(self.page).type(words)

    def button(self, name: str) -> None:
        self.click(self.page.get_by_role("button", name=name))


@pytest.fixture
def hand(page, reference) -> Hand:
    EmployerFactory(whole=True, ern="900000006", name="Skerrow Foods Ltd")
    enter_as(page, caseworker())
    return Hand(page)


def pop(hand: Hand, number: str) -> None:
    hand.page.goto(f"/employers/calls/new/?ivr={number}&call=call-1")


def start_by_key(hand: Hand) -> None:
    expect(hand.page.get_by_role("button", name="Start")).to_be_focused()
    hand.key("Enter")


def answer_by_keys(hand: Hand) -> None:
    hand.opens("Security questions")
    for _ in range(QUESTIONS):
        hand.key("1")
    hand.key("Control+Enter")


def answer_by_mouse(hand: Hand) -> None:
    hand.opens("Security questions")
    for question in hand.page.locator(".app-check").all():
        hand.click(question.get_by_label("Correct", exact=False).first)
    hand.button("Save and go on")


def request_by_keys(hand: Hand, reason: str = "audit", *choices: str) -> None:
    expect(hand.page.get_by_label("Why are they calling?")).to_be_focused()
    hand.types(reason)
    expect(hand.page.get_by_text("1 of 11 reasons")).to_be_visible()
    hand.key("Enter")
    hand.opens("Service request")
    for choice in choices:
        hand.key(choice)
    hand.key("Control+Enter")


def requests_by_mouse(hand: Hand, *reasons: str) -> None:
    for reason in reasons:
        hand.click(hand.page.get_by_label(reason))
    hand.button("Go on")
    for _ in reasons:
        hand.opens("Service request")
        made = ServiceRequest.objects.count()
        hand.button("Create")
        expect(hand.page.get_by_role("alert")).to_contain_text("is created")
        assert ServiceRequest.objects.count() == made + 1


def keyed_by_keys(hand: Hand) -> None:
    pop(hand, "900000006")
    start_by_key(hand)
    answer_by_keys(hand)
    request_by_keys(hand)


def which_by_keys(hand: Hand) -> None:
    pop(hand, "900000006")
    start_by_key(hand)
    answer_by_keys(hand)
    request_by_keys(hand, "general enquiry", "1")


def keyed_by_mouse(*reasons: str) -> Callable[[Hand], None]:
    def call(hand: Hand) -> None:
        pop(hand, "900000006")
        hand.button("Start")
        answer_by_mouse(hand)
        requests_by_mouse(hand, *reasons)

    return call


def chosen_by_keys(hand: Hand) -> None:
    pop(hand, "")
    start_by_key(hand)
    search(hand)
    hand.key("Enter")
    expect(hand.page.get_by_role("button", name="Choose Skerrow Foods Ltd")).to_be_focused()
    hand.key("1")
    answer_by_keys(hand)
    request_by_keys(hand)


def chosen_by_mouse(hand: Hand) -> None:
    pop(hand, "")
    hand.button("Start")
    search(hand)
    hand.click(hand.page.locator("#step").get_by_role("button", name="Search"))
    hand.button("Choose Skerrow Foods Ltd")
    answer_by_mouse(hand)
    requests_by_mouse(hand, STATEMENT)


def search(hand: Hand) -> None:
    expect(hand.page.get_by_label("Name, ERN, EARN")).to_be_focused()
    hand.types("skerrow")


STATEMENT, NOMINATES, REMOVES = "Request employer statement", "Employer nominates", "Employer changes or removes"
CALLS = {
    "ERN keyed, one request, by keys": keyed_by_keys,
    "ERN keyed, one of two requests, by keys": which_by_keys,
    "ERN keyed, one request, by mouse": keyed_by_mouse(STATEMENT),
    "party and reason chosen, by keys": chosen_by_keys,
    "party and reason chosen, by mouse": chosen_by_mouse,
    "ERN keyed, two requests, by mouse": keyed_by_mouse(STATEMENT, NOMINATES),
    "ERN keyed, three requests, by mouse": keyed_by_mouse(STATEMENT, NOMINATES, REMOVES),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_takes_as_few_inputs_and_page_loads_as_the_table_says(hand, name):
    CALLS[name](hand)
    hand.opens("Wrap up")

    assert Journey(hand.inputs, hand.loads, JOURNEYS[name].most) == JOURNEYS[name]
    assert Employer.objects.get(ern="900000006").requests.exists()


def test_every_journey_of_the_table_is_counted_and_within_its_bound():
    assert [*CALLS] == [*JOURNEYS]
    assert [name for name, one in JOURNEYS.items() if one.inputs > one.most] == []
