"""The identity email while an employer waits: ahead of all that waits, and never twice without a word of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from contacthub.clock import now
from contacthub.jobs.services import wake
from contacthub.mail.models import Mailbox, Message
from contacthub.people.models import StaffMember
from employer_contact import services
from employer_contact.models import Contact, IdentityEmail, IdentityInbox, IdentityTemplate
from tests.employer_contact.calling import call_from, caseworker
from tests.employer_contact.people import team
from tests.factories import EmployerFactory, IncidentFactory, MessageFactory
from tests.faults.situations import one_sweep, time_passes
from tests.processes import environment, kill, running, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
WAITING = 1000


@pytest.fixture
def env(broker, smtp) -> Iterator[dict[str, str]]:
    return environment(smtp_port=smtp.port, redis_url=broker.url)


@pytest.fixture
def owen(reference):
    return caseworker()


@pytest.fixture
def call(owen) -> Contact:
    mailbox = Mailbox.objects.get(code="eir-payments")
    Mailbox.objects.filter(pk=mailbox.pk).update(address="eir.payments@contacthub.example")
    IdentityInbox.objects.create(unit=team(), mailbox=mailbox)
    IdentityTemplate.objects.create(number=1, body="SAMPLE. We are the Child Maintenance Service.")
    return call_from(EmployerFactory(ern="900000006"), by=owen, direction="outbound")


def send(call: Contact, owen, address: str) -> Message:
    services.send_identity_email(contact_id=call.pk, address=address, by=owen, at=now())
    return IdentityEmail.objects.get().message


def page(call: Contact, owen) -> str:
    client = Client()
    client.force_login(StaffMember.objects.get(pk=owen.staff_id))
    return client.get(f"{call.get_absolute_url()}identity-email/").content.decode()


def is_accepted(message: Message) -> bool:
    return Message.objects.filter(pk=message.pk, state="accepted").exists()


@pytest.mark.proves("EC-53")
def test_it_overtakes_a_thousand_that_wait_and_were_woken_before(owen, call, env, smtp):
    case = IncidentFactory().case
    for number in range(WAITING):
        waiting = MessageFactory(case=case, to=f"person-{number}@example.org", next_attempt_at=now(), queued_at=now())
        wake("mail.send_message", waiting.pk)

    with running("worker", env):
        wait_until(lambda: len(smtp.received) > 5)
        message = send(call, owen, "wages@skerrow.example")
        before = len(smtp.received)
        wait_until(lambda: is_accepted(message))

    place = [received.recipients for received in list(smtp.received)].index(["wages@skerrow.example"])
    assert place - before <= 10, "but for what the two workers had in hands, and took up meanwhile"
    assert len(smtp.received) < WAITING


@pytest.mark.proves("EC-53")
def test_a_worker_killed_in_the_middle_has_it_sent_again_and_the_page_says_that_it_may_arrive_twice(
    owen, call, env, smtp
):
    message = send(call, owen, "slow@skerrow.example")
    with running("worker", env) as worker:
        wait_until(smtp.in_data.is_set)
        kill(worker)
    smtp.go_on.set()
    time_passes(message)
    assert "May have been sent: the attempt had no end" in page(call, owen)

    with running("worker", env):
        one_sweep(env, until=lambda: is_accepted(message))

    assert "it may arrive twice" in page(call, owen)
    assert {received.mail["Message-ID"] for received in smtp.received} == {message.message_id}
    assert Message.objects.count() == 1
