from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from contacthub.cases.models import CaseRecord
from contacthub.cases.queries import CaseRecordManager
from contacthub.mail.models import Message
from jobmatch_helpdesk import lifecycle, routing
from jobmatch_helpdesk.lifecycle import WITH_THE_HELPDESK, IncidentLifecycle, IncidentState
from jobmatch_helpdesk.queries import IncidentQuerySet

ABOUT_LENGTH = 80


class Incident(IncidentLifecycle, CaseRecord):
    """Something that somebody wrote to the Universal Jobmatch Helpdesk, until it is answered (UJ-30).

    `row` is the row of the handling strategy that decided; `due_at` copies the first-reply deadline, by which the
    queue may be ordered, and is written by the reaction to that deadline alone.
    """

    KIND: ClassVar[str] = "incident"
    PREFIX: ClassVar[str] = "UJ"
    EVENT_LABELS: ClassVar[dict[str, str]] = lifecycle.EVENT_LABELS

    source = models.CharField(max_length=20, choices=routing.Source.choices)
    row = models.CharField(max_length=3)
    band = models.PositiveSmallIntegerField(choices=routing.Band.choices)
    customer_name = models.CharField(max_length=200, blank=True)
    customer_email = models.EmailField(max_length=320)
    description = models.TextField()
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    replied_at = models.DateTimeField(null=True)

    objects = CaseRecordManager.from_queryset(IncidentQuerySet)()

    class Meta:
        indexes = [
            models.Index(
                "band", "received_at", "case", name="incident_queue", condition=Q(state__in=WITH_THE_HELPDESK)
            ),
            models.Index(
                "band", "received_at", "case", name="incident_next", condition=Q(state=IncidentState.RECEIVED)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="incident_state_is_known", condition=Q(state__in=[state.value for state in IncidentState])
            ),
            models.CheckConstraint(
                name="incident_received_is_nobodys",
                condition=Q(state=IncidentState.RECEIVED, assigned_to=None)
                | (~Q(state=IncidentState.RECEIVED) & Q(assigned_to__isnull=False)),
            ),
            models.CheckConstraint(
                name="incident_resolved_has_moment",
                condition=Q(state=IncidentState.RESOLVED, replied_at__isnull=False)
                | (~Q(state=IncidentState.RESOLVED) & Q(replied_at=None)),
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("jobmatch:incident", args=[self.reference])

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
        """Say, for a row of the queue, who gets the answer."""
        return str(self.route.reply_to.label)

    @property
    def reply_to(self) -> str:
        """Return the address that the answer goes to, by the row (UJ-10)."""
        return {routing.ReplyTo.CUSTOMER: self.customer_email}[self.route.reply_to]


class Reply(models.Model):
    """An answer that was sent: its text, the address it went to, and when (UJ-35)."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="replies")
    text = models.TextField()
    to = models.EmailField(max_length=320)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Reply to {self.to}"
