"""Finding the party of a contact: by any identifier, in any spacing."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.postgres.lookups import TrigramSimilar
from django.db import connection
from django.db.models import F, Q, Value
from django.test.utils import CaptureQueriesContext

from contacthub.actor import PUBLIC, Actor
from contacthub.people.roles import Role
from employer_contact.identifiers import EXAMPLES, IdentifierKind, recognise
from employer_contact.models import Employer, NameWord, PayingParent, PayrollAgent
from employer_contact.searching import Found, find_parties, match_number_keyed
from tests.employer_contact.calling import call_from
from tests.employer_contact.people import CASEWORKER, INTEGRATOR, somebody
from tests.factories import (
    AgentLinkFactory,
    EmployerFactory,
    EmploymentFactory,
    PayingParentFactory,
    PayrollAgentFactory,
    StaffMemberFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def nkechi() -> Actor:
    return somebody(CASEWORKER)


def names(found: Found | None) -> list[str]:
    return [str(party) for party in (*found.employers, *found.agents)]


@pytest.mark.proves("EC-23", "EC-25")
@pytest.mark.parametrize(
    ("typed", "kind", "expected"),
    [
        ("900 000 009", IdentifierKind.ERN, ["Pellingham Care Homes Ltd"]),
        ("ea 900 0014", IdentifierKind.EARN, ["Pelham Payroll LLP"]),
        ("(01632) 960 250", IdentifierKind.TELEPHONE, ["Pellingham Care Homes Ltd"]),
        ("01632 960251", IdentifierKind.TELEPHONE, ["Pellingham Care Homes Ltd", "Pelham Payroll LLP"]),
        ("01632 960252", IdentifierKind.TELEPHONE, ["Pellingham Care Homes Ltd"]),
        ("zz993ab", IdentifierKind.POSTCODE, ["Pellingham Care Homes Ltd", "Pelham Payroll LLP"]),
        ("ZZ99 5AA", IdentifierKind.POSTCODE, ["Pellingham Care Homes Ltd"]),
        ("PAYROLL@pellingham.example", IdentifierKind.EMAIL, ["Pellingham Care Homes Ltd"]),
        ("post@tŷ-gwyn.example", IdentifierKind.EMAIL, ["Pelham Payroll LLP"]),
        ("post@xn--t-gwyn-pob.example", IdentifierKind.EMAIL, ["Pelham Payroll LLP"]),
        ("qq 12 34 01 a", IdentifierKind.NINO, ["Pellingham Care Homes Ltd"]),
        ("1219 9900 0501", IdentifierKind.PARENT_REFERENCE, ["Pellingham Care Homes Ltd"]),
        ("900000010", IdentifierKind.ERN, []),
        ("4471902", IdentifierKind.OTHER_NUMBER, []),
        ("07700 900999", IdentifierKind.TELEPHONE, []),
    ],
)
def test_each_kind_of_identifier_finds_its_party(nkechi, typed, kind, expected):
    employer = EmployerFactory(
        ern="900000009", name="Pellingham Care Homes Ltd", telephone="+441632960250",
        additional_telephones=["+441632960251"], fax="+441632960252", hmrc_postcode="ZZ99 3AB",
        payroll_postcode="ZZ99 5AA", email="Payroll@Pellingham.example",
    )  # fmt: skip
    PayrollAgentFactory(
        earn="EA9000014", name="Pelham Payroll LLP", telephone="+441632960251", postcode="ZZ99 3AB",
        email="post@tŷ-gwyn.example",
    )  # fmt: skip
    parent = PayingParentFactory(nino="QQ123401A", reference="121999000501")
    EmploymentFactory(employer=employer, paying_parent=parent)
    EmployerFactory(name="Another")
    PayrollAgentFactory(name="Another")

    found = find_parties(typed, seen_by=nkechi)

    assert found.taken_for.kind == kind
    assert names(found) == expected
    by_parent = kind in (IdentifierKind.NINO, IdentifierKind.PARENT_REFERENCE)
    assert list(found.parents) == ([parent] if by_parent else [])


def test_a_paying_parent_leads_to_every_employer(nkechi):
    parent = PayingParentFactory(nino="QQ123401A")
    for name in ("Tarnholm", "Brindlewick"):
        EmploymentFactory(paying_parent=parent, employer=EmployerFactory(name=name))

    assert names(find_parties("QQ123401A", seen_by=nkechi)) == ["Brindlewick", "Tarnholm"]


class TestByName:
    @pytest.mark.parametrize(
        "typed",
        ["pellingham", "PELLING care", "Ltd Pellingham", "pellingham, ltd.", "Péllingham", "care homes pell"],
    )
    def test_words_in_any_order_find_it(self, nkechi, typed):
        EmployerFactory(name="Pellingham Care Homes Ltd")
        EmployerFactory(name="Tarnholm Logistics Ltd")

        assert names(find_parties(typed, seen_by=nkechi)) == ["Pellingham Care Homes Ltd"]

    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("sian oneill", "Siân O’Neill-ap Rhys"),
            ("O'NEILL", "Siân O’Neill-ap Rhys"),
            ("oneill sian", "Siân O’Neill-ap Rhys"),
            ("Sia\u0302n", "Siân O’Neill-ap Rhys"),
            ("ap rhys", "Siân O’Neill-ap Rhys"),
            ("neill", "Siân O’Neill-ap Rhys"),
            ("wyn", "Ŵyn Rees"),
            ("rees, ŵyn", "Ŵyn Rees"),
        ],
    )
    def test_people_are_found_however_they_are_written(self, nkechi, typed, stored):
        people = ["Siân O’Neill-ap Rhys", "Ŵyn Rees"]
        for person in people:
            EmployerFactory(name=f"Employer of {person.split()[0]}", contact_names=[person])
            PayingParentFactory(name=person)

        found = find_parties(typed, seen_by=nkechi)

        assert [employer.contact_names for employer in found.employers] == [[stored]]
        assert names(Found(found.taken_for, parents=found.parents)) == []
        assert [str(parent) for parent in found.parents] == [stored]

    def test_the_closest_comes_first(self, nkechi):
        for name in ("Old Mill Care", "Care Homes Group", "Care", "Careful Ltd", "Childcare"):
            EmployerFactory(name=name)

        found = find_parties("care", seen_by=nkechi)

        assert names(found) == ["Care", "Care Homes Group", "Careful Ltd", "Old Mill Care"]

    def test_one_that_begins_with_it_is_among_very_many(self, nkechi, monkeypatch):
        monkeypatch.setattr("employer_contact.naming.CANDIDATES", 3)
        for number in range(9):
            EmployerFactory(name=f"Old Care {number}")
        EmployerFactory(name="Care First")

        assert names(find_parties("care", seen_by=nkechi))[0] == "Care First"

    def test_signs_of_a_pattern_are_signs(self, nkechi):
        EmployerFactory(name="100% Wool")

        assert names(find_parties("10_", seen_by=nkechi)) == ["100% Wool"]
        assert find_parties("%%", seen_by=nkechi) is None

    def test_where_few_have_the_name_near_ones_are_shown_too(self, nkechi):
        EmployerFactory(name="Pellingham Care Homes Ltd")
        PayrollAgentFactory(name="Pellingham Payroll LLP")
        EmployerFactory(name="Tarnholm Logistics Ltd")

        found = find_parties("pellingam", seen_by=nkechi)

        assert names(found) == []
        assert [str(one) for one in found.near_employers] == ["Pellingham Care Homes Ltd"]
        assert [str(one) for one in found.near_agents] == ["Pellingham Payroll LLP"]

    @pytest.mark.parametrize(
        "typed",
        [
            "Brindelwick",
            "brindelwick bakeries",
            "Bakries Brindlewick",
            "Brindlewik Bakeries Limited",
            "brindelwick bakries",
            "Brindlewick Bakeries plc",
        ],
    )
    def test_letters_that_are_missing_or_in_each_others_place_are_forgiven_and_so_is_the_kind_of_company(
        self, nkechi, typed
    ):
        EmployerFactory(name="Brindlewick Bakeries Ltd")
        EmployerFactory(name="Brynmawr Bakeries Ltd")

        found = find_parties(typed, seen_by=nkechi)

        assert str(found.near_employers[0]) == "Brindlewick Bakeries Ltd"

    def test_the_likest_stand_first(self, nkechi):
        for name in ("Calderby Care", "Calderdale Care", "Calderley Care"):
            EmployerFactory(name=name)

        found = find_parties("Calderdail Care", seen_by=nkechi)

        assert str(found.near_employers[0]) == "Calderdale Care"

    @pytest.mark.parametrize("factory", [EmployerFactory, PayrollAgentFactory])
    def test_one_that_was_renamed_is_near_by_its_new_name(self, nkechi, factory):
        made = factory(name="Tarnholm")
        type(made).objects.filter(pk=made.pk).update(name="Pellingham")

        found = find_parties("pellingam", seen_by=nkechi)

        assert [*found.near_employers, *found.near_agents] == [made]

    def test_a_word_of_many_names_is_kept_once(self):
        for name in ("Pellingham Care", "Care & Care"):
            EmployerFactory(name=name)

        assert sorted(NameWord.objects.values_list("word", flat=True)) == ["and", "care", "pellingham"]

    def test_what_is_found_is_no_near_match_besides(self, nkechi):
        EmployerFactory(name="Pellingham Care Homes Ltd")

        found = find_parties("pellingham", seen_by=nkechi)

        assert (names(found), list(found.near_employers)) == (["Pellingham Care Homes Ltd"], [])


@pytest.mark.proves("EC-24", "AMB-10")
class TestNumberKeyed:
    def test_an_ern_populates_the_employer(self, nkechi):
        employer = EmployerFactory(ern="900000001")

        assert match_number_keyed("900000001", seen_by=nkechi) == employer

    @pytest.mark.parametrize("keyed", ["4471902", "", "900000002", "90000000", "abc", "9" * 500])
    def test_anything_else_populates_nothing(self, nkechi, keyed):
        EmployerFactory(ern="900000001", telephone="+441632960120")

        assert match_number_keyed(keyed, seen_by=nkechi) is None


@pytest.mark.parametrize("typed", ["900000001", "EA9000001", "ZZ99 3AA", "01632 960120", "QQ123401A", "Brindlewick"])
@pytest.mark.parametrize("who", [PUBLIC, INTEGRATOR])
def test_who_may_see_no_account_finds_none(typed, who):
    employer = EmployerFactory(ern="900000001", hmrc_postcode="ZZ99 3AA", telephone="+441632960120")
    AgentLinkFactory(employer=employer, agent__earn="EA9000001", starts_on=date(2026, 1, 1))
    EmploymentFactory(employer=employer, paying_parent__nino="QQ123401A")

    found = find_parties(typed, seen_by=who if isinstance(who, Actor) else somebody(who))

    assert (names(found), list(found.parents), list(found.near_employers)) == ([], [], [])


@pytest.mark.parametrize(
    ("typed", "queries"),
    [
        ("900000001", 1),
        ("EA9000001", 1),
        ("01632 960120", 2),
        ("ZZ99 3AA", 2),
        ("a@b.example", 2),
        ("QQ123401A", 2),
        ("4471902", 0),
        ("Brindlewick", 5),  # names of three kinds, like words, and those shown
        ("Brindelwick", 9),  # besides, near names of two kinds, by one other word and by all
    ],
)
def test_one_statement_for_each_kind_of_record(nkechi, typed, queries):
    EmployerFactory(whole=True)

    with CaptureQueriesContext(
        connection,
    ) as told:
        find_parties(typed, seen_by=nkechi)

    assert len(told) == queries


@pytest.mark.parametrize(
    "rows",
    [
        lambda: Employer.objects.filter(ern="900000001"),
        lambda: Employer.objects.with_number("+441632960120"),
        lambda: Employer.objects.with_postcode("ZZ99 3AA"),
        lambda: Employer.objects.with_email("a@b.example"),
        lambda: Employer.objects.that_employ(nino="QQ123401A"),
        lambda: Employer.objects.that_employ(reference="121999000001"),
        lambda: Employer.objects.filter(name_key__contains=" pell"),
        lambda: Employer.objects.filter(name_key__startswith=" pell").order_by("name_key", "pk")[:20],
        lambda: Employer.objects.filter(Q(name_key__contains=" pellingam") | Q(name_key__contains=" pellingham")),
        lambda: NameWord.objects.filter(TrigramSimilar(F("word"), Value("pellingam"))),
        lambda: PayrollAgent.objects.with_number("+441632960120"),
        lambda: PayrollAgent.objects.with_postcode("ZZ99 3AA"),
        lambda: PayrollAgent.objects.with_email("a@b.example"),
        lambda: PayrollAgent.objects.filter(name_key__contains=" pell"),
        lambda: PayingParent.objects.filter(name_key__contains=" pell"),
    ],
)
def test_each_statement_has_its_index(rows):
    """With the reading of whole tables made dear, Postgres shows whether an index fits at all."""
    EmployerFactory(whole=True)
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")

    assert "Seq Scan" not in rows().explain()


class TestWhatCanBeTyped:
    """Where nothing was found, the page names what can be typed, and its shape."""

    WORDS = (
        "(ERN), like 900000006",
        "(EARN), like EA9000014",
        "National Insurance number, like QQ 12 34 56 C",
        "postcode, like ZZ99 3AB",
        "telephone or fax number, like 01632 960120",
        "email address, like payroll@skerrow-foods.example",
        "a name, or the first letters",
    )

    @pytest.mark.proves("EC-25")
    @pytest.mark.parametrize("where", ["records", "call"])
    def test_it_stands_where_nothing_was_found(self, client, owen, reference, where):
        if where == "records":
            page = client.post("/employers/search/", {"party": "nobody"})
        else:
            contact = call_from(None, by=owen)
            page = client.post(f"{contact.get_absolute_url()}search/", {"key": "k", "sought": "nobody"})

        text = " ".join(page.content.decode().split())
        assert [words for words in self.WORDS if words not in text] == []

    @pytest.mark.parametrize("typed", ["", "nobody"])
    def test_the_box_in_the_head_names_it_to_whom_it_finds_employers(self, client, owen, reference, typed):
        text = client.get("/search/", {"q": typed}).content.decode()

        assert [words for words in EXAMPLES if words not in text] == []

    def test_and_to_nobody_else(self, client, reference):
        client.force_login(StaffMemberFactory(role=Role.HELPDESK_AGENT))

        assert "ERN" not in client.get("/search/").content.decode()

    @pytest.mark.parametrize(("example", "kind"), [*zip(EXAMPLES, ("ern", "earn", "nino", "postcode"), strict=True)])
    def test_each_shape_is_taken_for_what_it_is(self, example, kind):
        assert recognise(example.partition("like ")[2]).kind == kind
