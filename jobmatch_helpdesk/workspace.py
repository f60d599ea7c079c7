"""What the pages shared by all apps show of this one."""

from datetime import datetime
from uuid import uuid4

from django.urls import reverse

from contacthub.actor import Actor
from contacthub.ui.navigation import COUNTS_STOP_AT, NavigationItem, Panel
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.permissions import may_keep_templates, may_raise, may_work_on_incidents
from jobmatch_helpdesk.routing import Band

SHORT_LIST = 10


def navigation(actor: Actor) -> list[NavigationItem]:
    """Return the incidents: with what waits for an agent, or for an answer of whoever raised it."""
    stop = COUNTS_STOP_AT + 1
    if may_work_on_incidents(actor):
        return [NavigationItem("Incidents", reverse("jobmatch:queue"), Incident.objects.unassigned()[:stop].count())]
    if may_raise(actor):
        asked = Incident.objects.asking(actor.person_id)[:stop].count()
        return [NavigationItem("Incidents", reverse("jobmatch:queue"), asked, "waiting for your answer")]
    return []


def panels(actor: Actor, *, at: datetime) -> list[Panel]:
    if may_work_on_incidents(actor):
        return _of_the_helpdesk(actor)
    if may_raise(actor):
        raised = list(Incident.objects.raised_by(actor.person_id)[:SHORT_LIST])
        return [Panel("jobmatch_helpdesk/panels/raised.html", {"rows": raised})]
    if may_keep_templates(actor):
        return [Panel("jobmatch_helpdesk/panels/templates.html")]
    return []


def _of_the_helpdesk(actor: Actor) -> list[Panel]:
    mine = Incident.objects.with_agent(actor.person_id).select_related("site").order_by("due_at", "pk")
    waiting = [(Band(top.band).label, top) for top in Incident.objects.longest_waiting()]
    return [
        Panel("jobmatch_helpdesk/panels/mine.html", {"rows": list(mine[:SHORT_LIST])}),
        Panel("jobmatch_helpdesk/panels/now.html", {"waiting": waiting, "next_key": uuid4()}, beside=True),
    ]
