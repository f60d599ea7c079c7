"""The services of a contact: from the call to its end, and what each refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from contacthub.cases.models import Event
from contacthub.deadlines.models import FollowUp
from contacthub.errors import DomainError, MovedOn, NotThere, Refused, RuleBroken
from contacthub.mail.models import Notice
from employer_contact import services
from employer_contact.lifecycle import ContactState as State
from employer_contact.models import AskedQuestion, Contact, SecurityCheck
from tests.employer_contact.calling import (
    CORRECT,
    NOT_KNOWN,
    WRONG,
    answer,
    call_from,
    caseworker,
    failed,
    fresh,
    passed,
    to_answer,
)
from tests.employer_contact.people import (
    INTEGRATOR,
    LEADER,
    NOBODY,
    OTHER,
    WELSH,
    somebody,
    team,
)
from tests.factories import MORNING, EmployerFactory, PayrollAgentFactory
from tests.races import Held, wait_until_blocked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
LATER = MORNING + timedelta(minutes=3)


def agent(**given):
    held = {"address1": "3 Corn Street", "postcode": "ZZ99 1AA", "telephone": "+442079460391"}
    return PayrollAgentFactory(name="Pelham Payroll LLP", **held | given)


def kinds_of(contact: Contact) -> list[str]:
    return list(contact.case.events.order_by("pk").values_list("kind", flat=True))


@pytest.mark.proves("EC-04", "EC-14", "EC-16", "EC-26", "EC-27")
def test_a_call_is_opened_by_hand_and_goes_through_three_answers_and_a_reason_to_its_end(owen, skerrow):
    contact = call_from(skerrow, by=owen)
    answer(contact, CORRECT, CORRECT, CORRECT, by=owen)
    services.keep_notes(contact_id=contact.pk, caller_name="Marged", notes="Wants a form", by=owen, at=MORNING)
    services.choose_reasons(contact_id=contact.pk, reasons=["statement"], by=owen, at=MORNING)
    services.finish(contact_id=contact.pk, why_none={"statement": "Found it on screen"}, by=owen, at=LATER)

    ended = fresh(contact)
    assert (ended.state, ended.talk_time) == (State.WRAPPED_UP, timedelta(minutes=3))
    assert ended.reasons.get().why_none == "Found it on screen"
    assert kinds_of(contact) == ["opened", "identify", "answered", "pass_security", "record_reason", "finish"]


class TestOpening:
    @pytest.mark.proves("EC-23")
    def test_an_ern_that_was_keyed_brings_the_employer(self, owen, skerrow):
        contact = services.open_contact(number_keyed="900000006", by=owen, at=MORNING)

        assert (contact.employer, contact.state, contact.found_by) == (skerrow, State.IDENTIFIED, "keyed")

    @pytest.mark.proves("EC-24")
    def test_a_trn_brings_nobody(self, owen, skerrow):
        contact = services.open_contact(number_keyed="4471902", by=owen, at=MORNING)

        assert (contact.party, contact.state) == (None, State.STARTED)

    @pytest.mark.proves("EC-25")
    @pytest.mark.parametrize(
        ("keyed", "how"), [("", "nothing_keyed"), ("4471902", "nobodys_number"), ("900000006", "keyed")]
    )
    def test_how_the_employer_was_found_follows_from_the_number_keyed(self, owen, skerrow, keyed, how):
        contact = services.open_contact(number_keyed=keyed, party="900000006", by=owen, at=MORNING)

        assert contact.found_by == how

    def test_the_number_of_somebody_else_is_told_apart(self, owen, skerrow):
        EmployerFactory(whole=True, ern="900000007")

        contact = services.open_contact(number_keyed="900000006", party="900000007", by=owen, at=MORNING)

        assert contact.found_by == "anothers_number"

    def test_a_call_is_opened_once(self, owen):
        first = services.open_contact(call_id="call-1", by=owen, at=MORNING)

        assert services.open_contact(call_id="call-1", by=owen, at=LATER) == first
        assert Contact.objects.count() == 1

    def test_a_colleague_learns_who_has_the_call(self, owen):
        contact = services.open_contact(call_id="call-1", by=owen, at=MORNING)

        with pytest.raises(MovedOn, match=f"has this call: {contact.reference}"):
            services.open_contact(call_id="call-1", by=caseworker(), at=LATER)

    @pytest.mark.parametrize("who", [OTHER, WELSH, NOBODY])
    def test_nobody_else_takes_calls_that_come_in(self, who, skerrow):
        with pytest.raises(Refused):
            call_from(skerrow, by=somebody(who))
        assert not Contact.objects.exists()

    @pytest.mark.proves("EC-15")
    @pytest.mark.parametrize(
        ("channel", "direction"),
        [("letter", "inbound"), ("fax", "inbound"), ("email", "inbound"), ("telephone", "outbound")],
    )
    def test_no_check_is_asked_of_what_is_written_or_of_a_call_that_we_make(self, owen, skerrow, channel, direction):
        contact = call_from(skerrow, by=owen, channel=channel, direction=direction)

        assert contact.state == State.SECURITY_NOT_REQUIRED
        assert not SecurityCheck.objects.exists()

    @pytest.mark.proves("EC-65")
    def test_another_caseworker_rings_out_to_gather_information(self, skerrow):
        other = somebody(OTHER, unit=team())

        contact = call_from(skerrow, by=other, direction="outbound")

        assert contact.state == State.SECURITY_NOT_REQUIRED


class TestSecurity:
    @pytest.mark.proves("EC-17", "EC-22")
    def test_three_different_questions_are_asked_of_those_that_have_a_value(self, owen):
        held = {"email": "a@b.example", "fax": "+441632960129", "voicemail_authorised": False}
        contact = call_from(EmployerFactory(**held), by=owen)

        assert sorted(to_answer(contact)) == ["e_email", "e_fax", "e_voicemail"]

    @pytest.mark.proves("EC-21")
    def test_an_agent_is_asked_from_the_set_of_agents(self, owen):
        contact = call_from(agent(), by=owen)

        assert {code[0] for code in to_answer(contact)} == {"a"}

    @pytest.mark.proves("EC-22")
    def test_fewer_than_three_values_cannot_pass(self, owen):
        contact = call_from(EmployerFactory(email="a@b.example", fax="+441632960129"), by=owen)

        assert fresh(contact).state == State.SECURITY_FAILED

    def test_a_wrong_answer_brings_a_substitute_and_the_check_can_still_pass(self, owen, skerrow):
        contact = call_from(skerrow, by=owen)
        answer(contact, CORRECT, WRONG, CORRECT, by=owen)

        assert len(to_answer(contact)) == 1
        answer(contact, CORRECT, by=owen)
        assert fresh(contact).state == State.SECURITY_PASSED

    def test_two_substitutes_at_most(self, owen, skerrow):
        contact = call_from(skerrow, by=owen)
        answer(contact, WRONG, NOT_KNOWN, CORRECT, by=owen)
        answer(contact, CORRECT, WRONG, by=owen)

        assert fresh(contact).state == State.SECURITY_FAILED

    def test_a_question_without_an_outcome_keeps_nothing(self, owen, skerrow):
        contact = call_from(skerrow, by=owen)
        first, *_ = to_answer(contact)

        with pytest.raises(RuleBroken, match="correct, wrong or not known"):
            services.answer_questions(contact_id=contact.pk, answers={first: CORRECT}, by=owen, at=MORNING)
        assert not AskedQuestion.objects.exclude(outcome="").exists()

    @pytest.mark.proves("EC-18")
    def test_the_fax_flag_is_written_once_the_check_passes(self, owen):
        employer = EmployerFactory(email="a@b.example", fax="+441632960129", voicemail_authorised=True)
        contact = call_from(employer, by=owen)
        answer(contact, CORRECT, CORRECT, CORRECT, by=owen, prefers_fax=True)

        employer.refresh_from_db()
        assert employer.prefers_fax
        assert Event.objects.get(subject_label="employer_contact.employer").words.text == "Preferred fax flag: no → yes"

    @pytest.mark.proves("EC-18")
    def test_the_fax_flag_stays_where_the_check_fails(self, owen):
        employer = EmployerFactory(email="a@b.example", fax="+441632960129", voicemail_authorised=True)
        contact = call_from(employer, by=owen)
        answer(contact, WRONG, CORRECT, CORRECT, by=owen, prefers_fax=True)

        employer.refresh_from_db()
        assert not employer.prefers_fax

    def test_every_attempt_is_on_the_timeline_by_question_and_outcome_alone(self, owen, skerrow):
        contact = call_from(skerrow, by=owen)
        answer(contact, WRONG, CORRECT, CORRECT, by=owen)

        told = contact.case.events.get(kind="answered").words.text
        assert sorted(one.rpartition(": ")[2] for one in told.split(". ")) == ["correct", "correct", "wrong"]
        for held in ("960129", "payroll@", "Orla", "28", "Maltings"):
            assert held not in told

    @pytest.mark.proves("XC-04")
    def test_what_was_asked_stands_as_it_was_worded_then(self, owen, skerrow):
        contact = call_from(skerrow, by=owen)
        asked = contact.checks.get().asked.select_related("question").first()
        before = asked.question.label
        asked.question.label = "Worded anew"
        asked.question.save()

        answer(contact, CORRECT, CORRECT, CORRECT, by=owen)

        assert contact.checks.get().asked.get(pk=asked.pk).label == before
        assert "Worded anew" not in contact.case.events.get(kind="answered").words.text

    def test_the_third_failure_of_one_record_in_24_hours_tells_the_lead(self, owen, skerrow):
        lead = somebody(LEADER, unit=team())
        failed(skerrow, by=owen)
        failed(skerrow, by=owen)
        assert not Notice.objects.exists()

        third = failed(skerrow, by=owen)

        notice = Notice.objects.get()
        assert notice.person_id == lead.staff_id
        assert notice.words == (
            f"Skerrow Foods Ltd: 3 security checks failed in 24 hours, the latest in {third.reference}"
        )

    def test_a_record_whose_check_failed_cannot_be_chosen_again_in_the_same_contact(self, owen, skerrow):
        contact = failed(skerrow, by=owen)
        services.choose_again(contact_id=contact.pk, by=owen, at=MORNING)

        with pytest.raises(RuleBroken) as refusal:
            services.choose_party(contact_id=contact.pk, party="900000006", by=owen, at=MORNING)
        assert refusal.value.code == "failed_here"

    @pytest.mark.proves("EC-14")
    def test_what_was_passed_goes_with_the_record_and_with_the_call(self, owen, skerrow):
        for change in (services.choose_again, services.lose_call):
            contact = passed(skerrow, by=owen)
            change(contact_id=contact.pk, by=owen, at=MORNING)
            assert not fresh(contact).is_unlocked

    @pytest.mark.parametrize("who", [OTHER, WELSH, INTEGRATOR])
    def test_others_do_not_ask_the_questions(self, owen, skerrow, who):
        contact = call_from(skerrow, by=owen)
        stranger = somebody(who)
        Contact.objects.filter(pk=contact.pk).update(owner_id=stranger.staff_id)

        with pytest.raises(Refused):
            answer(contact, CORRECT, CORRECT, CORRECT, by=stranger)


def act_on(contact: Contact, name: str, by) -> None:
    """Call a service of the account or of the request, as somebody who goes round the pages."""
    given = {"choose_reasons": {"reasons": ["statement"]}}.get(name, {"reason": "statement"})
    getattr(services, name)(contact_id=contact.pk, **given, by=by, at=MORNING)


class TestGate:
    @pytest.mark.proves("EC-14")
    @pytest.mark.parametrize("name", ["choose_reasons", "take_back_reason", "refuse_reason"])
    @pytest.mark.parametrize("make", [call_from, failed])
    def test_no_action_is_taken_before_the_check_is_passed(self, owen, skerrow, make, name):
        contact = make(skerrow, by=owen)

        with pytest.raises(RuleBroken) as refusal:
            act_on(contact, name, owen)
        assert refusal.value.code == "security_required"
        assert not contact.reasons.exists()


class TestReasons:
    @pytest.mark.proves("EC-05")
    def test_several_reasons_are_ticked_in_one_contact(self, owen):
        contact = passed(by=owen)
        services.choose_reasons(contact_id=contact.pk, reasons=["statement"], by=owen, at=MORNING)
        services.choose_reasons(contact_id=contact.pk, reasons=["complaint", "statement"], by=owen, at=MORNING)

        assert [one.reason.code for one in contact.reasons.all()] == ["statement", "complaint"]

    def test_what_was_typed_counts_where_it_fits_in_one_reason_alone(self, owen):
        contact = passed(by=owen)
        services.choose_reasons(contact_id=contact.pk, reasons=[], find="general enq", by=owen, at=MORNING)

        assert contact.reasons.get().reason.code == "general_enquiry"

    @pytest.mark.parametrize("given", [{"reasons": []}, {"reasons": [], "find": "e"}, {"reasons": ["nonsense"]}])
    def test_no_reason_is_refused(self, owen, given):
        contact = passed(by=owen)

        with pytest.raises(RuleBroken, match="Select the reason for the contact"):
            services.choose_reasons(contact_id=contact.pk, **given, by=owen, at=MORNING)

    @pytest.mark.proves("EC-08", "EC-67")
    @pytest.mark.parametrize("reason", ["self_service", "complaint", "nominate_agent", "change_agent"])
    def test_what_only_the_employer_may_ask_is_refused_to_an_agent_in_these_words(self, owen, reason):
        contact = passed(agent(), by=owen)

        with pytest.raises(RuleBroken) as refusal:
            services.choose_reasons(contact_id=contact.pk, reasons=[reason], by=owen, at=MORNING)
        assert refusal.value.code == "employer_only"
        assert refusal.value.message == (
            "Only the employer can ask for this. Ask the agent to have the employer contact us"
        )

    @pytest.mark.proves("EC-67")
    def test_what_the_agent_asked_for_stays_on_the_contact(self, owen):
        contact = passed(agent(), by=owen)
        services.refuse_reason(contact_id=contact.pk, reason="self_service", by=owen, at=MORNING)
        services.finish(contact_id=contact.pk, ending="employer_must_ask", by=owen, at=MORNING)

        assert fresh(contact).refused_reason.code == "self_service"

    def test_a_reason_that_is_open_is_not_refused(self, owen):
        contact = passed(by=owen)

        with pytest.raises(RuleBroken):
            services.refuse_reason(contact_id=contact.pk, reason="statement", by=owen, at=MORNING)

    def test_the_last_reason_taken_back_leaves_a_contact_without_one(self, owen):
        contact = passed(by=owen)
        services.choose_reasons(contact_id=contact.pk, reasons=["statement"], by=owen, at=MORNING)
        services.take_back_reason(contact_id=contact.pk, reason="statement", by=owen, at=MORNING)

        with pytest.raises(RuleBroken, match="Select why this ends without a reason"):
            services.finish(contact_id=contact.pk, by=owen, at=MORNING)


class TestEnd:
    def test_each_reason_needs_words_and_the_contact_notes(self, owen):
        contact = passed(by=owen)
        services.choose_reasons(contact_id=contact.pk, reasons=["statement", "complaint"], by=owen, at=MORNING)

        with pytest.raises(RuleBroken) as refusal:
            services.finish(contact_id=contact.pk, why_none={"statement": "Found it"}, by=owen, at=MORNING)
        assert [one.field for one in refusal.value.all] == ["why_complaint", "notes"]

    @pytest.mark.parametrize(("make", "ending"), [(call_from, "rang_off"), (passed, "gathered")])
    def test_words_say_why_a_contact_ends_without_a_reason(self, owen, skerrow, make, ending):
        contact = make(skerrow, by=owen)
        services.finish(contact_id=contact.pk, ending=ending, by=owen, at=MORNING)

        assert (fresh(contact).state, fresh(contact).ending) == (State.WRAPPED_UP, ending)

    @pytest.mark.parametrize(("make", "ending"), [(call_from, "third_party"), (passed, "no_record"), (passed, "")])
    def test_words_that_are_not_true_of_a_party_end_nothing(self, owen, skerrow, make, ending):
        contact = make(skerrow, by=owen)

        with pytest.raises(RuleBroken, match="Select why this ends without a reason"):
            services.finish(contact_id=contact.pk, ending=ending, by=owen, at=MORNING)

    @pytest.mark.proves("EC-66")
    def test_nobody_identified_ends_with_words(self, owen):
        contact = call_from(None, by=owen)
        services.finish(contact_id=contact.pk, ending="third_party", by=owen, at=MORNING)

        assert contact.case.events.get(kind="finish").words.text == "Not an employer or agent: Complaint - Third Party"

    def test_something_else_needs_words(self, owen):
        contact = call_from(None, by=owen)

        with pytest.raises(RuleBroken) as refusal:
            services.finish(contact_id=contact.pk, ending="other", words=" ", by=owen, at=MORNING)
        assert refusal.value.field == "words"

    def test_a_failed_check_ends_with_a_letter_for_the_team(self, owen, skerrow):
        contact = failed(skerrow, by=owen)
        services.finish(contact_id=contact.pk, offer="letter", by=owen, at=MORNING)

        letter = contact.case.follow_ups.get()
        assert (letter.unit, letter.kind, letter.due_at) == (contact.team, "letter", MORNING + timedelta(days=1))

    @pytest.mark.parametrize(
        ("day", "due"),
        [
            (date(2026, 6, 12), datetime(2026, 6, 12, 16, tzinfo=UTC)),  # 5pm in the UK
            (date(2026, 6, 13), datetime(2026, 6, 15, 16, tzinfo=UTC)),  # a Saturday
            (date(2026, 6, 3), datetime(2026, 6, 3, 16, tzinfo=UTC)),  # today
        ],
    )
    def test_the_day_that_they_name_is_the_one_on_which_it_is_expected(self, owen, skerrow, day, due):
        call = call_from(skerrow, by=owen)

        services.finish(
            contact_id=call.pk, ending="will_send", expected="expected_post", expected_on=day, by=owen, at=MORNING
        )

        assert FollowUp.objects.get().due_at == due

    @pytest.mark.parametrize("day", [date(2026, 6, 2), date(2027, 6, 4), date(9999, 12, 31)])
    def test_a_day_that_is_past_or_far_off_is_refused(self, owen, skerrow, day):
        call = call_from(skerrow, by=owen)

        with pytest.raises(RuleBroken) as refusal:
            services.finish(
                contact_id=call.pk, ending="will_send", expected="expected_call", expected_on=day, by=owen, at=MORNING
            )

        assert (refusal.value.field, refusal.value.message) == (
            "expected_on",
            "Enter a day from today on, within a year",
        )
        assert fresh(call).is_open

    @pytest.mark.parametrize(("expected", "days"), [("expected_call", 2), ("expected_post", 7), ("letter", 1)])
    def test_what_they_will_send_is_expected_by_the_team(self, owen, skerrow, expected, days):
        contact = passed(skerrow, by=owen)
        given = {"contact_id": contact.pk, "ending": "will_send", "words": "The schedule", "by": owen, "at": MORNING}

        with pytest.raises(RuleBroken) as refusal:
            services.finish(**given)
        services.finish(**given, expected=expected)

        told = "Select what to expect: a call, post, or a letter that we send to be completed"
        assert (refusal.value.field, refusal.value.message) == ("expected", told)
        follow_up = contact.case.follow_ups.get()
        assert (follow_up.unit, follow_up.kind, follow_up.due_at) == (
            contact.team, expected, MORNING + timedelta(days=days),
        )  # fmt: skip
        assert follow_up.words == "Skerrow Foods Ltd, ERN 900000006: The schedule"

    def test_what_is_expected_says_of_whom_however_long_name_and_words_are(self, owen):
        long = EmployerFactory(whole=True, ern="900000077", name="Cymdeithas " + "w" * 150 + " Cyf")
        contact = passed(long, by=owen)

        services.finish(
            contact_id=contact.pk, ending="will_send", expected="letter", words="The schedule, " * 14, by=owen,
            at=MORNING,
        )  # fmt: skip

        words = contact.case.follow_ups.get().words
        assert words.startswith("Cymdeithas w")
        assert "… Cyf, ERN 900000077: The schedule, The" in words.replace("w", "")
        assert len(words) == 200

    @pytest.mark.parametrize("offer", ["", "callback"])
    def test_a_failed_check_ends_only_with_what_may_be_offered(self, owen, skerrow, offer):
        contact = failed(skerrow, by=owen)

        with pytest.raises(RuleBroken, match="Select what you offer"):
            services.finish(contact_id=contact.pk, offer=offer, by=owen, at=MORNING)

    def test_a_contact_that_ended_is_closed(self, owen, skerrow):
        contact = call_from(None, by=owen)
        services.finish(contact_id=contact.pk, ending="no_record", by=owen, at=MORNING)

        for again in (
            lambda: services.finish(contact_id=contact.pk, ending="no_record", by=owen, at=MORNING),
            lambda: services.choose_party(contact_id=contact.pk, party="900000006", by=owen, at=MORNING),
            lambda: services.keep_notes(contact_id=contact.pk, caller_name="", notes="x", by=owen, at=MORNING),
        ):
            with pytest.raises(MovedOn):
                again()


class TestCall:
    def test_a_call_that_was_lost_is_kept_and_asks_for_security_again(self, owen, skerrow):
        contact = passed(skerrow, by=owen)
        services.choose_reasons(contact_id=contact.pk, reasons=["statement"], by=owen, at=MORNING)
        services.lose_call(contact_id=contact.pk, by=owen, at=MORNING)
        mari = caseworker()
        services.resume_call(contact_id=contact.pk, by=mari, at=LATER)

        resumed = fresh(contact)
        assert (resumed.state, resumed.employer, resumed.owner_id) == (State.IDENTIFIED, skerrow, mari.staff_id)
        with pytest.raises(RuleBroken) as refusal:
            act_on(contact, "choose_reasons", mari)
        assert refusal.value.code == "security_required"
        answer(contact, CORRECT, CORRECT, CORRECT, by=mari)
        assert fresh(contact).state == State.REASON_RECORDED

    @pytest.mark.proves("EC-14")
    def test_a_check_that_failed_stays_failed_when_the_call_is_lost_and_taken_up_again(self, owen, skerrow):
        contact = failed(skerrow, by=owen)
        services.lose_call(contact_id=contact.pk, by=owen, at=MORNING)

        services.resume_call(contact_id=contact.pk, by=owen, at=LATER)

        assert (fresh(contact).state, fresh(contact).security) == (State.SECURITY_FAILED, "failed")
        assert contact.checks.get().result == "failed"
        assert not contact.checks.filter(ended_at=None).exists()

    def test_a_letter_is_not_lost(self, owen, skerrow):
        contact = call_from(skerrow, by=owen, channel="letter")

        for end in (services.lose_call, services.end_call):
            with pytest.raises(RuleBroken):
                end(contact_id=contact.pk, by=owen, at=MORNING)

    def test_talk_time_stands_once_the_call_has_ended(self, owen, skerrow):
        contact = passed(skerrow, by=owen)
        services.end_call(contact_id=contact.pk, by=owen, at=LATER)
        services.finish(contact_id=contact.pk, ending="gathered", by=owen, at=LATER + timedelta(minutes=5))

        assert fresh(contact).talk_time == timedelta(minutes=3)

    def test_a_colleague_gets_everything_and_is_told(self, owen, skerrow):
        contact, mari = passed(skerrow, by=owen), caseworker()
        services.hand_over(contact_id=contact.pk, to_id=mari.staff_id, by=owen, at=MORNING)

        assert fresh(contact).is_unlocked
        assert Notice.objects.get().person_id == mari.staff_id
        with pytest.raises(MovedOn, match="has this now"):
            services.keep_notes(contact_id=contact.pk, caller_name="", notes="late", by=owen, at=MORNING)
        services.choose_reasons(contact_id=contact.pk, reasons=["statement"], by=mari, at=MORNING)

    def test_the_lead_of_the_team_hands_over_and_others_do_not(self, owen, skerrow):
        contact, mari = call_from(skerrow, by=owen), caseworker()

        with pytest.raises(Refused):
            services.hand_over(contact_id=contact.pk, to_id=mari.staff_id, by=mari, at=MORNING)
        services.hand_over(contact_id=contact.pk, to_id=mari.staff_id, by=somebody(LEADER, unit=team()), at=MORNING)
        assert fresh(contact).owner_id == mari.staff_id

    @pytest.mark.parametrize("to", [None, 0])
    def test_nobody_is_no_colleague(self, owen, skerrow, to):
        contact = call_from(skerrow, by=owen)

        with pytest.raises(RuleBroken, match="Select a colleague"):
            services.hand_over(contact_id=contact.pk, to_id=to, by=owen, at=MORNING)

    def test_card_numbers_are_never_written_down(self, owen):
        contact = call_from(None, by=owen)

        with pytest.raises(RuleBroken) as refusal:
            services.keep_notes(
                contact_id=contact.pk, caller_name="", notes="Card 4111 1111 1111 1111", by=owen, at=MORNING
            )
        assert refusal.value.field == "notes"
        assert fresh(contact).notes == ""


def test_those_who_may_not_see_a_contact_find_none(owen, skerrow):
    contact = call_from(skerrow, by=owen)

    for who in (OTHER, WELSH, INTEGRATOR, NOBODY):
        with pytest.raises(NotThere):
            services.end_call(contact_id=contact.pk, by=somebody(who), at=MORNING)


def test_the_database_knows_no_reason_without_a_passed_check(owen, skerrow):
    contact = call_from(skerrow, by=owen)

    with pytest.raises(Exception, match="contact_security_is_of_its_state"), connection.cursor() as cursor:
        cursor.execute("update employer_contact_contact set state = 'reason_recorded' where case_id = %s", [contact.pk])


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_a_call_at_once_one_has_it(reference):
    owen, mari = caseworker(), caseworker()
    first = Held(lambda: services.open_contact(call_id="call-1", by=owen, at=MORNING))
    first.done.wait(5)
    second = Held(lambda: services.open_contact(call_id="call-1", by=mari, at=MORNING))
    wait_until_blocked()
    first.commit()
    second.commit()

    assert isinstance(second.error, MovedOn)
    assert Contact.objects.get().owner_id == owen.staff_id


@pytest.mark.django_db(transaction=True)
def test_of_two_who_end_a_contact_at_once_the_second_is_refused(reference):
    owen = caseworker()
    contact = call_from(None, by=owen)
    finish = {"contact_id": contact.pk, "ending": "no_record", "by": owen, "at": MORNING}
    first = Held(lambda: services.finish(**finish))
    first.done.wait(5)
    second = Held(lambda: services.finish(**finish))
    wait_until_blocked()
    first.commit()
    second.commit()

    assert isinstance(second.error, DomainError)
    assert kinds_of(contact).count("finish") == 1


@pytest.mark.proves("EC-25")
@pytest.mark.parametrize(
    ("end", "given"),
    [(services.lose_call, {}), (services.choose_again, {}), (services.finish, {"ending": "rang_off"})],
)
def test_a_check_that_came_to_no_result_ends_with_what_it_was_asked_for(owen, end, given):
    contact = call_from(EmployerFactory(whole=True), by=owen)

    end(contact_id=contact.pk, **given, by=owen, at=MORNING)

    assert [check.ended_at for check in contact.checks.all()] == [MORNING]
