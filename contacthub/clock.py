"""The one place that reads the computer's clock. Doors read it once and hand the moment on."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)
