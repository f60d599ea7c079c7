from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from contacthub.callbacks import lifecycle
from contacthub.callbacks.lifecycle import IN_HANDS, OPEN, CallbackLifecycle, CallbackState
from contacthub.callbacks.outcomes import Limits, Outcome
from contacthub.callbacks.queries import CallbackQuerySet, QueueQuerySet
from contacthub.cases.models import Case, CaseRecord, Listed
from contacthub.cases.queries import CaseRecordManager
from contacthub.deadlines.working_time import Target
from contacthub.links import link_to
from contacthub.people.models import Unit
from contacthub.people.roles import Post, Role


class Queue(models.Model):
    """The callbacks of one unit: an ED site, JD, a Jobcentre. Who may allocate and call is data of the queue.

    With `allocator_role`, those of the unit who have it allocate the calls to its staff, and nobody takes one; without,
    the holder of `caller_post` takes them, or anybody of the unit where it is blank. `lead` is told what is overdue;
    without one, whoever allocates or takes is.
    """

    code = models.SlugField(unique=True)
    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="callback_queue")
    caller_words = models.CharField(max_length=200, help_text="Who makes the call, as the Helpdesk reads it")
    caller_post = models.CharField("calls taken by the", max_length=30, blank=True, choices=Post.choices)
    allocator_role = models.CharField(
        "calls allocated by each", max_length=40, blank=True, choices=[(role.value, role.value) for role in Role]
    )
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    attempts = models.PositiveSmallIntegerField("attempts without an answer, then a letter", default=2)
    gap_hours = models.PositiveSmallIntegerField("working hours until the next attempt", default=4)
    gap_days = models.PositiveSmallIntegerField("working days after a message or a wrong number", default=1)
    target_days = models.PositiveSmallIntegerField("working days until the call is due", default=1)
    urgent_hours = models.PositiveSmallIntegerField("hours until an urgent call is due", default=1)

    objects = models.Manager.from_queryset(QueueQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="queue_numbers_are_positive",
                condition=Q(attempts__gt=0, gap_hours__gt=0, gap_days__gt=0, target_days__gt=0, urgent_hours__gt=0),
                violation_error_message="Enter a number above 0",
            )
        ]

    def __str__(self) -> str:
        return self.unit.name

    def get_absolute_url(self) -> str:
        return link_to("callbacks:queue", self.code)

    @property
    def limits(self) -> Limits:
        return Limits(self.attempts, self.gap_hours, self.gap_days)

    def target(self, *, urgent: bool) -> Target:
        return Target(hours=self.urgent_hours) if urgent else Target(working_days=self.target_days)


class Kind(models.TextChoices):
    """What sort of call it is, which decides who besides the queue's staff reads it."""

    UJ_ED = "uj_ed", "Universal Jobmatch, ED"
    UJ_JD = "uj_jd", "Universal Jobmatch, JD"
    UJ_JOBCENTRE = "uj_jobcentre", "Universal Jobmatch, Jobcentre"
    WELSH = "welsh", "Child maintenance, in Welsh"
    HELD_NUMBER = "held_number", "Child maintenance, on a number we hold"
    SR_FOLLOW_UP = "sr_follow_up", "Child maintenance, about a service request"


