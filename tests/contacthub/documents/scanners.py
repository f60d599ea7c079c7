"""Scanners for tests: DOCUMENT_SCANNER names one of these, and a server that answers as ClamAV's daemon does."""

from __future__ import annotations

import socket
import struct
import threading
from typing import IO, Self

from contacthub.documents.scanning import Verdict


def away(file: IO[bytes]) -> Verdict:
    raise ConnectionRefusedError("Nobody listens")


def clean(file: IO[bytes]) -> Verdict:
    return Verdict.CLEAN


def malware(file: IO[bytes]) -> Verdict:
    return Verdict.MALWARE


def unsure(file: IO[bytes]) -> Verdict:
    return Verdict.UNSURE


class Clamd:
    """Reads a stream as ClamAV's daemon does, and answers what it was told to; None answers nothing."""

    def __init__(self, answer: bytes | None) -> None:
        self.answer = answer
        self.received = b""
        self.done = threading.Event()

    def __enter__(self) -> Self:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.server.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        return self

    def _serve(self) -> None:
        try:
            client, _ = self.server.accept()
        except OSError:
            return
        with client, client.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while size := struct.unpack("!L", stream.read(4))[0]:
                self.received += stream.read(size)
            if self.answer is None:
                self.done.wait(10)
            else:
                client.sendall(self.answer)

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.server.close()
        self.thread.join(timeout=5)
