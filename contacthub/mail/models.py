from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from contacthub.cases.models import Case
from contacthub.jobs.models import Job
from contacthub.mail.queries import MessageQuerySet


class Mailbox(models.Model):
    """An address that we write from; an empty one stops the send (UJ-14)."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    address = models.EmailField(blank=True)

    def __str__(self) -> str:
        return self.name


class MessageState(models.TextChoices):
    QUEUED = "queued", "Queued"
    SENDING = "sending", "Sending"
    ACCEPTED = "accepted", "Accepted by their mail server"
    FAILED = "failed", "Failed"


class Message(Job):
    """One email to one recipient, in the outbox from the moment the service that queued it commits.

    `message_id` is fixed here, so that a repeat is recognisable; `server_words` are those of the last attempt.
    """

    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="messages")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="+")
    from_name = models.CharField(max_length=100)
    from_address = models.EmailField()
    to = models.EmailField(max_length=320)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.QUEUED)
    server_words = models.TextField(blank=True)
    queued_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    queued_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(MessageQuerySet)()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"], name="message_due", condition=Q(next_attempt_at__isnull=False)
            ),
            models.Index(fields=["case", "id"], name="message_case"),
        ]
        constraints = [
            models.CheckConstraint(
                name="message_ends_once",
                condition=Q(state__in=["accepted", "failed"], ended_at__isnull=False, next_attempt_at=None)
                | Q(state__in=["queued", "sending"], ended_at=None, next_attempt_at__isnull=False),
            ),
            models.CheckConstraint(
                name="message_sending_has_lease",
                condition=Q(state="sending", leased_until__isnull=False) | (~Q(state="sending") & Q(leased_until=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"
