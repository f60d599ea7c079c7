"""What somebody has answered so far in Contact Us, kept in the session until it is sent; then what they sent."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib.sessions.backends.base import SessionBase

from jobmatch_helpdesk.forms import first_open

KEPT, SENT = "contact_us", "contact_us_sent"
MOST_CHARACTERS = 100_000
LONGEST_KEY = 80


class Answers:
    """The answers of one session; `typed` has them by question, as typed."""

    def __init__(self, session: SessionBase) -> None:
        self.session = session
        kept: dict[str, Any] = session.get(KEPT) or {"key": str(uuid4()), "typed": {}}
        self.key: str = kept["key"]
        self.typed: dict[str, dict[str, str]] = kept["typed"]

    @property
    def sent(self) -> dict[str, Any] | None:
        """Return what was sent last: key, reference, due (ISO), typed, in_welsh."""
        return self.session.get(SENT)

    @property
    def next(self) -> str | None:
        """Return the question to answer next, None when everything is there to be sent."""
        return first_open(self.typed)

    def keep(self, step: str, typed: dict[str, str], *, key: str) -> None:
        """Keep what was typed at a question. The first one gives the message the key of its page."""
        if sum(map(len, typed.values())) > MOST_CHARACTERS:
            return  # the page that refuses it shows it; the session does not grow without end
        if not self.typed and 0 < len(key) <= LONGEST_KEY and not self.is_sent(key):
            self.key = key
        self.typed[step] = typed
        self._save()

    def is_sent(self, key: str, step: str = "", typed: dict[str, str] | None = None) -> bool:
        """Say if a page with this key belongs to what was sent, with these same words where some are given."""
        sent = self.sent
        return bool(sent and sent["key"] == key and (typed is None or sent["typed"].get(step) == typed))

    def renew(self) -> None:
        """Make these answers a message of their own."""
        self.key = str(uuid4())
        self._save()

    def finish(self, *, reference: str, due: str, in_welsh: bool) -> None:
        """Put what was sent in the place of the answers."""
        self.session[SENT] = {
            "key": self.key,
            "reference": reference,
            "due": due,
            "typed": self.typed,
            "in_welsh": in_welsh,
        }
        self.session.pop(KEPT, None)

    def _save(self) -> None:
        self.session[KEPT] = {"key": self.key, "typed": self.typed}
