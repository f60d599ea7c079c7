from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from contacthub.callbacks.queries import CallbackQuerySet
from contacthub.cases.models import Case, CaseRecord
from contacthub.cases.queries import CaseRecordManager
from contacthub.people.models import Unit


class Queue(models.Model):
    """The callbacks of one unit: an ED site, JD, a Jobcentre. Who may allocate and call is data of the queue."""

    code = models.SlugField(unique=True)
    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="callback_queue")
    caller_words = models.CharField(max_length=200, help_text="Who makes the call, as the Helpdesk reads it")

    def __str__(self) -> str:
        return self.unit.name


class Callback(CaseRecord):
    """A customer who must be rung, with all that the caller needs to see.

    `about` is the case that asked for the call; `words` are read out.
    """

    KIND: ClassVar[str] = "callback"
    PREFIX: ClassVar[str] = "CB"
    EVENT_LABELS: ClassVar[dict[str, str]] = {"requested": "Asked for"}

    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="callbacks")
    about = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="callbacks")
    customer_name = models.CharField(max_length=200, blank=True)
    telephone = models.CharField(max_length=20)
    language = models.CharField(max_length=2, default="en")
    words = models.TextField()
    requested_at = models.DateTimeField()

    objects = CaseRecordManager.from_queryset(CallbackQuerySet)()

    class Meta:
        constraints = [models.CheckConstraint(name="callback_has_number", condition=~Q(telephone=""))]
