from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import connection
from django.db.models import Q, QuerySet

from contacthub.actor import Actor
from contacthub.cases.models import Case
from contacthub.cases.queries import CaseRecordQuerySet
from contacthub.people.roles import Role
from jobmatch_helpdesk import scopes
from jobmatch_helpdesk.lifecycle import IN_HAND, WITH_THE_HELPDESK, IncidentState
from jobmatch_helpdesk.routing import Band, Source

if TYPE_CHECKING:
    from jobmatch_helpdesk.models import Incident

QUEUE_ORDER = ("band", "received_at", "pk")
SEE_ALL = {Role.HELPDESK_AGENT, Role.HELPDESK_LEAD}
SEE_THEIR_SITE = {Role.JOBCENTRE_ADVISER, Role.ED_AGENT, Role.ED_TEAM_LEADER}
SEE_JD = {Role.JD_AGENT, Role.JD_QUALITY_ASSESSOR}


def sees_all_by_scope(actor: Actor) -> bool:
    """Say if this is an integrator's key that may read what others raised."""
    return Role.INTEGRATOR in actor.roles and actor.has_scope(scopes.READ_ALL)


class IncidentQuerySet(CaseRecordQuerySet["Incident"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep what the actor may see: the Helpdesk all, others their own, and by their role their site's or JD's."""
        if actor.sees_everything or SEE_ALL & actor.roles or sees_all_by_scope(actor):
            return self
        if actor.staff_id is None:
            return self.none()
        seen = Q(raised_by_id=actor.staff_id)
        if SEE_THEIR_SITE & actor.roles:
            seen |= Q(site_id__in=actor.unit_ids)
        if SEE_JD & actor.roles:
            seen |= Q(source=Source.JD)
        return self.filter(seen)

    def with_the_helpdesk(self) -> Self:
        """Keep what waits for the Helpdesk."""
        return self.filter(state__in=WITH_THE_HELPDESK)

    def unassigned(self) -> Self:
        return self.filter(state=IncidentState.RECEIVED)

    def in_hand(self) -> Self:
        """Keep what waits for the Helpdesk and is in somebody's hands."""
        return self.filter(state__in=IN_HAND)

    def with_agent(self, staff_id: int) -> Self:
        """Keep what waits for one agent; what is answered waits for nobody here."""
        return self.with_the_helpdesk().filter(assigned_to_id=staff_id)

    def raised_by(self, staff_id: int) -> Self:
        """Keep what one member of staff raised, newest first."""
        return self.filter(raised_by_id=staff_id).order_by("-received_at", "-pk")

    def overdue(self, at: datetime) -> Self:
        """Keep what should have had its first reply: while no clock runs, nothing is due.

        The states are not asked as well: `OPEN_IN_THEMSELVES` in listing.py says why.
        """
        return self.filter(due_at__lte=at)

    def welsh(self) -> Self:
        return self.filter(language="cy")

    def of_jd(self) -> Self:
        return self.filter(source=Source.JD)

    def asking(self, raiser_id: int) -> Self:
        """Keep those in which the Helpdesk waits for an answer of whoever raised it."""
        return self.filter(raised_by_id=raiser_id, state=IncidentState.AWAITING_INFORMATION)

    def in_queue_order(self) -> Self:
        """Order by band, oldest first in each (UJ-04, UJ-05)."""
        return self.order_by(*QUEUE_ORDER)

    def longest_waiting(self) -> list[Incident]:
        """Return the incident that has waited longest in each band where one waits: one look into the index a band.

        Of each the band, the reference, since when and if it is escalated are read. The queue and every home ask, so it
        is a statement that Django need not write anew.
        """
        statement = """
            select case_id, reference, band, received_at, escalated_at
              from unnest(%(bands)s) as bands(number)
             cross join lateral (
                    select case_id, band, received_at, escalated_at from jobmatch_helpdesk_incident
                     where band = bands.number and state = %(received)s
                     order by received_at, case_id limit 1
                   ) as longest
              join cases_case on id = case_id
             order by band
        """
        with connection.cursor() as cursor:
            cursor.execute(statement, {"bands": [*Band], "received": IncidentState.RECEIVED})
            return [
                self.model(
                    case=Case(pk=pk, reference=reference), band=band, received_at=received_at, escalated_at=escalated_at
                )
                for pk, reference, band, received_at, escalated_at in cursor.fetchall()
            ]


class ReplyTemplateQuerySet(QuerySet[Any]):
    def brief(self) -> Self:
        """Tell each by its title and whether it `has_welsh`: the texts are long, and stay where they are."""
        return self.annotate(has_welsh=~Q(welsh="")).defer("english", "welsh")

    def offered(self) -> Self:
        """Keep what agents may choose."""
        return self.filter(offered=True).brief()
