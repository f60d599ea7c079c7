"""What happens to an incident when something shared happens."""

from datetime import datetime

from django_fsm import can_proceed

from contacthub.actor import CLOCK, Actor
from contacthub.callbacks.models import Attempt, Callback
from contacthub.callbacks.protocols import CallbackReactions
from contacthub.cases.models import Case
from contacthub.cases.registry import reacts_for
from contacthub.cases.services import move
from contacthub.deadlines.protocols import DeadlineReactions
from contacthub.formats import day_and_time
from contacthub.mail.models import Message
from contacthub.mail.protocols import MailReactions
from contacthub.mail.services import tell
from contacthub.people.roles import Role
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.permissions import may_lead
from jobmatch_helpdesk.services.asking import go_on_without_answer
from jobmatch_helpdesk.services.bouncing import mail_failed
from jobmatch_helpdesk.services.calling import call_ended, call_tried
from jobmatch_helpdesk.services.shared import ESCALATION, leads_and_agent, tell_all


@reacts_for(Incident)
class IncidentReactions(DeadlineReactions, MailReactions, CallbackReactions):
    LEADS = frozenset({Role.HELPDESK_LEAD})
    MOVED_BY_TIME = frozenset({"close", "no_answer"})

    def may_extend(self, incident: Incident, kind: str, by: Actor) -> bool:
        return kind == "first_reply" and may_lead(by)

    def due_moved(self, case: Case, kind: str, due_at: datetime) -> None:
        if kind == "first_reply":
            Incident.objects.filter(pk=case.pk).update(due_at=due_at)

    def came_due(self, incident: Incident, kind: str, at: datetime) -> None:
        """Ten working days after it was resolved, close it; five after a question, go on without the answer."""
        if kind == "close" and can_proceed(incident.close, check_conditions=False):
            move(incident.close, by=CLOCK, at=at)
        if kind == "no_answer" and can_proceed(incident.carry_on, check_conditions=False):
            go_on_without_answer(incident, at=at)

    def delivery_failed(self, incident: Incident, message: Message, at: datetime) -> None:
        mail_failed(incident, message, by=CLOCK, at=at)

    def callback_ended(self, incident: Incident, callback: Callback, *, by: Actor, at: datetime) -> None:
        call_ended(incident, callback, by=by, at=at)

    def attempt_made(self, incident: Incident, attempt: Attempt, *, by: Actor, at: datetime) -> None:
        call_tried(incident, attempt, by=by, at=at)

    def warned(self, incident: Incident, kind: str, due_at: datetime, at: datetime) -> None:
        """Remind the agent who has it; what nobody has stands in the queue for all to see."""
        if kind == "first_reply" and incident.assigned_to:
            words = f"{incident.reference}: the first reply is due {day_and_time(due_at)}"
            tell(incident.assigned_to, words=words, case=incident.case, at=at)
        if kind == ESCALATION:
            words = f"{incident.reference} is escalated: somebody must act by {day_and_time(due_at)}"
            tell_all(leads_and_agent(incident, at=at), words, incident, at=at)

    def escalated(self, incident: Incident, kind: str, due_at: datetime, at: datetime) -> None:
        """Tell the Helpdesk leads, and the agent who has it, what is overdue."""
        if kind == "first_reply":
            words = f"{incident.reference}: the first reply was due {day_and_time(due_at)}"
            tell_all(leads_and_agent(incident, at=at), words, incident, at=at, in_digest=True)
        if kind == ESCALATION:
            words = f"{incident.reference} is escalated, and nobody has acted by {day_and_time(due_at)}"
            tell_all(leads_and_agent(incident, at=at), words, incident, at=at, by_mail=True)
