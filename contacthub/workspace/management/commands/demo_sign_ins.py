from typing import Any

from django.core.management.base import BaseCommand

from contacthub.people.demo import PASSWORD, SIGN_INS
from contacthub.people.models import StaffMember


class Command(BaseCommand):
    help = "Print the demo sign-ins that are there"

    def handle(self, *args: Any, **options: Any) -> None:
        there = set(StaffMember.objects.values_list("username", flat=True))
        for username, name, _, role in SIGN_INS:
            if username in there:
                self.stdout.write(f"  {username:<10} {name}, {role}; password {PASSWORD}")
