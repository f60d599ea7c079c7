"""The lists of the directory: who works for us, who left, which posts are vacant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from contacthub import keyset
from contacthub.cases.finding import Sought, read
from contacthub.formats import uk_day
from contacthub.keyset import Page
from contacthub.people.directory import Chain, chains_of
from contacthub.people.models import Membership, StaffMember, Unit
from contacthub.people.queries import StaffQuerySet
from contacthub.people.roles import LED, Post, UnitKind, posts_of
from contacthub.ui import listing
from contacthub.ui.listing import Asked, Order, View

BY_NAME = ("name_key", "pk")
BY_KIND = ("kind", "pk")
WORKING, LEFT, VACANT = "working", "left", "vacant"
ORDERS = {"name": Order("by name", BY_NAME)}
VIEWS = {
    WORKING: View("Work here today", lambda rows, _, on: rows.working(on), "Nobody like that works here today."),
    LEFT: View("Left", lambda rows, _, on: rows.left(on), "Nobody like that has left."),
    VACANT: View("Vacant posts", lambda rows, _, on: rows, "No post is vacant."),
}


@dataclass(frozen=True)
class Line:
    """Somebody in a list: their name with what was looked for marked, where they work and who leads them."""

    person: StaffMember
    name: SafeString
    chain: Chain

    @property
    def lacks_leader(self) -> bool:
        """Say that the post of team leader is vacant: offices and centres have none, and nobody leads themselves."""
        team = self.chain.team
        return bool(team and team.kind in LED and not self.chain.team_leader and not self.chain.holds)

    @property
    def posts(self) -> list[str]:
        return [post.label for post in self.chain.posts]


@dataclass(frozen=True)
class Lists(listing.Lists):
    views, orders = VIEWS, ORDERS

    @property
    def today(self) -> date:
        return uk_day(self.at)

    def rows(self) -> QuerySet[Any]:
        return self.of_view(self.view)

    def of_view(self, view: str) -> QuerySet[Any]:
        """Return the people who fit the words and the filters, or the units with a vacant post."""
        if view == VACANT:
            return Unit.objects.with_vacancies(LED, on=self.today)
        kept: StaffQuerySet = VIEWS[view].rows(people_for(self.asked, on=self.today), None, self.today)
        return kept

    def page(self, *, cursor: dict[str, str], size: int) -> Page[Any]:
        if self.view == VACANT:
            return vacancies(cursor, size=size, on=self.today)
        return super().page(cursor=cursor, size=size)


@dataclass(frozen=True)
class Vacancy:
    unit: Unit
    posts: list[str]


@dataclass(frozen=True)
class Held:
    """A post of a unit, and who holds it on the day: None where it is vacant."""

    post: Post
    holder: StaffMember | None


def sought_by(typed: str) -> Sought:
    return read(typed, prefixes=())


def people_for(asked: Asked, *, on: date) -> StaffQuerySet:
    """Return the staff that fit the words and the filters, whether they still work here or not."""
    rows = StaffMember.objects.get_queryset()
    if typed := asked.filters.get("q"):
        rows = rows.called(sought_by(typed).words, typed.strip())
    held = Membership.objects.on(on)
    if code := asked.filters.get("unit"):
        held = held.filter(unit__code=code)
    if post := asked.filters.get("post"):
        held = held.filter(post=post)
    return rows.filter(pk__in=held.values("person_id")) if code or post else rows


def lines_of(people: Iterable[StaffMember], sought: Sought, *, on: date) -> list[Line]:
    """Return a line for each, in the order given: two statements."""
    people = list(people)
    chains = chains_of(people, on=on)
    return [Line(person, sought.mark(person.name), chains[person.pk]) for person in people]


def vacancies(cursor: dict[str, str], *, size: int, on: date) -> Page[Any]:
    """Return a page of the units that have a vacant post, with the names of those posts."""
    page = keyset.page(Unit.objects.with_vacancies(LED, on=on), key=BY_KIND, asked=cursor, size=size)
    held = posts_held(page.rows, on=on)
    rows: list[Any] = [
        Vacancy(unit, [one.post.label for one in held[unit.pk] if one.holder is None]) for unit in page.rows
    ]
    return Page(rows, page.newer, page.older)


def posts_held(units: Iterable[Unit], *, on: date) -> dict[int, list[Held]]:
    """Return the posts of each unit, by its id, with who holds them and works on the day: one statement."""
    units = list(units)
    held = Membership.objects.on(on).filter(unit__in=units).exclude(post="").select_related("person")
    holders = {(one.unit_id, one.post): one.person for one in held if one.person.is_active_on(on)}
    return {
        unit.pk: [
            Held(post, holder)
            for post in posts_of(UnitKind(unit.kind))
            if (holder := holders.get((unit.pk, post))) or unit.kind in LED
        ]
        for unit in units
    }
