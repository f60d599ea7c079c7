"""The public form in a browser: the Enter key, the box that opens, the other language, Back."""

from playwright.sync_api import expect

from jobmatch_helpdesk.models import Incident
from tests.browser.conftest import answer_contact_us, go_on


def test_enter_goes_on_and_does_not_change_the_language(page, reference):
    page.goto("/contact-us/who/")
    page.get_by_label("Looking for a job").check()

    page.get_by_label("Your name").press("Enter")

    expect(page.get_by_role("heading", name="How can we reply to you?")).to_be_visible()


def test_the_number_is_asked_where_there_is_no_address(page, reference):
    page.goto("/contact-us/reply/")
    expect(page.get_by_label("Telephone number")).to_be_hidden()

    page.get_by_label("I do not have an email address").check()

    expect(page.get_by_label("Telephone number")).to_be_visible()


def test_without_scripts_the_number_is_there_at_once(page_without_scripts, reference):
    page_without_scripts.goto("/contact-us/reply/")

    expect(page_without_scripts.get_by_label("Telephone number")).to_be_visible()


def test_the_other_language_keeps_what_is_typed(page, reference):
    page.goto("/contact-us/happened/")
    page.get_by_label("What happened").fill("Half a sent")

    page.get_by_role("button", name="Cymraeg").click()

    expect(page.get_by_label("Beth ddigwyddodd")).to_have_value("Half a sent")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_label("What happened")).to_have_value("Half a sent")


def test_back_after_sending_and_sending_again_makes_one_incident(page, reference):
    answer_contact_us(page, "Siân Rhys", "The page goes white")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="We have your message")).to_be_visible()

    page.go_back()
    if page.get_by_role("button", name="Send", exact=True).count():  # the browser kept the page
        page.get_by_role("button", name="Send", exact=True).click()
    else:
        expect(page.get_by_role("button", name="Start")).to_be_visible()

    assert Incident.objects.count() == 1


def test_loading_again_keeps_what_was_given_before(page, reference):
    page.goto("/contact-us/who/")
    page.get_by_label("An employer").check()
    go_on(page)
    expect(page.get_by_role("heading", name="How can we reply to you?")).to_be_visible()
    page.go_back()
    page.reload()

    expect(page.get_by_label("An employer")).to_be_checked()
