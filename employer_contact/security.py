"""The security questions of a telephone contact: which are asked, who has passed, and what stays shut (EC-14 to EC-22).

What the caller said is nowhere: a caseworker compares it with what is held, and only the outcome is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db.models import TextChoices

from contacthub.errors import RuleBroken
from contacthub.formats import telephone
from employer_contact.terms import Channel, Direction

QUESTIONS = 3
MOST_SUBSTITUTES = 2  # after a wrong or unknown answer (AMB-11)
LEAD_IS_TOLD_AFTER = 3  # failed checks on one record ...
FAILURES_COUNT_FOR = timedelta(hours=24)  # ... in this time
NOT_A_CALL = "Not required: not a telephone contact"
WE_CALLED = "Not required: we called them"
BEFORE_THE_CHECK = "Complete the security questions before taking any action"


class Outcome(TextChoices):
    """What became of one question."""

    CORRECT = "correct", "Correct"
    WRONG = "wrong", "Wrong"
    NOT_KNOWN = "not_known", "Not known"


class Check(TextChoices):
    """How a contact stands with the security questions."""

    ASKED_FOR = "asked_for", "Not passed yet"
    PASSED = "passed", "Passed"
    FAILED = "failed", "Failed"
    NOT_REQUIRED = "not_required", "Not required"


class AfterFailure(TextChoices):
    """What may still be offered when the check has failed (AMB-12)."""

    LETTER = "letter", "Send a letter to the address held"
    CALL_BACK = "call_back", "Call back on a number we hold"


@dataclass(frozen=True)
class Grounds:
    """What an account is changed on: a contact or a service request, by its case, and how its check stands (EC-14).

    A service request stands on the check of the contact that it was raised in. Without a case, the change stands on
    the record's own timeline alone.
    """

    case_id: int | None
    check: Check


@dataclass(frozen=True)
class EmployerAnswers:
    """What is held of an employer that a question may ask for; None and "" where nothing is."""

    additional_telephones: Sequence[str] = ()
    fax: str = ""
    email: str = ""
    contact_names: Sequence[str] = ()
    pay_day: int | None = None
    cut_off_day: int | None = None
    voicemail_authorised: bool | None = None
    payroll_address: str = ""


@dataclass(frozen=True)
class AgentAnswers:
    """What is held of a payroll agent that a question may ask for."""

    earn: str = ""
    address1: str = ""
    postcode: str = ""
    telephone: str = ""
    email: str = ""


def _pay_dates(held: EmployerAnswers) -> str:
    if held.pay_day is None or held.cut_off_day is None:  # both parts are needed
        return ""
    return f"Pay date {held.pay_day}, cut off {held.cut_off_day}"


def _voicemail(held: EmployerAnswers) -> str:
    if held.voicemail_authorised is None:
        return ""
    return "Yes, messages may be left" if held.voicemail_authorised else "No, no messages"


EMPLOYER_QUESTIONS: dict[str, Callable[[EmployerAnswers], str]] = {
    "e_additional_phones": lambda held: ", ".join(telephone(number) for number in held.additional_telephones),
    "e_fax": lambda held: _number(held.fax),
    "e_email": lambda held: held.email,
    "e_contact_names": lambda held: ", ".join(held.contact_names),
    "e_pay_dates": _pay_dates,
    "e_voicemail": _voicemail,
    "e_payroll_address": lambda held: held.payroll_address,
}
AGENT_QUESTIONS: dict[str, Callable[[AgentAnswers], str]] = {
    "a_earn": lambda held: held.earn,
    "a_address1": lambda held: held.address1,
    "a_postcode": lambda held: held.postcode,
    "a_phone": lambda held: _number(held.telephone),
    "a_email": lambda held: held.email,
}


def _number(kept: str) -> str:
    return telephone(kept) if kept else ""


def held_values(account: EmployerAnswers | AgentAnswers) -> dict[str, str]:
    """Return, by the code of the question, what a caseworker compares with: only where something is held (EC-22).

    An employer is asked from the employer's set, an agent from the agent's (EC-17, EC-21).
    """
    if isinstance(account, EmployerAnswers):
        found = {code: value(account).strip() for code, value in EMPLOYER_QUESTIONS.items()}
    else:
        found = {code: value(account).strip() for code, value in AGENT_QUESTIONS.items()}
    return {code: value for code, value in found.items() if value}


def start(channel: Channel, direction: Direction, *, on_callback: bool = False) -> tuple[Check, str]:
    """Return how a contact begins, and why where no check is required (EC-14, EC-15, AMB-13).

    A call to somebody who asked to be called back is checked like one that comes in.
    """
    if channel != Channel.TELEPHONE:
        return Check.NOT_REQUIRED, NOT_A_CALL
    if direction == Direction.OUTBOUND and not on_callback:
        return Check.NOT_REQUIRED, WE_CALLED
    return Check.ASKED_FOR, ""


def unlocks(check: Check) -> bool:
    """Say if account values may be seen and actions taken."""
    return check in (Check.PASSED, Check.NOT_REQUIRED)


def gate(check: Check) -> RuleBroken | None:
    """Return why nothing may be done yet; None where it may."""
    return None if unlocks(check) else RuleBroken(BEFORE_THE_CHECK, code="security_required")


def draw(held: Iterable[str], *, rng: Random) -> list[str]:
    """Return the three questions to ask, drawn at random from those that something is held for; all where fewer."""
    codes = sorted(held)
    return rng.sample(codes, min(QUESTIONS, len(codes)))


def substitute(held: Iterable[str], asked: Mapping[str, Outcome | None], *, rng: Random) -> str | None:
    """Return one more question that was not asked yet, where one is due: a wrong or unknown answer calls for it."""
    unasked = sorted(set(held) - set(asked))
    missed = sum(outcome in (Outcome.WRONG, Outcome.NOT_KNOWN) for outcome in asked.values())
    due = missed > len(asked) - QUESTIONS and len(asked) < QUESTIONS + MOST_SUBSTITUTES
    return rng.choice(unasked) if due and unasked else None


def result(held: Iterable[str], asked: Mapping[str, Outcome | None]) -> Check:
    """Return how a check stands that has asked these questions, None where there is no answer yet.

    It is passed by three correct answers, and has failed once three can no longer be reached (AMB-11, EC-22).
    """
    correct = sum(outcome == Outcome.CORRECT for outcome in asked.values())
    if correct >= QUESTIONS:
        return Check.PASSED
    missed = sum(outcome in (Outcome.WRONG, Outcome.NOT_KNOWN) for outcome in asked.values())
    can_ask = min(len(set(held)), QUESTIONS + MOST_SUBSTITUTES)
    return Check.FAILED if can_ask - missed < QUESTIONS else Check.ASKED_FOR


def lead_is_told(failed_at: Iterable[datetime], *, at: datetime) -> bool:
    """Say if the checks of one record that failed at these moments are so many that the lead hears of it."""
    return sum(at - FAILURES_COUNT_FOR < moment <= at for moment in failed_at) >= LEAD_IS_TOLD_AFTER
