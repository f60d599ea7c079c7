from typing import Any

from django.core.management.base import BaseCommand

from contacthub.workspace.services import load_reference


class Command(BaseCommand):
    help = "Add the reference data that is missing"

    def handle(self, *args: Any, **options: Any) -> None:
        load_reference()
