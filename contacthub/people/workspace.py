"""What the pages shared by all apps show of people: where administrators set things up, and what is not set yet."""

from datetime import datetime

from django.urls import reverse

from contacthub.actor import Actor
from contacthub.people.models import Unit
from contacthub.people.roles import MANAGERS, Role, UnitKind
from contacthub.ui.navigation import NavigationItem, Panel, Place

# Who has few other places in the head; everybody has the directory under their name.
IN_THE_HEAD = {Role.HELPDESK_LEAD, Role.COMPLAINT_TEAM_MEMBER, Role.ADMINISTRATOR, *MANAGERS}
SEEK_PEOPLE = {Role.COMPLAINT_TEAM_MEMBER, Role.TEAM_LEADER, *MANAGERS}
HAVE_AN_INBOX = [UnitKind.ED_SITE, UnitKind.CONTACT_CENTRE]  # nothing is sent to them while it is empty (UJ-14)


def navigation(actor: Actor) -> list[NavigationItem]:
    leads_outside_payments = Role.TEAM_LEADER in actor.roles and Role.EMPLOYER_PAYMENTS_CASEWORKER not in actor.roles
    is_shown = IN_THE_HEAD & actor.roles or leads_outside_payments
    found = [NavigationItem("Directory", reverse("people:directory"), 0)] if is_shown else []
    if Role.ADMINISTRATOR in actor.roles:
        found.append(NavigationItem("Set-up", reverse("admin:index"), 0))
    return found


def panels(actor: Actor, *, at: datetime) -> list[Panel]:
    found = [Panel("people/panels/directory.html", {"search": True}, Place.BESIDE)] if SEEK_PEOPLE & actor.roles else []
    if Role.ADMINISTRATOR in actor.roles:
        unset = list(Unit.objects.filter(kind__in=HAVE_AN_INBOX, inbox="").order_by("name"))
        found.append(Panel("people/panels/inboxes.html", {"unset": unset}))
    return found
