"""Which agent acts for which employer, and DEO schedules, as the child maintenance system holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from contacthub.actor import Actor
from contacthub.errors import require_unbroken
from contacthub.formats import money
from employer_contact.models import AgentLink, DeoSchedule, Employer, PayingParent, PayrollAgent, ScheduleLine
from employer_contact.services.batches import Imported, Kind, require_batch, write
from employer_contact.services.import_rules import Row, link_faults, unknown
from employer_contact.services.importing import by_id, ids_of


def _of_link(link: AgentLink, done: str) -> list[tuple[Any, str]]:
    """Return what is recorded of a link: it stands on the records of both."""
    kind = "linked" if done == "added" else "link_changed"
    return [(link, kind), (link.employer, kind), (link.agent, kind)]


LINKS = Kind(AgentLink, ["employer_id", "agent_id", "starts_on"], [], broken=link_faults, events=_of_link)


@transaction.atomic
def import_links(*, rows: Sequence[Row], by: Actor, at: datetime) -> Imported:
    """Write links by ERN, EARN and first day; one ends by its last day (EC-40 to EC-42).

    Raises what `import_employers` raises.
    """
    require_batch(rows, "employer", "agent", "starts_on", by=by)
    employers = ids_of(Employer, "ern", [row["employer"] for row in rows])
    agents = ids_of(PayrollAgent, "earn", [row["agent"] for row in rows])
    require_unbroken(*unknown(rows, "employer", employers), *unknown(rows, "agent", agents))
    _lock(employers)
    return write(LINKS, [by_id(row, employer=employers, agent=agents) for row in rows], by=by, at=at)


@transaction.atomic
def import_schedules(*, rows: Sequence[Row], by: Actor, at: datetime) -> Imported:
    """Write DEO schedules by ERN and month; `lines` say what is due for whom, by 12-digit reference.

    A line that is not sent stays, and so does what an employer reported of one. Raises what `import_employers` raises.
    """
    require_batch(rows, "employer", "month", by=by)
    employers = ids_of(Employer, "ern", [row["employer"] for row in rows])
    references = [{"lines": [line["paying_parent"] for line in row.get("lines", ())]} for row in rows]
    parents = ids_of(PayingParent, "reference", [one for row in references for one in row["lines"]])
    require_unbroken(*unknown(rows, "employer", employers), *unknown(references, "lines", parents))
    _lock(employers)

    def draw(schedule: DeoSchedule, row: Row) -> list[str]:
        return _draw(schedule, row.get("lines", ()), parents)

    needs = ["delivery"]
    kind = Kind(DeoSchedule, ["employer_id", "month"], needs, apart=["lines"], beside=draw, events=_of_schedule)
    return write(kind, [by_id(row, employer=employers) for row in rows], by=by, at=at)


def _of_schedule(schedule: DeoSchedule, done: str) -> list[tuple[Any, str]]:
    return [(schedule, done)]


def _draw(schedule: DeoSchedule, lines: Sequence[Row], parents: Mapping[str, int]) -> list[str]:
    """Write what is due on each line, and return a line for each that is new or differs."""
    rows = ScheduleLine.objects.select_for_update(no_key=True).filter(schedule=schedule).order_by("pk")
    held = {line.paying_parent_id: line for line in rows}
    new, changed, said = [], [], []
    for row in lines:
        line = held.get(parents[row["paying_parent"]])
        if line is None:
            new.append(ScheduleLine(schedule=schedule, paying_parent_id=parents[row["paying_parent"]], due=row["due"]))
            said.append(f"{row['paying_parent']}: {money(row['due'])}")
        elif line.due != row["due"]:
            said.append(f"{row['paying_parent']}: {money(line.due)} → {money(row['due'])}")
            line.due = row["due"]
            changed.append(line)
    ScheduleLine.objects.bulk_create(new)
    ScheduleLine.objects.bulk_update(changed, ["due"])
    return said


def _lock(employers: Mapping[str, int]) -> None:
    """Lock the employers, as a link that is made or ended on a page, or a change of lines, does too."""
    list(Employer.objects.select_for_update(no_key=True).filter(pk__in=employers.values()).order_by("pk"))
