from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef

from contacthub.actor import Actor

if TYPE_CHECKING:
    from contacthub.deadlines.models import Deadline, FollowUp  # noqa: F401  named in the base classes


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)

    def step_due(self, at: datetime) -> Self:
        """Keep what somebody must hear of now, oldest first."""
        return self.filter(next_step_at__lte=at).order_by("next_step_at", "pk")

    def of_older_calendar(self, nation: str, number: int, *, at: datetime) -> Self:
        """Keep the running clocks in working time that an older calendar gave their moment, the next due first.

        What is missed stays missed, and a clock that stands is worked out when it goes on.
        """
        standing = self.model.pauses.rel.related_model._base_manager.filter(deadline=OuterRef("pk"), ended_at=None)
        return (
            self.open()
            .filter(nation=nation, working_days__gt=0, calendar_number__lt=number, due_at__gt=at)
            .exclude(Exists(standing))
            .order_by("due_at", "pk")
        )


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep those of the units in which the actor works."""
        return self if actor.sees_everything else self.filter(unit_id__in=actor.unit_ids)

    def open(self) -> Self:
        return self.filter(settled_at=None)

    def overdue(self, at: datetime) -> Self:
        return self.open().filter(due_at__lte=at)

    def due_first(self) -> Self:
        return self.order_by("due_at", "pk")
