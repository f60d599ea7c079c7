"""Notes that two pages write at once: neither takes back what the other kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

CALLER = "Caller’s name"
Done = TypeVar("Done")


@dataclass(frozen=True)
class Noted:
    """What stands beside an act: who speaks, and what they say.

    `seen` is the digest of both as a page showed them; None replaces what is kept.
    """

    caller_name: str
    notes: str
    seen: str | None = None


def with_notes(service: Callable[..., Done]) -> Callable[..., Done]:
    """Return the service as a form calls it whose boxes for the notes stand beside what it asks."""

    def do(*, caller_name: str, notes: str, notes_seen: str, **asked: Any) -> Done:
        return service(**asked, noted=Noted(caller_name, notes, notes_seen))

    return do


def digest(caller_name: str, notes: str) -> str:
    """Return what a page carries of the notes that it showed; each of the two is told apart."""
    return ".".join(hashlib.sha256(text.encode()).hexdigest()[:16] for text in (caller_name, notes))


def merged(kept: tuple[str, str], typed: tuple[str, str], *, seen: str) -> tuple[str, str]:
    """Return the caller's name and notes to keep: what was typed, and before it what the page did not show (CM-14).

    `seen` is the digest of what the page showed. What was not changed on the page leaves what is kept alone. Of two
    names the one that is kept stays, and the other goes into the notes.
    """
    shown, stands, wanted = (part.partition(".") for part in (seen, digest(*kept), digest(*typed)))
    name, other = typed[0], ""
    if shown[0] != stands[0] and kept[0]:
        name = kept[0]
        other = "" if typed[0] in ("", kept[0]) or wanted[0] == shown[0] else f"{CALLER}: {typed[0]}"
    notes = typed[1]
    if shown[2] != stands[2]:
        notes = kept[1] if wanted[2] == shown[2] else _both(kept[1], typed[1])
    return name, _both(notes, other)


def _both(kept: str, typed: str) -> str:
    """Return both texts, or the one that holds the other."""
    if typed in kept:
        return kept
    return typed if typed.startswith(kept) else f"{kept}\n\n{typed}"
