"""Reference data and demo data: found in the fixtures and in the doors, put in by code."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import transaction

from contacthub.cases.models import Case
from contacthub.people.models import StaffMember
from contacthub.workspace.doors import doors


@transaction.atomic
def load_reference() -> None:
    """Add the reference data that is missing; what is there is never touched, since people edit it (XC-04).

    `fixtures/` has one file a table, named like the model; the first field of a row is its key.
    """
    for file in sorted(Path(settings.BASE_DIR, "fixtures").glob("*.json")):
        model = apps.get_model(file.stem)
        for row in json.loads(file.read_text()):
            key, *rest = row
            model._default_manager.get_or_create(**{key: row[key]}, defaults={name: row[name] for name in rest})


@transaction.atomic
def load_demo(*, at: datetime) -> bool:
    """Load the demo data of every room and app; return False where the database is not empty."""
    if StaffMember.objects.exists() or Case.objects.exists():
        return False
    for door in doors("demo"):
        door.load(at=at)
    return True
