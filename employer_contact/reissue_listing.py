"""The lists of requests to re-issue a CMSL2040."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contacthub.actor import Actor
from contacthub.ui import listing
from contacthub.ui.listing import Order, View
from employer_contact import permissions
from employer_contact.models import ReissueRequest

DUE_FIRST = Order("due first", ("due_at", "pk"))
NEWEST = Order("newest", ("opened_at", "pk"), newest_first=True)
EVERY_ORDER = {"due": DUE_FIRST, "newest": NEWEST}

TO_ME = View("To me", lambda rows, actor, at: rows.decided_by(actor), "No re-issue waits for you")
MINE = View("By me", lambda rows, actor, at: rows.filter(raised_by_id=actor.staff_id), "You have asked for none")
OWNER_LEFT = View("Owner left", lambda rows, actor, at: rows.with_owner_gone(), "Nobody who left has one to decide")
ALL = View("All", lambda rows, actor, at: rows, "None was asked for")


def views_of(actor: Actor) -> dict[str, View]:
    """Return the lists of employer payments, and of whoever asks for some or decides."""
    if permissions.works_in_payments(actor):
        return {"by-me": MINE, "to-me": TO_ME, "owner-left": OWNER_LEFT, "all": ALL}
    return {"to-me": TO_ME, "by-me": MINE}


@dataclass(frozen=True)
class Lists(listing.Lists):
    """Those that are open, unless a state was chosen."""

    @property
    def views(self) -> dict[str, View]:
        return views_of(self.actor)

    @property
    def orders(self) -> dict[str, Order]:
        return {"newest": NEWEST} if "state" in self.asked.filters else EVERY_ORDER

    def rows(self) -> Any:
        shown = ("employer", "maintenance_case__owner", "maintenance_case__paying_parent", "raised_by")
        return self._filtered(self.view, self.asked.filters).prefetch_related(*shown)

    def of_view(self, view: str) -> Any:
        return self._filtered(view, {})

    def _filtered(self, view: str, filters: dict[str, Any]) -> Any:
        rows: Any = ReissueRequest.objects.all()
        rows = rows.filter(state=filters["state"]) if "state" in filters else rows.open()
        if "scenario" in filters:
            rows = rows.filter(scenario=filters["scenario"])
        return self.views[view].rows(rows, self.actor, self.at)
