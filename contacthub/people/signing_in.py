"""Names, passwords and the lock-out: after 5 failures a name is locked out for 15 minutes (DOMAIN 12.4)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest

from contacthub.errors import RuleBroken, TooMany
from contacthub.formats import moment
from contacthub.people.models import SignInTries, StaffMember

FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)
FORGET_BATCH = 20


def check_password(request: HttpRequest, *, username: str, password: str, source: str, at: datetime) -> StaffMember:
    """Return whose sign-in name and password these are.

    Tries for one name from one address wait for each other, so that nobody gets more of them by trying in parallel.
    Raises TooMany while the name is locked out, whatever the password, and RuleBroken where they do not fit.
    """
    with transaction.atomic():  # what it counts must stand when it refuses, so the refusals come after it
        tries = _tries_of(username, source, at)
        staff = None
        if not _locked_until(tries, at):
            staff = authenticate(request, username=username, password=password)
            _count(tries, failed=staff is None, at=at)
    if until := _locked_until(tries, at):
        words = f"You cannot sign in until {moment(until, at)}: the password was wrong {FAILURES} times. Try again then"
        raise TooMany(words, again_at=until)
    if staff is None:
        raise RuleBroken("Enter the sign-in name and password of your account. A password is case sensitive")
    return staff


def _tries_of(username: str, source: str, at: datetime) -> SignInTries:
    """Return the row, made or found, and locked by the same statement: it may be forgotten in between."""
    SignInTries.objects.bulk_create(
        [SignInTries(username=username, source=source, failed_at=at)],
        update_conflicts=True,
        unique_fields=["username", "source"],
        update_fields=["username"],
    )
    return SignInTries.objects.get(username=username, source=source)


def _locked_until(tries: SignInTries, at: datetime) -> datetime | None:
    """Return when the lock ends, if one holds; one that would last too long was made before the clock was set back."""
    until = tries.locked_until
    return until if until and at < until <= at + LOCKED_FOR else None


def _count(tries: SignInTries, *, failed: bool, at: datetime) -> None:
    old = tries.failed_at <= at - LOCKED_FOR
    before = 0 if old or tries.locked_until else tries.failures
    tries.failures = before + 1 if failed else 0
    tries.failed_at = at
    tries.locked_until = at + LOCKED_FOR if tries.failures >= FAILURES else None
    tries.save()
    _forget(at)


def _forget(at: datetime) -> None:
    """Remove a few old rows, but for those that somebody holds: the table stays small."""
    old = SignInTries.objects.filter(failed_at__lt=at - FORGOTTEN_AFTER).select_for_update(skip_locked=True)
    SignInTries.objects.filter(pk__in=[tries.pk for tries in old.order_by("failed_at")[:FORGET_BATCH]]).delete()
