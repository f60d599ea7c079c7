from __future__ import annotations

from datetime import datetime

from django.db import models
from django_fsm import FSMField, transition


class FormState(models.TextChoices):
    DRAFT = "draft", "Draft"
    AWAITING_AGREEMENT = "awaiting_agreement", "Waiting for agreement"
    AGREED = "agreed", "Agreed"
    SUBMITTED = "submitted", "To be checked and sent"
    WITH_SENIOR_MANAGER = "with_senior_manager", "With the area senior resolution manager"
    DELIVERED = "delivered", "To be discussed"
    DISCUSSED = "discussed", "Discussed"
    PART_TWO_COMPLETE = "part2_complete", "Part 2 complete"
    CLOSED = "closed", "Closed"
    NOT_NEEDED = "not_needed", "No feedback"
    WITHDRAWN = "withdrawn", "Withdrawn"


State = FormState

ENDED = [State.NOT_NEEDED, State.WITHDRAWN, State.CLOSED]  # a complaint has one form at most in any other state
WITH_SENDER = [State.DRAFT, State.AWAITING_AGREEMENT, State.AGREED]  # part 1 is read only after these (CF-40)
SUBMITTED_ON = [State.SUBMITTED, State.WITH_SENIOR_MANAGER, State.DELIVERED, State.DISCUSSED]
WITH_RECEIVER = [State.DELIVERED, State.DISCUSSED]
SENT = [*WITH_RECEIVER, State.PART_TWO_COMPLETE, State.CLOSED]  # the receiving team leader and the managers read it
DISCUSSED_ON = [State.DISCUSSED, State.PART_TWO_COMPLETE, State.CLOSED]  # the person reads part 1
COMPLETE = [State.PART_TWO_COMPLETE, State.CLOSED]
HAS_SENDING_LEADER = [*WITH_SENDER, *SUBMITTED_ON]  # while another one may take over

EVENT_LABELS = {
    "started": "Started",
    "part_one_changed": "Person or trigger changed while the team leader was asked",
    "area_changed": "Area changed",
    "part_named": "Named for a post that is vacant",
    "recipients_refreshed": "Recipients brought up to date from the people directory",
    "responsible_named": "Responsible manager named",
    "readdressed": "Sent to who is responsible now",
    "sending_leader_changed": "Sending team leader changed",
    "directory_changed": "Others are responsible by the people directory",
    "copy_not_sent": "Copy not sent",
    "copy_resent": "Copy sent again",
}


class FormLifecycle(models.Model):
    """The states of a feedback form, and the moves between them. A move sets fields of its own row and nothing else."""

    state = FSMField(choices=State.choices, default=State.DRAFT, protected=True)
    # Declared in models.py; moves set them.
    asked_number: int
    agreed_by_id: int | None
    agreed_at: datetime | None
    submitted_at: datetime | None
    with_senior_at: datetime | None
    delivered_at: datetime | None
    received_at: datetime | None
    discussion_recorded_at: datetime | None
    completed_at: datetime | None
    ended_at: datetime | None

    class Meta:
        abstract = True

    @transition(field=state, source=State.DRAFT, target=State.NOT_NEEDED, custom={"label": "No feedback"})
    def record_no_feedback(self, *, at: datetime) -> None:
        """Nothing is sent (CF-20, CF-21)."""
        self.ended_at = at

    @transition(
        field=state,
        source=[State.DRAFT, State.AGREED],
        target=State.NOT_NEEDED,
        custom={"label": "Ended: the issue happened more than six months ago"},
    )
    def end_as_too_old(self, *, at: datetime) -> None:
        """The sender says that the date is right (CF-18)."""
        self.ended_at = at

    @transition(
        field=state, source=State.DRAFT, target=State.AWAITING_AGREEMENT, custom={"label": "Team leader asked to agree"}
    )
    def ask(self, *, at: datetime) -> None:
        """The sender's own team leader decides if feedback is given (CF-22)."""
        self.asked_number += 1

    @transition(
        field=state,
        source=State.AGREED,
        target=State.AWAITING_AGREEMENT,
        custom={"label": "Person or trigger changed, team leader asked again"},
    )
    def ask_again(self, *, at: datetime) -> None:
        self.asked_number += 1
        self.agreed_by_id = None
        self.agreed_at = None

    @transition(field=state, source=State.AWAITING_AGREEMENT, target=State.AGREED, custom={"label": "Agreed"})
    def agree(self, *, at: datetime, leader_id: int) -> None:
        self.agreed_by_id = leader_id
        self.agreed_at = at

    @transition(field=state, source=State.AWAITING_AGREEMENT, target=State.NOT_NEEDED, custom={"label": "Not agreed"})
    def refuse(self, *, at: datetime) -> None:
        """Without the team leader's agreement the form ends (CF-23)."""
        self.ended_at = at

    @transition(
        field=state, source=State.AGREED, target=State.SUBMITTED, custom={"label": "Sent to the sending team leader"}
    )
    def submit(self, *, at: datetime) -> None:
        self.submitted_at = at

    @transition(field=state, source=State.SUBMITTED, target=State.AGREED, custom={"label": "Returned for correction"})
    def return_for_correction(self, *, at: datetime) -> None:
        self.submitted_at = None

    @transition(
        field=state, source=State.SUBMITTED, target=State.DELIVERED, custom={"label": "Checked and sent to all four"}
    )
    def send_to_all(self, *, at: datetime) -> None:
        """The 48 hours of the receiving team leader start (CF-34, CF-39)."""
        self.delivered_at = self.received_at = at

    @transition(
        field=state,
        source=State.SUBMITTED,
        target=State.WITH_SENIOR_MANAGER,
        custom={"label": "Checked and sent to the area senior resolution manager"},
    )
    def send_to_senior_manager(self, *, at: datetime) -> None:
        """He confirms the managers first (CF-36)."""
        self.with_senior_at = at

    @transition(
        field=state,
        source=State.WITH_SENIOR_MANAGER,
        target=State.DELIVERED,
        custom={"label": "Managers confirmed, sent to all four"},
    )
    def confirm_and_send(self, *, at: datetime) -> None:
        """The 48 hours of the receiving team leader start (CF-37, AMB-29)."""
        self.delivered_at = self.received_at = at

    @transition(field=state, source=State.DELIVERED, target=State.DISCUSSED, custom={"label": "Discussion recorded"})
    def record_discussion(self, *, at: datetime) -> None:
        self.discussion_recorded_at = at

    @transition(
        field=state, source=State.DISCUSSED, target=State.PART_TWO_COMPLETE, custom={"label": "Part 2 completed"}
    )
    def complete_part_two(self, *, at: datetime) -> None:
        """Part 2 is read only from here on (CF-40)."""
        self.completed_at = at

    @transition(field=state, source=State.PART_TWO_COMPLETE, target=State.CLOSED, custom={"label": "Closed"})
    def close(self, *, at: datetime) -> None:
        """The copies are queued, and that of the personal file is saved."""
        self.ended_at = at

    @transition(
        field=state,
        source=[*WITH_SENDER, State.SUBMITTED, State.WITH_SENIOR_MANAGER, State.DELIVERED],
        target=State.WITHDRAWN,
        custom={"label": "Withdrawn"},
    )
    def withdraw(self, *, at: datetime) -> None:
        self.ended_at = at
