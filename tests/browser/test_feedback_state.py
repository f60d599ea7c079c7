"""A form under way, by the hands of those who look after it: withdrawn, and one mail of four sent again alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from complaints_feedback.models import FeedbackForm
from contacthub.clock import now
from contacthub.mail.models import Mailbox, Message
from contacthub.people.models import StaffMember
from tests.browser.conftest import enter_as
from tests.browser.test_accessibility import check
from tests.browser.test_feedback import as_of_now
from tests.complaints_feedback.situations import World
from tests.processes import environment, running, wait_until
from tests.smtp import CatchingServer


@pytest.fixture
def world(reference: None, settings, tmp_path) -> World:
    settings.DOCUMENTS_DIR = tmp_path / "documents"
    for code in ("feedback", "notices"):
        Mailbox.objects.filter(code=code).update(address=f"{code}@contacthub.example")
    return World()


def opens(page: Page, person: StaffMember, form: FeedbackForm) -> None:
    enter_as(page, as_of_now(person))
    page.goto(form.get_absolute_url())


def worker_sends(smtp: CatchingServer, data_dir: str) -> list[str]:
    """Return to whom a real mail server got feedback forms from a real worker, the earliest first."""
    with running("worker", environment(smtp_port=smtp.port) | {"DATA_DIR": data_dir}):
        wait_until(lambda: not Message.objects.exclude(state__in=["accepted", "failed"]).exists())
    sent = [one for one in smtp.received if one.mail["From"].addresses[0].addr_spec.startswith("feedback@")]
    return [one.recipients[0] for one in sent]


def test_a_form_is_withdrawn_with_a_reason_that_is_asked_for(page, world):
    form = world.delivered(at=now())
    opens(page, world.leader, form)
    check(page)
    page.get_by_role("link", name="Withdraw this form").click()
    page.get_by_role("button", name=re.compile("Withdraw")).click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Enter why the form is withdrawn")
    check(page)
    page.get_by_label("Reason").fill("The complaint was about another team")
    page.get_by_role("button", name=re.compile("Withdraw")).click()
    expect(page.get_by_role("alert")).to_contain_text("is withdrawn")
    expect(page.get_by_text("The complaint was about another team")).to_be_visible()

    opens(page, world.receiver, form)

    expect(page.get_by_text("You cannot read it")).to_be_visible()
    expect(page.get_by_text("The complaint was about another team")).to_have_count(0)


@pytest.mark.proves("CF-34")
def test_of_four_mails_the_one_that_failed_is_seen_and_sent_again_alone(page, world, smtp, tmp_path):
    form = world.delivered(at=now())
    message = form.sendings.get(person=world.head).message
    Message.objects.filter(pk=message.pk).update(to="refused@dwp.example")
    taken = worker_sends(smtp, str(tmp_path))
    assert sorted(taken) == sorted(person.email for person in world.four[:3])

    opens(page, world.leader, form)
    expect(page.get_by_text("550 5.1.1 No such mailbox here").first).to_be_visible()
    check(page)
    Message.objects.filter(pk=message.pk).update(to=world.head.email)  # the mailbox was made meanwhile
    smtp.received.clear()
    page.get_by_role("button", name=re.compile("Send this one again.*Hugo Lane")).click()
    expect(page.get_by_role("alert")).to_contain_text("is queued again")

    expect(page).to_have_url(re.compile(f"{form.get_absolute_url()}$"))
    assert worker_sends(smtp, str(tmp_path)) == [world.head.email]
