"""What the pages shared by all apps show of this one."""

from datetime import datetime
from uuid import uuid4

from django.urls import reverse
from django.utils.html import format_html

from contacthub.actor import Actor
from contacthub.cases.finding import Sought, marked
from contacthub.cases.searching import find
from contacthub.formats import telephone, uk_day
from contacthub.ui.navigation import COUNTS_STOP_AT, Found, FoundRow, NavigationItem, Panel, Place
from jobmatch_helpdesk import overview, permissions
from jobmatch_helpdesk.acts import BY_NAME
from jobmatch_helpdesk.lifecycle import WITH_THE_HELPDESK
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.permissions import may_keep_templates, may_lead, may_raise, may_work_on_incidents
from jobmatch_helpdesk.routing import Band

SHORT_LIST = 10


def navigation(actor: Actor) -> list[NavigationItem]:
    """Return the incidents: with what waits for an agent, or for an answer of whoever raised it."""
    stop = COUNTS_STOP_AT + 1
    if may_work_on_incidents(actor):
        waiting = Incident.objects.unassigned()[:stop].count()
        return [NavigationItem("Incidents", reverse("jobmatch:queue"), waiting, key="i")]
    if may_raise(actor):
        asked = Incident.objects.asking(actor.person_id)[:stop].count()
        return [NavigationItem("Incidents", reverse("jobmatch:queue"), asked, "waiting for your answer", key="i")]
    return []


def panels(actor: Actor, *, at: datetime) -> list[Panel]:
    if may_lead(actor):
        return _of_a_lead(actor, at)
    if may_work_on_incidents(actor):
        return _of_an_agent(actor)
    if may_raise(actor):
        return _of_who_raises(actor)
    if may_keep_templates(actor):
        return [Panel("jobmatch_helpdesk/panels/templates.html")]
    return []


def search(actor: Actor, sought: Sought, *, at_most: int) -> list[Found]:
    finding = find(Incident, sought, by=actor, at_most=at_most, beside=("assigned_to",))
    rows = [_found(incident, actor, sought) for incident in finding.records]
    return [Found("Incidents", "incidents", rows, finding.count, finding.has_more)]


def _found(incident: Incident, actor: Actor, sought: Sought) -> FoundRow:
    return FoundRow(
        url=incident.get_absolute_url(),
        reference=incident.reference,
        name=sought.mark(incident.customer_name),
        what=incident.about,
        found_by=_found_by(incident, sought),
        stands=_stands(incident, actor),
        at=incident.received_at,
        due_at=incident.due_at if incident.waits_for_reply else None,
    )


def _stands(incident: Incident, actor: Actor) -> str:
    """Return "with you", "nobody yet", "Waiting for an answer, with B. Shah"; of what is answered the state alone."""
    if incident.state not in WITH_THE_HELPDESK:
        return incident.get_state_display()
    holder = incident.assigned_to
    who = (
        "with you" if permissions.is_with(actor, incident) else f"with {holder.short_name}" if holder else "nobody yet"
    )
    return who if incident.waits_for_reply else f"{incident.get_state_display()}, {who}"


def _found_by(incident: Incident, sought: Sought) -> list[str]:
    """Return what fits besides the customer's name, so that a row says why it is there."""
    found: list[str] = []
    if sought.names(incident.raiser_name):
        found.append(format_html("raised by {}", sought.mark(incident.raiser_name)))
    if incident.telephone and sought.fits(incident.telephone):
        found.append(marked(telephone(incident.telephone)))
    addresses = {incident.customer_email, incident.raiser_email, incident.adviser_email, incident.dwp_user_email}
    return found + [marked(address) for address in sorted(addresses - {""}) if sought.fits(address)]


def _of_an_agent(actor: Actor) -> list[Panel]:
    tops = Incident.objects.longest_waiting()
    waiting = [(Band(top.band).label, top) for top in tops]
    immediate = [top for top in tops if top.band == Band.IMMEDIATE]
    return [
        Panel("jobmatch_helpdesk/panels/next.html", {"next_key": uuid4(), "secondary": False}, Place.BAR),
        *(Panel("jobmatch_helpdesk/panels/immediate.html", {"incident": top}, Place.ABOVE) for top in immediate),
        Panel("jobmatch_helpdesk/panels/mine.html", {"rows": _mine(actor)}),
        Panel("jobmatch_helpdesk/panels/now.html", {"waiting": waiting}, Place.BESIDE),
    ]


def _of_a_lead(actor: Actor, at: datetime) -> list[Panel]:
    agents = list(permissions.agents(on=uk_day(at)))
    top = Incident.objects.unassigned().in_queue_order().first()
    assign = {"incident": top, "form": BY_NAME["assign"].form_for(agents=agents)}
    mine = _mine(actor)
    return [
        Panel("jobmatch_helpdesk/panels/next.html", {"next_key": uuid4(), "secondary": top is not None}, Place.BAR),
        *([Panel("jobmatch_helpdesk/panels/assign.html", assign, Place.ABOVE)] if top else []),
        Panel("jobmatch_helpdesk/panels/ages.html", {"ages": overview.ages(at)}),
        Panel("jobmatch_helpdesk/panels/team.html", {"team": overview.team(agents, at=at)}),
        *([Panel("jobmatch_helpdesk/panels/mine.html", {"rows": mine})] if mine else []),
    ]


def _of_who_raises(actor: Actor) -> list[Panel]:
    asked = list(Incident.objects.asking(actor.person_id).order_by("received_at", "pk")[:SHORT_LIST])
    raised = list(Incident.objects.raised_by(actor.person_id)[:SHORT_LIST])
    return [
        Panel("jobmatch_helpdesk/panels/raise.html", place=Place.BAR),
        *([Panel("jobmatch_helpdesk/panels/asked.html", {"rows": asked})] if asked else []),
        Panel("jobmatch_helpdesk/panels/raised.html", {"rows": raised}),
    ]


def _mine(actor: Actor) -> list[Incident]:
    return list(Incident.objects.with_agent(actor.person_id).order_by("due_at", "pk")[:SHORT_LIST])
