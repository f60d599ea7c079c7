"""The page of a form under way, and what is done on it: re-addressed, named, withdrawn, one of its mails sent again."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints_feedback import services
from complaints_feedback.lifecycle import FormState
from complaints_feedback.models import FeedbackForm, Purpose
from complaints_feedback.services import Named
from complaints_feedback.terms import Part, Route
from contacthub.mail.models import Message, MessageState
from contacthub.people.models import Membership
from contacthub.people.roles import Post
from tests.complaints_feedback.situations import DISCUSSION, DONE, OUTCOME, World, actor, fresh, mailed, told, works
from tests.factories import MORNING

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at(monkeypatch):
    """Let it be after all that happens in the situations, on the day after they began."""
    for module in ("sender", "moving", "page"):
        monkeypatch.setattr(f"complaints_feedback.views.{module}.now", lambda: DONE)


@pytest.fixture
def leader(client: Client, world: World) -> Client:
    client.force_login(world.leader)
    return client


def page(client: Client, form: FeedbackForm) -> str:
    response = client.get(f"/feedback/{form.reference}/")
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def press(client: Client, form: FeedbackForm, act: str, key: str = "", **words):
    return client.post(f"/feedback/{form.reference}/{act}/", {"key": key or uuid4(), **words}, follow=True)


def seen_by(person, form: FeedbackForm) -> str:
    client = Client()
    client.force_login(person)
    return page(client, form)


def fails(form: FeedbackForm, person) -> Message:
    """Let the email to this person have failed."""
    message = form.sendings.filter(person=person).latest("pk").message
    Message.objects.filter(pk=message.pk).update(
        state=MessageState.FAILED, attempts=1, server_words="550 No such user", ended_at=DONE, next_attempt_at=None
    )
    return message


@pytest.mark.proves("CF-42")
def test_why_somebody_acts_for_a_post_is_not_told_to_the_person(world):
    form = world.with_senior()
    acting = Named(world.workgroup_manager.pk, "Max Orr is ill")
    managers = world.managers(workgroup_manager=acting)
    services.confirm_and_send(form_id=form.pk, managers=managers, by=actor(world.senior), at=MORNING)
    services.record_discussion(
        form_id=form.pk, given=replace(DISCUSSION, discussed_at=DONE), by=actor(world.receiver), at=DONE
    )

    assert "Named: Max Orr is ill" in seen_by(world.receiver, form)
    assert "Wim Baker" in seen_by(world.person, form)
    assert "Max Orr is ill" not in seen_by(world.person, form)


class TestWhatHappensNext:
    @pytest.mark.parametrize(
        ("who", "leads_to"),
        [("leader", "check"), ("sender", ""), ("receiver", None)],
    )
    def test_what_is_to_be_checked_leads_its_leader_there(self, world, who, leads_to):
        form = world.submitted()
        client = Client()
        client.force_login(getattr(world, who))

        response = client.get(f"/feedback/{form.reference}/")

        if leads_to is None:
            assert response.status_code == 404
            return
        shown = response.content.decode()
        assert (f"/feedback/{form.reference}/check/" in shown) is bool(leads_to)

    def test_who_receives_it_is_told_what_to_do_and_by_when(self, world):
        form = world.delivered()  # on Wednesday at noon in the UK

        shown = seen_by(world.receiver, form)

        assert (
            "Discuss this feedback with Tom Reilly by Friday 5 June 2026, 12pm, 48 hours from when you received"
            in shown
        )
        assert f"/feedback/{form.reference}/part-2/" in shown
        assert "How was this worked out?" in shown

    def test_the_others_read_who_does_what(self, world):
        form = world.delivered()

        for person in (world.sender, world.leader, world.head):
            assert "Rosa Quill discusses it with Tom Reilly by Friday 5 June 2026, 12pm." in seen_by(person, form)

    @pytest.mark.proves("CF-48")
    def test_the_sending_side_reads_that_it_is_done_and_nothing_that_was_said(self, world):
        form = world.closed()

        shown = seen_by(world.sender, form)

        assert "It is done" in shown
        assert "Every promise gets a reminder" not in shown

    def test_whoever_was_sent_what_is_withdrawn_reads_nothing_of_it(self, world):
        form = world.delivered()
        services.withdraw(form_id=form.pk, reason="It was another team", by=actor(world.leader), at=DONE)

        shown = seen_by(world.receiver, form)

        assert "Withdrawn" in shown
        assert "Tom Reilly" not in shown
        assert "It was another team" not in shown


class TestReaddressing:
    def moves(self, world: World):
        """Let the person's team have a new leader since yesterday."""
        Membership.objects.filter(person=world.receiver).update(ends_on=date(2026, 6, 2))
        return works("Nora Vale", world.their_team, Post.TEAM_LEADER, since=date(2026, 6, 3))

    @pytest.mark.proves("CF-25")
    def test_where_somebody_else_is_responsible_the_sending_leader_is_shown_who(self, leader, world):
        form = world.delivered()
        assert "Others are responsible now" not in page(leader, form)

        self.moves(world)

        assert "Team leader: Nora Vale, was Rosa Quill" in page(leader, form)

    @pytest.mark.proves("CF-25")
    def test_it_goes_to_who_is_responsible_now_and_no_longer_to_who_had_it(self, leader, world):
        form = world.delivered()
        nora = self.moves(world)

        response = press(leader, form, "re-address")

        assert "is with who is responsible today" in response.content.decode()
        assert f"/feedback/{form.reference}/part-2/" in seen_by(nora, form)
        client = Client()
        client.force_login(world.receiver)
        assert client.get(f"/feedback/{form.reference}/").status_code == 404

    def test_pressed_twice_it_is_sent_once(self, leader, world):
        form = world.delivered()
        nora = self.moves(world)
        before = len(mailed())

        for _ in range(2):
            press(leader, form, "re-address", key="one")

        assert mailed()[before:] == [nora.email]

    def test_where_nobody_has_changed_it_says_so(self, leader, world):
        form = world.delivered()

        response = press(leader, form, "re-address")

        assert "The people directory shows nobody else than those who have it" in response.content.decode()

    @pytest.mark.parametrize("who", ["sender", "receiver", "their_manager", "head"])
    def test_nobody_else_is_offered_it_or_let(self, client, world, who):
        form = world.delivered()
        self.moves(world)
        client.force_login(getattr(world, who))

        assert "Others are responsible now" not in page(client, form)
        assert "Only the sending team leader or the area senior" in press(client, form, "re-address").content.decode()


