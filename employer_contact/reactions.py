"""What happens to a contact or a service request when something shared happens."""

from collections.abc import Iterable
from datetime import datetime

from django_fsm import can_proceed

from contacthub.actor import CLOCK, Actor
from contacthub.callbacks.models import Attempt, Callback
from contacthub.callbacks.outcomes import Outcome
from contacthub.callbacks.protocols import CallbackReactions
from contacthub.cases.models import Case
from contacthub.cases.registry import reacts_for
from contacthub.cases.services import move, record_event
from contacthub.deadlines.models import FollowUp
from contacthub.deadlines.protocols import DeadlineReactions
from contacthub.deadlines.services import resume
from contacthub.documents.models import Document
from contacthub.documents.protocols import DocumentReactions
from contacthub.formats import day_and_time, uk_day
from contacthub.links import link_to
from contacthub.mail.models import Message
from contacthub.mail.protocols import MailReactions
from contacthub.mail.services import tell
from contacthub.people.models import StaffMember
from contacthub.people.roles import Post, Role
from contacthub.people.services import holders_of, staff_of
from employer_contact import permissions
from employer_contact.lifecycle import UNFINISHED
from employer_contact.models import Contact, ReissueRequest, ServiceRequest
from employer_contact.services.reissues import DUE as REISSUE_DUE
from employer_contact.services.reissues import who_decides
from employer_contact.services.requests import DUE, REMINDER
from employer_contact.services.shared import UNOPENED


class CalledBack(CallbackReactions):
    """What becomes of a callback stands on the timeline of what it is about, whose owner hears how it ended."""

    def answered_at(self, callback: Callback) -> str:
        return link_to("employers:answered", callback.reference)

    def attempt_made(self, record: Contact | ServiceRequest, attempt: Attempt, *, by: Actor, at: datetime) -> None:
        if attempt.too_late or attempt.outcome not in (Outcome.SPOKE, Outcome.NOT_VERIFIED):
            words = f"{attempt.callback.reference}: {Outcome(attempt.outcome).label}"
            _note(record, "call_tried", words, by=by, at=at)

    def callback_ended(self, record: Contact | ServiceRequest, callback: Callback, *, by: Actor, at: datetime) -> None:
        words = f"{callback.reference}: {callback.get_state_display()}. {callback.result}"
        _note(record, "callback_ended", words, by=by, at=at)
        if record.owner and record.owner_id != by.staff_id:
            tell(record.owner, words=words, case=record.case, at=at)


def _note(record: Contact | ServiceRequest, kind: str, words: str, *, by: Actor, at: datetime) -> None:
    record.save()  # whoever asks what changed is told of it
    record_event(record, kind, by=by, at=at, words=words)


@reacts_for(Contact)
class ContactReactions(CalledBack, DeadlineReactions, MailReactions, DocumentReactions):
    """Its deadlines are of follow-ups, which stand on the list of their team, and of a call that nobody takes up."""

    LEADS = frozenset({Role.TEAM_LEADER})
    MOVED_BY_TIME = frozenset({UNOPENED})

    def came_due(self, contact: Contact, kind: str, at: datetime) -> None:
        if kind == UNOPENED and contact.owner_id is None and can_proceed(contact.expire, check_conditions=False):
            move(contact.expire, by=CLOCK, at=at)
            words = f"{contact.reference}: nobody opened this call in 24 hours"
            _tell(permissions.team_leaders(on=uk_day(at)), contact, words, at=at)

    def escalated(self, contact: Contact, kind: str, due_at: datetime, at: datetime) -> None:
        _tell_of_late(contact, kind, due_at, at=at)

    def why_not_send(self, message: Message) -> str:
        """The identity email is for somebody on the telephone, or cut off just now: later it would puzzle (EC-53)."""
        waits = Contact.objects.filter(pk=message.case_id, state__in=UNFINISHED).exists()
        return "" if waits else "The call is over, so nobody waits for this email"

    def scan_ended(self, contact: Contact, document: Document, at: datetime) -> None:
        """Tell whoever has the contact that its letter cannot be opened after all."""
        if not document.is_clean and contact.owner:
            words = f"{contact.reference}: “{document.short_name}” {document.get_scan_state_display()}"
            _tell([contact.owner], contact, words, at=at)


