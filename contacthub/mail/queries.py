from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.functions import Lower

from contacthub.addresses import forms_of
from contacthub.jobs.models import Job

if TYPE_CHECKING:
    from contacthub.mail.models import (  # noqa: F401  named in the base classes
        DeliveryReport,
        Message,
        Notice,
        ProviderPost,
    )

WAITING = ("queued", "sending")
TAKEN = ("accepted", "delivered")


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, at: datetime) -> Self:
        """Keep what may be sent now, what goes first ahead: due, or left by a worker whose lease ran out."""
        return self.filter(Job.due(at)).order_by("priority", "next_attempt_at", "pk")

    def failed(self) -> Self:
        return self.filter(state="failed")

    def held_back(self) -> Self:
        return self.filter(state="held_back")

    def accepted(self) -> Self:
        """Keep what was taken, whether anybody tells us that it was delivered or not."""
        return self.filter(state__in=TAKEN)

    def may_have_been_sent(self, at: datetime) -> Self:
        """Keep those of which an attempt had no end, whatever came of them later."""
        return self.filter(Q(unsure_since__isnull=False) | Q(state="sending", leased_until__lte=at))

    def waiting(self) -> Self:
        """Keep what is neither accepted, given up nor held back."""
        return self.filter(state__in=WAITING)

    def surely_not_sent(self, at: datetime) -> Self:
        return self.filter(unsure_since=None).exclude(state="sending", leased_until__lte=at)

    def with_attached(self) -> Self:
        """Give each message its `attached`: the names of what goes with it."""
        rows = self.model.attachments.rel.related_model._default_manager.filter(message=OuterRef("pk"))
        return self.annotate(attached=ArraySubquery(rows.order_by("pk").values("name")))

    def to_address(self, address: str) -> Self:
        """Keep what goes to this address, with capitals or without, its domain written with accents or as xn--."""
        return self.alias(to_lower=Lower("to")).filter(to_lower__in=forms_of(address))


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, person_id: int | None) -> Self:
        return self.filter(person_id=person_id)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def waiting(self) -> Self:
        """Keep those that wait for the next email about several."""
        return self.filter(in_digest=True)


class ProviderPostQuerySet(models.QuerySet["ProviderPost"]):
    def unread(self) -> Self:
        return self.filter(read_at=None)


class DeliveryReportQuerySet(models.QuerySet["DeliveryReport"]):
    def open(self) -> Self:
        """Keep what has counted for no message yet, and may."""
        return self.filter(next_look_at__isnull=False)

    def due(self, at: datetime) -> Self:
        return self.filter(next_look_at__lte=at).order_by("next_look_at", "pk")