class TestNaming:
    def vacate(self, world: World) -> None:
        Membership.objects.filter(person=world.receiver).update(ends_on=date(2026, 6, 2))

    @pytest.mark.proves("CF-50")
    def test_where_nobody_leads_the_team_the_sending_leader_names_somebody(self, leader, world):
        form = world.delivered()
        self.vacate(world)
        assert "Nobody leads <bdi>Tom Reilly</bdi> today" in page(leader, form)

        response = press(leader, form, "name-responsible", staff="Max Orr", words="Leads the workgroup meanwhile")

        assert "is with Max Orr, who acts as team leader" in response.content.decode()
        assert fresh(form).recipients.get(part=Part.TEAM_LEADER).person == world.their_manager

    @pytest.mark.proves("CF-50")
    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"staff": "Max Orr", "words": ""}, "Enter why they act for the post"),
            ({"staff": "Nobody Atall", "words": "Because"}, "Enter the name or staff number of somebody"),
        ],
    )
    def test_what_is_missing_is_said_and_what_was_typed_stays(self, leader, world, typed, said):
        form = world.delivered()
        self.vacate(world)

        shown = press(leader, form, "name-responsible", **typed).content.decode()

        assert said in shown
        assert typed["staff"] in shown


class TestWithdrawing:
    @pytest.mark.parametrize("state", ["asked", "submitted", "delivered"])
    def test_the_sending_leader_withdraws_with_a_reason(self, leader, world, state):
        form = getattr(world, state)()
        assert f"/feedback/{form.reference}/withdraw/" in page(leader, form)

        response = press(leader, form, "withdraw", reason="The complaint was about somebody else")

        assert fresh(form).state == FormState.WITHDRAWN
        assert "is withdrawn" in response.content.decode()
        assert "The complaint was about somebody else" in page(leader, form)

    def test_the_sender_withdraws_a_draft(self, client, world):
        form = world.started()
        client.force_login(world.sender)
        assert "Withdraw it" in page(client, form)

        press(client, form, "withdraw", reason="Started twice")

        assert fresh(form).state == FormState.WITHDRAWN

    def test_without_a_reason_it_stays(self, leader, world):
        form = world.delivered()

        shown = press(leader, form, "withdraw", reason=" ").content.decode()

        assert fresh(form).state == FormState.DELIVERED
        assert "error-summary" in shown

    def test_once_discussed_a_second_tab_hears_so_and_keeps_the_reason(self, leader, world):
        form = world.discussed()

        shown = press(leader, form, "withdraw", reason="It was another team").content.decode()

        assert "Discussion recorded" in shown or "Discussed" in shown
        assert "It was another team" in shown
        assert fresh(form).state == FormState.DISCUSSED

    @pytest.mark.parametrize("who", ["sender", "receiver", "head"])
    def test_nobody_else_does(self, client, world, who):
        form = world.delivered()
        client.force_login(getattr(world, who))

        assert client.get(f"/feedback/{form.reference}/withdraw/").status_code == 403
        assert "Withdraw this form" not in page(client, form)


