from __future__ import annotations

import json
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacthub.cases.services import record_event
from contacthub.errors import RuleBroken
from contacthub.people.models import StaffMember
from employer_contact import services
from employer_contact.lifecycle import ContactState as State
from employer_contact.models import AgentLink, Contact
from employer_contact.taxonomy import NO_ACTIVE_LINK
from tests.employer_contact.calling import call_from, caseworker, failed, fresh, passed, to_answer, with_reason
from tests.employer_contact.people import CASEWORKER, OTHER, somebody
from tests.factories import MORNING, AgentLinkFactory, EmployerFactory, EmploymentFactory, PayrollAgentFactory

REASONS = ["general_enquiry", "self_service", "update_details", "statement", "complaint", "nominate_agent"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def press(client, contact: Contact, act: str, **given):
    return client.post(f"{contact.get_absolute_url()}{act}/", {"key": str(uuid4()), **given})


def start(client, **given):
    data = {"key": str(uuid4()), "channel": "telephone", "direction": "inbound", **given}
    return client.post(reverse("employers:new_call"), data)


@pytest.mark.proves("EC-18")
def test_a_preferred_fax_flag_that_is_set_is_shown_ticked_so_that_passing_leaves_it(client, owen):
    employer = EmployerFactory(email="a@b.example", fax="+441632960129", voicemail_authorised=True, prefers_fax=True)
    contact = call_from(employer, by=owen)

    page = client.get(reverse("employers:security", args=[contact.reference])).content.decode()

    assert re.search('<input [^>]*name="prefers_fax"[^>]* checked', page)


class TestAccountWords:
    """What a contact changed of an account stands on its timeline, old and new (EC-18)."""

    @pytest.fixture
    def changed(self, owen):
        employer = EmployerFactory(email="a@b.example", fax="+441632960129", voicemail_authorised=True)
        contact = call_from(employer, by=owen)
        given = dict.fromkeys(to_answer(contact), "correct")
        services.answer_questions(contact_id=contact.pk, answers=given, prefers_fax=True, by=owen, at=MORNING)
        return services.finish(contact_id=contact.pk, ending="rang_off", by=owen, at=MORNING)

    def test_they_are_read_by_whoever_sees_the_contact(self, client, owen, changed):
        assert "Preferred fax flag: no → yes" in client.get(changed.get_absolute_url()).content.decode()

    @pytest.mark.proves("EC-14")
    @pytest.mark.parametrize("make", [call_from, failed])
    def test_they_are_hidden_while_a_call_of_ones_own_with_this_record_has_not_passed_its_check(
        self, client, owen, changed, make
    ):
        call = make(changed.employer, by=owen)

        assert "Preferred fax flag" not in client.get(changed.get_absolute_url()).content.decode()
        services.hand_over(contact_id=call.pk, to_id=caseworker().staff_id, by=owen, at=MORNING)
        assert "Preferred fax flag" in client.get(changed.get_absolute_url()).content.decode()

    def test_a_call_with_another_record_hides_none(self, client, owen, changed):
        call_from(EmployerFactory(whole=True), by=owen)

        assert "Preferred fax flag" in client.get(changed.get_absolute_url()).content.decode()


@pytest.mark.proves("EC-04", "EC-25", "EC-26")
def test_a_call_by_hand_goes_from_the_search_to_the_next_call(client, owen):
    EmployerFactory(whole=True, ern="910000900", name="Skerrow Foods Ltd")

    answer = start(client)
    contact = Contact.objects.get()
    assert answer.url == reverse("employers:party", args=[contact.reference])
    page = press(client, contact, "search", sought="skerrow").content.decode()
    assert "Taken for a name: 1 found" in page
    answer = press(client, contact, "choose-party", party="910000900", notes="Marged, payroll")
    assert answer.url == reverse("employers:security", args=[contact.reference])
    assert client.get(answer.url).status_code == 200
    answer = press(client, contact, "answer", **dict.fromkeys(to_answer(contact), "correct"), notes="Marged, payroll")
    assert answer.url == reverse("employers:reason", args=[contact.reference])
    assert "Request employer statement" in client.get(answer.url).content.decode()
    answer = press(client, contact, "choose", reasons=["statement"], notes="Wants a statement")
    assert answer.url == reverse("employers:raising", args=[contact.reference, "statement"])
    assert client.get(answer.url).status_code == 200
    assert client.get(reverse("employers:wrap_up", args=[contact.reference])).status_code == 200
    answer = press(client, contact, "finish", why_statement="Found on screen", notes="Wants a statement")

    assert answer.url == reverse("employers:new_call")
    assert fresh(contact).state == State.WRAPPED_UP
    assert "Found on screen" in client.get(contact.get_absolute_url()).content.decode()


@pytest.mark.proves("EC-24")
def test_a_number_that_is_no_ern_is_told_before_and_after_the_start(client, owen):
    words = "No employer matches the number the caller entered. Select the employer yourself"
    assert words in client.get(reverse("employers:new_call"), {"ivr": "4471902", "call": "call-1"}).content.decode()

    answer = start(client, number_keyed="4471902", call_id="call-1")

    assert words in client.get(answer.url).content.decode()


@pytest.mark.proves("EC-24")
def test_a_number_that_was_the_employers_is_not_said_to_be_nobodys_once_one_chooses_again(client, owen):
    EmployerFactory(whole=True, ern="910000900")
    answer = start(client, number_keyed="910000900", call_id="call-1")
    contact = Contact.objects.get()
    press(client, contact, "choose-again")

    page = client.get(reverse("employers:party", args=[contact.reference])).content.decode()

    assert "Who is calling?" in page
    assert "No employer matches the number" not in page
    assert answer.status_code == 302


def test_the_language_of_the_employer_stands_above_the_call_until_one_chooses_again(client, owen):
    contact = call_from(EmployerFactory(whole=True, language="cy"), by=owen)

    page = client.get(reverse("employers:security", args=[contact.reference])).content.decode()
    services.choose_again(contact_id=contact.pk, by=owen, at=MORNING)

    assert "<dt>Language</dt><dd>Welsh</dd>" in page
    assert fresh(contact).language == "en"


@pytest.mark.proves("EC-23")
@pytest.mark.parametrize(
    "odd", [{"from": "anonymous"}, {"from": "0" * 60}, {"ivr": "9" * 41}, {"call": "c" * 101}, {"channel": "pigeon"}]
)
def test_whatever_telephony_says_a_call_is_started_by_one_press(client, owen, odd):
    page = client.get(reverse("employers:new_call"), {"ivr": "4471902", "call": "call-1", **odd})
    form = page.context["form"]
    boxes = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}

    answer = client.post(reverse("employers:new_call"), boxes)

    assert answer.status_code == 302
    assert Contact.objects.get().calling_number == ""


