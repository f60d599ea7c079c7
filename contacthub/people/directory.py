"""Who leads whom on a day: the only way to ask.

Somebody works in one unit at a time, their own: a team, or what they manage. Who leads it leads them, and so do those
who manage the workgroup, area and line of business where it stands that day. Nobody leads themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from contacthub.people.models import Membership, Placement, StaffMember, Unit
from contacthub.people.queries import Level
from contacthub.people.roles import Post, UnitKind, is_team, posts_of

DAY = timedelta(days=1)

REPORTING_LINE = (Post.TEAM_LEADER, Post.WORKGROUP_MANAGER, Post.AREA_MANAGER, Post.HEAD_OF_LINE)
LEADS = {
    Post.TEAM_LEADER: "team",
    Post.WORKGROUP_MANAGER: "workgroup",
    Post.AREA_MANAGER: "area",
    Post.HEAD_OF_LINE: "line_of_business",
    Post.SENIOR_RESOLUTION_MANAGER: "area",
}


@dataclass(frozen=True)
class Chain:
    """Where somebody works on a day, and who leads them there.

    A unit is None where there is none. Who leads it is None too where the post is vacant, where its holder does not
    work that day, and where the person holds it (`holds`). Somebody who does not work that day has no unit at all.
    """

    person: StaffMember
    on: date
    team: Unit | None = None
    team_leader: StaffMember | None = None
    workgroup: Unit | None = None
    workgroup_manager: StaffMember | None = None
    area: Unit | None = None
    area_manager: StaffMember | None = None
    senior_resolution_manager: StaffMember | None = None
    line_of_business: Unit | None = None
    head_of_line: StaffMember | None = None
    holds: frozenset[Post] = frozenset()
    own: Unit | None = None  # where they work: the team, or what they manage

    @property
    def posts(self) -> list[Post]:
        """Return what the person holds, in the order of the posts."""
        return [post for post in Post if post in self.holds]

    def leader(self, post: Post) -> StaffMember | None:
        holder: StaffMember | None = getattr(self, post.value)
        return holder

    def unit(self, post: Post) -> Unit | None:
        """Return what the holder of the post leads, which is why it is them."""
        led: Unit | None = getattr(self, LEADS[post])
        return led


@dataclass(frozen=True)
class Move:
    """From what day on somebody worked in another unit than before."""

    on: date
    left: Unit
    joined: Unit


def chain_of(person: StaffMember, *, on: date) -> Chain:
    """Return who leads the person on the day (CF-25, CF-26, CF-30, CF-31): two statements."""
    return chains_of([person], on=on)[person.pk]


def chains_of(people: Collection[StaffMember], *, on: date) -> dict[int, Chain]:
    """Return the chain of each, by their id: two statements, however many they are."""
    levels = Unit.objects.levels_of([person.pk for person in people if person.is_active_on(on)], on=on)
    holders = StaffMember.objects.in_bulk({level.holder_id for level in levels if level.holder_id})
    led = {person.pk: Chain(person, on) for person in people}
    for level in levels:
        led[level.led_id] = _with(led[level.led_id], level, holders.get(level.holder_id or 0))
    return led


def _with(chain: Chain, level: Level, holder: StaffMember | None) -> Chain:
    """Add a unit to a chain, and who holds one of its posts."""
    kind, post = UnitKind(level.unit.kind), level.post
    found: dict[str, Any] = {"team" if is_team(kind) else kind.value: level.unit}
    if level.is_own:
        found["own"] = level.unit
    if holder and post in posts_of(kind):
        if holder == chain.person:
            found["holds"] = chain.holds | {Post(post)}
        elif holder.is_active_on(chain.on):
            found[post] = holder
    return replace(chain, **found)


def reporting_line(person: StaffMember, *, on: date) -> frozenset[int]:
    """Return the ids of who leads the person on the day, from the team leader to the head of the line of business."""
    return frozenset(leader.pk for _, leader in line_in(chain_of(person, on=on)))


def line_in(chain: Chain) -> list[tuple[Post, StaffMember]]:
    """Return the reporting line of a chain, from the team leader up; vacant posts are left out."""
    return [(post, leader) for post in REPORTING_LINE if (leader := chain.leader(post))]


def reports_of(person: StaffMember, *, on: date) -> frozenset[int]:
    """Return the ids of those in whose reporting line the person is on the day: three statements at most."""
    held = Membership.objects.on(on).filter(person=person, post__in=REPORTING_LINE).select_related("unit")
    led = [each.unit_id for each in held if each.post in posts_of(UnitKind(each.unit.kind))]
    if not led or not person.is_active_on(on):
        return frozenset()
    below = Placement.objects.on(on).below(led).values_list("unit_id", flat=True)
    own = Membership.objects.own_of_members([*led, *below], on=on)
    return frozenset(own.exclude(person=person).values_list("person_id", flat=True))


def leader_of_last_team(person: StaffMember, *, on: date) -> StaffMember | None:
    """Return who leads, on the day, the unit where somebody works or worked last: two statements at most."""
    until = min(on, person.active_to or on)
    memberships = Membership.objects.filter(person=person, starts_on__lte=until).select_related("unit")
    last = _own(memberships, min(until, max((each.ends_on or until for each in memberships), default=until)))
    if not last:
        return None
    held = Membership.objects.on(on).filter(unit=last, post__in=posts_of(UnitKind(last.kind))[:1])
    leading = held.exclude(person=person).select_related("person").first()
    return leading.person if leading and leading.person.is_active_on(on) else None


def moves_of(person: StaffMember) -> list[Move]:
    """Return when the person moved from one unit to another, the earliest first (CF-25): one statement.

    A move that is known in advance is among them. Who was away in between moved on the day of coming back.
    """
    memberships = list(Membership.objects.filter(person=person).select_related("unit"))
    days = {each.starts_on for each in memberships} | {
        each.ends_on + DAY for each in memberships if each.ends_on and each.ends_on < date.max
    }
    moves, before = [], None
    for day in sorted(days):
        unit = _own(memberships, day)
        if unit and before and unit != before:
            moves.append(Move(day, before, unit))
        before = unit or before
    return moves


def _own(memberships: Iterable[Membership], day: date) -> Unit | None:
    """Return the unit where somebody works on the day, by the same order as LEVELS."""
    lasting = [each for each in memberships if each.starts_on <= day and (not each.ends_on or day <= each.ends_on)]
    own = min(lasting, key=lambda each: (each.post != "", -each.starts_on.toordinal(), each.pk), default=None)
    return own.unit if own else None
