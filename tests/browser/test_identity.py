"""An employer who will not talk is shown by email who we are, while the line is open, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from benchmarks.journeys import IDENTITY, Journey
from contacthub.actor import Actor
from contacthub.clock import now
from contacthub.deadlines.models import FollowUp
from contacthub.mail.models import Mailbox, Message
from contacthub.mail.tasks import count_report, open_reports, read_post, send_message, unread_posts
from employer_contact.models import Contact, Employer, IdentityInbox, IdentityTemplate
from tests.browser.conftest import enter_as, keyboard
from tests.browser.test_accessibility import check
from tests.browser.test_inputs import Hand
from tests.browser.test_service_requests import owen, skerrow  # noqa: F401 the fixtures of a call
from tests.employer_contact.calling import call_from
from tests.employer_contact.people import team
from tests.provider import Provider, bounced, delivered, told_us

SOON = 10_000  # milliseconds: the page asks every two seconds


@pytest.fixture
def call(owen, skerrow: Employer) -> Contact:  # noqa: F811
    mailbox = Mailbox.objects.get(code="eir-payments")
    Mailbox.objects.filter(pk=mailbox.pk).update(address="eir.payments@contacthub.example")
    IdentityInbox.objects.create(unit=team(), mailbox=mailbox)
    IdentityTemplate.objects.create(number=1, body="SAMPLE. We are the Child Maintenance Service.")
    return call_from(skerrow, by=owen, direction="outbound")


@pytest.fixture
def offered(page: Page, owen: Actor, call: Contact) -> Page:  # noqa: F811
    enter_as(page, owen)
    page.goto(call.get_absolute_url())
    page.get_by_role("button", name="They will not talk: identity email").click()
    page.get_by_role("heading", name="Confirm our identity by email").wait_for()
    return page


def work() -> None:
    """Do what worker and clock do of mail."""
    for message in Message.objects.due(now()):
        send_message(message.pk)
    for pk in unread_posts.find(now()):
        read_post(pk)
    for pk in open_reports.find(now()):
        count_report(pk)


def says(page: Page, words: str) -> None:
    expect(page.locator("[data-identity]")).to_contain_text(words, timeout=SOON)


@pytest.mark.proves("EC-53", "EC-59")
def test_delivered_is_seen_without_loading_the_page_and_the_call_goes_on(offered: Page, provider: Provider) -> None:
    page = offered
    check(page)
    keyboard(page).press("Control+Enter")
    says(page, "Waits to be sent")
    page.evaluate("window.stays = true")
    page.get_by_label("Notes").fill("Is looking in his junk mail")

    work()
    says(page, "Accepted by the mail provider: no word yet")
    told_us(delivered("id-1"))
    work()
    says(page, "Delivered")

    assert page.evaluate("window.stays"), "nothing was loaded again"
    assert page.get_by_label("Notes").input_value() == "Is looking in his junk mail"
    check(page)
    keyboard(page).press("Control+Enter")
    page.get_by_role("heading", name="Why do we call?").or_(page.get_by_label("Why are they calling?")).first.wait_for()
    assert Contact.objects.get().identity == "content"
    assert Contact.objects.get().notes == "Is looking in his junk mail"


@pytest.mark.proves("EC-58", "EC-61")
def test_one_that_failed_goes_to_another_address(offered: Page, provider: Provider) -> None:
    page = offered
    keyboard(page).press("Control+Enter")
    says(page, "Waits to be sent")
    work()
    told_us(bounced("id-1"))
    work()
    says(page, "Failed, nobody received it")

    page.locator("summary", has_text="Send to another address").click()
    page.get_by_label("Another address, given on this call").fill(" Wages@Skerrow.EXAMPLE ")
    page.get_by_role("button", name="Send to this address").click()
    says(page, "given on this call")
    work()
    told_us(delivered("id-2"))
    work()
    says(page, "Delivered")

    assert [one["To"].lower() for one in provider.received][1] == "wages@skerrow.example"


@pytest.mark.proves("EC-60", "EC-62")
@pytest.mark.parametrize(
    ("button", "kind"),
    [
        ("Will call back with the information", "expected_call"),
        ("Will send it by post", "expected_post"),
        ("Letter to be sent for completion and return", "letter"),
    ],
)
def test_they_have_no_email_and_agree_what_comes_instead(offered: Page, button: str, kind: str) -> None:
    offered.get_by_role("button", name=button).click()
    offered.get_by_role("heading", name="Wrap up").wait_for()
    check(offered)

    assert FollowUp.objects.get().kind == kind
    assert (Contact.objects.get().identity, Message.objects.count()) == ("fallback_recorded", 0)


def test_it_works_without_scripts(page_without_scripts: Page, owen: Actor, call: Contact, smtp) -> None:  # noqa: F811
    page = page_without_scripts
    enter_as(page, owen)
    page.goto(call.get_absolute_url())
    page.get_by_role("button", name="They will not talk: identity email").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Waits to be sent")).to_be_visible()
    work()
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("Accepted by their mail server: nobody tells us if it was delivered")).to_be_visible()
    page.get_by_role("button", name="They have it: go on").click()

    assert Contact.objects.get().identity == "content"


@pytest.mark.proves("EC-53")
def test_it_takes_three_inputs(page: Page, owen: Actor, call: Contact) -> None:  # noqa: F811
    enter_as(page, owen)
    page.goto(call.get_absolute_url())
    hand = Hand(page)
    hand.button("They will not talk: identity email")
    hand.opens("Confirm our identity by email")
    hand.key("Control+Enter")
    says(page, "Waits to be sent")
    hand.key("Control+Enter")
    page.wait_for_url("**/reason/")

    assert Journey(hand.inputs, hand.loads, IDENTITY.most) == IDENTITY
