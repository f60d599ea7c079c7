"""Every page, at the widths of a desk, a phone and 400% zoom: axe finds nothing, nothing scrolls sideways."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from contacthub.actor import PUBLIC
from contacthub.clock import now
from contacthub.deadlines.models import Deadline
from contacthub.mail.models import Message
from contacthub.mail.services import tell
from contacthub.people.models import StaffMember
from contacthub.submissions.services import keep, open_place
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident
from tests.browser.conftest import PASSWORD, sign_in
from tests.factories import MessageFactory

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LONG_NAME = "Wilhelmina-Alexandrina " * 2 + "Rhydderch-Vaughan"
NAMES = ["Siân Ffion Rhydderch-Vaughan", LONG_NAME, "مريم أحمد", "W" * 60]


@pytest.fixture
def incidents(reference) -> list[Incident]:
    return [
        services.submit(
            customer_name=name,
            customer_email=f"{'long-' * 8}{number}@example.org",
            description="Cannot upload my CV\n\n" + "word " * 2000,
            by=PUBLIC,
            at=now() - timedelta(days=9 - number),
        )
        for number, name in enumerate(NAMES)
    ]


def contact_us(page: Page) -> None:
    page.goto("/contact-us/")


def contact_us_refused(page: Page) -> None:
    page.goto("/contact-us/")
    page.get_by_role("button", name="Send").click()


def sent(page: Page) -> None:
    page.goto("/contact-us/")
    page.get_by_label("Your name").fill(LONG_NAME)
    page.get_by_label("Email address").fill("sian@example.org")
    page.get_by_label("What happened").fill("word " * 500)
    page.get_by_role("button", name="Send").click()


def sign_in_refused(page: Page) -> None:
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in").click()


PUBLIC_PAGES = [contact_us, contact_us_refused, sent, sign_in_refused]


def queue(page: Page) -> None:
    page.goto("/jobmatch/")


def mine(page: Page) -> None:
    page.goto("/jobmatch/")
    page.get_by_role("button", name="Next for me").click()


def nobodys(page: Page) -> None:
    page.goto(Incident.objects.latest("pk").get_absolute_url())


def refused(page: Page) -> None:
    mine(page)
    page.get_by_role("button", name="Preview and send").click()


def preview(page: Page) -> None:
    mine(page)
    page.get_by_role("textbox", name="Reply to").fill("word " * 300)
    page.get_by_role("button", name="Preview and send").click()


def answered(page: Page) -> None:
    preview(page)
    page.get_by_role("button", name="Send", exact=True).click()


def lost_race(page: Page) -> None:
    mine(page)
    page.get_by_role("textbox", name="Reply to").fill("word " * 300)
    page.get_by_role("button", name="Preview and send").click()
    Incident.objects.filter(state="assigned").update(state="resolved", replied_at=now())
    page.get_by_role("button", name="Send", exact=True).click()


def not_found(page: Page) -> None:
    page.goto("/jobmatch/UJ-999999/")


def account(page: Page) -> None:
    page.goto("/account/")


def password_refused(page: Page) -> None:
    page.goto("/account/password/")
    page.get_by_role("button", name="Change password").click()


def menu(page: Page) -> None:
    page.goto("/account/")
    page.get_by_text("Ana Byrne").first.click()


def time_out(page: Page) -> None:
    page.clock.install()
    page.goto("/account/")
    page.clock.fast_forward("26:00")
    expect(page.get_by_role("dialog")).to_be_visible()


def signed_out(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/sign-in/?next=/jobmatch/&ended=idle&not-done=1")


def worked_out(page: Page) -> None:
    page.goto(Deadline.objects.latest("pk").get_absolute_url())


STAFF_PAGES = [queue, mine, nobodys, refused, preview, answered, lost_race, not_found, worked_out]
ACCOUNT_PAGES = [account, password_refused, menu, time_out, signed_out]


def check(page: Page) -> None:
    for width in (1280, 360, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"scrolls sideways at {width}"
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
    for link in page.locator(".govuk-error-summary a").all():
        target = (link.get_attribute("href") or "")[1:]
        assert page.locator(f"[id='{target}']").is_editable(), f"the summary leads to #{target}"


@pytest.mark.parametrize("go", PUBLIC_PAGES)
def test_public_page(page, reference, go: Callable[[Page], None]):
    go(page)

    check(page)


@pytest.mark.parametrize("go", STAFF_PAGES + ACCOUNT_PAGES)
def test_staff_page(page, agent, watch, incidents, go: Callable[[Page], None]):
    watch.expected = {404, 409}
    sign_in(page, agent)
    go(page)

    check(page)


def mail(page: Page) -> None:
    page.goto("/mail/")


def mail_filtered(page: Page) -> None:
    page.goto("/mail/?view=failed&to=rhys")


def notices(page: Page) -> None:
    page.goto("/notices/?view=all")


def drafts(page: Page) -> None:
    page.goto("/drafts/")


@pytest.fixture
def trouble(incidents, lead) -> StaffMember:
    """A lead with mail of every kind, a notice and a draft."""
    for incident, traits in zip(incidents, [{"failed": True}, {}, {"accepted": True}, {"attempts": 1}], strict=True):
        words = f"{incident.reference}: our answer to {incident.customer_name}"
        MessageFactory(case=incident.case, to=incident.customer_email, subject=words[:200], queued_at=now(), **traits)
    Message.objects.filter(attempts=1, state="queued").update(unsure_since=now(), tried_at=now())
    staff = StaffMember.objects.get(pk=lead.staff_id)
    tell(staff, words="The email failed: " + "550-long" * 50, case=incidents[0].case, at=now())
    place = open_place(lead, "a-place", title=f"Reply, {LONG_NAME}", link="/jobmatch/").place
    keep(place=place, words={"text": "word " * 2000}, by=lead, at=now())
    staff.set_password(PASSWORD)
    staff.save()
    return staff


@pytest.mark.parametrize("go", [mail, mail_filtered, notices, drafts])
def test_page_of_a_lead(page, trouble, go: Callable[[Page], None]):
    sign_in(page, trouble)
    go(page)

    check(page)


@pytest.mark.parametrize("go", [mail, notices, drafts])
def test_page_of_a_lead_with_nothing_to_do(page, lead, agent, go: Callable[[Page], None]):
    agent.groups.set(StaffMember.objects.get(pk=lead.staff_id).groups.all())
    sign_in(page, agent)
    go(page)

    check(page)


def test_an_empty_queue(page, agent):
    sign_in(page, agent)

    expect(page.get_by_text("No incident is open").first).to_be_visible()
    check(page)


def test_after_a_refusal_the_summary_has_the_focus_and_its_link_leads_into_the_field(page, reference):
    contact_us_refused(page)

    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("link", name="Enter your email address").click()
    expect(page.get_by_label("Email address")).to_be_focused()
