"""Looking for malware. DOCUMENT_SCANNER names the scanner: a function like `test_file_only`, or `clamd`."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable
from enum import StrEnum
from typing import IO

from django.conf import settings
from django.utils.module_loading import import_string

PIECE = 64 * 1024
PATIENCE = 10.0  # seconds in all: somebody waits for the page
# The file that every scanner takes for malware, in two halves, so that none takes this one for it.
TEST_FILE = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Verdict(StrEnum):
    """What a scanner found; UNSURE is a file beyond its limits, of which it can say neither."""

    CLEAN = "clean"
    MALWARE = "malware"
    UNSURE = "unsure"


class ScannerAway(Exception):
    """The scanner did not answer: the file is to be looked at later."""


Scanner = Callable[[IO[bytes]], Verdict]


def scan(file: IO[bytes]) -> Verdict:
    """Ask the scanner that is set up. Raises ScannerAway."""
    scanner: Scanner = import_string(settings.DOCUMENT_SCANNER)
    file.seek(0)
    try:
        return scanner(file)
    except OSError as trouble:
        raise ScannerAway(str(trouble)) from trouble
    finally:
        file.seek(0)


def test_file_only(file: IO[bytes]) -> Verdict:
    """Know the test file of scanners, and nothing else: for a machine that has no scanner."""
    before = b""
    while piece := file.read(PIECE):
        if TEST_FILE in before + piece:
            return Verdict.MALWARE
        before = piece[-len(TEST_FILE) :]
    return Verdict.CLEAN


def clamd(file: IO[bytes]) -> Verdict:
    """Ask ClamAV's daemon at CLAMD_ADDRESS, `host:port` or the path of its socket, to look at the stream of bytes."""
    ends_at = time.monotonic() + PATIENCE
    with _connected(settings.CLAMD_ADDRESS) as server:

        def left() -> float:
            seconds = ends_at - time.monotonic()
            if seconds <= 0:
                raise TimeoutError("The scanner took too long")
            return seconds

        def send(data: bytes) -> None:
            server.settimeout(left())
            server.sendall(data)

        try:
            send(b"zINSTREAM\0")
            while piece := file.read(PIECE):
                send(struct.pack("!L", len(piece)) + piece)
            send(struct.pack("!L", 0))
        except (BrokenPipeError, ConnectionResetError):
            pass  # beyond its own limit it hangs up, and has said so
        answer = b""
        while not answer.endswith(b"\0"):
            server.settimeout(left())
            if not (piece := server.recv(4096)):
                break
            answer += piece
    return _verdict(answer.decode(errors="replace"))


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        server = socket.socket(socket.AF_UNIX)
        server.settimeout(PATIENCE)
        server.connect(address)
        return server
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)


def _verdict(answer: str) -> Verdict:
    words = answer.strip("\0\n ")
    if words.endswith("Heuristics.Limits.Exceeded FOUND") or ".Limits.Exceeded." in words or "size limit" in words:
        return Verdict.UNSURE
    if words.endswith(" FOUND"):
        return Verdict.MALWARE
    if words.endswith(": OK"):
        return Verdict.CLEAN
    raise ScannerAway(words or "The scanner hung up")
