from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import Group, UserManager
from django.db import connection, models
from django.db.models import Q

from contacthub.ordering import ByName
from contacthub.people.roles import Role

if TYPE_CHECKING:
    from contacthub.people.models import Membership, StaffMember  # noqa: F401  named in the base classes

Standing = tuple[set[str], list[tuple[str, int, str]]]  # groups; post, unit and kind of unit of each membership


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

    def standing_of(self, pk: int, *, on: date) -> Standing:
        """Return the names of somebody's groups, and the memberships of the day."""
        statement = """
            select name, null, null, null
              from auth_group join people_staffmember_groups on group_id = auth_group.id
             where staffmember_id = %(pk)s
             union all
            select null, post, unit_id, kind
              from people_membership join people_unit on people_unit.id = unit_id
             where person_id = %(pk)s and starts_on <= %(on)s and (ends_on is null or ends_on >= %(on)s)
        """
        with connection.cursor() as cursor:
            cursor.execute(statement, {"pk": pk, "on": on})
            rows = cursor.fetchall()
        return {name for name, *_ in rows if name}, [tuple(rest) for name, *rest in rows if not name]

    def with_role(self, *roles: Role, on: date) -> models.QuerySet[StaffMember]:
        """Return, by name, who has one of these roles and is active on the day; the roles must be groups."""
        return self.active(on).filter(pk__in=Group.objects.filter(name__in=roles).values("user"))
