from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import Group, UserManager
from django.db import models
from django.db.models import Q

from contacthub.ordering import ByName
from contacthub.people.roles import Role

if TYPE_CHECKING:
    from contacthub.people.models import Membership, StaffMember  # noqa: F401  named in the base classes


def lasts(on: date, first: str, last: str) -> Q:
    """Tell what lasts on a day: both its first and its last day count, and without a last day it goes on."""
    return Q(**{f"{first}__lte": on}) & (Q(**{last: None}) | Q(**{f"{last}__gte": on}))


class MembershipQuerySet(models.QuerySet["Membership"]):
    def on(self, day: date) -> Self:
        """Keep those that last on the day."""
        return self.filter(lasts(day, "starts_on", "ends_on"))


class StaffManager(UserManager["StaffMember"]):
    use_in_migrations = False  # migrations import no code of the room

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **fields: Any
    ) -> StaffMember:
        """Make an administrator, the first of a new server (`manage.py createsuperuser`): a person with that role."""
        staff = self.create_user(username, email, password, **fields)
        staff.groups.add(Group.objects.get_or_create(name=Role.ADMINISTRATOR)[0])
        return staff

    def active(self, on: date) -> models.QuerySet[StaffMember]:
        """Return, by name, who works for us on the day, and so may sign in."""
        return self.filter(lasts(on, "active_from", "active_to")).order_by(ByName("name"), "pk")

    def with_role(self, *roles: Role, on: date) -> models.QuerySet[StaffMember]:
        """Return, by name, who has one of these roles and is active on the day; the roles must be groups."""
        return self.active(on).filter(pk__in=Group.objects.filter(name__in=roles).values("user"))
