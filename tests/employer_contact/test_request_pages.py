"""Service requests on their pages: raised in a call, worked on step by step."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from contacthub.people.models import StaffMember
from employer_contact.lifecycle import ContactState
from employer_contact.lifecycle import RequestState as State
from employer_contact.models import ServiceRequest
from tests.employer_contact.calling import caseworker, fresh, with_reason
from tests.factories import EmployerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def owen(client):
    actor = caseworker()
    client.force_login(StaffMember.objects.get(pk=actor.staff_id))
    return actor


@pytest.fixture
def skerrow(reference):
    return EmployerFactory(whole=True, ern="910000900", name="Skerrow Foods Ltd")


def press(client, record, act: str, **given):
    return client.post(f"{record.get_absolute_url()}{act}/", {"key": str(uuid4()), **given})


@pytest.mark.proves("EC-07", "EC-27", "EC-28", "EC-64")
def test_a_reason_leads_to_the_form_of_its_request_which_is_created_by_one_press_and_worked_on_to_its_end(
    client, owen, skerrow
):
    contact = with_reason("general_enquiry", skerrow, by=owen)
    form = client.get(reverse("employers:raising", args=[contact.reference, "general_enquiry"])).content.decode()
    assert "Employer / Info Requested / Update Procedures" in form
    assert "Employer - Send Literature" in form

    answer = press(client, contact, "request/general_enquiry/create-sr", kind="GEN_PROCEDURES", notes="Asks how")

    assert answer.url == reverse("employers:wrap_up", args=[contact.reference])
    request = ServiceRequest.objects.get()
    page = client.get(request.get_absolute_url()).content.decode()
    assert "Establish which procedure the contact is asking about" in page
    assert "4 activities" in page
    for number in (1, 2):
        press(client, request, f"activities/{number}/complete", words="Explained")
    for number in (3, 4):
        press(client, request, f"activities/{number}/not-needed", reason="Nothing wanted")
    press(client, request, "activities/5/complete", words="Explained how to report a leaver")
    assert ServiceRequest.objects.get().state == State.COMPLETED
    assert "Explained how to report a leaver" in client.get(request.get_absolute_url()).content.decode()
    press(client, contact, "finish", notes="Asks how")
    assert fresh(contact).state == ContactState.WRAPPED_UP
