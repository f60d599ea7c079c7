from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacthub.cases.models import CaseRecord, Listed, Versioned
from contacthub.cases.queries import CaseRecordManager
from contacthub.deadlines.services import NEVER
from contacthub.links import link_to
from contacthub.mail.models import Message
from contacthub.people.models import Unit
from jobmatch_helpdesk import lifecycle, routing
from jobmatch_helpdesk.lifecycle import WITH_THE_HELPDESK, IncidentLifecycle, IncidentState
from jobmatch_helpdesk.queries import IncidentQuerySet, ReplyTemplateQuerySet

ABOUT_LENGTH = 80
ANY_TOPIC = "Any topic"  # of a reply template
OPEN = Q(state__in=WITH_THE_HELPDESK)
# What is overdue is asked for by its moment alone (queries.py), and must find these indexes too.
OPEN_OR_DUE = OPEN | Q(due_at__lt=NEVER)


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    WELSH = "cy", "Welsh"


class Topic(models.TextChoices):
    SIGN_IN = "sign_in", _("Password or sign-in problem")
    ACCOUNT = "account", _("Account or profile")
    POSTING = "posting", _("Job posting problem")
    APPLICATION = "application", _("Job application problem")
    UNSAFE = "unsafe", _("Job that looks wrong or unsafe")
    MATCHING = "matching", _("Matching or search")
    FAULT = "fault", _("Technical fault")
    COMPLAINT = "complaint", _("Complaint about the service")
    OTHER = "other", _("Something else")


class RiskKind(models.TextChoices):
    """Kind of health and safety risk; optional beside the reason."""

    ASSAULT = "assault", "Actual assault"
    ATTEMPT = "attempt", "Attempted assault"
    VERBAL = "verbal", "Verbal assault"
    THREAT = "threat", "Threat"
    WRITTEN = "written", "Written"
    OTHER = "other", "Other"


class Incident(IncidentLifecycle, Listed, CaseRecord):
    """Something that somebody told the Universal Jobmatch Helpdesk, until it is answered (UJ-30).

    `row` is the row of the handling strategy that decided; `due_at` copies the first-reply deadline, by which the
    queue may be ordered, and is written by the reaction to that deadline alone. `replied_at` is the moment of the first
    answer since it was last received. `raised_by` is the member of staff who filled in the form; `raiser_name` and
    `raiser_email` tell who is answered and asked, who may be somebody else.
    """

    KIND: ClassVar[str] = "incident"
    PREFIX: ClassVar[str] = "UJ"
    EVENT_LABELS: ClassVar[dict[str, str]] = lifecycle.EVENT_LABELS

    source = models.CharField(max_length=20, choices=routing.Source.choices)
    channel = models.CharField(max_length=10, choices=routing.Channel.choices, default=routing.Channel.FORM)
    row = models.CharField(max_length=3)
    band = models.PositiveSmallIntegerField(choices=routing.Band.choices)
    site = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    raiser_name = models.CharField(max_length=200, blank=True)
    raiser_email = models.EmailField(max_length=320, blank=True)
    customer_type = models.CharField(max_length=10, blank=True, choices=routing.CustomerType.choices)
    customer_name = models.CharField(max_length=200, blank=True)
    customer_email = models.EmailField(max_length=320, blank=True)
    no_email = models.BooleanField(default=False)
    telephone = models.CharField(max_length=20, blank=True)
    call_required = models.BooleanField(default=False)
    to_adviser = models.BooleanField(default=False)
    adviser_email = models.EmailField(max_length=320, blank=True)
    dwp_user_email = models.EmailField(max_length=320, blank=True)
    own_problem = models.BooleanField(default=False)
    topic = models.CharField(max_length=20, blank=True, choices=Topic.choices)
    description = models.TextField()
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.ENGLISH)
    account_from_erm = models.BooleanField(default=False)
    risk_kind = models.CharField(max_length=10, blank=True, choices=RiskKind.choices)
    escalated_at = models.DateTimeField(null=True)
    earlier_reference = models.CharField(max_length=20, blank=True)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    replied_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = CaseRecordManager.from_queryset(IncidentQuerySet)()

    class Meta:
        indexes = [
            models.Index("band", "received_at", "case", name="incident_queue", condition=OPEN_OR_DUE),
            models.Index(
                "band", "received_at", "case", name="incident_next", condition=Q(state=IncidentState.RECEIVED)
            ),
            models.Index("due_at", "case", name="incident_due", condition=OPEN_OR_DUE),
            models.Index(F("received_at").desc(), F("case").desc(), name="incident_newest"),
            models.Index(F("received_at").desc(), F("case").desc(), name="incident_open_newest", condition=OPEN_OR_DUE),
            models.Index(
                "band",
                "received_at",
                "case",
                name="incident_welsh",
                condition=Q(state__in=WITH_THE_HELPDESK, language="cy"),
            ),
            models.Index(
                F("received_at").desc(), F("case").desc(), name="incident_jd", condition=Q(source=routing.Source.JD)
            ),
            models.Index("assigned_to", "band", "received_at", "case", name="incident_mine", condition=OPEN),
            models.Index("assigned_to", "due_at", "case", name="incident_mine_due", condition=OPEN),
            models.Index("state", F("received_at").desc(), F("case").desc(), name="incident_state"),
            models.Index("site", F("received_at").desc(), F("case").desc(), name="incident_site"),
            models.Index("raised_by", F("received_at").desc(), F("case").desc(), name="incident_raiser"),
            models.Index("changed_at", "case", name="incident_changed"),
            models.Index("raised_by", "changed_at", "case", name="incident_raiser_changed"),
        ]
        constraints = [
            models.CheckConstraint(
                name="incident_state_is_known", condition=Q(state__in=[state.value for state in IncidentState])
            ),
            models.CheckConstraint(
                name="incident_is_somebodys_once_taken",
                condition=Q(state=IncidentState.RECEIVED, assigned_to=None)
                | (~Q(state=IncidentState.RECEIVED) & Q(assigned_to__isnull=False)),
            ),
            models.CheckConstraint(
                name="incident_received_has_no_answer",
                condition=~Q(state=IncidentState.RECEIVED) | Q(replied_at=None),
            ),
            models.CheckConstraint(
                name="incident_call_has_words_to_read",
                condition=~Q(state=IncidentState.CALLBACK_PENDING) | Q(replied_at__isnull=False),
            ),
            models.CheckConstraint(
                name="incident_closed_has_moment",
                condition=Q(state=IncidentState.CLOSED, closed_at__isnull=False)
                | (~Q(state=IncidentState.CLOSED) & Q(closed_at=None)),
            ),
            models.CheckConstraint(
                name="incident_online_has_email_or_says_none",
                condition=~Q(source__startswith="online", customer_email="", no_email=False),
            ),
            models.CheckConstraint(
                name="incident_call_has_number", condition=Q(call_required=False) | ~Q(telephone="")
            ),
            models.CheckConstraint(
                name="incident_band_is_known", condition=Q(band__in=[band.value for band in routing.Band])
            ),
            models.CheckConstraint(
                name="incident_ed_has_site", condition=~Q(source=routing.Source.ED) | Q(site__isnull=False)
            ),
            models.CheckConstraint(
                name="incident_risk_is_to_staff",
                condition=Q(escalated_at=None) | Q(source__in=sorted(routing.STAFF_SOURCES)),
            ),
        ]

    def get_absolute_url(self) -> str:
        return link_to("jobmatch:incident", self.reference)

    @property
    def about(self) -> str:
        """Return the beginning of what they wrote, for a row of the queue."""
        first_line = self.description.partition("\n")[0]
        return first_line if len(first_line) <= ABOUT_LENGTH else f"{first_line[:ABOUT_LENGTH].rstrip()}…"

    @property
    def route(self) -> routing.Row:
        return routing.row_numbered(self.row)

    @property
    def reply_goes_to(self) -> str:
        """Say who gets the answer, for a row of the queue: "Customer, Welsh", "ED Telford, call", "JD and customer"."""
        row = self.route
        who = f"ED {self.site}" if row.reply_to == routing.ReplyTo.ED_INBOX and self.site else row.reply_to.label
        if row.copies_customer and self.customer_email:
            who = f"{who} and customer"
        welsh = self.language == Language.WELSH
        if row.has_call:
            return f"{who}, Welsh call" if welsh else f"{who}, call"
        return f"{who}, Welsh" if welsh else str(who)

    @property
    def needs_call(self) -> bool:
        return self.route.has_call

    @property
    def waits_for_reply(self) -> bool:
        """Say if the clock of the first reply runs."""
        return self.state in (IncidentState.RECEIVED, IncidentState.ASSIGNED)

    @property
    def is_escalated(self) -> bool:
        return self.escalated_at is not None


