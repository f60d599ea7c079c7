"""When a message is tried again: plain data, no clock."""

from datetime import datetime, timedelta

LEASE = timedelta(minutes=2)
GAPS = [timedelta(minutes=minutes) for minutes in (1, 5, 15)] + [timedelta(hours=hours) for hours in (1, 3, 6, 12)]


def next_attempt(*, attempts: int, at: datetime) -> datetime | None:
    """Return when to try again after so many attempts, or None when it is given up."""
    return at + GAPS[attempts - 1] if attempts <= len(GAPS) else None
