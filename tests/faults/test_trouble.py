"""Redis away, a worker killed while it sends: nothing is lost, and nothing goes twice without saying so."""

from __future__ import annotations

import time
from datetime import timedelta
from uuid import uuid4

import pytest
from celery import current_app
from django.test import Client
from django.urls import reverse

from contacthub.actor import PUBLIC
from contacthub.clock import now
from contacthub.deadlines.models import Deadline
from contacthub.deadlines.services import set_deadline
from contacthub.deadlines.working_time import Target
from contacthub.embedded import paths
from contacthub.embedded.servers import Valkey
from contacthub.jobs import services as jobs
from contacthub.mail.models import Message
from contacthub.mail.retrying import LEASE
from contacthub.mail.tasks import send_message
from contacthub.people.models import StaffMember
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident
from tests.factories import told
from tests.processes import environment, kill, running, wait_until
from tests.smtp import CatchingServer

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def agent_client(ana) -> Client:
    client = Client()
    client.force_login(StaffMember.objects.get(pk=ana.staff_id))
    return client


@pytest.fixture
def redis(tmp_path, monkeypatch):
    """A Redis of this test's own, which it may stop; this process publishes to it."""
    tmp_path.chmod(0o711)
    server = Valkey(tmp_path)
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", paths.redis_url(tmp_path))
    monkeypatch.setattr(jobs._Broker, "away_until", 0.0)
    with server:
        yield server


def taken_by(ana, *, email: str) -> Incident:
    words = {"customer_name": "Dafydd", "customer_email": email, "description": "Cannot upload"}
    services.submit(told(**words), by=PUBLIC, at=now())
    Message.objects.all().delete()  # the acknowledgement, which is not what these tests are about
    incident = services.take_next(by=ana, at=now())
    assert incident
    return incident


def send(client: Client, incident: Incident) -> float:
    """Press Send; return how many seconds that took."""
    started = time.monotonic()
    url = reverse("jobmatch:reply", args=[incident.reference])
    response = client.post(url, {"key": str(uuid4()), "text": "Save it as a PDF", "do": "send"})
    assert response.status_code == 302
    return time.monotonic() - started


def test_a_reply_is_saved_while_redis_is_stopped_and_sent_once_it_is_back(agent_client, ana, redis, smtp):
    incident = taken_by(ana, email="dafydd@example.org")
    env = environment(smtp_port=smtp.port, redis_url=paths.redis_url(redis.data_dir))
    redis.stop()

    seconds = send(agent_client, incident)

    assert seconds < 1
    assert (Incident.objects.get().state, Message.objects.get().state) == ("resolved", "queued")
    redis.start()
    with running("worker", env), running("clock", env):
        wait_until(lambda: Message.objects.get().state == "accepted")
    assert [received.recipients for received in smtp.received] == [["dafydd@example.org"]]


def test_the_clock_goes_on_while_redis_is_away(agent_client, ana, redis, smtp):
    incident = taken_by(ana, email="dafydd@example.org")
    env = environment(smtp_port=smtp.port, redis_url=paths.redis_url(redis.data_dir))
    redis.stop()
    send(agent_client, incident)

    with running("clock", env) as clock, running("worker", env):
        time.sleep(3)  # it has met the broker that is away
        redis.start()
        wait_until(lambda: Message.objects.get().state == "accepted", seconds=60)
        assert clock.poll() is None


def test_a_worker_killed_in_the_smtp_conversation_leaves_a_message_that_says_so_and_goes_again(ana, smtp):
    incident = taken_by(ana, email="slow@example.org")
    env = environment(smtp_port=smtp.port)
    services.reply(incident_id=incident.pk, text="Save it as a PDF", by=ana, at=now())
    with running("worker", env) as worker, running("clock", env):
        wait_until(smtp.in_data.is_set)
        kill(worker)

    message = Message.objects.get()
    assert (message.state, message.attempts) == ("sending", 1)
    smtp.go_on.set()
    # Two minutes pass: the lease runs out.
    Message.objects.update(leased_until=now() - timedelta(seconds=1))
    with running("worker", env), running("clock", env):
        wait_until(lambda: Message.objects.get().state == "accepted")
    assert Message.objects.get().attempts == 2
    # The first conversation had come to its end: the repeat can be recognised by its id.
    assert {received.mail["Message-ID"] for received in smtp.received} == {message.message_id}


def test_a_mail_server_whose_answer_does_not_end_is_left_within_the_lease(ana, smtp):
    incident = taken_by(ana, email="dribble@example.org")
    services.reply(incident_id=incident.pk, text="Save it as a PDF", by=ana, at=now())
    current_app.control.purge()
    current_app.send_task("mail.send_message", args=[Message.objects.get().pk], soft_time_limit=1)

    with running("worker", environment(smtp_port=smtp.port)):
        wait_until(lambda: Message.objects.get().state == "queued" and Message.objects.get().attempts == 1)

    message = Message.objects.get()
    assert (message.server_words, message.unsure_since is not None) == ("The mail server took too long", True)


def test_a_message_has_its_limits_within_the_lease():
    assert send_message.soft_time_limit < send_message.time_limit < LEASE.total_seconds()


def test_a_mail_server_that_comes_back_gets_the_message(ana):
    incident = taken_by(ana, email="dafydd@example.org")
    with CatchingServer() as gone:
        port = gone.port
    services.reply(incident_id=incident.pk, text="Save it as a PDF", by=ana, at=now())
    env = environment(smtp_port=port)

    with running("worker", env), running("clock", env):
        wait_until(lambda: Message.objects.get().attempts == 1 and Message.objects.get().state == "queued")
        with CatchingServer(port=port) as back:
            Message.objects.update(next_attempt_at=now())  # a minute passes
            wait_until(lambda: Message.objects.get().state == "accepted")
            assert len(back.received) == 1


def test_an_escalation_waits_for_redis(ana, redis, smtp):
    incident = taken_by(ana, email="dafydd@example.org")
    env = environment(smtp_port=smtp.port, redis_url=paths.redis_url(redis.data_dir))
    redis.stop()
    set_at = now() - timedelta(days=7)
    overdue = set_deadline(case=incident.case, kind="call", target=Target(hours=1), at=set_at)

    with running("clock", env), running("worker", env):
        time.sleep(3)  # it has met the broker that is away
        redis.start()
        wait_until(lambda: Deadline.objects.get(pk=overdue.pk).next_step_at > now(), seconds=60)
