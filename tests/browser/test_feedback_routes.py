"""The ways of a feedback form on the sending side, by the hands of those who take part, up to the mail that arrives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from complaints_feedback.lifecycle import FormState
from complaints_feedback.models import FeedbackForm
from complaints_feedback.terms import Route
from contacthub.mail.models import Mailbox, Message
from contacthub.people.models import StaffMember
from tests.browser.conftest import enter_as
from tests.browser.test_accessibility import check
from tests.browser.test_feedback import as_of_now, fill_in
from tests.browser.test_inputs import Hand
from tests.complaints_feedback.situations import World
from tests.contacthub.documents.files import upload
from tests.processes import environment, running, wait_until
from tests.smtp import CatchingServer, Received


@pytest.fixture
def world(reference: None, settings, tmp_path) -> World:
    settings.DOCUMENTS_DIR = tmp_path / "documents"
    for code in ("feedback", "notices"):
        Mailbox.objects.filter(code=code).update(address=f"{code}@contacthub.example")
    return World()


@pytest.fixture
def two_letters(tmp_path: Path) -> list[Path]:
    found = [tmp_path / name for name in ("Complaint.pdf", "Reply.pdf")]
    for path in found:
        path.write_bytes(upload(path.name).read())
    return found


def sit_down(page: Page, person: StaffMember) -> None:
    enter_as(page, as_of_now(person))


def open_from_home(page: Page, heading: str) -> None:
    """Open the only form that waits, from the home page, where its reader acts."""
    page.get_by_role("link", name=re.compile("Feedback for Tom Reilly")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)


def press(page: Page, button: str, told: str) -> None:
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("alert")).to_contain_text(told)


def press_with_reason(page: Page, button: str, reason: str, told: str) -> None:
    page.locator("summary", has_text=button).click()
    page.get_by_label("Reason").fill(reason)
    press(page, button, told)


def mailed_by_worker(smtp: CatchingServer, tmp_path: Path) -> dict[str, Received]:
    """Return what a real mail server got from a real worker, by whom it was for."""
    with running("worker", environment(smtp_port=smtp.port) | {"DATA_DIR": str(tmp_path)}):
        wait_until(lambda: not Message.objects.exclude(state="accepted").exists())
    return {one.recipients[0]: one for one in smtp.received}


def attached(mail: Received) -> list[str]:
    return [str(part.get_filename()) for part in mail.mail.iter_attachments()]


@pytest.mark.proves("CF-22", "CF-32", "CF-33", "CF-34", "CF-35")
def test_a_resolution_form_from_its_sender_to_the_four_mails_with_both_letters(
    page, world, two_letters, smtp, tmp_path
):
    sit_down(page, world.sender)
    fill_in(Hand(page), two_letters)
    sit_down(page, world.leader)
    open_from_home(page, "Agree to feedback for Tom Reilly")
    press(page, "Agree", "You agree that feedback is given")
    sit_down(page, world.sender)
    page.get_by_role("link", name=re.compile("Feedback for Tom Reilly")).first.click()
    page.get_by_role("button", name="Check your answers").click()
    press(page, "Send to Lena Voss", "is sent to Lena Voss")
    sit_down(page, world.leader)
    open_from_home(page, "Check and send feedback for Tom Reilly")
    press(page, "Send to all four", "is sent to Rosa Quill, Max Orr, Amy Dean, Hugo Lane")

    mails = mailed_by_worker(smtp, tmp_path)

    reference = FeedbackForm.objects.get().reference
    assert {*mails} == {person.email for person in world.four}
    assert mails[world.receiver.email].mail["Subject"] == f"{reference}: discuss this feedback"
    for mail in mails.values():
        assert attached(mail) == [f"{reference} feedback form.pdf", "Complaint.pdf", "Reply.pdf"]


@pytest.mark.proves("CF-36", "CF-37", "CF-38")
@pytest.mark.parametrize("route", [Route.REVIEW, Route.ICE])
def test_other_routes_go_by_the_senior_manager_who_changes_a_manager(page, world, smtp, tmp_path, route):
    form = world.submitted(route)
    sit_down(page, world.leader)
    open_from_home(page, "Check and send feedback for Tom Reilly")
    press(page, "Send to the area senior resolution manager", "is sent to Nina Frost")
    sit_down(page, world.senior)
    open_from_home(page, "Confirm and send feedback for Tom Reilly")
    page.locator("summary", has_text="Somebody else: Workgroup manager").click()
    page.get_by_label("Workgroup manager: name or staff number").fill("Wim Baker")
    page.get_by_label("Why they act for the post").first.fill("Max Orr is away all month")
    press(page, "Confirm and send", "Wim Baker")

    mails = mailed_by_worker(smtp, tmp_path)

    four = [world.receiver, world.workgroup_manager, world.area_manager, world.head]
    assert {*mails} == {person.email for person in [world.senior, *four]}
    assert all(attached(mail)[1:] == ["Complaint.pdf", "Reply.pdf"] for mail in mails.values())
    assert FeedbackForm.objects.get(pk=form.pk).state == FormState.DELIVERED


@pytest.mark.proves("CF-32")
def test_a_form_is_returned_corrected_and_sent_again_without_scripts(page_without_scripts, world):
    page = page_without_scripts
    form = world.submitted()
    sit_down(page, world.leader)
    open_from_home(page, "Check and send feedback for Tom Reilly")
    press_with_reason(page, "Return for correction", "Name the second service request too", "is returned to Sana Iqbal")
    sit_down(page, world.sender)
    expect(page.get_by_text("returned to you for correction: Name the second service request too")).to_be_visible()
    page.goto(f"{form.get_absolute_url()}evidence/")
    page.get_by_label("Service requests", exact=True).fill("SR-004188\nSR-004190")
    page.get_by_role("button", name="Save and go on").click()
    page.goto(f"{form.get_absolute_url()}submit/")
    press(page, "Send to Lena Voss", "is sent to Lena Voss")
    sit_down(page, world.leader)
    open_from_home(page, "Check and send feedback for Tom Reilly")
    expect(page.get_by_text("SR-004190")).to_be_visible()
    press(page, "Send to all four", "is sent to Rosa Quill")


@pytest.mark.proves("CF-23")
def test_the_own_team_leader_does_not_agree_and_the_sender_reads_why(page, world):
    form = world.asked()
    sit_down(page, world.leader)
    open_from_home(page, "Agree to feedback for Tom Reilly")
    press_with_reason(page, "Do not agree", "Nobody could have known of the call", "is ended")
    sit_down(page, world.sender)
    page.goto(form.get_absolute_url())

    expect(page.get_by_text("Nobody could have known of the call")).to_be_visible()
    assert Message.objects.filter(mailbox__code="feedback").count() == 0


@pytest.mark.parametrize(
    ("state", "who", "path", "button"),
    [
        ("asked", "leader", "agree", "Do not agree"),
        ("submitted", "leader", "check", "Return for correction"),
        ("with_senior", "senior", "confirm", "Confirm and send"),
    ],
)
def test_page_that_decides(page, world, state, who, path, button):
    """Nobody manages the area, and a name is long; as it is opened, and as it was refused."""
    form = getattr(world, state)()
    world.area_manager.memberships.all().delete()
    world.person.name = "Wilhelmina-Alexandrina " * 2 + "Rhydderch-Vaughan"
    world.person.save()
    sit_down(page, getattr(world, who))
    page.goto(f"{form.get_absolute_url()}{path}/")

    check(page)
    if path != "confirm":
        page.locator("summary", has_text=button).click()
    page.get_by_role("button", name=button).click()
    page.locator(".govuk-error-summary").wait_for()
    check(page)
