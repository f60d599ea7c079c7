import base64
import json
from datetime import timedelta

import pytest
from django.http import QueryDict

from contacthub.keyset import Page, page
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.queries import QUEUE_ORDER
from tests.factories import MORNING, IncidentFactory

pytestmark = pytest.mark.django_db
SIZE = 5


def read(query: str = "") -> Page[Incident]:
    return page(Incident.objects.all(), key=QUEUE_ORDER, asked=QueryDict(query.lstrip("?")).dict(), size=SIZE)


def ids(found: Page[Incident]) -> list[int]:
    return [incident.pk for incident in found.rows]


@pytest.fixture
def twelve() -> list[int]:
    """Twelve incidents, many of one and the same moment, in queue order."""
    made = [IncidentFactory(received_at=MORNING + timedelta(minutes=number // 6)) for number in range(12)]
    return [incident.pk for incident in made]


def test_older_pages_show_each_row_once(twelve):
    first = read()
    second = read(first.older)
    third = read(second.older)

    assert ids(first) + ids(second) + ids(third) == twelve
    assert third.older == ""


def test_newer_pages_lead_back_the_same_way(twelve):
    third = read(read(read().older).older)

    second = read(third.newer)
    first = read(second.newer)

    assert ids(second) == twelve[5:10]
    assert ids(first) == twelve[:5]
    assert first.newer == ""


def test_newest_first_pages_run_the_other_way_and_back(twelve):
    def read_down(query: str = "") -> Page[Incident]:
        asked = QueryDict(query.lstrip("?")).dict()
        return page(Incident.objects.all(), key=QUEUE_ORDER, asked=asked, size=SIZE, newest_first=True)

    first = read_down()
    second = read_down(first.older)
    third = read_down(second.older)

    assert ids(first) + ids(second) + ids(third) == twelve[::-1]
    assert ids(read_down(third.newer)) == ids(second)


def test_rows_that_come_and_go_between_pages_neither_hide_nor_repeat_those_that_stay(twelve):
    first = read()
    Incident.objects.filter(pk__in=twelve[:3]).delete()
    early = IncidentFactory(received_at=MORNING - timedelta(days=1))

    second = read(first.older)

    assert ids(second) == twelve[5:10]
    assert early.pk not in ids(second)


def test_going_back_to_fewer_rows_than_a_page_shows_the_whole_first_page(twelve):
    second = read(read().older)
    Incident.objects.filter(pk__in=twelve[:3]).delete()

    assert ids(read(second.newer)) == twelve[3:8]


def made_up(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize("moment", ["2026-01-01T00:00:00-18:00", "0001-01-01T00:00:00+18:00", "2026-01-01T00:00:00"])
def test_any_moment_in_a_cursor_is_read_or_left_alone(twelve, moment):
    assert len(read(f"after={made_up(3, moment, 1)}").rows) == 5


@pytest.mark.parametrize("cursor", ["x", "bnVsbA==", "WzFd", "WyJ4IiwieCIsIngiXQ==", "%00", "W1tbW1tbW1tb"])
def test_a_cursor_of_somebody_elses_making_starts_at_the_beginning(twelve, cursor):
    assert ids(read(f"after={cursor}")) == twelve[:5]


def test_an_empty_list_has_no_pages():
    assert read() == Page([], "", "")


def test_a_page_costs_one_query(twelve, django_assert_num_queries):
    older = read().older

    with django_assert_num_queries(1):
        read(older)
