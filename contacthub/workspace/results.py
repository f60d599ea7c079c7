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
            "link": f"?{urlencode({'q': sought.typed, 'kind': of_kind.code})}",
            "current": of_kind.code == kind,
        }
        for of_kind in filled
    ]
    chosen = [of_kind for of_kind in kinds if of_kind["current"]]
    return {
        "sought": sought,
        "kinds": kinds,
        "found": chosen or kinds,
        "count": _words(sum(of_kind.count for of_kind in filled), any(of_kind.has_more for of_kind in filled)),
        "everything": f"?{urlencode({'q': sought.typed})}",
        "all_kinds": not chosen,
        "has_more": any(of_kind.has_more for of_kind in found),
    }


def _words(count: int, has_more: bool) -> str:
    return f"{count} or more" if has_more else str(count)
