from __future__ import annotations

from django.db import models
from django.db.models import Q

from employer_contact.models.plans import Plan
from employer_contact.queries import ContactReasonQuerySet, ServiceRequestKindQuerySet
from employer_contact.reasons import Reason
from employer_contact.taxonomy import RequestKind, Scope
from employer_contact.terms import PartyType

ONE_A_LINE = "One a line"


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


class ContactReason(models.Model):
    """Why somebody contacts us. `plan` makes activities of its own where the reason has no service request (EC-43)."""

    code = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=100, unique=True)
    order = models.PositiveSmallIntegerField()
    phrases = models.TextField("What callers say", blank=True, help_text=ONE_A_LINE)
    related = models.TextField("Related procedures", blank=True, help_text=ONE_A_LINE)
    plan = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.PROTECT, related_name="reasons")

    objects = models.Manager.from_queryset(ContactReasonQuerySet)()

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def as_rule(self) -> Reason:
        return Reason(self.code, self.label, _lines(self.phrases), _lines(self.related))


class ServiceRequestKind(models.Model):
    """A row of the taxonomy: what a service request is called, which reason leads to it, and who may ask for it."""

    code = models.CharField(max_length=40, unique=True)
    process = models.CharField(max_length=60)
    area = models.CharField(max_length=60)
    sub_area = models.CharField(max_length=60)
    scope = models.CharField(max_length=10, blank=True, choices=Scope.choices)
    order = models.PositiveSmallIntegerField()
    open_to_employer = models.BooleanField()
    open_to_agent = models.BooleanField()
    reason = models.ForeignKey(ContactReason, on_delete=models.PROTECT, related_name="kinds")
    related = models.TextField("Related procedures", blank=True, help_text=ONE_A_LINE)
    working_days = models.PositiveSmallIntegerField(
        "Target in working days", null=True, blank=True, help_text="0 is the same day, nothing the same call"
    )
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="kinds")

    objects = models.Manager.from_queryset(ServiceRequestKindQuerySet)()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["process", "area", "sub_area", "scope"], name="request_kind_once"),
            models.CheckConstraint(
                name="request_kind_is_open_to_somebody",
                condition=Q(open_to_employer=True) | Q(open_to_agent=True),
                violation_error_message="Select who may ask for it: the employer, the agent or both",
            ),
        ]

    def __str__(self) -> str:
        labels = f"{self.process} / {self.area} / {self.sub_area}"
        return f"{labels}, {self.scope}" if self.scope else labels

    @property
    def as_rule(self) -> RequestKind:
        """Return the row as the rules take it; `reason` is read with it."""
        open_to = {PartyType.EMPLOYER: self.open_to_employer, PartyType.AGENT: self.open_to_agent}
        return RequestKind(
            code=self.code,
            process=self.process,
            area=self.area,
            sub_area=self.sub_area,
            reason=self.reason.code,
            parties=frozenset(party for party, is_open in open_to.items() if is_open),
            scope=self.scope,
            related=_lines(self.related),
            working_days=self.working_days,
        )


class SecurityQuestion(models.Model):
    """What a caller may be asked. The code says which value of the record is compared (security.py)."""

    code = models.SlugField(max_length=40, unique=True)
    party = models.CharField(max_length=10, choices=PartyType.choices)
    label = models.CharField(max_length=100)
    hint = models.CharField("Shown beside it", max_length=200, blank=True)
    order = models.PositiveSmallIntegerField()
    is_asked = models.BooleanField("Asked", default=True)

    class Meta:
        ordering = ["party", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["party", "label"], name="security_question_once")]

    def __str__(self) -> str:
        return self.label
