"""For tests in which two people act at the same moment, on a real Postgres."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

WAITING = "select count(*) from pg_locks where not granted"


def wait_until_blocked(*, number: int = 1, seconds: float = 5) -> None:
    """Return once so many other connections wait for a lock; fail when they do not."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0] >= number:
                return
        time.sleep(0.01)
    raise AssertionError(f"There are no {number} who wait for a lock")


class Held:
    """A call in a thread and a transaction of its own, which stays open until `commit()`."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self.call, self.done, self.may_commit = call, threading.Event(), threading.Event()
        self.result: Any = None
        self.error: Exception | None = None
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        try:
            with transaction.atomic():
                self.result = self.call()
                self.done.set()
                self.may_commit.wait(10)
        except Exception as error:
            self.error = error
        finally:
            self.done.set()
            connection.close()

    def commit(self) -> None:
        self.may_commit.set()
        self.thread.join(10)
