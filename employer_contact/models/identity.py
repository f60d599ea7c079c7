from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from contacthub.mail.models import Mailbox, Message
from contacthub.people.models import Unit
from employer_contact.models.contacts import Contact


class IdentityTemplate(models.Model):
    """A version of the wording that shows an employer who we are: the newest is sent, word for word (EC-56, EC-57).

    One without words is a placeholder, and cannot be sent. A version is never changed.
    """

    EVENT_LABELS: ClassVar[dict[str, str]] = {"saved": "Wording of the identity email saved"}

    number = models.PositiveIntegerField(unique=True)
    body = models.TextField(blank=True)
    body_welsh = models.TextField(blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"version {self.number}"


class IdentityInbox(models.Model):
    """The Employer Information Request inbox of a team, or of all teams of a line of business (EC-54): only those that
    have one send the email.
    """

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="+")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "identity inboxes"

    def __str__(self) -> str:
        return f"{self.unit}: {self.mailbox}"


class IdentityEmail(models.Model):
    """An identity email that was sent in a call, to the address on record or to one that was given on the call."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="identity_emails")
    template = models.ForeignKey(IdentityTemplate, on_delete=models.PROTECT, related_name="+")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="+")
    is_given = models.BooleanField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.message)
