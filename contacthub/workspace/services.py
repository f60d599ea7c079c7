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

    `fixtures/` has one file a table, named like the model; the first field of a row is its key. A row of another table
    is named by its key, as in {"unit": {"code": "jd"}}.
    """
    files = {file.stem: file for file in Path(settings.BASE_DIR, "fixtures").glob("*.json")}
    for model in apps.get_models():  # those of lower rooms come first, as in INSTALLED_APPS
        if file := files.get(model._meta.label_lower):
            for row in json.loads(file.read_text()):
                _add_if_missing(model, row)


def _add_if_missing(model: type[Model], row: dict[str, Any]) -> None:
    key, *rest = row
    values = {name: _named(model, name, row[name]) for name in rest}
    model._default_manager.get_or_create(**{key: row[key]}, defaults=values)


def _named(model: type[Model], name: str, value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    related: Any = model._meta.get_field(name).related_model
    return related._default_manager.get(**value)


@transaction.atomic
def load_demo(*, at: datetime) -> bool:
    """Load the demo data of every room and app; return False where the database is not empty."""
    if StaffMember.objects.exists() or Case.objects.exists():
        return False
    with waking_nobody():
        for door in doors("demo"):
            door.load(at=at)
    return True
