"""Where outbound messages stand, page by page: others' are left out, and no page grows or loses any for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.contacthub.api.situations import Machine
from tests.factories import MORNING, IncidentFactory, MessageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def machine() -> Machine:
    return Machine("messages:read")


@pytest.fixture
def mine(machine) -> list[int]:
    """Eleven messages about what the key raised, newest first, with one of somebody else's after each two."""
    made = []
    for minute in range(16):
        raiser = None if minute % 3 == 2 else machine.person
        about = IncidentFactory(raised_by=raiser).case
        message = MessageFactory(case=about, queued_at=MORNING - timedelta(minutes=minute))
        made += [message.pk] if raiser else []
    return made


def pages(machine: Machine, way: str, path: str) -> list[list[int]]:
    found = []
    while path:
        page = machine.get(path.removeprefix("/api/v1/")).json()
        found.append([row["id"] for row in page["results"]])
        path = page[way]
    return found


def test_no_page_has_more_rows_than_were_asked_for_and_each_row_comes_once(machine, mine):
    found = pages(machine, "next", "messages/?page_size=3")

    assert [len(page) for page in found] == [3, 3, 3, 2]
    assert [pk for page in found for pk in page] == mine


def test_pages_lead_back_with_each_row_once(machine, mine):
    first = machine.get("messages/?page_size=3").json()
    second = machine.get(first["next"].removeprefix("/api/v1/")).json()
    third = machine.get(second["next"].removeprefix("/api/v1/")).json()

    back = pages(machine, "previous", third["previous"])

    assert back == [mine[3:6], mine[:3]]


def test_what_became_of_a_message_is_read_by_its_state(machine):
    about = IncidentFactory(raised_by=machine.person).case
    MessageFactory(case=about, accepted=True)
    MessageFactory(case=about, delivered=True)

    [row] = machine.get("messages/?state=delivered").json()["results"]

    assert (row["state"], row["standing"]) == ({"code": "delivered", "label": "Delivered"}, "delivered")
