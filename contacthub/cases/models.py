from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Now

from contacthub.actor import ActorKind
from contacthub.cases.queries import CaseManager, EventManager


class Case(models.Model):
    """What every shared row points at: a reference that people read out, and the kind of record behind it (XC-02)."""

    kind = models.CharField(max_length=40)
    reference = models.CharField(max_length=20, unique=True)

    objects = CaseManager()

    def __str__(self) -> str:
        return self.reference


class Versioned(models.Model):
    """A record that says if it changed since somebody looked: every move and edit raises `version`."""

    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.version += 1
        super().save(*args, **kwargs)


class Listed(models.Model):
    """A record that machines list in the order of its changes.

    A trigger on its table writes `changed_at` by the clock of Postgres, also where `update()` or imported history
    changes the row: `create trigger changed before insert or update on … execute function set_changed_at()`.
    """

    changed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True


class CaseRecord(Versioned):
    """A record of a procedure. Its key is its case's.

    A subclass names its KIND and the PREFIX of its references, for which a migration makes the sequence
    `reference_<prefix>`. It has the lifecycle's `state`, a `get_absolute_url`, words for the events that are no moves,
    and `objects` that joins the case: `CaseRecordManager.from_queryset(...)()` of a `CaseRecordQuerySet`.
    """

    KIND: ClassVar[str]
    PREFIX: ClassVar[str]
    EVENT_LABELS: ClassVar[dict[str, str]] = {}
    get_all_state_transitions: ClassVar[
        Callable[..., Iterator[Any]]
    ]  # comes with the state field of the app's lifecycle

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="%(class)s")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return self.case.reference

    @property
    def stands_on(self) -> list[int]:
        """Return the cases that are locked before this one, the oldest first."""
        return []


class FindKey(models.Model):
    """What a case is found by: a word or two of a name, an email address, its domain, a telephone number, folded.

    The database writes them: triggers on the tables of records call `keep_find_keys`, so that they hold whoever writes,
    and go with what they are made from. `prefix` is that of the case's reference. `weight` is MAIN for what is known of
    whom the case is about, else OTHER.
    """

    MAIN: ClassVar[int] = 2
    OTHER: ClassVar[int] = 1

    pk = models.CompositePrimaryKey("case_id", "key")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    prefix = models.CharField(max_length=3)
    key = models.CharField(max_length=320, db_collation="C")  # the beginnings of keys are read from their index
    weight = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index("prefix", "key", F("weight").desc(), F("case").desc(), name="find_key")]

    def __str__(self) -> str:
        return self.key


class Event(models.Model):
    """That something happened: who, what, when (XC-01). The database refuses to change or remove one."""

    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="events")
    subject_label = models.CharField(max_length=100)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ActorKind])
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    request_id = models.CharField(max_length=36, blank=True)

    objects = EventManager()

    class Meta:
        indexes = [
            models.Index(fields=["case", "id"], name="event_timeline"),
            models.Index(fields=["subject_label", "subject_id", "id"], name="event_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"


class EventWords(models.Model):
    """The words of an event, apart from it: retention may remove them, the event stays."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="words")
    text = models.TextField()

    def __str__(self) -> str:
        return self.text[:60]
