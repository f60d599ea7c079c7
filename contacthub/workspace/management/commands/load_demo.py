from typing import Any

from django.core.management.base import BaseCommand

from contacthub.clock import now
from contacthub.workspace.services import load_demo


class Command(BaseCommand):
    help = "Load the demo data into an empty database; any other is left as it is"

    def handle(self, *args: Any, **options: Any) -> None:
        load_demo(at=now())
