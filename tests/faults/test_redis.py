"""Redis stopped, away and flushed: it only wakes, so nothing is lost, and nobody waits for it."""

from __future__ import annotations

import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from contacthub.actor import PUBLIC
from contacthub.clock import now
from contacthub.deadlines.models import Deadline
from contacthub.deadlines.services import set_deadline
from contacthub.deadlines.tasks import steps_due
from contacthub.deadlines.working_time import Target
from contacthub.mail.models import Message
from contacthub.people.models import StaffMember
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident
from tests.factories import told
from tests.faults.situations import one_sweep, taken_by
from tests.processes import environment, running, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def agent_client(ana) -> Client:
    client = Client()
    client.force_login(StaffMember.objects.get(pk=ana.staff_id))
    return client


@pytest.fixture
def env(broker, smtp) -> dict[str, str]:
    return environment(smtp_port=smtp.port, redis_url=broker.url)


def send(client: Client, incident: Incident) -> float:
    """Press Send; return how many seconds that took."""
    started = time.monotonic()
    url = reverse("jobmatch:reply", args=[incident.reference])
    response = client.post(url, {"key": str(uuid4()), "text": "Save it as a PDF", "do": "send"})
    assert response.status_code == 302
    return time.monotonic() - started


def test_a_reply_is_saved_while_redis_is_stopped_and_sent_once_it_is_back(agent_client, ana, env, broker, smtp):
    incident = taken_by(ana)
    broker.server.stop()

    seconds = send(agent_client, incident)

    assert seconds < 1
    assert (Incident.objects.get().state, Message.objects.get().state) == ("resolved", "queued")
    broker.server.start()
    with running("worker", env):
        one_sweep(env, until=lambda: Message.objects.get().state == "accepted")
    assert [received.recipients for received in smtp.received] == [["dafydd@example.org"]]


def test_the_clock_goes_on_while_redis_is_away_and_then_wakes_for_replies_and_escalations(
    agent_client, ana, env, broker
):
    incident = taken_by(ana)
    broker.server.stop()
    send(agent_client, incident)
    overdue = set_deadline(case=incident.case, kind="call", target=Target(hours=1), at=now() - timedelta(days=7))

    with running("clock", env) as clock, running("worker", env):
        time.sleep(3)  # it has met the broker that is away
        broker.server.start()
        wait_until(lambda: Message.objects.get().state == "accepted", seconds=60)
        wait_until(lambda: Deadline.objects.get(pk=overdue.pk).next_step_at > now(), seconds=60)
        assert clock.poll() is None


def test_when_redis_is_flushed_the_sweeps_find_everything_that_waited(reference, lead, env, broker, smtp):
    a_month_ago = now() - timedelta(days=30)
    for email in ["slow@example.org"] * 2 + [f"dafydd.{n}@example.org" for n in range(8)]:
        services.submit(told(customer_email=email), by=PUBLIC, at=a_month_ago)
    with running("worker", env):
        wait_until(lambda: Message.objects.filter(state="sending").count() == 2)  # both its processes are at work
        assert broker.waiting()["mail.send_message"] == 8

        broker.client.flushall()

        assert not broker.waiting()
        smtp.go_on.set()
        one_sweep(env, until=lambda: Message.objects.accepted().count() == 10 and not steps_due.find(now()))
    assert len(smtp.received) == 10
    assert Deadline.objects.open().filter(kind="first_reply", next_step_at__gt=now()).count() == 10
