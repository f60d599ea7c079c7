"""The days off on the page of an administrator (P18)."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from contacthub.cases.models import Event
from contacthub.deadlines.models import Calendar, DayOff
from contacthub.people.models import Nation
from contacthub.people.roles import Role
from tests.factories import StaffMemberFactory

pytestmark = pytest.mark.django_db
ADD = "/admin/deadlines/dayoff/add/"
JUBILEE = {"nation": "england_and_wales", "day": "2026-06-08", "words": "Jubilee"}


@pytest.fixture
def administrator(client, reference):
    client.force_login(StaffMemberFactory(name="Ada Morris", role=Role.ADMINISTRATOR))
    return client


def numbers() -> dict[str, int]:
    return dict(Calendar.objects.values_list("nation", "number"))


def recorded() -> list[tuple[str, str, str]]:
    events = Event.objects.filter(subject_label="deadlines.dayoff").order_by("pk")
    return [(event.kind, event.actor.name, event.words.text) for event in events]


@pytest.mark.proves("XC-01", "XC-04")
def test_a_day_off_added_is_on_record_and_raises_the_number_of_its_calendar(administrator):
    administrator.post(ADD, JUBILEE)

    assert DayOff.objects.get().day == date(2026, 6, 8)
    assert numbers() == {"england_and_wales": 1}
    assert recorded() == [("added", "Ada Morris", "Day: 2026-06-08\nWhy: Jubilee")]


def test_given_to_another_nation_it_changes_the_calendars_of_both(administrator):
    administrator.post(ADD, JUBILEE)

    administrator.post(
        reverse("admin:deadlines_dayoff_change", args=[DayOff.objects.get().pk]), JUBILEE | {"nation": "scotland"}
    )

    assert numbers() == {"england_and_wales": 2, "scotland": 1}
    assert recorded()[-1] == ("changed", "Ada Morris", "Nation: England and Wales → Scotland")


def test_taken_back_it_is_on_record_and_raises_the_number_again(administrator):
    administrator.post(ADD, JUBILEE)

    administrator.post(reverse("admin:deadlines_dayoff_delete", args=[DayOff.objects.get().pk]), {"post": "yes"})

    assert not DayOff.objects.exists()
    assert numbers() == {"england_and_wales": 2}
    assert recorded()[-1][0] == "removed"


def test_a_day_is_there_once_for_a_nation(administrator):
    DayOff.objects.create(nation=Nation.ENGLAND_AND_WALES, day=date(2026, 6, 8), words="Jubilee")

    page = administrator.post(ADD, JUBILEE).content.decode()

    assert "This day is here already. Change that one" in page
