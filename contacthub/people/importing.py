"""Many people of the directory at once: what would change, and the change itself, which is the same or none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, connection, transaction
from django.db.models import Func, Q, Value
from django.db.models.functions import Lower

from contacthub.actor import Actor
from contacthub.cases.services import record_event
from contacthub.errors import MovedOn, NotThere, RuleBroken, require_unbroken
from contacthub.formats import uk_day
from contacthub.people.differences import FIELDS, Change, Effect, Known, Plan, Said, Spell, Standing, plan
from contacthub.people.models import CheckedFile, Membership, StaffMember, Unit
from contacthub.people.permissions import require_can_edit_directory

KEPT_FOR = timedelta(days=1)  # a file that was checked and not applied
DATES = ("since", "active_from", "active_to")
CHANGED_SINCE = "The directory has changed since this was checked. Look at what would change now, then apply it"


def planned(rows: Iterable[Said], *, by: Actor, at: datetime) -> Plan:
    """Return what the rows would change today, and write nothing. Raises Refused."""
    require_can_edit_directory(by)
    rows = list(rows)
    return plan(rows, _standing(rows), on=uk_day(at))


@transaction.atomic
def upsert(rows: Iterable[Said], *, checked: str = "", by: Actor, at: datetime) -> Plan:
    """Change the directory as the rows say, all of them or none (XC-04).

    `checked` is the digest of the plan that somebody looked at, "" where nobody did. Raises Refused; RuleBroken where a
    row cannot be done; MovedOn where the plan is another one by now.
    """
    require_can_edit_directory(by)
    _one_at_a_time()
    rows = list(rows)
    _lock(rows)
    found = plan(rows, _standing(rows), on=uk_day(at))
    if checked and found.digest != checked:
        raise MovedOn(CHANGED_SINCE, at=at)
    require_unbroken(
        *(RuleBroken(one.message, code="row", field=f"people/{one.line}/{one.field}") for one in found.problems)
    )
    try:
        with transaction.atomic():
            _write(found, by=by, at=at)
    except IntegrityError:
        raise MovedOn(CHANGED_SINCE, at=at) from None
    return found


@transaction.atomic
def keep_check(rows: Iterable[Said], *, file_name: str, by: Actor, at: datetime) -> CheckedFile:
    """Keep what a file says, and what it would change, until it is applied. Forgets older ones. Raises Refused."""
    require_can_edit_directory(by)
    rows = list(rows)
    found = planned(rows, by=by, at=at)
    CheckedFile.objects.filter(applied_at=None, checked_at__lt=at - KEPT_FOR).delete()
    return CheckedFile.objects.create(
        file_name=file_name[:200],
        checked_by_id=by.person_id,
        checked_at=at,
        rows=[_kept(row) for row in rows],
        digest=found.digest,
        counts=found.counts,
    )


@transaction.atomic
def apply_check(*, check_id: int, by: Actor, at: datetime) -> CheckedFile:
    """Change the directory exactly as was shown.

    Raises NotThere, Refused, RuleBroken, or MovedOn: it was applied before, or the directory has moved in between.
    """
    require_can_edit_directory(by)
    check = CheckedFile.objects.select_for_update(no_key=True).filter(pk=check_id).first()
    if check is None:
        raise NotThere
    if check.applied_at:
        raise MovedOn("This file has been applied already", at=check.applied_at)
    upsert(rows_of(check), checked=check.digest, by=by, at=at)
    check.applied_by_id, check.applied_at, check.rows = by.person_id, at, []
    check.save()
    return check


@transaction.atomic
def check_again(*, check_id: int, by: Actor, at: datetime) -> Plan:
    """Work out anew what a kept file would change, which is what can be applied from now on."""
    require_can_edit_directory(by)
    check = CheckedFile.objects.select_for_update(no_key=True).filter(pk=check_id, applied_at=None).first()
    if check is None:
        raise NotThere
    found = planned(rows_of(check), by=by, at=at)
    if found.digest != check.digest:
        check.digest, check.counts = found.digest, found.counts
        check.save()
    return found


def rows_of(check: CheckedFile) -> list[Said]:
    return [
        Said(
            row["line"],
            row["staff_number"],
            {
                name: date.fromisoformat(value) if value and name in DATES else value
                for name, value in row["fields"].items()
            },
        )
        for row in check.rows
    ]


def _kept(row: Said) -> dict[str, Any]:
    fields = {name: value.isoformat() if isinstance(value, date) else value for name, value in row.fields.items()}
    return {"line": row.line, "staff_number": row.staff_number, "fields": fields}


def _one_at_a_time() -> None:
    """Let a second import wait until the first has ended: it then finds what that one changed."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended('people directory', 0))")


