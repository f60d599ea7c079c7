from __future__ import annotations

from typing import TYPE_CHECKING, Self

from contacthub.actor import Actor
from contacthub.cases.queries import CaseRecordQuerySet

if TYPE_CHECKING:
    from contacthub.callbacks.models import Callback  # noqa: F401  named in the base class


class CallbackQuerySet(CaseRecordQuerySet["Callback"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep the callbacks of the queues of the actor's units."""
        return self if actor.sees_everything else self.filter(queue__unit_id__in=actor.unit_ids)
