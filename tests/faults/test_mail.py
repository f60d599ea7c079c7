"""A mail server in trouble: what is written is kept, tried again by rule, and in time given up aloud."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from contacthub.clock import now
from contacthub.mail.models import Message, Notice
from contacthub.mail.retrying import LEASE
from contacthub.mail.standing import standing
from contacthub.mail.tasks import send_message
from contacthub.people.models import StaffMember
from tests.faults.situations import ACCEPTED, one_sweep, replied_to, time_passes
from tests.processes import environment, running, wait_until
from tests.smtp import CatchingServer

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A mail server that takes the call and says nothing."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        yield silent.getsockname()[1]


def was_tried(message: Message, *, times: int) -> bool:
    return Message.objects.filter(pk=message.pk, attempts=times, state="queued").exists()


def tried(message: Message, *, times: int) -> Message:
    """Wait until the message was tried so often and waits for its next attempt; return it as it is then."""
    wait_until(lambda: was_tried(message, times=times))
    return Message.objects.get(pk=message.pk)


def sent(message: Message) -> bool:
    return Message.objects.filter(pk=message.pk, state="accepted").exists()


def assert_waits(message: Message, gap: timedelta) -> None:
    assert message.server_words == "451 4.3.0 Try again later"
    assert timedelta() <= message.next_attempt_at - message.tried_at - gap < timedelta(seconds=5)


def told_at_last(message: Message) -> str:
    return standing(Message.objects.get(pk=message.pk), now=now()).status_words


def test_a_message_that_is_refused_for_now_is_tried_after_longer_and_longer_gaps_and_then_delivered(ana, broker, smtp):
    message = replied_to(ana, email="later@example.org")
    env = environment(smtp_port=smtp.port, redis_url=broker.url)

    with running("worker", env):
        assert_waits(tried(message, times=1), timedelta(minutes=1))
        time_passes(message)
        one_sweep(env, until=lambda: was_tried(message, times=2))
        assert_waits(tried(message, times=2), timedelta(minutes=5))
        smtp.go_on.set()
        time_passes(message)
        one_sweep(env, until=lambda: sent(message))

    assert [received.recipients for received in smtp.received] == [["later@example.org"]]
    assert told_at_last(message) == ACCEPTED


def test_a_message_that_is_refused_for_good_fails_at_once_and_its_incident_and_the_leads_say_so(
    ana, lead, broker, smtp
):
    message = replied_to(ana, email="refused@example.org")
    client = Client()
    client.force_login(StaffMember.objects.get(pk=ana.staff_id))

    with running("worker", environment(smtp_port=smtp.port, redis_url=broker.url)):
        wait_until(lambda: Message.objects.get().state == "failed")

    kept = Message.objects.get()
    assert (kept.attempts, kept.next_attempt_at) == (1, None)
    words = f"{message.case.reference}: the email to refused@example.org failed. 550 5.1.1 No such mailbox here"
    assert Notice.objects.get(person_id=lead.staff_id).words.splitlines() == [
        words,
        "Nobody was reached: it is to be answered again",
    ]
    page = client.get(f"/jobmatch/{message.case.reference}/").content.decode()
    assert "To refused@example.org: 550 5.1.1 No such mailbox here" in page
    assert "failed, nobody received it" in page
    assert smtp.received == []


@pytest.mark.parametrize("email", ["slow@example.org", "dribble@example.org"])
def test_a_mail_server_that_takes_the_text_and_does_not_answer_is_left_and_the_record_says_so(ana, broker, smtp, email):
    message = replied_to(ana, email=email, wakes=False)
    env = environment(smtp_port=smtp.port, redis_url=broker.url)
    broker.wake("mail.send_message", message.pk, soft_time_limit=1)

    with running("worker", env):
        left = tried(message, times=1)
        assert left.server_words == "The mail server took too long"
        assert told_at_last(message) == "may have been sent: the attempt had no end, and is made again by itself"
        smtp.go_on.set()
        time_passes(message)
        one_sweep(env, until=lambda: sent(message))

    assert "it may arrive twice" in told_at_last(message)
    assert {received.mail["Message-ID"] for received in smtp.received} == {message.message_id}


def test_a_mail_server_that_says_nothing_at_all_is_left_and_nothing_can_have_been_sent(ana, broker, silent_port, smtp):
    message = replied_to(ana, wakes=False)
    broker.wake("mail.send_message", message.pk, soft_time_limit=1)

    with running("worker", environment(smtp_port=silent_port, redis_url=broker.url)):
        tried(message, times=1)

    assert told_at_last(message) == "no answer from their mail server, tried again by itself"


def test_an_attempt_has_its_limits_within_the_lease():
    assert settings.EMAIL_TIMEOUT < send_message.soft_time_limit < send_message.time_limit < LEASE.total_seconds()


def test_a_mail_server_that_comes_back_gets_the_message(ana, broker):
    with CatchingServer() as gone:
        port = gone.port
    message = replied_to(ana)
    env = environment(smtp_port=port, redis_url=broker.url)

    with running("worker", env):
        tried(message, times=1)
        with CatchingServer(port=port) as back:
            time_passes(message)
            one_sweep(env, until=lambda: sent(message))
            assert len(back.received) == 1
