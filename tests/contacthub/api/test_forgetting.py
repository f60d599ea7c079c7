"""What was sent is known for 30 days, then forgotten with what was answered."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from contacthub.api import services as answers
from contacthub.api.models import KeptAnswer
from contacthub.api.tasks import answers_too_old
from contacthub.clock import now
from contacthub.submissions import services as submissions
from contacthub.submissions.models import Submission
from contacthub.submissions.tasks import sent_too_long_ago
from jobmatch_helpdesk.models import Incident
from tests.contacthub.api.situations import Machine
from tests.jobmatch_helpdesk.test_api import BAKERY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
DAY = timedelta(days=1)


@pytest.fixture
def machine() -> Machine:
    """A key with which an incident was raised."""
    found = Machine("incidents:raise")
    found.post("incidents/", BAKERY, key="k1")
    return found


def forget(at: datetime) -> None:
    """Do what the clock and a worker do at this moment, again and again."""
    for _ in range(3):
        if [*sent_too_long_ago.find(at)]:
            submissions.forget(at=at)
        if [*answers_too_old.find(at)]:
            answers.forget_answers(at=at)


def kept() -> tuple[int, int]:
    return Submission.objects.count(), KeptAnswer.objects.count()


def test_both_are_kept_for_thirty_days_and_forgotten_together(machine):
    sent_at = KeptAnswer.objects.get().at

    forget(sent_at + 30 * DAY)
    assert kept() == (1, 1)
    forget(sent_at + 30 * DAY + timedelta(seconds=1))
    assert kept() == (0, 0)


def test_what_was_raised_stays(machine):
    forget(now() + 31 * DAY)

    assert Incident.objects.count() == 1


def test_an_answer_outlives_no_request_and_no_request_its_answer(machine):
    answers.forget_answers(at=now() + 31 * DAY)

    assert kept() == (1, 1)


def test_a_key_that_was_forgotten_is_a_new_one_though_its_answer_stands_still(machine):
    submissions.forget(at=now() + 31 * DAY)

    again = machine.post("incidents/", BAKERY, key="k1")

    assert again.status_code == 201
    assert again.json()["reference"] == Incident.objects.latest("pk").reference
    assert (Incident.objects.count(), KeptAnswer.objects.count()) == (2, 1)


def test_batches_are_bounded_and_take_the_oldest_first(monkeypatch, machine):
    monkeypatch.setattr(submissions, "SENT_BATCH", 2)
    at = now()
    for days in (33, 31, 32):
        Submission.objects.create(caller="staff:1", key=f"{days}", request_hash="x", answer="UJ-1", at=at - days * DAY)

    submissions.forget(at=at)

    assert [*Submission.objects.filter(caller="staff:1").values_list("key", flat=True)] == ["31"]


def test_an_answer_to_a_request_that_was_forgotten_gives_way_to_the_next_one():
    for status, body in ((201, "first"), (200, "second")):
        KeptAnswer.objects.keep("key:1", "k", status=status, headers={}, body=body, at=now())

    kept = KeptAnswer.objects.get()
    assert (kept.status, kept.body) == (200, "second")
