"""Reference data and demo data: found in the fixtures and in the doors, put in by code."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Model

from contacthub.cases.models import Case
from contacthub.jobs.services import waking_nobody
from contacthub.people.models import StaffMember
from contacthub.workspace.doors import doors


@transaction.atomic
def load_reference() -> None:
    """Add the reference data that is missing; what is there is never touched, since people edit it (XC-04).

    `fixtures/` has one file a table, named like the model. A row of another table is named by what it is known by, as
    in {"unit": {"code": "jd"}}. The first field of a row is its key; where that names a row of another table, as of a
    step of a plan, the second one belongs to it.
    """
    files = {file.stem: file for file in Path(settings.BASE_DIR, "fixtures").glob("*.json")}
    for model in apps.get_models():  # those of lower rooms come first, as in INSTALLED_APPS
        if file := files.get(model._meta.label_lower):
            _add_missing(model, json.loads(file.read_text()))


def _add_missing(model: type[Model], rows: list[dict[str, Any]]) -> None:
    first, *others = rows[0]
    key = [first, *others[:1]] if isinstance(rows[0][first], dict) else [first]
    fields = {name: model._meta.get_field(name) for row in rows for name in row}
    named = {name: _ids_by_name(fields[name], rows) for name in fields if fields[name].is_relation}
    columns = {name: fields[name].attname for name in fields}  # type: ignore[union-attr]  # all are columns
    there = set(model._default_manager.values_list(*(columns[name] for name in key)))
    made = [{columns[name]: _value(fields[name], row[name], named.get(name)) for name in row} for row in rows]
    missing = [model(**row) for row in made if tuple(row[columns[name]] for name in key) not in there]
    model._default_manager.bulk_create(missing, ignore_conflicts=True)  # two servers may start at once


def _ids_by_name(field: Any, rows: list[dict[str, Any]]) -> dict[tuple[Any, ...], int]:
    """Return the ids of the rows that this field may name, by what they are known by: one query."""
    known_by = next((list(row[field.name]) for row in rows if row.get(field.name)), [])
    found = field.related_model._default_manager.values_list(*known_by, "pk")
    return {tuple(names): pk for *names, pk in found}


def _value(field: Any, value: Any, named: dict[tuple[Any, ...], int] | None) -> Any:
    if named is None:
        return field.to_python(value)
    return named[tuple(value.values())] if value else None


@transaction.atomic
def load_demo(*, at: datetime) -> bool:
    """Load the demo data of every room and app; return False where the database is not empty."""
    if StaffMember.objects.exists() or Case.objects.exists():
        return False
    with waking_nobody():
        for door in doors("demo"):
            door.load(at=at)
    return True
