"""What the page of a search says."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from contacthub.cases.finding import Sought
from contacthub.ui.navigation import Found


def summed_up(sought: Sought, found: list[Found], *, kind: str) -> dict[str, Any]:
    """Return what the page shows: the kinds that were found or, where one was chosen, that one; how much there is."""
    filled = [of_kind for of_kind in found if of_kind.count]
    kinds = [
        {
            "label": of_kind.label,
            "code": of_kind.code,
            "rows": of_kind.rows,
            "count": of_kind.count,
            "count_words": _words(of_kind.count, of_kind.has_more),
            "link": "" if sought.nino else f"?{urlencode({'q': sought.typed, 'kind': of_kind.code})}",
            "current": of_kind.code == kind,
        }
        for of_kind in filled
    ]
    chosen = [of_kind for of_kind in kinds if of_kind["current"]]
    return {
        "sought": sought,
        "taken_for": taken_for(sought, found),
        "kinds": kinds,
        "found": chosen or kinds,
        "count": _words(sum(of_kind.count for of_kind in filled), any(of_kind.has_more for of_kind in filled)),
        "everything": f"?{urlencode({'q': sought.typed})}",
        "all_kinds": not chosen,
        "has_more": any(of_kind.has_more for of_kind in found),
    }


def meant(sought: Sought, found: list[Found]) -> str:
    """Return the address of the record that the words name whole, "" where they name none, or several."""
    rows = [row for of_kind in found for row in of_kind.rows]
    whole = [row.url for row in rows if row.is_meant or (sought.is_reference and row.reference in sought.references)]
    return whole[0] if len(whole) == 1 else ""


def taken_for(sought: Sought, found: list[Found]) -> str:
    return next((of_kind.taken_for for of_kind in found if of_kind.taken_for), sought.taken_for)


def _words(count: int, has_more: bool) -> str:
    return f"{count} or more" if has_more else str(count)
