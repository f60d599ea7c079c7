"""Later contacts about a service request that stands already: they are attached to it, and nothing is raised twice."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacthub.cases.services import events_for
from contacthub.errors import MovedOn, Refused, RuleBroken
from contacthub.people.models import StaffMember
from employer_contact import services
from employer_contact.lifecycle import ContactState
from employer_contact.models import AgentLink, AttachedContact, Contact, ServiceRequest
from employer_contact.plans import Doing
from employer_contact.raising import next_to_raise
from employer_contact.services import Details
from employer_contact.taxonomy import EMPLOYER_ONLY, NO_ACTIVE_LINK
from tests.employer_contact.calling import call_from, fresh, passed, with_reason
from tests.employer_contact.people import CASEWORKER, COLUMNS, INTEGRATOR, LEADER, somebody, team
from tests.factories import (
    MORNING,
    AgentLinkFactory,
    ContactFactory,
    PayrollAgentFactory,
    ServiceRequestFactory,
)
from tests.races import Held, wait_until_blocked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
LATER = MORNING + timedelta(days=1)
AGENT = {"address1": "3 Corn Street", "postcode": "ZZ99 1AA", "telephone": "+442079460391"}


@pytest.fixture
def pelham(skerrow):
    agent = PayrollAgentFactory(name="Pelham Payroll LLP", **AGENT)
    AgentLinkFactory(employer=skerrow, agent=agent)
    return agent


@pytest.fixture
def earlier(owen, skerrow) -> ServiceRequest:
    """Return what the employer asked for in a call that has ended."""
    return raised("statement", "STATEMENT", skerrow, by=owen)


def raised(reason: str, kind: str, party, *, by, **details) -> ServiceRequest:
    contact = with_reason(reason, party, by=by)
    given = {"contact_id": contact.pk, "by": by, "at": MORNING}
    request = services.create_sr(**given, reason=reason, kind=kind, details=Details(**details))
    services.keep_notes(**given, caller_name="", notes="Asked")
    services.finish(**given)
    return request


def attach(contact: Contact, request: ServiceRequest, *, by, **given) -> ServiceRequest:
    return services.attach_to_request(
        contact_id=contact.pk, service_request=request.reference, **given, by=by, at=LATER
    )


def refusal_of(contact: Contact, request: ServiceRequest, *, by, **given) -> str:
    with pytest.raises(RuleBroken) as refused:
        attach(contact, request, by=by, **given)
    assert not AttachedContact.objects.exists()
    return refused.value.code


def complete(request: ServiceRequest, *, by) -> None:
    given = {"service_request_id": request.pk, "by": by, "at": MORNING}
    for step in request.activities.exclude(does=Doing.CLOSE):
        services.mark_not_needed(**given, number=step.number, reason="Not wanted")
    services.complete_step(**given, number=request.activities.get(does=Doing.CLOSE).number, words="It was sent")


@pytest.mark.proves("EC-27")
def test_a_later_contact_is_attached_and_the_request_answers_its_reason(owen, skerrow, earlier):
    contact = with_reason("statement", skerrow, by=owen)

    attach(contact, earlier, by=owen, reason="statement")

    row = AttachedContact.objects.get()
    assert (row.reason.contact, row.request, row.by_id, row.at) == (contact, earlier, owen.staff_id, LATER)
    assert next_to_raise(fresh(contact)) is None
    given = {"contact_id": contact.pk, "by": owen, "at": LATER}
    services.keep_notes(**given, caller_name="", notes="Asks when it comes")
    services.finish(**given)
    assert fresh(contact).state == ContactState.WRAPPED_UP


def test_it_stands_on_both_timelines_once(owen, skerrow, earlier):
    contact = with_reason("statement", skerrow, by=owen)

    attach(contact, earlier, by=owen, reason="statement")

    on_contact = events_for(contact.case).filter(kind="request_attached").get()
    on_request = events_for(earlier.case).filter(kind="contact_attached").get()
    assert (on_contact.words.text, on_contact.at) == (f"{earlier.reference} Statement Request", LATER)
    assert on_request.words.text == f"{contact.reference}, Request employer statement"


def test_both_records_say_that_they_changed(owen, skerrow, earlier):
    contact = with_reason("statement", skerrow, by=owen)
    before = fresh(contact).version, ServiceRequest.objects.get(pk=earlier.pk).version

    attach(contact, earlier, by=owen, reason="statement")

    assert (fresh(contact).version, ServiceRequest.objects.get(pk=earlier.pk).version) == (before[0] + 1, before[1] + 1)


def test_without_a_reason_its_own_is_ticked_along_with_it(owen, skerrow, earlier):
    contact = passed(skerrow, by=owen)

    attach(contact, earlier, by=owen)

    assert AttachedContact.objects.get().reason.reason.code == "statement"
    assert fresh(contact).state == ContactState.REASON_RECORDED


def test_it_may_answer_another_reason_than_that_for_which_it_was_raised(owen, skerrow, earlier):
    contact = with_reason("general_enquiry", skerrow, by=owen)

    attach(contact, earlier, by=owen, reason="general_enquiry")

    assert AttachedContact.objects.get().reason.reason.code == "general_enquiry"
    assert contact.reasons.count() == 1


@pytest.mark.parametrize("again", ["statement", ""])
def test_attaching_twice_is_as_good_as_once(owen, skerrow, earlier, again):
    contact = with_reason("statement", skerrow, by=owen)
    attach(contact, earlier, by=owen, reason="statement")

    attach(contact, earlier, by=owen, reason=again)

    assert AttachedContact.objects.count() == 1
    assert events_for(earlier.case).filter(kind="contact_attached").count() == 1


def test_a_reason_that_is_not_ticked_is_answered_by_nothing(owen, skerrow, earlier):
    contact = passed(skerrow, by=owen)

    assert refusal_of(contact, earlier, by=owen, reason="statement") == "reason_required"


@pytest.mark.proves("EC-14")
def test_before_the_check_is_passed_nothing_is_attached(owen, skerrow, earlier):
    contact = call_from(skerrow, by=owen)

    assert refusal_of(contact, earlier, by=owen) == "security_required"


@pytest.mark.proves("EC-15")
def test_a_letter_needs_no_check(owen, skerrow, earlier):
    contact = call_from(skerrow, by=owen, channel="letter")

    attach(contact, earlier, by=owen)

    assert AttachedContact.objects.get().reason.contact == contact


def test_a_request_of_another_employer_is_refused(owen, earlier):
    assert refusal_of(passed(by=owen), earlier, by=owen) == "other_party"


def test_one_that_was_raised_in_this_contact_stands_in_it_already(owen, skerrow):
    contact = with_reason("statement", skerrow, by=owen)
    given = {"contact_id": contact.pk, "reason": "statement", "kind": "STATEMENT"}
    request = services.create_sr(**given, by=owen, at=MORNING)

    assert refusal_of(contact, request, by=owen) == "raised_here"


def test_one_that_is_not_there_is_refused_in_words(owen, skerrow):
    contact = passed(skerrow, by=owen)

    with pytest.raises(RuleBroken) as refused:
        services.attach_to_request(contact_id=contact.pk, service_request="SR-999999", by=owen, at=LATER)

    assert refused.value.code == "request_required"


class TestAnAgent:
    @pytest.mark.proves("EC-68")
    def test_asks_about_what_it_asked_for_while_its_link_lasts(self, owen, skerrow, pelham):
        request = raised("statement", "STATEMENT", pelham, by=owen, employer=skerrow.ern)
        first, second = passed(pelham, by=owen), passed(pelham, by=owen)

        attach(first, request, by=owen)
        AgentLink.objects.update(ends_on=MORNING.date())
        with pytest.raises(RuleBroken) as refused:
            attach(second, request, by=owen)

        assert (refused.value.code, refused.value.message) == ("no_active_link", NO_ACTIVE_LINK)
        assert AttachedContact.objects.get().reason.contact == first

    def test_asks_about_what_the_employer_asked_for(self, owen, pelham, earlier):
        contact = passed(pelham, by=owen)

        attach(contact, earlier, by=owen)

        assert AttachedContact.objects.get().reason.contact == contact

    def test_that_is_not_linked_asks_about_nothing_of_the_employer(self, owen, earlier):
        assert refusal_of(passed(PayrollAgentFactory(**AGENT), by=owen), earlier, by=owen) == "no_active_link"

    @pytest.mark.proves("EC-08")
    def test_is_attached_to_nothing_that_only_the_employer_may_ask_for(self, owen, skerrow, pelham):
        request = raised("update_details", "UPDATE_EMPLOYER", skerrow, by=owen)

        with pytest.raises(RuleBroken) as refused:
            attach(passed(pelham, by=owen), request, by=owen)

        assert (refused.value.code, refused.value.message) == ("employer_only", EMPLOYER_ONLY)

    def test_asks_about_nothing_of_another_agent(self, owen, skerrow, pelham):
        request = raised("statement", "STATEMENT", pelham, by=owen, employer=skerrow.ern)
        other = PayrollAgentFactory(**AGENT)
        AgentLinkFactory(employer=skerrow, agent=other)

        assert refusal_of(passed(other, by=owen), request, by=owen) == "other_party"

    def test_whose_employer_rings_gets_the_call_attached_too(self, owen, skerrow, pelham):
        request = raised("statement", "STATEMENT", pelham, by=owen, employer=skerrow.ern)
        contact = passed(skerrow, by=owen)

        attach(contact, request, by=owen)

        assert AttachedContact.objects.get().reason.contact == contact


class TestOneThatHasEnded:
    def test_within_twenty_working_days_the_team_leader_reopens_it(self, owen, skerrow, earlier):
        complete(earlier, by=owen)

        with pytest.raises(MovedOn) as refused:
            attach(with_reason("statement", skerrow, by=owen), earlier, by=owen)

        who = StaffMember.objects.get(pk=owen.staff_id)
        assert refused.value.message == (
            f"Have the team leader reopen {earlier.reference}, which was completed by {who} on"
            " Wednesday 3 June 2026, 10am"
        )
        assert not AttachedContact.objects.exists()

    # 20 working days after Wednesday 3 June, 10am: Wednesday 1 July, 10am.
    @pytest.mark.parametrize(("days", "words"), [(28, "Have the team leader reopen"), (29, "Raise a new")])
    def test_after_them_a_new_one_is_raised(self, owen, skerrow, earlier, days, words):
        complete(earlier, by=owen)
        contact = with_reason("statement", skerrow, by=owen)
        given = {"contact_id": contact.pk, "service_request": earlier.reference, "by": owen}

        with pytest.raises(MovedOn) as refused:
            services.attach_to_request(**given, at=MORNING + timedelta(days=days))

        assert refused.value.message.startswith(words)

    def test_one_that_was_cancelled_is_raised_anew(self, owen, skerrow, earlier):
        services.cancel(service_request_id=earlier.pk, reason="Not wanted", by=owen, at=MORNING)

        with pytest.raises(MovedOn) as refused:
            attach(with_reason("statement", skerrow, by=owen), earlier, by=owen)

        assert refused.value.message.startswith(f"Raise a new service request: {earlier.reference} was cancelled by")

    def test_cancelled_later_it_answers_the_reason_no_longer(self, owen, skerrow, earlier):
        contact = with_reason("statement", skerrow, by=owen)
        attach(contact, earlier, by=owen, reason="statement")

        services.cancel(service_request_id=earlier.pk, reason="Not wanted", by=owen, at=LATER)

        assert next_to_raise(fresh(contact)).reason.code == "statement"
        services.keep_notes(contact_id=contact.pk, caller_name="", notes="Asked", by=owen, at=LATER)
        with pytest.raises(RuleBroken) as refused:
            services.finish(contact_id=contact.pk, by=owen, at=LATER)
        assert refused.value.code == "why_none_required"


@pytest.mark.parametrize("what", ["take_back", "choose_again"])
def test_a_reason_that_it_answers_stays_and_so_does_the_record(owen, skerrow, earlier, what):
    contact = with_reason("statement", skerrow, by=owen)
    attach(contact, earlier, by=owen, reason="statement")
    given = {"contact_id": contact.pk, "by": owen, "at": LATER}

    undo = services.choose_again if what == "choose_again" else partial(services.take_back_reason, reason="statement")

    with pytest.raises(RuleBroken) as refused:
        undo(**given)

    assert refused.value.code == "has_request"


@pytest.mark.parametrize("who", COLUMNS)
def test_those_attach_who_may_raise(skerrow, earlier, who):
    """As in the matrix: whoever may raise a request in a contact of their own, here of a call of ours."""
    actor = somebody(who, unit=team())
    contact = ContactFactory(
        direction="outbound", owner_id=actor.staff_id, raised_by_id=actor.staff_id, team=team(), party_type="employer",
        employer=skerrow, found_by="by_hand", security="not_required", state="security_not_required",
    )  # fmt: skip
    ServiceRequest.objects.filter(pk=earlier.pk).update(raised_by=actor.staff_id)

    try:
        attach(contact, earlier, by=actor)
        was_allowed = True
    except Refused:
        was_allowed = False

    assert was_allowed is AttachedContact.objects.exists() is (who in (CASEWORKER, LEADER, INTEGRATOR))


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_who_attaches_while_it_is_closed_hears_that_it_was(self, owen, skerrow, earlier):
        for step in earlier.activities.exclude(does=Doing.CLOSE):
            given = {"service_request_id": earlier.pk, "by": owen, "at": MORNING}
            services.mark_not_needed(**given, number=step.number, reason="Not wanted")
        contact, closing = with_reason("statement", skerrow, by=owen), earlier.activities.get(does=Doing.CLOSE)
        given = {"service_request_id": earlier.pk, "number": closing.number, "words": "Sent", "by": owen, "at": LATER}
        first = Held(lambda: services.complete_step(**given))
        first.done.wait(5)

        second = Held(lambda: attach(contact, earlier, by=owen))
        wait_until_blocked()
        first.commit()
        second.commit()

        assert (first.error, type(second.error)) == (None, MovedOn)
        assert not AttachedContact.objects.exists()

    def test_who_closes_it_while_a_contact_is_attached_closes_it_after_that(self, owen, skerrow, earlier):
        contact = with_reason("statement", skerrow, by=owen)
        first = Held(lambda: attach(contact, earlier, by=owen))
        first.done.wait(5)

        second = Held(lambda: complete(earlier, by=owen))
        wait_until_blocked()
        first.commit()
        second.commit()

        assert (first.error, second.error) == (None, None)
        assert [event.kind for event in events_for(earlier.case)][-2:] == ["contact_attached", "raised"]

    def test_two_presses_at_once_attach_it_once(self, owen, skerrow, earlier):
        contact = with_reason("statement", skerrow, by=owen)
        first = Held(lambda: attach(contact, earlier, by=owen))
        first.done.wait(5)

        second = Held(lambda: attach(contact, earlier, by=owen))
        wait_until_blocked()
        first.commit()
        second.commit()

        assert (first.error, second.error) == (None, None)
        assert AttachedContact.objects.count() == 1


class TestPages:
    def test_the_step_of_a_reason_offers_what_stands_and_one_press_attaches(self, client, owen, skerrow, earlier):
        contact = with_reason("statement", skerrow, by=owen)
        address = reverse("employers:raising", args=[contact.reference, "statement"])
        page = client.get(address).content.decode()
        assert f'value="{earlier.reference}"' in page
        assert "This call is about this request" in page

        sent = {"key": str(uuid4()), "reason": "statement", "service_request": earlier.reference, "notes": "When?"}
        answer = client.post(f"{contact.get_absolute_url()}attach/", sent)

        assert answer.url == reverse("employers:wrap_up", args=[contact.reference])
        assert fresh(contact).notes == "When?"
        wrap_up = client.get(answer.url).content.decode()
        assert earlier.reference in wrap_up
        assert "No service request needed, because" not in wrap_up
        assert f'value="{earlier.reference}"' not in client.get(address).content.decode()

    def test_a_letter_is_called_one(self, client, owen, skerrow, earlier):
        contact = call_from(skerrow, by=owen, channel="letter")
        services.choose_reasons(contact_id=contact.pk, reasons=["statement"], by=owen, at=MORNING)

        page = client.get(reverse("employers:raising", args=[contact.reference, "statement"])).content.decode()

        assert "This letter is about this request" in page

    def test_each_of_several_requests_is_attached_from_one_form(self, client, owen, skerrow, earlier):
        other = raised("update_details", "UPDATE_EMPLOYER", skerrow, by=owen)
        contact, key = with_reason("statement", skerrow, by=owen), str(uuid4())

        for request in (earlier, other):
            sent = {"key": key, "reason": "statement", "service_request": request.reference}
            client.post(f"{contact.get_absolute_url()}attach/", sent)

        assert {one.request for one in AttachedContact.objects.all()} == {earlier, other}

    def test_a_refusal_keeps_what_was_typed_into_the_form_beside_it(self, client, owen, skerrow, earlier):
        contact = with_reason("complaint", skerrow, by=owen)
        services.cancel(service_request_id=earlier.pk, reason="Not wanted", by=owen, at=MORNING)
        sent = {"key": str(uuid4()), "reason": "complaint", "service_request": earlier.reference}
        sent |= {"kind": "COMPLAINT_REVIEW", "earlier_reference": "Letter 17", "notes": "Rang twice"}

        page = client.post(f"{contact.get_absolute_url()}attach/", sent).content.decode()

        assert "There is a problem" in page
        assert f"Raise a new service request: {earlier.reference} was cancelled by" in page
        assert 'value="Letter 17"' in page
        assert "Rang twice" in page
        assert not AttachedContact.objects.exists()

    def test_the_record_and_the_request_offer_it_in_a_call_that_passed(self, client, owen, skerrow, earlier):
        contact = passed(skerrow, by=owen)
        address = f"{contact.get_absolute_url()}attach/"

        for page in (skerrow.get_absolute_url(), earlier.get_absolute_url()):
            text = client.get(page).content.decode()
            assert address in text
            assert f'name="service_request" value="{earlier.reference}"' in text
        client.post(address, {"key": str(uuid4()), "service_request": earlier.reference})

        assert AttachedContact.objects.get().reason.contact == contact
        assert address not in client.get(earlier.get_absolute_url()).content.decode()

    def test_without_a_call_neither_offers_it(self, client, owen, skerrow, earlier):
        for page in (skerrow.get_absolute_url(), earlier.get_absolute_url()):
            assert "attach/" not in client.get(page).content.decode()

    def test_the_pages_of_both_name_each_other(self, client, owen, skerrow, earlier):
        contact = with_reason("statement", skerrow, by=owen)
        attach(contact, earlier, by=owen, reason="statement")
        services.keep_notes(contact_id=contact.pk, caller_name="", notes="Asked", by=owen, at=LATER)
        services.finish(contact_id=contact.pk, by=owen, at=LATER)

        assert contact.get_absolute_url() in client.get(earlier.get_absolute_url()).content.decode()
        assert earlier.get_absolute_url() in client.get(contact.get_absolute_url()).content.decode()

    def test_a_step_that_refers_to_a_request_offers_what_is_attached(self, client, owen, skerrow, earlier):
        contact = with_reason("general_enquiry", skerrow, by=owen)
        link = raised("nominate_agent", "LINK_AGENT", skerrow, by=owen)
        given = {"contact_id": contact.pk, "reason": "general_enquiry", "kind": "GEN_PROCEDURES"}
        request = services.create_sr(**given, by=owen, at=MORNING)
        attach(contact, link, by=owen, reason="general_enquiry")

        page = client.get(f"{request.get_absolute_url()}?activity=4").content.decode()
        done = {"service_request_id": request.pk, "number": 4, "raised": link.reference}
        services.complete_step(**done, by=owen, at=LATER)

        assert f'value="{link.reference}"' in page
        assert request.activities.get(number=4).raised == link

    def test_an_agent_s_page_offers_what_it_asked_for_and_of_its_one_employer_what_it_may(
        self, client, owen, skerrow, pelham, earlier
    ):
        own = raised("general_enquiry", "GEN_LITERATURE", pelham, by=owen, employer=skerrow.ern)
        closed = raised("update_details", "UPDATE_EMPLOYER", skerrow, by=owen)
        contact = with_reason("statement", pelham, by=owen)

        page = client.get(reverse("employers:raising", args=[contact.reference, "statement"]))

        assert page.context["before"] == [own, earlier]
        assert closed.reference not in page.content.decode()

    def test_five_are_shown_the_newest_first_with_a_link_to_all(self, client, owen, skerrow):
        made = [
            ServiceRequestFactory(employer=skerrow, opened_at=MORNING + timedelta(minutes=minutes))
            for minutes in range(7)
        ]
        contact = with_reason("statement", skerrow, by=owen)

        page = client.get(reverse("employers:raising", args=[contact.reference, "statement"]))

        assert page.context["before"] == made[:1:-1]
        assert reverse("employers:employer-requests", args=[skerrow.ern]) in page.content.decode()

    def test_the_page_of_a_request_takes_as_many_queries_for_twelve_as_for_one(self, client, owen, skerrow, earlier):
        def measured() -> int:
            with CaptureQueriesContext(connection) as captured:
                client.get(earlier.get_absolute_url())
            return len(captured)

        def ring() -> None:
            contact = with_reason("statement", skerrow, by=owen)
            attach(contact, earlier, by=owen, reason="statement")
            services.lose_call(contact_id=contact.pk, by=owen, at=LATER)

        ring()
        for_one = measured()
        for _ in range(11):
            ring()

        assert measured() == for_one
        assert "Earlier ones stand on the timeline" in client.get(earlier.get_absolute_url()).content.decode()
