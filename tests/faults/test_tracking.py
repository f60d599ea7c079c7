"""What a provider reports, while worker, Redis and the reports themselves misbehave: each message ends as it must."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contacthub.clock import now
from contacthub.mail.models import DeliveryReport, Message, Notice, ProviderPost
from contacthub.mail.standing import standing
from jobmatch_helpdesk.models import Incident
from tests.factories import MessageFactory
from tests.faults.situations import nobody_writes, one_sweep, replied_to, time_passes
from tests.processes import environment, kill, running, wait_until
from tests.provider import Provider, bounced, delivered, told_us
from tests.races import wait_until_blocked

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    with Provider() as provider:
        settings.ANYMAIL = provider.settings
        yield provider


@pytest.fixture
def env(broker, provider) -> dict[str, str]:
    return environment(smtp_port=1, redis_url=broker.url) | provider.environment


def state() -> str:
    return Message.objects.get().state


def words() -> str:
    return standing(Message.objects.get(), now=now()).status_words


def all_is_counted() -> bool:
    return not ProviderPost.objects.unread().exists() and not DeliveryReport.objects.open().exists()


def failed_once(lead) -> bool:
    notices = Notice.objects.filter(person_id=lead.staff_id)
    return state() == "failed" and Incident.objects.get().state == "assigned" and notices.count() == 1


def test_reports_that_come_twice_and_in_the_wrong_order_and_forged_ones_end_in_one_failure(ana, lead, env):
    replied_to(ana)
    with running("worker", env):
        wait_until(lambda: state() == "accepted")

        assert told_us(bounced("id-1"), secret="postmark:a-guess") == 400
        for event in (bounced("id-1"), delivered("id-1"), delivered("id-1"), bounced("id-1"), bounced("nobodys")):
            assert told_us(event) == 200
        wait_until(lambda: DeliveryReport.objects.exclude(message=None).count() == 2)
        wait_until(lambda: not ProviderPost.objects.unread().exists())

    assert failed_once(lead)
    assert ProviderPost.objects.count() == 5
    assert DeliveryReport.objects.get(message=None).provider_id == "nobodys"


def test_forged_reports_change_nothing(ana, env):
    replied_to(ana)
    with running("worker", env):
        wait_until(lambda: state() == "accepted")
        for secret in ("", "postmark:a-guess"):
            assert told_us(bounced("id-1"), secret=secret) == 400
        assert told_us(delivered("id-1")) == 200
        wait_until(all_is_counted)

    assert state() == "delivered"
    assert ProviderPost.objects.count() == 1


def test_a_worker_killed_while_it_counts_a_report_leaves_it_to_be_counted_whole(ana, lead, env):
    replied_to(ana)
    with running("worker", env) as worker:
        wait_until(lambda: state() == "accepted")
        with nobody_writes(Incident):
            told_us(bounced("id-1"))
            wait_until(DeliveryReport.objects.open().exists)
            wait_until_blocked()  # it has the report in hand, and waits for the case
            kill(worker)
    assert (state(), Incident.objects.get().state) == ("accepted", "resolved")
    assert DeliveryReport.objects.open().exists()

    with running("worker", env):
        one_sweep(env, until=all_is_counted)

    assert failed_once(lead)


def test_a_worker_killed_while_it_writes_reports_down_leaves_the_post_to_be_read(ana, env):
    replied_to(ana)
    with running("worker", env) as worker:
        wait_until(lambda: state() == "accepted")
        with nobody_writes(DeliveryReport):
            told_us(delivered("id-1"))
            wait_until_blocked()
            kill(worker)
    assert ProviderPost.objects.unread().exists()

    with running("worker", env):
        one_sweep(env, until=all_is_counted)

    assert state() == "delivered"


def test_what_is_told_while_redis_is_away_is_kept_and_found(ana, lead, env, broker):
    replied_to(ana)
    with running("worker", env):
        wait_until(lambda: state() == "accepted")
    broker.server.stop()

    assert told_us(bounced("id-1")) == 200

    broker.server.start()
    with running("worker", env):
        one_sweep(env, until=all_is_counted)
    assert failed_once(lead)


def test_a_message_whose_worker_died_while_the_provider_had_it_says_so_and_its_second_attempt_is_told_of(
    ana, env, provider
):
    message = replied_to(ana, email="slow@example.org")
    with running("worker", env) as worker:
        wait_until(provider.in_hands.is_set)
        kill(worker)
    provider.go_on.set()
    time_passes(message)
    told_us(delivered("id-1"))

    with running("worker", env):
        one_sweep(env, until=lambda: state() == "accepted")
        told_us(delivered("id-2"))
        wait_until(lambda: state() == "delivered")

    assert words() == "delivered: it may arrive twice, since an earlier attempt had no end"
    assert Message.objects.get().provider_id == "id-2"


def test_what_is_told_of_an_email_does_not_wait_for_all_that_is_still_to_be_sent(reference, env, provider):
    provider.seconds = 0.2
    MessageFactory.create_batch(100, next_attempt_at=now())
    with running("worker", env), running("clock", env):
        wait_until(lambda: Message.objects.filter(state="accepted").count() > 1)
        told_of = Message.objects.filter(state="accepted").earliest("pk")

        told_us(delivered(told_of.provider_id))

        wait_until(lambda: Message.objects.get(pk=told_of.pk).state == "delivered", seconds=5)
        assert Message.objects.waiting().count() > 50
