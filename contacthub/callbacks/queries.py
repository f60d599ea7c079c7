from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from contacthub.actor import Actor
from contacthub.callbacks.lifecycle import IN_HANDS, OPEN, CallbackState
from contacthub.cases.queries import CaseRecordQuerySet
from contacthub.deadlines.ages import Ageing
from contacthub.people.roles import Role, UnitKind

if TYPE_CHECKING:
    from contacthub.callbacks.models import Callback, Queue  # noqa: F401  named in the base classes

# Who reads the callbacks of a kind besides the staff of their queue.
UJ_PREFIX = "uj_"
READ_UJ = {Role.HELPDESK_AGENT, Role.HELPDESK_LEAD}
UJ_UNITS = [UnitKind.ED_SITE, UnitKind.CONTACT_CENTRE, UnitKind.JOBCENTRE]


class QueueQuerySet(models.QuerySet["Queue"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep the queues of the actor's units, and those they lead; for the Helpdesk all of Universal Jobmatch."""
        if actor.sees_everything:
            return self
        if actor.staff_id is None:
            return self.none()
        seen = Q(unit_id__in=actor.unit_ids) | Q(lead_id=actor.staff_id)
        if READ_UJ & actor.roles:
            seen |= Q(unit__kind__in=UJ_UNITS)
        return self.filter(seen)


class CallbackQuerySet(CaseRecordQuerySet["Callback"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep the callbacks of the queues of the actor's units, and those that they lead; for the Helpdesk its own.

        Whoever has a call, or had it before, sees it wherever it went: what they did on the telephone can be kept.
        """
        if actor.sees_everything:
            return self
        if actor.staff_id is None:
            return self.none()
        seen = Q(queue__unit_id__in=actor.unit_ids) | Q(queue__lead_id=actor.staff_id)
        held = self.model.held_before.through.objects.filter(staffmember_id=actor.staff_id)
        seen |= Q(allocated_to_id=actor.staff_id) | Q(pk__in=held.values("callback_id"))
        if READ_UJ & actor.roles:
            seen |= Q(kind__startswith=UJ_PREFIX)
        return self.filter(seen)

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def queued(self) -> Self:
        return self.filter(state=CallbackState.QUEUED)

    def in_hands_of(self, staff_id: int) -> Self:
        return self.filter(allocated_to_id=staff_id, state__in=IN_HANDS)

    def aged(self, band: Ageing, at: datetime) -> Self:
        """Keep the open callbacks of an ageing band (CM-06)."""
        return self.open().filter(band.holds(at))

    def overdue(self, at: datetime) -> Self:
        return self.open().filter(due_at__lte=at)

    def oldest_first(self) -> Self:
        return self.order_by("due_at", "pk")

    def in_calling_order(self) -> Self:
        """Order by due moment, urgent ones before all others (UJ-26)."""
        return self.order_by("-urgent", "due_at", "pk")
