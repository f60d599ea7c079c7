"""What happens to an incident when something shared happens."""

from datetime import datetime

from contacthub.cases.registry import reacts_for
from contacthub.deadlines.protocols import DeadlineReactions
from jobmatch_helpdesk.models import Incident


@reacts_for(Incident)
class IncidentReactions(DeadlineReactions):
    def due_moved(self, incident: Incident, kind: str, due_at: datetime) -> None:
        if kind == "first_reply":
            Incident.objects.filter(pk=incident.pk).update(due_at=due_at)
