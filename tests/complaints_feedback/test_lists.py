"""The lists of feedback forms, the place in the head, and what the home page shows."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints_feedback.listing import people_called
from contacthub.people.models import Membership
from contacthub.people.roles import Role
from tests.complaints_feedback.situations import World
from tests.factories import MORNING, FeedbackFormFactory

pytestmark = pytest.mark.django_db


def listed(client, view: str, **asked) -> list[str]:
    page = client.get("/feedback/", {"view": view, **asked})
    return [row.form.reference for row in page.context["rows"]]


def test_the_sender_has_their_own_forms_and_starts_one(client, world):
    form = world.started()
    client.force_login(world.sender)

    page = client.get("/feedback/")

    assert [row.form.reference for row in page.context["rows"]] == [form.reference]
    assert "Start a form" in page.content.decode()


def test_a_colleague_has_forms_of_their_own_only(client, world):
    world.started()
    client.force_login(world.colleague)

    assert listed(client, "mine") == []


@pytest.mark.parametrize(
    ("state", "who", "view"),
    [
        ("asked", "leader", "to-agree"),
        ("submitted", "leader", "to-check"),
        ("with_senior", "senior", "to-confirm"),
        ("delivered", "receiver", "to-discuss"),
        ("delivered", "their_manager", "copies"),
        ("discussed", "receiver", "discussed"),
        ("discussed", "person", "about-me"),
        ("delivered", "leader", "sent-on"),
        ("closed", "sender", "done"),
    ],
)
def test_each_finds_what_is_theirs_in_the_list_that_says_what_to_do(client, world, state, who, view):
    form = getattr(world, state)()
    client.force_login(getattr(world, who))

    assert listed(client, view) == [form.reference]


@pytest.mark.proves("CF-49")
def test_the_workgroup_manager_sees_what_is_overdue_below(client, world):
    form = world.delivered()  # in June, and it is later than that
    client.force_login(world.their_manager)

    assert listed(client, "overdue") == [form.reference]


@pytest.mark.proves("CF-42")
def test_the_person_has_no_list_before_the_discussion(client, world):
    world.delivered()
    client.force_login(world.person)

    page = client.get("/feedback/")

    assert page.context["rows"] == []
    assert "Feedback forms" not in page.content.decode().partition("<header")[2].partition("<main")[0]


@pytest.mark.proves("CF-42")
def test_a_caseworker_finds_the_forms_in_the_head_once_one_is_theirs_to_read(client, world):
    world.person.groups.add(Group.objects.get(name=Role.CASEWORKER))
    client.force_login(world.person)
    head = client.get("/").content.decode().partition("<header")[2].partition("<main")[0]
    world.discussed()

    later = client.get("/").content.decode().partition("<header")[2].partition("<main")[0]

    assert "Feedback forms" not in head
    assert "Feedback forms" in later


def test_filters_keep_what_fits(client, world):
    world.filled_in()
    client.force_login(world.sender)

    assert len(listed(client, "mine", trigger="promise_not_kept", route="resolution", state="draft")) == 1
    assert listed(client, "mine", trigger="not_informed") == []
    assert listed(client, "mine", route="review") == []


def test_a_list_takes_as_many_statements_however_long_it_is(client, world):
    client.force_login(world.sender)

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/feedback/")
        return len(asked)

    world.filled_in()
    client.get("/feedback/")
    few = statements()
    for _ in range(4):
        world.filled_in()

    assert statements() == few


def test_a_long_list_is_turned_page_by_page(client, world):
    for _ in range(51):
        FeedbackFormFactory(sender=world.sender)
    client.force_login(world.sender)

    page = client.get("/feedback/?view=mine")

    assert len(page.context["rows"]) == 50
    assert len(client.get(f"/feedback/{page.context['older']}").context["rows"]) == 1


def test_the_head_counts_what_the_sender_has_to_go_on_with(client, world):
    world.agreed()
    world.started()
    world.asked()  # which waits for somebody else
    client.force_login(world.sender)

    head = client.get("/").content.decode().partition("<main")[0]

    assert 'Feedback forms <span class="app-head__count">2' in head


def test_the_home_page_leads_the_sender_to_what_is_agreed(client, world):
    form = world.agreed()
    client.force_login(world.sender)

    assert f"{form.reference}</span> Feedback for <bdi>Tom Reilly" in client.get("/").content.decode()


def test_the_home_page_leads_the_team_leader_to_what_waits(client, world):
    form = world.asked()
    client.force_login(world.leader)

    home = client.get("/").content.decode()

    assert form.reference in home
    assert "to agree" in home


@pytest.mark.parametrize(
    ("state", "who", "view", "page"),
    [
        ("asked", "leader", "to-agree", "agree"),
        ("submitted", "leader", "to-check", "check"),
        ("with_senior", "senior", "to-confirm", "confirm"),
        ("delivered", "receiver", "to-discuss", "part-2"),
    ],
)
def test_list_and_home_lead_straight_to_where_their_reader_acts(client, world, state, who, view, page):
    form = getattr(world, state)()
    client.force_login(getattr(world, who))
    link = f'href="/feedback/{form.reference}/{page}/"'

    assert link in client.get("/feedback/", {"view": view}).content.decode()
    assert link in client.get("/").content.decode()


def test_the_forms_open_on_the_first_list_that_has_one(client, world):
    form = world.submitted()
    client.force_login(world.leader)

    page = client.get("/feedback/")

    assert [row.form.reference for row in page.context["rows"]] == [form.reference]
    assert client.get("/feedback/?view=to-agree").context["rows"] == []


def test_the_forms_open_on_the_first_list_where_none_has_one(client, world):
    client.force_login(world.leader)

    assert "Nobody waits for you to agree" in client.get("/feedback/").content.decode()


def test_a_whole_staff_number_names_one_person_whatever_begins_like_it(world: World):
    world.person.staff_number, world.earlier.staff_number = "7001", "70012"
    world.person.save()
    world.earlier.save()

    assert people_called("7001", on=MORNING.date()).only == world.person.pk
    assert people_called("700", on=MORNING.date()).several


@pytest.mark.proves("CF-50")
def test_somebody_who_has_left_can_still_be_named_as_involved(world: World):
    Membership.objects.filter(person=world.person).delete()
    world.person.active_to = MORNING.date()
    world.person.save()

    assert people_called("Tom Reilly", on=MORNING.date()).only == world.person.pk
