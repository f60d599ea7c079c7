"""What the head of an email that was saved says of it, so that nobody types it off: who wrote, when, and what of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import Parser
from typing import IO

from contacthub.formats import day_and_time
from contacthub.ui.fields import without_hidden
from employer_contact.personal import holds_card_number

LONGEST = 64 * 1024  # bytes of a head
LONGEST_FIELD = 4_000  # characters: of some ten times as long the library takes half a minute
LONGEST_LINE = 200  # characters


@dataclass(frozen=True)
class Head:
    """The name of who wrote, "" where there is none; and a line of notes about the email."""

    caller_name: str = ""
    notes: str = ""


def head_of(files: Iterable[tuple[str, IO[bytes]]]) -> Head:
    """Read the first email among these files, by name; what cannot be read of it is left out."""
    for name, file in files:
        if name.lower().endswith(".eml"):
            file.seek(0)
            return read(file.read(LONGEST))
    return Head()


def read(raw: bytes) -> Head:
    # Some programs write names as they are, in UTF-8, and not in the code that the standard of old asks for.
    mail = Parser(policy=policy.default).parsestr(raw.decode(errors="surrogateescape"), headersonly=True)
    for field in [field for field, said in mail.raw_items() if len(said) > LONGEST_FIELD]:
        del mail[field]
    name, address = _said(mail, _name), _said(mail, _address)
    when, subject = _said(mail, _sent_at), _said(mail, lambda mail: str(mail["Subject"] or ""))
    about = " ".join(["Email", *([f"of {when}"] if when else []), *([f"from {address}"] if address else [])])
    return Head(name, f"{about}: {subject}" if subject else about)


def _said(mail: EmailMessage, part: Callable[[EmailMessage], str]) -> str:
    """Return a part of the head in one line, "" where it holds the number of a card, which is never kept."""
    try:
        said = part(mail)
    except Exception:  # the library raises anything on a head that was made up
        return ""
    line = without_hidden(" ".join(said.split()).encode(errors="replace").decode())[:LONGEST_LINE]
    return "" if holds_card_number(line) else line


def _name(mail: EmailMessage) -> str:
    return str(mail["From"].addresses[0].display_name)


def _address(mail: EmailMessage) -> str:
    return str(mail["From"].addresses[0].addr_spec)


def _sent_at(mail: EmailMessage) -> str:
    sent_at: datetime = mail["Date"].datetime
    return day_and_time(sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=UTC))