@pytest.mark.proves("EC-65")
@pytest.mark.parametrize(("column", "began"), [(CASEWORKER, "inbound"), (OTHER, "outbound")])
def test_what_begins_is_what_this_person_may_record(client, reference, column, began):
    client.force_login(StaffMember.objects.get(pk=somebody(column).staff_id))

    page = client.get(reverse("employers:new_call")).content.decode()

    assert re.findall(r'name="direction"[^>]*value="(\w+)"[^>]*checked', page) == [began]


def test_looking_at_a_call_that_comes_in_opens_nothing(client, owen):
    client.get(reverse("employers:new_call"), {"ivr": "900000006", "call": "call-1"})

    assert not Contact.objects.exists()


def test_starting_a_call_twice_leads_to_the_same_contact(client, owen):
    first = start(client, call_id="call-1")

    assert start(client, call_id="call-1").url == first.url


def test_a_colleague_who_starts_the_same_call_is_told_who_has_it(client, owen):
    services.open_contact(call_id="call-1", by=caseworker(), at=MORNING)

    answer = start(client, call_id="call-1")

    assert answer.status_code == 409
    assert "has this call" in answer.content.decode()


@pytest.mark.proves("EC-14")
def test_no_page_shows_account_values_after_a_failed_check(client, owen):
    contact = failed(EmployerFactory(whole=True), by=owen)

    for page in ("", "party/", "security/", "failed/", "reason/", "wrap-up/"):
        text = client.get(f"{contact.get_absolute_url()}{page}", follow=True).content.decode()
        assert "did not pass" in text or "Who is calling" in text
        for held in ("payroll@brindlewick.example", "01632 960129", "Orla", "Maltings", "cut off 20"):
            assert held not in text


