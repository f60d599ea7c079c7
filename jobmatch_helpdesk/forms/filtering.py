from __future__ import annotations

from typing import Any

from contacthub.people.models import StaffMember, Unit
from contacthub.ui import forms
from contacthub.ui.fields import Choice
from jobmatch_helpdesk.lifecycle import IncidentState
from jobmatch_helpdesk.listing import ME, NOBODY, THIS_WEEK, TODAY, Asked
from jobmatch_helpdesk.models import Topic
from jobmatch_helpdesk.routing import ROWS, Band, Source


class FilterForm(forms.FilterForm):
    """What to show of the incidents, and in which order. What it does not know it leaves out, and says so."""

    view = Choice("List", [])
    order = Choice("Order", [])
    state = Choice("State", [*IncidentState.choices])
    band = Choice("Band", [(str(band.value), band.label) for band in Band])
    source = Choice("Source", [*Source.choices])
    site_id = Choice("Site", [])
    topic = Choice("Topic", [*Topic.choices])
    row = Choice("Row", sorted((row.number, row.number) for row in ROWS))
    with_whom = Choice("With", [], anything="Anybody or nobody")
    received = Choice("Received", [(TODAY, "today"), (THIS_WEEK, "this week")], anything="Any time")

    def __init__(
        self,
        *args: Any,
        views: list[str],
        orders: list[str],
        sites: list[Unit] | None = None,
        agents: list[StaffMember] | None = None,
        **kwargs: Any,
    ) -> None:
        """Offer all filters to the Helpdesk, which gives the sites and agents; others filter by state alone."""
        super().__init__(*args, **kwargs)
        self.known("view").offer([(view, view) for view in views])
        self.known("order").offer([(order, order) for order in orders])
        if sites is None or agents is None:
            for name in ("band", "source", "site_id", "topic", "row", "with_whom", "received"):
                del self.fields[name]
        else:
            self.known("site_id").offer([(str(site.pk), site.name) for site in sites])
            whom = [(str(agent.pk), agent.name) for agent in agents]
            self.known("with_whom").offer([(NOBODY, "Nobody"), (ME, "Me"), *whom])

    @property
    def asked(self) -> Asked:
        return Asked(self.given.get("view", ""), self.given.get("order", ""), self.filters)
