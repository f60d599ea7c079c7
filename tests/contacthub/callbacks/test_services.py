"""Asking for a call: the sheet of the caller, and who sees it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from contacthub.actor import CLOCK, PUBLIC, Actor, ActorKind
from contacthub.callbacks.models import Callback, Kind, Queue
from contacthub.callbacks.services import CallSheet, request_callback
from contacthub.cases.services import event_label
from contacthub.people.models import Unit
from contacthub.people.roles import Role
from contacthub.people.services import actor_for
from tests.factories import MORNING, CaseFactory, MembershipFactory, StaffMemberFactory

pytestmark = pytest.mark.django_db
SHEET = CallSheet("Gwen Parry", "+441632960983", "cy", "Use another browser")


@pytest.fixture(autouse=True)
def queues(reference):
    """The queues of the reference data."""


def asked_for(queue: str, sheet: CallSheet = SHEET) -> Callback:
    chosen = Queue.objects.get(code=queue)
    return request_callback(about=CaseFactory(), kind=Kind.UJ_ED, queue=chosen, call=sheet, by=CLOCK, at=MORNING)


def member_of(unit: str) -> Actor:
    person = StaffMemberFactory(role=Role.JD_AGENT)
    MembershipFactory(person=person, unit=Unit.objects.get(code=unit))
    return actor_for(person, on=MORNING.date())


@pytest.mark.proves("UJ-16", "UJ-17")
def test_every_ed_site_jd_and_the_welsh_language_unit_have_a_queue_of_their_own():
    codes = ("ed-annesley", "ed-southend", "ed-telford", "ed-dundee", "jd", "welsh-unit")
    queues = Queue.objects.order_by("pk").values_list("code", "unit__code")

    assert list(queues) == [(code, code) for code in codes]


@pytest.mark.proves("XC-01", "XC-02")
def test_the_caller_has_all_he_needs_and_a_reference():
    call = asked_for("ed-telford")

    kept = Callback.objects.get()
    assert kept.reference.startswith("CB-")
    assert (kept.queue.code, kept.about, kept.requested_at) == ("ed-telford", call.about, MORNING)
    assert (kept.customer_name, kept.telephone, kept.language, kept.words) == (
        "Gwen Parry", "+441632960983", "cy", "Use another browser",
    )  # fmt: skip
    event = call.case.events.get()
    assert (event.kind, event.after, event_label(kept, event)) == ("requested", "queued", "Asked for")


def test_a_call_without_a_number_cannot_be_made():
    with pytest.raises(IntegrityError, match="callback_has_number"), transaction.atomic():
        asked_for("jd", CallSheet("Gwen Parry", "", "en", "Use another browser"))


@pytest.mark.parametrize(
    ("unit", "seen"), [("ed-telford", {"ed-telford"}), ("jd", {"jd"}), ("ed-dundee", set()), ("helpdesk", set())]
)
def test_the_staff_of_a_queue_s_unit_see_its_calls(unit, seen):
    for queue in ("ed-telford", "jd"):
        asked_for(queue)

    assert {call.queue.code for call in Callback.objects.visible_to(member_of(unit))} == seen


@pytest.mark.parametrize(("actor", "count"), [(CLOCK, 1), (PUBLIC, 0), (Actor(ActorKind.STAFF, 1), 0)])
def test_who_works_nowhere_sees_none_and_the_clock_all(actor, count):
    asked_for("jd")

    assert Callback.objects.visible_to(actor).count() == count
