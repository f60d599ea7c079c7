"""What the pages shared by all apps show of people: where administrators set things up, and what is not set yet."""

from datetime import datetime

from django.urls import reverse

from contacthub.actor import Actor
from contacthub.people.models import Unit
from contacthub.people.roles import Role, UnitKind
from contacthub.ui.navigation import NavigationItem, Panel

HAVE_AN_INBOX = [UnitKind.ED_SITE, UnitKind.CONTACT_CENTRE]  # nothing is sent to them while it is empty (UJ-14)


def navigation(actor: Actor) -> list[NavigationItem]:
    return [NavigationItem("Set-up", reverse("admin:index"), 0)] if Role.ADMINISTRATOR in actor.roles else []


def panels(actor: Actor, *, at: datetime) -> list[Panel]:
    if Role.ADMINISTRATOR not in actor.roles:
        return []
    unset = list(Unit.objects.filter(kind__in=HAVE_AN_INBOX, inbox="").order_by("name"))
    return [Panel("people/panels/inboxes.html", {"unset": unset})]
