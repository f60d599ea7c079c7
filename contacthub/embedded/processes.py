"""Child processes that end with us, whatever ends us. Linux and standard library only."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None)


def end_with_parent(signum: signal.Signals) -> None:
    """Have the kernel send us this signal when the thread that started us ends. It outlives exec."""
    libc.prctl(PR_SET_PDEATHSIG, int(signum), 0, 0, 0)


def spawn(
    command: Sequence[str | Path],
    *,
    death: signal.Signals,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdout: int | IO[bytes] | None = None,
    stderr: int | IO[bytes] | None = None,
    identity: tuple[int, int] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches us alone and we stop things in their order.

    Call it from the main thread only: the death signal follows the thread that forked. `identity` is uid and gid.
    """
    parent = os.getpid()

    def in_child() -> None:
        # Runs after the change of user, which would take the death signal away.
        libc.prctl(PR_SET_PDEATHSIG, int(death), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    uid, gid = identity or (None, None)
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        env=env,
        cwd=cwd,
        start_new_session=True,
        user=uid,
        group=gid,
        extra_groups=[] if identity else None,
        preexec_fn=in_child,
    )


def kill_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def finish(
    process: subprocess.Popen[bytes],
    *signals: signal.Signals,
    grace_s: float,
    meanwhile: Callable[[float], None] = time.sleep,
) -> None:
    """Ask by each signal in turn, wait that long after each, then kill what is left of its session."""
    for signum in signals:
        if process.poll() is not None:
            break
        process.send_signal(signum)
        until = time.monotonic() + grace_s
        while process.poll() is None and time.monotonic() < until:
            meanwhile(0.02)
    kill_group(process)
    process.wait()


def users_of(folder: Path) -> list[int]:
    """Return the processes that work in a folder: a server does in that of its data, until its last child has ended."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if os.readlink(entry / "cwd") == str(folder):
                    found.append(int(entry.name))
    return found
