"""Every due moment: an app says how long, this room works out when, keeps it and tells the app."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache

import holidays

from contacthub.cases.models import Case
from contacthub.cases.registry import reactions_of
from contacthub.deadlines.models import Deadline
from contacthub.deadlines.protocols import DeadlineReactions
from contacthub.deadlines.working_time import Target

# What is listed by due needs a moment in every row, or pages by key would lose it.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def set_deadline(*, case: Case, kind: str, target: Target, at: datetime) -> Deadline:
    """Start the clock of this kind; the caller holds the lock of the case. `at` and the due moment are in UTC."""
    deadline = Deadline.objects.create(
        case=case, kind=kind, target=str(target), set_at=at, due_at=target.due_at(at, is_day_off=is_bank_holiday)
    )
    _tell(case, kind, deadline.due_at)
    return deadline


def meet(*, case: Case, kind: str, at: datetime) -> None:
    """Note that what was due has happened, in time or late."""
    if Deadline.objects.filter(case=case, kind=kind, met_at=None).update(met_at=at):
        _tell(case, kind, NEVER)


def is_bank_holiday(day: date) -> bool:
    """Say if this day is a bank holiday in England and Wales."""
    return day in _bank_holidays()


@cache
def _bank_holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("GB", subdiv="ENG")


def _tell(case: Case, kind: str, due_at: datetime) -> None:
    model, reactions = reactions_of(case.kind)
    told: DeadlineReactions = reactions
    told.due_moved(model._base_manager.get(pk=case.pk), kind, due_at)
