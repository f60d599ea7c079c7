"""What the pages shared by all apps show of people: where administrators set things up."""

from django.urls import reverse

from contacthub.actor import Actor
from contacthub.people.roles import Role
from contacthub.ui.navigation import NavigationItem


def navigation(actor: Actor) -> list[NavigationItem]:
    return [NavigationItem("Set-up", reverse("admin:index"), 0)] if Role.ADMINISTRATOR in actor.roles else []
