from typing import Any

from django.core.management.base import BaseCommand

from contacthub.people.demo import PASSWORD, SIGN_INS
from contacthub.people.models import StaffMember


class Command(BaseCommand):
    help = "Print the demo sign-ins that are there"

    def handle(self, *args: Any, **options: Any) -> None:
        there = set(StaffMember.objects.values_list("username", flat=True))
        for sign_in in SIGN_INS:
            if sign_in.username in there:
                role = sign_in.role or "Case owning caseworker"
                self.stdout.write(f"  {sign_in.username:<17} {sign_in.name}, {role}; password {PASSWORD}")
