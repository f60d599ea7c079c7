"""What follows from the outcome of a call, in words for the caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contacthub.callbacks import services
from contacthub.callbacks.models import Attempt, Callback
from contacthub.callbacks.outcomes import UNANSWERED, Outcome, is_used_up
from contacthub.formats import moment

LETTER = "a letter asks them to ring again"


@dataclass(frozen=True)
class Consequence:
    outcome: Outcome
    words: str


def what_follows(callback: Callback, *, at: datetime) -> list[Consequence]:
    """Return what each outcome would lead to now (CM-28), in the order of the keys 1 to 7."""
    again = services.proposed(callback, at=at)
    return [
        Consequence(outcome, _words(callback, outcome, again[outcome], at))
        for outcome in services.offered_for(callback)
    ]


def _words(callback: Callback, outcome: Outcome, again_at: datetime | None, at: datetime) -> str:
    if outcome == Outcome.SPOKE:
        return "the call is done"
    if outcome == Outcome.RING_LATER:
        return "ring again when they asked, which uses up no attempt"
    if again_at is None:
        return f"no more attempts: {LETTER}, within {services.LETTER_WITHIN}"
    words = f"try again {moment(again_at, at)}"
    is_last = is_used_up(callback.unanswered + 2, callback.queue.limits)
    return f"{words}. After that {LETTER}" if is_last else words


def what_became(attempt: Attempt, *, at: datetime) -> str:
    """Say to the caller what their attempt has led to; `attempt` is read again after it was kept."""
    callback = attempt.callback
    if attempt.too_late:
        stands = f"{callback.allocated_to} has this call now" if callback.is_open else "this call had ended already"
        return f"Kept: {attempt.get_outcome_display()}. But {stands}"
    if attempt.outcome == Outcome.SPOKE:
        return "Spoke to them: the call is done"
    said = f"{attempt.get_outcome_display()}, kept"
    if callback.next_attempt_at:
        return f"{said}. Next attempt {moment(callback.next_attempt_at, at)}"
    if attempt.outcome in UNANSWERED and not callback.is_open:
        return f"{said}. Attempts are used up: a letter is on the list of {callback.queue}"
    return said
