import socket
import time
from datetime import timedelta

import pytest
from celery import current_app
from django.db import connection, transaction
from django.utils.module_loading import autodiscover_modules

from contacthub.jobs import services
from contacthub.jobs.services import run_sweep, wake, waking_nobody
from contacthub.jobs.sweeps import Sweep, sweeps
from tests.factories import MORNING

QUEUE = "celery"


@pytest.fixture(autouse=True)
def broker_is_not_left_alone(monkeypatch):
    monkeypatch.setattr(services._Broker, "away_until", 0.0)


@pytest.fixture
def woken():
    """Read what stands in the queue of the real broker, and leave it empty."""
    with current_app.connection_for_read() as broker:
        channel = broker.default_channel
        channel.queue_purge(QUEUE)
        yield lambda: channel.client.llen(QUEUE)
        channel.queue_purge(QUEUE)


@pytest.fixture
def frozen_broker(monkeypatch):
    """A broker that takes the connection and never answers."""
    with socket.socket() as frozen:
        frozen.bind(("127.0.0.1", 0))
        frozen.listen()
        monkeypatch.setenv("CELERY_BROKER_WRITE_URL", f"redis://127.0.0.1:{frozen.getsockname()[1]}/0")
        yield


@pytest.mark.django_db(transaction=True)
class TestWaking:
    def test_nothing_is_woken_before_the_commit(self, woken):
        with transaction.atomic():
            wake("mail.send_message", 1)
            assert woken() == 0

        assert woken() == 1

    def test_nothing_is_woken_for_what_was_rolled_back(self, woken):
        with transaction.atomic():
            wake("mail.send_message", 1)
            transaction.set_rollback(True)

        assert woken() == 0

    def test_history_wakes_nobody(self, woken):
        with waking_nobody():
            wake("mail.send_message", 1)
        assert woken() == 0

        wake("mail.send_message", 2)
        assert woken() == 1, "only as long as history is made"

    def test_a_frozen_broker_costs_little_and_is_then_left_alone(self, frozen_broker):
        started = time.monotonic()
        wake("mail.send_message", 1)
        first = time.monotonic() - started
        for pk in range(2, 12):
            wake("mail.send_message", pk)
        others = time.monotonic() - started - first

        # Not a speed test: without the limits the first call waits for more than 25 seconds.
        assert first < 5
        assert others < first


@pytest.mark.django_db(transaction=True)
class TestSweeps:
    sweep = Sweep(lambda at: [1, 2, 3], timedelta(seconds=10), "mail.send_message")

    def test_a_sweep_wakes_a_task_for_each_row(self, woken):
        assert run_sweep(self.sweep, at=MORNING) == 3
        assert woken() == 3

    def test_a_sweep_stops_at_the_first_broker_error(self, frozen_broker):
        assert run_sweep(self.sweep, at=MORNING) == 0

    def test_two_clocks_at_once_do_no_harm(self, woken):
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("begin")
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [self.sweep.name])

            assert run_sweep(self.sweep, at=MORNING) == 0

            cursor.execute("rollback")
        other.close()
        assert run_sweep(self.sweep, at=MORNING) == 3


def test_every_sweep_wakes_a_task_that_there_is():
    autodiscover_modules("tasks")

    assert {sweep.wakes for sweep in sweeps} <= set(current_app.tasks)
