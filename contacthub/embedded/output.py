"""Passes on what the children say, without threads: forking with a death signal wants a process that has only one."""

import os
import select
import selectors
from collections.abc import Callable
from typing import IO

CHUNK = 4096  # bytes: what a pipe that counts as writable takes without waiting


class Output:
    def __init__(self) -> None:
        self.selector = selectors.DefaultSelector()

    def follow(self, stream: IO[bytes], take: Callable[[bytes], None]) -> None:
        """Hand each line that comes from the stream to `take`, from now until it ends."""
        os.set_blocking(stream.fileno(), False)
        self.selector.register(stream, selectors.EVENT_READ, Lines(take))

    def pass_on(self, timeout_s: float) -> None:
        """Wait that long at most for something to be said, and hand on all that was."""
        if not self.selector.get_map():
            select.select([], [], [], timeout_s)
            return
        for key, _ in self.selector.select(timeout_s):
            stream = key.fileobj
            content = os.read(key.fd, CHUNK)
            key.data.feed(content)
            if not content:
                self.selector.unregister(stream)
                stream.close()  # type: ignore[union-attr]


class Lines:
    """Cuts a stream into lines; a last one without its end counts too."""

    def __init__(self, take: Callable[[bytes], None]) -> None:
        self.take = take
        self.rest = b""

    def feed(self, content: bytes) -> None:
        *lines, self.rest = (self.rest + content).split(b"\n")
        if not content and self.rest:
            lines.append(self.rest)
        for line in lines:
            self.take(line)


def write_line(line: bytes) -> None:
    """Write to standard output. Where nobody reads, do without: no closed terminal and no full pipe may stop us."""
    try:
        for start in range(0, max(len(line), 1), CHUNK - 1):
            if not select.select([], [1], [], 0.5)[1]:
                return
            piece = line[start : start + CHUNK - 1]
            os.write(1, piece + b"\n" if start + len(piece) == len(line) else piece)
    except OSError:
        return


def say(text: str) -> None:
    for line in text.splitlines():
        write_line(line.encode(errors="replace"))
