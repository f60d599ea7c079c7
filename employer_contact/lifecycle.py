from __future__ import annotations

from datetime import datetime

from django.db import models
from django_fsm import FSMField, transition

from employer_contact.security import Check
from employer_contact.terms import Language


class ContactState(models.TextChoices):
    STARTED = "started", "Nobody identified yet"
    IDENTIFIED = "identified", "Security questions"
    SECURITY_PASSED = "security_passed", "Security passed"
    SECURITY_FAILED = "security_failed", "Security failed"
    SECURITY_NOT_REQUIRED = "security_not_required", "Security not required"
    REASON_RECORDED = "reason_recorded", "Reason recorded"
    WRAPPED_UP = "wrapped_up", "Finished"
    ABANDONED = "abandoned", "Call lost"
    WELSH_CALLBACK = "welsh_callback", "Ended: called back in Welsh"


State = ContactState

# Before any end.
OPEN = [
    State.STARTED,
    State.IDENTIFIED,
    State.SECURITY_PASSED,
    State.SECURITY_FAILED,
    State.SECURITY_NOT_REQUIRED,
    State.REASON_RECORDED,
]
WITH_PARTY = OPEN[1:]
UNFINISHED = [*OPEN, State.ABANDONED]
UNLOCKED = [State.SECURITY_PASSED, State.SECURITY_NOT_REQUIRED, State.REASON_RECORDED]

# Of callbacks, on the timeline of what they are about.
CALLBACK_LABELS = {
    "callback_asked": "Callback asked for",
    "call_tried": "Rung back",
    "callback_ended": "Callback ended",
}
EVENT_LABELS = {
    "opened": "Contact opened",
    "taken_up": "Opened by a caseworker",
    "answered": "Security questions answered",
    "reason_taken_back": "Reason taken back",
    "reason_refused": "Asked for something that is not open to them",
    "call_ended": "Call ended",
    "request_raised": "Service request raised",
    "request_attached": "About a service request raised before",
    "request_completed": "Service request completed",
    "reissue_requested": "Re-issue of a CMSL2040 requested",
    "identity_offered": "Identity email offered",
    "identity_sent": "Identity email sent",
    "identity_content": "They have the identity email, and are content",
    "identity_not_content": "Identity email not received, or they are not content",
    "identity_declined": "Identity email: they have no email, or do not want it",
    "identity_fallback": "Agreed in place of the identity email",
    "handed_over": "Handed over",
    **CALLBACK_LABELS,
}


class IdentityState(models.TextChoices):
    """How far the step is in which an employer is shown by email who we are (EC-52 to EC-62)."""

    NONE = "", "Not offered"
    OFFERED = "offered", "Offered"
    SENT = "sent", "Sent"
    CONTENT = "content", "Received, and content"
    NOT_CONTENT = "not_content", "Not received, or not content"
    DECLINED = "declined", "No email, or not wanted"
    FALLBACK = "fallback_recorded", "Agreed what comes instead"


# Before the contact can finish something is to be said of these.
NOT_SETTLED = [IdentityState.OFFERED, IdentityState.SENT, IdentityState.NOT_CONTENT, IdentityState.DECLINED]


