"""Journeys of an employer payments caseworker with somebody on the line."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from contacthub.actor import Actor
from employer_contact import services
from employer_contact.models import Contact, Employer
from tests.browser.conftest import enter_as, keyboard
from tests.browser.test_accessibility import check
from tests.employer_contact.calling import caseworker, failed, fresh, passed, with_reason
from tests.factories import MORNING, AgentLinkFactory, EmployerFactory, PayrollAgentFactory


@pytest.fixture
def owen(reference: None) -> Actor:
    return caseworker()


@pytest.fixture
def skerrow(reference: None) -> Employer:
    return EmployerFactory(whole=True, ern="900000006", name="Skerrow Foods Ltd")


def pop(page: Page, ivr: str, call: str = "call-1") -> None:
    """Let telephony open the call, and start it."""
    page.goto(f"/employers/calls/new/?ivr={ivr}&call={call}")


def start(page: Page) -> None:
    page.get_by_role("button", name="Start").click()


def answer(page: Page, keys: str) -> None:
    """Press a key for each question, and go on."""
    page.get_by_role("heading", name="Security questions").wait_for()
    page.wait_for_load_state("load")
    for key in keys:
        keyboard(page).press(key)
    page.get_by_role("button", name="Save and go on").click()


@pytest.mark.proves("EC-16", "EC-23", "EC-26", "EC-27")
def test_an_employer_who_keyed_the_ern_is_on_screen_at_once_and_leaves_with_nothing_to_write_up(page, owen, skerrow):
    enter_as(page, owen)
    pop(page, "900000006")
    expect(page.get_by_text("Skerrow Foods Ltd")).to_be_visible()
    start(page)
    answer(page, "111")
    expect(page.get_by_label("Why are they calling?")).to_be_focused()
    keyboard(page).type("audit")
    expect(page.get_by_text("1 of 11 reasons")).to_be_visible()
    keyboard(page).press("Enter")
    page.get_by_role("heading", name="Service request", exact=True).wait_for()
    page.wait_for_load_state("load")
    keyboard(page).press("Control+Enter")
    page.get_by_role("heading", name="Wrap up").wait_for()
    page.get_by_label("Notes").press_sequentially("Wants a statement for the auditors")
    expect(page.get_by_text("Kept at")).to_be_visible()
    keyboard(page).press("Control+Enter")

    expect(page.get_by_role("alert")).to_contain_text("is finished")
    contact = Contact.objects.get()
    assert (contact.state, contact.found_by, contact.notes) == (
        "wrapped_up", "keyed", "Wants a statement for the auditors",
    )  # fmt: skip


@pytest.mark.proves("EC-24", "EC-25")
def test_a_trn_shows_nobody_and_the_caseworker_selects_the_employer(page, owen, skerrow):
    enter_as(page, owen)
    pop(page, "4471902")
    expect(page.get_by_text("No employer matches the number the caller entered")).to_be_visible()
    start(page)
    expect(page.get_by_text("No employer matches the number the caller entered")).to_be_visible()
    expect(page.get_by_label("Name, ERN, EARN")).to_be_focused()
    keyboard(page).type("skerrow")
    keyboard(page).press("Enter")
    expect(page.get_by_text("Taken for a name: 1 found")).to_be_visible()
    expect(page.get_by_role("button", name="Choose Skerrow Foods Ltd")).to_be_focused()
    keyboard(page).press("1")

    page.get_by_role("heading", name="Security questions").wait_for()
    assert Contact.objects.get().found_by == "nobodys_number"


@pytest.mark.proves("EC-14")
def test_a_failed_check_closes_the_account_and_offers_only_a_letter(page, owen, skerrow):
    enter_as(page, owen)
    pop(page, "900000006")
    start(page)
    answer(page, "122")
    page.get_by_text("a substitute").first.wait_for()
    answer(page, "33")

    page.get_by_role("heading", name="The check did not pass").wait_for()
    for held in ("payroll@brindlewick.example", "01632 960129", "Orla Pettigrew", "Old Maltings"):
        expect(page.get_by_text(held)).to_have_count(0)
    page.goto(f"{Contact.objects.get().get_absolute_url()}reason/")
    page.get_by_role("heading", name="The check did not pass").wait_for()
    page.get_by_label("Send a letter to the address held").check()
    page.get_by_role("button", name="Save and finish").click()
    expect(page.get_by_role("alert")).to_contain_text("is finished")
    assert [str(one) for one in Contact.objects.get().case.follow_ups.all()] == [
        "Letter to send: Skerrow Foods Ltd, ERN 900000006: to the address held, to ask them to contact us again"
    ]


@pytest.mark.proves("EC-08", "EC-67")
def test_an_agent_who_asks_for_what_only_the_employer_may_is_told_so_and_the_contact_says_what_was_asked(
    page, owen, skerrow
):
    agent = PayrollAgentFactory(
        earn="EA9000014", name="Pelham Payroll LLP", address1="3 Corn Street", postcode="ZZ99 1AA",
        telephone="+442079460391", email="desk@pelham.example",
    )  # fmt: skip
    AgentLinkFactory(agent=agent, employer=skerrow)
    enter_as(page, owen)
    page.goto("/employers/calls/new/")
    start(page)
    page.get_by_label("Name, ERN, EARN").fill("EA 9000014")
    keyboard(page).press("Enter")
    page.get_by_role("button", name="Choose Pelham Payroll LLP").click()
    answer(page, "111")
    row = page.locator("p", has_text="Self service problem")
    expect(row).to_contain_text("Only the employer can ask for this. Ask the agent to have the employer contact us")
    row.get_by_role("button", name="They asked for this").click()
    page.get_by_role("heading", name="Wrap up").wait_for()
    expect(page.get_by_text("Only the employer can ask for this")).to_be_visible()
    expect(page.get_by_label("Asked for something only the employer may ask")).to_be_checked()
    page.get_by_role("button", name="Finish, next call").click()
    expect(page.get_by_role("alert")).to_contain_text("is finished")

    contact = fresh(Contact.objects.get())
    assert (contact.refused_reason.code, contact.ending) == ("self_service", "employer_must_ask")
    assert not contact.reasons.exists()


def test_notes_are_kept_as_they_are_typed_and_stand_on_every_step(page, owen, skerrow):
    enter_as(page, owen)
    pop(page, "900000006")
    start(page)
    page.get_by_label("Notes").press_sequentially("Marged, payroll")
    expect(page.get_by_text("Kept at")).to_be_visible()
    page.get_by_role("link", name="Who").click()

    expect(page.get_by_label("Notes")).to_have_value("Marged, payroll")


def test_words_typed_without_a_connection_are_kept_once_there_is_one(page, context, owen, skerrow):
    enter_as(page, owen)
    pop(page, "900000006")
    start(page)
    page.get_by_role("heading", name="Security questions").wait_for()
    context.set_offline(True)

    page.get_by_label("Notes").fill("Marged, payroll: y ddyled")

    expect(page.get_by_text("Not kept yet")).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_text("Kept at")).to_be_visible(timeout=15_000)
    assert Contact.objects.get().notes == "Marged, payroll: y ddyled"


def test_a_press_of_which_the_answer_is_lost_is_pressed_again_and_opens_one_contact(page, owen, skerrow):
    def lose_the_answer(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort("aborted")  # the page stays

    enter_as(page, owen)
    pop(page, "900000006")
    page.route("**/employers/calls/new/", lose_the_answer)
    start(page)
    page.wait_for_timeout(1500)  # a button is pressed once a second
    page.unroute("**/employers/calls/new/")
    assert Contact.objects.count() == 1

    start(page)

    page.get_by_role("heading", name="Security questions").wait_for()
    assert Contact.objects.count() == 1


@pytest.fixture
def two_pages(page, context, owen, skerrow, watch) -> tuple[Page, Page]:
    """Return two pages of one call: the first has kept notes since the second was opened."""
    enter_as(page, owen)
    pop(page, "900000006")
    start(page)
    page.get_by_role("heading", name="Security questions").wait_for()
    second = watch.over(context.new_page())
    second.goto(page.url)
    page.get_by_label("Caller’s name").fill("Marged Pugh")
    page.get_by_label("Notes").fill("Pays on Fridays")
    expect(page.get_by_text("Kept at")).to_be_visible()
    return page, second


@pytest.mark.proves("CM-14")
def test_notes_that_another_page_kept_meanwhile_come_into_the_boxes_before_what_is_typed(two_pages):
    _, second = two_pages
    second.get_by_label("Notes").press_sequentially("Wants a statement")
    expect(second.get_by_text("Another page kept notes too: both are here")).to_be_visible()

    keyboard(second).type(" for May")
    expect(second.locator("[data-draft]")).not_to_contain_text("Another page")
    expect(second.get_by_label("Caller’s name")).to_have_value("Marged Pugh")
    expect(second.get_by_label("Notes")).to_have_value("Pays on Fridays\n\nWants a statement for May")
    contact = Contact.objects.get()
    assert (contact.caller_name, contact.notes) == ("Marged Pugh", "Pays on Fridays\n\nWants a statement for May")


@pytest.mark.proves("CM-14")
def test_what_is_typed_while_notes_are_kept_stays_after_those_of_another_page(two_pages):
    _, second = two_pages
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    second.route("**/keep-notes/", hold, times=1)
    with second.expect_request("**/keep-notes/"):
        second.get_by_label("Notes").press_sequentially("Wants a statement")
    keyboard(second).type(" for May")
    held[0].continue_()

    expect(second.get_by_label("Notes")).to_have_value("Pays on Fridays\n\nWants a statement for May")
    keyboard(second).type(", by post")
    expect(second.locator("[data-draft]")).not_to_contain_text("Another page")
    expect(second.locator("[data-draft]")).to_contain_text("Kept at")
    assert Contact.objects.get().notes == "Pays on Fridays\n\nWants a statement for May, by post"


@pytest.mark.proves("CM-14")
def test_of_two_names_the_one_kept_stays_and_the_other_is_in_the_notes(two_pages):
    _, second = two_pages
    second.get_by_label("Caller’s name").press_sequentially("Emlyn")

    expect(second.get_by_text("Another page kept notes too: both are here")).to_be_visible()
    expect(second.get_by_label("Caller’s name")).to_have_value("Marged Pugh")
    expect(second.get_by_label("Notes")).to_have_value("Pays on Fridays\n\nCaller’s name: Emlyn")


def test_a_call_is_taken_without_scripts(page_without_scripts, owen, skerrow):
    page = page_without_scripts
    enter_as(page, owen)
    pop(page, "900000006")
    start(page)
    for question in page.locator(".app-check").all():
        question.get_by_label("Correct", exact=False).first.check()
    page.get_by_label("Notes").fill("Wants a statement")
    expect(page.get_by_text("Ctrl Enter")).to_be_hidden()
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("Why are they calling?").fill("audit")
    keyboard(page).press("Enter")
    page.get_by_role("link", name="No service request needed").click()
    page.get_by_label("No service request needed, because").fill("Found on screen")
    page.get_by_role("button", name="Finish, next call").click()

    expect(page.get_by_role("alert")).to_contain_text("is finished")
    assert Contact.objects.get().notes == "Wants a statement"


@pytest.mark.proves("EC-43", "CM-14")
def test_input_deo_schedule_is_done_without_scripts_and_keeps_the_notes(page_without_scripts, owen, skerrow):
    page = page_without_scripts
    contact = with_reason("input_schedule", skerrow, by=owen)
    enter_as(page, owen)
    page.goto(f"{contact.get_absolute_url()}schedule-input/")
    page.get_by_label("Notes").fill("Read out the amounts")
    page.get_by_label("What was done or said").fill("On paper")
    page.get_by_role("button", name="Record and complete").click()
    page.get_by_text("1 of 5 done").wait_for()
    page.get_by_label("Notes").fill("Read out the amounts and the day")
    page.get_by_text("Not needed").first.click()
    page.get_by_label("Why it is not needed").fill("No change")
    page.get_by_role("button", name="Not needed").click()
    page.get_by_text("2 of 5 done").wait_for()

    assert fresh(contact).notes == "Read out the amounts and the day"


def test_control_enter_completes_no_activity_where_why_it_is_not_needed_is_typed(page, owen, skerrow):
    contact = with_reason("input_schedule", skerrow, by=owen)
    enter_as(page, owen)
    page.goto(f"{contact.get_absolute_url()}schedule-input/")
    page.get_by_label("What was done or said").fill("On paper")
    page.get_by_text("Not needed").first.click()
    page.get_by_label("Why it is not needed").fill("No change")
    keyboard(page).press("Control+Enter")
    expect(page.get_by_text("0 of 5 done")).to_be_visible()

    page.get_by_label("What was done or said").press("Control+Enter")
    expect(page.get_by_text("1 of 5 done")).to_be_visible()


def test_every_step_is_clean_at_the_widths_of_a_desk_and_of_400_per_cent(page, owen, skerrow):
    agent = PayrollAgentFactory(address1="3 Corn Street", postcode="ZZ99 1AA", telephone="+442079460391")
    enter_as(page, owen)
    page.goto("/employers/calls/new/")
    check(page)
    pop(page, "4471902")
    check(page)
    start(page)
    page.get_by_label("Name, ERN, EARN").fill("skerrow")
    keyboard(page).press("Enter")
    page.get_by_text("Taken for a name").wait_for()
    check(page)
    page.get_by_role("button", name="Choose Skerrow Foods Ltd").click()
    page.get_by_role("heading", name="Security questions").wait_for()
    check(page)
    page.get_by_role("button", name="They cannot answer").click()
    page.get_by_role("heading", name="did not pass").wait_for()
    check(page)
    pop(page, "", "call-2")
    contact = passed(agent, by=owen)
    page.goto(f"{contact.get_absolute_url()}reason/")
    check(page)
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("There is a problem").wait_for()
    check(page)
    page.goto(f"{contact.get_absolute_url()}wrap-up/")
    check(page)
    page.goto("/employers/contacts/")
    check(page)
    page.goto(failed_and_finished(owen).get_absolute_url())
    check(page)


def failed_and_finished(owen: Actor) -> Contact:
    contact = failed(by=owen)
    return services.finish(contact_id=contact.pk, offer="letter", by=owen, at=MORNING)
