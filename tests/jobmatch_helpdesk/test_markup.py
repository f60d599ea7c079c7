"""Every page of the app, in the states somebody can meet it in, held to what every page of ours has."""

from uuid import uuid4

import pytest
from django.test import Client

from contacthub.actor import PUBLIC
from contacthub.mail.models import Message
from contacthub.people.models import StaffMember
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident
from tests.contacthub.ui.markup import check, parse
from tests.factories import MORNING, IncidentFactory, told

pytestmark = pytest.mark.django_db
ARABIC = "مريم أحمد"
WROTE = "<script>1</script>"


@pytest.fixture
def agent_client(client: Client, ana) -> Client:
    client.force_login(StaffMember.objects.get(pk=ana.staff_id))
    return client


@pytest.fixture
def mine(ana) -> Incident:
    services.submit(told(customer_name=ARABIC, description=WROTE), by=PUBLIC, at=MORNING)
    return services.take_next(by=ana, at=MORNING)


def write(client: Client, incident: Incident, do: str, text: str = "Try\nagain", way: str = "reply") -> str:
    url = f"{incident.get_absolute_url()}{way}/"
    return client.post(url, {"key": str(uuid4()), "text": text, "do": do}, follow=True).content.decode()


def test_signing_in(client, reference):
    check(client.get("/sign-in/").content.decode())
    check(client.post("/sign-in/", {}).content.decode())


@pytest.mark.parametrize("rows", [0, 1, 60])
def test_the_queue(agent_client, rows):
    IncidentFactory.create_batch(rows, customer_name=ARABIC, description=WROTE)

    page = agent_client.get("/jobmatch/").content.decode()

    check(page)
    assert WROTE not in page


def test_an_incident_in_each_state(agent_client, mine, ana, bilal):
    pages = [agent_client.get(mine.get_absolute_url()).content.decode()]
    pages.append(write(agent_client, mine, "preview", text=""))
    pages.append(write(agent_client, mine, "preview"))
    pages.append(write(agent_client, mine, "preview", way="ask"))
    pages.append(write(agent_client, mine, "send"))
    Message.objects.update(state="failed", server_words="550 no", ended_at=MORNING, next_attempt_at=None)
    pages.append(agent_client.get(mine.get_absolute_url()).content.decode())
    theirs = services.submit(told(), by=PUBLIC, at=MORNING)
    pages.append(agent_client.get(theirs.get_absolute_url()).content.decode())
    services.take_next(by=bilal, at=MORNING)
    pages.append(agent_client.get(theirs.get_absolute_url()).content.decode())

    for page in pages:
        check(page)
        assert WROTE not in page


def test_names_are_kept_apart_from_what_stands_beside_them(agent_client, mine):
    page = parse(agent_client.get("/jobmatch/").content.decode())

    assert ARABIC in [node.text for node in page.all("bdi")]


def test_the_text_to_send_keeps_its_lines(agent_client, mine):
    page = parse(write(agent_client, mine, "preview"))

    assert "Try\nagain" in [node.attrs["value"] for node in page.all("input") if node.attrs["name"] == "text"]
