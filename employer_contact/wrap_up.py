"""What is left before a contact can finish: a reason has its service request or words why not (EC-27)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from contacthub.errors import RuleBroken
from employer_contact.terms import Ending

STEPS = "Complete the activities of Input DEO schedule, or say why they are not needed"
WHY_NONE = "Enter why no service request is needed"
NOTES = "Enter notes of what was said"
WHY_NO_REASON = "Select why this ends without a reason"
WHAT_ELSE = "Enter why this ends without a reason"
OFFERED = "Select what you offer: a letter, a call back, or nothing"
# Of somebody whom nobody identified, and of a party that was.
WITHOUT_PARTY = (Ending.THIRD_PARTY, Ending.NO_RECORD, Ending.RANG_OFF, Ending.OTHER)
WITH_PARTY = (Ending.EMPLOYER_MUST_ASK, Ending.GATHERED, Ending.WILL_SEND, Ending.RANG_OFF, Ending.OTHER)


@dataclass(frozen=True)
class Given:
    """A reason that was ticked; `why_none` says why it has no service request."""

    code: str
    has_request: bool = False
    why_none: str = ""
    has_plan: bool = False
    steps_left: int = 0


def field_of(code: str) -> str:
    """Return the name of the field for words why a reason has no service request."""
    return f"why_{code}"


def with_words(given: Sequence[Given], why_none: Mapping[str, str]) -> list[Given]:
    """Return the reasons with the words typed for them now."""
    return [replace(one, why_none=why_none.get(one.code, one.why_none).strip()) for one in given]


def left_of_reasons(given: Sequence[Given], *, notes: str) -> list[RuleBroken]:
    """Return what a contact with reasons needs before it can finish."""
    left = [
        RuleBroken(WHY_NONE, code="why_none_required", field=field_of(one.code))
        for one in given
        if not one.has_request and not one.has_plan and not one.why_none
    ]
    left += [RuleBroken(STEPS, code="activities_left") for one in given if one.steps_left]
    if not notes.strip():
        left.append(RuleBroken(NOTES, code="notes_required", field="notes"))
    return left


def endings(*, identified: bool) -> tuple[Ending, ...]:
    """Return why a contact may end without a reason."""
    return WITH_PARTY if identified else WITHOUT_PARTY


def left_without_reason(ending: str, words: str, *, identified: bool) -> list[RuleBroken]:
    """Return what a contact without a reason needs before it can finish."""
    if ending not in endings(identified=identified):
        return [RuleBroken(WHY_NO_REASON, code="ending_required", field="ending")]
    if ending == Ending.OTHER and not words.strip():
        return [RuleBroken(WHAT_ELSE, code="words_required", field="words")]
    return []
