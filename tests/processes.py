"""Real processes of ours on the test database, for tests that kill and restart them."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from contacthub.embedded.supervisor import commands

ROOT = Path(settings.BASE_DIR)


def environment(*, smtp_port: int, redis_url: str | None = None) -> dict[str, str]:
    """Return the environment by which a process of ours works on the test database and mails to this port."""
    given = connection.settings_dict
    database = f"postgres://{given['USER']}:{given['PASSWORD']}@/{given['NAME']}?host={given['HOST']}"
    if given["PORT"]:
        database += f"&port={given['PORT']}"
    return os.environ | {
        "DATABASE_URL": database,
        "REDIS_URL": redis_url or settings.CELERY_BROKER_URL,
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }


def procfile(name: str) -> list[str]:
    """Return the command that the Procfile names for a process."""
    return shlex.split(_command(name))


def _command(name: str) -> str:
    return commands((ROOT / "Procfile").read_text())[name]


@contextmanager
def running(name: str, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process of the Procfile, in a group of its own, until the block ends."""
    command = ["/bin/sh", "-c", f"exec {_command(name)}"]
    process = subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True)
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and its children at once, as `kill -9` does."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def children_of(process: subprocess.Popen[bytes]) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def wait_until(what: Callable[[], object], *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            raise AssertionError(f"Still not so after {seconds} seconds")
        time.sleep(0.05)
