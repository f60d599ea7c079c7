from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from contacthub.people.models import StaffMember
from employer_contact.lifecycle import ContactState as State
from employer_contact.models import Contact
from tests.employer_contact.calling import caseworker, fresh, to_answer
from tests.factories import EmployerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def owen(client):
    actor = caseworker()
    client.force_login(StaffMember.objects.get(pk=actor.staff_id))
    return actor


def press(client, contact: Contact, act: str, **given):
    return client.post(f"{contact.get_absolute_url()}{act}/", {"key": str(uuid4()), **given})


def start(client, **given):
    data = {"key": str(uuid4()), "channel": "telephone", "direction": "inbound", **given}
    return client.post(reverse("employers:new_call"), data)


@pytest.mark.proves("EC-04", "EC-25", "EC-26")
def test_a_call_by_hand_goes_from_the_search_to_the_next_call(client, owen):
    EmployerFactory(whole=True, ern="910000900", name="Skerrow Foods Ltd")

    answer = start(client)
    contact = Contact.objects.get()
    assert answer.url == reverse("employers:party", args=[contact.reference])
    page = press(client, contact, "search", sought="skerrow").content.decode()
    assert "Taken for a name: 1 found" in page
    answer = press(client, contact, "choose-party", party="910000900", notes="Marged, payroll")
    assert answer.url == reverse("employers:security", args=[contact.reference])
    assert client.get(answer.url).status_code == 200
    answer = press(client, contact, "answer", **dict.fromkeys(to_answer(contact), "correct"), notes="Marged, payroll")
    assert answer.url == reverse("employers:reason", args=[contact.reference])
    assert "Request employer statement" in client.get(answer.url).content.decode()
    answer = press(client, contact, "choose", reasons=["statement"], notes="Wants a statement")
    assert answer.url == reverse("employers:raising", args=[contact.reference, "statement"])
    assert client.get(answer.url).status_code == 200
    assert client.get(reverse("employers:wrap_up", args=[contact.reference])).status_code == 200
    answer = press(client, contact, "finish", why_statement="Found on screen", notes="Wants a statement")

    assert answer.url == reverse("employers:new_call")
    assert fresh(contact).state == State.WRAPPED_UP
    assert "Found on screen" in client.get(contact.get_absolute_url()).content.decode()
