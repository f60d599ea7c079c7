"""What the pages shared by all apps show of this one."""

from django.urls import reverse

from contacthub.actor import Actor
from contacthub.ui.navigation import COUNTS_STOP_AT, NavigationItem
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.permissions import may_raise, may_work_on_incidents


def navigation(actor: Actor) -> list[NavigationItem]:
    """Return the incidents: with what waits for an agent, or for an answer of whoever raised it."""
    stop = COUNTS_STOP_AT + 1
    if may_work_on_incidents(actor):
        return [NavigationItem("Incidents", reverse("jobmatch:queue"), Incident.objects.unassigned()[:stop].count())]
    if may_raise(actor):
        asked = Incident.objects.asking(actor.person_id)[:stop].count()
        return [NavigationItem("Incidents", reverse("jobmatch:queue"), asked, "waiting for your answer")]
    return []
