"""Activity plans: the steps of a service request, which of them wait for others, what is left before it closes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import TextChoices


class Mark(TextChoices):
    """Where a step comes from."""

    SOURCE = "source", "Source"
    PUBLIC = "public", "Public"
    PROPOSED = "proposed", "Proposed"


class Doing(TextChoices):
    """What completing a step does."""

    CONFIRM = "confirm", "Confirms who asks: the other steps wait for it"
    NOTE = "note", "Keeps words"
    ELSEWHERE = "elsewhere", "Is done elsewhere: keeps a date, and a reference or an answer"
    CHANGE_EMPLOYER = "change_employer", "Changes the employer’s details"
    CHANGE_AGENT = "change_agent", "Changes the agent’s details"
    LINK_AGENT = "link_agent", "Links an agent"
    END_LINK = "end_link", "Ends the link to an agent"
    UPDATE_LINES = "update_lines", "Updates schedule lines"
    RAISE = "raise", "Raises a further service request"
    TELL_PARTY = "tell_party", "Sends a confirmation"
    TELL_OWNER = "tell_owner", "Tells the case owning caseworker"
    OWNER_CONFIRMS = "owner_confirms", "Is completed by the case owning caseworker"
    FOLLOW_UP = "follow_up", "Sets a follow-up"
    CLOSE = "close", "Writes the case update and closes"


# A step that names a change is completed by that change alone.
CHANGES = frozenset({Doing.CHANGE_EMPLOYER, Doing.CHANGE_AGENT, Doing.LINK_AGENT, Doing.END_LINK, Doing.UPDATE_LINES})


class Status(TextChoices):
    """How far a step is. The first is never stored: it follows from the others."""

    CANNOT_START_YET = "cannot_start_yet", "Cannot start yet"
    NOT_STARTED = "not_started", "Not yet started"
    IN_PROGRESS = "in_progress", "In progress"
    COMPLETED = "completed", "Completed"
    NOT_NEEDED = "not_needed", "Not needed"


SETTLED = frozenset({Status.COMPLETED, Status.NOT_NEEDED})


@dataclass(frozen=True)
class Step:
    """`raises` has the codes of the service requests that answer a step that raises one; without any, all do."""

    number: int
    text: str
    does: Doing = Doing.NOTE
    status: Status = Status.NOT_STARTED
    raises: tuple[str, ...] = ()

    @property
    def is_settled(self) -> bool:
        return self.status in SETTLED


def waits_for(step: Step, steps: Sequence[Step]) -> list[Step]:
    """Return the steps without which this one cannot start: who asks comes first, closing last."""
    others = [each for each in steps if each.number != step.number and not each.is_settled]
    if step.does == Doing.CLOSE:
        return others
    return [each for each in others if each.does == Doing.CONFIRM and step.does != Doing.CONFIRM]


def answers(step: Step, kind: str) -> bool:
    """Say if a service request of this code answers a step that raises one."""
    return not step.raises or kind in step.raises


def status_of(step: Step, steps: Sequence[Step]) -> Status:
    """Return the status that a task list shows."""
    locked = step.status == Status.NOT_STARTED and waits_for(step, steps)
    return Status.CANNOT_START_YET if locked else step.status


def left_to_close(steps: Sequence[Step]) -> list[Step]:
    """Return what is left before the service request can close: every step but the closing one (EC-28)."""
    return [step for step in steps if step.does != Doing.CLOSE and not step.is_settled]


def faults(steps: Sequence[Step], *, closes: bool) -> list[str]:
    """Say what keeps a plan from being used; one that `closes` a service request does so in its last step."""
    if not steps:
        return ["Add at least one step"]
    closing = [step.number for step in steps if step.does == Doing.CLOSE]
    last = max(step.number for step in steps)
    found = []
    if closes and closing != [last]:
        found.append("Make the last step, and no other, the one that closes")
    if not closes and closing:
        found.append("Take out the step that closes: this plan has no service request")
    return found
