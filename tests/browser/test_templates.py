"""Reply templates in the editor: with scripts choosing one puts it in, without them a button does."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from contacthub.actor import PUBLIC
from contacthub.clock import now
from contacthub.people.models import StaffMember
from contacthub.submissions.models import Draft
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident, Reply, ReplyTemplate
from tests.browser.conftest import PASSWORD, keyboard, sign_in
from tests.factories import ReplyTemplateFactory, told

LINK = "The link works once, [name]."
CV = "Save the CV as a PDF."


@pytest.fixture(autouse=True)
def templates(reference) -> None:
    ReplyTemplateFactory(title="Link expired", topic="sign_in", english=LINK, welsh="Mae’r ddolen.")
    ReplyTemplateFactory(title="CV too large", topic="application", english=CV, welsh="")


def open_reply(page: Page, agent, **given) -> Incident:
    services.submit(told(**given), by=PUBLIC, at=now())
    incident = services.take_next(by=agent, at=now())
    assert incident
    page.goto(incident.get_absolute_url())
    return incident


def box(page: Page):
    return page.get_by_role("textbox", name="Reply to")


def templates_of(page: Page):
    return page.get_by_label("Reply template")


def said(page: Page):
    return page.locator("#template-said")


def wait_for_draft(page: Page) -> None:
    """Wait until nothing is on its way to the server any more: the next test empties the tables."""
    expect(page.locator("[data-draft]")).to_contain_text("Draft kept at ")


def put_caret_after(page: Page, words: str) -> None:
    box(page).evaluate(
        "(box, words) => box.setSelectionRange(...Array(2).fill(box.value.indexOf(words) + words.length))", words
    )


def test_choosing_one_puts_it_in_at_the_caret_at_once(page, agent, ana):
    sign_in(page, agent)
    open_reply(page, ana)
    expect(page.get_by_role("button", name="Insert")).to_have_count(0)
    box(page).fill("Before.\n\nAfter.")
    put_caret_after(page, "Before.")
    box(page).press("Shift")

    templates_of(page).select_option("CV too large")

    expect(box(page)).to_have_value(f"Before.\n\n{CV}\n\nAfter.")
    expect(said(page)).to_have_text("Inserted. Check it before you send")
    wait_for_draft(page)
    assert Draft.objects.get().words == {"text": f"Before.\n\n{CV}\n\nAfter."}


def test_an_item_costs_three_presses_with_a_template(page, agent, ana):
    sign_in(page, agent)
    incident = open_reply(page, ana)

    templates_of(page).select_option("Link expired")
    expect(box(page)).to_have_value("The link works once, Dafydd Llywelyn.")
    keyboard(page).press("Control+Enter")
    expect(page.get_by_text("The link works once, Dafydd Llywelyn.")).to_be_visible()
    keyboard(page).press("Control+Enter")

    expect(page.get_by_text(f"{incident.reference} is answered")).to_be_visible()


def test_going_through_the_list_leaves_one_behind_and_none_takes_it_out(page, agent, ana):
    sign_in(page, agent)
    open_reply(page, ana)
    box(page).fill("Typed.")
    templates_of(page).select_option("Link expired")
    expect(box(page)).to_have_value("Typed.\n\nThe link works once, Dafydd Llywelyn.")

    templates_of(page).select_option("CV too large")
    expect(box(page)).to_have_value(f"Typed.\n\n{CV}")
    templates_of(page).select_option("")

    expect(box(page)).to_have_value("Typed.")
    wait_for_draft(page)


def test_what_is_typed_afterwards_makes_the_next_one_come_besides(page, agent, ana):
    sign_in(page, agent)
    open_reply(page, ana)
    templates_of(page).select_option("CV too large")
    expect(box(page)).to_have_value(CV)
    box(page).press("Control+End")
    box(page).press_sequentially(" Then go on.")

    templates_of(page).select_option("CV too large")

    expect(box(page)).to_have_value(f"{CV} Then go on.\n\n{CV}")
    wait_for_draft(page)


def test_what_is_missing_is_marked_and_said(page, agent, ana):
    sign_in(page, agent)
    open_reply(page, ana, customer_name="")

    templates_of(page).select_option("Link expired")

    expect(box(page)).to_have_value("The link works once, [name].")
    expect(said(page)).to_have_text("Inserted. Fill in [name]: the incident does not have it")
    page.get_by_role("button", name="Preview and send").click()
    expect(page.get_by_role("alert")).to_contain_text("Fill in or remove [name]")


@pytest.mark.proves("UJ-38")
def test_for_a_welsh_customer_what_has_no_welsh_cannot_be_chosen(page, agent, ana):
    sign_in(page, agent)
    open_reply(page, ana, language="cy")

    expect(page.locator("option", has_text="CV too large")).to_be_disabled()
    templates_of(page).select_option("Link expired")

    expect(box(page)).to_have_value("Mae’r ddolen.")
    wait_for_draft(page)


def test_one_that_is_gone_meanwhile_is_said_and_nothing_typed_is_touched(page, agent, ana, watch):
    watch.expected = {422}
    sign_in(page, agent)
    open_reply(page, ana)
    box(page).fill("Typed.")
    ReplyTemplate.objects.update(offered=False)

    templates_of(page).select_option("CV too large")

    expect(said(page)).to_contain_text("Not inserted: This reply template is no longer there")
    expect(box(page)).to_have_value("Typed.")
    wait_for_draft(page)


def test_without_a_connection_it_says_so(page, context, agent, ana):
    sign_in(page, agent)
    open_reply(page, ana)
    context.set_offline(True)

    templates_of(page).select_option("CV too large")

    expect(said(page)).to_contain_text("Not inserted: there is no connection")
    expect(box(page)).to_have_value("")


def send(page: Page) -> Reply:
    page.get_by_role("button", name="Preview and send").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("is answered")).to_be_visible()
    return Reply.objects.get()


def test_a_reply_keeps_the_first_template_that_was_put_in(page, agent, ana):
    sign_in(page, agent)
    open_reply(page, ana)
    templates_of(page).select_option("Link expired")
    expect(box(page)).not_to_have_value("")
    templates_of(page).select_option("CV too large")
    expect(box(page)).to_have_value(CV)
    box(page).press("End")
    box(page).press_sequentially(" Thank you.")
    templates_of(page).select_option("Link expired")
    expect(said(page)).to_have_text("Inserted. Check it before you send")

    assert str(send(page).template) == "CV too large"


def test_a_reply_that_was_begun_anew_keeps_no_template(page, agent, ana):
    sign_in(page, agent)
    open_reply(page, ana)
    templates_of(page).select_option("CV too large")
    expect(box(page)).to_have_value(CV)
    box(page).press("Control+a")
    box(page).press("Delete")
    box(page).press_sequentially("My own words.")

    assert send(page).template is None


def test_without_scripts_the_button_puts_it_under_what_was_typed(page_without_scripts, agent, ana):
    page = page_without_scripts
    sign_in(page, agent)
    incident = open_reply(page, ana)
    box(page).fill("Typed.")
    templates_of(page).select_option("Link expired")

    page.get_by_role("button", name="Insert").click()

    expect(box(page)).to_have_value("Typed.\n\nThe link works once, Dafydd Llywelyn.")
    expect(box(page)).to_be_focused()
    page.get_by_role("button", name="Preview and send").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text(f"{incident.reference} is answered")).to_be_visible()
    assert str(Reply.objects.get().template) == "Link expired"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_lead_writes_one_and_changes_it(page, page_without_scripts, lead, scripts):
    page = page if scripts else page_without_scripts
    staff = StaffMember.objects.get(pk=lead.staff_id)
    staff.set_password(PASSWORD)
    staff.save()
    sign_in(page, staff)
    page.get_by_role("link", name="Reply templates").click()
    page.get_by_role("button", name="New template").click()
    page.get_by_label("Title").fill("Site is closed")
    page.get_by_label("English").fill("It opens again at [tiem].")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("[tiem] is no placeholder. Use [name], [reference] or [agent]")

    page.get_by_label("English").fill("It opens again at 6am.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("“Site is closed” is saved")).to_be_visible()
    page.get_by_role("link", name="Site is closed").click()
    page.get_by_label("Welsh").fill("Bydd yn ailagor am 6am.")
    page.get_by_role("button", name="Save").click()

    page.get_by_role("link", name="Site is closed").click()
    expect(page.get_by_text("Welsh, after: Bydd yn ailagor am 6am.")).to_be_visible()
