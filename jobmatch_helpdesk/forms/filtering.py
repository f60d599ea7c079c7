from __future__ import annotations

from typing import Any

from contacthub.people.models import StaffMember, Unit
from contacthub.ui import listing
from contacthub.ui.listing import Choice
from jobmatch_helpdesk.lifecycle import IncidentState
from jobmatch_helpdesk.listing import ME, NOBODY, THIS_WEEK, TODAY
from jobmatch_helpdesk.models import Topic
from jobmatch_helpdesk.routing import ROWS, Band, Source


class FilterForm(listing.FilterForm):
    """What to show of the incidents."""

    state = Choice("State", IncidentState.choices)
    band = Choice("Band", Band.choices)
    source = Choice("Source", Source.choices)
    site_id = Choice("Site")
    topic = Choice("Topic", Topic.choices)
    row = Choice("Row", sorted((row.number, row.number) for row in ROWS))
    with_whom = Choice("With", anything="Anybody or nobody")
    received = Choice("Received", [(TODAY, "today"), (THIS_WEEK, "this week")], anything="Any time")

    def __init__(
        self, *args: Any, sites: list[Unit] | None = None, agents: list[StaffMember] | None = None, **kwargs: Any
    ) -> None:
        """Offer all filters to the Helpdesk, which gives the sites and agents; others filter by state alone."""
        super().__init__(*args, **kwargs)
        if sites is None or agents is None:
            for name in ("band", "source", "site_id", "topic", "row", "with_whom", "received"):
                del self.fields[name]
        else:
            self.choice("site_id").offer((site.pk, site.name) for site in sites)
            whom = [(agent.pk, agent.name) for agent in agents]
            self.choice("with_whom").offer([(NOBODY, "Nobody"), (ME, "Me"), *whom])
