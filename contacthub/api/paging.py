"""Pages of a list by cursors: what keyset.py gives the pages, for machines. A cursor of another list is refused."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request

from contacthub import keyset
from contacthub.api.fields import Whole
from contacthub.api.problems import Unreadable
from contacthub.api.serializers import Body
from contacthub.keyset import Page
from contacthub.ui.listing import Order

PAGE, LARGEST_PAGE = 50, 200
LONGEST_CURSOR = 500


class Paged(Body):
    """The parameters of every list."""

    cursor = serializers.CharField(
        required=False, max_length=LONGEST_CURSOR, help_text="From `next` or `previous` of a page, as it was given"
    )
    page_size = Whole(required=False, min_value=1, max_value=LARGEST_PAGE, default=PAGE)


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: `way` is "after" or "before" a row of the list of this order; `mark` goes along."""

    order: str
    way: str = ""
    row: str = ""
    mark: str = ""

    @property
    def sealed(self) -> str:
        words = json.dumps([self.order, self.way, self.row, self.mark])
        return base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")


def cursor_of(asked: dict[str, Any], order: str) -> Cursor:
    """Return where the page asked for begins. Raises Unreadable where no page of this order gave that cursor."""
    sealed = asked.get("cursor", "")
    if not sealed:
        return Cursor(order)
    try:
        read = json.loads(base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4)))
        cursor = Cursor(*read)
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise _no_cursor() from None
    if (
        not all(isinstance(part, str) for part in read)
        or cursor.order != order
        or cursor.way not in ("after", "before")
    ):
        raise _no_cursor()
    return cursor


def page_of(
    rows: QuerySet[Any], cursor: Cursor, order: Order, size: int, *, read: Callable[..., Page[Any]] | None = None
) -> Page[Any]:
    """Return the page that begins at the cursor. `read` (`cursor`, `size`) reads it where a list knows how."""
    require_cursor_of(rows, cursor, order.key)
    asked = {cursor.way: cursor.row} if cursor.row else {}
    if read:
        return read(cursor=asked, size=size)
    return keyset.page(rows, key=order.key, asked=asked, size=size, newest_first=order.newest_first)


def require_cursor_of(rows: QuerySet[Any], cursor: Cursor, key: Sequence[str]) -> None:
    """Raise Unreadable where no page with this key gave the cursor."""
    if cursor.row and not keyset.is_cursor(rows, key, cursor.row):
        raise _no_cursor()


def told(request: Request, page: Any, cursor: Cursor, results: Iterable[Any], **also: Any) -> dict[str, Any]:
    """Return the body that answers with a page: its rows, and the addresses of those beside it."""
    return {
        "next": _link(request, cursor, page.older),
        "previous": _link(request, cursor, page.newer),
        **also,
        "results": [*results],
    }


def _link(request: Request, cursor: Cursor, query: str) -> str | None:
    if not query:
        return None
    [(way, (row,))] = parse_qs(query.removeprefix("?")).items()
    params = request.query_params.copy()
    params["cursor"] = Cursor(cursor.order, way, row, cursor.mark).sealed
    return f"{request.path}?{params.urlencode()}"


def _no_cursor() -> Unreadable:
    words = "Send the cursor of a page of this list, with the same order, or none to begin"
    return Unreadable([{"parameter": "cursor", "code": "unknown_cursor", "detail": words}])
