"""Two at the same moment: telephony and caseworkers over one call, and whoever writes the same records."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from contacthub.actor import Actor, ActorKind
from contacthub.deadlines.models import Deadline
from contacthub.deadlines.services import take_step
from contacthub.errors import MovedOn
from contacthub.people.services import actor_for
from employer_contact import services
from employer_contact.details import EmployerDetails, details_of
from employer_contact.lifecycle import ContactState
from employer_contact.models import (
    AgentLink,
    CaseActivity,
    Contact,
    Employer,
    EmployerNote,
    PayingParent,
    ReissueRequest,
)
from employer_contact.security import Check, Grounds
from tests.employer_contact.calling import caseworker
from tests.employer_contact.people import INTEGRATOR, somebody
from tests.factories import (
    MORNING,
    DeoScheduleFactory,
    EmployerFactory,
    EmploymentFactory,
    MaintenanceCaseFactory,
    PayingParentFactory,
    PayrollAgentFactory,
    ScheduleLineFactory,
    StaffMemberFactory,
)
from tests.races import Held, wait_until_blocked

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("reference")]
ERN, CALL = "900000006", "a3f1"


def both(first, second) -> tuple[Held, Held]:
    """Hold the first open until the second waits for it, then let both end."""
    one = Held(first)
    one.done.wait(10)
    other = Held(second)
    wait_until_blocked()
    one.commit()
    other.commit()
    assert one.error is None
    return one, other


class TestCalls:
    @pytest.fixture
    def telephony(self, reference) -> Actor:
        return somebody(INTEGRATOR)

    def told(self, by: Actor):
        return services.notify_call(call_id=CALL, number_keyed=ERN, by=by, at=MORNING)

    @pytest.mark.proves("CM-14")
    def test_a_call_told_of_twice_at_once_has_one_contact(self, telephony):
        first, second = both(lambda: self.told(telephony), lambda: self.told(telephony))

        contact = Contact.objects.get()
        assert (first.result, second.result) == ((contact, True), (contact, False))
        assert Deadline.objects.count() == 1

    @pytest.mark.proves("EC-23")
    def test_who_opens_the_page_while_telephony_tells_of_the_call_has_its_contact(self, telephony):
        owen = caseworker()

        _, second = both(lambda: self.told(telephony), lambda: services.open_contact(call_id=CALL, by=owen, at=MORNING))

        contact = Contact.objects.get()
        assert (second.error, contact.owner_id) == (None, owen.staff_id)
        assert not Deadline.objects.open().exists()

    def test_telephony_that_comes_late_is_told_the_contact_that_was_opened(self, telephony):
        owen = caseworker()

        _, second = both(lambda: services.open_contact(call_id=CALL, by=owen, at=MORNING), lambda: self.told(telephony))

        contact = Contact.objects.get()
        assert second.result == (contact, False)
        assert contact.owner_id == owen.staff_id

    def test_of_two_who_start_a_call_at_once_one_has_it(self, telephony):
        owen, mari = caseworker(), caseworker()
        contact, _ = self.told(telephony)

        _, second = both(
            lambda: services.take_up(contact_id=contact.pk, by=owen, at=MORNING),
            lambda: services.take_up(contact_id=contact.pk, by=mari, at=MORNING),
        )

        assert isinstance(second.error, MovedOn)
        assert Contact.objects.get().owner_id == owen.staff_id

    def test_a_call_that_is_started_as_it_expires_is_kept(self, telephony):
        owen = caseworker()
        contact, _ = self.told(telephony)
        due, late = Deadline.objects.get(), MORNING + timedelta(hours=24)

        both(
            lambda: services.take_up(contact_id=contact.pk, by=owen, at=late),
            lambda: take_step(deadline_id=due.pk, at=late),
        )

        kept = Contact.objects.get()
        assert (kept.state, kept.owner_id) == (ContactState.STARTED, owen.staff_id)

    def test_who_starts_one_that_expires_at_this_moment_is_told(self, telephony):
        owen = caseworker()
        contact, _ = self.told(telephony)
        due, late = Deadline.objects.get(), MORNING + timedelta(hours=24)

        _, second = both(
            lambda: take_step(deadline_id=due.pk, at=late),
            lambda: services.take_up(contact_id=contact.pk, by=owen, at=late),
        )

        assert isinstance(second.error, MovedOn)
        assert Contact.objects.get().state == ContactState.ABANDONED


class TestReissues:
    NUMBER = "200417733"

    @pytest.fixture
    def case(self, reference):
        job = EmploymentFactory(employer=EmployerFactory(ern=ERN))
        owner = StaffMemberFactory(name="Sunita Rao")
        return MaintenanceCaseFactory(number=self.NUMBER, paying_parent=job.paying_parent, owner=owner)

    def ask(self, by: Actor) -> ReissueRequest:
        told = {"case_number": self.NUMBER, "scenario": "amount_differs", "reason": "They differ"}
        return services.request_reissue(employer_id=Employer.objects.get().pk, **told, by=by, at=MORNING)

    @pytest.mark.proves("EC-48")
    def test_of_two_who_ask_at_once_one_has_asked_and_noted_it(self, case):
        owen, mari = caseworker(), caseworker()

        first, second = both(lambda: self.ask(owen), lambda: self.ask(mari))

        assert isinstance(second.error, MovedOn)
        assert first.result.reference in second.error.message
        assert EmployerNote.objects.get().about == ReissueRequest.objects.get().reference

    @pytest.mark.proves("EC-48")
    def test_what_is_withdrawn_as_it_is_issued_ends_once(self, case):
        owen = caseworker()
        request, sunita = self.ask(owen), actor_for(case.owner, on=MORNING.date())
        letter = {"amount": Decimal("188.20"), "from_month": MORNING.date().replace(day=1)}

        _, second = both(
            lambda: services.withdraw(reissue_id=request.pk, reason="They pay now", by=owen, at=MORNING),
            lambda: services.reissue(reissue_id=request.pk, **letter, by=sunita, at=MORNING),
        )

        assert isinstance(second.error, MovedOn)
        assert ReissueRequest.objects.get().state == "withdrawn"
        assert not CaseActivity.objects.exists()


class TestImports:
    @pytest.fixture
    def source(self, reference) -> Actor:
        return replace(somebody(INTEGRATOR), kind=ActorKind.KEY, scopes=frozenset({"employers:import"}))

    def sent(self, by: Actor, *rows: dict):
        return services.import_employers(rows=rows, by=by, at=MORNING)

    def test_of_two_that_make_one_record_at_once_the_second_is_told_to_send_again(self, source):
        row = {"ern": ERN, "name": "Skerrow Foods Ltd"}

        _, second = both(lambda: self.sent(source, row), lambda: self.sent(source, row))

        assert isinstance(second.error, MovedOn)
        assert self.sent(source, row).unchanged == 1

    def test_two_that_change_one_record_at_once_both_stand(self, source):
        EmployerFactory(ern=ERN, pay_day=28)

        both(
            lambda: self.sent(source, {"ern": ERN, "fax": "+441632960120"}),
            lambda: self.sent(source, {"ern": ERN, "pay_day": 26}),
        )

        employer = Employer.objects.get()
        assert (employer.fax, employer.pay_day) == ("+441632960120", 26)

    def test_a_caseworker_who_changes_a_record_while_it_is_written_loses_nothing(self, source):
        owen, employer = caseworker(), EmployerFactory(ern=ERN, pay_day=28)
        seen = details_of(employer, EmployerDetails)
        change = {"employer_id": employer.pk, "seen": seen, "details": replace(seen, pay_day=26)}
        passed = Grounds(case_id=None, check=Check.PASSED)

        _, second = both(
            lambda: self.sent(source, {"ern": ERN, "fax": "+441632960120"}),
            lambda: services.update_employer(**change, grounds=passed, by=owen, at=MORNING),
        )

        employer = Employer.objects.get()
        assert second.error is None
        assert (employer.fax, employer.pay_day) == ("+441632960120", 26)

    def test_of_a_link_made_on_a_page_and_sent_at_once_there_is_one(self, source):
        owen, employer, agent = caseworker(), EmployerFactory(ern=ERN), PayrollAgentFactory(earn="EA9000014")
        row = {"employer": ERN, "agent": agent.earn, "starts_on": MORNING.date()}
        link = {"employer_id": employer.pk, "agent_id": agent.pk, "starts_on": MORNING.date()}
        passed = Grounds(case_id=None, check=Check.PASSED)

        _, second = both(
            lambda: services.import_links(rows=[row], by=source, at=MORNING),
            lambda: services.link_agent(**link, grounds=passed, by=owen, at=MORNING),
        )

        assert second.error.code == "linked_already"
        assert AgentLink.objects.count() == 1


@pytest.mark.parametrize("renamed_first", [True, False])
@pytest.mark.parametrize("make", [EmploymentFactory, ScheduleLineFactory])
def test_what_is_made_while_the_parent_is_renamed_is_listed_by_the_new_name(make, renamed_first):
    parent = PayingParentFactory()
    of = {"employer": EmployerFactory()} if make is EmploymentFactory else {"schedule": DeoScheduleFactory()}
    calls = [
        lambda: PayingParent.objects.filter(pk=parent.pk).update(name="Zoë Abara"),
        lambda: make(paying_parent=parent, **of),
    ]

    both(*(calls if renamed_first else reversed(calls)))

    assert make._meta.model.objects.get().name_key == " zoe abara"
