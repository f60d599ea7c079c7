"""Workers killed while they send, several at one message, two clocks: nothing is lost, nothing goes twice unsaid."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction

from contacthub.actor import PUBLIC
from contacthub.clock import now
from contacthub.deadlines.models import Deadline
from contacthub.deadlines.services import meet, set_deadline
from contacthub.deadlines.working_time import Target
from contacthub.jobs.services import wake, waking_nobody
from contacthub.mail.models import Message, Notice
from contacthub.mail.services import queue_email
from contacthub.mail.standing import standing
from jobmatch_helpdesk import services
from tests.contacthub.documents.files import PDF, attached
from tests.factories import IncidentFactory, told
from tests.faults.situations import ACCEPTED, nobody_writes, one_sweep, replied_to, time_passes
from tests.processes import children_of, environment, kill, running, wait_until
from tests.races import wait_until_blocked

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
MAY_HAVE_BEEN_SENT = "may have been sent: the attempt had no end, and is made again by itself"
MAY_ARRIVE_TWICE = "accepted by their mail server: it may arrive twice, since an earlier attempt had no end"


@pytest.fixture
def env(broker, smtp) -> Iterator[dict[str, str]]:
    return environment(smtp_port=smtp.port, redis_url=broker.url)


def words_of(message: Message) -> str:
    return standing(Message.objects.get(pk=message.pk), now=now()).status_words


def mailed_to(*names: str) -> list[Message]:
    """Return the messages with two letters each, of which no worker has heard, in the order of these recipients."""
    case = IncidentFactory().case
    letters = [attached(case, "Letter.pdf"), attached(case, "Letter.pdf", PDF + b"the reply")]
    to, *copies = [f"{name}@example.org" for name in names]
    with waking_nobody():
        message = queue_email(
            template="mail/email/notice",
            mailbox="helpdesk",
            to=to,
            copy=copies,
            case=case,
            by=PUBLIC,
            at=now(),
            context={"person": {"name": "Graham"}, "words": "The form", "case": case},
            attachments=[letter.pk for letter in letters],
        )
    return [message, *message.copies.order_by("pk")]


def is_sent() -> bool:
    return Message.objects.get().state == "accepted"


def wake_for(message: Message, *, times: int = 1) -> None:
    for _ in range(times):
        wake("mail.send_message", message.pk)


class TestKilled:
    def test_before_the_conversation_nothing_has_gone_and_it_goes_once(self, ana, env, smtp):
        message = replied_to(ana, wakes=False)
        with running("worker", env) as worker, nobody_writes(Message):
            wake_for(message)
            wait_until_blocked()  # it has taken the wake-up, and is about to take the message
            kill(worker)
        assert (smtp.received, words_of(message)) == ([], "waits to be sent")

        with running("worker", env):
            one_sweep(env, until=is_sent)

        assert len(smtp.received) == 1
        assert words_of(message) == ACCEPTED

    def test_in_the_conversation_its_record_says_so_and_it_goes_again_under_its_id(self, ana, env, smtp):
        message = replied_to(ana, email="slow@example.org")
        with running("worker", env) as worker:
            wait_until(smtp.in_data.is_set)
            kill(worker)
        smtp.go_on.set()
        time_passes(message)
        assert words_of(message) == MAY_HAVE_BEEN_SENT

        with running("worker", env):
            one_sweep(env, until=is_sent)

        assert (Message.objects.get().attempts, words_of(message)) == (2, MAY_ARRIVE_TWICE)
        assert {received.mail["Message-ID"] for received in smtp.received} == {message.message_id}

    def test_after_the_server_took_it_its_record_says_so_though_nothing_was_written(self, ana, env, smtp):
        message = replied_to(ana, email="slow@example.org")
        with running("worker", env) as worker:
            wait_until(smtp.in_data.is_set)
            with nobody_writes(Message):
                smtp.go_on.set()
                wait_until_blocked()  # it has the server's answer, and is about to write it down
                kill(worker)
        assert len(smtp.received) == 1
        time_passes(message)
        assert words_of(message) == MAY_HAVE_BEEN_SENT

        with running("worker", env):
            one_sweep(env, until=is_sent)

        assert words_of(message) == MAY_ARRIVE_TWICE
        assert [received.mail["Message-ID"] for received in smtp.received] == [message.message_id] * 2

    def test_alone_of_its_worker_the_process_that_sends_is_replaced_and_holds_to_the_lease(
        self, ana, env, broker, smtp
    ):
        message = replied_to(ana, email="slow@example.org")
        with running("worker", env) as worker:
            wait_until(smtp.in_data.is_set)
            for child in children_of(worker):
                os.kill(child, signal.SIGKILL)
            wait_until(broker.is_idle)  # whoever else got its wake-up has found the message leased
            assert (Message.objects.get().state, Message.objects.get().attempts) == ("sending", 1)
            smtp.go_on.set()
            time_passes(message)
            one_sweep(env, until=is_sent)

        assert (Message.objects.get().attempts, words_of(message)) == (2, MAY_ARRIVE_TWICE)

    def test_between_messages_with_attachments_each_goes_once_with_its_files(self, reference, env, smtp):
        first, second, *others = mailed_to("person", "leader", "manager", "head")
        with running("worker", env) as worker:
            for message in (first, second):
                wake_for(message)
            wait_until(lambda: Message.objects.filter(state="accepted").count() == 2)
            with nobody_writes(Message):
                for message in others:
                    wake_for(message)
                wait_until_blocked(number=2)  # it has both wake-ups, and is about to take the messages
                kill(worker)
        assert len(smtp.received) == 2

        with running("worker", env):
            one_sweep(env, until=lambda: not Message.objects.exclude(state="accepted").exists())

        names = ["person", "leader", "manager", "head"]
        assert sorted(received.recipients[0] for received in smtp.received) == sorted(
            f"{who}@example.org" for who in names
        )
        for received in smtp.received:
            files = [file.get_payload(decode=True) for file in received.mail.iter_attachments()]
            assert files == [PDF, PDF + b"the reply"]


def test_of_two_workers_and_a_sweep_at_one_message_one_sends_it(ana, env, broker, smtp):
    message = replied_to(ana, email="slow@example.org", wakes=False)
    with running("worker", env), running("worker", env):
        with nobody_writes(Message):
            wake_for(message, times=4)
            wait_until_blocked(number=4)  # all that they have: two processes each
            with running("clock", env):
                wait_until(lambda: broker.waiting()["mail.send_message"])  # the sweep has found it too
        wait_until(lambda: smtp.in_data.is_set() and not broker.waiting() and broker.in_hands() == 1)
        smtp.go_on.set()
        wait_until(broker.is_idle)

    assert len(smtp.received) == 1
    assert (Message.objects.get().attempts, words_of(message)) == (1, ACCEPTED)


def test_two_clocks_at_once_wake_for_a_message_once_and_tell_of_a_deadline_once(reference, lead, env, broker, smtp):
    with waking_nobody():
        incident = services.submit(told(), by=PUBLIC, at=now() - timedelta(days=30))
    with transaction.atomic():
        meet(case=incident.case, kind="first_reply", at=now())
        # Half its time has passed: people are warned whether the office is open or not.
        set_deadline(case=incident.case, kind="escalation", target=Target(hours=1), at=now() - timedelta(minutes=40))
    with running("clock", env) as one, running("clock", env) as other:
        with nobody_writes(Message, Deadline, reads=False):
            wait_until_blocked(number=2)  # each at a sweep of its own
        wait_until(lambda: broker.waiting()["mail.send_message"] and broker.waiting()["deadlines.take_step"])
        time.sleep(1)  # a round of the slower one
        assert broker.waiting()["mail.send_message"] == 1
        with running("worker", env):
            wait_until(lambda: is_sent() and Notice.objects.exists() and broker.is_idle())
        assert (one.poll(), other.poll()) == (None, None)

    assert len(smtp.received) == 1
    assert "somebody must act by" in Notice.objects.get().words
