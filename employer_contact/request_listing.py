"""The lists of service requests: each view starts from an index of its own, in an order that the index has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contacthub.actor import Actor
from contacthub.ui import listing
from contacthub.ui.listing import Order, View
from employer_contact import permissions
from employer_contact.lifecycle import RequestState
from employer_contact.models import ServiceRequest
from employer_contact.queries import ServiceRequestQuerySet
from employer_contact.taxonomy import AREAS_SEARCHED_AS_ONE

ENDED = frozenset({RequestState.COMPLETED, RequestState.CANCELLED})
DUE_FIRST = Order("due first", ("due_at", "pk"))
NEWEST = Order("newest", ("opened_at", "pk"), newest_first=True)
UNTIL = Order("waits until, soonest first", ("waits_until", "pk"))
ORDERS = {"due": DUE_FIRST, "newest": NEWEST}
ORDERS_OF_WAITING = {"until": UNTIL, "newest": NEWEST}
EVERY_ORDER = ORDERS | ORDERS_OF_WAITING

MINE = View("Mine", lambda rows, actor, at: rows.filter(owner_id=actor.staff_id), "You have no service request")
TO_ME = View(
    "To me",
    lambda rows, actor, at: rows.to_confirm(actor.person_id),
    "No activity is addressed to you",
)
TEAM = View("My team’s", lambda rows, actor, at: rows.of_teams(actor), "Your team has no service request")
OVERDUE = View(
    "Overdue",
    lambda rows, actor, at: rows.of_teams(actor).open().filter(due_at__lte=at),
    "Nothing of your team is overdue",
)
WAITING = View(
    "Waiting", lambda rows, actor, at: rows.of_teams(actor).waiting(), "Nothing of your team waits for somebody"
)

# Those of one employer or agent.
PARTY_VIEWS = {
    "open": View("Open", lambda rows, actor, at: rows.open(), "No service request is open"),
    "waiting": View("Waiting", lambda rows, actor, at: rows.waiting(), "None waits for somebody"),
    "ended": View("Ended", lambda rows, actor, at: rows.ended(), "None has ended yet"),
}


def views_of(actor: Actor) -> dict[str, View]:
    """Return the lists of the employer payments team, or of whoever has, raised or confirms some."""
    if permissions.works_in_payments(actor):
        return {"mine": MINE, "team": TEAM, "overdue": OVERDUE, "waiting": WAITING, "to-me": TO_ME}
    return {"mine": MINE, "to-me": TO_ME}


def orders_of(view: str, state: str = "") -> dict[str, Order]:
    """Return the orders that fit: what has ended is due no longer, and the clock of what waits stands still."""
    if state in ENDED or view == "ended":
        return {"newest": NEWEST}
    return ORDERS_OF_WAITING if view == "waiting" else ORDERS


@dataclass(frozen=True)
class Lists(listing.Lists):
    @property
    def views(self) -> dict[str, View]:
        return views_of(self.actor)

    @property
    def orders(self) -> dict[str, Order]:
        return orders_of(self.view, self._state)

    @property
    def _state(self) -> str:
        return str(self.asked.filters.get("state", ""))

    def rows(self) -> ServiceRequestQuerySet:
        """Return the requests, with what their rows show; that is read apart, so that the index gives the order."""
        rows: ServiceRequestQuerySet = filtered(self._in_state(self.view, self._state), self.asked.filters)
        return rows.prefetch_related("owner", "employer", "agent")

    def of_view(self, view: str) -> ServiceRequestQuerySet:
        return self._in_state(view, "")

    def _in_state(self, view: str, state: str) -> ServiceRequestQuerySet:
        rows: Any = ServiceRequest.objects.all()
        if state:
            rows = rows.filter(state=state)
        elif self.views[view] in (MINE, TEAM):
            # The others say so themselves: said twice, Postgres takes it for far rarer, and leaves their indexes.
            rows = rows.open()
        kept: ServiceRequestQuerySet = self.views[view].rows(rows, self.actor, self.at)
        return kept


@dataclass(frozen=True)
class PartyLists(listing.Lists):
    """The service requests of one employer or agent, which `theirs` are."""

    theirs: ServiceRequestQuerySet
    views = PARTY_VIEWS

    @property
    def orders(self) -> dict[str, Order]:
        return orders_of(self.view)

    def rows(self) -> ServiceRequestQuerySet:
        rows: ServiceRequestQuerySet = filtered(self.of_view(self.view), self.asked.filters)
        return rows.prefetch_related("owner", "employer", "agent")

    def of_view(self, view: str) -> ServiceRequestQuerySet:
        kept: ServiceRequestQuerySet = PARTY_VIEWS[view].rows(self.theirs, self.actor, self.at)
        return kept


def filtered(rows: Any, filters: dict[str, Any]) -> Any:
    """Keep what the filters keep; the two labels for information that is asked for are one (AMB-01)."""
    if area := filters.get("area"):
        labels = [label for label, group in AREAS_SEARCHED_AS_ONE.items() if group == area] or [area]
        rows = rows.filter(area__in=labels)
    if owner := filters.get("owner"):
        rows = rows.filter(owner_id=owner)
    return rows
