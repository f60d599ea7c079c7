"""The lists of contacts, the newest first: each starts from an index of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contacthub.deadlines.services import working_days_before
from contacthub.ui import listing
from contacthub.ui.listing import Order, View
from employer_contact.models import Contact

NEWEST = Order("newest first", ("opened_at", "pk"), newest_first=True)
ORDERS = {"newest": NEWEST}
LOST_FOR = 5  # working days


def lost_since(at: datetime) -> datetime:
    """Return since when a call that was lost is still to be taken up again."""
    return working_days_before(at, LOST_FOR)


VIEWS = {
    "unfinished": View(
        "Unfinished",
        lambda rows, actor, at: rows.unfinished(actor, since=lost_since(at)),
        "You have no unfinished contact",
    ),
    "mine": View("Mine", lambda rows, actor, at: rows.filter(owner_id=actor.staff_id), "You have had no contact yet"),
    "team": View(
        "My team’s", lambda rows, actor, at: rows.filter(team_id__in=actor.unit_ids), "Your team has had no contact yet"
    ),
    "nobodys": View(
        "Nobody’s", lambda rows, actor, at: rows.nobodys(since=lost_since(at)), "Every call has been opened by somebody"
    ),
}


@dataclass(frozen=True)
class Lists(listing.Lists):
    views, orders = VIEWS, ORDERS

    def rows(self) -> Any:
        return self.of_view(self.view).with_party().filter(**self.asked.filters)

    def of_view(self, view: str) -> Any:
        return VIEWS[view].rows(Contact.objects.visible_to(self.actor), self.actor, self.at)
