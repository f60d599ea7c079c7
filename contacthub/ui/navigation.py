"""A place in the head of the page, as each room and app names its own."""

from __future__ import annotations

from dataclasses import dataclass

COUNTS_STOP_AT = 99


@dataclass(frozen=True)
class NavigationItem:
    """A place in the head of the page; `count` is what waits there, counted to COUNTS_STOP_AT + 1 at most.

    `counted` says in a word what the number is of.
    """

    label: str
    url: str
    count: int
    counted: str = "waiting"

    @property
    def count_words(self) -> str:
        return count_words(self.count)


def count_words(count: int) -> str:
    """Return "12", "99+" from 100 on, and "" where there is none."""
    return f"{COUNTS_STOP_AT}+" if count > COUNTS_STOP_AT else str(count or "")