class Callback(CallbackLifecycle, Listed, CaseRecord):
    """A customer who must be rung, with all that the caller needs to see: the page is complete in itself.

    `about` is the case that asked for the call; `words` are read out. `due_at` copies the deadline of the call, and is
    written by the reaction to it alone. `held_before` are those who had it and handed it back, or had it taken away.
    `unanswered` counts attempts towards the limit of the queue. One `at_risk` (of staff) is `urgent` too. Where nobody
    `may_leave_message`, none is left.
    """

    KIND: ClassVar[str] = "callback"
    PREFIX: ClassVar[str] = "CB"
    EVENT_LABELS: ClassVar[dict[str, str]] = lifecycle.EVENT_LABELS

    kind = models.CharField(max_length=20, choices=Kind.choices)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="callbacks")
    about = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="callbacks")
    customer_name = models.CharField(max_length=200, blank=True)
    customer_type = models.CharField(max_length=40, blank=True)
    telephone = models.CharField(max_length=20)
    language = models.CharField(max_length=2, default="en")
    may_leave_message = models.BooleanField(default=True)
    reason = models.CharField(max_length=100, blank=True)
    words = models.TextField()
    words_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    urgent = models.BooleanField(default=False)
    at_risk = models.BooleanField(default=False)
    requested_at = models.DateTimeField()
    due_at = models.DateTimeField()
    allocated_to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    held_before = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    unanswered = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True)

    objects = CaseRecordManager.from_queryset(CallbackQuerySet)()

    class Meta:
        indexes = [
            models.Index("queue", "due_at", "case", name="callback_open", condition=Q(state__in=OPEN)),
            models.Index(
                F("queue"),
                F("urgent").desc(),
                F("due_at"),
                F("case"),
                name="callback_calling",
                condition=Q(state__in=OPEN),
            ),
            models.Index("queue", "due_at", "case", name="callback_queued", condition=Q(state=CallbackState.QUEUED)),
            models.Index(
                F("queue"),
                F("urgent").desc(),
                F("due_at"),
                F("case"),
                name="callback_next",
                condition=Q(state=CallbackState.QUEUED),
            ),
            models.Index("allocated_to", "due_at", "case", name="callback_mine", condition=Q(state__in=IN_HANDS)),
            models.Index(
                F("queue"),
                F("ended_at").desc(),
                F("case").desc(),
                name="callback_ended",
                condition=Q(ended_at__isnull=False),
            ),
            models.Index("about", "case", name="callback_about"),
            models.Index("changed_at", "case", name="callback_changes"),
        ]
        constraints = [
            models.CheckConstraint(name="callback_has_number", condition=~Q(telephone="")),
            models.CheckConstraint(name="callback_at_risk_is_urgent", condition=Q(at_risk=False) | Q(urgent=True)),
            models.CheckConstraint(
                name="callback_state_is_known", condition=Q(state__in=[state.value for state in CallbackState])
            ),
            models.CheckConstraint(
                name="callback_in_hands_is_somebodys",
                condition=Q(state=CallbackState.QUEUED, allocated_to=None)
                | Q(state__in=IN_HANDS, allocated_to__isnull=False)
                | ~Q(state__in=OPEN),
            ),
            models.CheckConstraint(
                name="callback_ends_once",
                condition=Q(state__in=OPEN, ended_at=None) | (~Q(state__in=OPEN) & Q(ended_at__isnull=False)),
            ),
            models.UniqueConstraint(fields=["about"], condition=Q(state__in=OPEN), name="callback_one_open_of_a_case"),
        ]

    def get_absolute_url(self) -> str:
        return link_to("callbacks:callback", self.reference)

    @property
    def stands_on(self) -> list[int]:
        return [self.about_id]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def attempt_words(self) -> str:
        """Say which attempt comes next, as in "1 of 2"."""
        return f"{min(self.unanswered + 1, self.queue.attempts)} of {self.queue.attempts}"


class Attempt(models.Model):
    """That somebody rang: when, who, what came of it (CM-28). A call that is only booked is none.

    `queue` is the callback's at that moment. `in_time` says of the first attempt if it came before the due moment.
    `too_late` is one made when the callback had ended, or was with somebody else: it is kept and moves nothing.
    """

    callback = models.ForeignKey(Callback, on_delete=models.PROTECT, related_name="tries")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    words = models.TextField(blank=True)
    in_time = models.BooleanField(null=True)
    too_late = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["callback", "id"], name="attempt_callback"),
            models.Index(fields=["queue", "at"], name="attempt_first", condition=Q(in_time__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["callback"], condition=Q(in_time__isnull=False), name="attempt_one_is_the_first"
            ),
            models.CheckConstraint(
                name="attempt_that_spoke_says_what", condition=~Q(outcome=Outcome.SPOKE) | ~Q(words="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} at {self.at:%Y-%m-%d %H:%M}"
