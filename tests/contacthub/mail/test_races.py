"""Two workers at the same message, on a real Postgres."""

import threading
from smtplib import SMTPDataError

import pytest
from django.db import connection

from contacthub.cases.models import Event
from contacthub.mail.models import DeliveryReport, Message, Notice, ProviderPost
from contacthub.mail.services import record_accepted, record_refusal, take_to_send, try_again
from contacthub.mail.tracking import count_report
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


def refused(message: Message) -> None:
    record_refusal(message, SMTPDataError(552, b"Too large"), at=MORNING)


def reported(message: Message) -> None:
    record_accepted(message, at=MORNING, provider_id="an-id")
    count_report(report_id=report("failed").pk, at=MORNING)


def report(state: str) -> DeliveryReport:
    post = ProviderPost.objects.create(provider="postmark", body=b"", received_at=MORNING, read_at=MORNING)
    return post.reports.create(
        key="a", provider_id="an-id", state=state, words="550", heard_at=MORNING, next_look_at=MORNING
    )


@pytest.mark.parametrize("fails", [refused, reported])
def test_who_has_the_case_by_then_is_told_that_its_email_failed(ana, bilal, lead, fails):
    incident = IncidentFactory(state="assigned", assigned_to_id=ana.staff_id)
    message = take_to_send(MessageFactory(case=incident.case).pk, at=MORNING)
    to_bilal = {"incident_id": incident.pk, "agent_id": bilal.staff_id, "reason": "Ana is away"}
    handed_over = Held(lambda: helpdesk.reassign(**to_bilal, by=lead, at=MORNING))
    handed_over.done.wait(10)
    failing = Held(lambda: fails(message))

    wait_until_blocked()
    handed_over.commit()
    failing.commit()

    told = Notice.objects.filter(words__contains="failed").values_list("person_id", flat=True)
    assert {*told} == {bilal.staff_id, lead.staff_id}


def test_an_address_that_is_marked_as_dead_while_its_provider_reports_it_fails_once(ana, lead):
    incident = IncidentFactory(state="assigned", assigned_to_id=ana.staff_id)
    reply = helpdesk.reply(incident_id=incident.pk, text="Save it as a PDF", by=ana, at=MORNING)
    message = take_to_send(Message.objects.get(case=incident.case, copy_of=None).pk, at=MORNING)
    record_accepted(message, at=MORNING, provider_id="an-id")
    told = report("failed")
    dead = {"incident_id": incident.pk, "address": message.to, "reason": "They rang"}
    marked = Held(lambda: helpdesk.mark_address_dead(**dead, by=ana, at=MORNING))
    marked.done.wait(10)
    counting = Held(lambda: count_report(report_id=told.pk, at=MORNING))
    wait_until_blocked()
    marked.commit()
    counting.commit()

    assert (reply.state, marked.error, counting.error) == ("resolved", None, None)
    assert Message.objects.get(pk=message.pk).server_words == "They rang"
    assert Event.objects.filter(kind="mail_failed").count() == 1


def test_what_is_told_of_an_attempt_while_the_message_is_tried_again_does_not_count(ana, lead):
    message = MessageFactory(case=IncidentFactory().case, failed=True, provider_id="an-id", tried_at=MORNING)
    told = report("delivered")
    again = Held(lambda: try_again(message_id=message.pk, by=lead, at=MORNING))
    again.done.wait(10)
    counting = Held(lambda: count_report(report_id=told.pk, at=MORNING))
    wait_until_blocked()
    counting.may_commit.set()
    again.commit()
    counting.commit()

    assert (again.error, counting.error) == (None, None)
    told.refresh_from_db()
    assert (told.message, told.next_look_at) == (None, None)
    assert Message.objects.get(pk=message.pk).state == "queued"
