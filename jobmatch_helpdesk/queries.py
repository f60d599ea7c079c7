from __future__ import annotations

from typing import TYPE_CHECKING, Self

from contacthub.actor import Actor, ActorKind
from contacthub.cases.queries import CaseRecordQuerySet
from contacthub.people.roles import Role
from jobmatch_helpdesk.lifecycle import WITH_THE_HELPDESK, IncidentState
from jobmatch_helpdesk.routing import Band

if TYPE_CHECKING:
    from jobmatch_helpdesk.models import Incident

QUEUE_ORDER = ("band", "received_at", "pk")


class IncidentQuerySet(CaseRecordQuerySet["Incident"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep what the actor may see: the Helpdesk sees every incident, the public none."""
        if actor.kind is ActorKind.CLOCK or not {Role.HELPDESK_AGENT, Role.HELPDESK_LEAD}.isdisjoint(actor.roles):
            return self
        return self.none()

    def with_the_helpdesk(self) -> Self:
        """Keep what waits for the Helpdesk."""
        return self.filter(state__in=WITH_THE_HELPDESK)

    def unassigned(self) -> Self:
        return self.filter(state=IncidentState.RECEIVED)

    def in_queue_order(self) -> Self:
        """Order by band, oldest first in each (UJ-04, UJ-05)."""
        return self.order_by(*QUEUE_ORDER)

    def longest_waiting(self) -> list[Incident]:
        """Return the incident that has waited longest in each band where one waits: one look into the index a band."""
        tops = [self.unassigned().filter(band=band).in_queue_order().first() for band in Band]
        return [top for top in tops if top]

    def locked_next(self, *, skip_locked: bool) -> Incident | None:
        """Return the top unassigned incident, locked: those locked by others are skipped, or waited for."""
        top = self.unassigned().in_queue_order()
        return top.select_for_update(of=("self",), no_key=True, skip_locked=skip_locked).first()
