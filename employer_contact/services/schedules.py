"""A change of circumstances: the lines of one or of many paying parents on a schedule (EC-35, EC-36)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from django.db import transaction

from contacthub.actor import Actor
from contacthub.cases.models import Case
from contacthub.cases.services import events_about, record_event
from contacthub.deadlines.models import FollowUpKind
from contacthub.deadlines.services import expect
from contacthub.deadlines.working_time import Target
from contacthub.errors import MovedOn, NotThere, RuleBroken, require_unbroken
from contacthub.formats import money, short_date
from employer_contact.identifiers import IdentifierKind, recognise
from employer_contact.models import Contact, DeoSchedule, Employer, ScheduleLine, ServiceRequest, UnknownName
from employer_contact.names import key
from employer_contact.personal import masked_in
from employer_contact.security import Grounds
from employer_contact.services.accounts import locked
from employer_contact.services.grounds import record_of, require_grounds
from employer_contact.services.shared import require_no_cards
from employer_contact.terms import LineChange

INVESTIGATED_WITHIN = Target(working_days=5)
NO_LINE = "Tick at least one paying parent, or write a name that is not on the schedule"
NO_CHANGE = "Select what has changed"
NO_DAY = "Enter the day from which the change holds"
NOTHING_DIFFERENT = "Nothing is different yet for {}. Change the line, or leave it out"


@dataclass(frozen=True)
class Reported:
    """What an employer reports of a paying parent: a change with the day from which it holds; what was deducted."""

    change: str = ""
    effective_on: date | None = None
    deducted: Decimal | None = None
    difference_reason: str = ""

    def __str__(self) -> str:
        change = f"{LineChange(self.change).label} from {_day(self.effective_on)}" if self.change else ""
        deducted = "" if self.deducted is None else f"{money(self.deducted)} deducted"
        return ", ".join(filter(None, [change, deducted, self.difference_reason])) or "nothing reported"


@dataclass(frozen=True)
class LineUpdate:
    """A line, what the person saw of it, and what it should say."""

    line_id: int
    seen: Reported
    reported: Reported


@dataclass(frozen=True)
class Unknown:
    """A name that is not on the schedule, as it was reported, and what has changed."""

    name: str
    change: str
    effective_on: date | None


def reported_of(line: ScheduleLine) -> Reported:
    return Reported(line.change, line.effective_on, line.deducted, line.difference_reason)


@transaction.atomic
def update_lines(
    *,
    schedule_id: int,
    updates: Sequence[LineUpdate] = (),
    unknown: Sequence[Unknown] = (),
    grounds: Grounds,
    by: Actor,
    at: datetime,
) -> list[ScheduleLine]:
    """Write what was reported to each line, with old and new kept, and mark names that have none: all or nothing.

    Raises NotThere or Refused; MovedOn where somebody changed one of the lines meanwhile; RuleBroken before the
    security check, and for each line without a change, a day, or a difference.
    """
    schedule = DeoSchedule.objects.filter(pk=schedule_id).first()
    if schedule is None:
        raise NotThere
    record = record_of(grounds)
    case = record.case if record else None
    employer = locked(Employer, schedule.employer_id, by=by)
    schedule = DeoSchedule.objects.select_for_update(no_key=True).get(pk=schedule_id)
    ids = [update.line_id for update in updates]
    lines = _locked_lines(schedule, ids)
    require_grounds(by, grounds)
    if len(lines) != len(set(ids)):
        raise NotThere
    for update in updates:
        _require_as_seen(lines[update.line_id], update.seen, at=at)
    for words in [*(update.reported.difference_reason for update in updates), *(one.name for one in unknown)]:
        require_no_cards(words, field="lines")
    require_unbroken(*_broken(lines, updates), *_broken_names(schedule, unknown))
    if not updates and not unknown:
        raise RuleBroken(NO_LINE, code="line_required", field="lines")
    for update in updates:
        _write(lines[update.line_id], update.reported, case=case, by=by, at=at)
    marked = [_mark(schedule, one, case=case, by=by, at=at) for one in unknown]
    schedule.save()  # it is listed by its changes, which are those of its lines
    if updates:
        words = f"{schedule.month:%B %Y}: {len(updates)} {'line' if len(updates) == 1 else 'lines'}"
        record_event(employer, "lines_changed", by=by, at=at, words=words)
    for name in marked:
        _have_investigated(name, employer, record, by=by, at=at)
    return list(lines.values())


def _locked_lines(schedule: DeoSchedule, ids: Sequence[int]) -> dict[int, ScheduleLine]:
    rows = ScheduleLine.objects.filter(schedule=schedule, pk__in=ids).select_related("paying_parent")
    return {line.pk: line for line in rows.select_for_update(of=("self",), no_key=True).order_by("pk")}


def _require_as_seen(line: ScheduleLine, seen: Reported, *, at: datetime) -> None:
    stands = reported_of(line)
    if stands == seen:
        return
    event = events_about(line).filter(kind="line_changed").first()
    who = f"Changed by {event.actor or 'ContactHub'}" if event else "Changed meanwhile"
    raise MovedOn(f"{who}: the line of {line.paying_parent} now says {stands}", at=event.at if event else at)


def _broken(lines: dict[int, ScheduleLine], updates: Sequence[LineUpdate]) -> list[RuleBroken]:
    broken = []
    for update in updates:
        name, wants = lines[update.line_id].paying_parent.name, update.reported
        if not wants.change and wants.effective_on is None and wants.deducted is None:
            broken.append(
                RuleBroken(f"{NO_CHANGE} for {name}", code="change_required", field=f"change_{update.line_id}")
            )
        elif wants.change and wants.effective_on is None:
            broken.append(RuleBroken(f"{NO_DAY} for {name}", code="day_required", field=f"day_{update.line_id}"))
        elif wants == update.seen:
            broken.append(
                RuleBroken(NOTHING_DIFFERENT.format(name), code="nothing_changed", field=f"change_{update.line_id}")
            )
    return broken


def _broken_names(schedule: DeoSchedule, unknown: Sequence[Unknown]) -> list[RuleBroken]:
    """Return what is wrong with names to investigate: above all that somebody is on the schedule after all."""
    broken = []
    for one in unknown:
        if not one.change:
            broken.append(RuleBroken(f"{NO_CHANGE} for {one.name}", code="change_required", field="change"))
        if one.effective_on is None:
            broken.append(RuleBroken(f"{NO_DAY} for {one.name}", code="day_required", field="day"))
        if there := on_schedule(schedule, one.name):
            words = f"{there.paying_parent.name} is on this schedule. Tick the line"
            broken.append(RuleBroken(words, code="is_on_schedule", field="names"))
    return broken


def on_schedule(schedule: DeoSchedule, typed: str) -> ScheduleLine | None:
    """Return the line of the paying parent with this National Insurance number, 12-digit reference or whole name."""
    identifier = recognise(typed)
    if identifier is None:
        return None
    column = {IdentifierKind.NINO: "nino", IdentifierKind.PARENT_REFERENCE: "reference"}.get(identifier.kind)
    column, value = (column, identifier.value) if column else ("name_key", key(identifier.value))
    rows = ScheduleLine.objects.filter(schedule=schedule, **{f"paying_parent__{column}": value})
    return rows.select_related("paying_parent").order_by("pk").first()


def _write(line: ScheduleLine, wants: Reported, *, case: Case | None, by: Actor, at: datetime) -> None:
    before = reported_of(line)
    wants = replace(wants, difference_reason=masked_in(wants.difference_reason))  # an export of the schedule has it
    for name, value in asdict(wants).items():
        setattr(line, name, value)
    line.save()
    words = f"{line.paying_parent} ({line.paying_parent.reference}): {before} → {wants}"
    record_event(line, "line_changed", by=by, at=at, words=words, case=case)


def _mark(schedule: DeoSchedule, one: Unknown, *, case: Case | None, by: Actor, at: datetime) -> UnknownName:
    name = masked_in(one.name)  # whom it names is seen by more people than may see the number
    marked = UnknownName.objects.create(
        schedule=schedule,
        name=name,
        change=one.change,
        effective_on=cast(date, one.effective_on),  # one without a day was refused
        about=case.reference if case else "",
        by_id=by.staff_id,
        at=at,
    )
    words = f"{name}: {LineChange(one.change).label} from {_day(one.effective_on)}"
    record_event(marked, "to_investigate", by=by, at=at, words=words, case=case)
    return marked


def _have_investigated(
    marked: UnknownName, employer: Employer, record: Contact | ServiceRequest | None, *, by: Actor, at: datetime
) -> None:
    """Put the name on the list of the team that has the contact or service request; the schedule lists it too."""
    if record is None or record.team is None:
        return
    words = f"{marked.name}, not on the schedule of {marked.schedule.month:%B %Y}, ERN {employer.ern}"[:200]
    kind, target = FollowUpKind.INVESTIGATION, INVESTIGATED_WITHIN
    expect(case=record.case, kind=kind, unit=record.team, words=words, target=target, by=by, at=at)


def _day(day: date | None) -> str:
    return short_date(day) if day else "no day"
