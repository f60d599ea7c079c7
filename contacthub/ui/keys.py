"""The keyboard shortcuts. The page that lists them shows these, and keys.js hears those that it finds on the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contacthub.ui.navigation import NavigationItem


@dataclass(frozen=True)
class Shortcut:
    """`keys` as keys.js hears them: "n", "g i" for one after the other, "Control+Enter" for both at once.

    What a shortcut presses carries it in the page: data-shortcut="n".
    """

    keys: str
    words: str

    @property
    def is_single(self) -> bool:
        """Tell a shortcut without Ctrl, which people may switch off (WCAG 2.1.4)."""
        return "+" not in self.keys

    @property
    def parts(self) -> list[str]:
        """Return what stands on the keys, ["G", "I"]."""
        parts = self.keys.replace("+", " ").split()
        return ["Ctrl" if part == "Control" else part.upper() if len(part) == 1 else part for part in parts]

    @property
    def joint(self) -> str:
        return "then" if self.is_single else "and"


EVERYWHERE = (
    Shortcut("n", "Take the next one for me, on pages with that button"),
    Shortcut("j", "Go to the next row of a list; Enter opens it"),
    Shortcut("k", "Go to the row before"),
    Shortcut("a", "Allocate a call, on pages with that button"),
    Shortcut("1", "Say what happened on a call, on its page: 1 to 7"),
    Shortcut("/", "Go to the box that finds records"),
    Shortcut("f", "Go to the filter of a list"),
    Shortcut("?", "Show this list of keys"),
    Shortcut("g h", "Go to your home page"),
)
WRITING = Shortcut("Control+Enter", "Press the green button of the form you are writing in")


def shortcuts(places: Iterable[NavigationItem]) -> list[Shortcut]:
    """Return the shortcuts of somebody who may go to these places."""
    going = [Shortcut(f"g {place.key}", f"Go to {place.label}") for place in places if place.key]
    return [*EVERYWHERE, *going, WRITING]
