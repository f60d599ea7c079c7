"""Changes of what is held of employers and agents: each keeps old and new, and none takes back somebody else's."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from contacthub.actor import Actor
from contacthub.cases.services import events_about, record_event
from contacthub.errors import MovedOn, NotThere, RuleBroken, require_words
from employer_contact.details import (
    LABELS,
    AgentDetails,
    Details,
    EmployerDetails,
    changes,
    details_of,
    different,
    merged,
    said,
)
from employer_contact.models import Employer, EmployerNote, PayrollAgent
from employer_contact.security import Grounds
from employer_contact.services.grounds import case_of, require_grounds

Record = TypeVar("Record", Employer, PayrollAgent)
NOTHING_DIFFERENT = "Nothing is different yet. Change what is wrong"
NO_FAX = "Enter a fax number, or say that fax is not the preferred method"


@transaction.atomic
def update_employer(
    *,
    employer_id: int,
    seen: EmployerDetails,
    details: EmployerDetails,
    grounds: Grounds,
    by: Actor,
    at: datetime,
) -> Employer:
    """Change what differs between what the person saw and what they want; what others changed meanwhile stays.

    Raises NotThere or Refused; MovedOn where somebody changed the same value meanwhile; RuleBroken before the security
    check, where nothing differs, or where fax would be preferred without a number.
    """
    case = case_of(grounds)
    employer = locked(Employer, employer_id, by=by)
    require_grounds(by, grounds)
    before = details_of(employer, EmployerDetails)
    after = _wanted(employer, before, seen, details, at=at)
    if after.prefers_fax and not after.fax:
        raise RuleBroken(NO_FAX, code="fax_required", field="fax")
    _write(employer, before, after)
    record_event(employer, "changed", by=by, at=at, words=changes(before, after), case=case)
    return employer


@transaction.atomic
def update_agent(
    *, agent_id: int, seen: AgentDetails, details: AgentDetails, grounds: Grounds, by: Actor, at: datetime
) -> PayrollAgent:
    """Change a payroll agent's details, as `update_employer` does an employer's. Raises the same."""
    case = case_of(grounds)
    agent = locked(PayrollAgent, agent_id, by=by)
    require_grounds(by, grounds)
    before = details_of(agent, AgentDetails)
    after = _wanted(agent, before, seen, details, at=at)
    _write(agent, before, after)
    record_event(agent, "changed", by=by, at=at, words=changes(before, after), case=case)
    return agent


@transaction.atomic
def add_agent(*, earn: str, details: AgentDetails, grounds: Grounds, by: Actor, at: datetime) -> PayrollAgent:
    """Make the record of an agent that has none yet, to link it. Raises Refused or RuleBroken."""
    case = case_of(grounds)
    require_grounds(by, grounds)
    require_words(details.name, "Enter the company name", field="name")
    agent, is_new = PayrollAgent.objects.get_or_create(earn=earn, defaults=asdict(details))
    if not is_new:
        raise earn_taken(agent)
    record_event(agent, "added", by=by, at=at, words=f"EARN {earn}", case=case)
    return agent


def earn_taken(agent: PayrollAgent) -> RuleBroken:
    """Return why this EARN is that of no other company."""
    return RuleBroken(f"{agent.earn} is {agent}. Link that agent", code="earn_taken", field="earn")


@transaction.atomic
def add_note(*, employer_id: int, text: str, about: str = "", by: Actor, at: datetime) -> EmployerNote:
    """Note something on an employer's record; `about` is the reference of the case that it comes with."""
    employer = locked(Employer, employer_id, by=by)
    require_words(text, "Enter the note", field="text")
    return EmployerNote.objects.create(employer=employer, text=text.strip(), about=about, by_id=by.staff_id, at=at)


def locked(model: type[Record], pk: int, *, by: Actor) -> Record:
    """Return the record, locked until the transaction ends. Raises NotThere, also where `by` may not see it."""
    rows: Any = model.objects
    rows.select_for_update(no_key=True).filter(pk=pk).first()
    record: Record | None = rows.visible_to(by).filter(pk=pk).first()
    if record is None:
        raise NotThere
    return record


def _wanted(record: Any, stands: Details, seen: Details, wanted: Details, *, at: datetime) -> Details:
    """Return what is to stand. Raises MovedOn, with what stands now, where both changed one value to another."""
    mine = different(seen, wanted)
    theirs = different(seen, stands)
    lost = [name for name in mine if name in theirs and getattr(stands, name) != getattr(wanted, name)]
    if lost:
        raise _changed_meanwhile(record, stands, lost, at=at)
    after = merged(stands, wanted, mine)
    if after == stands:
        raise RuleBroken(NOTHING_DIFFERENT, code="nothing_changed")
    return after


def _changed_meanwhile(record: Any, stands: Details, names: list[str], *, at: datetime) -> MovedOn:
    event = events_about(record).filter(kind="changed").first()
    values = ", ".join(f"{LABELS[name]} is now {said(name, getattr(stands, name))}" for name in names)
    who = f"Changed by {event.actor or 'ContactHub'}" if event else "Changed meanwhile"
    return MovedOn(f"{who}: {values}", at=event.at if event else at)


def _write(record: Any, before: Details, after: Details) -> None:
    for name in different(before, after):
        value = getattr(after, name)
        setattr(record, name, list(value) if isinstance(value, tuple) else value)
    record.save()
