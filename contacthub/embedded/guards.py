"""What may stand in the way of a start. Each is told in one line that says what to do. Standard library only."""

import fcntl
import os
import socket
import tempfile
from pathlib import Path


class Obstacle(Exception):
    """Its text is one line for the person who pressed enter."""


def port_from(text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    raise Obstacle(f"PORT is {text!r}: give a number from 1 to 65535, for example PORT=8010 make run.")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As gunicorn does, or the port would count as taken for a minute after each stop.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Obstacle(f"Port {port} is for root only: choose one above 1023, for example PORT=8010.") from None
        except OSError:
            return False
        return True


def require_free_port(port: int) -> None:
    if not is_free(port):
        raise Obstacle(f"Port {port} is taken by another program: stop that, or choose another, PORT=8010 make run.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def require_writable(folder: Path, remedy: str) -> None:
    """Make the folder if need be. Writing is tried: permission bits say nothing of a disk that is mounted read-only."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as trouble:
        raise Obstacle(f"Cannot write in {folder} ({trouble.strerror}): {remedy}.") from None


class DataLock:
    """Holds the data folder for one run. The kernel lets go of it when the process ends, however it ends."""

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / "lock"
        self.held: int | None = None

    def take(self) -> None:
        try:
            lock = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except PermissionError:
            raise Obstacle(
                f"{self.path} belongs to another user: start as that user, or set DATA_DIR to a folder of your own."
            ) from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.pread(lock, 20, 0).decode().strip() or "unknown"
            os.close(lock)
            raise Obstacle(
                f"ContactHub is already running with {self.path.parent} (pid {pid}): stop that first, "
                "or start another with its own DATA_DIR and PORT."
            ) from None
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        self.held = lock

    def let_go(self) -> None:
        if self.held is not None:
            os.close(self.held)
            self.held = None
