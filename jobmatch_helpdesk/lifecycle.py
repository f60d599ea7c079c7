from __future__ import annotations

from datetime import datetime

from django.db import models
from django_fsm import FSMField, transition


class IncidentState(models.TextChoices):
    RECEIVED = "received", "Received"
    ASSIGNED = "assigned", "Assigned"
    AWAITING_INFORMATION = "awaiting_information", "Waiting for an answer"
    CALLBACK_PENDING = "callback_pending", "Callback pending"
    RESOLVED = "resolved", "Resolved"
    NO_REPLY_ROUTE = "no_reply_route", "No reply route"
    CLOSED = "closed", "Closed"


State = IncidentState

# What waits for the Helpdesk, which is what its queue shows first.
WITH_THE_HELPDESK = [State.RECEIVED, State.ASSIGNED, State.AWAITING_INFORMATION, State.NO_REPLY_ROUTE]
IN_HAND = [State.ASSIGNED, State.AWAITING_INFORMATION, State.NO_REPLY_ROUTE]  # of those, what somebody has
# While it is in one of these, the customer waits for a first reply.
FIRST_REPLY_DUE = [State.RECEIVED, State.ASSIGNED, State.AWAITING_INFORMATION]

EVENT_LABELS = {
    "submitted": "Received",
    "reassigned": "Given to somebody else",
    "priority_changed": "Priority changed",
    "escalated": "Escalated for health and safety",
    "call_tried": "Somebody rang the customer",
    "facts_changed": "Facts changed, routed again",
    "sent_again": "Reply sent again",
}


