"""From Contact Us to the email that a real mail server receives, with a real worker, with scripts and without."""

from playwright.sync_api import Page, expect

from contacthub.mail.models import Message
from jobmatch_helpdesk.models import Incident, Reply
from tests.browser.conftest import answer_contact_us, keyboard, sign_in
from tests.processes import environment, running, wait_until


def write_in(page: Page) -> str:
    answer_contact_us(page, "Siân O’Neill-ap Rhys", "The page goes white when I press apply.\n\nI tried twice.")
    page.get_by_role("button", name="Send").click()
    reference = Incident.objects.get().reference
    expect(page.get_by_role("heading", name="We have your message")).to_be_visible()
    expect(page.get_by_text(reference)).to_be_visible()
    return reference


def answer(page: Page, agent, reference: str) -> None:
    sign_in(page, agent)
    expect(page.get_by_role("link", name=reference)).to_be_visible()
    page.get_by_role("button", name="Next for me").click()
    expect(page.get_by_text("Next in order: oldest in band Standard").first).to_be_visible()
    page.get_by_role("textbox", name="Reply to sian@example.org").fill(
        "Use another browser.\n\nWe have reported the fault."
    )
    page.get_by_role("button", name="Preview and send").click()
    expect(page.get_by_text("Dear Siân O’Neill-ap Rhys")).to_be_visible()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text(f"{reference} is answered")).to_be_visible()


def check_received(smtp, reference: str) -> None:
    wait_until(lambda: not Message.objects.exclude(state="accepted").exists())
    acknowledgement, received = sorted(smtp.received, key=lambda mail: "answer" in mail.mail["Subject"])
    assert "has your message" in acknowledgement.mail["Subject"]
    assert received.recipients == ["sian@example.org"]
    assert reference in received.mail["Subject"]
    assert "Use another browser." in received.text


def test_from_contact_us_to_the_mail_that_arrives(page, agent, smtp):
    reference = write_in(page)
    with running("worker", environment(smtp_port=smtp.port)):
        answer(page, agent, reference)
        check_received(smtp, reference)

    page.reload()

    conversation = page.get_by_role("region", name="Conversation")
    expect(conversation.get_by_text("accepted by their mail server")).to_be_visible()
    emails = page.get_by_role("region", name="Emails").get_by_role("listitem")
    expect(emails.filter(has_text="accepted by their mail server")).to_have_count(2)


def test_the_same_without_scripts(page_without_scripts, agent, smtp):
    reference = write_in(page_without_scripts)
    with running("worker", environment(smtp_port=smtp.port)):
        answer(page_without_scripts, agent, reference)
        check_received(smtp, reference)


def test_ctrl_enter_previews_and_sends_and_takes_the_next(page, agent, smtp):
    write_in(page)
    sign_in(page, agent)
    page.get_by_role("button", name="Next for me").click()

    page.get_by_role("textbox", name="Reply to").fill("Use another browser.")
    keyboard(page).press("Control+Enter")
    expect(page.get_by_role("heading", name="Check and send")).to_be_visible()
    keyboard(page).press("Control+Enter")

    expect(page.get_by_text("Nothing is waiting for you")).to_be_visible()
    assert Reply.objects.count() == 1


def test_alt_gr_and_a_key_held_down_only_type(page, agent, smtp):
    write_in(page)
    sign_in(page, agent)
    page.get_by_role("button", name="Next for me").click()
    box = page.get_by_role("textbox", name="Reply to")
    box.fill("Use another browser.")

    box.press("Control+Alt+Enter")
    page.evaluate(
        """() => document.querySelector('textarea').dispatchEvent(
            new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, repeat: true, bubbles: true }))"""
    )

    expect(page.get_by_role("button", name="Preview and send")).to_be_visible()


def test_signing_out_leads_to_the_sign_in_page(page, agent, smtp):
    sign_in(page, agent)

    page.locator(".app-menu summary").click()
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    page.goto("/jobmatch/")
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
