"""What the box in the head finds of employer contact."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contacthub.cases.models import FindKey
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from tests.contacthub.ui.markup import Node, check, parse
from tests.employer_contact.people import CASEWORKER, OTHER, OWNER, somebody, team
from tests.factories import (
    AgentLinkFactory,
    ContactFactory,
    EmployerFactory,
    EmploymentFactory,
    IncidentFactory,
    MaintenanceCaseFactory,
    PayingParentFactory,
    PayrollAgentFactory,
    ServiceRequestFactory,
    StaffMemberFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def owen(client) -> Client:
    return signed_in(client, somebody(CASEWORKER, unit=team()).staff_id)


@pytest.fixture
def oxmarsh():
    return EmployerFactory(
        ern="900000004", name="Oxmarsh Fencing Co", telephone="+441632960418", email="pay@fencing.test"
    )


@pytest.fixture
def gethin(oxmarsh):
    parent = PayingParentFactory(reference="121000000017", name="Gethin Prys-Morgan", nino="QQ123417A")
    EmploymentFactory(employer=oxmarsh, paying_parent=parent)
    return parent


def signed_in(client: Client, staff_id: int | None) -> Client:
    client.force_login(StaffMember.objects.get(pk=staff_id))
    return client


def page_for(client: Client, typed: str) -> Node:
    page = client.get("/search/", {"q": typed})
    assert page.status_code == 200
    check(page.text)
    return parse(page.text).all("main")[0]


def rows_of(client: Client, typed: str) -> list[list[str]]:
    rows = page_for(client, typed).all("tr")
    return [[" ".join(cell.text.split()) for cell in [*row.all("th"), *row.all("td")]] for row in rows if row.all("a")]


def found(client: Client, typed: str) -> list[str]:
    """Return the references on the page, in their order."""
    return [row.all("span")[0].text for row in page_for(client, typed).all("tr")[1:] if row.all("a")]


def led_to(client: Client, typed: str) -> str:
    return client.get("/search/", {"q": typed}).headers.get("Location", "")


@pytest.mark.proves("XC-02")
class TestAWholeReference:
    @pytest.mark.parametrize("typed", ["900000004", "900 000 004", "ERN 900000004", "ern: 900-000-004"])
    def test_an_ern_leads_straight_to_the_employer(self, owen, oxmarsh, typed):
        assert led_to(owen, typed) == "/employers/900000004/"

    @pytest.mark.parametrize("typed", ["EA9000014", "ea 900 0014", "EARN EA9000014"])
    def test_an_earn_leads_straight_to_the_agent(self, owen, typed):
        PayrollAgentFactory(earn="EA9000014")

        assert led_to(owen, typed) == "/employers/agents/EA9000014/"

    def test_that_of_a_contact_or_of_a_service_request_leads_straight_to_its_page(self, owen):
        contact = ContactFactory(case__reference="CT-000871")
        ServiceRequestFactory(case__reference="SR-004190", contact=contact)

        assert led_to(owen, "ct 871") == "/employers/CT-000871/"
        assert led_to(owen, "sr-004190") == "/employers/SR-004190/"

    def test_what_is_sent_from_the_box_gets_there_too(self, owen, oxmarsh):
        ContactFactory(case__reference="CT-000871")

        assert owen.post("/search/", {"looked_for": "CT-000871"}).url == "/employers/CT-000871/"
        assert owen.post("/search/", {"looked_for": "oxmarsh & co"}).url == "/search/?q=oxmarsh+%26+co"

    def test_nine_digits_that_no_employer_has_may_begin_a_telephone_number(self, owen):
        caller = ContactFactory(calling_number="+441632960983")

        assert found(owen, "016329609") == [caller.reference]
        assert "Taken for a telephone number" in page_for(owen, "016329609").text


class TestEveryKind:
    def test_a_name_finds_the_employer_with_what_was_asked_for_and_raised(self, owen, oxmarsh):
        older, newer = (ContactFactory(employer=oxmarsh, party_type="employer", found_by="nothing_keyed") for _ in "12")
        request = ServiceRequestFactory(employer=oxmarsh, contact=older)
        ServiceRequestFactory()

        assert found(owen, "oxmarsh") == ["ERN 900000004", request.reference, newer.reference, older.reference]
        assert {mark.text for mark in page_for(owen, "oxmarsh").all("mark")} == {"Oxmarsh"}

    def test_so_does_a_telephone_number_or_an_email_address_which_the_row_shows(self, owen, oxmarsh):
        for typed, shown in [("01632 960 418", "01632 960418"), ("PAY@fencing.test", "pay@fencing.test")]:
            [[name, what, *_]] = rows_of(owen, typed)

            assert "Oxmarsh Fencing Co" in name
            assert what.endswith(shown)

    def test_an_agent_is_found_by_name(self, owen):
        PayrollAgentFactory(earn="EA9000014", name="Quillmarch Payroll Services")

        assert found(owen, "quillmarch") == ["EARN EA9000014"]

    def test_the_row_of_an_employer_says_who_acts_for_it(self, owen, oxmarsh):
        AgentLinkFactory(employer=oxmarsh, agent__name="Quillmarch Payroll Services", starts_on=date(2025, 4, 1))

        assert rows_of(owen, "oxmarsh")[0][2] == "Agent Quillmarch Payroll Services"

    def test_a_contact_is_found_by_the_callers_name_and_number(self, owen):
        contact = ContactFactory(caller_name="Orla Pettigrew", calling_number="+441632960983")

        assert found(owen, "pettigrew") == found(owen, "01632 960983") == [contact.reference]

    def test_nothing_is_found_twice(self, owen, oxmarsh):
        contact = ContactFactory(
            employer=oxmarsh,
            party_type="employer",
            found_by="keyed",
            calling_number=oxmarsh.telephone,
            caller_name="Oxmarsh",
        )

        for typed in ("01632 960418", "oxmarsh"):
            assert found(owen, typed) == ["ERN 900000004", contact.reference]

    def test_of_many_employers_with_a_word_in_their_names_the_contacts_are_left_out(self, owen):
        for _ in range(6):
            ContactFactory(
                employer=EmployerFactory(name="Harbour Foods Ltd"), party_type="employer", found_by="nothing_keyed"
            )

        assert {reference.split()[0] for reference in found(owen, "harbour")} == {"ERN"}


class TestPayingParents:
    def test_a_name_finds_them_once_whatever_the_number_of_their_employers(self, owen, gethin):
        EmploymentFactory(paying_parent=gethin, ends_on=date(2025, 1, 31))

        [[name, what, *_]] = rows_of(owen, "prys")

        assert name.startswith("121000000017 Gethin Prys")
        assert what == "At Oxmarsh Fencing Co and 1 more"

    def test_the_12_digit_reference_finds_them_their_employer_and_what_was_raised_about_them(self, owen, gethin):
        request = ServiceRequestFactory(employer=gethin.employments.get().employer)
        request.paying_parents.add(gethin)
        ServiceRequestFactory(employer=request.employer)

        assert found(owen, "1210 0000 0017") == ["ERN 900000004", "121000000017", request.reference]
        assert "Taken for a paying parent’s 12-digit reference" in page_for(owen, "121000000017").text

    @pytest.mark.proves("XC-06")
    @pytest.mark.parametrize("typed", ["QQ123417A", "qq 12 34 17 a", "Gethin, QQ 12 34 17 A"])
    def test_the_national_insurance_number_finds_them_and_stands_nowhere_in_full(self, owen, gethin, typed):
        page = owen.post("/search/", {"looked_for": typed})

        assert page.status_code == 200
        check(page.text)
        assert "Gethin Prys-Morgan" in page.text
        assert "QQ •• •• 17 A" in page.text
        assert "123417" not in page.text.replace(" ", "").replace("%20", "").replace("+", "")
        assert "Taken for a National Insurance number" in page.text

    @pytest.mark.proves("XC-06")
    def test_one_that_nobody_has_is_masked_too(self, owen):
        page = owen.post("/search/", {"looked_for": "QQ123499A"}).text

        assert "QQ •• •• 99 A" in page
        assert "QQ123499A" not in page


class TestWhoSeesWhat:
    def test_the_owner_of_a_case_finds_the_parent_and_the_employer_of_it_alone(self, client, gethin):
        owner = somebody(OWNER)
        MaintenanceCaseFactory(paying_parent=gethin, owner_id=owner.staff_id)
        other = PayingParentFactory(name="Gethin Pugh")
        EmploymentFactory(paying_parent=other, employer=EmployerFactory(name="Oxmarsh Hire"))
        ContactFactory(caller_name="Gethin")
        signed_in(client, owner.staff_id)

        assert found(client, "gethin") == ["121000000017"]
        assert found(client, "oxmarsh") == ["ERN 900000004"]

    def test_another_caseworker_finds_their_own_contacts_and_requests_alone(self, client, oxmarsh):
        other = somebody(OTHER)
        given = {"employer": oxmarsh, "party_type": "employer", "found_by": "nothing_keyed"}
        mine, _ = ContactFactory(**given, owner_id=other.staff_id), ContactFactory(**given)
        ServiceRequestFactory(employer=oxmarsh)
        signed_in(client, other.staff_id)

        assert found(client, "oxmarsh") == ["ERN 900000004", mine.reference]

    def test_an_agent_of_the_helpdesk_finds_none_of_it_and_is_asked_for_none(self, client, gethin):
        ContactFactory(case__reference="CT-000871")
        signed_in(client, StaffMemberFactory(role=Role.HELPDESK_AGENT).pk)
        IncidentFactory(customer_name="Mair Jones")

        for typed in ("CT-000871", "900000004", "oxmarsh", "121000000017", "gethin"):
            assert found(client, typed) == []
        with CaptureQueriesContext(connection) as asked:
            found(client, "mair")
        assert [query["sql"] for query in asked if "employer_contact" in query["sql"]] == []


def test_it_asks_as_often_for_one_of_each_as_for_many(owen):
    skerrow = EmployerFactory(name="Skerrow Foods Ltd")

    def make(count: int) -> None:
        for _ in range(count):
            EmploymentFactory(paying_parent__name="Mair Skerrow", employer=skerrow)
            AgentLinkFactory(employer=skerrow)
            contact = ContactFactory(caller_name="Mair Skerrow", owner=StaffMemberFactory())
            ServiceRequestFactory(employer=skerrow, contact=contact, owner=StaffMemberFactory())

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert len(found(owen, "skerrow")) >= 4
        return len(asked)

    make(1)
    queries()
    one = queries()
    make(19)

    assert queries() == one <= 30
    for _ in range(20):
        AgentLinkFactory(employer__name="Skerrow Hire", agent__name="Skerrow Payroll")
    assert queries() <= one


def test_contacts_that_were_there_before_get_the_same_keys():
    ContactFactory(caller_name="Orla Pettigrew", calling_number="+441632960983")
    migration = import_module("employer_contact.migrations.0040_contact_find_keys")

    def rows() -> set[tuple[object, ...]]:
        return {*FindKey.objects.filter(prefix="CT").values_list("case_id", "key", "weight")}

    written = rows()
    FindKey.objects.filter(prefix="CT").delete()
    with connection.cursor() as cursor:
        cursor.execute(migration.FILL)

    assert rows() == written != set()


def test_no_address_that_the_box_leads_to_holds_a_national_insurance_number(owen, gethin):
    answer = owen.post("/search/", {"looked_for": f"who is {gethin.full_nino}"}, follow=True)

    assert all(quote("QQ") not in address for address, _ in answer.redirect_chain)
