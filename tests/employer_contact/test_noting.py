"""Notes of a contact that two pages write: nothing that was typed is lost."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.urls import reverse

from contacthub.people.models import StaffMember
from employer_contact import services
from employer_contact.noting import digest, merged
from tests.employer_contact.calling import call_from, caseworker, fresh, passed
from tests.factories import MORNING

SEEN = digest("", "Marged rang")


@pytest.mark.proves("CM-14")
@pytest.mark.parametrize(
    ("kept", "typed", "expected"),
    [
        (("", "Marged rang"), ("", "Marged rang off"), ("", "Marged rang off")),
        (("", "Marged rang"), ("", ""), ("", "")),
        (("", "Marged rang at 10"), ("", "Marged rang"), ("", "Marged rang at 10")),
        (("", "At 10"), ("", "At 11"), ("", "At 10\n\nAt 11")),
        (("", "At 10"), ("", "At 10, twice"), ("", "At 10, twice")),
        (("", "At 10, twice"), ("", "At 10"), ("", "At 10, twice")),
        (("", "At 10"), ("", ""), ("", "At 10")),
        (("Siân", "Marged rang"), ("", "Marged rang off"), ("Siân", "Marged rang off")),
        (("Siân", "Marged rang"), ("Marged", "Marged rang"), ("Siân", "Marged rang\n\nCaller’s name: Marged")),
        (("", "At 10"), ("Marged", "Marged rang"), ("Marged", "At 10")),
    ],
)
def test_what_another_page_kept_since_stays_beside_what_is_typed(kept, typed, expected):
    assert merged(kept, typed, seen=SEEN) == expected


def test_a_page_that_says_not_what_it_showed_takes_nothing_back():
    assert merged(("Siân", "At 10"), ("", "At 11"), seen="") == ("Siân", "At 10\n\nAt 11")


@pytest.fixture
def owen(client, reference):
    actor = caseworker()
    client.force_login(StaffMember.objects.get(pk=actor.staff_id))
    return actor


def sent_from(page, **typed):
    """Return what a browser sends from a step of a call: its notes as they stand there, and what is typed."""
    form = page.context["step_form"]
    boxes = {name: form[name].value() for name in ("caller_name", "notes", "notes_seen")}
    return boxes | {"key": str(uuid4())} | typed


@pytest.mark.django_db
@pytest.mark.proves("CM-14")
def test_a_page_that_was_left_open_keeps_its_notes_beside_newer_ones(client, owen):
    contact = passed(by=owen)
    page = client.get(reverse("employers:reason", args=[contact.reference]))
    services.keep_notes(contact_id=contact.pk, caller_name="", notes="Wants a statement", by=owen, at=MORNING)

    client.post(f"{contact.get_absolute_url()}choose/", sent_from(page, notes="Asked twice", reasons=["statement"]))

    assert fresh(contact).notes == "Wants a statement\n\nAsked twice"


@pytest.mark.django_db
def test_the_form_of_a_service_request_takes_back_no_newer_notes_either(client, owen):
    contact = passed(by=owen)
    services.choose_reasons(contact_id=contact.pk, reasons=["statement"], by=owen, at=MORNING)
    page = client.get(reverse("employers:raising", args=[contact.reference, "statement"]))
    services.keep_notes(contact_id=contact.pk, caller_name="Siân", notes="For the auditors", by=owen, at=MORNING)

    client.post(f"{contact.get_absolute_url()}request/statement/create-sr/", sent_from(page, kind="STATEMENT"))

    found = fresh(contact)
    assert (found.requests.count(), found.caller_name, found.notes) == (1, "Siân", "For the auditors")


@pytest.mark.django_db
def test_a_script_hears_what_else_was_kept_and_what_it_has_seen_then(client, owen):
    contact = call_from(None, by=owen)
    url = f"{contact.get_absolute_url()}keep-notes/"
    services.keep_notes(contact_id=contact.pk, caller_name="", notes="At 10", by=owen, at=MORNING)

    def keep(notes, seen):
        return client.post(url, {"words": json.dumps({"notes": notes}), "notes_seen": seen}).json()

    told = keep("At 11", digest("", ""))
    again = keep("At 10\n\nAt 11 sharp", told["notes_seen"])

    assert told["stands"] == {"caller_name": "", "notes": "At 10\n\nAt 11"}
    assert "stands" not in again
    assert fresh(contact).notes == "At 10\n\nAt 11 sharp"
