"""Lists of incidents while time and people go on: pages, and what is late (P19, P20, P47)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from contacthub import formats
from contacthub.actor import PUBLIC
from contacthub.people.models import StaffMember
from contacthub.ui.listing import Asked
from jobmatch_helpdesk import services
from jobmatch_helpdesk.lifecycle import IncidentState
from jobmatch_helpdesk.listing import ORDERS, Lists
from jobmatch_helpdesk.models import Incident
from tests.contacthub.ui.markup import parse
from tests.factories import MORNING, IncidentFactory, told

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def agent(client, ana) -> Client:
    client.force_login(StaffMember.objects.get(pk=ana.staff_id))
    return client


def read(client: Client, query: str, way: str) -> tuple[list[str], str]:
    """Return the references of a page of the list, and the query of the page that it leads to."""
    page = parse(client.get(f"/jobmatch/{query}").text)
    rows = [n.text.split()[0] for n in page.all("a") if "app-rows__name" in n.attrs.get("class", "").split()]
    return rows, next((n.attrs["href"] for n in page.all("a") if n.attrs.get("rel") == way), "")


def change(standing: list[Incident]) -> list[Incident]:
    """Answer ten, and let ten older and ten newer ones come in; return those that stand throughout."""
    gone = standing[::5][:10]
    Incident.objects.filter(pk__in=[incident.pk for incident in gone]).update(
        state=IncidentState.RESOLVED, assigned_to=StaffMember.objects.first()
    )
    for at in (MORNING - MINUTE, MORNING + MINUTE):
        IncidentFactory.create_batch(10, received_at=at, due_at=at)
    return [incident for incident in standing if incident not in gone]


@pytest.mark.parametrize("order", ORDERS)
def test_what_stays_comes_once_while_rows_come_and_go_between_its_pages(agent, order):
    standing = IncidentFactory.create_batch(150, received_at=MORNING, due_at=MORNING)
    seen, query = [], f"?order={order}"
    while query:
        rows, query = read(agent, query, "next")
        seen += rows
        standing = change(standing) if query else standing

    assert [seen.count(incident.reference) for incident in standing] == [1] * len(standing)
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("order", ORDERS)
def test_on_the_way_back_nothing_is_missed_and_only_the_first_page_shows_rows_again_to_be_whole(agent, order):
    standing = IncidentFactory.create_batch(150, received_at=MORNING, due_at=MORNING)
    query = f"?order={order}"
    for _ in range(2):
        query = read(agent, query, "next")[1]
    pages = []
    while query:
        rows, query = read(agent, query, "prev")
        pages.append(rows)
        standing = change(standing) if query else standing

    before_the_first = [reference for rows in pages[:-1] for reference in rows]
    assert {incident.reference for incident in standing} <= {*before_the_first, *pages[-1]}
    assert len(before_the_first) == len(set(before_the_first))
    assert len(pages[-1]) == len(set(pages[-1])) == 50


@pytest.mark.parametrize("by", [-MINUTE, timedelta(0), MINUTE])
def test_the_tag_the_list_and_its_count_say_the_same_of_what_is_late(ana, by):
    incident = IncidentFactory(due_at=MORNING)
    at = MORNING + by

    lists = Lists(ana, Asked(view="overdue"), at)

    late = formats.due(incident.due_at, at).overdue
    assert late is (by >= timedelta(0))
    assert lists.page(cursor={}, size=50).rows == ([incident] if late else [])
    assert lists.counts()["overdue"] == ("1" if late else "0")


def test_what_comes_in_after_midnight_in_summer_stands_under_its_day_in_the_uk(agent, ana):
    """22 June 2026, 11:30pm UTC, is Tuesday 23 June here, and counts from 9am, when offices open."""
    services.submit(told(), by=PUBLIC, at=datetime(2026, 6, 22, 23, 30, tzinfo=UTC))
    incident = Incident.objects.get()

    page = agent.get(incident.get_absolute_url()).text

    assert "Tuesday 23 June, 12:30am" in page
    assert "Monday 22 June" not in page
    assert incident.due_at == datetime(2026, 6, 26, 8, 0, tzinfo=UTC)  # Friday
    morning = Lists(ana, Asked(filters={"received": "today"}), datetime(2026, 6, 23, 8, 0, tzinfo=UTC))
    assert morning.page(cursor={}, size=50).rows == [incident]
    evening_before = Lists(ana, Asked(filters={"received": "today"}), datetime(2026, 6, 22, 22, 59, tzinfo=UTC))
    assert evening_before.page(cursor={}, size=50).rows == [incident]
