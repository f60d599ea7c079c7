from datetime import timedelta

import pytest
from django.db import OperationalError

from contacthub.clock import now
from contacthub.jobs.services import beat
from contacthub.mail.models import Message
from contacthub.workspace import health
from tests.factories import MessageFactory


def alive() -> None:
    for process in ("worker", "clock"):
        beat(process, at=now())


@pytest.mark.django_db
class TestReady:
    def test_all_well(self, client):
        alive()

        response = client.get("/health/ready")

        assert (response.status_code, response.json()["status"], response.json()["wrong"]) == (200, "ok", [])

    @pytest.mark.parametrize("process", ["worker", "clock"])
    def test_a_silent_process_is_named_and_the_product_stays_available(self, client, process):
        alive()
        beat(process, at=now() - timedelta(seconds=21))

        response = client.get("/health/ready")

        assert (response.status_code, response.json()["status"]) == (200, "degraded")
        assert response.json()["wrong"] == [process]

    def test_redis_away_is_named(self, client, monkeypatch):
        alive()
        monkeypatch.setenv("CELERY_BROKER_READ_URL", "redis://127.0.0.1:1/0")

        assert client.get("/health/ready").json()["wrong"] == ["redis"]

    def test_mail_that_has_waited_too_long_is_named(self, client):
        alive()
        MessageFactory(next_attempt_at=now() - timedelta(minutes=6))

        assert client.get("/health/ready").json()["wrong"] == ["mail"]
        Message.objects.update(next_attempt_at=now() - timedelta(minutes=4))
        assert client.get("/health/ready").json()["wrong"] == []

    def test_without_the_database_it_is_unavailable(self, client, monkeypatch):
        def away(*_: object) -> bool:
            raise OperationalError

        monkeypatch.setattr(health, "heard", away)

        response = client.get("/health/ready")

        assert (response.status_code, response.json()["wrong"]) == (503, ["database"])


def test_live_asks_nothing_of_anybody(client):
    assert client.get("/health/live").json() == {"status": "ok"}
