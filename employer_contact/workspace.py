"""What the pages shared by all apps show of employer contact."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from contacthub.actor import Actor
from contacthub.ui.navigation import COUNTS_STOP_AT, NavigationItem, Panel
from employer_contact import permissions
from employer_contact.forms import SearchForm
from employer_contact.models import ServiceRequest


def navigation(actor: Actor) -> list[NavigationItem]:
    if not permissions.may_open_accounts(actor):
        return []
    mine = ServiceRequest.objects.open().filter(owner_id=actor.staff_id)[: COUNTS_STOP_AT + 1].count()
    return [
        NavigationItem("Employers", reverse("employers:employers"), 0, key="e"),
        NavigationItem("Service requests", reverse("employers:requests"), mine, "with you", key="s"),
    ]


def panels(actor: Actor, *, at: datetime) -> list[Panel]:
    if not permissions.may_open_accounts(actor):
        return []
    context = {"search": SearchForm(auto_id="panel_%s"), "sees_contacts": permissions.sees_contacts(actor)}
    return [Panel("employer_contact/panels/find.html", context)]