@reacts_for(ServiceRequest)
class ServiceRequestReactions(CalledBack, DeadlineReactions, MailReactions):
    LEADS = frozenset({Role.TEAM_LEADER})
    MOVED_BY_TIME = frozenset({REMINDER})

    def may_extend(self, request: ServiceRequest, kind: str, by: Actor) -> bool:
        return kind == DUE and permissions.leads(by, request)

    def due_moved(self, case: Case, kind: str, due_at: datetime) -> None:
        if kind == DUE:
            ServiceRequest.objects.filter(pk=case.pk).update(due_at=due_at)

    def came_due(self, request: ServiceRequest, kind: str, at: datetime) -> None:
        """What it waited for did not come in time: it goes on, and whoever has it hears of it."""
        if kind == REMINDER and can_proceed(request.remind, check_conditions=False):
            waited_for = request.waits_for
            move(request.remind, by=CLOCK, at=at)
            resume(case=request.case, kind=DUE, at=at)
            words = f"{request.reference}: {waited_for} has not answered. Go on"
            _tell(who_acts(request, at=at), request, words, at=at)

    def warned(self, request: ServiceRequest, kind: str, due_at: datetime, at: datetime) -> None:
        if kind == DUE:
            words = f"{request.reference} {request.name} is due {day_and_time(due_at)}"
            _tell(who_acts(request, at=at), request, words, at=at)

    def escalated(self, request: ServiceRequest, kind: str, due_at: datetime, at: datetime) -> None:
        """Tell who has it, and who leads the team."""
        if kind == DUE:
            words = f"{request.reference} {request.name} was due {day_and_time(due_at)}"
            _tell([*who_acts(request, at=at), *_leads(request, at=at)], request, words, at=at, in_digest=True)
        else:
            _tell_of_late(request, kind, due_at, at=at)


@reacts_for(ReissueRequest)
class ReissueReactions(DeadlineReactions, MailReactions):
    """It is due once, and whoever decides hears of it; where it is late, the requester does, too."""

    LEADS = frozenset({Role.TEAM_LEADER})

    def due_moved(self, case: Case, kind: str, due_at: datetime) -> None:
        if kind == REISSUE_DUE:
            ReissueRequest.objects.filter(pk=case.pk).update(due_at=due_at)

    def warned(self, request: ReissueRequest, kind: str, due_at: datetime, at: datetime) -> None:
        if kind == REISSUE_DUE:
            words = f"{request.reference} is due {day_and_time(due_at)}: re-issue the CMSL2040, or decline"
            _tell(who_decides(request, on=uk_day(at)), request, words, at=at)

    def escalated(self, request: ReissueRequest, kind: str, due_at: datetime, at: datetime) -> None:
        if kind == REISSUE_DUE:
            was_due = f"{request.reference} was due {day_and_time(due_at)}"
            decide = who_decides(request, on=uk_day(at))
            _tell(decide, request, f"{was_due}: re-issue the CMSL2040, or decline", at=at, in_digest=True)
            if request.raised_by and request.raised_by not in decide:
                with_whom = " and ".join(map(str, decide)) or "nobody"
                _tell([request.raised_by], request, f"{was_due}. It is with {with_whom}", at=at, in_digest=True)


def _tell_of_late(record: Contact | ServiceRequest, kind: str, due_at: datetime, *, at: datetime) -> None:
    """Tell who leads the unit that is to tick something off, or all of the unit where nobody does."""
    rows = FollowUp.objects.open().filter(case=record.case, deadline__kind=kind)
    if late := rows.select_related("unit").first():
        leaders = list(holders_of(Post.TEAM_LEADER, late.unit, on=uk_day(at)))
        words = f"{record.reference}: {late} was due {day_and_time(due_at)}"
        _tell(leaders or staff_of(late.unit, on=uk_day(at)), record, words, at=at, in_digest=True)


def who_acts(request: ServiceRequest, *, at: datetime) -> list[StaffMember]:
    """Return who hears of a request: its owner. Where the owner has left us or the team, the team's leader hears of it;
    where it has none, all of the team; where nobody is there at all, the owner: it is never lost.
    """
    owner, team = request.owner, request.team
    staff = list(staff_of(team, on=uk_day(at))) if team else []
    is_here = owner and (owner in staff if team else owner.is_active_on(uk_day(at)))
    if owner and is_here:
        return [owner]
    return _leads(request, at=at) or staff or ([owner] if owner else [])


def _leads(request: ServiceRequest, *, at: datetime) -> list[StaffMember]:
    return list(holders_of(Post.TEAM_LEADER, request.team, on=uk_day(at))) if request.team else []


def _tell(
    people: Iterable[StaffMember],
    about: Contact | ServiceRequest | ReissueRequest,
    words: str,
    *,
    at: datetime,
    in_digest: bool = False,
) -> None:
    for person in {person.pk: person for person in people}.values():
        tell(person, words=words, case=about.case, at=at, in_digest=in_digest)
