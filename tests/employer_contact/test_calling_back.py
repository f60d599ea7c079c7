"""Callbacks to employers and agents: arranged, answered in a contact of their own, and ended with it."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.db import transaction
from django.urls import reverse

from contacthub.actor import Actor
from contacthub.callbacks import services as calls
from contacthub.callbacks.lifecycle import CallbackState
from contacthub.callbacks.models import Callback, Kind, Queue
from contacthub.callbacks.outcomes import Outcome
from contacthub.cases.services import lock
from contacthub.errors import MovedOn, NotSetUp, NotThere, Refused, RuleBroken
from contacthub.mail.models import Mailbox, Notice
from contacthub.people.models import StaffMember, Unit
from contacthub.people.roles import Role, UnitKind
from contacthub.people.services import actor_for
from employer_contact import services
from employer_contact.lifecycle import ContactState as State
from employer_contact.models import Contact, IdentityInbox, ServiceRequest
from employer_contact.security import Check
from employer_contact.terms import FoundBy
from tests.contacthub.api.situations import Machine, integrator
from tests.employer_contact.calling import CORRECT, answer, call_from, caseworker, failed, fresh, passed, with_reason
from tests.employer_contact.people import COLUMNS, WELSH, somebody, team
from tests.factories import (
    MORNING,
    EmployerFactory,
    MembershipFactory,
    PayrollAgentFactory,
    StaffMemberFactory,
    UnitFactory,
)
from tests.races import Held, wait_until_blocked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "queues")]
HELD = "+441632960111"


@pytest.fixture
def queues(reference) -> None:
    unit = Unit.objects.filter(kind=UnitKind.WELSH_LANGUAGE_UNIT).first() or UnitFactory(
        code="welsh-unit", kind=UnitKind.WELSH_LANGUAGE_UNIT
    )
    Queue.objects.get_or_create(unit=unit, defaults={"code": "welsh-unit", "caller_words": "We call in Welsh"})
    Queue.objects.create(code="payments-1", unit=team(), caller_words="We call")


@pytest.fixture
def elin(queues) -> Actor:
    """Return somebody of the Welsh Language Unit."""
    return somebody(WELSH, unit=Unit.objects.get(kind=UnitKind.WELSH_LANGUAGE_UNIT))


def welsh(contact: Contact, *, by: Actor, **given) -> Callback:
    services.arrange_welsh(contact_id=contact.pk, **given, by=by, at=MORNING)
    return Callback.objects.get(about_id=contact.pk)


def answered(callback: Callback, *, by: Actor) -> Contact:
    if callback.allocated_to_id is None:
        calls.take(callback_id=callback.pk, by=by, at=MORNING)
    return services.answered(callback_id=callback.pk, by=by, at=MORNING)


def call_back(contact: Contact, *, by: Actor, number: str = "") -> Callback:
    services.finish(contact_id=contact.pk, offer="call_back", number=number, by=by, at=MORNING)
    return Callback.objects.get(about_id=contact.pk)


def now(callback: Callback) -> Callback:
    return Callback.objects.get(pk=callback.pk)


def kinds_of(record) -> list[str]:
    return list(record.case.events.order_by("pk").values_list("kind", flat=True))


class TestWelsh:
    @pytest.mark.proves("EC-13", "EC-69")
    @pytest.mark.parametrize(("make", "security"), [(call_from, "asked_for"), (passed, "passed"), (failed, "failed")])
    def test_a_callback_is_arranged_before_and_after_the_check_and_ends_the_contact(self, owen, make, security):
        employer = EmployerFactory(whole=True, telephone=HELD)
        contact = make(employer, by=owen)

        callback = welsh(contact, by=owen)

        ended = fresh(contact)
        assert (ended.state, ended.ended_at, ended.call_ended_at) == (State.WELSH_CALLBACK, MORNING, MORNING)
        assert (ended.employer, ended.security) == (employer, security)
        assert (callback.kind, callback.language, callback.telephone) == (Kind.WELSH, "cy", HELD)
        assert callback.queue.unit.kind == UnitKind.WELSH_LANGUAGE_UNIT
        assert not contact.checks.filter(ended_at=None).exists()

    def test_the_number_of_the_call_comes_before_the_one_held_and_one_that_is_typed_before_both(self, owen, skerrow):
        ringing = services.open_contact(calling_number="+441632960777", party=skerrow.ern, by=owen, at=MORNING)
        assert welsh(ringing, by=owen).telephone == "+441632960777"

        typed = services.open_contact(calling_number="+441632960777", party=skerrow.ern, by=owen, at=MORNING)
        assert welsh(typed, by=owen, telephone="+441632960778").telephone == "+441632960778"

    def test_where_no_number_is_known_one_is_asked_for_and_nothing_ends(self, owen):
        contact = call_from(None, by=owen)

        with pytest.raises(RuleBroken) as refusal:
            services.arrange_welsh(contact_id=contact.pk, by=owen, at=MORNING)

        assert (refusal.value.code, refusal.value.field) == ("phone_required", "telephone")
        assert fresh(contact).is_open

    def test_without_a_queue_of_the_unit_nothing_ends(self, owen, skerrow):
        Queue.objects.filter(unit__kind=UnitKind.WELSH_LANGUAGE_UNIT).delete()
        contact = call_from(skerrow, by=owen)

        with pytest.raises(NotSetUp):
            services.arrange_welsh(contact_id=contact.pk, by=owen, at=MORNING)

        assert fresh(contact).is_open

    def test_an_agent_is_called_back_in_welsh_too(self, owen):
        callback = welsh(call_from(PayrollAgentFactory(telephone=HELD), by=owen), by=owen)

        assert (callback.customer_type, callback.telephone) == ("Agent", HELD)

    def test_only_who_has_the_contact_arranges_it_and_only_once(self, owen, skerrow):
        contact = call_from(skerrow, by=owen)
        with pytest.raises(MovedOn):
            services.arrange_welsh(contact_id=contact.pk, by=caseworker(), at=MORNING)

        welsh(contact, by=owen)
        with pytest.raises(MovedOn):
            services.arrange_welsh(contact_id=contact.pk, by=owen, at=MORNING)
        assert Callback.objects.count() == 1


class TestAnswered:
    @pytest.mark.proves("EC-13", "EC-14", "EC-69")
    def test_a_contact_opens_with_a_check_of_its_own_and_ends_the_callback(self, owen, elin, skerrow):
        first = passed(skerrow, by=owen)
        callback = welsh(first, by=owen)

        contact = answered(callback, by=elin)

        assert (contact.callback, contact.before.pk, contact.employer) == (callback, first.pk, skerrow)
        assert (contact.state, contact.security, contact.language) == (State.IDENTIFIED, Check.ASKED_FOR, "cy")
        assert (contact.found_by, contact.owner_id) == (FoundBy.CALLBACK, elin.staff_id)
        answer(contact, CORRECT, CORRECT, CORRECT, by=elin)
        assert now(callback).is_open
        services.finish(contact_id=contact.pk, ending="rang_off", by=elin, at=MORNING)

        ended = now(callback)
        assert (ended.state, ended.tries.get().outcome) == (CallbackState.COMPLETED, Outcome.SPOKE)
        assert ended.tries.get().in_time
        assert kinds_of(first)[-2:] == ["arrange_welsh", "callback_ended"]
        assert Notice.objects.filter(person_id=owen.staff_id, words__contains=callback.reference).exists()

    @pytest.mark.proves("EC-14")
    def test_one_who_could_not_be_verified_ends_the_callback_all_the_same(self, owen, elin, skerrow):
        callback = welsh(call_from(skerrow, by=owen), by=owen)
        contact = answered(callback, by=elin)
        services.answer_questions(contact_id=contact.pk, answers={}, gives_up=True, by=elin, at=MORNING)

        services.finish(contact_id=contact.pk, offer="nothing", by=elin, at=MORNING)

        assert fresh(contact).state == State.WRAPPED_UP
        assert (now(callback).state, now(callback).tries.get().outcome) == (CallbackState.COMPLETED, "not_verified")

    def test_pressed_again_it_is_the_same_contact_and_one_that_was_lost_is_taken_up(self, owen, elin, skerrow):
        callback = welsh(call_from(skerrow, by=owen), by=owen)
        contact = answered(callback, by=elin)
        assert answered(now(callback), by=elin) == contact
        services.lose_call(contact_id=contact.pk, by=elin, at=MORNING)
        assert now(callback).is_open

        again = answered(now(callback), by=elin)

        assert (again.pk, again.state, Contact.objects.filter(callback=callback).count()) == (
            contact.pk,
            State.IDENTIFIED,
            1,
        )

    def test_who_was_not_identified_is_chosen_by_hand(self, owen, elin, skerrow):
        callback = welsh(call_from(None, by=owen), by=owen, telephone=HELD)

        contact = answered(callback, by=elin)

        assert (contact.state, contact.language) == (State.STARTED, "cy")
        services.choose_party(contact_id=contact.pk, party=skerrow.ern, by=elin, at=MORNING)
        assert (fresh(contact).security, fresh(contact).language) == (Check.ASKED_FOR, "cy")

    @pytest.mark.proves("EC-13")
    def test_the_unit_raises_a_service_request_in_it_and_in_nothing_else(self, owen, elin, skerrow):
        contact = answered(welsh(call_from(skerrow, by=owen), by=owen), by=elin)
        answer(contact, CORRECT, CORRECT, CORRECT, by=elin)
        services.choose_reasons(contact_id=contact.pk, reasons=["statement"], by=elin, at=MORNING)

        request = services.create_sr(contact_id=contact.pk, reason="statement", kind="STATEMENT", by=elin, at=MORNING)

        assert request.owner_id == elin.staff_id
        with pytest.raises(Refused):
            services.open_contact(by=elin, at=MORNING)
        assert Contact.objects.visible_to(elin).count() == 2  # its own, and the one that it calls back about
        other = passed(EmployerFactory(whole=True), by=owen)
        assert not Contact.objects.visible_to(elin).filter(pk=other.pk).exists()

    def test_the_unit_sends_no_identity_email_in_it_even_where_it_has_an_inbox(self, owen, elin, skerrow):
        callback = welsh(call_from(skerrow, by=owen), by=owen)
        IdentityInbox.objects.create(unit=callback.queue.unit, mailbox=Mailbox.objects.get(code="eir-payments"))
        contact = answered(callback, by=elin)

        with pytest.raises(Refused, match="Only caseworkers"):
            services.offer_identity_email(contact_id=contact.pk, by=elin, at=MORNING)

    def test_only_who_has_the_callback_answers_it(self, owen, elin, skerrow):
        callback = welsh(call_from(skerrow, by=owen), by=owen)
        with pytest.raises(Refused):
            services.answered(callback_id=callback.pk, by=elin, at=MORNING)
        with pytest.raises(NotThere):
            services.answered(callback_id=callback.pk, by=owen, at=MORNING)

    def test_one_who_asks_for_welsh_on_a_callback_ends_it_and_is_called_back_in_welsh(self, owen, skerrow):
        held = call_back(failed(EmployerFactory(whole=True, telephone=HELD), by=owen), by=owen)
        contact = answered(held, by=owen)

        callback = welsh(contact, by=owen)

        assert (now(held).state, callback.kind, callback.telephone) == (CallbackState.COMPLETED, Kind.WELSH, HELD)

    @pytest.mark.parametrize("is_lost", [True, False])
    def test_a_colleague_who_has_the_callback_by_then_goes_on_in_the_contact_with_a_new_check(
        self, owen, elin, skerrow, is_lost
    ):
        callback = welsh(call_from(skerrow, by=owen), by=owen)
        contact = answered(callback, by=elin)
        answer(contact, CORRECT, CORRECT, CORRECT, by=elin)
        if is_lost:
            services.lose_call(contact_id=contact.pk, by=elin, at=MORNING)
        calls.hand_back(callback_id=callback.pk, reason="Off sick", by=elin, at=MORNING)
        mari = somebody(WELSH, unit=callback.queue.unit)

        again = answered(now(callback), by=mari)

        assert (again, again.owner_id, again.security) == (contact, mari.staff_id, Check.ASKED_FOR)
        with pytest.raises(MovedOn):
            services.finish(contact_id=contact.pk, ending="rang_off", by=elin, at=MORNING)
        services.finish(contact_id=contact.pk, ending="rang_off", by=mari, at=MORNING)
        assert now(callback).tries.get().by_id == mari.staff_id

    def test_a_contact_that_was_handed_over_is_not_taken_back_by_who_rang(self, owen, skerrow):
        callback = call_back(failed(EmployerFactory(whole=True, telephone=HELD), by=owen), by=owen)
        contact, gwen = answered(callback, by=owen), caseworker()
        services.hand_over(contact_id=contact.pk, to_id=gwen.staff_id, by=owen, at=MORNING)

        with pytest.raises(MovedOn, match="has this call"):
            answered(now(callback), by=owen)

    def test_who_rings_as_the_callback_is_cancelled_still_has_its_contact_and_the_attempt_is_kept(
        self, owen, elin, skerrow
    ):
        callback = welsh(call_from(skerrow, by=owen), by=owen)
        calls.take(callback_id=callback.pk, by=elin, at=MORNING)
        calls.cancel(callback_id=callback.pk, reason="They rang us", by=elin, at=MORNING)

        contact = answered(now(callback), by=elin)
        services.finish(contact_id=contact.pk, ending="rang_off", by=elin, at=MORNING)

        assert (now(callback).state, now(callback).tries.get().too_late) == (CallbackState.CANCELLED, True)
        with pytest.raises(MovedOn):
            answered(now(callback), by=elin)

    def test_a_callback_that_was_cancelled_meanwhile_stays_so_and_keeps_the_attempt(self, owen, elin, skerrow):
        callback = welsh(call_from(skerrow, by=owen), by=owen)
        contact = answered(callback, by=elin)
        calls.cancel(callback_id=callback.pk, reason="They rang us", by=elin, at=MORNING)

        services.finish(contact_id=contact.pk, ending="rang_off", by=elin, at=MORNING)

        assert now(callback).state == CallbackState.CANCELLED
        assert now(callback).tries.get().too_late
        assert fresh(contact).state == State.WRAPPED_UP

    def test_one_that_was_handed_back_meanwhile_ends_with_its_contact(self, owen, elin, skerrow):
        callback = welsh(call_from(skerrow, by=owen), by=owen)
        contact = answered(callback, by=elin)
        calls.hand_back(callback_id=callback.pk, reason="Off sick", by=elin, at=MORNING)

        services.finish(contact_id=contact.pk, ending="rang_off", by=elin, at=MORNING)

        assert now(callback).state == CallbackState.COMPLETED

    @pytest.mark.parametrize("outcome", [Outcome.SPOKE, Outcome.NOT_VERIFIED])
    def test_what_they_said_is_not_recorded_as_an_attempt(self, owen, elin, skerrow, outcome):
        callback = welsh(call_from(skerrow, by=owen), by=owen)
        calls.take(callback_id=callback.pk, by=elin, at=MORNING)

        with pytest.raises(RuleBroken) as refusal:
            calls.record_attempt(callback_id=callback.pk, outcome=outcome, words="Hello", by=elin, at=MORNING)

        assert refusal.value.code == "outcome_not_offered"

    def test_attempts_and_a_letter_at_the_end_are_told_to_who_asked(self, owen, elin, skerrow):
        first = call_from(skerrow, by=owen)
        callback = welsh(first, by=owen)
        calls.take(callback_id=callback.pk, by=elin, at=MORNING)
        for _ in range(2):
            calls.record_attempt(callback_id=callback.pk, outcome=Outcome.NO_ANSWER, by=elin, at=MORNING)

        assert now(callback).state == CallbackState.UNABLE_TO_CONTACT
        assert kinds_of(first)[-3:] == ["call_tried", "call_tried", "callback_ended"]
        assert Notice.objects.filter(person_id=owen.staff_id, words__contains="Unable to contact").exists()


class TestVoicemail:
    @pytest.mark.parametrize(("authorised", "offers"), [(True, True), (False, False), (None, False)])
    def test_a_message_is_left_only_where_that_is_authorised(self, owen, elin, authorised, offers):
        employer = EmployerFactory(whole=True, telephone=HELD, voicemail_authorised=authorised)
        callback = welsh(call_from(employer, by=owen), by=owen)
        calls.take(callback_id=callback.pk, by=elin, at=MORNING)

        assert (Outcome.LEFT_MESSAGE in calls.offered_for(callback)) is offers
        said = {"callback_id": callback.pk, "outcome": Outcome.LEFT_MESSAGE, "by": elin, "at": MORNING}
        if offers:
            calls.record_attempt(**said)
        else:
            with pytest.raises(RuleBroken, match="No message may be left"):
                calls.record_attempt(**said)


class TestHeldNumber:
    def test_they_are_called_back_only_on_a_number_that_is_held(self, owen):
        employer = EmployerFactory(whole=True, telephone=HELD, additional_telephones=["+441632960112"])
        callback = call_back(failed(employer, by=owen), by=owen, number="Additional telephone number 1")

        assert (callback.kind, callback.telephone) == (Kind.HELD_NUMBER, "+441632960112")
        assert callback.queue.code == "payments-1"

    @pytest.mark.parametrize("number", ["+441632960999", "Fax number"])
    def test_any_other_is_refused_and_nothing_ends(self, owen, number):
        contact = failed(EmployerFactory(whole=True, telephone=HELD), by=owen)

        with pytest.raises(RuleBroken) as refusal:
            call_back(contact, by=owen, number=number)

        assert refusal.value.code == "held_number_required"

    def test_without_a_number_it_is_refused_and_not_offered(self, owen, client):
        contact = failed(EmployerFactory(whole=True, telephone="", additional_telephones=[]), by=owen)

        with pytest.raises(RuleBroken, match="No number is held"):
            call_back(contact, by=owen)
        assert "Call back on a number we hold" not in client.get(failed_page(contact)).content.decode()

    @pytest.mark.proves("EC-14")
    def test_one_that_cannot_be_verified_either_ends_both_and_gives_nothing_away(self, owen, client):
        employer = EmployerFactory(whole=True, telephone=HELD, name="Skerrow Foods Ltd")
        callback = call_back(failed(employer, by=owen), by=owen)
        contact = answered(callback, by=owen)
        services.answer_questions(contact_id=contact.pk, answers={}, gives_up=True, by=owen, at=MORNING)

        assert HELD not in client.get(failed_page(contact)).content.decode()
        services.finish(contact_id=contact.pk, offer="letter", by=owen, at=MORNING)

        assert (now(callback).state, now(callback).tries.get().outcome) == (CallbackState.COMPLETED, "not_verified")
        assert (fresh(contact).state, fresh(contact).security) == (State.WRAPPED_UP, Check.FAILED)


def failed_page(contact: Contact) -> str:
    return reverse("employers:failed", args=[contact.reference])


class TestPages:
    def press(self, client, contact: Contact, name: str, **sent):
        url = reverse(f"employers:{name}", args=[contact.reference])
        return client.post(url, {"key": f"{contact.reference} {name}", **sent})

    @pytest.mark.proves("EC-13")
    def test_welsh_is_one_press_in_the_call(self, client, owen, skerrow):
        contact = call_from(skerrow, by=owen)
        page = client.get(reverse("employers:security", args=[contact.reference])).content.decode()
        assert "Caller wants Welsh: arrange a callback" in page

        done = self.press(client, contact, "welsh", notes="Eisiau siarad Cymraeg: tŷ")

        assert done.url == reverse("employers:new_call")
        assert fresh(contact).state == State.WELSH_CALLBACK
        assert fresh(contact).notes == "Eisiau siarad Cymraeg: tŷ"
        shown = client.get(contact.get_absolute_url()).content.decode()
        assert Callback.objects.get().reference in shown

    def test_a_number_that_is_missing_comes_back_with_an_error_summary(self, client, owen):
        contact = call_from(None, by=owen)

        page = self.press(client, contact, "welsh", telephone="12", notes="Hello").content.decode()

        assert "Enter a telephone number in the correct format" in page
        assert "Enter the number to call" in self.press(client, contact, "welsh", notes="Hello").content.decode()

    @pytest.mark.parametrize("then", ["", "home"])
    def test_who_was_handed_the_contact_of_another_queue_goes_on_with_their_own_work(
        self, client, owen, elin, skerrow, then
    ):
        contact = answered(welsh(call_from(skerrow, by=owen), by=owen), by=elin)
        services.hand_over(contact_id=contact.pk, to_id=owen.staff_id, by=elin, at=MORNING)

        done = self.press(client, contact, "finish", ending="rang_off", then=then)

        assert done.url == reverse("home" if then else "employers:new_call")
        assert now(contact.callback).state == CallbackState.COMPLETED

    def test_administrators_are_told_of_a_queue_that_is_missing(self, client, owen, skerrow):
        administrator = StaffMemberFactory(role=Role.ADMINISTRATOR)
        Queue.objects.all().delete()
        contact = failed(EmployerFactory(whole=True, telephone=HELD), by=owen)

        for _ in range(2):
            shown = self.press(client, contact, "finish", offer="call_back").content.decode()

        assert f"{contact.team} has no queue of callbacks yet" in shown
        [told] = Notice.objects.filter(person=administrator)
        assert (told.words, told.case) == (
            f"{contact.team} has no queue of callbacks yet. Ask an administrator to add it",
            contact.case,
        )
        assert fresh(contact).is_open

    def test_they_answered_stands_in_place_of_spoke(self, client, owen, elin, skerrow):
        callback = welsh(call_from(skerrow, by=owen), by=owen)
        calls.take(callback_id=callback.pk, by=elin, at=MORNING)
        client.force_login(StaffMember.objects.get(pk=elin.staff_id))

        page = client.get(callback.get_absolute_url()).content.decode()
        assert "They answered" in page
        assert 'value="spoke"' not in page
        assert page.count('class="govuk-button"') == 1

        opened = client.post(reverse("employers:answered", args=[callback.reference]), {"key": "a"})
        contact = Contact.objects.get(callback=callback)
        assert opened.url == contact.get_absolute_url()
        step = client.get(opened.url, follow=True).content.decode()
        assert "identity-email/offer" not in step  # which the Unit does not send
        services.answer_questions(contact_id=contact.pk, answers={}, gives_up=True, by=elin, at=MORNING)
        done = self.press(client, contact, "finish", offer="nothing")
        assert done.url == callback.queue.get_absolute_url()
        assert client.get(contact.get_absolute_url()).status_code == 200
        assert client.get(contact.before.get_absolute_url()).status_code == 200

    @pytest.mark.parametrize(
        ("authorised", "words"), [(True, "Leave none in a message"), (False, "Leave no message: voicemail is not")]
    )
    def test_before_the_call_it_says_if_a_message_may_be_left_and_asks_for_no_words_of_one_who_answered(
        self, client, owen, authorised, words
    ):
        employer = EmployerFactory(whole=True, telephone=HELD, voicemail_authorised=authorised)
        callback = call_back(failed(employer, by=owen), by=owen)
        calls.take(callback_id=callback.pk, by=owen, at=MORNING)

        page = client.get(callback.get_absolute_url()).content.decode()

        assert words in page
        assert "Needed where you spoke" not in page

    def test_the_record_of_one_that_ended_without_a_reason_waits_for_none(self, client, owen):
        contact = failed(by=owen)
        services.finish(contact_id=contact.pk, offer="letter", by=owen, at=MORNING)

        record = client.get(contact.get_absolute_url()).content.decode()

        assert '<p class="govuk-body">None</p>' in record
        assert "None yet" not in record

    def test_the_failed_page_offers_a_letter_or_a_call_back(self, client, owen):
        contact = failed(EmployerFactory(whole=True, telephone=HELD), by=owen)

        page = client.get(failed_page(contact)).content.decode()

        assert "Call back on a number we hold" in page
        assert "Send a letter to the address held" in page
        assert HELD not in page
        assert "01632 960111" not in page
        after = self.press(client, contact, "finish", offer="call_back")
        assert Callback.objects.get().telephone == HELD
        said = [str(message) for message in get_messages(after.wsgi_request)]
        assert said == [f"{contact.reference} is finished: Employer payments, Team 1 calls back"]


class TestFollowUp:
    @pytest.fixture
    def request_of(self, owen, skerrow) -> ServiceRequest:
        contact = with_reason("statement", skerrow, by=owen)
        return services.create_sr(contact_id=contact.pk, reason="statement", kind="STATEMENT", by=owen, at=MORNING)

    def ask(self, request: ServiceRequest, *, by: Actor, **given) -> Callback:
        said = {"telephone": HELD, "words": "The statement is on its way"} | given
        services.ask_for_callback(service_request_id=request.pk, **said, by=by, at=MORNING)
        return Callback.objects.get(about_id=request.pk)

    def test_its_owner_asks_its_team_to_ring_with_words(self, owen, request_of):
        callback = self.ask(request_of, by=owen)

        assert (callback.kind, callback.queue.code, callback.words) == (
            Kind.SR_FOLLOW_UP,
            "payments-1",
            "The statement is on its way",
        )
        contact = answered(callback, by=owen)
        assert (contact.before.pk, contact.employer) == (request_of.contact_id, request_of.employer)
        services.finish(contact_id=contact.pk, ending="rang_off", by=owen, at=MORNING)
        assert kinds_of(request_of)[-2:] == ["callback_asked", "callback_ended"]

    def test_it_is_asked_for_on_the_page(self, client, owen, request_of):
        url = f"{request_of.get_absolute_url()}ask-for-callback/"
        assert "Have them called back" in client.get(request_of.get_absolute_url()).content.decode()

        assert "Enter what to say to them" in client.post(url, {"key": "a", "telephone": HELD}).content.decode()
        client.post(url, {"key": "b", "telephone": "01632 960111", "words": "Mae’r datganiad ar ei ffordd"})

        callback = Callback.objects.get(about_id=request_of.pk)
        assert (callback.telephone, callback.words) == (HELD, "Mae’r datganiad ar ei ffordd")
        shown = client.get(request_of.get_absolute_url()).content.decode()
        assert callback.reference in shown
        assert "Have them called back" not in shown

    def test_the_number_they_rang_from_or_else_the_one_held_stands_in_its_box(self, client, owen, request_of, skerrow):
        box = 'name="telephone" value="{}"'
        type(skerrow).objects.filter(pk=skerrow.pk).update(telephone=HELD)
        assert box.format("01632 960111") in client.get(request_of.get_absolute_url()).content.decode()

        Contact.objects.filter(pk=request_of.contact_id).update(calling_number="+441632960112")

        assert box.format("01632 960112") in client.get(request_of.get_absolute_url()).content.decode()

    def test_somebody_else_does_not_and_nobody_asks_twice(self, owen, request_of):
        with pytest.raises(Refused):
            self.ask(request_of, by=caseworker())
        self.ask(request_of, by=owen)
        with pytest.raises(MovedOn):
            self.ask(request_of, by=owen)

    @pytest.mark.parametrize(
        ("given", "code"),
        [({"telephone": ""}, "phone_required"), ({"words": " "}, "words_required"),
         ({"words": "Card 4111 1111 1111 1111"}, "card_number")],
    )  # fmt: skip
    def test_what_is_missing_or_may_not_be_written_is_refused(self, owen, request_of, given, code):
        with pytest.raises(RuleBroken) as refusal:
            self.ask(request_of, by=owen, **given)
        assert refusal.value.code == code


@pytest.mark.parametrize("column", COLUMNS)
def test_who_opens_the_contact_of_a_callback(owen, skerrow, column):
    callback = welsh(call_from(skerrow, by=owen), by=owen)
    person = somebody(column, unit=callback.queue.unit)
    calls.take(callback_id=callback.pk, by=person, at=MORNING)

    if column in ("Employer payments caseworker", "Team leader", "Welsh Language Unit", "Integrator"):
        assert services.answered(callback_id=callback.pk, by=person, at=MORNING).owner_id == person.staff_id
    else:
        with pytest.raises(Refused):
            services.answered(callback_id=callback.pk, by=person, at=MORNING)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    @pytest.mark.parametrize("order", [("end", "cancel"), ("cancel", "end")])
    @pytest.mark.parametrize(
        ("end", "state"),
        [
            (lambda **of: services.finish(ending="rang_off", **of), State.WRAPPED_UP),
            (services.arrange_welsh, State.WELSH_CALLBACK),
        ],
    )
    def test_who_ends_the_contact_and_who_cancels_wait_for_each_other_and_neither_is_lost(
        self, owen, elin, skerrow, order, end, state
    ):
        first = call_from(skerrow, by=owen)
        callback = welsh(first, by=owen)
        contact = answered(callback, by=elin)
        presses = {
            "end": lambda: end(contact_id=contact.pk, by=elin, at=MORNING),
            "cancel": lambda: calls.cancel(callback_id=callback.pk, reason="They rang", by=elin, at=MORNING),
        }
        holds_first = Held(lambda: lock(first.pk))
        holds_first.done.wait(5)
        held = {}
        for number, name in enumerate(order, start=1):
            held[name] = Held(presses[name])
            wait_until_blocked(number=number)

        for one in (holds_first, *held.values()):
            one.may_commit.set()
        for one in (holds_first, *held.values()):
            one.commit()

        assert held["end"].error is None
        assert fresh(contact).state == state
        assert held["cancel"].error is None or isinstance(held["cancel"].error, MovedOn)
        assert not now(callback).is_open
        assert now(callback).tries.get().too_late is (held["cancel"].error is None)

    def test_two_presses_of_they_answered_open_one_contact(self, owen, elin, skerrow):
        callback = welsh(call_from(skerrow, by=owen), by=owen)
        calls.take(callback_id=callback.pk, by=elin, at=MORNING)
        first = Held(lambda: services.answered(callback_id=callback.pk, by=elin, at=MORNING))
        first.done.wait(5)
        second = Held(lambda: services.answered(callback_id=callback.pk, by=elin, at=MORNING))
        wait_until_blocked()
        second.may_commit.set()

        first.commit()
        second.commit()

        assert second.result == first.result
        assert Contact.objects.filter(callback=callback).count() == 1

    def test_a_machine_that_finishes_locks_what_the_callback_is_about_before_its_contact(self, owen, skerrow):
        person = integrator(Role.EMPLOYER_PAYMENTS_CASEWORKER)
        MembershipFactory(person=person, unit=team())
        first = failed(skerrow, by=owen)
        callback = call_back(first, by=owen)
        contact = answered(callback, by=actor_for(person, on=MORNING.date()))
        machine = Machine("contacts:read", "contacts:work", person=person)
        holds_first = Held(lambda: lock(first.pk))
        holds_first.done.wait(5)

        finish = Held(lambda: machine.post(f"contacts/{contact.reference}/finish/", {"offer": "nothing"}))
        wait_until_blocked()

        with transaction.atomic():  # or who answers, and holds the callback, would wait for it, and it for them
            Contact.objects.select_for_update(of=("self",), nowait=True).get(pk=contact.pk)
        finish.may_commit.set()
        holds_first.commit()
        finish.commit()


class TestMachines:
    """The same by REST, with the codes of the page's refusals."""

    @pytest.fixture
    def machine(self, queues) -> Machine:
        return Machine("employers:read", "contacts:read", "contacts:work")

    @pytest.mark.proves("EC-13", "XC-05")
    def test_a_contact_ends_by_a_callback_in_welsh(self, machine, skerrow):
        contact = machine.post("contacts/", {"channel": "letter", "party": skerrow.ern}).json()["reference"]

        ended = machine.post(f"contacts/{contact}/arrange_welsh/", {"telephone": "01632 960111"})

        assert (ended.status_code, ended.json()["state"]["code"]) == (200, "welsh_callback")
        assert Callback.objects.get().telephone == HELD

    def test_without_a_number_it_is_refused_by_its_code(self, machine):
        contact = machine.post("contacts/", {"channel": "letter"}).json()["reference"]

        refused = machine.post(f"contacts/{contact}/arrange_welsh/", {})

        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "phone_required")

    def test_a_callback_that_is_not_seen_is_not_there(self, machine, owen, skerrow):
        callback = welsh(call_from(skerrow, by=owen), by=owen)

        assert machine.post(f"callbacks/{callback.reference}/answered/", {}).status_code == 404
