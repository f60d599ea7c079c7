"""What the pages shared by all apps show of employer contact."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from contacthub.actor import Actor
from contacthub.ui.navigation import NavigationItem, Panel
from employer_contact import permissions
from employer_contact.forms import SearchForm


def navigation(actor: Actor) -> list[NavigationItem]:
    if not permissions.may_open_accounts(actor):
        return []
    return [NavigationItem("Employers", reverse("employers:employers"), 0, key="e")]


def panels(actor: Actor, *, at: datetime) -> list[Panel]:
    if not permissions.may_open_accounts(actor):
        return []
    return [Panel("employer_contact/panels/find.html", {"search": SearchForm(auto_id="panel_%s")})]
