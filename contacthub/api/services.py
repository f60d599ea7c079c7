"""Keys: made, used and revoked; and what was answered to them, forgotten in time."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from contacthub.actor import Actor, ActorKind
from contacthub.api import permissions
from contacthub.api.models import ApiKey, KeptAnswer
from contacthub.api.scopes import known_scopes
from contacthub.cases.services import record_event
from contacthub.errors import MovedOn, NotThere, RuleBroken, require_words
from contacthub.formats import day_and_time, uk_day
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from contacthub.people.services import actor_with
from contacthub.submissions.models import Submission

SECRET_BYTES = 32
BEGINNING = "chk_"
PREFIX_LENGTH = len(BEGINNING) + 8
USE_IS_NOTED_EVERY = timedelta(minutes=1)
LONGEST_LIFE = timedelta(days=366)
ANSWERS_BATCH = 1_000


@dataclass(frozen=True)
class Made:
    """A new key, with the secret that is shown once and kept nowhere."""

    key: ApiKey
    secret: str


def integrators(*, at: datetime) -> list[StaffMember]:
    """Return the staff records that keys may act as, by name: those of the role Integrator."""
    return list(StaffMember.objects.with_role(Role.INTEGRATOR, on=uk_day(at)))


@transaction.atomic
def make_key(
    *, name: str, staff_id: int, scopes: Collection[str], expires_at: datetime, by: Actor, at: datetime
) -> Made:
    """Make a key; its secret is returned here and never again. Raises Refused or RuleBroken."""
    permissions.require_can_keep_keys(by)
    require_words(name, "Enter what the key is for", field="name")
    if staff_id not in {staff.pk for staff in integrators(at=at)}:
        raise RuleBroken("Select a staff record of the role Integrator", code="not_an_integrator", field="staff_id")
    if not scopes or set(scopes) - known_scopes().keys():
        raise RuleBroken("Select what the key may do", code="scopes_required", field="scopes")
    if not at < expires_at <= at + LONGEST_LIFE:
        raise RuleBroken("The key must expire in the future, within a year", code="expiry", field="expires_on")
    secret = BEGINNING + secrets.token_urlsafe(SECRET_BYTES)
    key = ApiKey.objects.create(
        name=name,
        prefix=secret[:PREFIX_LENGTH],
        secret_hash=_hash(secret),
        staff_id=staff_id,
        scopes=sorted(scopes),
        made_by_id=by.person_id,
        made_at=at,
        expires_at=expires_at,
    )
    record_event(key, "made", by=by, at=at, words=f"{', '.join(key.scopes)}, until {day_and_time(expires_at)}")
    return Made(key, secret)


@transaction.atomic
def revoke(*, key_id: int, by: Actor, at: datetime) -> ApiKey:
    """End a key at once. Raises NotThere, Refused, or MovedOn where it is revoked already."""
    key = ApiKey.objects.visible_to(by).select_for_update().filter(pk=key_id).first()
    if key is None:
        raise NotThere
    permissions.require_can_keep_keys(by)
    if key.revoked_at:
        raise MovedOn(f"This key was revoked on {day_and_time(key.revoked_at)}", at=key.revoked_at)
    key.revoked_at = at
    key.save()
    record_event(key, "revoked", by=by, at=at)
    return key


def answers_too_old(at: datetime) -> QuerySet[KeptAnswer]:
    """Return the answers kept too long, oldest first: those whose request is forgotten, and that no repeat gets."""
    sent = Submission.objects.filter(caller=OuterRef("caller"), key=OuterRef("key"))
    old = KeptAnswer.objects.filter(at__lt=at - timedelta(days=settings.KEPT_DAYS))
    return old.exclude(Exists(sent)).order_by("at", "pk")


@transaction.atomic
def forget_answers(*, at: datetime) -> None:
    """Forget a batch of the answers kept too long."""
    gone = answers_too_old(at).select_for_update(skip_locked=True)[:ANSWERS_BATCH]
    KeptAnswer.objects.filter(pk__in=[answer.pk for answer in gone]).delete()


def actor_of(secret: str, *, at: datetime) -> Actor | None:
    """Return who acts with the secret; None where it is no live key of somebody who works for us today."""
    key = ApiKey.objects.in_use(_hash(secret), at=at, on=uk_day(at))
    if key is None:
        return None
    # Not by `save()`: two requests at once would wait for each other's row.
    noted = Q(last_used_at=None) | Q(last_used_at__lte=at - USE_IS_NOTED_EVERY)
    if key.last_used_at is None or key.last_used_at <= at - USE_IS_NOTED_EVERY:
        ApiKey.objects.filter(noted, pk=key.pk).update(last_used_at=at)
    actor = actor_with(key.staff_id, on=uk_day(at))
    return replace(actor, kind=ActorKind.KEY, key_id=key.pk, scopes=frozenset(key.scopes))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
