"""The steps of part 2 as the receiving team leader takes them: how far each is, and which comes next (CF-09)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from complaints_feedback import services
from complaints_feedback.lifecycle import FormState
from complaints_feedback.models import FeedbackForm
from complaints_feedback.parts import part_two_of
from complaints_feedback.terms import Broken

RECORDINGS, DISCUSS, PLAN, ONE_TO_ONE, COMPLETE = "recordings", "discuss", "plan", "one_to_one", "complete"
TITLES = {
    RECORDINGS: "Listen to recordings",
    DISCUSS: "Discuss",
    PLAN: "Development plan",
    ONE_TO_ONE: "1-2-1",
}
# The fields by which the rules name what is missing; each belongs to one step.
FIELDS = {
    RECORDINGS: {"recordings", "no_recording"},
    DISCUSS: {"discussed_at", "how", "place", "occurred", "resolution", "changes_agreed", "opportunity_explained"},
    PLAN: {"development_needs", "no_development_needs", "plan"},
    ONE_TO_ONE: {"one_to_one_month"},
}


@dataclass(frozen=True)
class Step:
    """A step, and what it lacks still; the discussion is taken once it is recorded."""

    code: str
    missing: tuple[Broken, ...]
    is_begun: bool
    is_recorded: bool = True

    @property
    def title(self) -> str:
        return TITLES[self.code]

    @property
    def is_complete(self) -> bool:
        return self.is_recorded and not self.missing


def steps_of(form: FeedbackForm, *, at: datetime) -> list[Step]:
    """Return the steps before part 2 can be completed, in their order."""
    part = part_two_of(form)
    broken = services.missing_in_part_two(form, part, at=at)
    return [
        Step(
            code,
            tuple(each for each in broken if each.field in fields),
            is_begun=any(getattr(part, field, None) for field in fields),
            is_recorded=code != DISCUSS or form.state != FormState.DELIVERED,
        )
        for code, fields in FIELDS.items()
    ]


def next_step(steps: list[Step], *, after: str = "") -> str:
    """Return the next unfinished step; what was left out comes round again after the last, and completing ends it."""
    here = [step.code for step in steps].index(after) + 1 if after else 0
    rest = [*steps[here:], *steps[:here]]
    return next((step.code for step in rest if not step.is_complete and step.code != after), COMPLETE)
