from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from contacthub.cases.models import Case
from contacthub.documents.queries import DocumentQuerySet
from contacthub.formats import shortened
from contacthub.jobs.models import Job


class ScanState(models.TextChoices):
    WAITING = "waiting", "not checked for viruses yet"
    CLEAN = "clean", "checked for viruses"
    MALWARE = "malware", "refused: it contains a virus"
    UNCHECKED = "unchecked", "could not be checked for viruses"


class Document(Job):
    """A file that somebody attached to a case, or that we made for it. As a `Job` it is looked at by the scanner.

    `name` is what the file was called where it came from; on our disk it is `stored_as`. Nobody gets it before it is
    clean; what turned out to be malware has no file any more.
    """

    EVENT_LABELS: ClassVar[dict[str, str]] = {
        "document_attached": "Document attached",
        "document_opened": "Document opened",
        "document_checked": "Document checked for viruses",
        "document_refused": "Document refused: it contains a virus",
        "document_unchecked": "Document could not be checked for viruses",
    }

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=32, unique=True)
    scan_state = models.CharField(max_length=10, choices=ScanState.choices)
    attached_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    attached_at = models.DateTimeField()

    objects = models.Manager.from_queryset(DocumentQuerySet)()

    class Meta:
        indexes = [
            models.Index(fields=["case", "kind", "id"], name="document_case"),
            models.Index(
                fields=["next_attempt_at", "id"], name="document_due", condition=Q(next_attempt_at__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="document_waits_for_its_scan",
                condition=Q(scan_state="waiting", next_attempt_at__isnull=False)
                | (~Q(scan_state="waiting") & Q(next_attempt_at=None, leased_until=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("documents:document", args=[self.pk])

    @property
    def short_name(self) -> str:
        """Return the name for screens: a long one loses its middle."""
        return shortened(self.name)

    @property
    def is_clean(self) -> bool:
        return self.scan_state == ScanState.CLEAN