@pytest.mark.proves("EC-14")
@pytest.mark.parametrize("act", ["choose", "refuse", "take-back"])
def test_a_page_that_was_kept_open_does_not_go_round_the_check(client, owen, act):
    contact = call_from(EmployerFactory(whole=True), by=owen)

    answer = press(client, contact, act, reasons=["statement"], reason="statement")

    assert "Complete the security questions before taking any action" in answer.content.decode()
    assert not fresh(contact).reasons.exists()


@pytest.mark.proves("EC-08", "EC-67")
def test_an_agent_s_page_closes_what_only_the_employer_may_ask(client, owen):
    agent = PayrollAgentFactory(address1="3 Corn Street", postcode="ZZ99 1AA", telephone="+442079460391")
    contact = passed(agent, by=owen)

    page = client.get(reverse("employers:reason", args=[contact.reference])).content.decode()

    assert page.count("Only the employer can ask for this. Ask the agent to have the employer contact us") == 4
    assert 'type="checkbox" value="self_service"' not in page


def test_what_was_typed_survives_a_refusal(client, owen):
    contact = passed(by=owen)

    answer = press(client, contact, "choose", notes="Wants to know why", caller_name="Siân")

    page = answer.content.decode()
    assert "Select the reason for the contact" in page
    assert "Wants to know why" in page
    assert 'value="Siân"' in page


@pytest.mark.proves("CM-14")
def test_words_for_a_contact_that_a_colleague_has_by_now_are_there_to_be_copied(client, owen):
    contact = passed(by=owen)
    services.hand_over(contact_id=contact.pk, to_id=caseworker().staff_id, by=owen, at=MORNING)

    answer = press(client, contact, "choose", reasons=["statement"], notes="For the auditors", caller_name="Siân")

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "has this now" in page
    assert "What you typed" in page
    assert "For the auditors" in page
    assert "Siân" in page


@pytest.mark.proves("CM-14")
def test_notes_typed_at_a_step_that_was_left_meanwhile_stand_in_the_boxes_of_the_next(client, owen):
    contact = passed(by=owen)
    services.choose_again(contact_id=contact.pk, by=owen, at=MORNING)

    page = press(client, contact, "answer", notes="For the auditors", caller_name="Siân").content.decode()

    assert "Who is calling?" in page
    assert "For the auditors</textarea>" in page
    assert 'value="Siân"' in page


class TestBesideTheForm:
    """Acts beside the form of a step take what stands in its boxes along, without any script too."""

    @pytest.mark.proves("CM-14")
    @pytest.mark.parametrize("name", ["choose-again", "end-call", "lost", "hand-over", "take-back", "keep-notes"])
    def test_what_was_noted_is_kept_with_it(self, client, owen, name):
        contact = with_reason("statement", by=owen)
        page = client.get(reverse("employers:reason", args=[contact.reference])).content.decode()
        assert f'formaction="{contact.get_absolute_url()}{name}/"' in page
        given = {"reason": "statement", "to_id": caseworker().staff_id}

        answer = press(client, contact, name, notes="For the auditors", caller_name="Siân", **given)

        assert answer.status_code == 302
        assert (fresh(contact).caller_name, fresh(contact).notes) == ("Siân", "For the auditors")

    def test_the_form_itself_may_still_be_sent(self, client, owen):
        contact, key = passed(by=owen), str(uuid4())
        press(client, contact, "end-call", key=key)

        press(client, contact, "choose", key=key, reasons=["statement"])

        assert fresh(contact).call_ended_at
        assert fresh(contact).reasons.count() == 1

    @pytest.mark.parametrize("page", ["party", "security", "reason", "wrap_up"])
    def test_notes_are_kept_by_a_button_that_leads_back_to_its_page(self, client, owen, page):
        contact = passed(by=owen)

        answer = press(client, contact, "keep-notes", page=page, notes="For the auditors", words="Of the ending")

        assert answer.url == reverse(f"employers:{page}", args=[contact.reference])
        assert fresh(contact).notes == "For the auditors"

    def test_a_card_number_is_refused_and_the_words_stay_in_the_box(self, client, owen):
        contact = passed(by=owen)

        page = press(client, contact, "end-call", notes="Card 4111 1111 1111 1111").content.decode()

        assert "Take the card number out" in page
        assert 'href="#id_choose_notes"' in page
        assert "Card 4111 1111 1111 1111</textarea>" in page
        assert fresh(contact).call_ended_at is None


