"""The pages on which the sending side decides how a form goes on: agree, check and send, confirm the managers."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from complaints_feedback import services
from complaints_feedback.lifecycle import FormState
from complaints_feedback.models import FeedbackForm
from complaints_feedback.terms import Part, Route
from contacthub.mail.models import Message
from contacthub.people.roles import Post, UnitKind
from tests.complaints_feedback.situations import (
    LATER,
    World,
    actor,
    fresh,
    mailed,
    told,
    words_of,
    works,
)
from tests.factories import MORNING, UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at(monkeypatch):
    """Let it be an hour after the forms of the situations were begun."""
    for module in ("sender", "checking", "confirming"):
        monkeypatch.setattr(f"complaints_feedback.views.{module}.now", lambda: LATER)


@pytest.fixture
def leader(client: Client, world: World) -> Client:
    client.force_login(world.leader)
    return client


def opened(client: Client, form: FeedbackForm, page: str):
    return client.get(f"/feedback/{form.reference}/{page}/")


def press(client: Client, form: FeedbackForm, page: str, key: str = "", **words):
    return client.post(f"/feedback/{form.reference}/{page}/", {"key": key or uuid4(), **words})


def errors(response) -> str:
    return response.content.decode().partition('class="govuk-error-summary"')[2].partition("</div>\n  </div>")[0]


def after(client: Client, response) -> str:
    """Return the page to which a press led."""
    assert response.status_code == 302, response.context["form"].errors
    return client.get(response.url).content.decode()


@pytest.mark.proves("CF-22")
def test_the_team_leader_reads_part_1_and_agrees(leader, world):
    form = world.asked()
    page = opened(leader, form, "agree").content.decode()

    told = after(leader, press(leader, form, "agree", asked_number=1))

    assert "Tom Reilly" in page
    assert "The call was noted and not made" in page
    assert "Complaint.pdf" in page
    assert "You agree that feedback is given. Sana Iqbal is told" in told
    assert (fresh(form).state, fresh(form).agreed_by) == (FormState.AGREED, world.leader)


@pytest.mark.proves("CF-23")
def test_the_team_leader_does_not_agree_and_the_form_ends_with_the_reason(leader, world):
    form = world.asked()

    told = after(leader, press(leader, form, "agree/refuse", asked_number=1, reason="It was nobody’s fault"))

    assert f"{form.reference} is ended" in told
    assert fresh(form).state == FormState.NOT_NEEDED
    assert words_of(form, "refuse") == "It was nobody’s fault"


@pytest.mark.proves("CF-23")
def test_not_to_agree_needs_a_reason(leader, world):
    form = world.asked()

    page = press(leader, form, "agree/refuse", asked_number=1, reason=" ")

    assert "Enter why feedback should not be given" in errors(page)
    assert fresh(form).state == FormState.AWAITING_AGREEMENT


@pytest.mark.proves("CF-22")
def test_a_person_changed_meanwhile_is_agreed_to_only_once_it_was_shown(leader, world):
    form = world.asked()
    mine = {"form_id": form.pk, "by": actor(world.sender), "at": MORNING}
    services.save_involved(person_ids=[world.person.pk, world.earlier.pk], **mine)
    services.choose_person(person_id=world.earlier.pk, **mine)

    stale = press(leader, form, "agree", asked_number=1)
    assert "has changed since you opened this. Read it again" in errors(stale)
    assert "Agree to feedback for <bdi>Eve Lund" in stale.content.decode()
    assert fresh(form).state == FormState.AWAITING_AGREEMENT
    press(leader, form, "agree", **{name: stale.context["agreeing"][name].value() for name in ("key", "asked_number")})

    assert fresh(form).state == FormState.AGREED


@pytest.mark.proves("CF-22")
def test_a_reason_typed_while_another_window_agreed_stays_and_it_says_who_agreed(leader, world):
    form = world.asked()
    services.agree(form_id=form.pk, asked_number=1, by=actor(world.leader), at=MORNING)

    page = press(leader, form, "agree/refuse", asked_number=1, reason="It was nobody’s fault")

    assert "Agreed by Lena Voss. Nothing was changed" in errors(page)
    assert "It was nobody’s fault" in page.content.decode()
    assert fresh(form).state == FormState.AGREED


def test_a_second_press_agrees_once(leader, world):
    form = world.asked()

    press(leader, form, "agree", "a-key", asked_number=1)
    again = press(leader, form, "agree", "a-key", asked_number=1)

    assert again.url == form.get_absolute_url()
    assert form.case.events.filter(kind="agree").count() == 1


@pytest.mark.proves("CF-51")
def test_whoever_leads_the_sender_today_agrees_in_place_of_who_did(client, world):
    form = world.asked()
    world.leaves_for(world.leader, world.units["tyne"], on=date(2026, 6, 3))
    successor = works("Ida Mann", world.team, Post.TEAM_LEADER, since=date(2026, 6, 3))
    client.force_login(successor)

    assert opened(client, form, "agree").status_code == 200
    press(client, form, "agree", asked_number=1)

    assert fresh(form).agreed_by == successor


@pytest.mark.proves("CF-22")
@pytest.mark.parametrize(
    ("who", "answer"),
    [("sender", 403), ("colleague", 404), ("receiver", 404), ("senior", 404), ("person", 404), ("their_manager", 404)],
)
def test_nobody_but_the_sending_team_leader_agrees(client, world, who, answer):
    form = world.asked()
    client.force_login(getattr(world, who))

    answers = [opened(client, form, "agree"), press(client, form, "agree", asked_number=1)]
    answers.append(press(client, form, "agree/refuse", asked_number=1, reason="No"))

    assert [each.status_code for each in answers] == [answer] * 3
    assert fresh(form).state == FormState.AWAITING_AGREEMENT


def test_what_is_agreed_already_is_read_on_the_page_of_the_form(leader, world):
    form = world.agreed()

    assert opened(leader, form, "agree").url == form.get_absolute_url()


def seen(client: Client, form: FeedbackForm, page: str = "check") -> str:
    """Return by what the page is known that is open now."""
    return opened(client, form, page).context["sending"]["seen"].value()


@pytest.mark.proves("CF-33", "CF-34", "CF-35")
def test_the_team_leader_reads_all_and_whom_it_goes_to_and_sends_it_to_all_four(leader, world):
    form = world.submitted()
    page = opened(leader, form, "check").content.decode()

    response = press(leader, form, "check/send", seen=seen(leader, form))

    for words in [
        "The call was noted and not made", "SR-004188", "Complaint.pdf", "Reply.pdf",
        "Leads Tom Reilly today", "Maintenance, Team 7 belongs to Tyne",
        "Friday 5 June 2026, 11am", "if you send it now", f"/feedback/{form.reference}/withdraw/",
    ]:  # fmt: skip
        assert words in page
    assert f"{form.reference} is sent to Rosa Quill, Max Orr, Amy Dean, Hugo Lane" in after(leader, response)
    assert mailed() == [person.email for person in world.four]


@pytest.mark.proves("CF-36")
@pytest.mark.parametrize("route", [Route.REVIEW, Route.ICE])
def test_by_the_other_routes_it_goes_to_the_senior_manager_alone(leader, world, route):
    form = world.submitted(route)
    page = opened(leader, form, "check").content.decode()

    response = press(leader, form, "check/send", seen=seen(leader, form))

    assert "Send to the area senior resolution manager" in page
    assert "Nina Frost" in page
    assert f"{form.reference} is sent to Nina Frost" in after(leader, response)
    assert mailed() == [world.senior.email]


@pytest.mark.proves("CF-36")
def test_the_mail_to_the_senior_manager_leads_to_where_the_managers_are_confirmed(leader, world):
    form = world.submitted(Route.REVIEW)

    press(leader, form, "check/send", seen=seen(leader, form))

    assert f"/feedback/{form.reference}/confirm/" in Message.objects.get(to=world.senior.email).body


@pytest.mark.proves("CF-50")
def test_without_a_senior_manager_in_the_area_it_says_so_before_it_is_sent(leader, world):
    form = world.submitted(Route.REVIEW)
    world.senior.memberships.all().delete()

    page = opened(leader, form, "check").content.decode()

    assert "Nobody is the senior resolution manager of North. Select another area, with a reason" in page
    assert "Send to the area senior resolution manager <kbd" not in page


def test_the_team_leader_where_the_person_moved_is_shown_with_the_move(leader, world):
    form = world.submitted()
    elsewhere = UnitFactory(code="maintenance-8", name="Maintenance, Team 8", kind=UnitKind.TEAM)
    works("Iris Vale", elsewhere, Post.TEAM_LEADER)
    world.leaves_for(world.person, elsewhere, on=date(2026, 6, 2))

    page = opened(leader, form, "check").content.decode()

    assert "Iris Vale" in page
    assert "moved to Maintenance, Team 8 on 2 June 2026" in page


@pytest.mark.proves("CF-32")
def test_a_form_is_returned_with_what_must_be_corrected(leader, world):
    form = world.submitted()

    refused = press(leader, form, "check/return", reason="")
    page = after(leader, press(leader, form, "check/return", reason="The date is a year off"))

    assert "Enter what must be corrected" in errors(refused)
    assert f"{form.reference} is returned to Sana Iqbal" in page
    assert fresh(form).state == FormState.AGREED
    assert told(world.sender)[-1].endswith("is returned to you for correction: The date is a year off")


@pytest.mark.proves("CF-26")
def test_the_page_shows_who_is_responsible_today_and_sends_to_nobody_it_did_not_show(leader, world):
    form = world.submitted()
    before = seen(leader, form)
    world.leaves_for(world.receiver, world.units["mersey"], on=date(2026, 6, 3))
    works("Iris Vale", world.their_team, Post.TEAM_LEADER, since=date(2026, 6, 3))

    stale = press(leader, form, "check/send", seen=before)
    assert "has changed since you opened this" in errors(stale)
    assert "Iris Vale" in stale.content.decode()
    assert mailed() == []
    press(leader, form, "check/send", seen=stale.context["sending"]["seen"].value())

    assert mailed()[0] == "iris.vale@dwp.example"


@pytest.mark.proves("CF-33")
def test_a_form_that_was_corrected_meanwhile_is_read_again_before_it_is_sent(leader, world):
    form = world.submitted()
    before = seen(leader, form)
    services.return_for_correction(form_id=form.pk, reason="Wrong date", by=actor(world.leader), at=LATER)
    again = LATER + timedelta(minutes=5)
    services.submit(form_id=form.pk, by=actor(world.sender), at=again)

    assert "has changed since you opened this" in errors(press(leader, form, "check/send", seen=before))
    assert fresh(form).state == FormState.SUBMITTED


@pytest.mark.proves("CF-33")
def test_a_press_that_comes_too_late_says_who_has_sent_it_and_keeps_the_words(leader, world):
    form = world.submitted()
    before = seen(leader, form)
    services.send(form_id=form.pk, by=actor(world.leader), at=LATER)

    sent = press(leader, form, "check/send", seen=before)
    returned = press(leader, form, "check/return", reason="The date is a year off")

    assert "Checked and sent to all four by Lena Voss. Nothing was changed" in errors(sent)
    assert "Checked and sent to all four by Lena Voss. Nothing was changed" in errors(returned)
    assert "The date is a year off" in returned.content.decode()
    assert len(mailed()) == 4


@pytest.mark.proves("CF-50")
def test_a_form_that_cannot_be_sent_says_what_to_put_right_first(leader, world):
    form = world.submitted()
    world.area_manager.memberships.all().delete()

    page = opened(leader, form, "check").content.decode()
    pressed = press(leader, form, "check/send", seen=seen(leader, form))

    assert "Before it can be sent" in page
    assert "The people directory shows no area manager. Name who acts for the post" in page
    assert "Send to all four" not in page
    assert "The people directory shows no area manager" in errors(pressed)
    assert mailed() == []


@pytest.mark.proves("CF-33")
@pytest.mark.parametrize(
    ("who", "answer"),
    [("sender", 403), ("colleague", 404), ("receiver", 404), ("senior", 404), ("person", 404), ("their_manager", 404)],
)
def test_nobody_but_the_sending_team_leader_checks(client, world, who, answer):
    form = world.submitted()
    client.force_login(getattr(world, who))

    answers = [opened(client, form, "check"), press(client, form, "check/send", seen="")]
    answers.append(press(client, form, "check/return", reason="No"))

    assert [each.status_code for each in answers] == [answer] * 3
    assert fresh(form).state == FormState.SUBMITTED


@pytest.mark.parametrize("page", ["agree", "check"])
def test_a_form_without_a_person_has_nothing_to_decide(leader, world, page):
    assert opened(leader, world.started(), page).status_code == 404
    assert press(leader, world.started(), f"{page}/{'refuse' if page == 'agree' else 'send'}").status_code == 404


@pytest.fixture
def senior(client: Client, world: World) -> Client:
    client.force_login(world.senior)
    return client


def confirm(client: Client, form: FeedbackForm, **typed):
    mark = opened(client, form, "confirm").context["form"]["seen"].value()
    return press(client, form, "confirm/send", seen=mark, **typed)


@pytest.mark.proves("CF-37", "CF-38")
def test_the_senior_manager_confirms_who_the_directory_shows_and_sends_it_to_all_four(client, world):
    form = world.with_senior()
    client.force_login(world.senior)
    page = opened(client, form, "confirm").content.decode()

    told = after(client, confirm(client, form))

    for words in ["Max Orr", "Amy Dean", "Hugo Lane", "Rosa Quill", "Reply.pdf", "Friday 5 June 2026, 11am"]:
        assert words in page
    assert f"{form.reference} is sent to" in told
    assert {*mailed()[1:]} == {person.email for person in world.four}
    assert fresh(form).state == FormState.DELIVERED


@pytest.mark.proves("CF-37")
def test_a_manager_is_changed_with_words(senior, world):
    form = world.with_senior()
    deputy = works("Dora Penn", world.units["tyne"])

    confirm(senior, form, workgroup_manager_staff="Dora Penn", workgroup_manager_words="Max is away all June")

    manager = fresh(form).recipients.get(part=Part.WORKGROUP_MANAGER)
    assert (manager.person, manager.words, manager.confirmed_by) == (deputy, "Max is away all June", world.senior)


@pytest.mark.proves("CF-37")
@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"area_manager_staff": "Eve Lund"}, "Enter why they act for the post"),
        ({"area_manager_words": "She is away"}, "Enter who acts as area manager"),
        ({"area_manager_staff": "Zebedee", "area_manager_words": "Away"}, "Enter the name or staff number of somebody"),
        ({"area_manager_staff": "Old Hand", "area_manager_words": "Away"}, "Select somebody who works for us today"),
    ],
)
def test_what_is_missing_for_another_manager_is_said_and_the_words_stay(senior, world, typed, error):
    form = world.with_senior()
    works("Old Hand", world.north, active_to=date(2026, 6, 1))

    page = confirm(senior, form, head_of_line_staff="Hugo Lane", **typed)

    assert error in errors(page)
    assert 'href="#id_area_manager_' in errors(page)
    assert all(words in page.content.decode() for words in ["Hugo Lane", *typed.values()])
    assert fresh(form).state == FormState.WITH_SENIOR_MANAGER


@pytest.mark.proves("CF-50")
def test_who_acts_for_a_vacant_post_is_named_on_the_page(senior, world):
    form = world.with_senior()
    world.head.memberships.all().delete()

    refused = confirm(senior, form)
    confirm(senior, form, head_of_line_staff="Wim Baker", head_of_line_words="Acts until August")

    assert "Enter who acts as head of line of business" in errors(refused)
    assert fresh(form).recipients.get(part=Part.HEAD_OF_LINE).person == world.workgroup_manager
    assert fresh(form).state == FormState.DELIVERED


@pytest.mark.proves("CF-26", "CF-37")
def test_managers_whom_the_page_did_not_show_are_not_confirmed(senior, world):
    form = world.with_senior()
    mark = opened(senior, form, "confirm").context["form"]["seen"].value()
    world.leaves_for(world.their_manager, world.units["mersey"], on=date(2026, 6, 3))
    works("Una Hale", world.units["tyne"], Post.WORKGROUP_MANAGER, since=date(2026, 6, 3))

    stale = press(senior, form, "confirm/send", seen=mark)
    assert "has changed since you opened this" in errors(stale)
    assert "Una Hale" in stale.content.decode()
    again = {name: stale.context["form"][name].value() for name in ("key", "seen")}
    press(senior, form, "confirm/send", **again)

    assert fresh(form).recipients.get(part=Part.WORKGROUP_MANAGER).person.name == "Una Hale"


@pytest.mark.proves("CF-37")
def test_a_confirmation_that_comes_too_late_says_who_has_sent_it_and_keeps_the_words(senior, world):
    form = world.with_senior()
    mark = opened(senior, form, "confirm").context["form"]["seen"].value()
    services.confirm_and_send(form_id=form.pk, managers=world.managers(), by=actor(world.senior), at=LATER)

    typed = {"area_manager_staff": "Eve Lund", "area_manager_words": "Amy is away"}
    page = press(senior, form, "confirm/send", seen=mark, **typed)

    assert "Managers confirmed, sent to all four by Nina Frost. Nothing was changed" in errors(page)
    assert "Amy is away" in page.content.decode()
    assert len(mailed()) == 5


@pytest.mark.proves("CF-50")
def test_without_a_team_leader_nothing_is_confirmed_yet(senior, world):
    form = world.with_senior()
    world.receiver.memberships.all().delete()

    page = opened(senior, form, "confirm").content.decode()

    assert "The people directory shows no team leader. Name the manager who is responsible" in page
    assert "Confirm and send <kbd" not in page


@pytest.mark.proves("CF-37")
@pytest.mark.parametrize(
    ("who", "answer"),
    [
        ("sender", 403),
        ("leader", 403),
        ("senior_south", 404),
        ("receiver", 404),
        ("their_manager", 404),
        ("person", 404),
    ],
)
def test_nobody_but_the_senior_manager_of_the_area_confirms(client, world, who, answer):
    form = world.with_senior()
    client.force_login(getattr(world, who))

    answers = [opened(client, form, "confirm"), press(client, form, "confirm/send", seen="")]

    assert [each.status_code for each in answers] == [answer] * 2
    assert fresh(form).state == FormState.WITH_SENIOR_MANAGER


def test_what_is_decided_already_is_read_on_the_page_of_the_form(client, world):
    form = world.delivered(Route.REVIEW)
    client.force_login(world.leader)
    checked = opened(client, form, "check").url
    client.force_login(world.senior)

    assert [checked, opened(client, form, "confirm").url] == [form.get_absolute_url()] * 2
