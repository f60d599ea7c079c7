"""Two workers at the same moment, a worker and a person, and a broker that is away."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from contacthub.cases.services import lock
from contacthub.deadlines.models import DayOff, Deadline, Ending
from contacthub.deadlines.services import days_off_changed, drop, meet, set_deadline, take_step, work_out_again
from contacthub.deadlines.tasks import steps_due
from contacthub.deadlines.working_time import Target
from contacthub.jobs import services as jobs
from contacthub.jobs.services import run_sweep
from jobmatch_helpdesk.models import Incident
from tests.contacthub.deadlines.calendar import uk
from tests.factories import IncidentFactory
from tests.races import Held, wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True)
DUE = uk("2026-06-08 10:00")


@pytest.fixture
def deadline(told) -> Deadline:
    case = IncidentFactory().case
    return set_deadline(case=case, kind="first_reply", target=Target(working_days=3), at=uk("2026-06-03 10:00"))


def test_of_two_workers_that_take_one_step_one_tells(deadline, told):
    first = Held(lambda: take_step(deadline_id=deadline.pk, at=DUE))
    first.done.wait(10)
    second = Held(lambda: take_step(deadline_id=deadline.pk, at=DUE))

    wait_until_blocked()
    first.commit()
    second.commit()

    assert (first.error, second.error) == (None, None)
    assert told.of("escalated") == [DUE]


def test_nobody_hears_of_what_was_met_meanwhile(deadline, told):
    def reply() -> None:
        incident = Incident.objects.select_for_update().get()
        meet(case=incident.case, kind="first_reply", at=DUE)

    met = Held(reply)
    met.done.wait(10)
    step = Held(lambda: take_step(deadline_id=deadline.pk, at=DUE))

    wait_until_blocked()
    met.commit()
    step.commit()

    assert (met.error, step.error) == (None, None)
    assert told.of("escalated") == []


@pytest.mark.parametrize("work", [take_step, work_out_again])
def test_a_worker_waits_for_who_has_the_case_rather_than_each_for_the_other(reference, work):
    case = IncidentFactory().case
    deadline = set_deadline(case=case, kind="close", target=Target(working_days=3), at=uk("2026-06-03 10:00"))
    days_off_changed(deadline.nation)
    DayOff.objects.create(nation=deadline.nation, day=date(2026, 6, 5), words="Strike")
    locked = threading.Event()

    def act() -> None:
        lock(case.pk)
        locked.set()
        wait_until_blocked()
        drop(case=case, kind="close", at=DUE)

    person = Held(act)
    locked.wait(10)
    at = DUE if work is take_step else uk("2026-06-03 10:00")
    worker = Held(lambda: work(deadline_id=deadline.pk, at=at))
    person.done.wait(10)
    person.commit()
    worker.commit()

    assert (person.error, worker.error) == (None, None)
    assert Deadline.objects.get().ending == Ending.DROPPED


def test_while_the_broker_is_away_the_step_waits_for_a_later_sweep(deadline, told, monkeypatch):
    monkeypatch.setattr(jobs._Broker, "away_until", 0.0)
    with monkeypatch.context() as away:
        away.setenv("CELERY_BROKER_WRITE_URL", "redis://127.0.0.1:1/0")
        assert run_sweep(steps_due, at=DUE) == 0

    assert Deadline.objects.get().next_step_at <= DUE
    monkeypatch.setattr(jobs._Broker, "away_until", 0.0)
    assert run_sweep(steps_due, at=DUE) == 1
