"""When a document is scanned again: plain data, no clock."""

from datetime import datetime, timedelta

LEASE = timedelta(minutes=2)
GAPS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 720)]


def next_scan(*, attempts: int, at: datetime) -> datetime | None:
    """Return when to ask the scanner again after so many attempts, or None when it is given up."""
    return at + GAPS[attempts - 1] if attempts <= len(GAPS) else None
