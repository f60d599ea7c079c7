from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Q


class SubmissionManager(models.Manager["Submission"]):
    def claim(self, *, caller: str, key: str, request_hash: str, at: datetime) -> int | None:
        """Return the new row of this key, None where it was sent before; whoever sends it at the same moment waits."""
        statement = """
            insert into submissions_submission (caller, key, request_hash, answer, place, at)
            values (%s, %s, %s, '', '', %s) on conflict (caller, key) do nothing returning id
        """
        with connection.cursor() as cursor:
            cursor.execute(statement, [caller, key, request_hash, at])
            row = cursor.fetchone()
        return row[0] if row else None

    def settle(self, pk: int, *, answer: str, place: str) -> None:
        """Note what came of a claimed key."""
        with connection.cursor() as cursor:
            cursor.execute(
                "update submissions_submission set answer = %s, place = %s where id = %s", [answer, place, pk]
            )


class Submission(models.Model):
    """That a form or request was sent and taken: `answer` says what came of it.

    `place` is that of the draft which sending it cleared: what a page opened earlier keeps there comes too late.
    """

    caller = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    request_hash = models.CharField(max_length=64)
    answer = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()

    objects = SubmissionManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="submission_once")]
        indexes = [
            models.Index(fields=["caller", "place", "id"], name="submission_place", condition=~Q(place="")),
            models.Index(fields=["at", "id"], name="submission_oldest"),
        ]

    def __str__(self) -> str:
        return f"{self.caller} {self.key}"


class Draft(models.Model):
    """What a person has typed at a place and not sent: the values of the form's fields, by name (CM-14).

    `place` names the form, like "jobmatch:reply:UJ-000123"; `title` and `link` lead the writer back to it.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=100)
    title = models.CharField(max_length=200)
    link = models.CharField(max_length=200)
    words = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "place"], name="draft_once")]
        indexes = [models.Index(fields=["person", "kept_at", "id"], name="draft_person")]

    def __str__(self) -> str:
        return self.title


class VisitsManager(models.Manager["Visits"]):
    def count_visit(self, source: str, *, limit: int, per: timedelta, at: datetime) -> int | None:
        """Count one visit more and return how many count now; None, and nothing is counted, where that is too many.

        One statement, so that of many at once each sees those before it.
        """
        statement = """
            insert into submissions_visits as known (source, moments, forget_at)
            values (%(source)s, array[%(at)s]::timestamptz[], %(forget_at)s)
            on conflict (source) do update set forget_at = excluded.forget_at, moments = array(
                select came from unnest(known.moments) as came where came > %(since)s
            ) || excluded.moments
            where (select count(*) from unnest(known.moments) as came where came > %(since)s) < %(limit)s
            returning cardinality(moments)
        """
        given: dict[str, Any] = {"source": source, "at": at, "since": at - per, "forget_at": at + per, "limit": limit}
        with connection.cursor() as cursor:
            cursor.execute(statement, given)
            row = cursor.fetchone()
        return row[0] if row else None


class Visits(models.Model):
    """When one source came lately, oldest first; `forget_at` is when none of it counts any more."""

    source = models.CharField(max_length=200, primary_key=True)
    moments = ArrayField(models.DateTimeField(), default=list)
    forget_at = models.DateTimeField()

    objects = VisitsManager()

    class Meta:
        verbose_name_plural = "visits"
        indexes = [models.Index(fields=["forget_at"], name="visits_forget")]

    def __str__(self) -> str:
        return self.source
