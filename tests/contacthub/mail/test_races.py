"""Two workers at the same message, on a real Postgres."""

import threading
from smtplib import SMTPDataError

import pytest
from django.db import connection

from contacthub.mail.models import Message, Notice
from contacthub.mail.services import record_accepted, record_refusal, take_to_send
from jobmatch_helpdesk import services as helpdesk
from tests.factories import MORNING, IncidentFactory, MessageFactory
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


def test_who_has_the_case_by_then_is_told_that_its_email_failed(ana, bilal, lead):
    incident = IncidentFactory(state="assigned", assigned_to_id=ana.staff_id)
    message = take_to_send(MessageFactory(case=incident.case).pk, at=MORNING)
    to_bilal = {"incident_id": incident.pk, "agent_id": bilal.staff_id, "reason": "Ana is away"}
    handed_over = Held(lambda: helpdesk.reassign(**to_bilal, by=lead, at=MORNING))
    handed_over.done.wait(10)
    refused = Held(lambda: record_refusal(message, SMTPDataError(552, b"Too large"), at=MORNING))

    wait_until_blocked()
    handed_over.commit()
    refused.commit()

    told = Notice.objects.filter(words__contains="failed").values_list("person_id", flat=True)
    assert {*told} == {bilal.staff_id, lead.staff_id}
