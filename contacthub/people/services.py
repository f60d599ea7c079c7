from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from contacthub.actor import PUBLIC, Actor, ActorKind
from contacthub.people.models import StaffMember


def actor_for(user: StaffMember | AnonymousUser) -> Actor:
    """Return who acts, with the roles of this moment. Somebody who is not signed in is the public."""
    if user.pk is None:
        return PUBLIC
    return Actor(ActorKind.STAFF, user.pk, frozenset(user.groups.values_list("name", flat=True)))
