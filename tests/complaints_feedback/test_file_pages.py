"""The pages of a personal file: who opens them, what they show, and that each opening is kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints_feedback.lifecycle import FormState
from complaints_feedback.models import PersonalFileEntry
from contacthub.cases.services import events_about
from contacthub.people.models import StaffMember
from contacthub.people.roles import Post, Role
from tests.complaints_feedback.people import everybody, form_of
from tests.complaints_feedback.situations import DONE, World, works
from tests.factories import StaffMemberFactory

pytestmark = pytest.mark.django_db
THURSDAY = date(2026, 6, 4)
SENDING_SIDE = ["sender", "leader", "colleague", "senior", "senior_south"]
PAGES = ["", "{entry}/", "{entry}/form.pdf"]


@pytest.fixture(autouse=True)
def at(monkeypatch):
    monkeypatch.setattr("complaints_feedback.views.files.now", lambda: DONE)


def opened(client: Client, world: World, who: StaffMember, page: str = "", person: StaffMember | None = None):
    client.force_login(who)
    entry = PersonalFileEntry.objects.first()
    path = page.format(entry=entry.pk if entry else 1)
    return client.get(f"/feedback/people/{(person or world.person).staff_number}/file/{path}")


def openings() -> list[str]:
    return [str(event.actor) for event in events_about(PersonalFileEntry.objects.get()).filter(kind="opened")]


@pytest.mark.proves("CF-11", "CF-42")
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["person", "receiver", "their_manager", "area_manager", "head"])
def test_the_person_and_who_leads_them_today_read_the_file(client, world, who, page):
    world.closed()

    assert opened(client, world, getattr(world, who), page).status_code == 200


@pytest.mark.proves("CF-42")
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", SENDING_SIDE)
def test_the_sending_side_does_not_find_the_file(client, world, who, page):
    world.closed()

    assert opened(client, world, getattr(world, who), page).status_code == 404
    assert openings() == []


@pytest.mark.proves("CF-42")
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.INTEGRATOR])
def test_no_role_opens_the_file(client, world, role, page):
    world.closed()

    assert opened(client, world, StaffMemberFactory(role=role), page).status_code == 404


@pytest.mark.proves("CF-42")
@pytest.mark.parametrize("page", PAGES)
def test_who_led_the_person_before_does_not_find_the_file_and_who_leads_them_now_does(client, world, page):
    world.closed()
    world.leaves_for(world.receiver, world.team, on=THURSDAY)
    new = works("Ira Bell", world.their_team, Post.TEAM_LEADER, since=THURSDAY)

    assert opened(client, world, world.receiver, page).status_code == 404
    assert opened(client, world, new, page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_an_entry_is_found_in_the_file_of_its_own_person_only(client, world, page):
    world.closed()

    found = opened(client, world, world.receiver, page, person=world.earlier)

    assert found.status_code == (404 if page else 200)
    assert openings() == []


@pytest.mark.proves("XC-01", "CF-42")
def test_each_opening_is_kept_and_listed_and_the_list_alone_opens_nothing(client, world):
    world.closed()

    opened(client, world, world.receiver)
    assert openings() == []

    opened(client, world, world.receiver, "{entry}/")
    opened(client, world, world.head, "{entry}/form.pdf")
    page = opened(client, world, world.person, "{entry}/").content.decode()

    assert openings() == ["Tom Reilly", "Hugo Lane", "Rosa Quill"]
    told = page.partition("Who has opened it")[2]
    assert [told.find(f"by {who}") > 0 for who in openings()] == [True, True, True]
    assert told.find("by Tom Reilly") < told.find("by Hugo Lane") < told.find("by Rosa Quill")


@pytest.mark.proves("CF-11", "CF-42")
def test_an_entry_says_both_parts_without_the_letters(client, world):
    world.closed()

    page = opened(client, world, world.person, "{entry}/").content.decode()

    assert "The call was noted and not made" in page
    assert "Every promise gets a reminder" in page
    assert ".pdf" not in page.replace("/form.pdf", "")


def test_an_entry_is_printed(client, world):
    world.closed()

    printed = opened(client, world, world.person, "{entry}/form.pdf")

    assert printed.content.startswith(b"%PDF-")
    assert printed["Cache-Control"] == "private, no-store"


def test_the_file_says_who_reads_it_today(client, world):
    world.closed()

    page = opened(client, world, world.person).content.decode()

    told = page.partition("Who sees this")[2]
    for who in ["Tom Reilly", "Rosa Quill", "Max Orr", "Amy Dean", "Hugo Lane"]:
        assert who in told


def test_the_file_stands_newest_first_page_by_page_at_one_price(client):
    people = everybody()
    person = next(one for name, one in people.items() if name == "the person")
    client.force_login(person)

    def files(count: int) -> None:
        for _ in range(count):
            form = form_of(people, FormState.CLOSED)
            filed_at = DONE + timedelta(minutes=form.pk)
            PersonalFileEntry.objects.create(form=form, person=person, filed_at=filed_at, content={"parts": []})

    def asked(query: str = "") -> tuple[str, int]:
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/feedback/people/{person.staff_number}/file/{query}")
        return page.content.decode(), len(queries)

    files(2)
    _, few = asked()
    files(49)
    page, many = asked()

    assert many == few
    newest, oldest = PersonalFileEntry.objects.of(person.pk)[0], PersonalFileEntry.objects.of(person.pk)[50]
    assert page.find(newest.form.reference) > 0
    assert oldest.form.reference not in page
    older = page.partition('" rel="next">Older')[0].rpartition('href="')[2]
    assert oldest.form.reference in asked(older.replace("&amp;", "&"))[0]
