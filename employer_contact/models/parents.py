from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from contacthub.cases.models import Listed, Versioned
from employer_contact import personal
from employer_contact.models.accounts import Employer
from employer_contact.names import kept_key
from employer_contact.queries import (
    CaseActivityQuerySet,
    EmploymentQuerySet,
    MaintenanceCaseQuerySet,
    PayingParentQuerySet,
)

CMSL2040 = "CMSL2040"
NINO = r"^([A-Z]{2}[0-9]{6}[A-D])?$"
PARENT_REFERENCE = r"^121[0-9]{9}$"
CASE_NUMBER = r"^[0-9]{1,20}$"


class PayingParent(Listed, Versioned):
    """A parent who pays, or is expected to pay, child maintenance; known by a 12-digit reference.

    `nino` is the full National Insurance number without spaces, "" where none is known: pages show `masked_nino`, and
    the full one only where the actor may see it (XC-06).
    """

    EVENT_LABELS: ClassVar[dict[str, str]] = {"added": "Added", "changed": "Details changed"}

    reference = models.CharField(max_length=12, unique=True, validators=[RegexValidator(PARENT_REFERENCE)])
    name = models.CharField(max_length=200)
    nino = models.CharField("National Insurance number", max_length=9, blank=True)
    name_key = models.GeneratedField(
        expression=kept_key("name"), output_field=models.TextField(db_collation="C"), db_persist=True
    )

    objects = models.Manager.from_queryset(PayingParentQuerySet)()

    class Meta:
        indexes = [
            GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="parent_words", fastupdate=False),
            models.Index("name_key", "id", name="parent_by_name"),
            models.Index("changed_at", "id", name="parent_changed"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["nino"], name="parent_nino_once", condition=~Q(nino="")),
            models.CheckConstraint(name="parent_nino_has_its_form", condition=Q(nino__regex=NINO)),
            models.CheckConstraint(
                name="parent_reference_has_its_form", condition=Q(reference__regex=PARENT_REFERENCE)
            ),
            models.CheckConstraint(name="parent_has_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_nino(self) -> str:
        return personal.masked(self.nino)

    @property
    def full_nino(self) -> str:
        """Return the number as it is read out; ask `permissions.may_see_full_nino` first."""
        return personal.shown(self.nino) if self.nino else ""


class Employment(models.Model):
    """A paying parent works for an employer, who deducts from the pay; without a last day it goes on.

    `name_key` is that of the paying parent, kept by triggers, so that an index has all of one employer by name.
    """

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="employments", db_index=False)
    paying_parent = models.ForeignKey(PayingParent, on_delete=models.PROTECT, related_name="employments")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    name_key = models.TextField(db_collation="C", db_default="", editable=False)

    objects = models.Manager.from_queryset(EmploymentQuerySet)()

    class Meta:
        indexes = [models.Index("employer", "name_key", "id", name="employment_by_name")]
        constraints = [
            models.UniqueConstraint(fields=["employer", "paying_parent"], name="employment_once"),
            models.CheckConstraint(
                name="employment_days_in_order",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paying_parent} at {self.employer}"


class MaintenanceCase(Listed, Versioned):
    """A case of the child maintenance system: who pays to whom, and which caseworker owns it (EC-46, EC-51)."""

    EVENT_LABELS: ClassVar[dict[str, str]] = {"added": "Added", "changed": "Details changed"}

    number = models.CharField(max_length=20, unique=True, validators=[RegexValidator(CASE_NUMBER)])
    paying_parent = models.ForeignKey(PayingParent, on_delete=models.PROTECT, related_name="cases")
    receiving_parent = models.CharField(max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_on = models.DateField(null=True, blank=True)

    objects = models.Manager.from_queryset(MaintenanceCaseQuerySet)()

    class Meta:
        indexes = [models.Index("changed_at", "id", name="maintenance_case_changed")]
        constraints = [
            models.CheckConstraint(name="maintenance_case_number_is_digits", condition=Q(number__regex=CASE_NUMBER))
        ]

    def __str__(self) -> str:
        return self.number


class CaseActivity(models.Model):
    """What was done in a case. A CMSL2040 issue tells the employer an amount to deduct, from a month on (AMB-25)."""

    maintenance_case = models.ForeignKey(
        MaintenanceCase, on_delete=models.PROTECT, related_name="activities", db_index=False
    )
    kind = models.CharField(max_length=40)
    happened_on = models.DateField()
    words = models.TextField(blank=True)
    employer = models.ForeignKey(Employer, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    amount = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    from_month = models.DateField(null=True, blank=True)
    by = models.CharField("Issued by", max_length=150, blank=True)

    objects = models.Manager.from_queryset(CaseActivityQuerySet)()

    class Meta:
        verbose_name_plural = "case activities"
        indexes = [
            models.Index("maintenance_case", F("happened_on").desc(), F("id").desc(), name="case_activity_newest"),
            models.Index(
                "maintenance_case",
                F("happened_on").desc(),
                F("id").desc(),
                name="case_activity_cmsl2040",
                condition=Q(kind=CMSL2040),
            ),
        ]
        constraints = [
            models.CheckConstraint(name="case_activity_has_kind", condition=~Q(kind="")),
            models.CheckConstraint(
                name="case_activity_amount_is_of_a_letter",
                condition=Q(amount=None) | (Q(amount__gte=0) & Q(kind=CMSL2040)),
            ),
            models.CheckConstraint(
                name="case_activity_month_is_its_first_day", condition=Q(from_month=None) | Q(from_month__day=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.happened_on}"

    @property
    def is_letter(self) -> bool:
        return self.kind == CMSL2040
