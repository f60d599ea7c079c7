"""Files with the lines of a schedule: what each row says of which paying parent, and what would change (EC-36)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from contacthub.csvfiles import Column, Problem, repeated
from employer_contact.identifiers import IdentifierKind, recognise
from employer_contact.models import ScheduleLine, ServiceRequest
from employer_contact.names import key, spellings
from employer_contact.personal import masked_in
from employer_contact.services.doing import lines_of, newest_schedule
from employer_contact.services.schedules import LineUpdate, Reported, Unknown, reported_of
from employer_contact.terms import LineChange

MOST_ROWS = 500
COLUMNS = (
    Column("who", "Paying parent", required=True),
    Column("change", "Change", required=True),
    Column("effective_on", "From", required=True),
    Column("deducted", "Deducted"),
    Column("difference_reason", "Reason for the difference"),
)
MEANING = {
    "who": "National Insurance number, 12-digit reference, or the whole name as on the schedule",
    "change": ", ".join(LineChange.labels),
    "effective_on": "The day from which it holds, like 31/8/2026",
    "deducted": "The amount in pounds, like 188.20",
    "difference_reason": "Why it is not the amount due",
}
ROUNDED = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)
LOST_DIGITS = "A spreadsheet has rounded “{}”. Give the column the format Text, and enter the number again"
NOT_ASKED = "{} is on the schedule, and not a paying parent of {}. Remove the row, or raise a request for them"
SAME_NAME = "{} on the schedule are called “{}”. Enter the National Insurance number"
NO_NAME = "“{}” is not on the schedule. Enter the name of the person, so that it can be investigated"
NOTHING_DIFFERENT = "The schedule says all of this already"
NUMBERS = {IdentifierKind.NINO, IdentifierKind.PARENT_REFERENCE}


@dataclass(frozen=True)
class Said:
    """A row of a file, read: `who` as it was typed; what the file has no column or cell for is None or ""."""

    line: int
    who: str
    change: str
    effective_on: date
    deducted: Decimal | None = None
    difference_reason: str = ""

    def on(self, stands: Reported) -> Reported:
        """Return what a line would say; of a deduction that is not told of, what it says already."""
        told = replace(stands, change=self.change, effective_on=self.effective_on)
        if self.deducted is not None:
            told = replace(told, deducted=self.deducted, difference_reason=self.difference_reason)
        return told


@dataclass(frozen=True)
class Change:
    """A line that would change: the row of the file, and what it says now and then."""

    row: int
    line: ScheduleLine
    before: Reported
    after: Reported


@dataclass(frozen=True)
class Planned:
    """What a file would do. With any problem, none of it is done."""

    changes: Sequence[Change] = ()
    unknown: Sequence[Said] = ()
    unchanged: Sequence[ScheduleLine] = ()
    problems: Sequence[Problem] = ()

    @property
    def updates(self) -> list[LineUpdate]:
        return [LineUpdate(one.line.pk, one.before, one.after) for one in self.changes]

    @property
    def investigated(self) -> list[Unknown]:
        return [Unknown(masked_in(one.who), one.change, one.effective_on) for one in self.unknown]


def planned(rows: Sequence[Said], request: ServiceRequest, *, seen: Mapping[int, Reported] | None = None) -> Planned:
    """Work out what the rows of a file would change on the newest schedule, for the paying parents of a request.

    Where lines were `seen`, by their ids, it is what they would change of that.
    """
    seen = seen or {}
    on_schedule, of_request = _on_schedule(request), {line.pk: line for line in lines_of(request)}
    found = [(said, _named(said.who, on_schedule)) for said in rows]
    problems = [problem for said, lines in found if (problem := _problem(said, lines, of_request, request))]
    problems += _twice(found)
    if problems:
        return Planned(problems=sorted(problems, key=lambda one: one.line))
    told = [(said, of_request[lines[0].pk]) for said, lines in found if lines]
    changes = [
        Change(said.line, line, before, after)
        for said, line in told
        if (after := said.on(before := seen.get(line.pk) or reported_of(line))) != before
    ]
    changed = {one.line.pk for one in changes}
    unknown = [said for said, lines in found if not lines]
    if not changes and not unknown:
        return Planned(problems=[Problem(0, NOTHING_DIFFERENT)])
    return Planned(changes, unknown, [line for line in of_request.values() if line.pk not in changed])


def _on_schedule(request: ServiceRequest) -> dict[str, list[ScheduleLine]]:
    """Return the lines of the whole schedule by each way to name their paying parents."""
    found: dict[str, list[ScheduleLine]] = {}
    rows = ScheduleLine.objects.filter(schedule=newest_schedule(request)).select_related("paying_parent")
    for line in rows.order_by("pk"):
        parent = line.paying_parent
        for name in {parent.nino, parent.reference, *spellings(parent.name)} - {""}:
            found.setdefault(name, []).append(line)
    return found


def _named(who: str, on_schedule: dict[str, list[ScheduleLine]]) -> list[ScheduleLine]:
    identifier = recognise(who)
    is_number = identifier is not None and identifier.kind in NUMBERS
    names = {identifier.value} if identifier and is_number else spellings(who)
    return list({line.pk: line for name in names for line in on_schedule.get(name, [])}.values())


def _problem(
    said: Said, lines: list[ScheduleLine], of_request: dict[int, ScheduleLine], request: ServiceRequest
) -> Problem | None:
    if ROUNDED.fullmatch(said.who.strip()):
        return Problem(said.line, LOST_DIGITS.format(said.who))
    if len(lines) > 1:
        return Problem(said.line, SAME_NAME.format(len(lines), said.who))
    if lines and lines[0].pk not in of_request:
        return Problem(said.line, NOT_ASKED.format(lines[0].paying_parent, request.reference))
    identifier = recognise(said.who)
    if not lines and (identifier is None or identifier.kind != IdentifierKind.NAME):
        return Problem(said.line, NO_NAME.format(masked_in(said.who)))
    return None


def _twice(found: Iterable[tuple[Said, list[ScheduleLine]]]) -> list[Problem]:
    """Name the rows that are about one person, in whatever way each names them."""
    keys = [(said.line, str(lines[0].pk) if lines else key(said.who)) for said, lines in found]
    return [
        Problem(line, f"The same person is in line {', '.join(map(str, others))} too. Keep one of the rows")
        for line, others in repeated(keys).items()
    ]
