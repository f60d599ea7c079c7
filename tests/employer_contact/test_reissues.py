"""A CMSL2040 is re-issued: asked for in three scenarios, decided by the owner of the case, noted with the employer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from contacthub.deadlines.models import Deadline, Ending
from contacthub.deadlines.services import take_step
from contacthub.errors import MovedOn, NotThere, Refused, RuleBroken
from contacthub.mail.models import Notice
from contacthub.people.models import StaffMember
from contacthub.people.roles import Post
from contacthub.people.services import actor_for
from employer_contact import services
from employer_contact.models import CaseActivity, EmployerNote, MaintenanceCase, ReissueRequest
from employer_contact.terms import Scenario
from tests.employer_contact.calling import call_from, passed
from tests.employer_contact.people import COLUMNS, somebody, team
from tests.factories import (
    MORNING,
    AgentLinkFactory,
    EmployerFactory,
    EmploymentFactory,
    MaintenanceCaseFactory,
    MembershipFactory,
    PayingParentFactory,
    PayrollAgentFactory,
    StaffMemberFactory,
    UnitFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
CASEWORKER, OTHER, LEADER, WELSH, OWNER, INTEGRATOR, ADMINISTRATOR, NOBODY = COLUMNS
LATER = MORNING + timedelta(hours=2)
NUMBER = "200417733"
# What is held of an agent who can pass the check.
HELD = {"telephone": "+442079460391", "address1": "Suite 3", "postcode": "ZZ99 2BA"}


def acting(person: StaffMember, on=MORNING):
    return actor_for(person, on=on.date())


@pytest.fixture
def sunita():
    return StaffMemberFactory(name="Sunita Rao")


@pytest.fixture
def case(skerrow, sunita) -> MaintenanceCase:
    parent = PayingParentFactory(reference="121999700001", name="Gethin Prys-Morgan")
    EmploymentFactory(employer=skerrow, paying_parent=parent)
    return MaintenanceCaseFactory(number=NUMBER, paying_parent=parent, owner=sunita)


def ask(skerrow, by, **given) -> ReissueRequest:
    told = {"case_number": NUMBER, "scenario": "amount_differs", "reason": "Schedule £188.20, letter £170.00", **given}
    return services.request_reissue(employer_id=skerrow.pk, **told, by=by, at=MORNING)


def fresh(request: ReissueRequest) -> ReissueRequest:
    return ReissueRequest.objects.whole().get(pk=request.pk)


def told_to(person) -> list[str]:
    return [one.words for one in Notice.objects.filter(person=person).order_by("pk")]


def notes(skerrow) -> list[tuple[str, str]]:
    return [(one.about, one.text) for one in EmployerNote.objects.filter(employer=skerrow).order_by("pk")]


@pytest.mark.proves("EC-46")
def test_there_are_three_scenarios_in_the_words_of_the_procedure():
    assert dict(Scenario.choices) == {
        "amount_differs": "The employer is refusing to adhere to the DEO Schedule following a change of circumstances, "
        "as the amount shown on the schedule differs from the amount shown on the CMSL2040",
        "incorrect_initial": "The initial CMSL2040 was issued with incorrect or no information",
        "fiu_referral": "The employer is being considered for referral to the Financial Investigation Unit (FIU)",
    }


class TestAsking:
    @pytest.mark.proves("EC-46", "EC-47", "EC-48", "XC-02")
    @pytest.mark.parametrize("scenario", Scenario.values)
    def test_it_goes_to_the_owner_of_the_case_and_is_noted_with_the_employer(
        self, owen, skerrow, case, sunita, scenario
    ):
        request = ask(skerrow, owen, scenario=scenario)

        assert request.reference.startswith("RI-")
        assert (request.state, request.maintenance_case, request.employer) == ("requested", case, skerrow)
        [(about, text)] = notes(skerrow)
        assert about == request.reference
        assert text.endswith(f"{Scenario(scenario).label}. Schedule £188.20, letter £170.00")
        assert told_to(sunita) == [
            f"{request.reference}: Skerrow Foods Ltd needs the CMSL2040 of case {NUMBER} re-issued"
        ]

    def test_it_is_due_in_five_working_days(self, owen, skerrow, case):
        request = ask(skerrow, owen)

        assert fresh(request).due_at == MORNING + timedelta(days=7)

    @pytest.mark.proves("EC-46")
    @pytest.mark.parametrize(
        ("given", "code", "message"),
        [
            ({"scenario": ""}, "scenario_required", "Select why the CMSL2040 needs to be re-issued"),
            ({"scenario": "fourth"}, "scenario_required", "Select why the CMSL2040 needs to be re-issued"),
            ({"reason": " "}, "reason_required", "Enter why the CMSL2040 needs to be re-issued"),
            ({"case_number": ""}, "case_required", "Select the case"),
            ({"case_number": "999"}, "case_required", "Select the case"),
            ({"reason": "4111 1111 1111 1111"}, "card_number", "Take the card number out"),
        ],
    )
    def test_what_is_missing_is_said_and_nothing_is_noted(self, owen, skerrow, case, given, code, message):
        with pytest.raises(RuleBroken, match=message) as refused:
            ask(skerrow, owen, **given)

        assert refused.value.code == code
        assert notes(skerrow) == []
        assert not ReissueRequest.objects.exists()

    def test_the_database_holds_no_fourth_scenario(self, owen, skerrow, case):
        request = ask(skerrow, owen)

        with pytest.raises(IntegrityError), transaction.atomic():
            ReissueRequest.objects.filter(pk=request.pk).update(scenario="fourth")

    def test_a_case_of_somebody_who_does_not_work_there_is_none(self, owen, skerrow, case):
        MaintenanceCaseFactory(number="200417799", paying_parent=PayingParentFactory(reference="121999700002"))

        with pytest.raises(RuleBroken, match="Select the case"):
            ask(skerrow, owen, case_number="200417799")

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"closed_on": date(2026, 5, 1)}, f"Case {NUMBER} is closed"),
            ({"owner": None}, f"Nobody owns case {NUMBER}"),
        ],
    )
    def test_a_case_in_which_nothing_can_be_issued_says_so(self, owen, skerrow, case, change, message):
        MaintenanceCase.objects.filter(pk=case.pk).update(**change)

        with pytest.raises(RuleBroken, match=message):
            ask(skerrow, owen)

    def test_what_was_asked_for_already_says_by_whom(self, owen, skerrow, case):
        first = ask(skerrow, owen)

        with pytest.raises(MovedOn, match=f"{first.reference} stands already: "):
            ask(skerrow, owen)

    @pytest.mark.proves("EC-14")
    def test_in_a_call_the_check_comes_first(self, owen, skerrow, case):
        call = call_from(skerrow, by=owen)

        for contact_id in (call.pk, None):
            with pytest.raises(RuleBroken) as refused:
                ask(skerrow, owen, contact_id=contact_id)
            assert refused.value.code == "security_required"

    @pytest.mark.proves("EC-14")
    def test_a_call_with_somebody_else_opens_no_way_past_the_check(self, owen, skerrow, case):
        other, _ = passed(EmployerFactory(whole=True), by=owen), call_from(skerrow, by=owen)

        with pytest.raises(RuleBroken, match="is not a contact with Skerrow Foods Ltd") as refused:
            ask(skerrow, owen, contact_id=other.pk)
        assert (refused.value.code, refused.value.field) == ("other_party", "contact")
        assert notes(skerrow) == []

    @pytest.mark.proves("EC-14")
    def test_a_call_of_mine_with_its_check_to_pass_comes_first_whatever_else_is_open(self, owen, skerrow, case):
        agent = PayrollAgentFactory(**HELD)
        AgentLinkFactory(employer=skerrow, agent=agent)
        theirs, _ = passed(agent, by=owen), call_from(skerrow, by=owen)

        with pytest.raises(RuleBroken) as refused:
            ask(skerrow, owen, contact_id=theirs.pk)
        assert refused.value.code == "security_required"

    def test_an_agent_who_acts_for_the_employer_is_heard_and_one_who_does_no_more_is_not(self, owen, skerrow, case):
        acts, acted = PayrollAgentFactory(**HELD), PayrollAgentFactory(**HELD)
        AgentLinkFactory(employer=skerrow, agent=acts)
        AgentLinkFactory(employer=skerrow, agent=acted, ends_on=MORNING.date() - timedelta(days=1))

        with pytest.raises(RuleBroken, match="nor with an agent of theirs"):
            ask(skerrow, owen, contact_id=passed(acted, by=owen).pk)
        call = passed(acts, by=owen)
        assert ask(skerrow, owen, contact_id=call.pk).contact == call

    def test_one_asked_for_in_a_call_stands_on_its_timeline_and_keeps_its_record(self, owen, skerrow, case):
        call = passed(skerrow, by=owen)

        request = ask(skerrow, owen, contact_id=call.pk)

        words = [one.words.text for one in call.case.events.filter(kind="reissue_requested")]
        assert words == [f"{request.reference}, case {NUMBER}"]
        with pytest.raises(RuleBroken, match="A re-issue was asked for in this contact"):
            services.choose_again(contact_id=call.pk, by=owen, at=LATER)

    @pytest.mark.parametrize(
        ("column", "may"),
        [
            (CASEWORKER, True), (OTHER, True), (LEADER, True), (WELSH, False), (OWNER, False), (INTEGRATOR, False),
            (ADMINISTRATOR, False), (NOBODY, False),
        ],
    )  # fmt: skip
    def test_who_may_ask(self, skerrow, case, column, may):
        by = replace(somebody(column, unit=team()), scopes=frozenset())
        if column == OWNER:
            MaintenanceCase.objects.update(owner=by.staff_id)

        if may:
            assert ask(skerrow, by).raised_by_id == by.staff_id
        else:
            with pytest.raises((Refused, NotThere)):
                ask(skerrow, by)


class TestDeciding:
    @pytest.fixture
    def request_(self, owen, skerrow, case):
        return ask(skerrow, owen)

    def reissue(self, request, by, amount=Decimal("188.20"), month=date(2026, 7, 1), at=LATER):
        return services.reissue(reissue_id=request.pk, amount=amount, from_month=month, by=by, at=at)

    @pytest.mark.proves("EC-48")
    def test_the_letter_stands_in_the_case_and_the_requester_hears(self, request_, owen, skerrow, case, sunita):
        self.reissue(request_, acting(sunita))

        ended = fresh(request_)
        letter = CaseActivity.objects.cmsl2040().get(maintenance_case=case)
        assert (ended.state, ended.ended_at, ended.letter) == ("reissued", LATER, letter)
        assert (letter.happened_on, letter.amount, letter.from_month) == (
            MORNING.date(), Decimal("188.20"), date(2026, 7, 1),
        )  # fmt: skip
        assert (letter.employer, letter.by) == (skerrow, "Sunita Rao")
        assert told_to(owen.staff_id) == [f"{request_.reference}: the CMSL2040 is re-issued, £188.20 from July 2026"]
        assert notes(skerrow)[-1] == (
            request_.reference,
            f"CMSL2040 of case {NUMBER} re-issued: £188.20 from July 2026",
        )
        assert Deadline.objects.get(case=request_.case).ending == Ending.MET

    def test_a_decline_says_why_to_the_requester_and_on_the_record(self, request_, owen, skerrow, sunita):
        services.decline(reissue_id=request_.pk, reason="The letter is right", by=acting(sunita), at=LATER)

        assert (fresh(request_).state, fresh(request_).answer) == ("declined", "The letter is right")
        assert told_to(owen.staff_id) == [f"{request_.reference} is declined: The letter is right"]
        assert notes(skerrow)[-1][1].endswith("declined. The letter is right")
        assert Deadline.objects.get(case=request_.case).ending == Ending.MET

    def test_a_withdrawal_keeps_the_note_and_tells_the_owner(self, request_, owen, skerrow, sunita):
        services.withdraw(reissue_id=request_.pk, reason="They pay now", by=owen, at=LATER)

        assert fresh(request_).state == "withdrawn"
        assert len(notes(skerrow)) == 1
        assert told_to(sunita)[-1] == f"{request_.reference} is withdrawn: They pay now"
        assert not Deadline.objects.open().filter(case=request_.case).exists()

    @pytest.mark.parametrize(
        ("given", "codes"),
        [
            ({"amount": None}, ["amount_required"]),
            ({"month": None}, ["month_required"]),
            ({"amount": None, "month": None}, ["amount_required", "month_required"]),
        ],
    )
    def test_a_letter_has_its_amount_and_month(self, request_, sunita, given, codes):
        with pytest.raises(RuleBroken) as refused:
            self.reissue(request_, acting(sunita), **given)

        assert [one.code for one in refused.value.all] == codes

    def test_in_a_case_that_was_closed_since_nothing_is_issued_and_it_is_declined(self, request_, case, sunita):
        MaintenanceCase.objects.filter(pk=case.pk).update(closed_on=date(2026, 6, 2))

        with pytest.raises(RuleBroken, match=f"Case {NUMBER} is closed") as refused:
            self.reissue(request_, acting(sunita), amount=None)
        assert [one.code for one in refused.value.all] == ["case_closed"]
        assert not CaseActivity.objects.exists()
        services.decline(reissue_id=request_.pk, reason="The case is closed", by=acting(sunita), at=LATER)

    @pytest.mark.parametrize("service", [services.decline, services.withdraw])
    def test_neither_ends_without_words(self, request_, owen, sunita, service):
        by = acting(sunita) if service is services.decline else owen

        with pytest.raises(RuleBroken) as refused:
            service(reissue_id=request_.pk, reason=" ", by=by, at=LATER)

        assert refused.value.field == "reason"
        assert fresh(request_).is_open

    @pytest.mark.proves("XC-06")
    @pytest.mark.parametrize("service", [services.decline, services.withdraw])
    def test_neither_ends_with_the_number_of_a_card(self, request_, owen, sunita, service):
        by = acting(sunita) if service is services.decline else owen

        with pytest.raises(RuleBroken, match="Take the card number out"):
            service(reissue_id=request_.pk, reason="4111 1111 1111 1111", by=by, at=LATER)
        assert fresh(request_).is_open

    def test_who_comes_second_is_told_what_was_done(self, request_, owen, sunita):
        services.withdraw(reissue_id=request_.pk, reason="They pay now", by=owen, at=LATER)

        with pytest.raises(MovedOn, match="Withdrawn by "):
            self.reissue(request_, acting(sunita), amount=None)
        for service, by in ((services.decline, acting(sunita)), (services.withdraw, owen)):
            with pytest.raises(MovedOn, match="Withdrawn by "):
                service(reissue_id=request_.pk, reason="", by=by, at=LATER)
        assert not CaseActivity.objects.exists()

    @pytest.mark.proves("EC-48")
    @pytest.mark.parametrize("column", [CASEWORKER, LEADER, OTHER, WELSH, INTEGRATOR, ADMINISTRATOR, NOBODY])
    def test_nobody_but_the_owner_decides(self, request_, column):
        by = somebody(column, unit=team())

        with pytest.raises((Refused, NotThere)):
            self.reissue(request_, by)
        with pytest.raises((Refused, NotThere)):
            services.decline(reissue_id=request_.pk, reason="No", by=by, at=LATER)
        assert fresh(request_).is_open

    @pytest.mark.proves("EC-48")
    def test_another_caseworker_decides_in_the_cases_that_they_own(self, request_, case):
        by = somebody(OTHER)
        MaintenanceCase.objects.filter(pk=case.pk).update(owner=by.staff_id)

        assert self.reissue(request_, by, month=date(2026, 7, 15)).state == "reissued"
        assert CaseActivity.objects.get().from_month == date(2026, 7, 1)

    def test_who_asks_in_a_case_of_their_own_is_not_told_what_they_did(self, skerrow, case):
        by = somebody(OTHER)
        MaintenanceCase.objects.filter(pk=case.pk).update(owner=by.staff_id)

        self.reissue(asked := ask(skerrow, by), by)

        assert [words.partition(":")[2] for words in told_to(by.staff_id)] == [
            f" Skerrow Foods Ltd needs the CMSL2040 of case {NUMBER} re-issued"
        ]
        assert not fresh(asked).is_open

    def test_nobody_but_the_requester_withdraws(self, request_, sunita):
        for by in (acting(sunita), somebody(LEADER, unit=team())):
            with pytest.raises(Refused):
                services.withdraw(reissue_id=request_.pk, reason="No", by=by, at=LATER)

    def test_who_owns_the_case_now_decides_and_who_owned_it_does_not(self, request_, case, sunita):
        martyn = StaffMemberFactory(name="Martyn Sallow")
        MaintenanceCase.objects.filter(pk=case.pk).update(owner=martyn)

        with pytest.raises(NotThere):
            self.reissue(request_, acting(sunita))
        assert self.reissue(request_, acting(martyn)).state == "reissued"

    def test_where_the_owner_has_left_their_team_s_leader_sees_and_decides(self, request_, sunita):
        unit = UnitFactory(kind="team")
        leader = StaffMemberFactory(name="Bronwen Ashdown")
        MembershipFactory(person=leader, unit=unit, post=Post.TEAM_LEADER)
        MembershipFactory(person=sunita, unit=unit)
        with pytest.raises(NotThere):
            self.reissue(request_, acting(leader))

        StaffMember.objects.filter(pk=sunita.pk).update(active_to=date(2026, 6, 2))

        assert ReissueRequest.objects.visible_to(acting(leader)).get() == request_
        assert self.reissue(request_, acting(leader)).state == "reissued"

    def test_who_led_the_team_that_somebody_worked_in_last_is_whom_both_ways_of_asking_name(self, request_, sunita):
        """Who led one team and worked in another is of the other, until the last day that both of them lasted."""
        own, led, before = UnitFactory(kind="team"), UnitFactory(kind="team"), UnitFactory(kind="team")
        gone = date(2026, 6, 2)
        days = {"starts_on": date(2025, 1, 1)}
        MembershipFactory(person=sunita, unit=own, **days)
        MembershipFactory(person=sunita, unit=led, post=Post.TEAM_LEADER, starts_on=date(2025, 6, 1), ends_on=gone)
        MembershipFactory(person=sunita, unit=before, starts_on=date(2025, 7, 1), ends_on=date(2025, 8, 1))
        leaders = {}
        for unit, starts_on in ((own, date(2025, 1, 1)), (led, date(2026, 6, 3)), (before, date(2025, 1, 1))):
            leaders[unit] = MembershipFactory(unit=unit, post=Post.TEAM_LEADER, starts_on=starts_on).person
        StaffMember.objects.filter(pk=sunita.pk).update(active_to=gone)

        [decides] = services.who_decides(fresh(request_), on=LATER.date())

        assert decides == leaders[own]
        seen = [unit for unit, one in leaders.items() if ReissueRequest.objects.visible_to(acting(one)).exists()]
        assert seen == [own]

    def test_who_leads_the_unit_above_decides_for_one_who_worked_there_in_no_team(self, request_, sunita):
        workgroup = UnitFactory(kind="workgroup")
        manager = MembershipFactory(unit=workgroup, post=Post.WORKGROUP_MANAGER).person
        MembershipFactory(person=sunita, unit=workgroup)
        StaffMember.objects.filter(pk=sunita.pk).update(active_to=date(2026, 6, 2))

        assert services.who_decides(fresh(request_), on=LATER.date()) == [manager]
        assert ReissueRequest.objects.visible_to(acting(manager)).get() == request_

    def test_what_is_late_is_told_to_who_decides_and_to_who_asked(self, request_, owen, sunita):
        deadline = Deadline.objects.get(case=request_.case)

        for at in (MORNING + timedelta(days=6), MORNING + timedelta(days=8), MORNING + timedelta(days=8, hours=1)):
            take_step(deadline_id=deadline.pk, at=at)

        was_due = f"{request_.reference} was due Wednesday 10 June 2026, 10am"
        assert told_to(sunita)[-1] == f"{was_due}: re-issue the CMSL2040, or decline"
        assert told_to(owen.staff_id) == [f"{was_due}. It is with Sunita Rao"]
        assert fresh(request_).is_open


class TestSeeing:
    @pytest.mark.parametrize(
        ("column", "sees"),
        [(CASEWORKER, True), (LEADER, True), (OTHER, False), (WELSH, False), (INTEGRATOR, False),
         (ADMINISTRATOR, False), (NOBODY, False)],
    )  # fmt: skip
    def test_employer_payments_see_all_and_others_their_own(self, owen, skerrow, case, column, sees):
        request = ask(skerrow, owen)

        assert (
            ReissueRequest.objects.visible_to(somebody(column, unit=team("other"))).filter(pk=request.pk).exists()
            is sees
        )

    def test_who_asked_and_who_decides_see_it(self, skerrow, case, sunita):
        other = somebody(OTHER)
        request = ask(skerrow, other)

        for actor in (other, acting(sunita)):
            assert ReissueRequest.objects.visible_to(actor).get() == request
