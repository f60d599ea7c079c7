from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from contacthub.cases.models import Case
from contacthub.documents.models import Document
from contacthub.jobs.models import Job
from contacthub.mail.queries import (
    DeliveryReportQuerySet,
    MessageQuerySet,
    NoticeQuerySet,
    ProviderPostQuerySet,
)


class Mailbox(models.Model):
    """An address that we write from; an empty one stops the send (UJ-14)."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    address = models.EmailField(blank=True)

    class Meta:
        verbose_name_plural = "mailboxes"
        constraints = [
            models.CheckConstraint(
                name="mailbox_name_is_one_line",
                condition=~Q(name__regex=r"[\r\n]"),
                violation_error_message="Enter the name in one line",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MessageState(models.TextChoices):
    QUEUED = "queued", "Queued"
    SENDING = "sending", "Sending"
    ACCEPTED = "accepted", "Accepted"
    DELIVERED = "delivered", "Delivered"
    FAILED = "failed", "Failed"
    HELD_BACK = "held_back", "Not sent"  # its app took it back before it went


NOT_SENT = frozenset({MessageState.FAILED, MessageState.HELD_BACK})


class Priority(models.IntegerChoices):
    """What goes first: a caller waits on the telephone for the identity email."""

    FIRST = 0
    ORDINARY = 1


class Message(Job):
    """One email to one recipient, in the outbox from the moment the service that queued it commits.

    `message_id` is fixed here, so that a repeat is recognisable; `server_words` are those of the last attempt, which
    began at `tried_at`. Once nobody knows how an attempt ended, `unsure_since` says when it was lost, and stays.
    `attempts_before` are those made before somebody pressed "Try again". `with_links`: what belongs to it is too large
    to be sent, and its text says where to open it. `provider_id` is what a provider that took it calls it, by which it
    reports: "" for plain mail, of which nobody reports, and once no report counts any more.
    """

    EVENT_LABELS: ClassVar[dict[str, str]] = {
        "mail_failed": "Email failed",
        "mail_held_back": "Email not sent",
        "mail_tried_again": "Failed email tried again",
    }

    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="messages")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="+")
    from_name = models.CharField(max_length=100)
    from_address = models.EmailField()
    to = models.EmailField(max_length=320)
    copy_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="copies")
    language = models.CharField(max_length=2, default="en")
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.ORDINARY)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    with_links = models.BooleanField(default=False)
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.QUEUED)
    provider_id = models.CharField(max_length=250, blank=True)
    server_words = models.TextField(blank=True)
    queued_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    queued_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    unsure_since = models.DateTimeField(null=True)
    attempts_before = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(MessageQuerySet)()

    class Meta:
        indexes = [
            models.Index(
                fields=["priority", "next_attempt_at", "id"],
                name="message_due",
                condition=Q(next_attempt_at__isnull=False),
            ),
            models.Index(fields=["case", "id"], name="message_case"),
            models.Index(fields=["state", "queued_at", "id"], name="message_state"),
            models.Index(
                fields=["queued_at", "id"], name="message_waiting", condition=Q(state__in=["queued", "sending"])
            ),
            models.Index(
                fields=["queued_at", "id"], name="message_taken", condition=Q(state__in=["accepted", "delivered"])
            ),
            models.Index(fields=["queued_at", "id"], name="message_unsure", condition=Q(unsure_since__isnull=False)),
            models.Index(Lower("to"), F("queued_at"), F("id"), name="message_to"),
            models.Index(fields=["provider_id"], name="message_provider_id", condition=~Q(provider_id="")),
        ]
        constraints = [
            models.CheckConstraint(
                name="message_ends_once",
                condition=Q(
                    state__in=["accepted", "delivered", "failed", "held_back"],
                    ended_at__isnull=False,
                    next_attempt_at=None,
                )
                | Q(state__in=["queued", "sending"], ended_at=None, next_attempt_at__isnull=False),
            ),
            models.CheckConstraint(
                name="message_sending_has_lease",
                condition=Q(state="sending", leased_until__isnull=False) | (~Q(state="sending") & Q(leased_until=None)),
            ),
            models.CheckConstraint(
                name="message_reported_by_provider",
                condition=Q(state="delivered") & ~Q(provider_id="")
                | Q(state__in=["accepted", "failed"])
                | Q(state__in=["queued", "sending", "held_back"], provider_id=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"

    @property
    def is_copy(self) -> bool:
        return self.copy_of_id is not None


class Attachment(models.Model):
    """A document that goes with a message under this name. Its bytes are read as the message is sent."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="attachment_once", fields=["message", "document"]),
        ]

    def __str__(self) -> str:
        return self.name


class ProviderPost(models.Model):
    """What a mail provider posted to us, as it came and signed, kept before anybody reads it.

    `read_at` is null until a worker has; `trouble` says why it could not be read, which is not tried again.
    """

    provider = models.CharField(max_length=30)
    content_type = models.CharField(max_length=250)
    body = models.BinaryField()
    received_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)

    objects = models.Manager.from_queryset(ProviderPostQuerySet)()

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="provider_post_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.provider}, {self.received_at}"


class DeliveryReport(models.Model):
    """What a provider said once of a message: delivered, or failed with these words.

    `key` is the same each time it says so. `message` is the one that it counted for; `next_look_at` is when to look for
    that again, null once it has counted, or is of no message of ours.
    """

    post = models.ForeignKey(ProviderPost, on_delete=models.PROTECT, related_name="reports")
    key = models.CharField(max_length=64, unique=True)
    provider_id = models.CharField(max_length=250)
    state = models.CharField(max_length=10, choices=MessageState.choices)
    words = models.TextField(blank=True)
    heard_at = models.DateTimeField()
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="reports")
    next_look_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(DeliveryReportQuerySet)()

    class Meta:
        indexes = [
            models.Index(fields=["next_look_at", "id"], name="report_due", condition=Q(next_look_at__isnull=False)),
            models.Index(fields=["provider_id"], name="report_provider_id", condition=Q(next_look_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.provider_id}"


class Notice(models.Model):
    """Something that a person is told on the home page, until they have read it.

    One that waits for the next email about several has `in_digest`, until that is queued.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=500)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    in_digest = models.BooleanField(default=False)

    objects = models.Manager.from_queryset(NoticeQuerySet)()

    class Meta:
        indexes = [
            models.Index(fields=["person", "at", "id"], name="notice_person"),
            models.Index(fields=["person", "at", "id"], name="notice_unread", condition=Q(read_at=None)),
            models.Index(fields=["person", "id"], name="notice_digest", condition=Q(in_digest=True)),
        ]

    def __str__(self) -> str:
        return self.words