class IncidentLifecycle(models.Model):
    """The states of an incident, and the moves between them. A move sets fields of its own row and nothing else."""

    state = FSMField(choices=State.choices, default=State.RECEIVED, protected=True)
    # Declared in models.py; moves set them.
    assigned_to_id: int | None
    replied_at: datetime | None
    closed_at: datetime | None

    class Meta:
        abstract = True

    @transition(field=state, source=State.RECEIVED, target=State.ASSIGNED, custom={"label": "Taken"})
    def take(self, *, at: datetime, agent_id: int) -> None:
        self.assigned_to_id = agent_id

    @transition(field=state, source=State.RECEIVED, target=State.ASSIGNED, custom={"label": "Assigned"})
    def assign(self, *, at: datetime, agent_id: int) -> None:
        self.assigned_to_id = agent_id

    @transition(field=state, source=State.ASSIGNED, target=State.RECEIVED, custom={"label": "Put back"})
    def put_back(self, *, at: datetime) -> None:
        self.assigned_to_id = None
        self.replied_at = None

    @transition(
        field=state, source=State.ASSIGNED, target=State.AWAITING_INFORMATION, custom={"label": "Asked for information"}
    )
    def ask(self, *, at: datetime) -> None:
        """The first-reply clock stands while we wait."""

    @transition(field=state, source=State.AWAITING_INFORMATION, target=State.ASSIGNED, custom={"label": "Answered"})
    def answer(self, *, at: datetime) -> None:
        """Whoever was asked has answered."""

    @transition(
        field=state,
        source=State.AWAITING_INFORMATION,
        target=State.ASSIGNED,
        custom={"label": "Went on without an answer"},
    )
    def carry_on(self, *, at: datetime) -> None:
        """No answer came in five working days, or the agent goes on without one."""

    @transition(
        field=state,
        source=State.AWAITING_INFORMATION,
        target=State.RECEIVED,
        custom={"label": "Put back: no answer, and its agent is no longer here"},
    )
    def carry_on_without_agent(self, *, at: datetime) -> None:
        self.assigned_to_id = None
        self.replied_at = None

    @transition(field=state, source=State.ASSIGNED, target=State.RESOLVED, custom={"label": "Answered by email"})
    def resolve_by_reply(self, *, at: datetime) -> None:
        """The reply goes out by email (UJ-02)."""
        self.replied_at = self.replied_at or at

    @transition(
        field=state, source=State.ASSIGNED, target=State.CALLBACK_PENDING, custom={"label": "Answered, call asked for"}
    )
    def reply_by_callback(self, *, at: datetime) -> None:
        """Wait for the call in which the reply is read out (UJ-34)."""
        self.replied_at = self.replied_at or at

    @transition(field=state, source=State.ASSIGNED, target=State.CALLBACK_PENDING, custom={"label": "Call asked for"})
    def ask_for_call(self, *, at: datetime) -> None:
        """There is no address to reply to: what to say is read out on the telephone."""
        self.replied_at = self.replied_at or at

    @transition(
        field=state, source=State.CALLBACK_PENDING, target=State.RESOLVED, custom={"label": "Told by telephone"}
    )
    def resolve_by_call(self, *, at: datetime) -> None:
        """The reply was read out (UJ-34)."""

    @transition(
        field=state,
        source=State.CALLBACK_PENDING,
        target=State.RESOLVED,
        custom={"label": "Not reached by telephone: a letter asks them to ring"},
    )
    def resolve_unreached(self, *, at: datetime) -> None:
        """The attempts are used up (UJ-34)."""

    @transition(
        field=state, source=State.CALLBACK_PENDING, target=State.ASSIGNED, custom={"label": "Callback cancelled"}
    )
    def take_back_call(self, *, at: datetime) -> None:
        """Back with the agent who replied, who resolves it or asks for a new call."""

    @transition(
        field=state,
        source=State.CALLBACK_PENDING,
        target=State.RECEIVED,
        custom={"label": "Callback cancelled, and its agent is no longer here"},
    )
    def put_back_call(self, *, at: datetime) -> None:
        self.assigned_to_id = None
        self.replied_at = None

    @transition(field=state, source=State.ASSIGNED, target=State.RESOLVED, custom={"label": "Resolved without a reply"})
    def resolve_without_reply(self, *, at: datetime) -> None:
        """Nothing is sent to the customer."""

    @transition(field=state, source=State.ASSIGNED, target=State.NO_REPLY_ROUTE, custom={"label": "No reply route"})
    def record_no_reply_route(self, *, at: datetime) -> None:
        """Nobody can be told; it is kept for information."""

    @transition(field=state, source=State.RESOLVED, target=State.ASSIGNED, custom={"label": "The reply reached nobody"})
    def bounce(self, *, at: datetime) -> None:
        """Neither by mail nor by a call: back with the agent who replied (UJ-36)."""
        self.replied_at = None

    @transition(
        field=state, source=State.NO_REPLY_ROUTE, target=State.ASSIGNED, custom={"label": "Contact details found"}
    )
    def find_details(self, *, at: datetime) -> None:
        """There is somebody to reply to after all."""

    @transition(
        field=state,
        source=[State.RESOLVED, State.NO_REPLY_ROUTE],
        target=State.RECEIVED,
        custom={"label": "Back in the queue: its agent is no longer here"},
    )
    def come_back(self, *, at: datetime) -> None:
        """What `bounce` or `find_details` would give back to its agent."""
        self.assigned_to_id = None
        self.replied_at = None

    @transition(
        field=state,
        source=State.AWAITING_INFORMATION,
        target=State.ASSIGNED,
        custom={"label": "Escalated for health and safety"},
    )
    def escalate_to_agent(self, *, at: datetime) -> None:
        """The answer is waited for no longer (UJ-26)."""

    @transition(
        field=state,
        source=[State.AWAITING_INFORMATION, State.RESOLVED, State.NO_REPLY_ROUTE],
        target=State.RECEIVED,
        custom={"label": "Escalated for health and safety"},
    )
    def escalate_to_queue(self, *, at: datetime) -> None:
        """It was answered, or its agent is no longer here: whoever is next takes it (UJ-26)."""
        self.assigned_to_id = None
        self.replied_at = None

    @transition(
        field=state, source=[State.RESOLVED, State.NO_REPLY_ROUTE], target=State.CLOSED, custom={"label": "Closed"}
    )
    def close(self, *, at: datetime) -> None:
        self.closed_at = at

    @transition(field=state, source=[State.RESOLVED, State.CLOSED], target=State.RECEIVED, custom={"label": "Reopened"})
    def reopen(self, *, at: datetime) -> None:
        self.assigned_to_id = None
        self.replied_at = None
        self.closed_at = None
