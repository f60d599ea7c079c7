"""What each room and app puts on the pages that all share: places in the head, panels on the home page."""

from __future__ import annotations

from dataclasses import dataclass, field
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


def count_words(count: int) -> str:
    """Return "12", "99+" from 100 on, and "" where there is none."""
    return f"{COUNTS_STOP_AT}+" if count > COUNTS_STOP_AT else str(count or "")
