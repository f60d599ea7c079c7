from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from complaints_feedback import lifecycle
from complaints_feedback.lifecycle import COMPLETE, DISCUSSED_ON, ENDED, SENT, FormLifecycle, FormState
from complaints_feedback.queries import FeedbackFormQuerySet, PersonalFileQuerySet, PlanQuerySet
from complaints_feedback.terms import Channel, Part, Route, Stage, Trigger
from contacthub.cases.models import CaseRecord, Listed
from contacthub.cases.queries import CaseRecordManager
from contacthub.deadlines.services import NEVER
from contacthub.links import link_to
from contacthub.mail.models import Message
from contacthub.people.models import Unit


class FeedbackForm(FormLifecycle, Listed, CaseRecord):
    """Part 1 of a form, by which a complaint teaches the one person who could have prevented it (CF-28, CF-29).

    `started_on` is fixed, since the six months are counted from it. `sender_team` is where the sender works, or worked
    last. `area_reason` says why somebody chose another area than the directory shows. `asked_number` says how often
    the sending team leader was asked. `delivered_at` is when all four were sent the form, and `received_at` when it
    became visible to who is the receiving team leader now: the 48 hours run from it. `due_at` copies their deadline,
    and is written by the reaction to it alone; `overdue_told_at` is when the receiving team leader was told that it
    is overdue.
    """

    KIND: ClassVar[str] = "feedback_form"
    PREFIX: ClassVar[str] = "CFF"
    EVENT_LABELS: ClassVar[dict[str, str]] = lifecycle.EVENT_LABELS

    complaint_reference = models.CharField(max_length=40)
    route = models.CharField(max_length=10, choices=Route.choices)
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sender_team = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    sending_team_leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    started_on = models.DateField()
    started_at = models.DateTimeField()
    channel = models.CharField(max_length=10, blank=True, choices=Channel.choices)
    stage = models.CharField(max_length=10, blank=True, choices=Stage.choices)
    received_on = models.DateField(null=True)
    client_discussed_on = models.DateField(null=True)
    client_discussion = models.TextField(blank=True)
    triggers = ArrayField(models.CharField(max_length=30, choices=Trigger.choices), default=list)
    other_trigger = models.TextField(blank=True)
    what_happened = models.TextField(blank=True)
    issue_on = models.DateField(null=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    master_case = models.CharField(max_length=40, blank=True)
    sr_references = models.TextField(blank=True)
    sr_notes = models.TextField(blank=True)
    case_views = models.TextField(blank=True)
    call_summary = models.TextField(blank=True)
    area = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    area_reason = models.TextField(blank=True)
    asked_number = models.PositiveSmallIntegerField(default=0)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    with_senior_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    discussion_recorded_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(default=NEVER)
    overdue_told_at = models.DateTimeField(null=True)

    objects = CaseRecordManager.from_queryset(FeedbackFormQuerySet)()

    class Meta:
        indexes = [
            models.Index("sender", F("case").desc(), name="form_sender"),
            models.Index("sending_team_leader", "state", "case", name="form_sending_leader"),
            models.Index("sender_team", F("case").desc(), name="form_sender_team"),
            models.Index("person", F("case").desc(), name="form_person"),
            models.Index("area", "state", "case", name="form_area"),
            models.Index("due_at", "case", name="form_due", condition=Q(due_at__lt=NEVER)),
            models.Index("changed_at", "case", name="form_changed"),
            models.Index("delivered_at", name="form_delivered", condition=Q(delivered_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint_reference"], condition=~Q(state__in=ENDED), name="form_one_active_of_a_complaint"
            ),
            models.CheckConstraint(name="form_state_is_known", condition=Q(state__in=FormState.values)),
            models.CheckConstraint(
                name="form_ended_has_moment",
                condition=Q(state__in=ENDED, ended_at__isnull=False) | (~Q(state__in=ENDED) & Q(ended_at=None)),
            ),
            models.CheckConstraint(
                name="form_agreed_by_somebody",
                condition=Q(agreed_at=None, agreed_by=None) | Q(agreed_at__isnull=False, agreed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="form_goes_on_only_agreed",
                condition=Q(agreed_at__isnull=False)
                | Q(
                    state__in=[
                        FormState.DRAFT, FormState.AWAITING_AGREEMENT, FormState.NOT_NEEDED, FormState.WITHDRAWN
                    ]
                ),
            ),
            models.CheckConstraint(
                name="form_sent_has_moments",
                condition=~Q(state__in=SENT)
                | Q(person__isnull=False, delivered_at__isnull=False, received_at__isnull=False),
            ),
            models.CheckConstraint(
                name="form_discussed_has_moment",
                condition=Q(state__in=DISCUSSED_ON, discussion_recorded_at__isnull=False)
                | (~Q(state__in=DISCUSSED_ON) & Q(discussion_recorded_at=None)),
            ),
            models.CheckConstraint(
                name="form_complete_has_moment",
                condition=Q(state__in=COMPLETE, completed_at__isnull=False)
                | (~Q(state__in=COMPLETE) & Q(completed_at=None)),
            ),
        ]  # fmt: skip

    def get_absolute_url(self) -> str:
        return link_to("feedback:form", self.reference)


class InvolvedPerson(models.Model):
    """Somebody who was involved in the case; the order is that of their involvement (CF-28)."""

    form = models.ForeignKey(FeedbackForm, on_delete=models.PROTECT, related_name="involved")
    position = models.PositiveSmallIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["form", "position"], name="involved_one_a_position"),
            models.UniqueConstraint(fields=["form", "person"], name="involved_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.person}"


class Recipient(models.Model):
    """Who has a part in a form: from the people directory, or named with `words` where it shows nobody (CF-50)."""

    form = models.ForeignKey(FeedbackForm, on_delete=models.PROTECT, related_name="recipients")
    part = models.CharField(max_length=30, choices=Part.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index("person", "part", "form", name="recipient_person")]
        constraints = [
            models.UniqueConstraint(fields=["form", "part"], name="recipient_one_a_part"),
            models.CheckConstraint(
                name="recipient_confirmed_by_somebody",
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()}: {self.person}"

    @property
    def is_from_directory(self) -> bool:
        return not self.words


class Purpose(models.TextChoices):
    """Why somebody was sent a form."""

    CONFIRM = "confirm", "To confirm the managers"
    DELIVERY = "delivery", "Feedback"
    COPY = "copy", "Copy of both parts"


class Sending(models.Model):
    """An email with the form to one person: each succeeds or fails alone."""

    form = models.ForeignKey(FeedbackForm, on_delete=models.PROTECT, related_name="sendings")
    part = models.CharField(max_length=30, choices=Part.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} to {self.person}"


class PartTwo(models.Model):
    """What the receiving team leader writes: the record of the coaching that was given (CF-09, CF-41).

    `recordings` are Verint references; `no_recording` says in words that there is none. `one_to_one_month` is the first
    day of the month.
    """

    form = models.OneToOneField(FeedbackForm, on_delete=models.PROTECT, primary_key=True, related_name="part_two")
    discussed_at = models.DateTimeField(null=True)
    how = models.TextField(blank=True)
    place = models.TextField(blank=True)
    recordings = ArrayField(models.CharField(max_length=60), default=list)
    no_recording = models.TextField(blank=True)
    occurred = models.TextField(blank=True)
    resolution = models.TextField(blank=True)
    changes_agreed = models.TextField(blank=True)
    development_needs = models.TextField(blank=True)
    no_development_needs = models.BooleanField(default=False)
    one_to_one_month = models.DateField(null=True)
    opportunity_explained = models.BooleanField(default=False)
    completed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index("one_to_one_month", "form", name="part_two_month")]
        constraints = [
            models.CheckConstraint(
                name="part_two_month_is_its_first_day",
                condition=Q(one_to_one_month=None) | Q(one_to_one_month__day=1),
            )
        ]

    def __str__(self) -> str:
        return f"Part 2 of {self.form_id}"


class DevelopmentPlan(models.Model):
    """What is done about a development need; it stays open after part 2 until the team leader of the day closes it
    (CF-04). It is read like the personal file, and its events stand on no form's timeline.
    """

    EVENT_LABELS: ClassVar[dict[str, str]] = {
        "opened": "Development plan made",
        "changed": "Development plan changed",
        "taken_back": "Development plan taken back",
        "closed": "Development plan closed",
    }

    form = models.ForeignKey(FeedbackForm, on_delete=models.PROTECT, related_name="plans")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField(null=True)
    done_words = models.TextField(blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = models.Manager.from_queryset(PlanQuerySet)()

    class Meta:
        indexes = [models.Index("person", "done_on", "id", name="plan_person")]
        constraints = [
            models.CheckConstraint(
                name="plan_is_closed_with_words",
                condition=Q(done_on=None, closed_by=None, done_words="")
                | (Q(done_on__isnull=False, closed_by__isnull=False) & ~Q(done_words="")),
            )
        ]

    def __str__(self) -> str:
        return self.words[:60]

    @property
    def is_open(self) -> bool:
        return self.done_on is None


class PersonalFileEntry(models.Model):
    """A copy of a form in somebody's personal file (CF-11, CF-42): `content` is what both parts said on that day.

    Its reading rule is its own: the person, and the person's reporting line of today. Each opening is an event.
    """

    EVENT_LABELS: ClassVar[dict[str, str]] = {"filed": "Filed", "opened": "Opened"}

    form = models.OneToOneField(FeedbackForm, on_delete=models.PROTECT, related_name="file_entry")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()
    content = models.JSONField()

    objects = models.Manager.from_queryset(PersonalFileQuerySet)()

    class Meta:
        verbose_name_plural = "personal file entries"
        indexes = [models.Index("person", F("filed_at").desc(), F("id").desc(), name="file_entry_newest")]

    def __str__(self) -> str:
        return f"{self.form_id}, filed {self.filed_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("feedback:file_entry", args=[self.person.staff_number, self.pk])
