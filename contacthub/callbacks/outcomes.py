"""What came of ringing, and what follows from it: plain data, no clock of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models

from contacthub.deadlines.working_time import WorkingTime


class Outcome(models.TextChoices):
    """What came of an attempt, in the order of the keys 1 to 7; the last is what a contact of the call says."""

    SPOKE = "spoke", "Spoke"
    NO_ANSWER = "no_answer", "No answer"
    ENGAGED = "engaged", "Engaged"
    WRONG_NUMBER = "wrong_number", "Wrong number"
    LEFT_MESSAGE = "left_message", "Left message"
    NOT_IN_USE = "not_in_use", "Not in use"
    RING_LATER = "ring_later", "Ring later"
    NOT_VERIFIED = "not_verified", "Spoke, could not be verified"


# Outcomes of an attempt without an answer: so many of them use up the limit of the queue.
UNANSWERED = frozenset(Outcome) - {Outcome.SPOKE, Outcome.RING_LATER, Outcome.NOT_VERIFIED}
SAME_DAY = frozenset({Outcome.NO_ANSWER, Outcome.ENGAGED})


@dataclass(frozen=True)
class Limits:
    """How a queue tries again: unanswered attempts before a letter, working hours and days until the next attempt."""

    attempts: int = 2
    gap_hours: int = 4
    gap_days: int = 1


def is_used_up(unanswered: int, limits: Limits) -> bool:
    """Say if this many attempts without an answer end the callback (CM-28)."""
    return unanswered >= limits.attempts


def next_attempt(outcome: Outcome, *, at: datetime, limits: Limits, calendar: WorkingTime) -> datetime | None:
    """Return the moment proposed for the next attempt; None where the customer says when, or was spoken to."""
    if outcome in SAME_DAY:
        return calendar.after(at, timedelta(hours=limits.gap_hours))
    if outcome in UNANSWERED:
        return calendar.days_after(at, limits.gap_days)
    return None


def offered(*, may_leave_message: bool, ends_in_contact: bool) -> list[Outcome]:
    """Return what a caller may say of an attempt: a message is left only where that is authorised.

    A call that `ends_in_contact` is ended by the contact that they had when somebody answered, verified or not.
    """
    left_out = {Outcome.NOT_VERIFIED}
    if not may_leave_message:
        left_out.add(Outcome.LEFT_MESSAGE)
    if ends_in_contact:
        left_out.add(Outcome.SPOKE)
    return [outcome for outcome in Outcome if outcome not in left_out]
