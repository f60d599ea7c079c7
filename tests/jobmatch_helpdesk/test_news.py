"""How many came into a list since its page was made."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contacthub.clock import now
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from contacthub.ui.listing import Asked
from jobmatch_helpdesk.listing import Lists
from jobmatch_helpdesk.routing import Band
from tests.contacthub.ui.markup import Node, parse
from tests.factories import MORNING, IncidentFactory, StaffMemberFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def agent(client, ana) -> Client:
    client.force_login(StaffMember.objects.get(pk=ana.staff_id))
    return client


def news_of(client: Client, query: str = "") -> Node:
    spans = parse(client.get(f"/jobmatch/{query}").content.decode()).all("span")
    return next(span for span in spans if "data-news" in span.attrs)


def told(client: Client, address: str) -> str:
    return client.get(address, headers={"X-Background": "1"}).json()["words"]


@pytest.mark.parametrize(
    ("came", "words"), [(0, ""), (1, "1 new, show"), (10, "10 new, show"), (11, "10+ new, show"), (12, "10+ new, show")]
)
def test_it_says_how_many_came_and_stops_at_ten(agent, came, words):
    IncidentFactory.create_batch(3, received_at=now() - MINUTE)
    address = news_of(agent).attrs["data-news"]
    IncidentFactory.create_batch(came, received_at=now())

    assert told(agent, address) == words


def test_only_what_fits_the_list_and_its_filters_is_new(agent, ana):
    address = news_of(agent, "?view=unassigned&band=1").attrs["data-news"]
    IncidentFactory(received_at=now(), band=Band.STANDARD)
    IncidentFactory(received_at=now(), band=Band.IMMEDIATE, state="assigned", assigned_to_id=ana.staff_id)
    assert told(agent, address) == ""

    IncidentFactory(received_at=now(), band=Band.IMMEDIATE)
    assert told(agent, address) == "1 new, show"


def test_the_link_shows_the_first_page_of_the_same_list(agent):
    link = news_of(agent, "?view=unassigned&band=1&order=due").all("a")[0]

    assert (link.attrs["href"], "hidden" in link.attrs, link.text) == (
        "?view=unassigned&order=due&band=1", True, "",
    )  # fmt: skip


@pytest.mark.parametrize("address", ["/jobmatch/newer/", "/jobmatch/newer/?than=x", "/jobmatch/newer/?than=%00:1:2"])
def test_a_seal_that_is_none_of_ours_tells_nothing(agent, address):
    IncidentFactory(received_at=now())

    assert told(agent, address) == ""


def test_who_raises_has_no_news(client, reference):
    client.force_login(StaffMemberFactory(role=Role.JOBCENTRE_ADVISER))

    assert "data-news" not in client.get("/jobmatch/").content.decode()


def test_asking_costs_one_count_beside_who_asks(agent, django_assert_num_queries):
    address = news_of(agent).attrs["data-news"]
    IncidentFactory.create_batch(20, received_at=now())

    with django_assert_num_queries(4):  # session, user, roles and units, the count
        assert told(agent, address) == "10+ new, show"


@pytest.mark.parametrize("view", ["open", "unassigned", "mine", "overdue", "welsh"])
def test_the_count_reads_an_index(ana, view):
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as captured:
        cursor.execute("set local enable_seqscan = off; set local enable_sort = off; set local enable_bitmapscan = off")
        Lists(ana, Asked(view=view), MORNING).newer_than(MORNING)
        cursor.execute(f"explain {captured.captured_queries[-1]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Sort" not in plan
    assert "Seq Scan on jobmatch_helpdesk_incident" not in plan
