"""A whole shift on Next for me, over the web server that ships."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
import requests
from django.conf import settings
from django.test import Client

from contacthub.cases.models import Event
from contacthub.embedded.guards import free_port
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import Band
from tests.factories import IncidentFactory, StaffMemberFactory
from tests.processes import environment, running, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
AGENTS, PRESSES, WAITING = 8, 25, 230


def answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/health/ready", timeout=5).ok
    except requests.ConnectionError:
        return False


def signed_in(agent: StaffMember, url: str) -> requests.Session:
    """Return a browser in which the agent has signed in and looks at the queue."""
    client = Client()
    client.force_login(agent)
    browser = requests.Session()
    browser.cookies.set(settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value)
    page = browser.get(f"{url}/jobmatch/", timeout=30)
    (browser.headers["X-CSRFToken"],) = set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text))
    return browser


def test_eight_agents_press_next_25_times_each_and_no_incident_goes_to_two_or_is_lost(reference):
    for number in range(WAITING):
        IncidentFactory(band=[*Band][number % len(Band)])
    agents = [StaffMemberFactory(role=Role.HELPDESK_AGENT) for _ in range(AGENTS)]
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    together = Barrier(AGENTS)

    def press(browser: requests.Session) -> list[requests.Response]:
        together.wait(30)
        address = f"{url}/jobmatch/take-next/"
        return [browser.post(address, {"key": str(uuid4())}, timeout=30) for _ in range(PRESSES)]

    with running("web", environment(smtp_port=1) | {"PORT": str(port)}), ThreadPoolExecutor(AGENTS) as pool:
        wait_until(lambda: answers(url))
        browsers = [signed_in(agent, url) for agent in agents]
        shown = [*pool.map(press, browsers)]

    assert {response.status_code for pages in shown for response in pages} == {200}
    opened = [(agent.pk, response.url) for agent, pages in zip(agents, shown, strict=True) for response in pages]
    assert len({page for _, page in opened}) == AGENTS * PRESSES
    taken = Incident.objects.filter(state="assigned").select_related("case")
    assert {(one.assigned_to_id, url + one.get_absolute_url()) for one in taken} == {*opened}
    assert Incident.objects.unassigned().count() == WAITING - AGENTS * PRESSES
    takes = Event.objects.filter(kind="take").values_list("actor_id", "case_id")
    assert sorted(takes) == sorted(taken.values_list("assigned_to_id", "pk"))