class ContactLifecycle(models.Model):
    """The states of a contact, and the moves between them. A move sets fields of its own row and nothing else.

    `security` says how the contact stands with the security questions; it lapses with the call and with the record.
    """

    state = FSMField(choices=State.choices, default=State.STARTED, protected=True)
    identity = FSMField(choices=IdentityState.choices, default=IdentityState.NONE, blank=True, protected=True)
    # Declared in models.py; moves set them.
    identity_fallback: str
    security: str
    party_type: str
    employer_id: int | None
    agent_id: int | None
    about_id: int | None
    found_by: str
    language: str
    owner_id: int | None
    team_id: int | None
    ended_at: datetime | None

    class Meta:
        abstract = True

    @transition(field=state, source=State.STARTED, target=State.IDENTIFIED, custom={"label": "Party chosen"})
    def identify(
        self,
        *,
        at: datetime,
        party_type: str,
        employer_id: int | None,
        agent_id: int | None,
        about_id: int | None,
        found_by: str,
        language: str,
    ) -> None:
        self.party_type, self.employer_id, self.agent_id = party_type, employer_id, agent_id
        self.about_id = about_id
        self.found_by, self.language = found_by, language
        self.security = Check.ASKED_FOR

    @transition(field=state, source=WITH_PARTY, target=State.STARTED, custom={"label": "Wrong record: chosen again"})
    def choose_again(self, *, at: datetime) -> None:
        """Any result of a security check goes with the record, and so does its language."""
        self.party_type, self.employer_id, self.agent_id, self.about_id, self.found_by = "", None, None, None, ""
        self.language = Language.ENGLISH
        self.security = Check.ASKED_FOR

    @transition(
        field=state, source=State.IDENTIFIED, target=State.SECURITY_PASSED, custom={"label": "Security check passed"}
    )
    def pass_security(self, *, at: datetime) -> None:
        self.security = Check.PASSED

    @transition(
        field=state, source=State.IDENTIFIED, target=State.SECURITY_FAILED, custom={"label": "Security check failed"}
    )
    def fail_security(self, *, at: datetime) -> None:
        self.security = Check.FAILED

    @transition(
        field=state,
        source=State.IDENTIFIED,
        target=State.SECURITY_NOT_REQUIRED,
        custom={"label": "Security check not required"},
    )
    def skip_security(self, *, at: datetime) -> None:
        """Letters, faxes, emails and calls that we make need none (EC-15)."""
        self.security = Check.NOT_REQUIRED

    @transition(field=state, source=UNLOCKED, target=State.REASON_RECORDED, custom={"label": "Reason recorded"})
    def record_reason(self, *, at: datetime) -> None:
        """One of several, perhaps (EC-05)."""

    @transition(
        field=state,
        source=[State.SECURITY_PASSED, State.SECURITY_NOT_REQUIRED],
        target=State.REASON_RECORDED,
        custom={"label": "Reasons taken up again"},
    )
    def take_up_reasons(self, *, at: datetime) -> None:
        """The reasons of a call that was lost stand."""

    @transition(field=state, source=OPEN, target=State.ABANDONED, custom={"label": "Call lost"})
    def lose(self, *, at: datetime) -> None:
        self.ended_at = at
        self.security = Check.ASKED_FOR

    @transition(
        field=state, source=State.STARTED, target=State.ABANDONED, custom={"label": "Nobody opened it in 24 hours"}
    )
    def expire(self, *, at: datetime) -> None:
        """A call of which telephony told us, and that nobody took."""
        self.ended_at = at

    @transition(field=state, source=State.ABANDONED, target=State.STARTED, custom={"label": "Taken up again"})
    def resume(self, *, at: datetime, owner_id: int, team_id: int | None) -> None:
        """Nobody was identified."""
        self.owner_id, self.team_id, self.ended_at = owner_id, team_id, None

    @transition(
        field=state,
        source=State.ABANDONED,
        target=State.IDENTIFIED,
        custom={"label": "Taken up again, with the record that was chosen"},
    )
    def resume_with_party(self, *, at: datetime, owner_id: int, team_id: int | None) -> None:
        """On a new call the security questions are asked anew."""
        self.owner_id, self.team_id, self.ended_at = owner_id, team_id, None

    @transition(field=state, source=OPEN, target=State.WELSH_CALLBACK, custom={"label": "To be called back in Welsh"})
    def arrange_welsh(self, *, at: datetime) -> None:
        """The Welsh Language Unit calls them back (EC-13); how far the check had come stays to be read (EC-69)."""
        self.ended_at = at

    @transition(field=state, source=OPEN, target=State.WRAPPED_UP, custom={"label": "Finished"})
    def finish(self, *, at: datetime) -> None:
        self.ended_at = at

    @property
    def identity_is_settled(self) -> bool:
        """Say if nobody need say any more what came of the identity email."""
        return self.identity not in NOT_SETTLED

    @transition(field=identity, source=IdentityState.NONE, target=IdentityState.OFFERED)
    def offer_identity(self) -> None:
        """They will give nothing over the telephone (EC-52)."""

    @transition(
        field=identity,
        source=[IdentityState.OFFERED, IdentityState.SENT, IdentityState.NOT_CONTENT],
        target=IdentityState.SENT,
    )
    def send_identity(self) -> None:
        """Once more to another address, perhaps."""

    @transition(field=identity, source=IdentityState.SENT, target=IdentityState.CONTENT)
    def accept_identity(self) -> None:
        """The call goes on (EC-59)."""

    @transition(field=identity, source=IdentityState.SENT, target=IdentityState.NOT_CONTENT)
    def doubt_identity(self) -> None:
        """It did not arrive, or does not content them (EC-61)."""

    @transition(field=identity, source=IdentityState.OFFERED, target=IdentityState.DECLINED)
    def decline_identity(self) -> None:
        """They have no email, or do not agree (EC-60)."""

    @transition(
        field=identity,
        source=[IdentityState.DECLINED, IdentityState.NOT_CONTENT],
        target=IdentityState.FALLBACK,
    )
    def agree_instead(self, *, fallback: str) -> None:
        self.identity_fallback = fallback


