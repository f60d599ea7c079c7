"""What happens to a callback when time passes."""

from __future__ import annotations

from datetime import datetime

from contacthub.actor import Actor
from contacthub.callbacks import permissions, services
from contacthub.callbacks.models import Callback
from contacthub.callbacks.services import CALL, NEXT_ATTEMPT
from contacthub.cases.models import Case
from contacthub.cases.registry import reacts_for
from contacthub.deadlines.protocols import DeadlineReactions
from contacthub.formats import day_and_time
from contacthub.mail.protocols import MailReactions
from contacthub.mail.services import tell
from contacthub.people.models import StaffMember


@reacts_for(Callback)
class CallReactions(DeadlineReactions, MailReactions):
    MOVED_BY_TIME = frozenset({NEXT_ATTEMPT})

    def may_extend(self, callback: Callback, kind: str, by: Actor) -> bool:
        return kind == CALL and permissions.leads(by, callback.queue)

    def due_moved(self, case: Case, kind: str, due_at: datetime) -> None:
        if kind == CALL:
            Callback.objects.filter(pk=case.pk).update(due_at=due_at)

    def came_due(self, callback: Callback, kind: str, at: datetime) -> None:
        if kind == NEXT_ATTEMPT:
            services.come_due(callback, at=at)

    def warned(self, callback: Callback, kind: str, due_at: datetime, at: datetime) -> None:
        """Remind who has the call; what nobody has stands in the queue for all to see."""
        if kind == CALL and callback.allocated_to:
            words = f"{callback.reference}: ring {callback.customer_name} by {day_and_time(due_at)}"
            tell(callback.allocated_to, words=words, case=callback.case, at=at)

    def escalated(self, callback: Callback, kind: str, due_at: datetime, at: datetime) -> None:
        """Tell the lead of the queue, and who has the call, what is overdue (CM-06)."""
        what = "the call was due" if kind == CALL else "the letter was due"
        words = f"{callback.reference}, {callback.customer_name}: {what} {day_and_time(due_at)}"
        concerned: set[StaffMember] = {*services.leads_of(callback.queue, at=at)}
        if kind == CALL and callback.allocated_to:
            concerned.add(callback.allocated_to)
        for person in concerned:
            tell(person, words=words, case=callback.case, at=at, in_digest=True)