class Reply(models.Model):
    """An answer: its text, when, and the address it went to; "" where it is only read out (UJ-35).

    `template` is the one it began from, whatever was made of its words since.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="replies")
    text = models.TextField()
    to = models.EmailField(max_length=320, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    message = models.OneToOneField(Message, null=True, on_delete=models.PROTECT, related_name="+")
    template = models.ForeignKey("ReplyTemplate", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reply_is_sent_or_read_out",
                condition=Q(to="", message=None) | (~Q(to="") & Q(message__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return f"Reply to {self.to or 'be read out'}"


class Question(models.Model):
    """What an agent asked while the incident waits, and the answer once there is one."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="questions")
    text = models.TextField()
    to = models.EmailField(max_length=320)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="question_is_answered_by_somebody",
                condition=Q(answer="", answered_at=None, answered_by=None)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return f"Question to {self.to}"


class ReplyTemplate(Versioned):
    """Words that agents use again, kept by the Helpdesk lead; what was sent with them stays on the record (XC-04).

    Placeholders: placeholders.py. Without its Welsh text it is not for Welsh customers; one that is not `offered` is
    for nobody until a lead offers it again.
    """

    EVENT_LABELS: ClassVar[dict[str, str]] = {"added": "Added", "changed": "Changed"}

    title = models.CharField(max_length=100)
    topic = models.CharField(max_length=20, blank=True, choices=Topic.choices)
    english = models.TextField()
    welsh = models.TextField(blank=True)
    offered = models.BooleanField(default=True)

    objects = ReplyTemplateQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("topic", "title", "id", name="template_topic")]
        constraints = [
            models.UniqueConstraint(Lower("title"), name="template_title_is_one"),
            models.CheckConstraint(name="template_has_title_and_english", condition=~Q(title="") & ~Q(english="")),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("jobmatch:template", args=[self.pk])

    @property
    def topic_label(self) -> str:
        return self.get_topic_display() if self.topic else ANY_TOPIC

    def text_in(self, language: str) -> str:
        """Return the words for customers of this language, "" where there are none."""
        return self.welsh if language == Language.WELSH else self.english