class RequestState(models.TextChoices):
    OPEN = "open", "Open"
    IN_PROGRESS = "in_progress", "In progress"
    WAITING = "waiting", "Waiting"
    COMPLETED = "completed", "Completed"
    CANCELLED = "cancelled", "Cancelled"


WORKED_ON = [RequestState.OPEN, RequestState.IN_PROGRESS]
NOT_ENDED = [*WORKED_ON, RequestState.WAITING]

REQUEST_EVENT_LABELS = {
    "raised": "Raised",
    "contact_attached": "They asked about it again",
    "reassigned": "Given to somebody else",
    **CALLBACK_LABELS,
}


class RequestLifecycle(models.Model):
    """The states of a service request, and the moves between them. A move sets fields of its own row and nothing else.

    `case_update` is what the last step writes; `waits_for` says on whom a request waits, until `waits_until`.
    """

    state = FSMField(choices=RequestState.choices, default=RequestState.OPEN, protected=True)
    # Declared in models/requests.py; moves set them.
    waits_for: str
    waits_until: datetime | None
    case_update: str
    ended_at: datetime | None

    class Meta:
        abstract = True

    @transition(
        field=state, source=RequestState.OPEN, target=RequestState.IN_PROGRESS, custom={"label": "Work has begun"}
    )
    def begin(self, *, at: datetime) -> None:
        """The first activity was started, completed or marked not needed."""

    @transition(field=state, source=RequestState.IN_PROGRESS, target=RequestState.WAITING, custom={"label": "Waiting"})
    def wait(self, *, at: datetime, waits_for: str, waits_until: datetime) -> None:
        self.waits_for, self.waits_until = waits_for, waits_until

    @transition(
        field=state, source=RequestState.WAITING, target=RequestState.IN_PROGRESS, custom={"label": "The answer came"}
    )
    def answer(self, *, at: datetime) -> None:
        self.waits_for, self.waits_until = "", None

    @transition(
        field=state,
        source=RequestState.WAITING,
        target=RequestState.IN_PROGRESS,
        custom={"label": "No answer came in time"},
    )
    def remind(self, *, at: datetime) -> None:
        self.waits_for, self.waits_until = "", None

    @transition(
        field=state, source=RequestState.IN_PROGRESS, target=RequestState.COMPLETED, custom={"label": "Completed"}
    )
    def complete(self, *, at: datetime, case_update: str) -> None:
        self.case_update, self.ended_at = case_update, at

    @transition(field=state, source=NOT_ENDED, target=RequestState.CANCELLED, custom={"label": "Cancelled"})
    def cancel(self, *, at: datetime) -> None:
        self.waits_for, self.waits_until = "", None
        self.ended_at = at

    @transition(
        field=state, source=RequestState.COMPLETED, target=RequestState.IN_PROGRESS, custom={"label": "Reopened"}
    )
    def reopen(self, *, at: datetime) -> None:
        """The case update of before stays, until the closing step is done again."""
        self.ended_at = None


class ReissueState(models.TextChoices):
    REQUESTED = "requested", "Requested"
    REISSUED = "reissued", "Re-issued"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ReissueLifecycle(models.Model):
    """The states of a request to re-issue a CMSL2040 (EC-46 to EC-48)."""

    state = FSMField(choices=ReissueState.choices, default=ReissueState.REQUESTED, protected=True)
    # Declared in models/reissues.py; moves set it.
    ended_at: datetime | None

    class Meta:
        abstract = True

    @transition(field=state, source=ReissueState.REQUESTED, target=ReissueState.REISSUED, custom={"label": "Re-issued"})
    def reissue(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(field=state, source=ReissueState.REQUESTED, target=ReissueState.DECLINED, custom={"label": "Declined"})
    def decline(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(
        field=state, source=ReissueState.REQUESTED, target=ReissueState.WITHDRAWN, custom={"label": "Withdrawn"}
    )
    def withdraw(self, *, at: datetime) -> None:
        self.ended_at = at
