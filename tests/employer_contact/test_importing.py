"""Records written many at once by REST: all or nothing, by their own numbers; the same rows again change nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from contacthub.actor import ActorKind
from contacthub.cases.services import events_about
from contacthub.errors import Refused, RuleBroken
from employer_contact import services
from employer_contact.models import CaseActivity, Employer, Employment, MaintenanceCase, PayingParent, PayrollAgent
from employer_contact.services.import_rules import MOST_ROWS
from tests.contacthub.api.situations import Machine
from tests.employer_contact.people import CASEWORKER, INTEGRATOR, somebody
from tests.factories import (
    MORNING,
    EmployerFactory,
    MaintenanceCaseFactory,
    PayingParentFactory,
    PayrollAgentFactory,
    StaffMemberFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
SKERROW = {"ern": "900000006", "name": "Skerrow Foods Ltd", "hmrc_postcode": "zz991aa", "telephone": "01632 960120"}


@pytest.fixture
def source(reference) -> Machine:
    """The child maintenance system."""
    return Machine("employers:import")


def pointers(answer) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


def test_employers_are_made_and_changed_by_their_ern(source):
    held = EmployerFactory(whole=True, ern="900000014", name="Old Name Ltd")

    answer = source.post("employers/import/", {"rows": [SKERROW, {"ern": "900000014", "name": "New Name Ltd"}]})

    assert (answer.status_code, answer.json()) == (200, {"added": 1, "changed": 1, "unchanged": 0})
    made = Employer.objects.get(ern="900000006")
    assert (made.name, made.hmrc_postcode, made.telephone) == ("Skerrow Foods Ltd", "ZZ99 1AA", "+441632960120")
    changed = Employer.objects.get(pk=held.pk)
    assert (changed.name, changed.fax, changed.version) == ("New Name Ltd", held.fax, held.version + 1)


@pytest.mark.proves("XC-01")
def test_old_and_new_are_kept_with_the_key_that_wrote_them(source):
    held = EmployerFactory(ern="900000014", name="Old Name Ltd")

    source.post("employers/import/", {"rows": [{"ern": "900000014", "name": "New Name Ltd"}]})

    event = events_about(held).get()
    assert (event.kind, event.actor_kind, event.words.text) == (
        "changed", "key", "Name: Old Name Ltd → New Name Ltd",
    )  # fmt: skip


@pytest.mark.proves("CM-14")
def test_the_same_rows_again_change_nothing(source):
    source.post("employers/import/", {"rows": [SKERROW]})
    before = Employer.objects.get()

    again = source.post("employers/import/", {"rows": [SKERROW]})

    assert again.json() == {"added": 0, "changed": 0, "unchanged": 1}
    after = Employer.objects.get()
    assert (after.version, after.changed_at) == (before.version, before.changed_at)
    assert events_about(after).count() == 1


def test_one_row_that_is_wrong_keeps_all_from_being_written_and_each_is_named(source):
    rows = [SKERROW, {"ern": "900000014"}, {"ern": "900000022", "name": "A Ltd", "prefers_fax": True}]

    answer = source.post("employers/import/", {"rows": rows})

    assert answer.status_code == 422
    assert pointers(answer) == [("/rows/1/name", "required"), ("/rows/2/fax", "fax_required")]
    assert not Employer.objects.exists()


@pytest.mark.parametrize(
    ("row", "pointer"),
    [
        ({"ern": "12"}, "/rows/1/ern"),
        (SKERROW | {"name": ""}, "/rows/1/name"),
        (SKERROW | {"pay_day": 32}, "/rows/1/pay_day"),
        (SKERROW | {"hmrc_postcode": "nowhere"}, "/rows/1/hmrc_postcode"),
        (SKERROW | {"fax_number": "1"}, "/rows/1/fax_number"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_by_its_field(source, row, pointer):
    answer = source.post("employers/import/", {"rows": [SKERROW | {"ern": "900000014"}, row]})

    assert answer.status_code == 400
    assert [place for place, _ in pointers(answer)] == [pointer]
    assert not Employer.objects.exists()


def test_a_record_is_in_the_rows_once(source):
    answer = source.post("employers/import/", {"rows": [SKERROW, SKERROW]})

    assert (answer.status_code, pointers(answer)) == (422, [("/rows/1/ern", "twice")])


@pytest.mark.parametrize("rows", [[], [SKERROW] * (MOST_ROWS + 1)])
def test_a_batch_is_neither_empty_nor_larger_than_its_bound(source, rows):
    answer = source.post("employers/import/", {"rows": rows})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/rows")


def test_agents_are_written_by_their_earn(source):
    held = PayrollAgentFactory(earn="EA9000014")
    rows = [{"earn": "EA9000014", "postcode": "ZZ99 1AA"}, {"earn": "EA9000022", "name": "Tallow Payroll"}]

    answer = source.post("agents/import/", {"rows": rows})

    assert answer.json() == {"added": 1, "changed": 1, "unchanged": 0}
    assert PayrollAgent.objects.get(pk=held.pk).postcode == "ZZ99 1AA"


class TestParents:
    ROW = {"reference": "121999700001", "name": "Gethin Prys-Morgan", "nino": "qq 12 34 56 c"}

    @pytest.mark.proves("XC-06")
    def test_they_are_written_by_their_reference_with_no_full_number_in_the_words(self, source):
        source.post("paying-parents/import/", {"rows": [self.ROW]})

        made = PayingParent.objects.get()
        assert (made.name, made.nino) == ("Gethin Prys-Morgan", "QQ123456C")
        assert "123456" not in events_about(made).get().words.text.replace(" ", "")

    def test_they_work_for_the_employers_that_are_named(self, source):
        employer = EmployerFactory(ern="900000006")
        row = self.ROW | {"employers": ["900000006"]}

        first = source.post("paying-parents/import/", {"rows": [row]})
        again = source.post("paying-parents/import/", {"rows": [row]})

        assert (first.json()["added"], again.json()["unchanged"]) == (1, 1)
        assert Employment.objects.get().employer == employer

    def test_a_new_name_is_the_one_by_which_the_employer_lists_them(self, source):
        EmployerFactory(ern="900000006")
        source.post("paying-parents/import/", {"rows": [self.ROW | {"employers": ["900000006"]}]})

        source.post("paying-parents/import/", {"rows": [self.ROW | {"name": "Gethin O’Neill"}]})

        assert Employment.objects.get().name_key == " gethin oneill gethin o neill"

    def test_an_employer_that_is_not_there_is_named(self, source):
        answer = source.post("paying-parents/import/", {"rows": [self.ROW | {"employers": ["900000006"]}]})

        assert pointers(answer) == [("/rows/0/employers", "unknown")]
        assert not PayingParent.objects.exists()

    def test_nobody_gets_the_number_of_somebody_else(self, source):
        PayingParentFactory(reference="121999700002", nino="QQ123456C")

        answer = source.post("paying-parents/import/", {"rows": [self.ROW]})

        assert (answer.status_code, pointers(answer)) == (422, [("/rows/0/nino", "nino_taken")])

    def test_a_number_that_is_none_is_refused(self, source):
        answer = source.post("paying-parents/import/", {"rows": [self.ROW | {"nino": "12"}]})

        assert (answer.status_code, pointers(answer)) == (400, [("/rows/0/nino", "nino_format")])


class TestCases:
    LETTER = {"issued_on": "2026-01-12", "employer": "900000006", "amount": "188.20", "from_month": "2026-02"}

    @pytest.fixture
    def row(self):
        parent, _ = PayingParentFactory(), EmployerFactory(ern="900000006")
        StaffMemberFactory(staff_number="X7")
        return {
            "number": "300000042", "paying_parent": parent.reference, "receiving_parent": "Leanne Duffy",
            "owner": "X7", "cmsl2040": [self.LETTER],
        }  # fmt: skip

    @pytest.mark.proves("EC-51")
    def test_a_case_is_written_with_its_owner_and_its_letters(self, source, row):
        answer = source.post("cases/import/", {"rows": [row]})

        assert answer.json() == {"added": 1, "changed": 0, "unchanged": 0}
        case, letter = MaintenanceCase.objects.get(), CaseActivity.objects.get()
        assert (case.owner.staff_number, case.paying_parent.reference) == ("X7", row["paying_parent"])
        assert (letter.kind, letter.employer.ern, letter.from_month) == ("CMSL2040", "900000006", date(2026, 2, 1))

    def test_the_same_letter_is_there_once_and_takes_another_amount(self, source, row):
        source.post("cases/import/", {"rows": [row]})

        same = source.post("cases/import/", {"rows": [row]})
        other = source.post("cases/import/", {"rows": [row | {"cmsl2040": [self.LETTER | {"amount": "90.00"}]}]})

        assert (same.json()["unchanged"], other.json()["changed"]) == (1, 1)
        assert CaseActivity.objects.get().amount == Decimal("90.00")
        assert MaintenanceCase.objects.get().version == 2

    def test_a_case_gets_an_owner_taken_away_and_stays_as_it_is_where_nothing_is_said(self, source, row):
        held = MaintenanceCaseFactory(number="300000042", owner=StaffMemberFactory(), receiving_parent="Ann Roe")

        source.post("cases/import/", {"rows": [{"number": "300000042", "owner": "nobody"}]})

        changed = MaintenanceCase.objects.get(pk=held.pk)
        assert (changed.owner, changed.receiving_parent) == (None, "Ann Roe")

    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            ({"paying_parent": "121999700099"}, "/rows/0/paying_parent"),
            ({"cmsl2040": [LETTER | {"employer": "900000099"}]}, "/rows/0/cmsl2040"),
        ],
    )
    def test_a_record_that_is_not_there_is_named(self, source, row, change, pointer):
        answer = source.post("cases/import/", {"rows": [row | change]})

        assert (answer.status_code, pointers(answer)) == (422, [(pointer, "unknown")])
        assert not MaintenanceCase.objects.exists()

    def test_a_new_case_is_of_somebody(self, source):
        answer = source.post("cases/import/", {"rows": [{"number": "300000042"}]})

        assert pointers(answer) == [("/rows/0/paying_parent", "required"), ("/rows/0/receiving_parent", "required")]


@pytest.mark.parametrize("path", ["employers", "agents", "paying-parents", "cases"])
def test_it_has_a_scope_of_its_own(path):
    answer = Machine("employers:read").post(f"{path}/import/", {"rows": [SKERROW]})

    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


@pytest.mark.parametrize("who", [CASEWORKER, INTEGRATOR])
def test_nobody_imports_without_a_key(who):
    with pytest.raises(Refused):
        services.import_employers(rows=[SKERROW], by=somebody(who), at=MORNING)


def test_the_service_too_refuses_more_than_its_bound():
    by = replace(somebody(INTEGRATOR), kind=ActorKind.KEY, scopes=frozenset({"employers:import"}))

    with pytest.raises(RuleBroken) as refused:
        services.import_agents(rows=[{"earn": f"EA{n:07}"} for n in range(MOST_ROWS + 1)], by=by, at=MORNING)

    assert refused.value.code == "too_many_rows"
