from __future__ import annotations

from django.db import models
from django.db.models import Q

from contacthub.cases.models import Case


class Deadline(models.Model):
    """Something that must happen to a case by a moment. Met ones stay as history."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deadlines")
    kind = models.CharField(max_length=40)
    target = models.CharField(max_length=40, help_text="in words, for example 3 working days")
    set_at = models.DateTimeField()
    due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(met_at=None), name="deadline_one_open_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.due_at:%Y-%m-%d %H:%M}"
