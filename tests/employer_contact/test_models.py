"""What the database holds of employers, agents, paying parents and schedules, whoever writes."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from employer_contact.models import AgentLink, Employer, PlanStep, PlanVersion
from tests.factories import (
    MORNING,
    AgentLinkFactory,
    CaseActivityFactory,
    DeoScheduleFactory,
    EmployerFactory,
    EmploymentFactory,
    MaintenanceCaseFactory,
    PayingParentFactory,
    PayrollAgentFactory,
    ScheduleLineFactory,
)

pytestmark = pytest.mark.django_db
BROKEN = [
    (EmployerFactory, {"ern": "12345678"}, "employer_ern_has_9_digits"),
    (EmployerFactory, {"ern": "A00000001"}, "employer_ern_has_9_digits"),
    (EmployerFactory, {"name": ""}, "employer_has_name"),
    (EmployerFactory, {"telephone": "01632 960120"}, "employer_numbers_are_e164"),
    (EmployerFactory, {"fax": "960120"}, "employer_numbers_are_e164"),
    (EmployerFactory, {"hmrc_postcode": "zz993aa"}, "employer_postcodes_are_written_alike"),
    (EmployerFactory, {"payroll_postcode": "ZZ993AA"}, "employer_postcodes_are_written_alike"),
    (EmployerFactory, {"prefers_fax": True}, "employer_fax_is_preferred_where_there_is_one"),
    (EmployerFactory, {"pay_day": 0}, "employer_days_of_a_month"),
    (EmployerFactory, {"pay_day": 32}, "employer_days_of_a_month"),
    (EmployerFactory, {"cut_off_day": 32}, "employer_days_of_a_month"),
    (EmployerFactory, {"schedule_delivery": ""}, "employer_schedule_comes_one_way"),
    (EmployerFactory, {"schedule_delivery": "both"}, "employer_schedule_comes_one_way"),
    (EmployerFactory, {"language": "fr"}, "employer_language_is_known"),
    (PayrollAgentFactory, {"earn": "9000001"}, "agent_earn_has_its_form"),
    (PayrollAgentFactory, {"name": ""}, "agent_has_name"),
    (PayrollAgentFactory, {"telephone": "01632"}, "agent_number_is_e164"),
    (PayrollAgentFactory, {"postcode": "ZZ99"}, "agent_postcode_is_written_alike"),
    (AgentLinkFactory, {"ends_on": date(2025, 3, 31)}, "link_days_in_order"),
    (PayingParentFactory, {"reference": "131999000001"}, "parent_reference_has_its_form"),
    (PayingParentFactory, {"nino": "QQ12345A"}, "parent_nino_has_its_form"),
    (PayingParentFactory, {"name": ""}, "parent_has_name"),
    (EmploymentFactory, {"starts_on": date(2026, 1, 2), "ends_on": date(2026, 1, 1)}, "employment_days_in_order"),
    (MaintenanceCaseFactory, {"number": "2004-1"}, "maintenance_case_number_is_digits"),
    (CaseActivityFactory, {"kind": ""}, "case_activity_has_kind"),
    (CaseActivityFactory, {"kind": "Called", "amount": "1.00"}, "case_activity_amount_is_of_a_letter"),
    (CaseActivityFactory, {"amount": "-1.00"}, "case_activity_amount_is_of_a_letter"),
    (CaseActivityFactory, {"from_month": date(2026, 2, 2)}, "case_activity_month_is_its_first_day"),
    (DeoScheduleFactory, {"month": date(2026, 6, 2)}, "schedule_month_is_its_first_day"),
    (DeoScheduleFactory, {"delivery": "fax"}, "schedule_comes_one_way"),
    (ScheduleLineFactory, {"due": "-1.00"}, "schedule_line_amounts"),
    (ScheduleLineFactory, {"deducted": "-1.00"}, "schedule_line_amounts"),
    (ScheduleLineFactory, {"change": "left"}, "schedule_line_change_has_its_day"),
    (ScheduleLineFactory, {"effective_on": date(2026, 6, 1)}, "schedule_line_change_has_its_day"),
]


@pytest.mark.parametrize(("factory", "fields", "constraint"), BROKEN)
def test_refuses(factory, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        factory(**fields)


@pytest.mark.parametrize(
    ("factory", "fields"),
    [
        (EmployerFactory, {"ern": "900000001"}),
        (PayrollAgentFactory, {"earn": "EA9000001"}),
        (PayingParentFactory, {"reference": "121999000001"}),
        (PayingParentFactory, {"nino": "QQ123456C"}),
        (MaintenanceCaseFactory, {"number": "200417733"}),
    ],
)
def test_what_people_call_it_by_is_there_once(factory, fields):
    factory(**fields)

    with pytest.raises(IntegrityError), transaction.atomic():
        factory(**fields)


def test_paying_parents_without_a_number_may_be_many():
    PayingParentFactory(nino="")

    assert PayingParentFactory(nino="").masked_nino == ""


@pytest.mark.proves("EC-20")
def test_hmrc_may_be_the_only_one_with_an_address():
    assert EmployerFactory(hmrc_address="12 Corn Street", payroll_address="").payroll_address == ""


def test_a_whole_employer_answers_every_question():
    held = EmployerFactory(whole=True).answers

    assert held.payroll_address == "Unit 4, Old Maltings\nMillbrack\nZZ99 3AA"
    assert (held.fax, held.pay_day, held.cut_off_day) == ("+441632960129", 28, 20)


class TestLinks:
    def test_the_same_agent_is_linked_once_on_a_day(self):
        link = AgentLinkFactory(ends_on=date(2026, 3, 31))

        with pytest.raises(IntegrityError, match="link_once_on_a_day"), transaction.atomic():
            AgentLinkFactory(employer=link.employer, agent=link.agent, starts_on=date(2026, 3, 31))
        AgentLinkFactory(employer=link.employer, agent=link.agent, starts_on=date(2026, 4, 1))
        AgentLinkFactory(employer=link.employer, starts_on=date(2026, 1, 1))

    @pytest.mark.proves("EC-68")
    @pytest.mark.parametrize(
        ("day", "is_active"),
        [
            (date(2025, 3, 31), False),
            (date(2025, 4, 1), True),
            (date(2026, 3, 31), True),
            (date(2026, 4, 1), False),
        ],
    )
    def test_a_link_lasts_from_its_first_to_its_last_day(self, day, is_active):
        link = AgentLinkFactory(starts_on=date(2025, 4, 1), ends_on=date(2026, 3, 31))

        found = AgentLink.objects.active(employer_id=link.employer_id, agent_id=link.agent_id, on=day)

        assert found.exists() is is_active
        assert Employer.objects.of_agent(link.agent_id, on=day).exists() is is_active


class TestWorkedOut:
    def test_the_words_of_its_names_follow_the_record(self):
        employer = EmployerFactory(name="Tŷ Gwyn", contact_names=["Siân O’Neill"])
        Employer.objects.filter(pk=employer.pk).update(name="Skerrow Foods")

        assert Employer.objects.get().name_key == " skerrow foods sian oneill skerrow foods sian o neill"

    def test_its_numbers_are_all_that_it_has(self):
        employer = EmployerFactory(telephone="+441632960120", additional_telephones=["+441632960121"])

        assert employer.numbers == ["+441632960121", "+441632960120"]


class TestPlansInUse:
    @pytest.fixture
    def version(self, reference) -> PlanVersion:
        return PlanVersion.objects.in_use(MORNING).get(plan__code="STATEMENT")

    def test_a_step_of_a_version_in_use_is_not_changed(self, version):
        with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
            version.steps.filter(number=1).update(text="Changed")

    def test_nor_taken_out(self, version):
        with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
            version.steps.filter(number=1).delete()

    def test_nor_added(self, version):
        with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
            PlanStep.objects.create(version=version, number=9, text="More", mark="proposed")

    def test_nor_moved_there_from_another_version(self, version):
        other = PlanVersion.objects.create(plan=version.plan, number=2)
        step = PlanStep.objects.create(version=other, number=9, text="More", mark="proposed")

        with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
            PlanStep.objects.filter(pk=step.pk).update(version=version)
        PlanStep.objects.filter(pk=step.pk).update(text="Another text")
