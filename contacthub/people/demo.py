"""People of the demo data: all names are invented."""

from datetime import datetime

from django.contrib.auth.models import Group

from contacthub.people.models import StaffMember
from contacthub.people.roles import Role

PASSWORD = "contacthub-demo"  # noqa: S105  printed by `make run`; the accounts exist in demo data only
SIGN_INS = [
    ("agent", "Ana Byrne", "900101", Role.HELPDESK_AGENT),
    ("agent-2", "Bilal Shah", "900102", Role.HELPDESK_AGENT),
]


def load(*, at: datetime) -> None:
    for username, name, number, role in SIGN_INS:
        staff = StaffMember.objects.create_user(
            username=username,
            email=f"{name.lower().replace(' ', '.')}@helpdesk.example",
            password=PASSWORD,
            name=name,
            staff_number=number,
            date_joined=at,
        )
        staff.groups.add(Group.objects.get(name=role))
