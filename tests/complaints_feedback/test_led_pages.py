"""The people whom somebody leads today, and the ways to their files and 1-2-1s and to one's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints_feedback import services
from complaints_feedback.models import DevelopmentPlan
from contacthub.people.models import StaffMember
from contacthub.people.roles import Post, Role
from tests.complaints_feedback.situations import DISCUSSED, DONE, OUTCOME, World, actor, works

pytestmark = pytest.mark.django_db
THURSDAY = date(2026, 6, 4)


@pytest.fixture(autouse=True)
def at(monkeypatch):
    monkeypatch.setattr("complaints_feedback.views.led.now", lambda: DONE)


def planned(world: World, month: date = date(2026, 6, 1)) -> DevelopmentPlan:
    form = world.discussed()
    mine = {"form_id": form.pk, "by": actor(world.receiver)}
    plan = services.open_plan(words="Shadow a colleague", at=DISCUSSED, **mine)
    given = replace(OUTCOME, no_development_needs=False, development_needs="Reminders", one_to_one_month=month)
    services.complete_part_two(given=given, at=DONE, **mine)
    return plan


def led(client: Client, who: StaffMember) -> list[tuple[str, int, int]]:
    client.force_login(who)
    rows = client.get("/feedback/people/").context["page"].rows
    return [(str(row.person), row.forms, row.plans) for row in rows]


@pytest.mark.proves("CF-42")
def test_a_leader_sees_those_led_today_by_name_with_their_forms_and_open_plans(client, world):
    planned(world)
    second = planned(world)
    given = {"done_on": THURSDAY, "words": "Done", "by": actor(world.receiver), "at": DONE}
    services.close_plan(plan_id=second.pk, **given)

    assert led(client, world.receiver) == [("Eve Lund", 0, 0), ("Tom Reilly", 2, 1)]


def test_a_manager_sees_who_leads_a_team_below_and_their_people(client, world):
    assert [name for name, _, _ in led(client, world.their_manager)] == ["Eve Lund", "Rosa Quill", "Tom Reilly"]


@pytest.mark.proves("CF-42")
def test_who_led_them_until_yesterday_sees_them_no_more(client, world):
    planned(world)
    world.leaves_for(world.receiver, world.team, on=THURSDAY)
    new = works("Ira Bell", world.their_team, Post.TEAM_LEADER, since=THURSDAY)
    world.leaves_for(world.earlier, world.team, on=THURSDAY)

    assert led(client, new) == [("Tom Reilly", 1, 1)]
    client.force_login(world.receiver)
    assert client.get("/feedback/people/").status_code == 403


@pytest.mark.parametrize("who", ["person", "sender", "senior"])
def test_whoever_leads_nobody_has_no_such_list(client, world, who):
    client.force_login(getattr(world, who))

    assert client.get("/feedback/people/").status_code == 403


def test_a_leader_of_an_empty_team_reads_so(client, world):
    for person in [world.person, world.earlier]:
        world.leaves_for(person, world.team, on=THURSDAY)
    client.force_login(world.receiver)

    assert "You lead nobody today" in client.get("/feedback/people/").content.decode()


def test_the_list_stands_page_by_page_at_one_price(client, world):
    def asked(query: str = "") -> tuple[list[str], int]:
        with CaptureQueriesContext(connection) as queries:
            rows = client.get(f"/feedback/people/{query}").context["page"].rows
        return [str(row.person) for row in rows], len(queries)

    client.force_login(world.receiver)
    planned(world)
    _, few = asked()
    for number in range(49):
        works(f"Una {number:02}", world.their_team)
    names, many = asked()
    older = client.get("/feedback/people/").context["page"].older

    assert many == few
    assert (len(names), names[:2], names[-1]) == (50, ["Eve Lund", "Tom Reilly"], "Una 47")
    assert asked(older)[0] == ["Una 48"]


@pytest.fixture
def on_home(monkeypatch):
    monkeypatch.setattr("contacthub.workspace.views.now", lambda: DONE)


def shown(client: Client, who: StaffMember, address: str = "/") -> str:
    client.force_login(who)
    return client.get(address).content.decode()


def month_of(person: StaffMember, month: str = "2026-06") -> str:
    return f'href="/feedback/people/{person.staff_number}/one-to-ones/{month}/"'


@pytest.mark.proves("CF-05")
def test_home_leads_a_team_leader_to_the_1_2_1s_of_the_month_that_have_something_in_them(client, world, on_home):
    planned(world)

    home = shown(client, world.receiver)

    assert "1-2-1s of June" in home
    assert month_of(world.person) in home
    assert month_of(world.earlier) not in home


def test_what_belongs_in_a_later_1_2_1_is_not_on_home_yet(client, world, on_home):
    planned(world, month=date(2026, 7, 1))

    assert month_of(world.person) not in shown(client, world.receiver)


@pytest.mark.proves("CF-04")
def test_a_plan_that_is_open_from_an_earlier_month_is_on_home(client, world, monkeypatch):
    monkeypatch.setattr("contacthub.workspace.views.now", lambda: DONE.replace(month=8))
    plan = planned(world)

    assert month_of(world.person, "2026-08") in shown(client, world.receiver)
    given = {"done_on": THURSDAY, "words": "Done", "by": actor(world.receiver), "at": DONE}
    services.close_plan(plan_id=plan.pk, **given)
    assert month_of(world.person, "2026-08") not in shown(client, world.receiver)


def test_managers_have_the_list_and_no_1_2_1s_on_home(client, world, on_home):
    planned(world)

    assert "1-2-1s of June" not in shown(client, world.their_manager)
    assert 'href="/feedback/people/"' in shown(client, world.their_manager, "/feedback/")


@pytest.mark.proves("CF-42")
def test_home_leads_to_ones_own_file_once_something_is_in_it(client, world, on_home):
    world.person.groups.add(Group.objects.get_or_create(name=Role.CASEWORKER)[0])
    own = f'href="/feedback/people/{world.person.staff_number}/file/"'

    assert own not in shown(client, world.person)
    planned(world)
    assert own in shown(client, world.person)
    assert month_of(world.person) in shown(client, world.person)
    assert own in shown(client, world.person, "/feedback/?view=about-me")
