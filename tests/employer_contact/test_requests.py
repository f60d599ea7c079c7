"""Service requests: raised from a contact's reason, worked on step by step, closed with the case update."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError

from contacthub.deadlines.models import FollowUp
from contacthub.deadlines.services import NEVER, take_step
from contacthub.errors import MovedOn, NotThere, Refused, RuleBroken
from contacthub.mail.models import Mailbox, Message, Notice
from employer_contact import services
from employer_contact.details import EmployerDetails, details_of
from employer_contact.lifecycle import ContactState
from employer_contact.lifecycle import RequestState as State
from employer_contact.models import Activity, AgentLink, Employer, EmployerNote, ServiceRequest
from employer_contact.plans import Doing, Status
from employer_contact.raising import next_to_raise
from employer_contact.services import LineUpdate, Reported
from tests.employer_contact.calling import call_from, caseworker, fresh, with_reason
from tests.employer_contact.people import COLUMNS, somebody, team
from tests.factories import (
    MORNING,
    AgentLinkFactory,
    DeoScheduleFactory,
    EmployerFactory,
    EmploymentFactory,
    MaintenanceCaseFactory,
    PayingParentFactory,
    PayrollAgentFactory,
    ScheduleLineFactory,
)
from tests.races import Held, wait_until_blocked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
CASEWORKER, OTHER, LEADER, WELSH, OWNER, INTEGRATOR, ADMINISTRATOR, NOBODY = COLUMNS
LATER = MORNING + timedelta(minutes=3)


def raised(kind: str, reason: str, party=None, *, by, **details) -> ServiceRequest:
    contact = with_reason(reason, party, by=by)
    return services.create_sr(
        contact_id=contact.pk, reason=reason, kind=kind, details=services.Details(**details), by=by, at=MORNING
    )


def again(request: ServiceRequest) -> ServiceRequest:
    return ServiceRequest.objects.whole().get(pk=request.pk)


def complete(request: ServiceRequest, number: int, words: str = "Done", **given) -> ServiceRequest:
    given = {"by": given.pop("by"), "at": LATER, **given}
    return services.complete_step(service_request_id=request.pk, number=number, words=words, **given)


@pytest.mark.proves("EC-07", "EC-28", "EC-29")
def test_a_reason_leads_to_a_request_whose_steps_are_completed_until_it_closes_with_the_case_update(owen, skerrow):
    request = raised("GEN_PROCEDURES", "general_enquiry", skerrow, by=owen)
    complete(request, 1, "How to report a leaver", by=owen)
    complete(request, 2, "Online or by telephone, within 10 days", by=owen)
    for number in (3, 4):
        services.mark_not_needed(
            service_request_id=request.pk, number=number, reason="Nothing wanted", by=owen, at=LATER
        )
    complete(request, 5, "Explained how to report a leaver", by=owen)

    closed = again(request)
    assert (closed.triple, closed.state) == ("Employer / Info Requested / Update Procedures", State.COMPLETED)
    assert (closed.case_update, closed.ended_at) == ("Explained how to report a leaver", LATER)
    assert EmployerNote.objects.get().about == request.reference
    kinds = list(closed.case.events.order_by("pk").values_list("kind", flat=True))
    assert kinds == [
        "raised", "begin", "completed", "completed", "not_needed", "not_needed", "completed", "complete",
    ]  # fmt: skip


AGENT = {"address1": "3 Corn Street", "postcode": "ZZ99 1AA", "telephone": "+442079460391"}


def refusal_of(service, **given) -> str:
    with pytest.raises((RuleBroken, MovedOn, Refused, NotThere)) as refused:
        service(**given)
    return refused.value.code


class TestRaising:
    @pytest.mark.proves("EC-14")
    def test_a_contact_whose_check_is_not_passed_gets_none(self, owen, skerrow):
        contact = call_from(skerrow, by=owen)

        code = refusal_of(
            services.create_sr, contact_id=contact.pk, reason="statement", kind="STATEMENT", by=owen, at=MORNING
        )

        assert code == "security_required"
        assert not ServiceRequest.objects.exists()

    @pytest.mark.proves("EC-15", "EC-05")
    def test_a_letter_that_asks_for_a_statement_and_a_new_name_is_one_contact_with_two_requests(self, owen, skerrow):
        contact = call_from(skerrow, by=owen, channel="letter")
        services.choose_reasons(contact_id=contact.pk, reasons=["statement", "update_details"], by=owen, at=MORNING)

        for reason, kind in (("statement", "STATEMENT"), ("update_details", "UPDATE_EMPLOYER")):
            services.create_sr(contact_id=contact.pk, reason=reason, kind=kind, by=owen, at=MORNING)

        assert set(contact.requests.values_list("sub_area", "security")) == {
            ("Statement Request", "not_required"), ("Update Employer Details", "not_required"),
        }  # fmt: skip

    def test_a_reason_that_is_not_ticked_leads_to_none(self, owen, skerrow):
        contact = with_reason("statement", skerrow, by=owen)

        code = refusal_of(
            services.create_sr, contact_id=contact.pk, reason="complaint", kind="COMPLAINT_RESOLUTION", by=owen,
            at=MORNING,
        )  # fmt: skip

        assert code == "reason_required"

    @pytest.mark.proves("EC-68")
    def test_an_agent_whose_link_has_ended_raises_none_about_the_employer(self, owen, skerrow):
        agent = PayrollAgentFactory(**AGENT)
        AgentLinkFactory(employer=skerrow, agent=agent, ends_on=date(2026, 6, 2))
        contact = with_reason("statement", agent, by=owen)

        code = refusal_of(
            services.create_sr, contact_id=contact.pk, reason="statement", kind="STATEMENT",
            details=services.Details(employer=skerrow.ern), by=owen, at=MORNING,
        )  # fmt: skip

        assert code == "no_active_link"

    @pytest.mark.proves("EC-36")
    def test_a_group_of_one_is_refused_and_told_to_take_the_single_one(self, owen, skerrow):
        EmploymentFactory(employer=skerrow, paying_parent=PayingParentFactory(reference="121999700001"))

        with pytest.raises(RuleBroken) as refused:
            raised("DEO_UPDATE_GROUP", "change_multiple", skerrow, by=owen, paying_parents=("121999700001",))

        assert refused.value.message == "Add at least 2 paying parents, or change to a single paying parent"

    def test_a_paying_parent_of_another_employer_is_refused(self, owen, skerrow):
        EmploymentFactory(paying_parent=PayingParentFactory(reference="121999700001"))

        with pytest.raises(RuleBroken) as refused:
            raised("DEO_UPDATE_INDIVIDUAL", "change_single", skerrow, by=owen, paying_parents=("121999700001",))

        assert refused.value.code == "not_employed_here"

    @pytest.mark.proves("EC-39")
    def test_a_review_names_the_earlier_complaint(self, owen, skerrow):
        first = raised("COMPLAINT_RESOLUTION", "complaint", skerrow, by=owen)

        review = raised("COMPLAINT_REVIEW", "complaint", skerrow, by=owen, earlier=first.reference)

        assert review.earlier == first
        with pytest.raises(RuleBroken) as refused:
            raised("COMPLAINT_REVIEW", "complaint", skerrow, by=owen)
        assert refused.value.code == "earlier_complaint_required"

    @pytest.mark.parametrize(
        ("kind", "reason", "due"),
        [
            ("SELF_SERVICE_USAGE", "self_service", datetime(2026, 6, 3, 16, 0, tzinfo=UTC)),
            ("CAPTURE_ROUTE", "communication_payment", datetime(2026, 6, 4, 9, 0, tzinfo=UTC)),
            ("GEN_LITERATURE", "general_enquiry", datetime(2026, 6, 5, 9, 0, tzinfo=UTC)),
            ("STATEMENT", "statement", datetime(2026, 6, 10, 9, 0, tzinfo=UTC)),
            ("COMPLAINT_RESOLUTION", "complaint", datetime(2026, 6, 24, 9, 0, tzinfo=UTC)),
            ("ONE_OFF_CARD", "communication_payment", NEVER),
        ],
    )
    def test_it_is_due_by_the_target_of_its_kind_in_working_days(self, owen, skerrow, kind, reason, due):
        assert again(raised(kind, reason, skerrow, by=owen)).due_at == due

    def test_it_keeps_the_plan_that_it_was_born_with(self, owen, skerrow):
        request = raised("GEN_LITERATURE", "general_enquiry", skerrow, by=owen)
        administrator = somebody(ADMINISTRATOR)

        newer = services.copy_plan_version(version_id=request.plan_version_id, by=administrator, at=MORNING)
        newer.steps.filter(number=1).update(text="Something else")
        services.use_plan_version(version_id=newer.pk, by=administrator, at=MORNING)

        assert request.activities.get(number=1).text == "Establish what information or literature the contact needs"
        assert raised("GEN_LITERATURE", "general_enquiry", by=owen).activities.get(number=1).text == "Something else"


class TestSteps:
    def test_the_others_wait_for_the_step_that_confirms_who_asks(self, owen, skerrow):
        request = raised("LINK_AGENT", "nominate_agent", skerrow, by=owen)

        code = refusal_of(complete, request=request, number=2, by=owen)

        assert code == "cannot_start_yet"

    def test_closing_waits_for_every_other_step(self, owen, skerrow):
        request = raised("STATEMENT", "statement", skerrow, by=owen)

        assert refusal_of(complete, request=request, number=6, by=owen) == "activities_left"
        assert again(request).state == State.OPEN

    def test_what_is_done_elsewhere_needs_a_day_and_a_reference_or_an_answer(self, owen, skerrow):
        request = raised("STATEMENT", "statement", skerrow, by=owen)

        assert refusal_of(complete, request=request, number=3, by=owen) == "done_on_required"
        assert refusal_of(
            complete, request=request, number=3, words="", done_on=MORNING.date(), by=owen
        ) == "reference_required"  # fmt: skip
        assert refusal_of(
            complete, request=request, number=3, done_on=MORNING.date() + timedelta(days=1), by=owen
        ) == "in_future"  # fmt: skip
        complete(request, 3, words="", done_on=MORNING.date(), reference="ST-17", by=owen)
        assert request.activities.get(number=3).said == "3 June 2026, ST-17"

    def test_no_card_number_is_kept(self, owen, skerrow):
        request = raised("ONE_OFF_CARD", "communication_payment", skerrow, by=owen)

        assert refusal_of(complete, request=request, number=1, words="4111 1111 1111 1111", by=owen) == "card_number"

    @pytest.mark.parametrize(
        ("kind", "reason", "number"),
        [
            ("UPDATE_EMPLOYER", "update_details", 6),
            ("LINK_AGENT", "nominate_agent", 5),
            ("REMOVE_AGENT", "change_agent", 3),
        ],
    )
    def test_a_step_that_names_a_change_is_not_completed_before_it_is_in_the_database(
        self, owen, skerrow, kind, reason, number
    ):
        request = raised(kind, reason, skerrow, by=owen)
        complete(request, 1, by=owen)

        assert refusal_of(complete, request=request, number=number, by=owen) == "change_required"

    def test_the_database_refuses_a_completed_change_without_proof(self, owen, skerrow):
        request = raised("UPDATE_EMPLOYER", "update_details", skerrow, by=owen)
        step = request.activities.get(number=6)
        step.status, step.by_id, step.at = Status.COMPLETED, owen.staff_id, MORNING

        with pytest.raises(IntegrityError, match="activity_that_changes_has_proof"):
            step.save()

    def test_a_step_may_be_opened_again_until_the_request_ends(self, owen, skerrow):
        request = raised("STATEMENT", "statement", skerrow, by=owen)
        complete(request, 1, by=owen)

        services.reopen_step(service_request_id=request.pk, number=1, reason="Wrong period", by=owen, at=LATER)

        assert request.activities.get(number=1).status == Status.IN_PROGRESS

    def test_the_second_person_to_complete_a_step_is_told_who_did(self, owen, skerrow):
        request = raised("STATEMENT", "statement", skerrow, by=owen)
        complete(request, 1, by=owen)

        assert refusal_of(complete, request=request, number=1, by=owen) == "moved_on"

    def test_another_team_does_not_work_on_it(self, owen, skerrow):
        request = raised("STATEMENT", "statement", skerrow, by=owen)
        other = somebody(CASEWORKER, unit=team("payments-2"))

        assert refusal_of(complete, request=request, number=1, by=other) == "not_allowed"


class TestDoing:
    @pytest.mark.proves("EC-31")
    def test_the_employers_details_are_changed_with_old_and_new_kept_and_the_step_is_done(self, owen, skerrow):
        request = raised("UPDATE_EMPLOYER", "update_details", skerrow, by=owen)
        complete(request, 1, by=owen)
        held = details_of(skerrow, EmployerDetails)

        services.change_employer_step(
            service_request_id=request.pk, number=6, seen=held, details=replace(held, pay_day=26), by=owen, at=LATER
        )

        step = request.activities.get(number=6)
        assert (Employer.objects.get().pay_day, step.status) == (26, Status.COMPLETED)
        assert "28" in step.proof.words.text
        assert "26" in step.proof.words.text
        assert step.proof.case_id == request.pk

    @pytest.mark.proves("EC-40", "EC-41", "EC-42")
    def test_a_change_of_agent_is_a_removal_then_a_link_that_refer_to_each_other(self, owen, skerrow):
        old = AgentLinkFactory(employer=skerrow, agent=PayrollAgentFactory(name="Quillmarch Payroll Services"))
        new = PayrollAgentFactory(name="Pelham Payroll LLP")
        removal = raised("REMOVE_AGENT", "change_agent", skerrow, by=owen)
        complete(removal, 1, by=owen)
        services.end_link_step(
            service_request_id=removal.pk, number=3, link_id=old.pk, ends_on=date(2026, 6, 30), by=owen, at=LATER
        )

        further = services.raise_further(service_request_id=removal.pk, kind="LINK_AGENT", by=owen, at=LATER)
        complete(removal, 5, raised=further.reference, by=owen)
        complete(further, 1, by=owen)
        services.link_agent_step(
            service_request_id=further.pk, number=5, earn=new.earn, starts_on=date(2026, 7, 1), by=owen, at=LATER
        )

        assert removal.activities.get(number=5).raised == further
        assert (again(further).raised_from, again(further).agent) == (removal, new)
        assert [*AgentLink.objects.order_by("pk").values_list("agent__name", "ends_on")] == [
            ("Quillmarch Payroll Services", date(2026, 6, 30)), ("Pelham Payroll LLP", None),
        ]  # fmt: skip

    @pytest.mark.parametrize(("name", "is_linked"), [("Quillmarch Payroll", False), ("PELHAM  payroll llp", True)])
    def test_the_earn_of_another_company_links_nobody(self, owen, skerrow, name, is_linked):
        PayrollAgentFactory(earn="EA9000009", name="Pelham Payroll LLP")
        request = raised("LINK_AGENT", "nominate_agent", skerrow, by=owen)
        complete(request, 1, by=owen)
        given = {"service_request_id": request.pk, "number": 5, "earn": "EA9000009", "name": name}
        given |= {"starts_on": date(2026, 7, 1), "by": owen, "at": LATER}

        if is_linked:
            services.link_agent_step(**given)
        else:
            with pytest.raises(RuleBroken) as refused:
                services.link_agent_step(**given)
            assert refused.value.message == "EA9000009 is Pelham Payroll LLP. Link that agent"

        assert AgentLink.objects.exists() is is_linked

    @pytest.mark.proves("EC-36")
    def test_each_line_of_a_group_is_changed_or_explained(self, owen, skerrow):
        schedule = DeoScheduleFactory(employer=skerrow)
        lines = []
        for reference, name in (("121999700001", "Gethin Prys-Morgan"), ("121999700002", "Zoë Abara")):
            parent = PayingParentFactory(reference=reference, name=name)
            EmploymentFactory(employer=skerrow, paying_parent=parent)
            lines.append(ScheduleLineFactory(schedule=schedule, paying_parent=parent))
        group = ("121999700001", "121999700002")
        request = raised("DEO_UPDATE_GROUP", "change_multiple", skerrow, by=owen, paying_parents=group)
        seen = Reported()
        update = LineUpdate(lines[0].pk, seen, Reported("left", date(2026, 6, 7)))
        given = {"service_request_id": request.pk, "number": 5, "updates": [update], "by": owen, "at": LATER}

        with pytest.raises(RuleBroken) as refused:
            services.update_lines_step(**given)
        services.update_lines_step(**given, words="Zoë Abara came back on 1 June")

        assert refused.value.message.startswith("Nothing was changed for Zoë Abara.")
        assert request.activities.get(number=5).status == Status.COMPLETED

    @pytest.mark.proves("EC-33")
    def test_the_owner_of_the_case_is_told_and_confirms_his_own_step(self, owen, skerrow):
        parent = PayingParentFactory(reference="121999700001")
        EmploymentFactory(employer=skerrow, paying_parent=parent)
        sunita = somebody(OWNER)
        MaintenanceCaseFactory(paying_parent=parent, owner_id=sunita.staff_id)
        request = raised("CAPTURE_ROUTE", "communication_payment", skerrow, by=owen, paying_parents=("121999700001",))
        assert refusal_of(complete, request=request, number=6, by=sunita) == "not_there"

        complete(request, 5, "", by=owen)
        complete(request, 6, "Received", by=sunita)

        assert Notice.objects.filter(person_id=sunita.staff_id).exists()
        assert refusal_of(complete, request=request, number=1, by=sunita) == "not_allowed"
        assert request.activities.get(number=6).by_id == sunita.staff_id

    def test_a_confirmation_goes_by_email_to_whoever_has_an_address(self, owen, skerrow):
        Mailbox.objects.filter(code="employers").update(address="employers@contacthub.example")
        request = raised("LINK_AGENT", "nominate_agent", skerrow, by=owen)
        complete(request, 1, by=owen)

        services.tell_party_step(service_request_id=request.pk, number=6, how="email", by=owen, at=LATER)

        assert Message.objects.get().to == skerrow.email
        assert request.activities.get(number=6).said == "By email: Skerrow Foods Ltd"

    @pytest.mark.proves("XC-06")
    def test_no_national_insurance_number_goes_out_in_full(self, owen, skerrow):
        Mailbox.objects.filter(code="employers").update(address="employers@contacthub.example")
        request = raised("LINK_AGENT", "nominate_agent", skerrow, by=owen)
        complete(request, 1, by=owen)

        services.tell_party_step(
            service_request_id=request.pk, number=6, how="email", words="For qq 12 34 56 c", by=owen, at=LATER
        )

        assert "For QQ •• •• 56 C" in Message.objects.get().body

    def test_no_english_email_goes_to_an_employer_who_has_chosen_welsh(self, owen):
        Mailbox.objects.filter(code="employers").update(address="employers@contacthub.example")
        request = raised("LINK_AGENT", "nominate_agent", EmployerFactory(whole=True, language="cy"), by=owen)
        complete(request, 1, by=owen)
        given = {"service_request_id": request.pk, "number": 6, "by": owen, "at": LATER}

        with pytest.raises(RuleBroken) as refused:
            services.tell_party_step(**given, how="email")
        services.tell_party_step(**given, how="telephone")

        assert (refused.value.code, refused.value.field) == ("welsh_missing", "how")
        assert "has chosen Welsh, and this email has no Welsh text" in refused.value.message
        assert not Message.objects.exists()

    def test_a_confirmation_by_letter_stands_on_the_list_of_the_team(self, owen, skerrow):
        request = raised("LINK_AGENT", "nominate_agent", skerrow, by=owen)
        complete(request, 1, by=owen)

        services.tell_party_step(service_request_id=request.pk, number=6, how="letter", by=owen, at=LATER)

        assert FollowUp.objects.get().kind == "letter"


class TestWork:
    def test_it_waits_for_somebody_and_goes_on_by_itself_when_no_answer_came(self, owen, skerrow):
        request = raised("STATEMENT", "statement", skerrow, by=owen)
        until = MORNING + timedelta(days=2)

        services.wait_until(
            service_request_id=request.pk, waits_for="Marged, for the period", until=until, by=owen, at=LATER
        )
        assert (again(request).state, again(request).due_at) == (State.WAITING, NEVER)
        deadline = request.case.deadlines.get(kind="reminder")
        take_step(deadline_id=deadline.pk, at=until)

        assert again(request).state == State.IN_PROGRESS
        assert again(request).due_at == request.due_at + (until - LATER)
        assert "has not answered" in Notice.objects.get().words

    def test_the_answer_that_came_takes_the_reminder_away(self, owen, skerrow):
        request = raised("STATEMENT", "statement", skerrow, by=owen)
        services.wait_until(
            service_request_id=request.pk, waits_for="Marged", until=MORNING + timedelta(days=2), by=owen, at=LATER
        )

        services.answer(service_request_id=request.pk, reason="May to April", by=owen, at=LATER)

        assert (again(request).state, again(request).due_at) == (State.IN_PROGRESS, request.due_at)
        assert request.case.deadlines.get(kind="reminder").ended_at == LATER

    def test_it_is_given_to_a_colleague_who_is_told_why(self, owen, skerrow):
        request = raised("STATEMENT", "statement", skerrow, by=owen)
        nkechi = caseworker()

        services.reassign(
            service_request_id=request.pk, to_id=nkechi.staff_id, reason="On leave tomorrow", by=owen, at=LATER
        )

        assert again(request).owner_id == nkechi.staff_id
        assert "On leave tomorrow" in Notice.objects.get(person_id=nkechi.staff_id).words

    def test_it_is_cancelled_with_words_and_nothing_is_due_any_more(self, owen, skerrow):
        request = raised("STATEMENT", "statement", skerrow, by=owen)

        services.cancel(service_request_id=request.pk, reason="They found it", by=owen, at=LATER)

        assert (again(request).state, again(request).due_at) == (State.CANCELLED, NEVER)
        assert refusal_of(complete, request=request, number=1, by=owen) == "moved_on"

    def test_the_team_leader_reopens_it_within_twenty_working_days(self, owen, skerrow):
        hilary = somebody(LEADER, unit=team())
        request = closed(raised("STATEMENT", "statement", skerrow, by=owen), by=owen)
        given = {"service_request_id": request.pk, "reason": "Wrong period", "by": hilary}

        assert refusal_of(services.reopen, **given, at=datetime(2026, 7, 2, 9, 0, tzinfo=UTC)) == "too_late"
        assert refusal_of(services.reopen, **(given | {"by": owen}), at=LATER) == "not_allowed"
        services.reopen(**given, at=datetime(2026, 7, 1, 9, 0, tzinfo=UTC))

        found = again(request)
        assert (found.state, found.due_at) == (State.IN_PROGRESS, datetime(2026, 7, 8, 9, 0, tzinfo=UTC))
        assert found.activities.get(does=Doing.CLOSE).status == Status.NOT_STARTED

    @pytest.mark.parametrize(
        ("column", "sees"), [(CASEWORKER, True), (LEADER, True), (OTHER, False), (WELSH, False), (NOBODY, False)]
    )
    def test_the_employer_payments_team_sees_all_of_them(self, owen, skerrow, column, sees):
        request = raised("STATEMENT", "statement", skerrow, by=owen)

        assert ServiceRequest.objects.visible_to(somebody(column)).filter(pk=request.pk).exists() is sees


def closed(request: ServiceRequest, *, by) -> ServiceRequest:
    for step in request.activities.exclude(does=Doing.CLOSE):
        services.mark_not_needed(
            service_request_id=request.pk, number=step.number, reason="Done on the call", by=by, at=LATER
        )
    return complete(request, request.activities.get(does=Doing.CLOSE).number, "Sent", by=by)


def test_the_contact_finishes_without_words_for_a_reason_that_has_a_request(owen, skerrow):
    contact = with_reason("statement", skerrow, by=owen)
    services.create_sr(contact_id=contact.pk, reason="statement", kind="STATEMENT", by=owen, at=MORNING)
    services.keep_notes(contact_id=contact.pk, caller_name="", notes="Wants a statement", by=owen, at=MORNING)

    services.finish(contact_id=contact.pk, by=owen, at=LATER)

    assert fresh(contact).state == ContactState.WRAPPED_UP


@pytest.mark.proves("EC-27")
def test_a_reason_whose_request_was_cancelled_needs_another_or_words_why_none(owen, skerrow):
    contact = with_reason("statement", skerrow, by=owen)
    made = services.create_sr(contact_id=contact.pk, reason="statement", kind="STATEMENT", by=owen, at=MORNING)
    services.keep_notes(contact_id=contact.pk, caller_name="", notes="Wants a statement", by=owen, at=MORNING)
    assert next_to_raise(fresh(contact)) is None
    services.cancel(service_request_id=made.pk, reason="The wrong one", by=owen, at=LATER)
    given = {"contact_id": contact.pk, "by": owen, "at": LATER}

    assert next_to_raise(fresh(contact)).reason.code == "statement"
    assert refusal_of(services.finish, **given) == "why_none_required"
    services.finish(**given, why_none={"statement": "They found it"})

    assert fresh(contact).state == ContactState.WRAPPED_UP


@pytest.mark.parametrize("what", ["take_back", "choose_again"])
def test_a_reason_with_a_request_is_not_taken_back_and_its_record_not_changed(owen, skerrow, what):
    contact = with_reason("statement", skerrow, by=owen)
    services.create_sr(contact_id=contact.pk, reason="statement", kind="STATEMENT", by=owen, at=MORNING)
    given = {"contact_id": contact.pk, "by": owen, "at": LATER}

    if what == "take_back":
        code = refusal_of(services.take_back_reason, reason="statement", **given)
    else:
        code = refusal_of(services.choose_again, **given)

    assert code == "has_request"


class TestInputSchedule:
    @pytest.mark.proves("EC-43", "EC-45")
    def test_its_activities_stand_in_the_contact_and_are_settled_before_it_finishes(self, owen, skerrow):
        contact = with_reason("input_schedule", skerrow, by=owen)
        given = {"contact_id": contact.pk, "by": owen, "at": LATER}
        services.keep_notes(**given, caller_name="", notes="Read out the amounts")
        services.complete_reason_step(**given, number=1, words="On paper")
        services.complete_reason_step(**given, number=2, words="One amount is odd")
        services.reason_step_not_needed(**given, number=3, reason="No change")

        assert refusal_of(services.finish, **given) == "activities_left"
        services.complete_reason_step(
            **given, number=4, words="Line of Zoë Abara", until=datetime(2026, 6, 8, 12, 0, tzinfo=UTC)
        )
        services.complete_reason_step(**given, number=5, words="Schedule of June taken")
        services.finish(**given)

        assert fresh(contact).state == ContactState.WRAPPED_UP
        follow_up = FollowUp.objects.get()
        assert (follow_up.get_kind_display(), follow_up.words) == ("To investigate", "Line of Zoë Abara")
        assert EmployerNote.objects.get().text == "Schedule of June taken"

    @pytest.mark.proves("EC-68")
    def test_an_agent_gives_the_schedule_only_of_an_employer_that_it_is_linked_to(self, owen, skerrow):
        agent = PayrollAgentFactory(**AGENT)
        contact = with_reason("input_schedule", agent, by=owen)
        given = {"contact_id": contact.pk, "by": owen, "at": LATER}
        assert refusal_of(services.complete_reason_step, **given, number=1, words="On paper") == "no_active_link"

        AgentLinkFactory(employer=skerrow, agent=agent)
        for number in (1, 2, 5):
            services.complete_reason_step(**given, number=number, words="Schedule of June")

        assert EmployerNote.objects.get().employer == skerrow

    def test_a_change_that_is_reported_is_a_request_of_the_same_contact(self, owen, skerrow):
        EmploymentFactory(employer=skerrow, paying_parent=PayingParentFactory(reference="121999700001"))
        contact = with_reason("input_schedule", skerrow, by=owen)
        services.choose_reasons(contact_id=contact.pk, reasons=["change_single"], by=owen, at=MORNING)
        change = services.create_sr(
            contact_id=contact.pk, reason="change_single", kind="DEO_UPDATE_INDIVIDUAL",
            details=services.Details(paying_parents=("121999700001",)), by=owen, at=MORNING,
        )  # fmt: skip
        given = {"contact_id": contact.pk, "number": 3, "by": owen, "at": LATER}

        assert refusal_of(services.complete_reason_step, **given, raised="SR-999999") == "raised_required"
        services.complete_reason_step(**given, raised=change.reference)

        assert Activity.objects.get(reason__contact=contact, number=3).raised == change


@pytest.mark.django_db(transaction=True)
def test_of_two_who_complete_a_step_at_once_the_second_is_told_who_did(reference):
    owen, nkechi = caseworker(), caseworker()
    request = raised("STATEMENT", "statement", by=owen)
    first = Held(lambda: complete(request, 1, by=owen))
    first.done.wait(10)
    second = Held(lambda: complete(request, 1, by=nkechi))
    wait_until_blocked()

    first.commit()
    second.commit()

    assert first.error is None
    assert isinstance(second.error, MovedOn)
    assert request.activities.get(number=1).by_id == owen.staff_id


@pytest.mark.django_db(transaction=True)
def test_of_two_who_cancel_at_once_the_second_is_told_who_did(reference):
    owen = caseworker()
    request = raised("STATEMENT", "statement", by=owen)
    given = {"service_request_id": request.pk, "by": owen, "at": LATER}
    first = Held(lambda: services.cancel(**given, reason="They found it"))
    first.done.wait(10)
    second = Held(lambda: services.cancel(**given, reason="Not wanted"))
    wait_until_blocked()

    first.commit()
    second.commit()

    assert first.error is None
    assert isinstance(second.error, MovedOn)
