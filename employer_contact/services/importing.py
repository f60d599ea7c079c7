"""Records as the child maintenance system holds them, many at once: all of a batch is written, or none of it.

A row names its record by ERN, EARN, 12-digit reference or case number, and writes what it holds: a field that is not
in it stays. The same rows again change nothing. What is wrong is told of all rows at once, as "rows/3/name".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from contacthub.actor import Actor
from contacthub.errors import require_unbroken
from employer_contact.models import CaseActivity, Employer, Employment, MaintenanceCase, PayingParent, PayrollAgent
from employer_contact.models.parents import CMSL2040
from employer_contact.services.batches import Imported, Kind, require_batch, write
from employer_contact.services.import_rules import Row, fax_faults, numbers_of_others, unknown

EMPLOYERS = Kind(Employer, ["ern"], ["name"], broken=fax_faults)
AGENTS = Kind(PayrollAgent, ["earn"], ["name"])


def import_employers(*, rows: Sequence[Row], by: Actor, at: datetime) -> Imported:
    """Write employers by their ERN. Raises Refused, MovedOn, or RuleBroken with all that is wrong."""
    require_batch(rows, "ern", by=by)
    return write(EMPLOYERS, rows, by=by, at=at)


def import_agents(*, rows: Sequence[Row], by: Actor, at: datetime) -> Imported:
    """Write payroll agents by their EARN. Raises what `import_employers` raises."""
    require_batch(rows, "earn", by=by)
    return write(AGENTS, rows, by=by, at=at)


def import_parents(*, rows: Sequence[Row], by: Actor, at: datetime) -> Imported:
    """Write paying parents by their 12-digit reference; `employers` are the ERNs for whom they work too.

    Raises what `import_employers` raises.
    """
    require_batch(rows, "reference", by=by)
    ids = ids_of(Employer, "ern", [ern for row in rows for ern in row.get("employers", ())])
    require_unbroken(*unknown(rows, "employers", ids), *numbers_of_others(rows))

    def employ(parent: PayingParent, row: Row) -> list[str]:
        made = [
            ern
            for ern in row.get("employers", ())
            if Employment.objects.get_or_create(employer_id=ids[ern], paying_parent=parent)[1]
        ]
        return [f"Works for {ern}" for ern in made]

    return write(Kind(PayingParent, ["reference"], ["name"], apart=["employers"], beside=employ), rows, by=by, at=at)


def import_cases(*, rows: Sequence[Row], by: Actor, at: datetime) -> Imported:
    """Write cases by their number, with `paying_parent` by 12-digit reference; `cmsl2040` are letters issued in it.

    A letter is known by its day, its employer and its month. Raises what `import_employers` raises.
    """
    require_batch(rows, "number", by=by)
    parents = ids_of(PayingParent, "reference", [row["paying_parent"] for row in rows if "paying_parent" in row])
    erns = ids_of(Employer, "ern", [letter["employer"] for row in rows for letter in row.get("cmsl2040", ())])
    letters = [{"cmsl2040": [letter["employer"] for letter in row.get("cmsl2040", ())]} for row in rows]
    require_unbroken(*unknown(rows, "paying_parent", parents), *unknown(letters, "cmsl2040", erns))

    def issue(case: MaintenanceCase, row: Row) -> list[str]:
        return [line for letter in row.get("cmsl2040", ()) if (line := _issue(case, letter, erns[letter["employer"]]))]

    needs = ["paying_parent_id", "receiving_parent"]
    kind = Kind(MaintenanceCase, ["number"], needs, apart=["cmsl2040"], beside=issue)
    return write(kind, [by_id(row, paying_parent=parents) for row in rows], by=by, at=at)


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


def ids_of(model: Any, key: str, wanted: Sequence[str]) -> dict[str, int]:
    """Return the id of each record that is there, by its reference."""
    return dict(model.objects.filter(**{f"{key}__in": set(wanted)}).values_list(key, "pk"))


def by_id(row: Row, **known: Mapping[str, int]) -> Row:
    """Return the row with the ids of records in place of their references: `employer_id` for `employer`."""
    rest = {name: value for name, value in row.items() if name not in known}
    return rest | {f"{name}_id": ids[row[name]] for name, ids in known.items() if name in row}
