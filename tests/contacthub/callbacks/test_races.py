"""Two callers at the same moment, on a real Postgres. Each of these fails when its lock is taken out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from contacthub.actor import Actor
from contacthub.callbacks import services
from contacthub.callbacks.models import Callback
from contacthub.callbacks.outcomes import Outcome
from contacthub.errors import MovedOn
from contacthub.people.roles import Role
from tests.contacthub.callbacks.situations import asked_for, fresh, incident_of
from tests.jobmatch_helpdesk.situations import LATER, colleague, set_up_inboxes
from tests.races import Held, wait_until_blocked

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proves("CM-28")]


@pytest.fixture
def callback(ana) -> Callback:
    set_up_inboxes()
    return asked_for(ana, "porth-wen")


@pytest.fixture
def rhian(reference) -> Actor:
    return colleague(Role.JOBCENTRE_ADVISER, "porth-wen", name="Rhian Evans")


@pytest.fixture
def gethin(reference) -> Actor:
    return colleague(Role.JOBCENTRE_ADVISER, "porth-wen", name="Gethin Pugh")


def at_once(first_call: Callable[[], Any], second_call: Callable[[], Any]) -> tuple[Held, Held]:
    """Hold the first open until the second waits for it, then let both end."""
    first = Held(first_call)
    first.done.wait(10)
    second = Held(second_call)
    wait_until_blocked()
    first.commit()
    second.commit()
    return first, second


def test_of_two_who_take_one_call_the_second_is_told_who_has_it(callback, rhian, gethin):
    first, second = at_once(
        lambda: services.take(callback_id=callback.pk, by=rhian, at=LATER),
        lambda: services.take(callback_id=callback.pk, by=gethin, at=LATER),
    )

    assert first.error is None
    assert isinstance(second.error, MovedOn)
    assert fresh(callback).allocated_to_id == rhian.staff_id


def test_two_who_ask_for_the_next_call_at_once_get_two(ana, callback, rhian, gethin):
    other = asked_for(ana, "porth-wen")
    first = Held(lambda: services.take_next(queue_id=callback.queue_id, by=rhian, at=LATER))
    first.done.wait(10)

    second = services.take_next(queue_id=callback.queue_id, by=gethin, at=LATER)
    nobody_waited = first.thread.is_alive()
    first.commit()

    assert (first.result, second) == (callback, other)
    assert nobody_waited


def test_who_asks_for_the_next_call_while_the_only_one_is_taken_gets_none(callback, rhian, gethin):
    first, second = at_once(
        lambda: services.take_next(queue_id=callback.queue_id, by=rhian, at=LATER),
        lambda: services.take_next(queue_id=callback.queue_id, by=gethin, at=LATER),
    )

    assert (first.result, second.result, second.error) == (callback, None, None)


def test_of_two_outcomes_saved_at_once_one_moves_the_call_and_the_other_is_kept(callback, rhian):
    services.take(callback_id=callback.pk, by=rhian, at=LATER)

    def ring(outcome: Outcome, words: str) -> Callable[[], Any]:
        given = {"callback_id": callback.pk, "outcome": outcome, "words": words}
        return lambda: services.record_attempt(**given, by=rhian, at=LATER)

    _, second = at_once(ring(Outcome.SPOKE, "Told"), ring(Outcome.NO_ANSWER, ""))

    assert second.error is None
    assert fresh(callback).state == "completed"
    assert [*callback.tries.order_by("pk").values_list("outcome", "too_late")] == [
        ("spoke", False),
        ("no_answer", True),
    ]


def test_a_call_that_is_cancelled_at_this_moment_is_not_taken(ana, callback, rhian):
    def cancel() -> None:
        callback.queue.lead_id = rhian.staff_id
        callback.queue.save()
        services.cancel(callback_id=callback.pk, reason="She came in", by=rhian, at=LATER)

    _, second = at_once(cancel, lambda: services.take(callback_id=callback.pk, by=rhian, at=LATER))

    assert isinstance(second.error, MovedOn)
    assert incident_of(callback).state == "assigned"
