"""As each person of the demo data: what is listed opens, what opens is listed, and counts are those of the rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from contacthub.clock import now
from contacthub.deadlines.ages import Ageing
from contacthub.people.demo import SIGN_INS
from contacthub.people.models import StaffMember
from jobmatch_helpdesk.lifecycle import IncidentState
from jobmatch_helpdesk.models import Incident
from tests.conftest import demo_data

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<a [^>]*href="([^"]+)"')
RECORD = re.compile(r"^/jobmatch/(UJ-\d+)/$")
CALL = re.compile(r"^/callbacks/(CB-\d+)/$")
QUEUE = re.compile(r"^/callbacks/queues/([a-z0-9-]+)/$")
TO_SETTLE = '<ul class="app-talk app-settle">'
COUNTED_AGE = re.compile(r'href="/callbacks/queues/([a-z0-9-]+)/(\?age=[a-z_0-9-]+)?" aria-label="[^"]*: (\d+)"')
COUNTED_VIEW = re.compile(r'<a [^>]*href="\?view=([a-z-]+)[^"]*"[^>]*>[^<]*<span class="app-ref">(\d+\+?)</span>')
HEADING = re.compile(r"<h1[ >]")
MAIN_BUTTON = re.compile(r'<(?:a|button)[^>]* class="govuk-button"[^>]*>([^<]*)')
MOST_PAGES = 4  # of one kind: the pages of two incidents differ less than two kinds of pages


PEOPLE = [sign_in.username for sign_in in SIGN_INS]  # one of each role, and a second agent


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    with demo_data(django_db_blocker, at=now()):
        yield


@dataclass(frozen=True)
class Opened:
    """A page that was opened: what it came to, its headings of the first order, and what stands out to be pressed."""

    status: int
    headings: int = 1
    stand_out: tuple[str, ...] = ()


def opened(response: Any) -> Opened:
    if not response.get("Content-Type", "").startswith("text/html"):
        return Opened(response.status_code)
    html = response.content.decode()
    return Opened(response.status_code, len(HEADING.findall(html)), tuple(MAIN_BUTTON.findall(html)))


@pytest.fixture(scope="module")
def pages(house: None) -> dict[str, Opened]:
    """Open each page that somebody is led to, from the home page on; by who, and where."""
    found = {}
    for person in StaffMember.objects.filter(username__in=PEOPLE):
        client = Client()
        client.force_login(person)
        found |= {f"{person.username} {address}": page for address, page in crawl(client).items()}
    return found


def crawl(client: Client) -> dict[str, Opened]:
    """Follow each link from the home page; return each page by its address."""
    seen: dict[str, Opened] = {}
    of_kind: Counter[str] = Counter()
    waiting = ["/"]
    while waiting:
        address = waiting.pop()
        if address in seen or of_kind[kind(address)] >= MOST_PAGES:
            continue
        response = client.get(address, follow=True)
        seen[address] = opened(response)
        of_kind[kind(address)] += 1
        if response.get("Content-Type", "").startswith("text/html") and not address.startswith("/admin/"):
            waiting += links_of(response.content.decode(), address)
    return seen


def links_of(html: str, page: str) -> list[str]:
    found = [urlsplit(urljoin(f"http://testserver{page}", unescape(link))) for link in LINK.findall(html)]
    return [f"{url.path}?{url.query}" if url.query else url.path for url in found if url.netloc == "testserver"]


def kind(address: str) -> str:
    """Return the address without what names one record, month, person or unit."""
    return re.sub(r"[A-Z]{2,3}-\d+|EA\d+|/\d+(-\d+)?/|(?<=units/)[^/]+", "N", address.partition("?")[0])


def clients() -> Iterator[tuple[Client, str]]:
    """Return a browser for each person, and their name."""
    for person in StaffMember.objects.filter(username__in=PEOPLE):
        client = Client()
        client.force_login(person)
        yield client, person.username


def queues_of(client: Client) -> set[str]:
    """Return the addresses of the queues of calls that a person is shown."""
    page = client.get("/callbacks/").content.decode()
    return {link for link in links_of(page, "/callbacks/") if QUEUE.match(link)}


def rows_of(client: Client, address: str, record: re.Pattern[str] = RECORD) -> set[str]:
    """Return the references of a list, over all its pages."""
    rows: set[str] = set()
    while address:
        html = client.get(address).content.decode()
        body = (
            html.partition("<tbody>")[2].partition("</tbody>")[0] or html.partition(TO_SETTLE)[2].partition("</ul>")[0]
        )
        rows |= {match[1] for link in links_of(body, address) if (match := record.match(link))}
        older = re.search(r'<a [^>]*rel="next"[^>]*href="([^"]+)"|<a [^>]*href="([^"]+)"[^>]*rel="next"', html)
        address = urljoin(address, unescape(older[1] or older[2])) if older else ""
    return rows


def test_every_link_that_somebody_is_shown_opens(pages):
    assert {where: page.status for where, page in pages.items() if page.status != 200} == {}


@pytest.mark.proves("CM-25")
def test_each_page_has_one_heading_and_one_press_at_most_stands_out(pages):
    own = {where: page for where, page in pages.items() if not re.search(r" /(admin|api)/", where)}

    assert {where: page.headings for where, page in own.items() if page.headings != 1} == {}
    assert {where: page.stand_out for where, page in own.items() if len(page.stand_out) > 1} == {}


def test_what_opens_is_listed_and_what_is_not_listed_does_not_open(house):
    sample = {*Incident.objects.order_by("pk").values_list("case__reference", flat=True)[::8]}
    for person in StaffMember.objects.filter(username__in=PEOPLE):
        client = Client()
        client.force_login(person)
        queries = [f"?view={view}&state={state}" for view in views_of(client) for state in ["", *IncidentState.values]]
        listed = set().union(*(rows_of(client, f"/jobmatch/{query}") for query in queries))
        opens = {ref for ref in sample if client.get(f"/jobmatch/{ref}/").status_code == 200}

        assert listed & sample == opens, person.username


def test_what_opens_is_found_and_what_does_not_open_is_not(house):
    sample = [*Incident.objects.order_by("pk")[::16]]
    for person in StaffMember.objects.filter(username__in=PEOPLE):
        client = Client()
        client.force_login(person)
        opens = {one.pk for one in sample if client.get(one.get_absolute_url()).status_code == 200}
        by_reference = {one.pk for one in sample if found(client, one.reference, one)}
        known = {one.pk: one.customer_email or one.customer_name for one in sample}
        by_what_is_known = {one.pk for one in sample if found(client, known[one.pk], one)}

        assert by_reference == opens, person.username
        assert by_what_is_known == {pk for pk in opens if known[pk]}, person.username


def found(client: Client, typed: str, incident: Incident) -> bool:
    """Say if what is typed into the box leads to the incident, or lists it."""
    response = client.get("/search/", {"q": typed})
    return incident.get_absolute_url() in (response.headers.get("Location") or response.text)


def views_of(client: Client, place: str = "/jobmatch/") -> dict[str, str]:
    """Return the views of a list that a person is offered, with their counts."""
    return dict(COUNTED_VIEW.findall(client.get(place).content.decode()))


def test_every_count_is_that_of_its_rows(house):
    seen = set()
    for person in StaffMember.objects.filter(username__in=PEOPLE):
        client = Client()
        client.force_login(person)
        for view, count in views_of(client).items():
            rows = len(rows_of(client, f"/jobmatch/?view={view}"))
            seen.add(view)

            assert count == (str(rows) if rows < 100 else "99+"), (person.username, view)
    assert {"open", "unassigned", "mine", "site", "jd"} <= seen


def test_every_count_of_a_queue_of_calls_is_that_of_its_rows(house):
    seen = set()
    for client, person in clients():
        for queue in queues_of(client):
            for view, count in views_of(client, queue).items():
                rows = rows_of(client, f"{queue}?view={view}", CALL)
                seen.add(view)

                assert count == (str(len(rows)) if len(rows) < 100 else "99+"), (person, queue, view)
    assert {"open", "unallocated", "mine", "overdue", "welsh", "letters", "ended"} <= seen


def test_every_count_by_age_is_that_of_its_rows(house):
    seen = set()
    for client, person in clients():
        page = client.get("/callbacks/")
        if page.status_code != 200:
            continue
        for queue, age, count in COUNTED_AGE.findall(page.content.decode()):
            rows = rows_of(client, f"/callbacks/queues/{queue}/{age}", CALL)
            seen.add(age)

            assert len(rows) == int(count), (person, queue, age)
    assert seen == {"", *(f"?age={band.value}" for band in Ageing)}
