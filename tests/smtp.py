"""A real SMTP server on loopback. Who a message is for decides what it answers."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.smtp import SMTP


@dataclass
class Received:
    sender: str
    recipients: list[str]
    raw: bytes

    @property
    def mail(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)  # type: ignore[return-value]

    @property
    def text(self) -> str:
        return self.mail.get_content()


@dataclass
class CatchingServer:
    """Keeps what it takes. `refused@…` gets 550, `later@…` 451 until `go_on` is set.

    `broken@…` gets no answer to the text, `slow@…` waits for it until `go_on` is set, `dribble@…` gets an answer whose
    lines do not end until then.
    """

    received: list[Received] = field(default_factory=list)
    in_data: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("refused@"):
            return "550 5.1.1 No such mailbox here"
        if address.startswith("later@") and not self.go_on.is_set():
            return "451 4.3.0 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if any(address.startswith("broken@") for address in envelope.rcpt_tos):
            server.transport.abort()
        if any(address.startswith("slow@") for address in envelope.rcpt_tos):
            self.in_data.set()
            while not self.go_on.is_set():
                await asyncio.sleep(0.02)
        if any(address.startswith("dribble@") for address in envelope.rcpt_tos):
            while not self.go_on.is_set():
                server.transport.write(b"250-Still at it\r\n")
                await asyncio.sleep(0.2)
        self.received.append(Received(envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        return "250 Taken"

    def __enter__(self) -> Self:
        self.loop = asyncio.new_event_loop()
        started = threading.Event()
        self.thread = threading.Thread(target=self._serve, args=[started], daemon=True)
        self.thread.start()
        started.wait()
        return self

    def _serve(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self.loop)
        make = lambda: SMTP(self, decode_data=False, enable_SMTPUTF8=False, loop=self.loop)  # noqa: E731
        server = self.loop.run_until_complete(self.loop.create_server(make, "127.0.0.1", self.port))
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self.loop.run_forever()
        server.close()

    def __exit__(self, *_: object) -> None:
        self.go_on.set()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(timeout=5)
