from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

from contacthub.actor import Actor
from contacthub.people.roles import Role

if TYPE_CHECKING:
    from contacthub.api.models import ApiKey  # noqa: F401  named in the base class


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep what the actor may see: administrators all, an integrator the keys of the own staff record."""
        if Role.ADMINISTRATOR in actor.roles:
            return self
        return self.filter(staff_id=actor.staff_id) if Role.INTEGRATOR in actor.roles else self.none()

    def live(self, at: datetime) -> Self:
        return self.filter(revoked_at=None, expires_at__gt=at)
