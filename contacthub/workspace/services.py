"""Reference data and demo data: found in the fixtures and in the doors, put in by code."""

from __future__ import annotations

import json
from datetime import datetime
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Model

from contacthub.cases.models import Case
from contacthub.people.models import StaffMember
from contacthub.workspace.doors import doors


@transaction.atomic
def load_reference() -> None:
    """Add the reference data that is missing; what is there is never touched, since people edit it (XC-04).

    `fixtures/` has one file a table, named like the model; the first field of a row is its key. A row of another table
    is named by its key too: `"unit": {"code": "jd"}`.
    """
    files = {apps.get_model(file.stem): file for file in sorted(Path(settings.BASE_DIR, "fixtures").glob("*.json"))}
    refers_to = {model: [table for table in _tables_named_by(model) if table in files] for model in files}
    for model in TopologicalSorter(refers_to).static_order():
        for row in json.loads(files[model].read_text()):
            (key, value), *rest = row.items()
            defaults = {name: _value(model, name, given) for name, given in rest}
            model._default_manager.get_or_create(**{key: value}, defaults=defaults)


def _tables_named_by(model: type[Model]) -> list[Any]:
    return [field.related_model for field in model._meta.fields if field.related_model not in (None, model)]


def _value(model: type[Model], name: str, given: Any) -> Any:
    """Return what a fixture gives a field: as it stands, or the row of another table that it names."""
    other: Any = model._meta.get_field(name).related_model
    return other._default_manager.get(**given) if other else given


@transaction.atomic
def load_demo(*, at: datetime) -> bool:
    """Load the demo data of every room and app; return False where the database is not empty."""
    if StaffMember.objects.exists() or Case.objects.exists():
        return False
    for door in doors("demo"):
        door.load(at=at)
    return True
