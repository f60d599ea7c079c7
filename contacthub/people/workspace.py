"""What the pages shared by all apps show of people: where administrators set things up."""

from datetime import datetime

from django.urls import reverse

from contacthub.actor import Actor
from contacthub.people.roles import Role
from contacthub.ui.navigation import NavigationItem, Panel


def navigation(actor: Actor) -> list[NavigationItem]:
    return [NavigationItem("Set-up", reverse("admin:index"), 0)] if Role.ADMINISTRATOR in actor.roles else []


def panels(actor: Actor, *, at: datetime) -> list[Panel]:
    return []
