"""What happens to a contact or a service request when something shared happens."""

from datetime import datetime

from django_fsm import can_proceed

from contacthub.actor import CLOCK
from contacthub.cases.models import Case
from contacthub.cases.registry import reacts_for
from contacthub.cases.services import move
from contacthub.deadlines.protocols import DeadlineReactions
from contacthub.deadlines.services import resume
from contacthub.formats import day_and_time, uk_day
from contacthub.mail.protocols import MailReactions
from contacthub.mail.services import tell
from contacthub.people.roles import Post, Role
from contacthub.people.services import holders_of
from employer_contact.models import Contact, ServiceRequest
from employer_contact.services.requests import DUE, REMINDER
from employer_contact.services.shared import UNOPENED


@reacts_for(Contact)
class ContactReactions(DeadlineReactions, MailReactions):
    """Its deadlines are of follow-ups, which stand on the list of their team, and of a call that nobody takes up."""

    LEADS = frozenset({Role.TEAM_LEADER})
    MOVED_BY_TIME = frozenset({UNOPENED})

    def came_due(self, contact: Contact, kind: str, at: datetime) -> None:
        if kind == UNOPENED and contact.owner_id is None and can_proceed(contact.expire, check_conditions=False):
            move(contact.expire, by=CLOCK, at=at)


@reacts_for(ServiceRequest)
class ServiceRequestReactions(DeadlineReactions, MailReactions):
    LEADS = frozenset({Role.TEAM_LEADER})
    MOVED_BY_TIME = frozenset({REMINDER})

    def due_moved(self, case: Case, kind: str, due_at: datetime) -> None:
        if kind == DUE:
            ServiceRequest.objects.filter(pk=case.pk).update(due_at=due_at)

    def came_due(self, request: ServiceRequest, kind: str, at: datetime) -> None:
        """What it waited for did not come in time: it goes on, and its owner hears of it."""
        if kind == REMINDER and can_proceed(request.remind, check_conditions=False):
            waited_for = request.waits_for
            move(request.remind, by=CLOCK, at=at)
            resume(case=request.case, kind=DUE, at=at)
            _tell_owner(request, f"{request.reference}: {waited_for} has not answered. Go on", at=at)

    def warned(self, request: ServiceRequest, kind: str, due_at: datetime, at: datetime) -> None:
        if kind == DUE:
            _tell_owner(request, f"{request.reference} {request.name} is due {day_and_time(due_at)}", at=at)

    def escalated(self, request: ServiceRequest, kind: str, due_at: datetime, at: datetime) -> None:
        """Tell who has it, and who leads the team."""
        if kind != DUE:
            return
        words = f"{request.reference} {request.name} was due {day_and_time(due_at)}"
        _tell_owner(request, words, at=at)
        if request.team:
            for lead in holders_of(Post.TEAM_LEADER, request.team, on=uk_day(at)):
                if lead.pk != request.owner_id:
                    tell(lead, words=words, case=request.case, at=at)


def _tell_owner(request: ServiceRequest, words: str, *, at: datetime) -> None:
    if request.owner:
        tell(request.owner, words=words, case=request.case, at=at)
