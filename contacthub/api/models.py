from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from contacthub.api.queries import ApiKeyQuerySet, KeptAnswerManager


class ApiKey(models.Model):
    """A key with which a machine acts as a staff record of its own, narrowed to `scopes`.

    Only the SHA-256 of the secret is kept: it has 256 random bits, so that nothing slower is needed. `prefix` is its
    beginning, by which people know it.
    """

    EVENT_LABELS: ClassVar[dict[str, str]] = {"made": "Made", "revoked": "Revoked"}

    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_keys")
    scopes = ArrayField(models.CharField(max_length=60))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "API key"
        indexes = [
            models.Index(F("made_at").desc(), F("id").desc(), name="api_key_newest"),
            models.Index("staff", F("made_at").desc(), F("id").desc(), name="api_key_staff"),
        ]
        constraints = [
            models.CheckConstraint(name="api_key_expires_later", condition=Q(expires_at__gt=F("made_at"))),
            models.CheckConstraint(name="api_key_has_name", condition=~Q(name="")),
            models.CheckConstraint(name="api_key_has_scope", condition=~Q(scopes=[])),
        ]

    def __str__(self) -> str:
        return self.name


class KeptAnswer(models.Model):
    """What was answered to a request that changed something: its repeat gets the same (CM-14).

    It is written in the transaction that made the change, so that there is never one without the other.
    """

    caller = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField()
    body = models.TextField()  # JSON to the letter: Postgres would put its fields in another order
    at = models.DateTimeField()

    objects = KeptAnswerManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="kept_answer_once")]
        indexes = [models.Index(fields=["at", "id"], name="kept_answer_oldest")]

    def __str__(self) -> str:
        return f"{self.caller} {self.key}: {self.status}"
