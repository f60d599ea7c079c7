"""The employers of the demo data: those that each journey needs, and many more."""

from __future__ import annotations

import pytest
from django.db.models import Count, F

from contacthub.people.demo import PASSWORD
from contacthub.people.models import StaffMember
from contacthub.people.services import actor_for
from employer_contact.identifiers import IdentifierKind
from employer_contact.models import (
    AgentLink,
    CaseActivity,
    Employer,
    Employment,
    PayingParent,
    PayrollAgent,
    ScheduleLine,
)
from employer_contact.searching import find_parties, match_number_keyed
from employer_contact.security import held_values

pytestmark = pytest.mark.django_db


@pytest.fixture
def owen(demo):
    return actor_for(StaffMember.objects.get(username="caseworker"), on=demo.date())


def employer(name: str) -> Employer:
    return Employer.objects.get(name=name)


def test_there_are_hundreds_of_employers_and_thousands_of_paying_parents(demo):
    assert Employer.objects.count() >= 300
    assert PayrollAgent.objects.count() >= 40
    assert PayingParent.objects.count() >= 2000


def test_no_two_employers_or_paying_parents_are_called_the_same(demo):
    for model in (Employer, PayingParent, PayrollAgent):
        assert model.objects.values("name").distinct().count() == model.objects.count()


@pytest.mark.parametrize(
    ("name", "ern"),
    [
        ("Brindlewick Bakeries Ltd", "900000001"),
        ("Tarnholm Logistics Ltd", "900000002"),
        ("Ystrad Wen Timber Ltd", "900000003"),
        ("Oxmarsh Fencing Co", "900000004"),
        ("Pellingham Care Homes Ltd", "900000005"),
        ("Skerrow Foods Ltd", "900000006"),
    ],
)
def test_an_ern_keyed_finds_each_of_the_stories(demo, owen, name, ern):
    assert match_number_keyed(ern, seen_by=owen).name == name


def test_a_trn_finds_nobody(demo, owen):
    assert match_number_keyed("4471902", seen_by=owen) is None


def test_some_have_too_few_values_for_a_check_and_others_enough(demo):
    assert len(held_values(employer("Oxmarsh Fencing Co").answers)) == 2
    assert len(held_values(employer("Brindlewick Bakeries Ltd").answers)) == 7
    assert "e_payroll_address" not in held_values(employer("Skerrow Foods Ltd").answers)


def test_two_branches_are_told_apart_by_their_addresses(demo, owen):
    found = find_parties("pellingham", seen_by=owen).employers

    assert len(found) == 2
    assert len({one.address_in_short for one in found}) == 2


def test_fax_is_preferred_by_some_and_not_by_others_that_have_one(demo):
    flags = Employer.objects.exclude(fax="").values_list("prefers_fax", flat=True).distinct()

    assert {*flags} == {True, False}


def test_some_are_spoken_to_in_welsh(demo):
    assert employer("Ystrad Wen Timber Ltd").language == "cy"
    assert Employer.objects.filter(language="cy").count() > 10


def test_an_agent_has_three_employers_one_none_any_more_and_one_very_many(demo):
    def acting(name: str) -> int:
        return AgentLink.objects.on(demo.date()).filter(agent__name=name).count()

    assert acting("Quillmarch Payroll Services") == 3
    assert acting("Marrowby Accounts LLP") == 0
    assert AgentLink.objects.filter(agent__name="Marrowby Accounts LLP").count() == 1
    assert acting("Holtby and Strand Bureau") >= 30


def test_a_national_insurance_number_finds_the_employers_of_somebody_with_two(demo, owen):
    two = PayingParent.objects.annotate(jobs=Count("employments")).filter(jobs=2).exclude(nino="").first()

    found = find_parties(two.nino, seen_by=owen)

    assert found.taken_for.kind == IdentifierKind.NINO
    assert len(found.employers) == 2


def test_a_paying_parent_in_three_cases_differs_from_the_letters(demo):
    gethin = PayingParent.objects.get(reference="121999000017")

    assert (gethin.name, gethin.nino, gethin.cases.count()) == ("Gethin Prys-Morgan", "QQ123417A", 3)
    job = Employment.objects.filter(paying_parent=gethin, employer=employer("Brindlewick Bakeries Ltd"))
    [shown] = job.with_amounts(month=demo.date().replace(day=1))
    assert (str(shown.due), str(shown.letters)) == ("278.60", "252.20")


def test_another_has_the_letter_in_the_second_of_two_cases(demo):
    letters = CaseActivity.objects.cmsl2040().filter(maintenance_case__paying_parent__reference="121999000023")

    assert [letter.maintenance_case.number for letter in letters] == ["200611209"]


def test_schedules_are_of_two_months_with_lines_for_all_who_work_there(demo):
    pellingham = employer("Pellingham Care Homes Ltd")

    assert [schedule.lines.count() for schedule in pellingham.schedules.all()] == [260, 260]
    assert ScheduleLine.objects.exclude(change="").exists()
    assert ScheduleLine.objects.filter(deducted__lt=F("due")).exists()


def test_every_case_has_an_owner_who_signs_in(demo, client):
    assert client.login(username="case-owner", password=PASSWORD)
    page = client.get("/employers/").content.decode()

    assert "Brindlewick Bakeries Ltd" in page


def test_what_was_changed_stands_on_the_record_with_old_and_new(demo, client):
    client.login(username="caseworker", password=PASSWORD)

    page = client.get("/employers/900000001/").content.decode()

    assert "Telephone: 01632 960120 → 01632 960122" in page
    assert "Telephone: 01632 960122 → 01632 960120" in page


def test_nobody_has_a_number_or_address_that_may_be_somebodys(demo):
    numbers = {number for one in Employer.objects.values_list("numbers", flat=True) for number in one}
    kept_for_fiction = ("+441632960", "+442079460", "+447700900")

    assert [number for number in numbers if not number.startswith(kept_for_fiction)] == []
    assert not Employer.objects.exclude(email="").exclude(email__endswith=".example").exists()
    assert not PayingParent.objects.exclude(nino="").exclude(nino__startswith="QQ").exists()