def test_a_script_hears_when_notes_were_kept_and_why_not(client, owen):
    contact = call_from(None, by=owen)
    url = f"{contact.get_absolute_url()}keep-notes/"

    kept = client.post(url, {"words": json.dumps({"notes": "Marged", "caller_name": "", "sought": "x"})})
    refused = client.post(url, {"words": json.dumps({"notes": "4111 1111 1111 1111"})})
    services.hand_over(contact_id=contact.pk, to_id=caseworker().staff_id, by=owen, at=MORNING)
    late = client.post(url, {"words": json.dumps({"notes": "late"})})

    assert (kept.status_code, refused.status_code, late.status_code) == (200, 422, 409)
    assert "Card numbers are never written down" in refused.json()["why"]
    assert "has this now" in late.json()["why"]
    assert fresh(contact).notes == "Marged"


def test_a_paying_parent_leads_to_the_employers(client, owen):
    job = EmploymentFactory(employer=EmployerFactory(name="Skerrow Foods Ltd"))
    contact = call_from(None, by=owen)

    page = press(client, contact, "search", sought=job.paying_parent.nino).content.decode()

    assert "Taken for a National Insurance number: 1 found" in page
    assert "Skerrow Foods Ltd" in page
    assert job.paying_parent.nino not in page.replace(f'value="{job.paying_parent.nino}"', "")


@pytest.mark.parametrize("page", ["party", "security", "reason", "wrap_up"])
def test_a_page_asks_as_often_of_a_long_contact_as_of_a_short_one(
    client, owen, page, django_assert_max_num_queries, django_assert_num_queries
):
    employer = EmployerFactory(whole=True)
    short, long = passed(employer, by=owen), passed(employer, by=owen)
    for contact, reasons in ((short, ["statement"]), (long, [reason for reason in REASONS if reason != "statement"])):
        services.choose_reasons(contact_id=contact.pk, reasons=reasons, by=owen, at=MORNING)
    AgentLinkFactory.create_batch(5, employer=employer)
    urls = [reverse(f"employers:{page}", args=[contact.reference]) for contact in (short, long)]
    client.get(urls[0])
    with django_assert_max_num_queries(21) as first:
        client.get(urls[0])

    with django_assert_num_queries(len(first)):
        client.get(urls[1])


def test_a_search_asks_as_often_for_one_found_as_for_twenty(client, owen, django_assert_num_queries):
    contact = call_from(None, by=owen)
    names = ["Skerrow", *(f"Pellingham {n}" for n in range(20))]
    for name in names:
        link = AgentLinkFactory(employer=EmployerFactory(name=name), agent=PayrollAgentFactory(name=f"{name} agent"))
        link.employer.full_clean()
    press(client, contact, "search", sought="pellingham")
    with CaptureQueriesContext(connection) as twenty:
        press(client, contact, "search", sought="pellingham")
    with CaptureQueriesContext(connection) as few:
        press(client, contact, "search", sought="pellingham 1")

    assert len(twenty) == len(few)


def test_the_record_asks_as_often_for_many_events_as_for_few(client, owen, django_assert_num_queries):
    contact = call_from(None, by=owen)
    services.finish(contact_id=contact.pk, ending="no_record", by=owen, at=MORNING)
    client.get(contact.get_absolute_url())
    with CaptureQueriesContext(connection) as few:
        client.get(contact.get_absolute_url())
    for _ in range(20):
        record_event(contact, "call_ended", by=owen, at=MORNING)

    with django_assert_num_queries(len(few)):
        client.get(contact.get_absolute_url())


@pytest.mark.proves("EC-25")
def test_an_agent_of_very_many_leaves_the_others_found_with_it_their_employers(client, owen):
    bureau, small = PayrollAgentFactory(name="Holt Bureau"), PayrollAgentFactory(name="Holt Payroll")
    AgentLinkFactory(agent=small, employer=EmployerFactory(name="Skerrow Foods Ltd"), starts_on="2024-01-01")
    for employer in EmployerFactory.create_batch(205):
        AgentLinkFactory(agent=bureau, employer=employer)
    contact = call_from(None, by=owen)

    page = press(client, contact, "search", sought="holt")

    linked = {row.name: row.linked for row in page.context["rows"]}
    assert [one.name for one in linked["Holt Payroll"]] == ["Skerrow Foods Ltd"]
    assert len(linked["Holt Bureau"]) == 3
    assert f"?agent={bureau.earn}" in page.content.decode()


