"""The files of documents: under random names in a folder that no web server serves."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

FOLDERS = 256


@dataclass(frozen=True)
class Kept:
    """A file as it lies on the disk: `sha256` in hexadecimal digits, `size` in bytes."""

    name: str
    sha256: str
    size: int


def keep(chunks: Iterable[bytes]) -> Kept:
    """Write a file and return once the disk has it: whoever commits its row afterwards finds it after any crash."""
    name = secrets.token_hex(16)
    path = _path(name)
    digest, size = hashlib.sha256(), 0
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in chunks:
            digest.update(chunk)
            size += file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    for folder in (path.parent, path.parent.parent):
        _sync(folder)
    return Kept(name, digest.hexdigest(), size)


def open_kept(name: str) -> IO[bytes]:
    """Open a file for reading. Raises OSError where it cannot be read."""
    return _path(name).open("rb")


def throw_away(name: str) -> None:
    _path(name).unlink(missing_ok=True)


def names_in(folder: int, *, older_than: float) -> Iterator[str]:
    """Return the names in one of the FOLDERS, of files last written before this moment, in seconds since 1970."""
    path = _folder(f"{folder:02x}")
    for file in path.iterdir() if path.is_dir() else ():
        if file.stat().st_mtime < older_than:
            yield file.name


def _path(name: str) -> Path:
    return _folder(name[:2]) / name


def _folder(name: str) -> Path:
    return Path(settings.DOCUMENTS_DIR) / name


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
