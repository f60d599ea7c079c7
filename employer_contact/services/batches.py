"""A batch of rows, written to its records: all of them, or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from contacthub.actor import Actor
from contacthub.cases.services import record_event
from contacthub.errors import MovedOn, RuleBroken, require_unbroken
from contacthub.formats import short_date
from employer_contact import permissions
from employer_contact.details import LABELS, said
from employer_contact.personal import masked
from employer_contact.services.import_rules import Row, faults, too_many, twice

AT_ONCE = "Somebody else wrote the same records at this moment. Send the same request again"


@dataclass(frozen=True)
class Imported:
    """How many rows of a batch made a record, changed one, or said what it says already."""

    added: int
    changed: int
    unchanged: int


def _nothing(record: Any, row: Row) -> list[str]:
    return []


def _unbroken(records: Sequence[Any]) -> list[RuleBroken]:
    return []


@dataclass(frozen=True)
class Kind:
    """Records of one kind: by which fields a row names its record, and what a new one cannot be without.

    `apart` are fields of a row that `beside` writes to other tables; it returns a line for each change. `broken` are
    rules over the records as they would be saved, and `events` what is recorded of one that was added or changed.
    """

    model: Any
    keys: Sequence[str]
    needs: Sequence[str]
    apart: Sequence[str] = ()
    beside: Callable[[Any, Row], list[str]] = _nothing
    broken: Callable[[Sequence[Any]], list[RuleBroken]] = _unbroken
    events: Callable[[Any, str], Sequence[tuple[Any, str]]] = lambda record, done: [(record, done)]


def require_batch(rows: Sequence[Row], *keys: str, by: Actor) -> None:
    """Raise Refused, or RuleBroken where the batch is too long, or names a record twice."""
    permissions.require_may_import(by)
    require_unbroken(*too_many(rows), *twice(rows, keys))


@transaction.atomic
def write(kind: Kind, rows: Sequence[Row], *, by: Actor, at: datetime) -> Imported:
    """Write the rows: their records are locked in the order of their ids, and new ones made in that of their keys."""
    wanted = [tuple(row[key] for key in kind.keys) for row in rows]
    locked = kind.model.objects.select_for_update(of=("self",), no_key=True)
    locked = locked.filter(**{f"{key}__in": {row[key] for row in rows} for key in kind.keys})
    held = {tuple(getattr(record, key) for key in kind.keys): record for record in locked.order_by("pk")}
    records = [held.get(name) or kind.model(**dict(zip(kind.keys, name, strict=True))) for name in wanted]
    own = [{name: value for name, value in row.items() if name not in kind.apart} for row in rows]
    lines = [_set(record, row) for record, row in zip(records, own, strict=True)]
    wrong = [one for number, record in enumerate(records) for one in faults(number, record, own[number], kind.needs)]
    require_unbroken(*wrong, *kind.broken(records))
    found: Counter[str] = Counter()
    try:
        with transaction.atomic():
            for number in sorted(range(len(rows)), key=wanted.__getitem__):
                found[_write(kind, records[number], rows[number], lines[number], by=by, at=at)] += 1
    except IntegrityError:
        raise MovedOn(AT_ONCE, at=at) from None
    return Imported(found["added"], found["changed"], found["unchanged"])


def _write(kind: Kind, record: Any, row: Row, lines: list[str], *, by: Actor, at: datetime) -> str:
    """Save a record that is new or changed, with its events, and return which it is."""
    done = "added" if record.pk is None else "changed"
    if done == "added":
        record.save()
    lines = [*lines, *kind.beside(record, row)]
    if done == "changed":
        if not lines:
            return "unchanged"
        record.save()
    for subject, event in kind.events(record, done):
        record_event(subject, event, by=by, at=at, words="\n".join(lines))
    return done


def _set(record: Any, row: Row) -> list[str]:
    """Set what a row says on its record, and return a line for each value that differs: old and new are kept."""
    lines = []
    for name, value in row.items():
        before = getattr(record, name)
        if before != value:
            setattr(record, name, value)
            lines.append(_line(record, name, before, value))
    return lines


def _line(record: Any, name: str, before: Any, after: Any) -> str:
    label = LABELS.get(name) or str(record._meta.get_field(name).verbose_name).capitalize()
    if name.endswith("_id"):  # the row of another table: its id says nothing
        return f"{label} changed"
    return f"{label}: {_said(name, before)} → {_said(name, after)}"


def _said(name: str, value: Any) -> str:
    if name == "nino":  # XC-06
        return masked(value) or said(name, "")
    if isinstance(value, date):
        return short_date(value)
    return said(name, tuple(value) if isinstance(value, list) else value)
