"""The pages of the records, as a browser without scripts sees them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacthub.people.models import StaffMember
from employer_contact.models import EmployerNote, PayingParent
from tests.employer_contact.people import CASEWORKER, NOBODY, OWNER, somebody, team
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
JUNE = date(2026, 6, 1)


@pytest.fixture
def owen(client):
    actor = somebody(CASEWORKER, unit=team())
    client.force_login(StaffMember.objects.get(pk=actor.staff_id))
    return client


@pytest.fixture
def brindlewick():
    return EmployerFactory(ern="900000001", whole=True)


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def employ(employer, count=1, **given):
    """Return paying parents of an employer, each with a case, a letter, and a line on the schedule of June."""
    schedule = employer.schedules.filter(month=JUNE).first() or DeoScheduleFactory(employer=employer, month=JUNE)
    made = []
    for _ in range(count):
        parent = PayingParentFactory(**given)
        EmploymentFactory(employer=employer, paying_parent=parent)
        case = MaintenanceCaseFactory(paying_parent=parent)
        CaseActivityFactory(
            maintenance_case=case, employer=employer, amount="188.20", from_month=date(2026, 2, 1), by="Sunita Rao"
        )
        ScheduleLineFactory(schedule=schedule, paying_parent=parent, due="188.20")
        made.append(parent)
    return made


def queries(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as counted:
        text_of(client.get(url))
    return len(counted)


class TestAnEmployer:
    @pytest.mark.proves("EC-20", "EC-44")
    def test_shows_what_is_held_with_the_two_addresses_apart(self, owen, brindlewick):
        page = text_of(owen.get("/employers/900000001/"))

        assert "Employer Reference Number (ERN) 900000001" in page
        for held in (
            "01632 960120",
            "01632 960121\n07700 900364",
            "28th of the month",
            "20th of the month",
            "Orla Pettigrew\nTomasz Żurawski",
        ):
            assert held in page
        assert "{%" not in page
        assert "01632 960129, the preferred method" in page
        assert page.index("Unit 4, Old Maltings\nMillbrack\nZZ99 3AA") < page.index(
            "12 Corn Street\nAshcombe\nZZ99 1AA"
        )
        assert "<dd>Paper</dd>" in page

    def test_says_where_nothing_is_held(self, owen):
        EmployerFactory(ern="900000006")

        page = text_of(owen.get("/employers/900000006/"))

        assert "No value held: HMRC may not provide it" in page
        assert "No agent acts for this employer." in page

    def test_names_agents_that_act_for_it_and_those_that_did(self, owen, brindlewick):
        AgentLinkFactory(employer=brindlewick, agent=PayrollAgentFactory(earn="EA9000001"), starts_on=date(2025, 4, 1))
        marrowby = PayrollAgentFactory(name="Marrowby Accounts LLP")
        AgentLinkFactory(employer=brindlewick, agent=marrowby, starts_on=date(2023, 6, 3), ends_on=date(2025, 3, 31))

        page = text_of(owen.get("/employers/900000001/"))

        assert "since 1 April 2025" in page
        assert "Earlier: " in page
        assert "3 June 2023 to 31 March 2025" in page

    def test_adds_up_the_newest_schedule(self, owen, brindlewick):
        employ(brindlewick, 2)

        page = text_of(owen.get("/employers/900000001/"))

        assert "DEO schedule, June 2026" in page
        assert "£376.40 for 2 paying parents" in page

    def test_takes_as_many_queries_whatever_it_has(self, owen, brindlewick):
        employ(brindlewick)
        AgentLinkFactory(employer=brindlewick)
        before = queries(owen, "/employers/900000001/")
        employ(brindlewick, 20)
        for _ in range(20):
            AgentLinkFactory(employer=brindlewick)
            EmployerNote.objects.create(employer=brindlewick, text="Rang", at=MORNING)

        assert queries(owen, "/employers/900000001/") == before

    def test_is_not_there_for_somebody_without_a_role(self, client, brindlewick):
        actor = somebody(NOBODY)
        client.force_login(StaffMember.objects.get(pk=actor.staff_id))

        assert client.get("/employers/900000001/").status_code == 404
        assert client.get("/employers/").status_code == 403

    def test_is_there_for_the_owner_of_a_case_of_somebody_it_employs(self, client, brindlewick):
        actor = somebody(OWNER)
        mine, other = employ(brindlewick, 2)
        mine.cases.update(owner_id=actor.staff_id)
        client.force_login(StaffMember.objects.get(pk=actor.staff_id))

        page = text_of(client.get("/employers/900000001/paying-parents/"))

        assert mine.reference in page
        assert other.reference not in page
        assert client.get(f"/employers/900000001/paying-parents/{other.reference}/").status_code == 404
        assert other.reference not in text_of(client.get("/employers/900000001/schedule/2026-06/"))


class TestItsLists:
    @pytest.mark.proves("XC-06")
    def test_paying_parents_stand_by_name_with_masked_numbers_and_both_amounts(self, owen, brindlewick):
        employ(brindlewick, name="Zoë Abara", nino="QQ123402B")
        employ(brindlewick, name="Gethin Prys-Morgan", nino="QQ123401A")

        page = text_of(owen.get("/employers/900000001/paying-parents/"))

        assert page.index("Gethin Prys-Morgan") < page.index("Zoë Abara")
        assert "QQ •• •• 01 A" in page
        assert "QQ 12 34 01 A" not in page
        assert "QQ123401A" not in page
        assert page.count("£188.20") == 4

    def test_one_who_is_renamed_stands_where_the_new_name_belongs(self, owen, brindlewick):
        gethin, zoe = (employ(brindlewick, name=name)[0] for name in ("Gethin Prys-Morgan", "Zoë Abara"))
        PayingParent.objects.filter(pk=gethin.pk).update(name="Zsófia Prys-Morgan")

        rows = owen.get("/employers/900000001/paying-parents/").context["rows"]

        assert [row.paying_parent for row in rows] == [zoe, gethin]

    def test_their_next_page_is_read_from_an_index(self, owen, brindlewick):
        employ(brindlewick, 51)
        older = owen.get("/employers/900000001/paying-parents/").context["older"]
        with connection.cursor() as cursor:
            cursor.execute("analyze employer_contact_employment, employer_contact_payingparent")
            cursor.execute("set local enable_seqscan = off")
        with CaptureQueriesContext(connection) as counted:
            owen.get(f"/employers/900000001/paying-parents/{older}")
            [read] = [query["sql"] for query in counted if "ORDER BY" in query["sql"] and "case_count" in query["sql"]]
        with connection.cursor() as cursor:
            cursor.execute(f"explain {read}")
            plan = "\n".join(line for (line,) in cursor.fetchall())

        assert "employment_by_name" in plan
        assert "Sort" not in plan

    def test_only_those_whose_amounts_differ_are_kept(self, owen, brindlewick):
        same, other = employ(brindlewick, 2)
        other.schedule_lines.update(due=Decimal("200.00"))

        page = text_of(owen.get("/employers/900000001/paying-parents/?amounts=differ"))

        assert other.reference in page
        assert same.reference not in page

    def test_an_older_page_goes_on_where_the_first_ended_and_keeps_the_filter(self, owen, brindlewick):
        employ(brindlewick, 51)
        brindlewick.schedules.get().lines.update(due=1)

        first = owen.get("/employers/900000001/paying-parents/?amounts=differ")
        second = owen.get(f"/employers/900000001/paying-parents/{first.context['older']}")

        assert "amounts=differ" in first.context["older"]
        assert len(second.context["rows"]) == 1

    @pytest.mark.parametrize("where", ["paying-parents/", "schedule/2026-06/", "agents/", "notes/"])
    def test_takes_as_many_queries_for_one_row_as_for_twenty(self, owen, brindlewick, where):
        def fill(count):
            employ(brindlewick, count)
            for _ in range(count):
                AgentLinkFactory(employer=brindlewick)
                EmployerNote.objects.create(employer=brindlewick, text="Rang", at=MORNING)

        fill(1)
        before = queries(owen, f"/employers/900000001/{where}")
        fill(20)

        assert queries(owen, f"/employers/900000001/{where}") == before

    @pytest.mark.parametrize("where", ["schedule/2026-05/", "paying-parents/", "agents/", "notes/"])
    def test_an_empty_one_says_what_would_be_here(self, owen, brindlewick, where):
        assert "app-empty" in text_of(owen.get(f"/employers/900000001/{where}"))

    def test_a_schedule_of_more_than_300_lines_goes_on_by_name(self, owen, brindlewick):
        employ(brindlewick, 300, name="Gethin Prys-Morgan")
        employ(brindlewick, name="Zoë Abara")

        first = owen.get("/employers/900000001/schedule/2026-06/")
        second = owen.get(f"/employers/900000001/schedule/2026-06/{first.context['page'].older}")

        assert len(first.context["rows"]) == 300
        assert [row["name"] for row in second.context["rows"]] == ["Zoë Abara"]

    def test_a_name_on_a_schedule_is_no_markup(self, owen, brindlewick):
        [parent] = employ(brindlewick, name="<b>Gethin</b>")
        parent.schedule_lines.update(difference_reason="<i>Ill</i>")

        page = text_of(owen.get("/employers/900000001/schedule/2026-06/"))

        assert "&lt;b&gt;Gethin&lt;/b&gt;" in page
        assert "&lt;i&gt;Ill&lt;/i&gt;" in page

    def test_a_schedule_has_a_line_for_each_with_what_was_reported(self, owen, brindlewick):
        gethin, _ = employ(brindlewick, 2)
        gethin.schedule_lines.update(change="left", effective_on=date(2026, 6, 7), deducted=90)

        page = text_of(owen.get("/employers/900000001/schedule/2026-06/"))

        assert "Left employment from 7 June 2026" in page
        assert "£90.00, 1 short" in page
        assert "1 reported" in page


class TestAPayingParent:
    @pytest.mark.proves("EC-49", "EC-50", "EC-51")
    def test_shows_the_letters_of_all_cases_at_once(self, owen, brindlewick):
        [gethin] = employ(brindlewick, name="Gethin Prys-Morgan", nino="QQ123417A")
        second = MaintenanceCaseFactory(number="200533901", paying_parent=gethin, receiving_parent="Carys Penhaligon")
        CaseActivityFactory(
            maintenance_case=second,
            employer=brindlewick,
            amount="64.00",
            from_month=JUNE,
            happened_on=date(2026, 4, 30),
        )
        MaintenanceCaseFactory(number="200188426", paying_parent=gethin, closed_on=date(2023, 5, 2))
        gethin.schedule_lines.update(due=Decimal("278.60"))

        page = text_of(owen.get(f"/employers/900000001/paying-parents/{gethin.reference}/"))

        assert "QQ 12 34 17 A" in page
        for number in (second.number, "200188426", gethin.cases.exclude(pk=second.pk).first().number):
            assert f"Case {number}" in page
        assert "30 April 2026, in force" in page
        assert "No CMSL2040 was issued in this case." in page
        assert "<b>£252.20</b>: £188.20 and £64.00" in page
        assert "£26.40" in page

    def test_a_letter_that_was_followed_by_another_is_not_in_force(self, owen, brindlewick):
        [gethin] = employ(brindlewick)
        older = {"happened_on": date(2025, 3, 3), "from_month": date(2025, 4, 1), "amount": "171.00"}
        CaseActivityFactory(maintenance_case=gethin.cases.get(), employer=brindlewick, **older)

        page = text_of(owen.get(f"/employers/900000001/paying-parents/{gethin.reference}/"))

        assert "12 January 2026, in force" in page
        assert "3 March 2025, in force" not in page
        assert "The amounts differ" not in page

    def test_shows_what_else_was_done_when_asked(self, owen, brindlewick):
        [gethin] = employ(brindlewick)
        CaseActivityFactory(maintenance_case=gethin.cases.get(), kind="DEO set up")
        address = f"/employers/900000001/paying-parents/{gethin.reference}/"

        assert "DEO set up" not in text_of(owen.get(address))
        assert "DEO set up" in text_of(owen.get(f"{address}?activities=all"))

    @pytest.mark.proves("EC-11", "EC-12")
    def test_names_the_old_terms_only_where_they_stand_in_the_old_system(self, owen, brindlewick):
        [gethin] = employ(brindlewick)

        page = text_of(owen.get(f"/employers/900000001/paying-parents/{gethin.reference}/"))

        assert "NRP Screen tab" in page
        assert "Say paying parent and receiving parent when speaking to clients" in page

    def test_takes_as_many_queries_whatever_the_cases(self, owen, brindlewick):
        [gethin] = employ(brindlewick)
        address = f"/employers/900000001/paying-parents/{gethin.reference}/"
        before = queries(owen, address)
        for _ in range(5):
            case = MaintenanceCaseFactory(paying_parent=gethin)
            for _ in range(4):
                CaseActivityFactory(maintenance_case=case, employer=brindlewick)

        assert queries(owen, address) == before

    def test_of_another_employer_is_not_there(self, owen, brindlewick):
        stranger = PayingParentFactory()

        assert owen.get(f"/employers/900000001/paying-parents/{stranger.reference}/").status_code == 404


class TestAnAgent:
    def test_shows_its_employers_now_and_then(self, owen):
        agent = PayrollAgentFactory(earn="EA9000001", address1="Suite 3", postcode="ZZ99 2BA")
        AgentLinkFactory(agent=agent, employer=EmployerFactory(name="Skerrow Foods Ltd"), starts_on=date(2025, 4, 1))
        AgentLinkFactory(agent=agent, starts_on=date(2023, 1, 1), ends_on=date(2024, 1, 1))

        page = text_of(owen.get("/employers/agents/ea9000001/"))

        assert "Suite 3\nZZ99 2BA" in page
        assert "Skerrow Foods Ltd" in page
        assert re.search(r"Ended: </span>\s*1 January 2023 to 1 January 2024", page)

    def test_goes_on_to_the_next_page_where_it_acts_for_more_employers_than_one_shows(self, owen):
        agent = PayrollAgentFactory(earn="EA9000001")
        for number in range(52):
            AgentLinkFactory(agent=agent, starts_on=date(2025, 4, 1) - timedelta(days=number))

        first = owen.get("/employers/agents/EA9000001/").context["page"]
        second = owen.get(f"/employers/agents/EA9000001/{first.older}").context["page"]

        assert [link.starts_on for link in second.rows] == [date(2025, 2, 10), date(2025, 2, 9)]

    def test_takes_as_many_queries_for_one_employer_as_for_twenty(self, owen):
        agent = PayrollAgentFactory(earn="EA9000001")
        AgentLinkFactory(agent=agent)
        before = queries(owen, "/employers/agents/EA9000001/")
        for _ in range(20):
            AgentLinkFactory(agent=agent)

        assert queries(owen, "/employers/agents/EA9000001/") == before


class TestFinding:
    def test_employers_stand_by_name_with_where_they_are(self, owen, brindlewick):
        EmployerFactory(name="Abbotsmere Care Ltd")

        page = text_of(owen.get("/employers/"))

        assert page.index("Abbotsmere Care Ltd") < page.index("Brindlewick Bakeries Ltd")
        assert "Unit 4, Old Maltings, Millbrack, ZZ99 3AA" in page

    def test_takes_as_many_queries_for_one_employer_as_for_twenty(self, owen, brindlewick):
        before = queries(owen, "/employers/")
        for _ in range(20):
            EmployerFactory()

        assert queries(owen, "/employers/") == before

    def test_the_one_that_fits_opens_at_once(self, owen, brindlewick):
        assert owen.post("/employers/search/", {"party": "900 000 001"}).url == "/employers/900000001/"

    def test_several_are_offered_with_what_the_words_were_taken_for(self, owen, brindlewick):
        EmployerFactory(name="Brindlewick Farms", hmrc_address="2 Chapel Brow")

        page = text_of(owen.post("/employers/search/", {"party": "brindlewick"}))

        assert "Taken for a name" in page
        assert "Brindlewick Farms" in page
        assert "2 Chapel Brow" in page

    @pytest.mark.proves("XC-06")
    def test_a_national_insurance_number_finds_the_employers_and_stands_masked(self, owen, brindlewick):
        [gethin] = employ(brindlewick, nino="QQ123417A")
        EmploymentFactory(employer=EmployerFactory(), paying_parent=gethin)

        page = text_of(owen.post("/employers/search/", {"party": "qq 12 34 17 a"}))

        assert f"/employers/900000001/paying-parents/{gethin.reference}/" in page
        assert "QQ •• •• 17 A" in page

    def test_nothing_found_says_what_to_ask_for(self, owen):
        assert "Ask for another identifier" in text_of(owen.post("/employers/search/", {"party": "4471902"}))

    def test_nothing_typed_is_an_error_in_words(self, owen):
        assert text_of(owen.post("/employers/search/", {"party": " "})).count("Enter a name, a number") == 2
