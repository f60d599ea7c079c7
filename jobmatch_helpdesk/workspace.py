"""What the pages shared by all apps show of this one."""

from django.urls import reverse

from contacthub.actor import Actor
from contacthub.ui.navigation import COUNTS_STOP_AT, NavigationItem
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.permissions import may_work_on_incidents


def navigation(actor: Actor) -> list[NavigationItem]:
    if not may_work_on_incidents(actor):
        return []
    waiting = Incident.objects.unassigned()[: COUNTS_STOP_AT + 1].count()
    return [NavigationItem("Incidents", reverse("jobmatch:queue"), waiting)]
