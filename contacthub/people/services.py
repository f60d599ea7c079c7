from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from contacthub.actor import PUBLIC, Actor, ActorKind
from contacthub.ordering import ByName
from contacthub.people.models import Membership, StaffMember, Unit
from contacthub.people.roles import GROUP_ROLES, Post, UnitKind, role_of
from contacthub.people.session_time import SessionTime


def actor_for(user: StaffMember | AnonymousUser, *, on: date) -> Actor:
    """Return who acts, with the roles, units and posts of the day. Somebody who is not signed in is the public."""
    return PUBLIC if user.pk is None else actor_with(user.pk, on=on)


def actor_with(staff_id: int, *, on: date) -> Actor:
    """Return who acts as `actor_for` does, by their id.

    Every request asks, so it is one statement, which Django need not write anew.
    """
    groups, memberships = StaffMember.objects.standing_of(staff_id, on=on)
    held = [(Post(post), unit_id, UnitKind(kind)) for post, unit_id, kind in memberships if post]
    return Actor(
        ActorKind.STAFF,
        staff_id,
        roles=frozenset(groups & GROUP_ROLES) | {role_of(post, kind) for post, _, kind in held},
        unit_ids=frozenset(unit_id for _, unit_id, _ in memberships),
        posts=frozenset((post.value, unit_id) for post, unit_id, _ in held),
    )


def units_of(person: StaffMember, *, on: date) -> QuerySet[Unit]:
    """Return where somebody works on the day, whatever the post."""
    return Unit.objects.filter(pk__in=Membership.objects.on(on).filter(person=person).values("unit_id")).order_by(
        ByName("name"), "pk"
    )


def my_units(actor: Actor) -> QuerySet[Unit]:
    """Return where the actor works today, by name."""
    return Unit.objects.filter(pk__in=actor.unit_ids).order_by(ByName("name"), "pk")


def staff_of(unit: Unit, *, on: date) -> QuerySet[StaffMember]:
    """Return who works in the unit on the day, in a post or not, by name."""
    return StaffMember.objects.active(on).filter(pk__in=_memberships(unit, on).values("person_id"))


def holders_of(post: str, unit: Unit, *, on: date) -> QuerySet[StaffMember]:
    """Return who holds the post in the unit on the day, by name: none where it is vacant."""
    held = _memberships(unit, on).filter(post=post)
    return StaffMember.objects.active(on).filter(pk__in=held.values("person_id"))


def _memberships(unit: Unit, on: date) -> QuerySet[Membership]:
    return Membership.objects.on(on).filter(unit=unit)


def save_settings(staff: StaffMember, *, single_keys: bool) -> None:
    StaffMember.objects.filter(pk=staff.pk).update(single_keys=single_keys)


def time_left(time: SessionTime, *, at: datetime) -> dict[str, Any]:
    """Return what a page must know to warn in time: seconds, not moments, since its computer may have another clock.

    `seen` changes whenever the person does something, in whatever window.
    """
    return {"left": time.seconds_left(at), "seen": str(time.seen_at.timestamp()), "for_good": time.ends_for_good}
