"""The codes that machines send and read. Each room and app names its own; one address lists them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from contacthub.actor import Actor

Rows = Callable[[Actor], Iterable[dict[str, Any]]]
_known: dict[str, Rows] = {}


def refers(name: str, rows: Rows) -> None:
    """List these rows, each with `code` and `label`, under the name; they may differ by who asks."""
    _known[name] = rows


def refers_to(name: str, choices: Any) -> None:
    """List the values of an enumeration under the name."""
    rows = [{"code": choice.value, "label": str(choice.label)} for choice in choices]
    refers(name, lambda actor: rows)


def reference_data(actor: Actor) -> dict[str, list[dict[str, Any]]]:
    return {name: [*rows(actor)] for name, rows in sorted(_known.items())}
