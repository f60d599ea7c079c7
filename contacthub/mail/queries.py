from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

from contacthub.jobs.models import Job

if TYPE_CHECKING:
    from contacthub.mail.models import Message  # noqa: F401  named in the base class


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, at: datetime) -> Self:
        """Keep what may be sent now: queued and due, or left by a worker whose lease ran out."""
        return self.filter(Job.due(at)).order_by("next_attempt_at", "pk")
