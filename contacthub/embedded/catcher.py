"""Catches the mail of `make run`: keeps each message true to the byte, and shows what was sent on a page of its own."""

import asyncio
import itertools
import json
import os
import re
import signal
import threading
import time
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

SHOWN = 200
NAME = re.compile(r"[0-9]{19}-[0-9]{6}-[0-9]+")
ENDING = re.compile("|eml|[0-9]{1,3}")


class Mailbox:
    """The caught messages: NAME.eml holds the bytes, NAME.json whom the envelope named."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.count = itertools.count(1)

    def keep(self, sender: str, recipients: list[str], content: bytes) -> str:
        name = f"{time.time_ns():019}-{next(self.count):06}-{os.getpid()}"
        self._write(f"{name}.json", json.dumps({"from": sender, "to": recipients}).encode())
        self._write(f"{name}.eml", content)
        return name

    def _write(self, name: str, content: bytes) -> None:
        # Whoever lists the folder sees whole messages only.
        half = self.folder / f".{name}.part"
        half.write_bytes(content)
        half.rename(self.folder / name)

    def names(self) -> list[str]:
        return sorted((path.stem for path in self.folder.glob("*.eml")), reverse=True)

    def raw(self, name: str) -> bytes:
        return (self.folder / f"{name}.eml").read_bytes()

    def envelope(self, name: str) -> dict[str, str | list[str]]:
        found: dict[str, str | list[str]] = json.loads((self.folder / f"{name}.json").read_bytes())
        return found


class Handler:
    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        return f"250 Kept as {self.mailbox.keep(envelope.mail_from or '', envelope.rcpt_tos, content)}"


def smtp(handler: Handler) -> SMTP:
    return SMTP(handler, decode_data=False, enable_SMTPUTF8=True, hostname="localhost")


def page(title: str, body: str) -> bytes:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"></head><body><h1>{escape(title)}</h1>{body}</body></html>'
    ).encode(errors="replace")


def list_page(mailbox: Mailbox) -> bytes:
    names = mailbox.names()
    rows = "".join(_row(mailbox, name) for name in names[:SHOWN])
    table = f"<table><thead><tr><th>Time</th><th>To</th><th>Subject</th></tr></thead><tbody>{rows}</tbody></table>"
    older = f"<p>Older ones are in {escape(str(mailbox.folder))}</p>" if len(names) > SHOWN else ""
    return page("Sent mail", table + older if names else "<p>No mail has been sent yet.</p>")


def _row(mailbox: Mailbox, name: str) -> str:
    message = BytesParser(policy=policy.default).parsebytes(mailbox.raw(name), headersonly=True)
    cells = (_time(name), _recipients(mailbox, name), f'<a href="/{name}">{_header(message, "Subject")}</a>')
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def message_page(mailbox: Mailbox, name: str) -> bytes:
    message = BytesParser(policy=policy.default).parsebytes(mailbox.raw(name))
    envelope = (("Sent to", _recipients(mailbox, name)), ("Sent at", _time(name)))
    headers = [(escape(str(header)), _header(message, header)) for header in dict.fromkeys(message.keys())]
    terms = "".join(f"<dt>{term}</dt><dd>{words}</dd>" for term, words in (*envelope, *headers))
    parts = "".join(_part(part, f"/{name}.{number}") for number, part in enumerate(_parts(message)))
    links = f'<p><a href="/">All sent mail</a> <a href="/{name}.eml">Message as it was sent</a></p>'
    return page("Message", f"{links}<dl>{terms}</dl>{parts}")


def _parts(message: EmailMessage) -> list[EmailMessage]:
    return [part for part in message.walk() if not part.is_multipart()]


def attachment(mailbox: Mailbox, name: str, number: int) -> bytes | None:
    """Return what was attached as this part of a message, or None where it has no such part."""
    parts = _parts(BytesParser(policy=policy.default).parsebytes(mailbox.raw(name)))
    return bytes(parts[number].get_payload(decode=True) or b"") if number < len(parts) else None


def _part(part: EmailMessage, link: str) -> str:
    if part.get_content_maintype() == "text" and not part.is_attachment():
        return f"<h2>{escape(part.get_content_type())}</h2><pre>{escape(_text(part))}</pre>"
    size = len(part.get_payload(decode=True) or b"")
    named = escape(part.get_filename() or "without a name")
    return f'<p>Attachment: <a href="{link}" download="{named}">{named}</a>, {size:,} bytes</p>'


def _text(part: EmailMessage) -> str:
    try:
        return str(part.get_content())
    except (LookupError, ValueError):  # a character set that nobody knows
        return bytes(part.get_payload(decode=True) or b"").decode("latin-1")


def _header(message: EmailMessage, name: str) -> str:
    try:
        words = ", ".join(str(value) for value in message.get_all(name, []))
    except Exception:  # on what is no header the standard library fails in many ways
        words = "(cannot be read)"
    return escape(words) or "(none)"


def _recipients(mailbox: Mailbox, name: str) -> str:
    return escape(", ".join(mailbox.envelope(name)["to"]))


def _time(name: str) -> str:
    moment = datetime.fromtimestamp(int(name.partition("-")[0]) / 1e9, UTC).astimezone()
    return f"{moment.day} {moment:%B %Y, %H:%M:%S}"


class Pages(BaseHTTPRequestHandler):
    """Serves the pages to this machine alone. The Host header shows a site elsewhere that pretends to be it."""

    mailbox: Mailbox

    def do_GET(self) -> None:
        host = (self.headers.get("Host") or "").rpartition(":")[0]
        name, dot, ending = self.path.lstrip("/").partition(".")
        if host not in ("127.0.0.1", "localhost"):
            self._send(421, "text/html", page("Ask for 127.0.0.1", ""))
        elif not self.path.lstrip("/"):
            self._send(200, "text/html", list_page(self.mailbox))
        elif not NAME.fullmatch(name) or not ENDING.fullmatch(ending) or name not in self.mailbox.names():
            self._send(404, "text/html", page("There is no such message", '<p><a href="/">All sent mail</a></p>'))
        elif ending == "eml":
            self._send(200, "message/rfc822", self.mailbox.raw(name))
        elif dot:
            found = attachment(self.mailbox, name, int(ending))
            self._send(404 if found is None else 200, "application/octet-stream", found or b"")
        else:
            self._send(200, "text/html", message_page(self.mailbox, name))

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind == "text/html" else kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: nobody needs to know that the page was looked at."""


def serve_pages(mailbox: Mailbox, port: int) -> ThreadingHTTPServer:
    handler = type("PagesOfMailbox", (Pages,), {"mailbox": mailbox})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


async def catch(handler: Handler, port: int, web_port: int) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, stop.set)
    server = await loop.create_server(lambda: smtp(handler), "127.0.0.1", port)
    pages = serve_pages(handler.mailbox, web_port)
    await stop.wait()
    server.close()
    pages.shutdown()


def main(folder: Path, port: int, web_port: int) -> int:
    asyncio.run(catch(Handler(Mailbox(folder)), port, web_port))
    return 0
