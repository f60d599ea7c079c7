"""The lists of incidents: each view starts from an index of its own, in an order that the index has.

The Helpdesk sees what waits for it; who raises sees what is theirs, their site's or JD's. A list that an order or a
filter does not fit shows nothing rather than reading every incident that ever was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from contacthub.actor import Actor
from contacthub.formats import start_of_day
from contacthub.ui import listing
from contacthub.ui.listing import Order, View
from jobmatch_helpdesk import permissions
from jobmatch_helpdesk.lifecycle import IncidentState
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.queries import QUEUE_ORDER, SEE_JD, SEE_THEIR_SITE, IncidentQuerySet, sees_all_by_scope

ENDED = frozenset({IncidentState.CALLBACK_PENDING, IncidentState.RESOLVED, IncidentState.CLOSED})
NOBODY, ME = "nobody", "me"
TODAY, THIS_WEEK = "today", "week"
NEWER_STOP_AT = 10

NEXT_FIRST = Order("next first", QUEUE_ORDER)
NEWEST = Order("newest", ("received_at", "pk"), newest_first=True)
REPLY_DUE = Order("reply due", ("due_at", "pk"))
ORDERS = {"next": NEXT_FIRST, "newest": NEWEST, "due": REPLY_DUE}

HELPDESK_VIEWS = {
    "open": View("With the Helpdesk", lambda rows, actor, at: rows, "No incident is open"),
    "mine": View("Mine", lambda rows, actor, at: rows.filter(assigned_to_id=actor.staff_id), "You have no incident"),
    "unassigned": View("Unassigned", lambda rows, actor, at: rows.unassigned(), "No incident waits for an agent"),
    "overdue": View("Overdue", lambda rows, actor, at: rows.overdue(at), "No incident is overdue"),
    "welsh": View("Welsh", lambda rows, actor, at: rows.welsh(), "No incident in Welsh is open"),
}
# Views that keep only what is open by themselves. Were it said twice, the planner would take the two conditions for
# independent, and the list for so short that it sorted all of it rather than read the order of an index.
OPEN_IN_THEMSELVES = frozenset({"unassigned", "overdue"})
ALL = View("All", lambda rows, actor, at: rows, "There is no incident")
MINE = View("Mine", lambda rows, actor, at: rows.raised_by(actor.person_id), "You have raised no incident")
MY_SITE = View(
    "My site", lambda rows, actor, at: rows.filter(site_id__in=actor.unit_ids), "Nobody at your site has raised one"
)
JD = View("JD", lambda rows, actor, at: rows.of_jd(), "Nobody at JD has raised an incident")
ASKS_ME = View("Asks me", lambda rows, actor, at: rows.asking(actor.person_id), "The Helpdesk asks you nothing")


def views_of(actor: Actor) -> dict[str, View]:
    if permissions.may_work_on_incidents(actor):
        return HELPDESK_VIEWS
    if sees_all_by_scope(actor):
        return {"all": ALL, "mine": MINE}
    site = {"site": MY_SITE} if SEE_THEIR_SITE & actor.roles else {}
    jd = {"jd": JD} if SEE_JD & actor.roles else {}
    return {"mine": MINE, **site, **jd, "asks-me": ASKS_ME}


def orders_of(actor: Actor, state: str = "") -> dict[str, Order]:
    """Return the orders that fit: what is answered has no next, and no reply is due."""
    if state in ENDED:
        return {"newest": NEWEST}
    if permissions.may_work_on_incidents(actor):
        return ORDERS
    return {"newest": NEWEST, "due": REPLY_DUE}


@dataclass(frozen=True)
class Lists(listing.Lists):
    @property
    def views(self) -> dict[str, View]:
        return views_of(self.actor)

    @property
    def orders(self) -> dict[str, Order]:
        return orders_of(self.actor, self._state)

    @property
    def _state(self) -> str:
        return str(self.asked.filters.get("state", ""))

    def rows(self) -> IncidentQuerySet:
        """Return the incidents, with what their rows show.

        Staff and sites are not joined: the planner takes few rows for likely after a cursor, and a join in another
        order than the index's would have it sort all that follow.
        """
        return self._filtered().prefetch_related("assigned_to", "site")

    def newer_than(self, since: datetime) -> int:
        """Count what came into this list after a moment, to NEWER_STOP_AT + 1 at most."""
        rows = self._filtered().filter(received_at__gt=since)
        return rows.order_by("-received_at", "-pk")[: NEWER_STOP_AT + 1].count()

    def of_view(self, view: str) -> IncidentQuerySet:
        return self._in_state(view, "")

    def _filtered(self) -> IncidentQuerySet:
        return filtered(self._in_state(self.view, self._state), self.asked.filters, self.actor, self.at)

    def _in_state(self, view: str, state: str) -> IncidentQuerySet:
        rows = Incident.objects.all()
        if state:
            rows = rows.filter(state=state)
        elif self._shows_open_only and view not in OPEN_IN_THEMSELVES:
            rows = rows.with_the_helpdesk()
        kept: IncidentQuerySet = self.views[view].rows(rows, self.actor, self.at)
        return kept

    @property
    def _shows_open_only(self) -> bool:
        return permissions.may_work_on_incidents(self.actor) or self.order == "due"


def filtered(rows: IncidentQuerySet, filters: dict[str, Any], actor: Actor, at: datetime) -> IncidentQuerySet:
    """Keep what the filters keep."""
    same = {name: filters[name] for name in ("band", "source", "site_id", "topic", "row") if name in filters}
    rows = rows.filter(**same)
    with_whom = filters.get("with_whom")
    if with_whom == NOBODY:
        rows = rows.filter(assigned_to=None)
    elif with_whom:
        rows = rows.filter(assigned_to_id=actor.staff_id if with_whom == ME else with_whom)
    if received := filters.get("received"):
        rows = rows.filter(received_at__gte=since(received, at))
    return rows


def since(received: str, at: datetime) -> datetime:
    """Return when today began in the UK, or Monday of this week."""
    today = start_of_day(at)
    return today if received == TODAY else start_of_day(today - timedelta(days=today.weekday()))
