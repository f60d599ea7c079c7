from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

from django.contrib.auth.models import Group, UserManager
from django.db import connection, models
from django.db.models import Case, Exists, OuterRef, Q, When

from contacthub.ordering import ByName
from contacthub.people.roles import Role

if TYPE_CHECKING:
    from contacthub.people.models import (  # noqa: F401  named in the base classes
        Membership,
        Placement,
        StaffMember,
        Unit,
    )


Standing = tuple[set[str], list[tuple[str, int, str]]]  # groups; post, unit and kind of unit of each membership


def lasts(on: date, first: str, last: str) -> Q:
    """Tell what lasts on a day: both its first and its last day count, and without a last day it goes on."""
    return Q(**{f"{first}__lte": on}) & (Q(**{last: None}) | Q(**{f"{last}__gte": on}))


Dated = TypeVar("Dated", bound=models.Model)


# Where each works on the day (as a member before what they lead, the latest before others), and the units above it
# where it stands that day, a row each, with who holds each post there.
LEVELS = """
    with own as (
        select distinct on (person_id) person_id, unit_id
          from people_membership
         where person_id = any(%(people)s) and starts_on <= %(on)s and (ends_on is null or ends_on >= %(on)s)
         order by person_id, post <> '', starts_on desc, id
    ),
    level as (
        select person_id, unit_id, true as is_own from own
         union all
        select person_id, above.unit_id, false
          from own
          join people_placement placed on placed.unit_id = own.unit_id
           and placed.starts_on <= %(on)s and (placed.ends_on is null or placed.ends_on >= %(on)s)
         cross join unnest(array[workgroup_id, area_id, line_of_business_id]) above (unit_id)
         where above.unit_id is not null
    )
    select people_unit.*, level.person_id as led_id, level.is_own, held.post, held.person_id as holder_id
      from level
      join people_unit on people_unit.id = level.unit_id
      left join people_membership held on held.unit_id = level.unit_id and held.post <> ''
       and held.starts_on <= %(on)s and (held.ends_on is null or held.ends_on >= %(on)s)
"""


class DatedQuerySet(models.QuerySet[Dated]):
    def on(self, day: date) -> Self:
        """Keep those that last on the day."""
        return self.filter(lasts(day, "starts_on", "ends_on"))


class PlacementQuerySet(DatedQuerySet["Placement"]):
    def below(self, units: list[int]) -> Self:
        """Keep what stands in one of these workgroups, areas or lines of business."""
        return self.filter(Q(workgroup__in=units) | Q(area__in=units) | Q(line_of_business__in=units))


class MembershipQuerySet(DatedQuerySet["Membership"]):
    def own_of_members(self, units: list[int], *, on: date) -> Self:
        """Return, of those who work in these units on the day and have no other as their own, their memberships."""
        members = self.on(on).filter(unit__in=units).values("person")
        working = self.filter(lasts(on, "person__active_from", "person__active_to"), person__in=members)
        has_post = Case(When(post="", then=0), default=1)
        own = working.on(on).order_by("person", has_post, "-starts_on", "pk").distinct("person")
        return self.filter(pk__in=own.values("pk"), unit__in=units)


class Level(NamedTuple):
    """A unit that somebody works in (their own) or under, and who holds one of its posts: None where none is held."""

    unit: Unit
    is_own: bool
    led_id: int
    post: str | None
    holder_id: int | None


class UnitManager(models.Manager["Unit"]):
    def with_vacancies(self, posts: Mapping[Any, Iterable[str]], *, on: date) -> models.QuerySet[Unit]:
        """Return the units of these kinds in which nobody who works on the day holds one of these posts."""
        memberships: Any = self.model.memberships.rel.related_model._default_manager
        held = memberships.on(on).filter(lasts(on, "person__active_from", "person__active_to"), unit=OuterRef("pk"))
        pairs = [(kind, post) for kind, of_kind in posts.items() for post in of_kind]
        return self.filter(reduce(or_, (Q(kind=kind) & Q(~Exists(held.filter(post=post))) for kind, post in pairs)))

    def levels_of(self, people: list[int], *, on: date) -> list[Level]:
        """Return where these people work on the day, and what stands above: a row for each post that is held there."""
        rows: Any = self.raw(LEVELS, {"people": people, "on": on})
        return [Level(unit, unit.is_own, unit.led_id, unit.post, unit.holder_id) for unit in rows]


class StaffQuerySet(models.QuerySet["StaffMember"]):
    def working(self, on: date) -> Self:
        """Keep who works for us on the day."""
        return self.filter(lasts(on, "active_from", "active_to"))

    def left(self, on: date) -> Self:
        """Keep who worked for us until a day before this one."""
        return self.filter(active_to__lt=on)

    def called(self, words: Iterable[str], number: str) -> Self:
        """Keep those whose name has words that begin so, all of them, or whose staff number begins so."""
        by_name = Q()
        for word in words:
            by_name &= Q(name_key__contains=f" {word}")
        by_number = Q(staff_number__startswith=number)
        return self.filter(by_name | by_number if by_name else by_number)


class StaffManager(UserManager["StaffMember"]):
    use_in_migrations = False  # migrations import no code of the room

    def get_queryset(self) -> StaffQuerySet:
        return StaffQuerySet(self.model, using=self._db)

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
