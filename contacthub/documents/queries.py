from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

from contacthub.jobs.models import Job

if TYPE_CHECKING:
    from contacthub.documents.models import Document  # noqa: F401  named in the base class


class DocumentQuerySet(models.QuerySet["Document"]):
    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def due(self, at: datetime) -> Self:
        """Keep what a scanner has yet to look at, and may now."""
        return self.filter(Job.due(at)).order_by("next_attempt_at", "pk")
