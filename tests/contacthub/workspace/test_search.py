"""Find records by what people know of them (CASES P25, P41, P43)."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contacthub.actor import PUBLIC
from contacthub.cases.finding import fold, words_of
from contacthub.cases.models import FindKey
from contacthub.clock import now
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident
from tests.contacthub.callbacks.situations import asked_for
from tests.contacthub.ui.markup import Node, check, parse
from tests.factories import MORNING, IncidentFactory, MembershipFactory, StaffMemberFactory, UnitFactory, told
from tests.jobmatch_helpdesk.situations import set_up_inboxes

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_work(client, ana) -> Client:
    client.force_login(StaffMember.objects.get(pk=ana.staff_id))
    return client


@pytest.fixture
def adviser(client, reference) -> StaffMember:
    staff = StaffMemberFactory(name="Rhian Evans", role=Role.JOBCENTRE_ADVISER)
    client.force_login(staff)
    return staff


def page_for(client: Client, typed: str, **asked: str) -> Node:
    page = client.get("/search/", {"q": typed, **asked}).text
    check(page)
    return parse(page).all("main")[0]


def title(client: Client, typed: str) -> str:
    return parse(client.get("/search/", {"q": typed}).text).all("title")[0].text


def found(client: Client, typed: str, **asked: str) -> list[str]:
    """Return the references on the page, in their order."""
    return [row.all("span")[0].text for row in page_for(client, typed, **asked).all("tr")[1:] if row.all("a")]


def marked(client: Client, typed: str) -> list[str]:
    return [mark.text for mark in page_for(client, typed).all("mark")]


class TestNames:
    @pytest.mark.parametrize(
        "typed",
        [
            "sian oneill", "O'NEILL", "oneill sian", "Sia\u0302n", "ap rhys", "neill", "O’Neill", "rhys sian", "SIÂN",
            "sian oneill rhys", "o neill", "sian o", "s oneill", "oneil", "Siân O’Neill-ap Rhys", "\u200fsian\u200f",
        ],
    )  # fmt: skip
    def test_any_spelling_finds_the_person(self, at_work, typed):
        sian = IncidentFactory(customer_name="Siân O’Neill-ap Rhys")
        IncidentFactory(customer_name="Dafydd Llywelyn")

        assert found(at_work, typed) == [sian.reference]

    @pytest.mark.parametrize("typed", ["wyn", "rees, ŵyn", "Wyn Rees", "ŵ rees"])
    def test_letters_with_and_without_a_roof_are_one(self, at_work, typed):
        wyn = IncidentFactory(customer_name="Ŵyn Rees")

        assert found(at_work, typed) == [wyn.reference]

    @pytest.mark.parametrize(
        "name",
        [
            "محمد علي",
            "李小龙",
            "Łukasz Straße",
            "🙂 Smith",
            "x" * 200,
            "ﷺ" * 200,
            "24 Hour Care Ltd",
            "G4S",
            "Ὀδυσσεύς",
        ],
    )
    def test_a_name_in_any_writing_is_found_as_it_is_written(self, at_work, name):
        incident = IncidentFactory(customer_name=name)

        assert found(at_work, name) == [incident.reference]

    def test_all_words_must_be_there(self, at_work):
        IncidentFactory(customer_name="Siân O’Neill")

        assert found(at_work, "sian jones") == []
        assert found(at_work, "sian oneill jones") == []

    def test_the_customers_come_before_those_whose_raiser_is_called_so_and_the_newest_first(self, at_work):
        raised = IncidentFactory(customer_name="Tom Reilly", raiser_name="Rhian Evans")
        older = IncidentFactory(customer_name="Rhian Evans")
        newer = IncidentFactory(customer_name="Evans the Bread Ltd")
        latest = IncidentFactory(customer_name="Tom Reilly", raiser_name="Rhian Evans")

        assert found(at_work, "evans") == [newer.reference, older.reference, latest.reference, raised.reference]

    def test_whole_words_come_before_the_beginnings_of_words(self, at_work):
        whole = IncidentFactory(customer_name="Ann Lee")
        longer = IncidentFactory(customer_name="Ann Leeming")

        assert found(at_work, "lee") == [whole.reference, longer.reference]

    def test_a_row_marks_what_was_looked_for(self, at_work):
        IncidentFactory(customer_name="Siân O’Neill-ap Rhys", raiser_name="Rhian Evans")

        assert marked(at_work, "oneill rhys") == ["O’Neill", "Rhys"]
        assert marked(at_work, "rhian") == ["Rhian"]

    def test_a_row_says_where_it_stands(self, at_work, ana):
        IncidentFactory(customer_name="Mair Jones", resolved=True, assigned_to_id=ana.staff_id)
        IncidentFactory(customer_name="Mair Jones")
        IncidentFactory(customer_name="Mair Jones", due_at=now() + timedelta(seconds=30))

        stands = [row.all("td")[1].text for row in page_for(at_work, "mair").all("tr")[1:]]

        assert [words.partition(" by")[0].partition(",")[0] for words in stands] == [
            "Due in under a minute", "Overdue", "Resolved",
        ]  # fmt: skip
        assert [words.rpartition(", ")[2] for words in stands] == ["nobody yet", "nobody yet", "Resolved"]

    def test_words_inside_texts_are_not_looked_at(self, at_work):
        IncidentFactory(description="Zanzibar")

        assert found(at_work, "zanzibar") == []

    def test_the_rest_of_a_long_list_is_on_the_page_of_its_kind(self, at_work):
        for _ in range(25):
            IncidentFactory(customer_name="Mair Jones")

        assert len(found(at_work, "jones")) == 20
        assert len(found(at_work, "jones", kind="incidents")) == 25
        assert title(at_work, "jones") == "25 found for jones – ContactHub"


class TestReferences:
    @pytest.fixture
    def incident(self) -> Incident:
        return IncidentFactory(case__reference="UJ-000123", customer_name="Mair Jones")

    @pytest.mark.proves("XC-02")
    @pytest.mark.parametrize(
        "typed",
        [
            "UJ-000123", "uj-000123", "UJ-123", "uj 000123", "UJ\u2011000123", "UJ–000123", "uj000123", " UJ-0000123 ",
            "000123", "\uff35\uff2a\uff0d\uff10\uff10\uff10\uff11\uff12\uff13", "UJ-000123: our answer",
            "Re: UJ-000123 Dafydd",
        ],
    )  # fmt: skip
    def test_a_whole_one_leads_straight_to_its_page(self, at_work, incident, typed):
        assert at_work.get("/search/", {"q": typed}).headers["Location"] == "/jobmatch/UJ-000123/"

    @pytest.mark.parametrize("typed", ["UJ-000999", "uj999", "000999", "UJ-000000", "UJ-999999999999"])
    def test_one_that_is_not_there_is_said_so(self, at_work, incident, typed):
        assert title(at_work, typed) == f"Nothing found for {typed} – ContactHub"

    def test_a_number_that_may_be_a_reference_stands_first_in_the_list(self, at_work, incident):
        incident = IncidentFactory(case__reference="UJ-000770")
        called = IncidentFactory(telephone="+447700900123")

        assert found(at_work, "0770") == [incident.reference, called.reference]

    def test_letters_that_begin_no_reference_are_a_name(self, at_work):
        incident = IncidentFactory(customer_name="AB 123")

        assert found(at_work, "AB 123") == [incident.reference]


class TestTelephoneNumbers:
    @pytest.mark.parametrize(
        "typed",
        [
            "01632960983", "01632 960983", "01632-960-983", "(01632) 960 983", "+44 1632 960983", "+44 (0)1632 960983",
            "0044 1632 960983", "441632960983", "1632 960983", "tel: 01632 960983", "TEL 01632 960983",
            "01632 960983 ext 4", "\u202d01632 960983\u202c", "\uff10\uff11\uff16\uff13\uff12 960983", "0163",
            "+44 1632", "01632 960",
        ],
    )  # fmt: skip
    def test_any_spelling_finds_who_is_rung_on_it(self, at_work, typed):
        incident = IncidentFactory(telephone="+441632960983")
        IncidentFactory(telephone="+447700900123")

        assert found(at_work, typed) == [incident.reference]

    @pytest.mark.parametrize("typed", ["+353 1 234 5678", "00353 1 234 5678", "+3531234"])
    def test_one_of_another_country_too(self, at_work, typed):
        incident = IncidentFactory(telephone="+35312345678")

        assert found(at_work, typed) == [incident.reference]

    def test_the_row_shows_it(self, at_work):
        IncidentFactory(telephone="+441632960983")

        assert marked(at_work, "01632960983") == ["01632 960983"]


class TestEmailAddresses:
    @pytest.mark.parametrize(
        "typed",
        [
            "rhys@tŷ-gwyn.example", "RHYS@TŶ-GWYN.EXAMPLE", "rhys@xn--t-gwyn-pob.example", "tŷ-gwyn", "xn--t-gwyn-pob",
            "@tŷ-gwyn.example", "rhys@", "Rhys Price <rhys@tŷ-gwyn.example>",
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("kept", ["rhys@tŷ-gwyn.example", "rhys@xn--t-gwyn-pob.example"])
    def test_both_forms_of_a_domain_find_both(self, at_work, typed, kept):
        incident = IncidentFactory(customer_email=kept)
        IncidentFactory(customer_email="sian@example.org")

        assert found(at_work, typed) == [incident.reference]

    @pytest.mark.parametrize("typed", ["ty-gwyn.example", "rhys@tŷ", "rhys@ty-g"])
    def test_neither_the_accent_nor_the_end_is_needed(self, at_work, typed):
        incident = IncidentFactory(customer_email="rhys@tŷ-gwyn.example")

        assert found(at_work, typed) == [incident.reference]

    @pytest.mark.parametrize("field", ["customer_email", "raiser_email", "adviser_email", "dwp_user_email"])
    def test_every_address_of_the_record_finds_it_and_is_shown(self, at_work, field):
        incident = IncidentFactory(**{field: "rhian.evans@jobcentre.example"})

        assert found(at_work, "Rhian.Evans@Jobcentre.example") == [incident.reference]
        assert marked(at_work, "rhian.ev") == ["rhian.evans@jobcentre.example"]

    def test_underscores_and_percent_signs_are_letters_like_others(self, at_work):
        incident = IncidentFactory(customer_email="sian_rees%1@example.org")
        IncidentFactory(customer_email="sianxrees11@example.org")

        assert found(at_work, "sian_rees%1@example.org") == [incident.reference]
        assert found(at_work, "sian_r") == [incident.reference]


class TestTooLittle:
    @pytest.mark.parametrize("typed", ["", "   ", "\0", "%", "_", "%%%", "\\", "*", "a", "@", "'", "-", "…", "%_\\"])
    def test_it_says_what_to_type_and_lists_nothing(self, at_work, typed):
        IncidentFactory(customer_name="A_% *", customer_email="a@example.org")

        page = page_for(at_work, typed)

        assert "Type one of these into the box at the top of the page" in page.text
        assert page.all("table") == []

    def test_so_does_the_bare_address(self, at_work):
        assert "Type one of these" in at_work.get("/search/").text

    @pytest.mark.parametrize("typed", ["x" * 300, "ab " * 100, "ﷺ" * 300, "1" * 300, "🙂" * 300, "a@" * 150, "x\0y"])
    def test_nothing_breaks_what_is_long_or_odd(self, at_work, typed):
        assert "Nothing found for" in page_for(at_work, typed).text

    def test_nothing_found_says_what_to_do_next(self, at_work):
        assert "Check how it is written, or try something else that you know" in page_for(at_work, "nobody").text


class TestWhoSeesWhat:
    def test_only_what_they_may_see_is_found(self, client, adviser):
        mine = IncidentFactory(customer_name="Mair Jones", raised_by=adviser)
        IncidentFactory(customer_name="Mair Jones", telephone="+441632960983", customer_email="mair@example.org")

        assert found(client, "jones") == [mine.reference]
        assert found(client, "01632 960983") == found(client, "mair@example.org") == []

    def test_what_is_not_theirs_reads_like_what_is_not_there(self, client, adviser):
        IncidentFactory(case__reference="UJ-000123")

        there, nowhere = (page_for(client, typed).text for typed in ("UJ-000123", "UJ-000124"))

        assert there.replace("123", "124") == nowhere

    def test_what_their_site_raised_is_found(self, client, adviser):
        site = UnitFactory()
        MembershipFactory(person=adviser, unit=site)
        incident = IncidentFactory(site=site, customer_name="Mair Jones")

        assert found(client, "mair") == [incident.reference]

    def test_a_common_word_is_answered_by_add_another_and_with_it_the_record_is_found(self, client, adviser):
        mine = IncidentFactory(customer_name="Mair Jones", raised_by=adviser)
        for _ in range(200):
            IncidentFactory(customer_name="Tom Jones")

        assert found(client, "jones") == []
        assert "add a first name" in page_for(client, "jones").text
        assert found(client, "mair jones") == [mine.reference]

    def test_an_administrator_sees_no_records(self, client, reference):
        IncidentFactory(customer_name="Mair Jones")
        client.force_login(StaffMemberFactory(role=Role.ADMINISTRATOR))

        assert found(client, "mair jones") == []


class TestKeys:
    def keys(self) -> set[str]:
        return {*FindKey.objects.values_list("key", flat=True)}

    def test_they_follow_what_they_are_made_from_whoever_writes(self, reference):
        incident = services.submit(
            told(customer_name="Mair Jones", customer_email="m@a.example"), by=PUBLIC, at=MORNING
        )
        assert self.keys() == {"mair", "jones", "mair jones", "jones mair", "m@a.example", "a.example"}

        Incident.objects.filter(pk=incident.pk).update(customer_name="Mair Rees", telephone="+441632960983")
        assert self.keys() == {
            "mair", "rees", "mair rees", "rees mair", "m@a.example", "a.example", "+441632960983",
        }  # fmt: skip

        Incident.objects.filter(pk=incident.pk).update(customer_name="", telephone="", customer_email="", no_email=True)
        assert self.keys() == set()

    def test_they_go_with_the_record(self):
        IncidentFactory().delete()

        assert self.keys() == set()

    @pytest.mark.parametrize("app", ["jobmatch_helpdesk.migrations.0006", "contacthub.callbacks.migrations.0005"])
    def test_records_that_were_there_before_get_the_same(self, ana, app):
        set_up_inboxes()
        asked_for(ana)
        IncidentFactory(raiser_name="Rhian Evans", adviser_email="rhian@a.example", telephone="+441632960983")
        migration = import_module(f"{app}_find_keys")
        prefix = "UJ" if app.startswith("jobmatch") else "CB"

        def rows() -> set[tuple[object, ...]]:
            return {*FindKey.objects.filter(prefix=prefix).values_list("case_id", "key", "weight")}

        written = rows()
        FindKey.objects.filter(prefix=prefix).delete()
        with connection.cursor() as cursor:
            cursor.execute(migration.FILL)

        assert rows() == written != set()

    def test_a_move_leaves_them_alone(self, ana):
        services.submit(told(), by=PUBLIC, at=MORNING)

        def rows() -> list[tuple[object, ...]]:
            with connection.cursor() as cursor:
                cursor.execute("select ctid, xmin, key from cases_findkey order by key")
                return cursor.fetchall()

        before = rows()
        services.take_next(by=ana, at=MORNING)

        assert rows() == before != []

    @pytest.mark.parametrize(
        "told",
        [
            "Siân O’Neill-ap Rhys", "Łukasz ÆTHELSTAN Straße Þór İstanbul", "Ὀδυσσεύς", "D`Arcy d\u00b4Arcy",
            "d\u02bcArcy", "ﬀ ﷺ ½ ²", "a b c d e f g h i j k", "\uff21\uff4e\uff41\u3000Byrne", "a\u00a0b·c«d»…e",
            "🙂👩\u200d🚀 x", "देवनागरी नाम", "x" * 100, "", " - ", "Ǽ ǿ",
        ],
    )  # fmt: skip
    def test_the_database_and_the_page_read_words_alike(self, told):
        with connection.cursor() as cursor:
            cursor.execute("select find_fold(%s), find_words(%s)", [told, told])

            assert cursor.fetchone() == (fold(told), words_of(told))


def test_a_search_asks_as_much_for_one_record_as_for_many(at_work):
    asked = []
    for count in (1, 24):
        for number in range(count):
            IncidentFactory(
                customer_name="Mair Jones", raised_by=StaffMemberFactory(), case__reference=f"UJ-{count}{number:05}"
            )
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert len(found(at_work, "mair jones")) == min(count, 20)
        asked.append(len(captured))

    assert asked[0] == asked[1]


def test_looking_writes_nothing_but_that_somebody_is_there(at_work):
    found(at_work, "mair")
    with CaptureQueriesContext(connection) as captured:
        found(at_work, "mair")

    writes = [query["sql"] for query in captured if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [words for words in writes if "django_session" not in words] == []


@pytest.mark.parametrize("url", ["/", "/jobmatch/", "/account/", "/search/?q=mair"])
def test_the_box_stands_in_the_head_of_every_page(at_work, url):
    [box] = [node for node in parse(at_work.get(url).text).all("form") if node.attrs.get("role") == "search"]

    assert (box.attrs["action"], box.attrs["method"]) == ("/search/", "post")
    assert box.all("input")[1].attrs["value"] == ("mair" if "q=" in url else "")


def test_what_was_looked_for_is_given_back_to_who_was_signed_out_meanwhile(client, db):
    page = client.post("/search/", {"looked_for": "Mair Jones"}, headers={"origin": "http://testserver"})

    assert page.status_code == 403
    assert "Looked for" in page.text
    assert "Mair Jones" in page.text
