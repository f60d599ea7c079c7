"""What the pages shared by all apps show of the API: the keys to administrators, keys and documents to integrators."""

from datetime import datetime

from django.urls import reverse

from contacthub.actor import Actor
from contacthub.api import permissions
from contacthub.api.models import ApiKey
from contacthub.people.roles import Role
from contacthub.ui.navigation import NavigationItem, Panel

KEYS_AT_HOME = 5


def navigation(actor: Actor) -> list[NavigationItem]:
    keys = [NavigationItem("API keys", reverse("api:keys"), 0)] if permissions.may_see_keys(actor) else []
    documents = [NavigationItem("API documents", reverse("api:docs"), 0)] if Role.INTEGRATOR in actor.roles else []
    return [*documents, *keys]


def panels(actor: Actor, *, at: datetime) -> list[Panel]:
    """Return to an integrator the keys that still work, those that end first ahead."""
    if Role.INTEGRATOR not in actor.roles:
        return []
    live = ApiKey.objects.filter(staff_id=actor.staff_id).live(at).order_by("expires_at", "pk")[:KEYS_AT_HOME]
    return [Panel("api/panels/keys.html", {"rows": list(live)})]
