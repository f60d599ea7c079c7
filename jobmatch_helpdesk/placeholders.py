"""Placeholders of reply templates: [name], [reference], [agent]. What else stands in brackets or braces stays."""

from __future__ import annotations

import re

KNOWN = ("name", "reference", "agent")
ALLOWED = ", ".join(f"[{name}]" for name in KNOWN[:-1]) + f" or [{KNOWN[-1]}]"
_KNOWN = re.compile(r"\[(name|reference|agent)\]")
# Words in brackets, or in the braces of other systems; numbers, such as "[1]", are nobody's placeholder.
_ANY = re.compile(r"\[[^\[\]\n]*[^\W\d_][^\[\]\n]*\]|\{+[^{}\n]*[^\W\d_][^{}\n]*\}+")


def fill(text: str, values: dict[str, str]) -> str:
    """Return the text with its known placeholders filled in; one without a value stays, to be seen."""
    return _KNOWN.sub(lambda found: values.get(found[1]) or found[0], text)


def unfilled(text: str) -> str:
    """Return the first known placeholder that is left in a text, or ""."""
    found = _KNOWN.search(text)
    return found[0] if found else ""


def unknown(text: str) -> str:
    """Return the first placeholder of a template that does not exist, such as [nmae] or {name}, or ""."""
    return next((found[0] for found in _ANY.finditer(text) if not _KNOWN.fullmatch(found[0])), "")
