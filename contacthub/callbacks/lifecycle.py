from __future__ import annotations

from datetime import datetime

from django.db import models
from django_fsm import FSMField, transition


class CallbackState(models.TextChoices):
    QUEUED = "queued", "Queued"
    ALLOCATED = "allocated", "With a caller"
    ATTEMPTED = "attempted", "Tried, waits for the next attempt"
    COMPLETED = "completed", "Spoke to them"
    UNABLE_TO_CONTACT = "unable_to_contact", "Unable to contact"
    CANCELLED = "cancelled", "Cancelled"


State = CallbackState

# What still has to be rung: these are listed, and can be overdue.
OPEN = [State.QUEUED, State.ALLOCATED, State.ATTEMPTED]
# Somebody has it.
IN_HANDS = [State.ALLOCATED, State.ATTEMPTED]

EVENT_LABELS = {
    "requested": "Asked for",
    "hurried": "Made urgent",
    "call_changed": "Number, language, customer or queue changed",
    "attempt_kept": "Attempt kept, after this had ended",
}


class CallbackLifecycle(models.Model):
    """The states of a callback, and the moves between them. A move sets fields of its own row and nothing else."""

    state = FSMField(choices=State.choices, default=State.QUEUED, protected=True)
    # Declared in models.py; moves set them.
    allocated_to_id: int | None

    class Meta:
        abstract = True

    @transition(field=state, source=State.QUEUED, target=State.ALLOCATED, custom={"label": "Taken"})
    def take(self, *, at: datetime, caller_id: int) -> None:
        self.allocated_to_id = caller_id

    @transition(field=state, source=State.QUEUED, target=State.ALLOCATED, custom={"label": "Allocated"})
    def allocate(self, *, at: datetime, caller_id: int) -> None:
        self.allocated_to_id = caller_id

    @transition(field=state, source=IN_HANDS, target=State.QUEUED, custom={"label": "Handed back"})
    def hand_back(self, *, at: datetime) -> None:
        self.allocated_to_id = None

    @transition(field=state, source=IN_HANDS, target=State.ATTEMPTED, custom={"label": "Tried"})
    def try_in_vain(self, *, at: datetime) -> None:
        """Nobody was reached; it is tried again."""

    @transition(
        field=state, source=State.ATTEMPTED, target=State.ALLOCATED, custom={"label": "Time for the next attempt"}
    )
    def come_due(self, *, at: datetime) -> None:
        """The moment of the next attempt has come."""

    @transition(field=state, source=IN_HANDS, target=State.COMPLETED, custom={"label": "Spoke to them"})
    def complete(self, *, at: datetime) -> None:
        """The customer was told (UJ-34)."""

    @transition(field=state, source=OPEN, target=State.COMPLETED, custom={"label": "Spoke to them"})
    def end_in_contact(self, *, at: datetime) -> None:
        """The contact that was had on the telephone has ended, whoever has the call by then."""

    @transition(
        field=state, source=IN_HANDS, target=State.UNABLE_TO_CONTACT, custom={"label": "Attempts used up: letter"}
    )
    def give_up(self, *, at: datetime) -> None:
        """The last attempt that the queue allows was in vain (CM-28)."""

    @transition(field=state, source=OPEN, target=State.CANCELLED, custom={"label": "Cancelled"})
    def cancel(self, *, at: datetime) -> None:
        """Nobody needs the call any more."""
