"""Two workers at the same message, on a real Postgres."""

import threading
from smtplib import SMTPDataError

import pytest
from django.db import connection

from contacthub.mail.models import Message
from contacthub.mail.services import record_accepted, record_refusal, take_to_send
from tests.factories import MORNING, MessageFactory
from tests.races import Held, wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_workers_that_are_woken_for_one_message_one_takes_it():
    waiting = [MessageFactory().pk for _ in range(30)]
    together = threading.Barrier(2)
    taken: list[int] = []

    def work() -> None:
        connection.ensure_connection()
        for pk in waiting:
            together.wait(10)
            if take_to_send(pk, at=MORNING):
                taken.append(pk)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)

    assert sorted(taken) == waiting
    assert set(Message.objects.values_list("attempts", flat=True)) == {1}


def test_of_two_who_write_the_outcome_of_one_attempt_one_does():
    message = take_to_send(MessageFactory().pk, at=MORNING)
    accepted = Held(lambda: record_accepted(message, at=MORNING))
    accepted.done.wait(10)
    refused = Held(lambda: record_refusal(message, SMTPDataError(552, b"Too large"), at=MORNING))

    wait_until_blocked()
    accepted.commit()
    refused.commit()

    assert (Message.objects.get().state, refused.error) == ("accepted", None)