class TestMails:
    def test_each_of_the_four_stands_with_its_state(self, leader, world):
        form = world.delivered()

        shown = page(leader, form)

        for person in world.four:
            assert f"Feedback to <bdi>{person}</bdi>" in shown

    @pytest.mark.proves("CF-38")
    def test_one_that_failed_is_seen_and_sent_again_alone(self, leader, world):
        form = world.delivered()
        message = fails(form, world.head)

        shown = page(leader, form)
        assert "Failed, nobody received it. Their mail server said: <bdi>550 No such user</bdi>" in shown
        assert shown.count("Send this one again") == 1
        response = leader.post(f"/mail/{message.pk}/try-again/", {"back": f"/feedback/{form.reference}/"})

        assert response.url == f"/feedback/{form.reference}/"
        states = [one.message.state for one in form.sendings.select_related("message")]
        assert states == [MessageState.QUEUED] * 4
        assert len(mailed()) == 4

    def test_nobody_but_the_sending_leader_is_offered_to_send_one_again(self, world):
        form = world.delivered()
        fails(form, world.head)

        for person in (world.sender, world.receiver, world.head):
            assert "Send this one again" not in seen_by(person, form)

    @pytest.mark.proves("CF-26")
    def test_one_to_somebody_who_lost_the_part_is_not_sent_again_from_the_list_of_mail_either(self, leader, world):
        form = world.delivered()
        message = fails(form, world.head)
        form.recipients.filter(person=world.head).delete()

        response = leader.post(f"/mail/{message.pk}/try-again/", follow=True)

        assert f"{world.head} is head of line of business in {form.reference} no more" in response.content.decode()
        message.refresh_from_db()
        assert message.state == MessageState.FAILED

    def test_the_receiving_leader_sends_a_copy_again_that_failed(self, client, world):
        form = world.closed()
        fails(form, world.area_manager)
        client.force_login(world.receiver)
        assert page(client, form).count("Send this one again") == 1
        before = len(mailed())

        press(client, form, "resend-copy", part="area_manager")

        assert mailed()[before:] == [world.area_manager.email]
        assert form.sendings.filter(purpose=Purpose.COPY).count() == 4

    def test_a_copy_that_has_not_failed_is_not_sent_again(self, client, world):
        form = world.closed()
        client.force_login(world.receiver)
        before = len(mailed())

        response = press(client, form, "resend-copy", part="area_manager")

        assert response.status_code == 409
        assert len(mailed()) == before

    def test_the_person_and_whoever_may_not_read_part_two_see_no_copies(self, world):
        form = world.closed()

        assert "Copy of both parts" not in seen_by(world.sender, form)
        assert "Emails" not in seen_by(world.person, form)
        assert "Copy of both parts to" in seen_by(world.receiver, form)


@pytest.mark.proves("CF-10")
def test_a_copy_that_nobody_could_get_is_shown_with_why_and_sent_once_somebody_can(client, world):
    form = world.discussed()
    world.has_left(world.head, on=MORNING.date())
    services.complete_part_two(form_id=form.pk, given=OUTCOME, by=actor(world.receiver), at=DONE)

    assert "Not sent. Nobody is the head of line of business" in seen_by(world.receiver, form)
    assert "Nobody is the head" not in seen_by(world.leader, form)

    new = works("Ada Moss", world.units["maintenance"], Post.HEAD_OF_LINE, since=MORNING.date())
    client.force_login(world.receiver)
    press(client, form, "resend-copy", part=Part.HEAD_OF_LINE.value)

    assert mailed()[6:] == [new.email]
    assert "Not sent" not in page(client, form)


def test_a_mail_that_failed_is_not_sent_again_to_who_had_the_part_before(leader, world):
    form = world.delivered()
    fails(form, world.receiver)
    assert "Send this one again" in page(leader, form)
    world.leaves_for(world.receiver, world.team, on=MORNING.date())
    works("Nora Vale", world.their_team, Post.TEAM_LEADER, since=MORNING.date())
    services.readdress(form_id=form.pk, by=actor(world.leader), at=DONE)

    assert "Send this one again" not in page(leader, form)


def test_a_mail_that_failed_is_not_sent_again_once_the_form_is_withdrawn(leader, world):
    form = world.delivered()
    fails(form, world.receiver)
    services.withdraw(form_id=form.pk, reason="It was another team", by=actor(world.leader), at=DONE)

    assert "Send this one again" not in page(leader, form)


def test_the_page_costs_as_much_with_many_mails_as_with_few(leader, world):
    form = world.delivered(Route.RESOLUTION)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(leader, form)
        return len(captured)

    few = queries()
    services.record_discussion(
        form_id=form.pk,
        given=replace(DISCUSSION, discussed_at=MORNING.replace(hour=14)),
        by=actor(world.receiver),
        at=MORNING.replace(hour=15),
    )
    services.complete_part_two(form_id=form.pk, given=OUTCOME, by=actor(world.receiver), at=DONE)

    assert queries() <= few + 1
    assert told(world.leader)
