from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """Work that leaves Postgres. Whoever takes the lease does it; a lease that ran out was lost with its process.

    Fields: `attempts` counts every start, `next_attempt_at` is null once there is nothing left to do, and
    `leased_until` is set while somebody is at it.
    """

    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @staticmethod
    def due(at: datetime) -> Q:
        """Return what may be started at this moment: due, and in nobody's hands."""
        return Q(next_attempt_at__lte=at) & (Q(leased_until=None) | Q(leased_until__lte=at))

    def take_lease(self, *, at: datetime, lasts: timedelta) -> None:
        """Count an attempt and hold the work; the caller has locked the row and looked that it is due."""
        self.attempts += 1
        self.leased_until = at + lasts

    def give_back(self, *, again_at: datetime | None) -> None:
        """Let go of the work, which is due again at `again_at`, or never where that is None."""
        self.leased_until = None
        self.next_attempt_at = again_at


class Heartbeat(models.Model):
    """When a process of ours last said that it is alive."""

    process = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.process
