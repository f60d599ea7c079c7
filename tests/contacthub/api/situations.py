"""A key, and what a machine sends with it."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from django.test import Client

from contacthub.api import services
from contacthub.clock import now
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from contacthub.people.services import actor_for
from tests.factories import StaffMemberFactory

_numbers = count()


def administrator() -> Any:
    return actor_for(StaffMemberFactory(role=Role.ADMINISTRATOR), on=now().date())


def integrator(*roles: Role) -> StaffMember:
    """Return a staff record that keys may act as, with these roles besides."""
    person = StaffMemberFactory(role=Role.INTEGRATOR)
    for role in roles:
        person.groups.add(*StaffMemberFactory(role=role).groups.all())
    return person


def made_key(person: StaffMember, *scopes: str, **given: Any) -> services.Made:
    at = now()
    told = {"name": "Site", "staff_id": person.pk, "scopes": scopes, "expires_at": at + timedelta(days=30)}
    return services.make_key(**(told | given), by=administrator(), at=at)


class Machine:
    """Sends requests with a key, each POST with an Idempotency-Key of its own unless one is given."""

    def __init__(self, *scopes: str, person: StaffMember | None = None, client: Any = None) -> None:
        self.person = person or integrator()
        self.made = made_key(self.person, *scopes)
        self.client = client or Client(raise_request_exception=False)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{path}", headers=self._headers(headers))

    def post(self, path: str, body: Any = None, *, key: str = "", **headers: str) -> Any:
        given = {"Idempotency-Key": key or f"key-{next(_numbers)}"} | self._headers(headers)
        return self.client.post(f"/api/v1/{path}", body or {}, content_type="application/json", headers=given)

    def _headers(self, given: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in given.items()}
        return {"Authorization": f"Bearer {self.made.secret}"} | named