def _lock(rows: list[Said]) -> None:
    people = StaffMember.objects.filter(staff_number__in=[row.staff_number for row in rows]).order_by("pk")
    list(people.select_for_update(no_key=True).values_list("pk"))


def _standing(rows: list[Said]) -> Standing:
    """Read the directory, as far as the rows are about it: seven statements at most, however many they are."""
    numbers = {row.staff_number for row in rows}
    people = {person.staff_number: person for person in StaffMember.objects.filter(staff_number__in=numbers)}
    kinds = dict(
        Unit.objects.filter(code__in={row.fields["unit"] for row in rows if row.fields.get("unit")}).values_list(
            "code", "kind"
        )
    )
    spells: dict[int, list[Spell]] = {person.pk: [] for person in people.values()}
    for spell in _spells(Q(person__in=people.values())):
        spells[spell.person_id].append(spell)
    held = _spells(Q(unit__code__in=kinds) & ~Q(post=""))
    holders = StaffMember.objects.filter(pk__in={spell.person_id for spell in held}).only("name", "staff_number")
    emails = {row.fields["email"].lower() for row in rows if row.fields.get("email")}
    owners = StaffMember.objects.annotate(address=Lower("email")).filter(address__in=emails)
    return Standing(
        people={number: _known(person, spells[person.pk]) for number, person in people.items()},
        kinds=kinds,
        posts=tuple(held),
        holders={person.pk: f"{person.name} ({person.staff_number})" for person in holders},
        addresses={address.casefold(): number for address, number in owners.values_list("address", "staff_number")},
        zeros=_without_zeros(numbers - people.keys()),
    )


def _spells(which: Q) -> list[Spell]:
    found = Membership.objects.filter(which).order_by("pk")
    return [Spell(*row) for row in found.values_list("pk", "person_id", "unit__code", "post", "starts_on", "ends_on")]


def _known(person: StaffMember, spells: list[Spell]) -> Known:
    fields = {name: getattr(person, name) for name in FIELDS}
    return Known(person.pk, person.staff_number, fields, tuple(spells))


def _without_zeros(unknown: Iterable[str]) -> dict[str, str]:
    """Return the numbers that begin with zeros and are those of the unknown ones but for them."""
    bare = {number.lstrip("0") for number in unknown}
    kept = Func("staff_number", Value("0"), function="ltrim")
    found = StaffMember.objects.filter(staff_number__startswith="0").annotate(bare=kept).filter(bare__in=bare)
    return dict(found.values_list("bare", "staff_number"))


def _write(found: Plan, *, by: Actor, at: datetime) -> None:
    """Write a plan: all ends before any start, so that a post passes from one to the other in any order of rows."""
    for change in found.changes:
        for pk, last in change.ends:
            membership = Membership.objects.filter(pk=pk)
            membership.update(ends_on=last) if last else membership.delete()
    people = {change.staff_number: _person(change, at) for change in found.changes if change.effect != Effect.UNCHANGED}
    units = {unit.code: unit for unit in Unit.objects.all()}
    for change in found.changes:
        if change.starts:
            days = {name: change.starts[name] for name in ("starts_on", "ends_on")}
            Membership.objects.create(
                person=people[change.staff_number],
                unit=units[change.starts["unit"]],
                post=change.starts["post"],
                **days,
            )
        if change.effect != Effect.UNCHANGED:
            kind = "added" if change.effect is Effect.NEW else "changed"
            words = "\n".join(f"{label}: {before} → {after}" for label, before, after in change.words)
            record_event(people[change.staff_number], kind, by=by, at=at, words=words)


def _person(change: Change, at: datetime) -> StaffMember:
    if change.effect is Effect.NEW:
        number = change.staff_number
        made = StaffMember(username=number, staff_number=number, password=make_password(None), date_joined=at)
    else:
        made = StaffMember.objects.get(staff_number=change.staff_number)
    for name, value in change.fields.items():
        setattr(made, name, value)
    made.save()
    return made
