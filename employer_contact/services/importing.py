"""Records as the child maintenance system holds them, many at once: all of a batch is written, or none of it.

A row names its record by ERN, EARN, 12-digit reference or case number, and writes what it holds: a field that is not
in it stays. The same rows again change nothing. What is wrong is told of all rows at once, as "rows/3/name".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from contacthub.actor import Actor
from contacthub.cases.services import record_event
from contacthub.errors import MovedOn, RuleBroken, require_unbroken
from employer_contact import permissions
from employer_contact.details import LABELS, said
from employer_contact.models import CaseActivity, Employer, Employment, MaintenanceCase, PayingParent, PayrollAgent
from employer_contact.models.parents import CMSL2040
from employer_contact.personal import masked
from employer_contact.services.import_rules import Row, faults, fax_faults, numbers_of_others, too_many, twice, unknown

AT_ONCE = "Somebody else wrote the same records at this moment. Send the same request again"
# Writes what of a row stands in other tables, and returns a line for each change.
Beside = Callable[[Any, Row], list[str]]


@dataclass(frozen=True)
class Imported:
    """How many rows of a batch made a record, changed one, or said what it says already."""

    added: int
    changed: int
    unchanged: int


def import_employers(*, rows: Sequence[Row], by: Actor, at: datetime) -> Imported:
    """Write employers by their ERN. Raises Refused, MovedOn, or RuleBroken with all that is wrong."""
    return _import(Employer, "ern", rows, needs=("name",), broken=fax_faults, by=by, at=at)


def import_agents(*, rows: Sequence[Row], by: Actor, at: datetime) -> Imported:
    """Write payroll agents by their EARN. Raises what `import_employers` raises."""
    return _import(PayrollAgent, "earn", rows, needs=("name",), by=by, at=at)


def import_parents(*, rows: Sequence[Row], by: Actor, at: datetime) -> Imported:
    """Write paying parents by their 12-digit reference; `employers` are the ERNs for whom they work too.

    Raises what `import_employers` raises.
    """
    permissions.require_may_import(by)
    ids = _ids(Employer, "ern", [ern for row in rows for ern in row.get("employers", ())])
    require_unbroken(*unknown(rows, "employers", ids), *numbers_of_others(rows))

    def employ(parent: PayingParent, row: Row) -> list[str]:
        made = [
            ern
            for ern in row.get("employers", ())
            if Employment.objects.get_or_create(employer_id=ids[ern], paying_parent=parent)[1]
        ]
        return [f"Works for {ern}" for ern in made]

    return _import(PayingParent, "reference", rows, needs=("name",), apart=("employers",), beside=employ, by=by, at=at)


def import_cases(*, rows: Sequence[Row], by: Actor, at: datetime) -> Imported:
    """Write cases by their number, with `paying_parent_id` by 12-digit reference; `cmsl2040` are letters issued in it.

    A letter is known by its day, its employer and its month. Raises what `import_employers` raises.
    """
    permissions.require_may_import(by)
    parents = _ids(PayingParent, "reference", [row["paying_parent"] for row in rows if "paying_parent" in row])
    erns = _ids(Employer, "ern", [letter["employer"] for row in rows for letter in row.get("cmsl2040", ())])
    letters = [{"cmsl2040": [letter["employer"] for letter in row.get("cmsl2040", ())]} for row in rows]
    named = [{"paying_parent": [row["paying_parent"]] if "paying_parent" in row else []} for row in rows]
    require_unbroken(*unknown(named, "paying_parent", parents), *unknown(letters, "cmsl2040", erns))

    def issue(case: MaintenanceCase, row: Row) -> list[str]:
        return [line for letter in row.get("cmsl2040", ()) if (line := _issue(case, letter, erns[letter["employer"]]))]

    written = [_with_parent(row, parents) for row in rows]
    needs = ("paying_parent_id", "receiving_parent")
    return _import(MaintenanceCase, "number", written, needs=needs, apart=("cmsl2040",), beside=issue, by=by, at=at)


def _with_parent(row: Row, parents: Mapping[str, int]) -> Row:
    if "paying_parent" not in row:
        return row
    rest = {name: value for name, value in row.items() if name != "paying_parent"}
    return rest | {"paying_parent_id": parents[row["paying_parent"]]}


def _issue(case: MaintenanceCase, letter: Row, employer_id: int) -> str:
    """Keep a letter, and return what changed by it, "" where it is there already."""
    key = {"happened_on": letter["issued_on"], "employer_id": employer_id, "from_month": letter["from_month"]}
    rest = {"amount": letter["amount"], "by": letter["by"]}
    held = CaseActivity.objects.filter(maintenance_case=case, kind=CMSL2040, **key).order_by("pk").first()
    if held is None:
        CaseActivity.objects.create(maintenance_case=case, kind=CMSL2040, **key, **rest)
    elif {name: getattr(held, name) for name in rest} != rest:
        CaseActivity.objects.filter(pk=held.pk).update(**rest)
    else:
        return ""
    return f"{CMSL2040} to {letter['employer']} of {letter['issued_on']}: {letter['amount']}"


def _nothing(record: Any, row: Row) -> list[str]:
    return []


def _unbroken(records: Sequence[Any]) -> list[RuleBroken]:
    return []


@transaction.atomic
def _import(
    model: Any,
    key: str,
    rows: Sequence[Row],
    *,
    needs: Sequence[str],
    apart: Sequence[str] = (),
    beside: Beside = _nothing,
    broken: Callable[[Sequence[Any]], list[RuleBroken]] = _unbroken,
    by: Actor,
    at: datetime,
) -> Imported:
    """Write the rows to their records, which are locked in the order of their ids; new ones are made in that of keys.

    `needs` is what a new record cannot be without; `apart` are fields of a row that `beside` writes.
    """
    permissions.require_may_import(by)
    require_unbroken(*too_many(rows), *twice(rows, key))
    wanted = [row[key] for row in rows]
    locked = model.objects.select_for_update(of=("self",), no_key=True).filter(**{f"{key}__in": wanted})
    held = {getattr(record, key): record for record in locked.order_by("pk")}
    records = [held.get(row[key]) or model(**{key: row[key]}) for row in rows]
    own = [{name: value for name, value in row.items() if name not in apart} for row in rows]
    lines = [_set(record, row) for record, row in zip(records, own, strict=True)]
    wrong = [one for number, record in enumerate(records) for one in faults(number, record, own[number], needs)]
    require_unbroken(*wrong, *broken(records))
    found: Counter[str] = Counter()
    try:
        with transaction.atomic():
            for number in sorted(range(len(rows)), key=wanted.__getitem__):
                found[_write(records[number], rows[number], lines[number], beside, by=by, at=at)] += 1
    except IntegrityError:
        raise MovedOn(AT_ONCE, at=at) from None
    return Imported(found["added"], found["changed"], found["unchanged"])


def _write(record: Any, row: Row, lines: list[str], beside: Beside, *, by: Actor, at: datetime) -> str:
    """Save a record that is new or changed, with its event, and return which it is."""
    kind = "added" if record.pk is None else "changed"
    if kind == "added":
        record.save()
    lines = [*lines, *beside(record, row)]
    if kind == "changed":
        if not lines:
            return "unchanged"
        record.save()
    record_event(record, kind, by=by, at=at, words="\n".join(lines))
    return kind


def _set(record: Any, row: Row) -> list[str]:
    """Set what a row says on its record, and return a line for each value that differs: old and new are kept."""
    lines = []
    for name, value in row.items():
        before = getattr(record, name)
        if before != value:
            setattr(record, name, value)
            lines.append(_line(record, name, before, value))
    return lines


def _line(record: Any, name: str, before: Any, after: Any) -> str:
    label = LABELS.get(name) or str(record._meta.get_field(name).verbose_name).capitalize()
    if name.endswith("_id"):  # the row of another table: its id says nothing
        return f"{label} changed"
    return f"{label}: {_said(name, before)} → {_said(name, after)}"


def _said(name: str, value: Any) -> str:
    if name == "nino":  # XC-06
        return masked(value) or said(name, "")
    return said(name, tuple(value) if isinstance(value, list) else value)


def _ids(model: Any, key: str, wanted: Sequence[str]) -> dict[str, int]:
    return dict(model.objects.filter(**{f"{key}__in": set(wanted)}).values_list(key, "pk"))
