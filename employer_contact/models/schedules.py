from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from contacthub.cases.models import Listed
from employer_contact.models.accounts import Employer
from employer_contact.models.parents import PayingParent
from employer_contact.queries import ScheduleLineQuerySet
from employer_contact.terms import LineChange, ScheduleDelivery


class DeoSchedule(Listed):
    """What an employer should deduct in a month, by paying parent; `month` is its first day."""

    EVENT_LABELS: ClassVar[dict[str, str]] = {"added": "Added", "changed": "Changed"}

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="schedules", db_index=False)
    month = models.DateField()
    delivery = models.CharField(max_length=15, choices=ScheduleDelivery.choices)
    sent_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "DEO schedule"
        indexes = [models.Index("changed_at", "id", name="schedule_changed")]
        constraints = [
            models.UniqueConstraint(fields=["employer", "month"], name="schedule_once_a_month"),
            models.CheckConstraint(name="schedule_month_is_its_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(name="schedule_comes_one_way", condition=Q(delivery__in=ScheduleDelivery.values)),
        ]

    def __str__(self) -> str:
        return f"DEO schedule of {self.employer}, {self.month:%B %Y}"

    def get_absolute_url(self) -> str:
        """Return the address of the page; the employer is read with the schedule."""
        return reverse("employers:schedule", args=[self.employer.ern, self.month])


class ScheduleLine(models.Model):
    """A paying parent on a schedule: what is due, what was deducted, and why it differs (EC-35, EC-36).

    A change of circumstances has the day from which it holds. `name_key` is that of the paying parent, kept by
    triggers, so that an index has a whole schedule by name.
    """

    EVENT_LABELS: ClassVar[dict[str, str]] = {"line_changed": "Schedule line changed"}

    schedule = models.ForeignKey(DeoSchedule, on_delete=models.PROTECT, related_name="lines", db_index=False)
    paying_parent = models.ForeignKey(PayingParent, on_delete=models.PROTECT, related_name="schedule_lines")
    due = models.DecimalField(max_digits=9, decimal_places=2)
    deducted = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    difference_reason = models.CharField(max_length=200, blank=True)
    change = models.CharField(max_length=25, choices=LineChange.choices, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    name_key = models.TextField(db_collation="C", db_default="", editable=False)

    objects = models.Manager.from_queryset(ScheduleLineQuerySet)()

    class Meta:
        indexes = [models.Index("schedule", "name_key", "id", name="schedule_line_by_name")]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "paying_parent"], name="schedule_line_once"),
            models.CheckConstraint(
                name="schedule_line_amounts", condition=Q(due__gte=0) & (Q(deducted=None) | Q(deducted__gte=0))
            ),
            models.CheckConstraint(
                name="schedule_line_change_has_its_day",
                condition=Q(change="", effective_on=None) | (~Q(change="") & Q(effective_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paying_parent}, {self.due}"


class UnknownName(models.Model):
    """Somebody whom an employer reports, and who is not on the schedule: to be investigated (EC-36).

    `name` is as it was reported, `about` the reference of the contact or service request that it came with.
    """

    EVENT_LABELS: ClassVar[dict[str, str]] = {"to_investigate": "Name to investigate"}

    schedule = models.ForeignKey(DeoSchedule, on_delete=models.PROTECT, related_name="unknown_names", db_index=False)
    name = models.CharField(max_length=200)
    change = models.CharField(max_length=25, choices=LineChange.choices)
    effective_on = models.DateField()
    about = models.CharField(max_length=20, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index("schedule", "id", name="unknown_name_of_schedule")]
        constraints = [models.CheckConstraint(name="unknown_name_is_given", condition=~Q(name=""))]

    def __str__(self) -> str:
        return self.name
