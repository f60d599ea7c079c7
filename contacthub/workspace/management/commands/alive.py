from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from contacthub.clock import now
from contacthub.workspace.health import heard


class Command(BaseCommand):
    help = "Say if a process of ours, worker or clock, is alive: what containers ask"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("process", choices=["worker", "clock"])

    def handle(self, *args: Any, process: str, **options: Any) -> None:
        if not heard(now(), process):
            raise CommandError(f"The {process} has said nothing lately")
