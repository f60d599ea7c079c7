"""Pages loaded again: a browser that puts its old ticks and words back shows what the server said no longer (P12)."""

from __future__ import annotations

import pytest
from django.urls import reverse

from employer_contact import services
from employer_contact.plans import Doing
from tests.contacthub.ui.markup import parse
from tests.employer_contact.calling import call_from, passed, with_reason
from tests.factories import (
    MORNING,
    DeoScheduleFactory,
    EmployerFactory,
    EmploymentFactory,
    PayingParentFactory,
    ScheduleLineFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
GETHIN = "121999700001"


@pytest.fixture
def skerrow(reference):
    employer = EmployerFactory(email="a@b.example", fax="+441632960129", voicemail_authorised=True, ern="900000006")
    parent = PayingParentFactory(reference=GETHIN)
    EmploymentFactory(employer=employer, paying_parent=parent)
    ScheduleLineFactory(schedule=DeoScheduleFactory(employer=employer), paying_parent=parent)
    return employer


def put_back(client, address: str, *names: str) -> list[str]:
    """Return the controls, of these names or of all, into which a browser would put what stood in them before."""
    page = parse(client.get(address).content.decode())
    forms = [form for form in page.all("form") if form.attrs.get("role") != "search"]
    controls = [
        control for form in forms for tag in ("input", "select", "textarea") for control in form.all(tag)
        if not names or control.attrs.get("name") in names
    ]  # fmt: skip
    assert controls
    return [one.attrs.get("name", "") for one in controls if one.attrs.get("autocomplete") != "off"]


def open_step(employer, reason: str, kind: str, does: Doing, *, by) -> str:
    contact = with_reason(reason, employer, by=by)
    details = services.Details(paying_parents=(GETHIN,) if does == Doing.UPDATE_LINES else ())
    given = {"contact_id": contact.pk, "reason": reason, "kind": kind, "details": details}
    request = services.create_sr(**given, by=by, at=MORNING)
    for step in request.activities.filter(does=Doing.CONFIRM):
        services.complete_step(service_request_id=request.pk, number=step.number, words="Yes", by=by, at=MORNING)
    return f"{request.get_absolute_url()}?activity={request.activities.get(does=does).number}"


def test_the_details_of_an_employer_are_those_that_are_held(client, owen, skerrow):
    address = open_step(skerrow, "update_details", "UPDATE_EMPLOYER", Doing.CHANGE_EMPLOYER, by=owen)
    names = [name for name in client.get(address).context["step_forms"]["complete"].fields if name != "key"]

    assert put_back(client, address, *names) == []


def test_the_lines_of_a_schedule_are_those_that_are_held(client, owen, skerrow):
    address = open_step(skerrow, "change_single", "DEO_UPDATE_INDIVIDUAL", Doing.UPDATE_LINES, by=owen)
    names = [
        name for name in client.get(address).context["step_forms"]["complete"].fields if name not in ("key", "words")
    ]

    assert put_back(client, address, *names) == []


@pytest.mark.proves("EC-22")
def test_a_check_that_is_asked_anew_begins_without_a_tick(client, owen, skerrow):
    contact = call_from(skerrow, by=owen)

    assert put_back(client, reverse("employers:security", args=[contact.reference])) == []


def test_reasons_are_ticked_that_were_not_taken_back(client, owen, skerrow):
    contact = passed(skerrow, by=owen)

    assert put_back(client, reverse("employers:reason", args=[contact.reference]), "reasons") == []


def test_lines_are_ticked_by_whoever_looks_at_them_now(client, owen, skerrow):
    passed(skerrow, by=owen)

    assert put_back(client, "/employers/900000006/schedule/2026-06/", "line") == []
