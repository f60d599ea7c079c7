"""The queues on the page of an administrator: who calls is data, and each change is on record (8.4, XC-04)."""

from __future__ import annotations

import pytest
from django.urls import reverse

from contacthub.callbacks.models import Queue
from contacthub.cases.models import Event
from contacthub.people.roles import Role
from tests.factories import StaffMemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def telford(reference) -> Queue:
    return Queue.objects.get(code="ed-telford")


def change(client, queue: Queue, **given: str):
    names = ["code", "unit", "caller_words", "caller_post", "allocator_role"]
    names += ["attempts", "gap_hours", "gap_days", "target_days", "urgent_hours"]
    kept = {name: getattr(queue, "unit_id" if name == "unit" else name) for name in names}
    return client.post(reverse("admin:callbacks_queue_change", args=[queue.pk]), {**kept, "lead": "", **given})


@pytest.fixture
def administrator(client, reference):
    client.force_login(StaffMemberFactory(name="Ada Morris", role=Role.ADMINISTRATOR))
    return client


@pytest.mark.proves("XC-04")
def test_a_change_is_kept_with_before_and_after(administrator, telford):
    change(administrator, telford, attempts="3")

    telford.refresh_from_db()
    event = Event.objects.get(subject_label="callbacks.queue")
    assert telford.attempts == 3
    assert (event.kind, event.actor.name) == ("changed", "Ada Morris")
    assert event.words.text == "Attempts without an answer, then a letter: 2 → 3"


def test_a_lead_is_named(administrator, telford):
    lead = StaffMemberFactory(name="Gwyneth Pugh")

    change(administrator, telford, lead=str(lead.pk))

    telford.refresh_from_db()
    assert telford.lead == lead


def test_no_attempts_at_all_are_refused(administrator, telford):
    page = change(administrator, telford, attempts="0").content.decode()

    assert "Enter a number above 0" in page


def test_nobody_else_opens_it(client, reference, telford):
    client.force_login(StaffMemberFactory(role=Role.HELPDESK_LEAD))

    assert client.get(reverse("admin:callbacks_queue_changelist")).status_code == 403
