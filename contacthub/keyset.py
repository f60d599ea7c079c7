"""Pages of a list by the key of its last row, so that page 1,000 costs what page 1 does."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, Lookup, Model, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, and the query strings of the pages beside them ("" where there is none)."""

    rows: list[Row]
    newer: str
    older: str


def page(
    rows: QuerySet[Row], *, key: Sequence[str], asked: dict[str, str], size: int, newest_first: bool = False
) -> Page[Row]:
    """Return `size` rows in ascending order of `key`, whose last column is unique, from where `asked` says.

    With `newest_first` the order is descending.

    `asked` is the query of the request: `after` or `before` with a cursor that an earlier page gave. A cursor that is
    none of ours starts at the beginning.
    """
    order, reverse = [*key], [f"-{name}" for name in key]
    beyond: type[Lookup[bool]] = TupleGreaterThan
    this_side: type[Lookup[bool]] = TupleLessThan
    if newest_first:
        order, reverse, beyond, this_side = reverse, order, this_side, beyond
    if (before := _values(rows, key, asked.get("before", ""))) is not None:
        backwards = rows.filter(this_side(_columns(key), before)).order_by(*reverse)
        found = list(backwards[: size + 1])
        kept = found[:size][::-1]
        if len(kept) == size:
            return Page(
                kept, link_to("before", kept[0], key) if len(found) > size else "", link_to("after", kept[-1], key)
            )
        # Rows before this one have gone: a short first page would hide the rest.
        asked = {}
    after = _values(rows, key, asked.get("after", ""))
    onwards = rows.order_by(*order)
    if after is not None:
        onwards = onwards.filter(beyond(_columns(key), after))
    found = list(onwards[: size + 1])
    kept = found[:size]
    return Page(
        kept,
        link_to("before", kept[0], key) if kept and after is not None else "",
        link_to("after", kept[-1], key) if len(found) > size else "",
    )


def is_cursor(rows: QuerySet[Any], key: Sequence[str], cursor: str) -> bool:
    """Say if a page with this key could have given the cursor."""
    return _values(rows, key, cursor) is not None


def _columns(key: Sequence[str]) -> Tuple:
    return Tuple(*(F(name) for name in key))


def link_to(way: str, row: Model, key: Sequence[str]) -> str:
    """Return the query string of the page that begins "after" or ends "before" a row."""
    values = [_held(row, name) for name in key]
    words = json.dumps([value.isoformat() if isinstance(value, date) else value for value in values])
    return "?" + urlencode({way: base64.urlsafe_b64encode(words.encode()).decode()})


def _held(row: Any, name: str) -> Any:
    """Return what a row has in a column of its key: one that was read as a tuple has it by the whole name."""
    return getattr(row, name) if name in getattr(row, "_fields", ()) else attrgetter(name.replace("__", "."))(row)


def _values(rows: QuerySet[Any], key: Sequence[str], cursor: str) -> tuple[Any, ...] | None:
    if not cursor:
        return None
    try:
        given = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if not isinstance(given, list) or len(given) != len(key):
            return None
        return tuple(_read(rows, name, value) for name, value in zip(key, given, strict=True))
    except (ValueError, TypeError, binascii.Error, ValidationError, OverflowError, RecursionError):
        return None


def _read(rows: QuerySet[Any], name: str, value: Any) -> Any:
    read = _field(rows, name).to_python(value)
    # Postgres refuses offsets that Python takes, such as 18 hours, so a moment goes to it in UTC.
    return read.astimezone(UTC) if isinstance(read, datetime) else read


def _field(rows: QuerySet[Any], name: str) -> Any:
    """Return the column of a key: the row's, or that of a row beside it, as in "paying_parent__name_key"."""
    *path, column = name.split("__")
    model: Any = rows.model
    for relation in path:
        model = model._meta.get_field(relation).related_model
    try:
        return model._meta.get_field(column)
    except FieldDoesNotExist:  # "pk"
        return model._meta.pk