class TestLinkedParties:
    """An agent's employers, and back: one press says who asks, and about whom."""

    @pytest.fixture
    def link(self, reference):
        agent = PayrollAgentFactory(name="Pelham Payroll LLP", address1="3 Corn Street", postcode="ZZ99 1AA")
        return AgentLinkFactory(agent=agent, employer=EmployerFactory(name="Skerrow Foods Ltd"))

    @pytest.mark.proves("EC-25")
    @pytest.mark.parametrize("sought", ["pelham", "skerrow"])
    def test_one_press_chooses_the_agent_who_asks_about_the_employer(self, client, owen, link, sought):
        contact = call_from(None, by=owen)
        value = f"{link.agent.earn} {link.employer.ern}"
        page = press(client, contact, "search", sought=sought).content.decode()
        assert f'name="party" value="{value}"' in page

        press(client, contact, "choose-party", party=value, notes="About the June schedule")

        chosen = fresh(contact)
        assert (chosen.party, chosen.about, chosen.notes) == (link.agent, link.employer, "About the June schedule")

    def test_the_request_of_an_agent_begins_with_the_employer_that_was_chosen(self, client, owen, link):
        AgentLinkFactory.create_batch(3, agent=link.agent)
        contact = call_from(None, by=owen, channel="letter")
        press(client, contact, "choose-party", party=f"{link.agent.earn} {link.employer.ern}")
        services.choose_reasons(contact_id=contact.pk, reasons=["statement"], by=owen, at=MORNING)

        page = client.get(reverse("employers:raising", args=[contact.reference, "statement"])).content.decode()

        assert f'value="{link.employer.ern}" selected' in page

    @pytest.mark.proves("EC-68")
    def test_an_employer_for_whom_it_acts_no_longer_is_not_chosen(self, client, owen, link):
        contact = call_from(None, by=owen)
        AgentLink.objects.update(ends_on="2026-06-02")

        page = press(client, contact, "choose-party", party=f"{link.agent.earn} {link.employer.ern}")

        assert NO_ACTIVE_LINK in page.content.decode()
        assert fresh(contact).party is None

    def test_an_employer_asks_about_no_other(self, owen, link):
        contact = call_from(None, by=owen)
        given = {"contact_id": contact.pk, "party": link.employer.ern, "about": link.employer.ern}

        with pytest.raises(RuleBroken) as refused:
            services.choose_party(**given, by=owen, at=MORNING)

        assert refused.value.code == "agent_only"

    def test_choosing_again_clears_what_was_asked_about(self, owen, link):
        contact = call_from(None, by=owen)
        given = {"contact_id": contact.pk, "by": owen, "at": MORNING}
        services.choose_party(**given, party=link.agent.earn, about=link.employer.ern)

        services.choose_again(**given)

        assert fresh(contact).about is None

    def test_a_bureau_of_hundreds_shows_them_all_page_by_page_by_name(self, client, owen, link):
        for number in range(101):
            AgentLinkFactory(agent=link.agent, employer=EmployerFactory(name=f"Brand {number:03}"))
        address = reverse("employers:party", args=[call_from(None, by=owen).reference])

        first = client.get(f"{address}?agent={link.agent.earn}")
        second = client.get(f"{address}{first.context['linked']['older']}")
        last = client.get(f"{address}{second.context['linked']['older']}")

        assert [row.name for row in first.context["rows"]] == [f"Brand {number:03}" for number in range(50)]
        assert [row.name for row in last.context["rows"]] == ["Brand 100", "Skerrow Foods Ltd"]
        assert last.context["rows"][-1].chooses == f"{link.agent.earn} {link.employer.ern}"
        assert last.context["linked"]["older"] == ""

    def test_the_agents_of_an_employer_are_shown_likewise(self, client, owen, link):
        address = reverse("employers:party", args=[call_from(None, by=owen).reference])

        rows = client.get(f"{address}?employer={link.employer.ern}").context["rows"]

        assert [row.chooses for row in rows] == [f"{link.agent.earn} {link.employer.ern}"]

    @pytest.mark.parametrize("query", ["?agent=EA9999999", "?employer=x", "?agent="])
    def test_of_nobody_nothing_is_shown(self, client, owen, query):
        address = reverse("employers:party", args=[call_from(None, by=owen).reference])

        assert client.get(f"{address}{query}").context["rows"] == []
