"""The page of a 1-2-1: what belongs in the month, who reads it, and the plans that the leader of the day closes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints_feedback import services
from complaints_feedback.coaching import OneToOne
from complaints_feedback.listing import one_to_ones_of, people_led
from complaints_feedback.models import DevelopmentPlan, PartTwo
from contacthub.people.roles import Post, Role
from tests.complaints_feedback.situations import DISCUSSED, DONE, OUTCOME, SENT, World, actor, works
from tests.factories import StaffMemberFactory

pytestmark = pytest.mark.django_db
JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
THURSDAY = date(2026, 6, 4)
JULY_MORNING = DONE.replace(month=7)


@pytest.fixture(autouse=True)
def at(monkeypatch):
    monkeypatch.setattr("complaints_feedback.views.one_to_ones.now", lambda: DONE)


def planned(world: World, words: str = "Shadow a colleague", month: date = JUNE) -> DevelopmentPlan:
    """Return a plan of a form that was completed."""
    form = world.discussed()
    mine = {"form_id": form.pk, "by": actor(world.receiver)}
    plan = services.open_plan(words=words, at=DISCUSSED, **mine)
    given = replace(OUTCOME, no_development_needs=False, development_needs="Reminders", one_to_one_month=month)
    services.complete_part_two(given=given, at=DONE, **mine)
    return plan


def path(world: World, month: str = "2026-06", then: str = "") -> str:
    return f"/feedback/people/{world.person.staff_number}/one-to-ones/{month}/{then}"


def opened(client: Client, world: World, who: object, month: str = "2026-06") -> str:
    client.force_login(who)
    response = client.get(path(world, month))
    return response.content.decode() if response.status_code == 200 else str(response.status_code)


def close(client: Client, world: World, plan: DevelopmentPlan, who: object, **words: str):
    client.force_login(who)
    given = {"key": uuid4(), "done_on": "4/6/2026", "words": "Two calls shadowed"}
    return client.post(path(world, then=f"plans/{plan.pk}/close/"), {**given, **words})


@pytest.mark.proves("CF-04", "CF-42")
@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_a_plan_is_seen_by_nobody_before_the_discussion_or_once_the_form_is_withdrawn(client, world, is_withdrawn):
    form = world.delivered()
    mine = {"form_id": form.pk, "by": actor(world.receiver), "at": SENT}
    services.save_part_two(given=OneToOne(one_to_one_month=JUNE), **mine)
    plan = services.open_plan(words="Shadow a colleague", **mine)
    if is_withdrawn:
        services.withdraw(form_id=form.pk, reason="Wrong person", by=actor(world.leader), at=SENT)

    for person in (world.person, world.receiver, world.head):
        assert "Shadow a colleague" not in opened(client, world, person)
    assert ("to be discussed, part 2 to complete" in opened(client, world, world.receiver)) is not is_withdrawn
    assert close(client, world, plan, world.receiver).status_code == 404
    assert [row.plans for row in people_led(world.receiver, cursor={}, size=9, on=THURSDAY).rows] == [0, 0]
    assert not one_to_ones_of(world.receiver, month=JUNE, on=THURSDAY).exists()


@pytest.mark.proves("CF-04", "CF-05")
def test_the_month_lists_its_form_and_its_plan_with_the_months_beside_it(client, world):
    plan = planned(world)

    page = opened(client, world, world.receiver)

    assert f"{plan.form.reference}</span> Feedback</a>" in page
    assert "Shadow a colleague" in page
    assert f'href="{path(world, "2026-05")}" rel="prev">May 2026' in page
    assert f'href="{path(world, "2026-07")}" rel="next">July 2026' in page


@pytest.mark.proves("CF-04", "CF-05")
def test_a_plan_that_is_open_stands_in_later_months_too_and_its_form_does_not(client, world):
    plan = planned(world)

    later = opened(client, world, world.receiver, "2026-09")

    assert "Shadow a colleague" in later
    assert "from the 1-2-1 of June 2026" in later
    assert f"{plan.form.reference}</span> Feedback</a>" not in later


def test_a_plan_stands_in_no_month_before_its_own(client, world):
    planned(world, month=JULY)

    assert "Shadow a colleague" not in opened(client, world, world.receiver, "2026-06")
    assert "Shadow a colleague" in opened(client, world, world.receiver, "2026-07")


def test_a_plan_that_was_closed_stands_in_its_own_month_alone(client, world):
    plan = planned(world)
    given = {"done_on": THURSDAY, "words": "Two calls shadowed", "by": actor(world.receiver), "at": DONE}
    services.close_plan(plan_id=plan.pk, **given)

    own = opened(client, world, world.receiver)

    assert "Closed by <bdi>Rosa Quill</bdi>, done on 4 June 2026" in own
    assert "Two calls shadowed" in own
    assert "Shadow a colleague" not in opened(client, world, world.receiver, "2026-07")


@pytest.mark.proves("CF-42")
def test_before_part_two_is_complete_the_month_of_a_form_is_shown_to_the_receiving_leader_alone(client, world):
    form = world.discussed()
    services.save_part_two(
        form_id=form.pk, given=OneToOne(one_to_one_month=JUNE), by=actor(world.receiver), at=DISCUSSED
    )

    assert form.reference in opened(client, world, world.receiver)
    for who in [world.person, world.their_manager, world.area_manager, world.head]:
        assert form.reference not in opened(client, world, who)


@pytest.mark.proves("CF-42")
@pytest.mark.parametrize(
    ("who", "reads"),
    [
        ("person", True), ("receiver", True), ("their_manager", True), ("area_manager", True), ("head", True),
        ("sender", False), ("leader", False), ("colleague", False), ("senior", False), ("earlier", False),
    ],
)  # fmt: skip
def test_the_person_and_who_leads_them_today_read_the_month(client, world, who, reads):
    planned(world)

    found = opened(client, world, getattr(world, who))

    assert ("Shadow a colleague" in found) is reads
    assert (found == "404") is not reads


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.INTEGRATOR])
def test_no_role_reads_the_month(client, world, role):
    assert opened(client, world, StaffMemberFactory(role=role)) == "404"


@pytest.mark.proves("CF-04")
def test_the_team_leader_closes_a_plan_with_the_day_and_what_was_done(client, world):
    plan = planned(world)

    response = close(client, world, plan, world.receiver)

    assert response.url == path(world)
    closed = DevelopmentPlan.objects.get()
    assert (closed.done_on, closed.done_words, closed.closed_by) == (THURSDAY, "Two calls shadowed", world.receiver)
    assert "The development plan is closed" in client.get(response.url).content.decode()


def test_a_second_press_closes_nothing_twice(client, world):
    plan, key = planned(world), str(uuid4())

    answers = [close(client, world, plan, world.receiver, key=key).status_code for _ in range(2)]

    assert answers == [302, 302]


@pytest.mark.proves("CF-04")
def test_a_team_leader_of_today_closes_what_an_earlier_one_planned(client, world):
    plan = planned(world)
    world.leaves_for(world.receiver, world.team, on=THURSDAY)
    new = works("Ira Bell", world.their_team, Post.TEAM_LEADER, since=THURSDAY)

    assert close(client, world, plan, world.receiver).status_code == 404
    assert close(client, world, plan, new).status_code == 302
    assert DevelopmentPlan.objects.get().closed_by == new


@pytest.mark.proves("CF-04")
@pytest.mark.parametrize(
    ("who", "status"),
    [("person", 403), ("their_manager", 403), ("head", 403), ("sender", 404), ("leader", 404)],
)
def test_nobody_but_the_team_leader_closes_a_plan_or_is_offered_to(client, world, who, status):
    plan = planned(world)

    assert close(client, world, plan, getattr(world, who)).status_code == status
    assert DevelopmentPlan.objects.get().is_open
    assert "Close plan" not in opened(client, world, getattr(world, who))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"done_on": ""}, "Enter the day it was done"),
        ({"done_on": "5/6/2026"}, "The day it was done must be today or in the past"),
        ({"done_on": "4/6/26"}, "Enter a date whose year has four numbers, like 31/8/2026"),
        ({"words": " "}, "Enter what was done"),
    ],
)
def test_what_is_refused_keeps_the_day_and_the_words(client, world, given, words):
    plan = planned(world)

    page = close(client, world, plan, world.receiver, **given).content.decode()

    summary = page.partition('class="govuk-error-summary"')[2].partition("moj-identity-bar")[0]
    assert words in summary
    assert f'href="#id_plan_{plan.pk}_{next(iter(given))}"' in summary
    kept = {"done_on": "4/6/2026", "words": "Two calls shadowed"} | given
    assert f'value="{kept["done_on"]}"' in page or not kept["done_on"]
    assert kept["words"].strip() in page.partition("<textarea")[2].partition("</textarea>")[0]
    assert '<details class="govuk-details" open>' in page
    assert DevelopmentPlan.objects.get().is_open


def test_who_comes_too_late_reads_who_was_first_and_keeps_the_words(client, world, monkeypatch):
    monkeypatch.setattr("complaints_feedback.views.one_to_ones.now", lambda: JULY_MORNING)
    plan = planned(world)
    given = {"done_on": THURSDAY, "words": "Done", "by": actor(world.receiver), "at": DONE}
    services.close_plan(plan_id=plan.pk, **given)

    client.force_login(world.receiver)
    answer = client.post(
        path(world, "2026-07", f"plans/{plan.pk}/close/"), {"key": uuid4(), "done_on": "1/7/2026", "words": "Mine"}
    )

    page = answer.content.decode()
    assert "Rosa Quill has closed this plan. Nothing was changed" in page
    assert "Mine" in page.partition("<textarea")[2].partition("</textarea>")[0]
    assert DevelopmentPlan.objects.get().done_words == "Done"


def test_a_plan_is_closed_in_the_1_2_1_of_its_own_person_only(client, world):
    plan = planned(world)
    client.force_login(world.receiver)
    other = f"/feedback/people/{world.earlier.staff_number}/one-to-ones/2026-06/plans/{plan.pk}/close/"

    answer = client.post(other, {"key": uuid4(), "done_on": "4/6/2026", "words": "Done"})

    assert answer.status_code == 404
    assert DevelopmentPlan.objects.get().is_open


@pytest.mark.parametrize(("month", "without"), [("1000-01", 'rel="prev"'), ("2999-12", 'rel="next"')])
def test_the_first_and_the_last_month_lead_no_further(client, world, month, without):
    assert without not in opened(client, world, world.receiver, month)


def test_a_month_costs_the_same_however_much_belongs_in_it(client, world):
    def asked() -> int:
        client.force_login(world.receiver)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path(world)).status_code == 200
        return len(queries)

    planned(world)
    few = asked()
    for number in range(3):
        planned(world, f"Plan {number}")
    PartTwo.objects.update(one_to_one_month=JUNE)

    assert asked() == few
