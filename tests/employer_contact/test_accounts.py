"""Changes of what is held of employers and agents: old and new are kept, and nobody's change is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction

from contacthub.cases.services import events_about
from contacthub.errors import MovedOn, NotThere, Refused, RuleBroken
from employer_contact import services
from employer_contact.details import AgentDetails, EmployerDetails, details_of
from employer_contact.models import AgentLink, Employer, PayrollAgent
from employer_contact.security import Check, Grounds
from tests.employer_contact.calling import passed
from tests.employer_contact.people import CASEWORKER, LEADER, NOBODY, OTHER, WELSH, somebody, team
from tests.factories import MORNING, AgentLinkFactory, EmployerFactory, PayrollAgentFactory
from tests.races import Held, wait_until_blocked

pytestmark = pytest.mark.django_db
PASSED = Grounds(case_id=None, check=Check.PASSED)
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


@pytest.fixture
def owen():
    return somebody(CASEWORKER, unit=team())


@pytest.fixture
def employer():
    return EmployerFactory(ern="900000001", whole=True)


def held(record) -> EmployerDetails:
    return details_of(Employer.objects.get(pk=record.pk), EmployerDetails)


def update(employer, by, *, seen=None, grounds=PASSED, at=MORNING, **wanted):
    seen = seen or held(employer)
    return services.update_employer(
        employer_id=employer.pk, seen=seen, details=replace(seen, **wanted), grounds=grounds, by=by, at=at
    )


def told(record) -> list[str]:
    return [event.words.text for event in events_about(record)]


class TestAnEmployer:
    @pytest.mark.proves("EC-31", "XC-01")
    def test_is_changed_with_old_and_new_on_its_timeline(self, owen, employer):
        update(
            employer, owen, telephone="+441632960122", contact_names=("Orla Pettigrew",), pay_day=27,
            payroll_address="Unit 5\nMillbrack", voicemail_authorised=None, schedule_delivery="self_service",
            language="cy",
        )  # fmt: skip

        assert told(employer) == [
            "Payroll address: Unit 4, Old Maltings / Millbrack → Unit 5 / Millbrack\n"
            "Telephone: 01632 960120 → 01632 960122\n"
            "Contact names: Orla Pettigrew, Tomasz Żurawski → Orla Pettigrew\n"
            "Pay date: 28th → 27th\n"
            "Voicemail authorisation: yes → nothing\n"
            "Schedule delivery: Paper → Self service\n"
            "Language: English → Welsh"
        ]
        assert held(employer).telephone == "+441632960122"

    @pytest.mark.proves("EC-20")
    def test_keeps_the_address_of_hmrc_when_its_payroll_moves(self, owen, employer):
        update(employer, owen, payroll_address="")

        assert Employer.objects.get().hmrc_address == "12 Corn Street\nAshcombe"

    @pytest.mark.proves("EC-18")
    def test_has_its_fax_flag_set_and_unset(self, owen, employer):
        update(employer, owen, prefers_fax=False)

        assert told(employer) == ["Preferred fax flag: yes → no"]

    def test_cannot_prefer_a_fax_that_it_does_not_have(self, owen, employer):
        with pytest.raises(RuleBroken, match="Enter a fax number, or say that fax is not the preferred method"):
            update(employer, owen, fax="")

        assert held(employer).fax == "+441632960129"

    @pytest.mark.proves("EC-14")
    @pytest.mark.parametrize("check", [Check.ASKED_FOR, Check.FAILED])
    def test_is_not_changed_before_the_security_questions(self, owen, employer, check):
        with pytest.raises(RuleBroken, match="Complete the security questions") as refused:
            update(employer, owen, telephone="", grounds=Grounds(None, check))

        assert refused.value.code == "security_required"
        assert told(employer) == []
        assert held(employer).telephone == "+441632960120"

    @pytest.mark.proves("EC-15")
    def test_is_changed_where_no_check_is_required(self, owen, employer):
        update(employer, owen, telephone="", grounds=Grounds(None, Check.NOT_REQUIRED))

        assert held(employer).telephone == ""

    @pytest.mark.parametrize("column", [CASEWORKER, LEADER, WELSH])
    def test_is_changed_by_those_who_deal_with_contacts(self, employer, column):
        assert update(employer, somebody(column, unit=team("payments-2")), email="")

    def test_is_not_changed_by_other_caseworkers(self, employer):
        with pytest.raises(Refused):
            update(employer, somebody(OTHER), email="")

    def test_is_not_there_for_somebody_without_a_role(self, employer):
        with pytest.raises(NotThere):
            update(employer, somebody(NOBODY), email="")

    def test_is_not_changed_by_a_form_in_which_nothing_is_different(self, owen, employer):
        with pytest.raises(RuleBroken, match="Nothing is different yet"):
            update(employer, owen)


class TestTwoAtOnce:
    def test_both_changes_stand_where_they_are_of_different_values(self, owen, employer):
        seen = held(employer)
        update(employer, owen, seen=seen, telephone="+441632960122")

        update(employer, somebody(CASEWORKER), seen=seen, email="wages@brindlewick.example")

        assert held(employer).telephone == "+441632960122"
        assert held(employer).email == "wages@brindlewick.example"
        assert told(employer) == [
            "Email address: payroll@brindlewick.example → wages@brindlewick.example",
            "Telephone: 01632 960120 → 01632 960122",
        ]

    def test_the_second_of_one_value_is_told_what_stands_and_by_whom(self, owen, employer):
        seen = held(employer)
        update(employer, owen, seen=seen, telephone="+441632960122")

        with pytest.raises(MovedOn, match="Telephone is now 01632 960122"):
            update(employer, somebody(CASEWORKER), seen=seen, telephone="+441632960123")

        assert held(employer).telephone == "+441632960122"

    def test_who_saw_it_may_change_it_again_and_both_stay_on_the_timeline(self, owen, employer):
        update(employer, owen, telephone="+441632960122")

        update(employer, somebody(CASEWORKER), telephone="+441632960123")

        assert told(employer)[0] == "Telephone: 01632 960122 → 01632 960123"

    def test_the_same_change_by_both_is_no_loss(self, owen, employer):
        seen = held(employer)
        update(employer, owen, seen=seen, telephone="+441632960122")

        with pytest.raises(RuleBroken, match="Nothing is different yet"):
            update(employer, somebody(CASEWORKER), seen=seen, telephone="+441632960122")

    @pytest.mark.django_db(transaction=True)
    def test_the_second_waits_for_the_first_and_sees_what_it_did(self, employer):
        owen, nkechi, seen = somebody(CASEWORKER), somebody(CASEWORKER), held(employer)
        first = Held(lambda: update(employer, owen, seen=seen, telephone="+441632960122"))
        first.done.wait(5)
        second = Held(lambda: update(employer, nkechi, seen=seen, telephone="+441632960123"))

        wait_until_blocked()
        first.commit()
        second.commit()

        assert isinstance(second.error, MovedOn)
        assert held(employer).telephone == "+441632960122"


class TestAnAgent:
    @pytest.mark.proves("EC-31")
    def test_is_changed_with_old_and_new_on_its_timeline(self, owen):
        agent = PayrollAgentFactory(address1="Suite 3", postcode="ZZ99 2BA")
        seen = details_of(agent, AgentDetails)

        services.update_agent(
            agent_id=agent.pk, seen=seen, details=replace(seen, address1="Suite 4"), grounds=PASSED, by=owen, at=MORNING
        )

        assert told(agent) == ["First line of company address: Suite 3 → Suite 4"]

    def test_without_a_record_gets_one(self, owen):
        details = AgentDetails(name="Pelham Payroll LLP", postcode="ZZ99 3GA")

        agent = services.add_agent(earn="EA9000014", details=details, grounds=PASSED, by=owen, at=MORNING)

        assert PayrollAgent.objects.get() == agent
        assert told(agent) == ["EARN EA9000014"]

    def test_with_an_earn_that_is_taken_is_refused_with_whose_it_is(self, owen):
        PayrollAgentFactory(earn="EA9000014", name="Pelham Payroll LLP")

        with pytest.raises(RuleBroken, match=r"EA9000014 is Pelham Payroll LLP. Link that agent"):
            services.add_agent(
                earn="EA9000014", details=AgentDetails(name="Another"), grounds=PASSED, by=owen, at=MORNING
            )


def link(employer, agent, by, starts_on=JUNE, **given):
    return services.link_agent(
        employer_id=employer.pk, agent_id=agent.pk, starts_on=starts_on, **{"grounds": PASSED, "by": by, "at": MORNING}
        | given,
    )  # fmt: skip


def end(link, by, ends_on, **given):
    return services.end_link(link_id=link.pk, ends_on=ends_on, **{"grounds": PASSED, "by": by, "at": MORNING} | given)


class TestLinks:
    @pytest.mark.proves("EC-40")
    def test_an_agent_is_linked_from_a_day_on_and_it_stands_on_both_records(self, owen, employer):
        agent = PayrollAgentFactory(earn="EA9000001", name="Quillmarch Payroll Services")

        link(employer, agent, owen, may_do="Reports changes", gets_schedule=True)

        made = AgentLink.objects.get()
        assert (made.starts_on, made.ends_on, made.may_do, made.gets_schedule) == (JUNE, None, "Reports changes", True)
        assert told(employer) == ["Quillmarch Payroll Services (EARN EA9000001), from 1 June 2026"]
        assert told(agent) == ["Brindlewick Bakeries Ltd (ERN 900000001), from 1 June 2026"]

    def test_an_agent_that_acts_already_is_not_linked_again(self, owen, employer):
        there = AgentLinkFactory(employer=employer, starts_on=MAY)

        with pytest.raises(RuleBroken, match="acts for this employer from 1 May 2026 already") as refused:
            link(employer, there.agent, owen)

        assert refused.value.code == "linked_already"
        assert AgentLink.objects.count() == 1

    @pytest.mark.parametrize(("starts_on", "is_linked"), [(date(2026, 5, 31), False), (JUNE, True)])
    def test_an_agent_whose_link_ended_can_come_back_the_day_after(self, owen, employer, starts_on, is_linked):
        there = AgentLinkFactory(employer=employer, starts_on=MAY, ends_on=date(2026, 5, 31))

        if is_linked:
            assert link(employer, there.agent, owen, starts_on)
        else:
            with pytest.raises(RuleBroken):
                link(employer, there.agent, owen, starts_on)

    @pytest.mark.proves("EC-41")
    def test_a_link_ends_with_its_last_day_and_stays_on_both_records(self, owen, employer):
        there = AgentLinkFactory(employer=employer, agent=PayrollAgentFactory(earn="EA9000001"), starts_on=MAY)

        end(there, owen, JUNE)

        assert AgentLink.objects.get().ends_on == JUNE
        assert told(employer) == ["Quillmarch Payroll Services (EARN EA9000001), last day 1 June 2026"]
        assert told(there.agent) == ["Brindlewick Bakeries Ltd (ERN 900000001), last day 1 June 2026"]

    def test_a_link_does_not_end_before_it_began(self, owen, employer):
        there = AgentLinkFactory(employer=employer, starts_on=MAY)

        with pytest.raises(RuleBroken, match="The last day must be 1 May 2026"):
            end(there, owen, MAY - timedelta(days=1))

    def test_the_second_to_end_a_link_is_told_who_did(self, owen, employer):
        there = AgentLinkFactory(employer=employer, starts_on=MAY)
        end(there, owen, JUNE)

        with pytest.raises(MovedOn, match=r"Link ended by .*: its last day is 1 June 2026"):
            end(there, somebody(CASEWORKER), MAY)

    @pytest.mark.proves("EC-14")
    def test_links_wait_for_the_security_questions(self, owen, employer):
        there = AgentLinkFactory(employer=employer, starts_on=MAY)
        shut = {"grounds": Grounds(None, Check.ASKED_FOR)}

        with pytest.raises(RuleBroken, match="Complete the security questions"):
            end(there, owen, JUNE, **shut)
        with pytest.raises(RuleBroken, match="Complete the security questions"):
            link(employer, PayrollAgentFactory(), owen, **shut)


class TestInAContact:
    """A change stands on the timeline of the contact that it was asked for in, too."""

    @pytest.mark.proves("XC-01")
    def test_old_and_new_stand_on_both_timelines(self, reference, owen, employer):
        contact = passed(employer, by=owen)

        update(employer, owen, grounds=Grounds(contact.pk, Check.PASSED), email="wages@brindlewick.example")

        assert events_about(employer)[0].case == contact.case

    @pytest.mark.django_db(transaction=True)
    def test_the_contact_is_locked_before_the_record(self, reference, employer):
        """A check that passes writes the fax flag: it takes the contact, then the employer. So does a change."""
        owen = somebody(CASEWORKER, unit=team())
        contact = passed(employer, by=owen)
        grounds = Grounds(contact.pk, Check.PASSED)
        first = Held(lambda: services.keep_notes(contact_id=contact.pk, caller_name="", notes="A", by=owen, at=MORNING))
        first.done.wait(5)
        second = Held(lambda: update(employer, owen, grounds=grounds, email="wages@brindlewick.example"))

        wait_until_blocked()
        with transaction.atomic():
            free = Employer.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=employer.pk).exists()
        first.commit()
        second.commit()

        assert free, "who waits for the contact holds no record"
        assert (first.error, second.error) == (None, None)
