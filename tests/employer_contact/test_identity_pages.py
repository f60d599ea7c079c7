"""The page on which an employer is shown by email who we are, and what it says while the line is open."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacthub.clock import now
from contacthub.deadlines.models import FollowUp
from contacthub.formats import uk_day
from contacthub.mail.models import Mailbox, Message, MessageState
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from employer_contact import services
from employer_contact.models import Contact, IdentityEmail, IdentityInbox, IdentityTemplate
from tests.contacthub.api.situations import Machine, integrator
from tests.employer_contact.calling import call_from, failed, fresh, passed
from tests.employer_contact.people import LEADER, OTHER, WELSH, somebody
from tests.employer_contact.test_identity_email import SUBJECT, WORDING, inbox, wording  # noqa: F401 fixtures
from tests.factories import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "inbox", "wording")]


@pytest.fixture
def call(owen, skerrow):
    return call_from(skerrow, by=owen, direction="outbound")


def press(client, call, act, **given):
    return client.post(f"{call.get_absolute_url()}identity-email/{act}/", {"key": str(uuid4()), **given})


def page(client, call) -> str:
    response = client.get(f"{call.get_absolute_url()}identity-email/")
    assert response.status_code == 200
    return response.content.decode()


def ends(state: MessageState, **given) -> None:
    Message.objects.update(state=state, ended_at=now(), next_attempt_at=None, **given)


@pytest.mark.proves("EC-52")
@pytest.mark.parametrize("make", [call_from, passed, failed])
def test_the_button_stands_on_each_step_of_a_call_and_keeps_the_notes(client, owen, skerrow, make):
    call = make(skerrow, by=owen)

    step = client.get(client.get(call.get_absolute_url()).url).content.decode()
    assert f'formaction="{call.get_absolute_url()}identity-email/offer/"' in step
    answer = press(client, call, "offer", notes="Will not talk", caller_name="Gwilym")

    assert answer.url == f"{call.get_absolute_url()}identity-email/"
    assert (fresh(call).identity, fresh(call).notes) == ("offered", "Will not talk")


def test_who_may_not_send_it_has_no_such_button(client, owen, skerrow):
    call, elin = passed(skerrow, by=owen), StaffMember.objects.get(pk=somebody(WELSH).staff_id)
    Contact.objects.filter(pk=call.pk).update(owner=elin)
    client.force_login(elin)
    step = client.get(f"{call.get_absolute_url()}reason/").content.decode()

    assert f'formaction="{call.get_absolute_url()}lost/"' in step
    assert "identity-email" not in step


def test_a_letter_has_no_such_button(client, owen, skerrow):
    letter = call_from(skerrow, by=owen, channel="letter")

    assert "identity-email" not in client.get(f"{letter.get_absolute_url()}reason/").content.decode()


@pytest.mark.proves("EC-54", "EC-55", "EC-56", "EC-60")
def test_the_page_shows_where_it_goes_how_it_is_called_and_what_else_there_is(client, owen, call, skerrow):
    press(client, call, "offer")

    shown = page(client, call)

    assert skerrow.email in shown.replace("<wbr>", "")
    assert SUBJECT in shown
    assert "eir.payments@contacthub.example" in shown.replace("<wbr>", "")
    assert "Version 1, locked, nothing added" in shown
    assert WORDING in shown
    for words in ("Will call back with the information", "Will send it by post", "Letter to be sent for completion"):
        assert words in shown


def test_an_employer_of_welsh_is_shown_to_get_the_welsh_words_or_to_be_called_back(client, call):
    Contact.objects.filter(pk=call.pk).update(language="cy")
    press(client, call, "offer")
    assert 'lang="cy" dir="auto">SAMPL. Ni yw’r Gwasanaeth.</p>' in page(client, call)

    IdentityTemplate.objects.create(number=2, body=WORDING)

    shown = page(client, call)
    assert "cannot be sent in Welsh. Have the Welsh Language Unit call back" in shown
    assert WORDING not in shown


def test_an_inbox_without_an_address_says_so_before_it_is_tried(client, call):
    press(client, call, "offer")
    Mailbox.objects.filter(code="eir-payments").update(address="")

    shown = page(client, call)

    assert "has no address. Ask an administrator to set it" in shown
    assert WORDING not in shown


@pytest.mark.proves("EC-14")
def test_before_the_check_the_address_on_record_is_not_shown_and_yet_sent_to(client, owen, skerrow):
    call = call_from(skerrow, by=owen)
    press(client, call, "offer")

    assert skerrow.email not in page(client, call).replace("<wbr>", "")
    press(client, call, "send")

    assert Message.objects.get().to == skerrow.email


@pytest.mark.proves("EC-14")
def test_nor_is_it_shown_once_it_was_sent_to_until_the_check_is_passed(client, owen, skerrow):
    call = call_from(skerrow, by=owen)
    press(client, call, "send")
    places = ["identity-email/", "identity-email/state/", "wrap-up/"]

    for place in places:
        shown = client.get(f"{call.get_absolute_url()}{place}").content.decode()
        assert skerrow.email not in shown.replace("<wbr>", ""), place
    assert "The address on record" in page(client, call)

    press(client, call, "send", address="wages@brindlewick.example")
    assert "wages@brindlewick.example" in page(client, call).replace("<wbr>", "")


@pytest.mark.proves("EC-14")
def test_nor_by_what_a_server_says_of_it_or_on_the_record_of_the_call_before(client, owen, skerrow):
    before = call_from(skerrow, by=owen)
    press(client, before, "send")
    ends(MessageState.FAILED, server_words=f"550 {skerrow.email} is not known")
    assert skerrow.email not in page(client, before).replace("<wbr>", "")
    services.lose_call(contact_id=before.pk, by=owen, at=now())
    call_from(skerrow, by=owen)

    record = client.get(before.get_absolute_url()).content.decode()

    assert "Identity email sent" in record
    assert skerrow.email not in record.replace("<wbr>", "")


@pytest.mark.proves("EC-62")
def test_the_record_says_what_came_of_it_or_that_it_is_not_settled(client, owen, call):
    press(client, call, "send")
    services.lose_call(contact_id=call.pk, by=owen, at=now())
    assert "Not received, or not content. Not settled" in client.get(call.get_absolute_url()).content.decode()

    services.resume_call(contact_id=call.pk, by=owen, at=now())
    press(client, call, "fallback", fallback="letter")
    services.finish(contact_id=call.pk, ending="gathered", by=owen, at=now())

    record = client.get(call.get_absolute_url()).content.decode()
    assert "Agreed what comes instead: Letter to be sent for completion and return" in record
    assert "Not settled" not in record


@pytest.mark.proves("EC-58")
def test_an_address_typed_with_capitals_and_spaces_is_cleaned_and_sent_to(client, owen, call):
    press(client, call, "offer")

    press(client, call, "send", address="  Wages @ Brindlewick.EXAMPLE ")

    assert Message.objects.get().to.lower() == "wages@brindlewick.example"


def test_an_address_that_is_none_comes_back_with_what_to_do(client, owen, call):
    press(client, call, "offer")

    refused = press(client, call, "send", address="payroll", notes="My words").content.decode()

    assert "Enter an email address in the correct format" in refused
    assert 'value="payroll"' in refused
    assert "My words</textarea>" in refused
    assert not Message.objects.exists()


def test_pressing_twice_sends_once(client, owen, call):
    press(client, call, "offer")
    key = str(uuid4())

    for _ in range(2):
        client.post(f"{call.get_absolute_url()}identity-email/send/", {"key": key})

    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "given", "words", "is_last"),
    [
        (MessageState.QUEUED, {}, "Waits to be sent", False),
        (MessageState.ACCEPTED, {}, "Accepted by their mail server: nobody tells us if it was delivered", True),
        (MessageState.ACCEPTED, {"provider_id": "x"}, "Accepted by the mail provider: no word yet", False),
        (MessageState.DELIVERED, {"provider_id": "x"}, "Delivered", True),
        (MessageState.FAILED, {"server_words": "550 No such user"}, "550 No such user", True),
    ],
)
def test_where_it_stands_is_told_until_nothing_more_is_to_come(client, owen, call, state, given, words, is_last):
    press(client, call, "send")
    if state != MessageState.QUEUED:
        ends(state, **given)

    told = client.get(f"{call.get_absolute_url()}identity-email/state/").content.decode()

    assert words in told
    assert ("data-last" in told) is is_last
    assert words in page(client, call)
    assert ("Look again" in page(client, call)) is not is_last


def test_who_does_not_see_the_call_is_not_told(client, owen, call):
    press(client, call, "send")
    client.force_login(StaffMember.objects.get(pk=somebody(OTHER).staff_id))

    assert client.get(f"{call.get_absolute_url()}identity-email/state/").status_code == 404


@pytest.mark.proves("EC-59")
def test_they_have_it_and_the_call_goes_on(client, owen, call):
    press(client, call, "send")

    answer = press(client, call, "content")

    assert answer.url == f"{call.get_absolute_url()}reason/"
    assert "Identity email" in client.get(answer.url).content.decode()


@pytest.mark.proves("EC-60", "EC-61")
@pytest.mark.parametrize("fallback", ["expected_call", "expected_post", "letter"])
def test_each_fallback_is_one_press_and_leads_to_the_end(client, owen, call, fallback):
    press(client, call, "send")

    answer = press(client, call, "fallback", fallback=fallback)

    assert answer.url == f"{call.get_absolute_url()}wrap-up/"
    assert fresh(call).identity_fallback == fallback


@pytest.mark.proves("EC-60")
@pytest.mark.parametrize("fallback", ["expected_call", "expected_post", "letter"])
def test_the_end_then_says_so_itself_and_asks_for_nothing_twice(client, owen, call, fallback):
    press(client, call, "offer")
    press(client, call, "fallback", fallback=fallback)
    shown = client.get(f"{call.get_absolute_url()}wrap-up/").content.decode()
    assert re.search(r'value="will_send"[^>]* checked', shown)
    assert 'name="expected"' not in shown

    client.post(f"{call.get_absolute_url()}finish/", {"key": str(uuid4()), "ending": "will_send"})

    assert fresh(call).state == "wrapped_up"
    assert FollowUp.objects.get().kind == fallback


@pytest.mark.proves("EC-60")
def test_the_day_that_they_name_goes_with_it(client, owen, call):
    press(client, call, "offer")

    refused = press(client, call, "fallback", fallback="expected_post", expected_on="1/1/2020", address="pay roll")
    shown = refused.content.decode()
    assert "Enter a day from today on, within a year" in shown
    assert 'value="1/1/2020"' in shown
    assert 'value="pay roll"' in shown
    named = uk_day(now()) + timedelta(days=30)
    press(client, call, "fallback", fallback="expected_post", expected_on=f"{named:%d/%m/%Y}", address="pay roll")

    assert 0 <= (uk_day(FollowUp.objects.get().due_at) - named).days < 5  # the working day itself, or the next one


def test_a_day_that_stands_beside_does_not_stop_the_email(client, owen, call):
    press(client, call, "offer")

    press(client, call, "send", expected_on="Thursday")

    assert Message.objects.count() == 1


def test_a_failed_one_offers_another_address_open(client, owen, call):
    press(client, call, "send")
    ends(MessageState.FAILED, server_words="550 No such user")

    shown = page(client, call)

    assert '<details class="govuk-details" open>' in shown
    press(client, call, "send", address="other@brindlewick.example")
    assert IdentityEmail.objects.count() == 2


@pytest.mark.proves("EC-62")
def test_wrapping_up_leads_to_it_until_it_is_settled(client, owen, call):
    press(client, call, "offer")
    led = f'<li><a class="govuk-link" href="{call.get_absolute_url()}identity-email/">what came of the identity email'
    assert led in client.get(f"{call.get_absolute_url()}wrap-up/").content.decode()

    press(client, call, "fallback", fallback="letter")

    assert led not in client.get(f"{call.get_absolute_url()}wrap-up/").content.decode()


@pytest.mark.proves("EC-62")
def test_finishing_before_it_is_settled_says_so_and_keeps_the_words(client, owen, call):
    press(client, call, "offer")

    refused = client.post(
        f"{call.get_absolute_url()}finish/",
        {"key": str(uuid4()), "ending": "gathered", "words": "Five leavers", "notes": "Said all"},
    )

    shown = refused.content.decode()
    assert "Say what came of the identity email first" in shown
    assert "Said all</textarea>" in shown
    assert fresh(call).is_open


def test_what_a_second_tab_sent_is_not_sent_again(client, owen, call):
    press(client, call, "offer")
    press(client, call, "send")

    late = press(client, call, "send", notes="Is waiting").content.decode()

    assert "The identity email went to this address already. Enter another address" in late
    assert '<details class="govuk-details" open>' in late
    assert "Is waiting</textarea>" in late
    assert Message.objects.count() == 1


def test_where_it_goes_without_another_address_is_said_before_it_is_sent(client, owen, call):
    press(client, call, "send", address="wages@brindlewick.example")

    assert "Without one it goes to the address on record" in page(client, call)


def test_what_a_second_tab_said_is_not_said_again(client, owen, call):
    press(client, call, "send")
    press(client, call, "fallback", fallback="letter")

    late = press(client, call, "content", notes="They have it after all")

    assert "The identity email is past that: agreed what comes instead" in late.content.decode()
    assert "They have it after all</textarea>" in late.content.decode()


@pytest.mark.proves("EC-06")
def test_a_team_without_an_inbox_is_told_who_has_one(client, owen, call):
    IdentityInbox.objects.all().delete()

    answer = press(client, call, "offer")

    assert "Your team has no Employer Information Request inbox" in answer.content.decode()
    assert fresh(call).identity == ""


def test_more_emails_take_no_more_queries(client, owen, call):
    press(client, call, "send")
    client.get(f"{call.get_absolute_url()}identity-email/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"{call.get_absolute_url()}identity-email/")
    for number in range(5):
        press(client, call, "send", address=f"other-{number}@brindlewick.example")

    with CaptureQueriesContext(connection) as many:
        client.get(f"{call.get_absolute_url()}identity-email/")

    assert len(many) == len(few)


@pytest.mark.proves("XC-05", "EC-62")
def test_machines_do_the_same_by_the_same_rules(skerrow, inbox):  # noqa: F811
    person = integrator(Role.EMPLOYER_PAYMENTS_CASEWORKER)
    MembershipFactory(person=person, unit=IdentityInbox.objects.get().unit)
    machine = Machine("employers:read", "contacts:read", "contacts:work", person=person)
    sent = {"channel": "telephone", "direction": "outbound", "party": skerrow.ern}
    contact = f"contacts/{machine.post('contacts/', sent).json()['reference']}"

    assert machine.get(f"{contact}/").json()["identity"] is None
    told = machine.post(f"{contact}/send_identity_email/").json()
    assert told["identity"]["code"] == "sent"
    assert [(one["is_given"], one["state"]["code"]) for one in told["identity_emails"]] == [(False, "queued")]
    timeline = machine.get(f"{contact}/timeline/").json()
    assert "identity_sent" in [one["kind"] for one in timeline["results"]]
    assert skerrow.email not in f"{told} {timeline}"
    open_still = machine.post(f"{contact}/finish/", {"ending": "gathered"})
    assert (open_still.status_code, open_still.json()["code"]) == (422, "identity_open")
    wrong = machine.post(f"{contact}/agree_instead/", {"fallback": "pigeon"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "fallback_required")
    agreed = machine.post(f"{contact}/agree_instead/", {"fallback": "letter"}).json()
    assert agreed["identity_fallback"]["code"] == "letter"
    late = machine.post(f"{contact}/confirm_identity_email/")
    assert late.status_code == 409


def test_a_key_of_the_role_integrator_alone_sends_none(skerrow):
    machine = Machine("employers:read", "contacts:read", "contacts:work")
    opened = machine.post("contacts/", {"channel": "telephone", "party": skerrow.ern}).json()

    assert machine.post(f"contacts/{opened['reference']}/send_identity_email/").status_code == 403


class TestWording:
    @pytest.fixture
    def leader(self, client):
        person = StaffMember.objects.get(pk=somebody(LEADER, unit=IdentityInbox.objects.get().unit).staff_id)
        client.force_login(person)
        return client

    def save(self, client, **given):
        sent = {"key": str(uuid4()), "seen": "1", "body": "SAMPLE 2", "body_welsh": "", **given}
        return client.post("/employers/identity-template/save/", sent)

    @pytest.mark.proves("EC-57")
    def test_it_stands_as_it_arrives_and_is_saved_as_a_version(self, leader):
        shown = leader.get("/employers/identity-template/").content.decode()
        assert "As it arrives, version 1" in shown
        assert SUBJECT in shown

        self.save(leader, body="SAMPLE 2")

        shown = leader.get("/employers/identity-template/").content.decode()
        assert "As it arrives, version 2" in shown
        assert "SAMPLE 2" in shown

    def test_the_placeholder_says_that_nothing_can_be_sent(self, leader, wording):  # noqa: F811
        wording.delete()

        shown = leader.get("/employers/identity-template/").content.decode()

        assert "empty placeholder, and nothing can be sent" in shown

    @pytest.mark.parametrize(
        ("given", "words"),
        [({"body": " "}, "Enter the wording"), ({"body": "x" * 20_001}, "20,000 characters or fewer")],
    )
    def test_bad_words_come_back(self, leader, given, words):
        refused = self.save(leader, body_welsh="Fy ngeiriau", **given).content.decode()

        assert words in refused
        assert "Fy ngeiriau</textarea>" in refused

    def test_a_second_tab_compares_and_then_saves(self, leader):
        self.save(leader)

        late = self.save(leader, body="Mine")

        assert late.status_code == 409
        assert "saved version 2 meanwhile" in late.content.decode()
        assert "Mine</textarea>" in late.content.decode()
        seen = late.context["form"]["seen"].value()
        assert self.save(leader, seen=str(seen), body="Mine").status_code == 302

    @pytest.mark.proves("EC-57")
    def test_a_caseworker_does_not_get_there(self, client, owen):
        assert client.get("/employers/identity-template/").status_code == 403
        assert self.save(client).status_code == 403
