"""The handling strategy from each door to its end: who has no email is rung, and a risk to a colleague goes first.

People sit down at one browser one after another; a real worker mails to a real server.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from contacthub.actor import Actor
from contacthub.callbacks.models import Attempt, Callback
from contacthub.clock import now
from contacthub.mail.models import Mailbox
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from jobmatch_helpdesk.models import Incident
from tests.browser.conftest import answer_contact_us, enter_as
from tests.contacthub.callbacks.situations import asked_for, assessor, team_leader
from tests.jobmatch_helpdesk.situations import (
    DWP_USER,
    JD_INBOX,
    TELFORD_INBOX,
    colleague,
    set_up_inboxes,
    submitted,
)
from tests.processes import environment, running, wait_until
from tests.smtp import CatchingServer, Received

NAME, NUMBER = "Gwenllïan Pugh-Bebb", "01632 960983"
ANNOTATION = f"Telephone call required: call {NAME} on {NUMBER}"
WORDS = "Choose a new password, on the page for passwords."
RISK = "He waits outside and shouts that he knows her car"


@pytest.fixture(scope="module")
def mail_server(django_db_setup: None) -> Iterator[CatchingServer]:
    """The worker runs as long as the tests of this file do: nothing is on its way when one of them ends."""
    with CatchingServer() as server, running("worker", environment(smtp_port=server.port)):
        yield server


@pytest.fixture
def inbox(mail_server: CatchingServer, reference: None) -> list[Received]:
    set_up_inboxes()
    Mailbox.objects.filter(code="notices").update(address="notices@contacthub.example")
    mail_server.received.clear()
    return mail_server.received


@pytest.fixture
def adviser(inbox: list[Received]) -> Actor:
    return colleague(Role.JOBCENTRE_ADVISER, "porth-wen", name="Carys Morgan", email="carys@jobcentre.example")


def start_without_email(page: Page) -> None:
    """Fill in the staff form for a customer who must be rung, as every source asks it."""
    page.goto("/jobmatch/new/")
    page.get_by_label("Customer’s name").fill(NAME)
    page.get_by_label("The customer does not have an email address").check()
    page.get_by_role("textbox", name="Telephone number").fill(NUMBER)
    page.get_by_label("Telephone call required").check()
    page.get_by_label("Topic").select_option("sign_in")
    page.get_by_label("What happened").fill("Her password is refused")


def for_a_jobseeker_of_a_jobcentre(page: Page) -> None:
    page.get_by_label("A jobseeker").check()
    page.get_by_label("DWP user’s email").fill(DWP_USER)


def raise_it(page: Page, said: str) -> Incident:
    """Raise it, and read the route and who rings in what the page says."""
    page.get_by_role("button", name="Raise it", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(said)
    expect(annotation(page)).to_be_visible()
    return Incident.objects.latest("pk")


def annotation(page: Page) -> Locator:
    return page.locator(".app-notice", has_text=ANNOTATION)


def answer_next(page: Page, to: str) -> None:
    """Take the next one as an agent, and reply where its row says."""
    page.get_by_role("button", name="Next for me").click()
    expect(annotation(page)).to_be_visible()
    page.get_by_role("textbox", name=f"Reply to {to}").fill(WORDS)
    page.get_by_role("button", name="Preview and send").click()
    expect(page.get_by_text(ANNOTATION)).to_be_visible()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("is answered")).to_be_visible()


def check_arrived(inbox: list[Received], incident: Incident, to: str) -> None:
    """See that the address has the reply, and reads first whom to ring on which number."""
    subject = f"{incident.reference}: answer for {NAME}"
    wait_until(lambda: any(subject in one.mail["Subject"] for one in [*inbox]))
    (received,) = (one for one in inbox if subject in one.mail["Subject"])
    assert received.recipients == [to]
    assert received.text.startswith(ANNOTATION)
    assert WORDS in received.text


def ring(page: Page, incident: Incident) -> None:
    """Read out the reply on the telephone and save: that resolves the incident."""
    expect(page.get_by_role("region", name="Say this")).to_contain_text(WORDS)
    expect(page.get_by_role("link", name=NUMBER)).to_have_attribute("href", "tel:+441632960983")
    page.get_by_label("Spoke").check()
    page.get_by_label("Notes").fill("She has a new password now")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Spoke to them: the call is done")).to_be_visible()
    assert Incident.objects.get(pk=incident.pk).state == "resolved"


def allocate(page: Page, reference: str) -> Actor:
    """Give the call, as the Quality Assessment Team does, to a member of staff."""
    kofi = colleague(Role.JD_AGENT, "jd", name="Kofi Mensah")
    enter_as(page, assessor())
    page.get_by_role("link", name="All of ").click()
    page.get_by_label("Who calls").select_option(label="Kofi Mensah, no calls")
    page.get_by_role("button", name="Allocate").click()
    expect(page.get_by_text(f"{reference} is with Kofi Mensah")).to_be_visible()
    return kofi


@pytest.mark.proves("UJ-16", "UJ-18", "UJ-19", "UJ-34")
def test_ed_without_email_the_team_leader_of_the_site_rings(page, ana, inbox):
    enter_as(page, colleague(Role.ED_AGENT, "ed-telford", name="Sam Okoro"))
    start_without_email(page)
    incident = raise_it(page, f"The reply goes to {TELFORD_INBOX} (R09)")

    enter_as(page, ana)
    answer_next(page, TELFORD_INBOX)
    check_arrived(inbox, incident, TELFORD_INBOX)

    enter_as(page, team_leader())
    page.get_by_role("button", name="Take the next call").click()
    ring(page, incident)


@pytest.mark.proves("UJ-13", "UJ-17", "UJ-18", "UJ-19", "UJ-34")
def test_jd_without_email_the_assessor_allocates_and_a_member_of_staff_rings(page, ana, inbox):
    enter_as(page, colleague(Role.JD_AGENT, "jd", name="Sam Okoro"))
    start_without_email(page)
    incident = raise_it(page, f"The reply goes to {JD_INBOX} (R07)")

    enter_as(page, ana)
    answer_next(page, JD_INBOX)
    check_arrived(inbox, incident, JD_INBOX)

    reference = Callback.objects.get().reference
    enter_as(page, allocate(page, reference))
    page.get_by_role("link", name=f"{reference} {NAME}").click()
    ring(page, incident)


@pytest.mark.proves("UJ-20", "UJ-21", "UJ-22", "UJ-23", "UJ-24", "UJ-34")
def test_jobcentre_without_email_any_of_its_staff_rings(page, ana, inbox, adviser):
    enter_as(page, adviser)
    start_without_email(page)
    for_a_jobseeker_of_a_jobcentre(page)
    incident = raise_it(page, f"The reply goes to {DWP_USER} (R04)")

    enter_as(page, ana)
    answer_next(page, DWP_USER)
    check_arrived(inbox, incident, DWP_USER)

    enter_as(page, colleague(Role.JOBCENTRE_ADVISER, "porth-wen", name="Rhian Evans"))
    page.get_by_role("button", name="Take the next call").click()
    ring(page, incident)


# Who is not signed in ------------------------------------------------------------------------------------------------


def by_telephone(page: Page) -> None:
    without_a_number(page)
    page.get_by_role("textbox", name="Telephone number").fill(NUMBER)


def without_a_number(page: Page) -> None:
    page.get_by_label("I do not have an email address").check()


def write_in(page: Page, how_to_reply: Any, told: str) -> Incident:
    answer_contact_us(page, NAME, "Her password is refused", how_to_reply)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="We have your message")).to_be_visible()
    expect(page.get_by_text(told).first).to_be_visible()
    return Incident.objects.get()


@pytest.mark.proves("UJ-03", "UJ-09", "UJ-34")
def test_anonymous_with_a_number_is_rung_and_nobody_is_mailed(page, ana, inbox):
    incident = write_in(page, by_telephone, "Somebody from Jobseeker Direct then rings you on")

    enter_as(page, ana)
    page.get_by_role("button", name="Next for me").click()
    page.get_by_role("textbox", name="What the caller should say").fill(WORDS)
    page.get_by_role("button", name="Ask for the call").click()
    expect(page.get_by_role("heading", name="What the caller reads out")).to_be_visible()
    page.get_by_role("button", name="Ask for the call", exact=True).click()
    expect(page.get_by_role("heading", name="Waiting for the call")).to_be_visible()

    reference = Callback.objects.get().reference
    enter_as(page, allocate(page, reference))
    page.get_by_role("link", name=f"{reference} {NAME}").click()
    ring(page, incident)
    assert inbox == []


@pytest.mark.proves("UJ-09", "UJ-32")
def test_anonymous_without_a_number_ends_as_no_reply_route(page, ana, inbox):
    incident = write_in(page, without_a_number, "Nobody can reply to you")

    enter_as(page, ana)
    page.get_by_role("button", name="Next for me").click()
    expect(page.get_by_role("heading", name="There is nobody to reply to")).to_be_visible()
    page.locator("summary", has_text="Record that there is no reply route").click()
    page.get_by_role("button", name="Record that there is no reply route").click()

    expect(page.get_by_text("No reply route", exact=True).first).to_be_visible()
    assert Incident.objects.get(pk=incident.pk).state == "no_reply_route"
    assert inbox == []


# A risk to a colleague -----------------------------------------------------------------------------------------------


@pytest.fixture
def older(inbox: list[Received], adviser: Actor) -> Incident:
    """What a Jobcentre raised before, and would be next."""
    return submitted("R02", by=adviser, at=now() - timedelta(hours=5))


def mark_the_risk(page: Page, whose: str) -> None:
    page.get_by_label(f"There is a risk to {whose} health and safety").check()
    page.get_by_label("Why there is a risk").fill(RISK)


def check_unmistakable(page: Page, lead: Actor, incident: Incident, inbox: list[Received]) -> None:
    """See the alarm on the page, and that the lead has it at once, in sight and by mail."""
    expect(page.locator(".app-notice--alarm")).to_contain_text("Nobody has acted yet")
    enter_as(page, lead)
    alarm = page.get_by_role("region", name="Immediate: a risk to a colleague’s health and safety")
    expect(alarm.get_by_role("link", name=incident.reference)).to_be_visible()
    address = StaffMember.objects.get(pk=lead.staff_id).email
    words = f"ContactHub: {incident.reference} is escalated for health and safety"
    wait_until(lambda: (address, words) in [(one.recipients[0], one.mail["Subject"]) for one in [*inbox]])


def take_first(page: Page, agent: Actor) -> None:
    """Be told of it at home, and get it next; the alarm ends, the mark stays."""
    enter_as(page, agent)
    expect(page.get_by_text("Immediate: a risk to a colleague’s health and safety")).to_be_visible()
    page.get_by_role("button", name="Next for me").click()
    expect(page.get_by_text("Next in order: oldest in band Immediate").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{NAME} Health and safety")
    expect(page.get_by_text("Nobody has acted yet")).to_have_count(0)


@pytest.mark.proves("UJ-25", "UJ-26")
def test_the_helpdesk_records_a_risk_while_the_dwp_user_is_on_the_telephone(page, ana, lead, inbox, older):
    enter_as(page, ana)
    start_without_email(page)
    page.get_by_label("Raised from").select_option("jobcentre")
    page.get_by_label("Their name").fill("Carys Morgan")
    page.get_by_label("Their email address").fill("carys@jobcentre.example")
    for_a_jobseeker_of_a_jobcentre(page)
    mark_the_risk(page, "their")
    incident = raise_it(page, f"The reply goes to {DWP_USER} (R04), within 1 hour")
    expect(page.get_by_role("region", name="Timeline")).to_contain_text("By telephone: Carys Morgan")
    check_unmistakable(page, lead, incident, inbox)

    take_first(page, ana)
    page.get_by_role("textbox", name="Reply to").fill(WORDS)
    page.get_by_role("button", name="Preview and send").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("is answered")).to_be_visible()

    callback = Callback.objects.get()
    assert callback.due_at - callback.requested_at == timedelta(hours=1)
    enter_as(page, colleague(Role.JOBCENTRE_ADVISER, "porth-wen", name="Rhian Evans"))
    page.get_by_role("button", name="Take the next call").click()
    expect(page.get_by_text("Escalated for health and safety: ring at once")).to_be_visible()
    ring(page, incident)


@pytest.mark.proves("UJ-25", "UJ-26", "UJ-27")
def test_staff_mark_a_risk_on_the_form_and_it_is_next_for_everybody(page, ana, lead, inbox, older, adviser):
    enter_as(page, adviser)
    start_without_email(page)
    for_a_jobseeker_of_a_jobcentre(page)
    mark_the_risk(page, "my")
    incident = raise_it(page, f"The reply goes to {DWP_USER} (R04), within 1 hour")
    check_unmistakable(page, lead, incident, inbox)

    take_first(page, ana)

    assert Incident.objects.get(pk=incident.pk).band == 1
    assert Incident.objects.get(pk=older.pk).assigned_to is None


# What a lead reads at a glance ---------------------------------------------------------------------------------------

# The words of each band, and when a call of it is due, in hours from now.
BANDS = {
    "Due later": 50,
    "Due within 4 hours": 1,
    "Overdue": -20,
    "Overdue by more than 1 day": -3 * 24,
    "Overdue by more than 5 days": -9 * 24,
}


@pytest.mark.proves("CM-05", "CM-06", "CM-33")
def test_a_lead_gets_from_each_age_to_its_calls(page, ana, lead, inbox):
    references = {}
    for band, hours in BANDS.items():
        callback = asked_for(ana)
        Callback.objects.filter(pk=callback.pk).update(due_at=now() + timedelta(hours=hours))
        references[band] = callback.reference
    enter_as(page, lead)
    page.get_by_role("link", name="By queue").click()

    for band, reference in references.items():
        page.get_by_role("link", name=f"Telford, {band}: 1").click()
        expect(page.get_by_role("rowheader")).to_have_count(1)
        expect(page.get_by_role("rowheader")).to_contain_text(reference)
        page.go_back()
        oldest = page.get_by_role("row", name=f"{band} 1 {reference}")
        expect(oldest.get_by_role("link", name=reference)).to_be_visible()
    oldest.get_by_role("link", name=reference).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{reference} Call Gwen Parry")
    assert not Attempt.objects.exists()
