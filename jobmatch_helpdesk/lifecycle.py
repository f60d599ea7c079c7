from __future__ import annotations

from datetime import datetime

from django.db import models
from django_fsm import FSMField, transition


class IncidentState(models.TextChoices):
    RECEIVED = "received", "Received"
    ASSIGNED = "assigned", "Assigned"
    RESOLVED = "resolved", "Resolved"


# What waits for the Helpdesk, which is what its queue shows.
WITH_THE_HELPDESK = [IncidentState.RECEIVED, IncidentState.ASSIGNED]

EVENT_LABELS = {"submitted": "Received"}


class IncidentLifecycle(models.Model):
    """The states of an incident, and the moves between them."""

    state = FSMField(choices=IncidentState.choices, default=IncidentState.RECEIVED, protected=True)
    assigned_to_id: int | None  # declared in models.py; moves set them
    replied_at: datetime | None

    class Meta:
        abstract = True

    @transition(field=state, source=IncidentState.RECEIVED, target=IncidentState.ASSIGNED, custom={"label": "Taken"})
    def take(self, *, at: datetime, agent_id: int) -> None:
        self.assigned_to_id = agent_id

    @transition(
        field=state, source=IncidentState.ASSIGNED, target=IncidentState.RESOLVED, custom={"label": "Answered by email"}
    )
    def resolve_by_reply(self, *, at: datetime) -> None:
        """The reply goes out by email (UJ-02)."""
        self.replied_at = at
