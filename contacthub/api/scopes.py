"""What a key may be narrowed to. Each room and app names its scopes; the page that makes keys offers them all."""

from __future__ import annotations

from dataclasses import dataclass

_known: dict[str, str] = {}


@dataclass(frozen=True)
class Scopes:
    """The scopes of one thing, like `incidents`: `names` tells what each lets a key do."""

    of: str
    names: dict[str, str]

    def __post_init__(self) -> None:
        _known.update({f"{self.of}:{name}": words for name, words in self.names.items()})


def known_scopes() -> dict[str, str]:
    """Return every scope and what it lets a key do."""
    return dict(sorted(_known.items()))


Scopes("reference", {"read": "Read reference data: sites, topics, bands and the other codes"})
Scopes("messages", {"read": "Read where outbound messages stand, without their text"})
Scopes("search", {"read": "Find records by name, address, number or reference, of the kinds that it reads"})
Scopes(
    "follow-ups",
    {
        "read": "Read what the staff of its units must tick off: letters to send, calls and post to expect",
        "settle": "Tick that off",
    },
)
Scopes(
    "directory",
    {
        "read": "Read the directory of people: who works where, and who leads them",
        "write": "Change the directory: take on, move, give posts to and end many people at once",
    },
)
