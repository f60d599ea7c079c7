from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F

from employer_contact.plans import Doing, Mark, Step
from employer_contact.queries import PlanVersionQuerySet

CODES = "Codes of service requests, with a space between them; without any, all answer this step"


class Plan(models.Model):
    """The usual order of what a service request takes, in versions: a request keeps the one it was born with."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class PlanVersion(models.Model):
    """The steps of a plan. Once it was put to work, the database lets nobody change them (XC-04)."""

    EVENT_LABELS: ClassVar[dict[str, str]] = {"made": "Made as a new version", "put_to_use": "Put to use"}

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()

    objects = models.Manager.from_queryset(PlanVersionQuerySet)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once")]

    def __str__(self) -> str:
        return f"{self.plan}, version {self.number}"


class PlanStep(models.Model):
    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    text = models.CharField("Activity", max_length=300)
    mark = models.CharField("Status", max_length=10, choices=Mark.choices)
    does = models.CharField(max_length=20, choices=Doing.choices, default=Doing.NOTE)
    raises = models.CharField("Raises one of", max_length=200, blank=True, help_text=CODES)

    class Meta:
        ordering = ["version", "number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="plan_step_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.text}"

    @property
    def as_rule(self) -> Step:
        return Step(self.number, self.text, Doing(self.does), raises=tuple(self.raises.split()))


class PlanUse(models.Model):
    """From this moment, new service requests take this version, until another one is put to use."""

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="uses")
    from_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "from_at"], name="plan_use_once")]
        indexes = [models.Index("version", F("from_at").desc(), name="plan_use_newest")]

    def __str__(self) -> str:
        return f"{self.version} from {self.from_at:%Y-%m-%d %H:%M}"
