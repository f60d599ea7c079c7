"""What attachments are called in a message: each once, in headers that every mail server takes."""

from collections.abc import Iterable
from pathlib import PurePath
from urllib.parse import quote

from contacthub.formats import shortened

LONGEST_HEADER = 700  # characters of a name as it is sent: a line of mail has 998 at most, and names cannot be folded


def attached_as(names: Iterable[str]) -> list[str]:
    """Return the names with a number before the ending of each that came before, with capitals or without."""
    taken: set[str] = set()
    found = []
    for name in names:
        name = name if len(quote(name)) <= LONGEST_HEADER else shortened(name)
        found.append(_free(name, taken))
        taken.add(found[-1].casefold())
    return found


def _free(name: str, taken: set[str]) -> str:
    path, number, free = PurePath(name), 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{shortened(path.stem, most=200)} ({number}){path.suffix}"
    return free
