"""For tests in which two people act at the same moment, on a real Postgres."""

import time

from django.db import connection

WAITING = "select count(*) from pg_locks where not granted"


def wait_until_blocked(*, seconds: float = 5) -> None:
    """Return once another connection waits for a lock; fail when none does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("Nobody waits for a lock")
