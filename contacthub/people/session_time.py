"""How long somebody stays signed in: 30 minutes without doing anything, 12 hours in all (DOMAIN 12.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

IDLE = timedelta(minutes=30)
IN_ALL = timedelta(hours=12)
WARNED_BEFORE = timedelta(minutes=5)


@dataclass(frozen=True)
class SessionTime:
    """When somebody signed in and when they last did something."""

    signed_in_at: datetime
    seen_at: datetime

    @property
    def ends_at(self) -> datetime:
        return min(self.seen_at + IDLE, self.signed_in_at + IN_ALL)

    @property
    def ends_for_good(self) -> bool:
        """Tell that going on does not help any more: the 12 hours run out first."""
        return self.signed_in_at + IN_ALL <= self.seen_at + IDLE

    @property
    def why_it_ends(self) -> str:
        return "hours" if self.ends_for_good else "idle"

    def seconds_left(self, at: datetime) -> int:
        """Return whole seconds until the end: never below none, nor above IDLE where the clock was set back."""
        return max(0, int(min(self.ends_at - at, IDLE).total_seconds()))
