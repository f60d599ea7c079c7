"""The contacts and service requests on the record of an employer or agent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacthub.people.models import StaffMember
from employer_contact.lifecycle import RequestState
from tests.employer_contact.calling import call_from, caseworker, passed
from tests.employer_contact.people import OTHER, somebody
from tests.factories import MORNING, EmployerFactory, PayrollAgentFactory, ServiceRequestFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
DAY = timedelta(days=1)


@pytest.fixture
def owen(reference, client):
    actor = caseworker()
    client.force_login(StaffMember.objects.get(pk=actor.staff_id))
    return actor


@pytest.fixture
def skerrow():
    return EmployerFactory(ern="900000005", whole=True)


@pytest.fixture
def pelham():
    return PayrollAgentFactory(earn="EA9000014")


def url_of(party, page: str) -> str:
    return f"{party.get_absolute_url()}{page}/"


def listed(client, party, page: str, query: str = "") -> list[str]:
    answer = client.get(f"{url_of(party, page)}{query}")
    assert answer.status_code == 200
    return [row.reference for row in answer.context["rows"]]


def asked_of(**given):
    return ServiceRequestFactory(party_type="agent", **given)


@pytest.mark.proves("EC-03")
def test_the_contacts_of_an_employer_stand_on_its_record_the_newest_first(client, owen, skerrow):
    colleague = caseworker()
    first, second = (call_from(skerrow, by=colleague) for _ in range(2))
    call_from(EmployerFactory(), by=colleague)

    assert listed(client, skerrow, "contacts") == [second.reference, first.reference]


def test_the_contacts_of_an_agent_stand_on_its_record(client, owen, pelham):
    contact = call_from(pelham, by=caseworker())
    call_from(EmployerFactory(), by=caseworker())

    assert listed(client, pelham, "contacts") == [contact.reference]


def test_contacts_are_filtered_by_how_they_came_and_the_filter_can_be_removed(client, owen, skerrow):
    call_from(skerrow, by=caseworker())
    letter = call_from(skerrow, by=caseworker(), channel="letter")

    assert listed(client, skerrow, "contacts", "?channel=letter") == [letter.reference]
    chips = client.get(f"{url_of(skerrow, 'contacts')}?channel=letter").context["chips"]
    assert [chip["label"] for chip in chips] == ["How it came: Letter"]


def test_another_caseworker_finds_their_own_contacts_and_requests_alone(client, skerrow):
    other = somebody(OTHER)
    client.force_login(StaffMember.objects.get(pk=other.staff_id))
    call_from(skerrow, by=caseworker())
    mine = ServiceRequestFactory(employer=skerrow, owner_id=other.staff_id)
    ServiceRequestFactory(employer=skerrow)

    assert listed(client, skerrow, "contacts") == []
    assert listed(client, skerrow, "service-requests") == [mine.reference]


def test_service_requests_are_listed_due_first_or_the_newest_first(client, owen, skerrow):
    later, sooner = (
        ServiceRequestFactory(employer=skerrow, due_at=MORNING + due, opened_at=MORNING + opened)
        for due, opened in ((2 * DAY, DAY), (DAY, timedelta()))
    )

    assert listed(client, skerrow, "service-requests") == [sooner.reference, later.reference]
    assert listed(client, skerrow, "service-requests", "?order=newest") == [later.reference, sooner.reference]


def test_service_requests_that_wait_and_those_that_have_ended_are_lists_of_their_own(client, owen, skerrow):
    ServiceRequestFactory(employer=skerrow)
    waiting = ServiceRequestFactory(
        employer=skerrow, state=RequestState.WAITING, waits_for="Marged", waits_until=MORNING
    )
    ended = ServiceRequestFactory(employer=skerrow, state=RequestState.CANCELLED, ended_at=MORNING)

    assert listed(client, skerrow, "service-requests", "?view=waiting") == [waiting.reference]
    assert listed(client, skerrow, "service-requests", "?view=ended") == [ended.reference]


def test_what_an_agent_asked_for_stands_on_its_record_and_on_that_of_its_employer(client, owen, skerrow, pelham):
    request = asked_of(employer=skerrow, agent=pelham)
    ServiceRequestFactory(employer=skerrow)

    assert listed(client, pelham, "service-requests") == [request.reference]
    assert request.reference in listed(client, skerrow, "service-requests")


def test_the_sub_navigation_says_how_many_requests_are_open(client, owen, skerrow):
    ServiceRequestFactory.create_batch(2, employer=skerrow)
    ServiceRequestFactory(employer=skerrow, state=RequestState.CANCELLED, ended_at=MORNING)

    pages = {page.label: page.count for page in client.get(skerrow.get_absolute_url()).context["pages"]}

    assert pages["Service requests"] == "2"
    assert list(pages) == [
        "Summary", "Contacts", "Service requests", "DEO schedule", "Paying parents", "Agents", "Notes",
    ]  # fmt: skip


class TestTheSummaryOfAnEmployer:
    def page(self, client, skerrow):
        return client.get(skerrow.get_absolute_url())

    def test_shows_the_first_of_the_open_requests_the_next_due_first(self, client, owen, skerrow):
        days = [4, 1, 3, 2]
        made = {day: ServiceRequestFactory(employer=skerrow, due_at=MORNING + day * DAY) for day in days}
        ServiceRequestFactory(employer=skerrow, state=RequestState.CANCELLED, ended_at=MORNING)

        page = self.page(client, skerrow)

        assert page.context["requests"] == [made[1], made[2], made[3]]
        assert page.content.decode().count("4 service requests</a>") == 1

    def test_shows_the_last_contacts_with_what_was_raised_in_them(self, client, owen, skerrow):
        colleague = caseworker()
        first, *others = (call_from(skerrow, by=colleague) for _ in range(4))
        raised = ServiceRequestFactory(employer=skerrow, contact=others[-1])

        page = self.page(client, skerrow)
        last = page.content.decode().partition('id="contacts-title"')[2].partition("</section>")[0]

        assert [contact.pk for contact in page.context["contacts"]] == [contact.pk for contact in reversed(others)]
        assert first.reference not in last
        assert raised.reference in last
        assert "Request employer statement" in last
        assert "All 4" in last

    def test_says_so_where_nothing_is_open_and_nobody_was_in_touch(self, client, owen, skerrow):
        page = self.page(client, skerrow).content.decode()

        assert "No service request about this employer is open" in page
        assert "has not been in touch" in page
        assert "Open now" not in page

    def test_shows_others_their_own_alone(self, client, skerrow):
        other = somebody(OTHER)
        client.force_login(StaffMember.objects.get(pk=other.staff_id))
        call_from(skerrow, by=caseworker())
        ServiceRequestFactory(employer=skerrow)

        page = self.page(client, skerrow)

        assert page.context["requests"] == page.context["contacts"] == []

    def test_asks_as_often_for_many_as_for_one(self, client, owen, skerrow):
        colleague = caseworker()

        def queries() -> int:
            with CaptureQueriesContext(connection) as asked:
                self.page(client, skerrow)
            return len(asked)

        def make(count: int) -> None:
            for _ in range(count):
                contact = call_from(skerrow, by=colleague)
                ServiceRequestFactory(employer=skerrow, contact=contact, owner_id=colleague.staff_id)

        make(1)
        queries()
        one = queries()
        make(19)

        assert queries() == one


@pytest.mark.proves("EC-14")
@pytest.mark.parametrize("page", ["contacts", "service-requests"])
def test_the_lists_are_shut_while_a_check_of_ones_own_is_not_passed(client, owen, skerrow, page):
    call_from(skerrow, by=owen)

    shown = client.get(url_of(skerrow, page))

    assert shown.templates[0].name == "employer_contact/shut.html"


def test_the_lists_are_open_once_the_check_is_passed(client, owen, skerrow):
    contact = passed(skerrow, by=owen)

    assert listed(client, skerrow, "contacts") == [contact.reference]


@pytest.mark.parametrize("page", ["contacts", "service-requests"])
@pytest.mark.parametrize("of", ["employer", "agent"])
def test_a_list_asks_as_often_for_one_row_as_for_twenty(client, owen, skerrow, pelham, page, of):
    party, colleague = {"employer": skerrow, "agent": pelham}[of], caseworker()

    def make(count: int) -> None:
        for _ in range(count):
            call_from(party, by=colleague)
            asked_of(agent=pelham, employer=skerrow, owner_id=colleague.staff_id)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(url_of(party, page))
        return len(asked)

    make(1)
    queries()
    one = queries()
    make(19)

    assert queries() == one
    assert len(listed(client, party, page)) == 20
