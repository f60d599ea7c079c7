from __future__ import annotations

from operator import attrgetter
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from contacthub.cases.models import Case
from contacthub.deadlines.clocks import Extension as Agreed
from contacthub.deadlines.clocks import Stand
from contacthub.deadlines.queries import CalendarManager, DeadlineQuerySet, FollowUpQuerySet
from contacthub.deadlines.working_time import Target
from contacthub.people.models import Nation, Unit


class Calendar(models.Model):
    """The working time of a nation. Each day off that is added or taken back raises its number."""

    nation = models.CharField(max_length=20, choices=Nation.choices, primary_key=True)
    number = models.PositiveIntegerField(default=0)

    objects = CalendarManager()

    def __str__(self) -> str:
        return f"{self.get_nation_display()}, number {self.number}"


class DayOff(models.Model):
    """A day on which the bank holidays that everybody knows are wrong: one more day off, or a bank holiday worked."""

    nation = models.CharField(max_length=20, choices=Nation.choices, default=Nation.ENGLAND_AND_WALES)
    day = models.DateField()
    is_worked = models.BooleanField("Worked, although it is a bank holiday", default=False)
    words = models.CharField("Why", max_length=100)

    class Meta:
        verbose_name_plural = "days off"
        constraints = [
            models.UniqueConstraint(
                fields=["nation", "day"],
                name="day_off_once",
                violation_error_message="This day is here already. Change that one",
            )
        ]

    def __str__(self) -> str:
        what = "worked" if self.is_worked else "off"
        return f"{self.day:%A} {self.day.day} {self.day:%B %Y}, {what} in {self.get_nation_display()}: {self.words}"


class Ending(models.TextChoices):
    MET = "met", "Met"
    DROPPED = "dropped", "No longer needed"
    CAME_DUE = "came_due", "Came due"


class Deadline(models.Model):
    """Something that must happen to a case by a moment, or that time alone makes happen. Ended ones stay as history.

    `due_at` was worked out by the calendar of that number. `told_until` is the moment up to which people have heard of
    it, and `next_step_at` when they hear next; it is null while the clock stands and once the deadline has ended.
    """

    EVENT_LABELS: ClassVar[dict[str, str]] = {"due_moved": "Due date moved", "due_extended": "Due date extended"}

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deadlines")
    kind = models.CharField(max_length=40)
    working_days = models.PositiveSmallIntegerField(default=0)
    hours = models.PositiveSmallIntegerField(default=0)
    until = models.DateTimeField(null=True)
    nation = models.CharField(max_length=20, choices=Nation.choices, default=Nation.ENGLAND_AND_WALES)
    calendar_number = models.PositiveIntegerField(default=0)
    set_at = models.DateTimeField()
    due_at = models.DateTimeField()
    told_until = models.DateTimeField()
    next_step_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True)

    objects = models.Manager.from_queryset(DeadlineQuerySet)()

    class Meta:
        indexes = [
            models.Index(fields=["next_step_at", "id"], name="deadline_step", condition=Q(next_step_at__isnull=False)),
            models.Index(
                fields=["nation", "calendar_number", "due_at"],
                name="deadline_calendar",
                condition=Q(ended_at=None, working_days__gt=0),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(ended_at=None), name="deadline_one_open_of_a_kind"
            ),
            models.CheckConstraint(
                name="deadline_has_one_target",
                condition=Q(working_days__gt=0, hours=0, until=None)
                | Q(working_days=0, hours__gt=0, until=None)
                | Q(working_days=0, hours=0, until__isnull=False),
            ),
            models.CheckConstraint(
                name="deadline_ends_once",
                condition=Q(ended_at=None, ending="")
                | Q(ended_at__isnull=False, ending__in=Ending.values, next_step_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} by {self.due_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("deadlines:deadline", args=[self.pk])

    @property
    def name(self) -> str:
        """Return what is due, "First reply"."""
        return self.kind.replace("_", " ").capitalize()

    @property
    def target(self) -> Target:
        return Target(working_days=self.working_days, hours=self.hours, until=self.until)

    @property
    def turns(self) -> list[Stand | Agreed]:
        """Return what happened to its clock, in order. Reads pauses and extensions, unless they were read along."""
        turns: list[Stand | Agreed] = [pause.stand for pause in self.pauses.all()]
        turns += [extension.agreed for extension in self.extensions.all()]
        return sorted(turns, key=attrgetter("began_at"))


class Pause(models.Model):
    """The clock of a deadline stood."""

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="pauses")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deadline"], condition=Q(ended_at=None), name="pause_one_open")]

    def __str__(self) -> str:
        return f"from {self.began_at:%Y-%m-%d %H:%M}"

    @property
    def stand(self) -> Stand:
        return Stand(self.began_at, self.ended_at)


class Extension(models.Model):
    """A lead agreed to a later moment, for a reason that stands on the timeline."""

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="extensions")
    agreed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="extension_is_ahead", condition=Q(due_at__gt=F("agreed_at"))),
        ]

    def __str__(self) -> str:
        return f"to {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def agreed(self) -> Agreed:
        return Agreed(self.agreed_at, self.due_at)


class FollowUpKind(models.TextChoices):
    """What somebody must tick off."""

    LETTER = "letter", "Letter to send"
    CALL = "expected_call", "Expected call"
    POST = "expected_post", "Expected post"
    INVESTIGATION = "investigation", "To investigate"


class FollowUp(models.Model):
    """Something about a case that the staff of a unit must tick off: a letter to send, a call or post to expect.

    It belongs to the unit and never to one person. `due_at` copies its deadline's. What `needs_words` is not done by a
    day alone.
    """

    EVENT_LABELS: ClassVar[dict[str, str]] = {"expected": "To be followed up", "settled": "Followed up"}

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="follow_ups")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=FollowUpKind.choices)
    words = models.CharField(max_length=200)
    needs_words = models.BooleanField(default=True)
    deadline = models.OneToOneField(Deadline, on_delete=models.PROTECT, related_name="follow_up")
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField(null=True)
    outcome = models.TextField(blank=True)

    objects = models.Manager.from_queryset(FollowUpQuerySet)()

    class Meta:
        indexes = [
            models.Index(fields=["unit", "due_at", "id"], name="follow_up_open", condition=Q(settled_at=None)),
            models.Index(fields=["case", "id"], name="follow_up_case"),
        ]
        constraints = [
            models.CheckConstraint(
                name="follow_up_is_settled_by_somebody",
                condition=Q(settled_at=None, settled_by=None, done_on=None, outcome="")
                | (Q(settled_at__isnull=False, settled_by__isnull=False) & (Q(done_on__isnull=False) | ~Q(outcome=""))),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.words}"
