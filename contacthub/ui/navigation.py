"""What each room and app puts on the pages that all share: places in the head, panels on the home page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

COUNTS_STOP_AT = 99


@dataclass(frozen=True)
class NavigationItem:
    """A place in the head of the page; `count` is what waits there, counted to COUNTS_STOP_AT + 1 at most.

    `counted` says in a word what the number is of. `key` is the second of the keys that lead there: "i" of "g i".
    """

    label: str
    url: str
    count: int
    counted: str = "waiting"
    key: str = ""

    @property
    def count_words(self) -> str:
        return count_words(self.count)


class Place(StrEnum):
    """Where on the home page a panel stands."""

    BAR = "bar"  # beside the title: what one is most likely to press
    ABOVE = "above"  # the whole width: what must be decided now
    MAIN = "main"
    BESIDE = "beside"  # the narrow column


@dataclass(frozen=True)
class Panel:
    """A part of the home page: a template, what it shows, and where it stands."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    place: Place = Place.MAIN


@dataclass(frozen=True)
class FoundRow:
    """A record that was found: what it is called, what it is about, where it stands, since when it is there.

    `found_by` is what fits in it besides the name. `due_at`, where something is due, is said before where it stands.
    `at` is None of what is there for good. With `is_meant`, what was typed names this record and no other, and leads
    straight to its page.
    """

    url: str
    reference: str
    name: str
    what: str
    found_by: list[str]
    stands: str
    at: datetime | None
    due_at: datetime | None = None
    is_meant: bool = False


@dataclass(frozen=True)
class Found:
    """The records of a kind that were found, best first: `count` of them, of which `rows` are shown.

    `code` names the kind in an address. With `has_more` there may be others, which more words would find. `taken_for`
    is what the app took the words for, where it knows better than the floor. `read_with` is the scope by which a key
    reads this kind: "incidents:read" of incidents unless it is said.
    """

    label: str
    code: str
    rows: list[FoundRow]
    count: int
    has_more: bool
    taken_for: str = ""
    read_with: str = ""

    @property
    def scope(self) -> str:
        return self.read_with or f"{self.code}:read"


def count_words(count: int) -> str:
    """Return "12", "99+" from 100 on, and "" where there is none."""
    return f"{COUNTS_STOP_AT}+" if count > COUNTS_STOP_AT else str(count or "")
