"""What the pages of an account show beside its own fields: where else it leads, its schedule, what was noted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet, Value
from django.urls import reverse

from contacthub.actor import Actor
from contacthub.ui.navigation import COUNTS_STOP_AT, count_words
from employer_contact.models import AgentLink, DeoSchedule, Employer, EmployerNote, PayingParent, ScheduleLine


@dataclass(frozen=True)
class Link:
    """A page of an account; `count` is "" where it lists nothing, or nothing yet."""

    label: str
    url: str
    count: str = ""


def pages_of(employer: Employer, actor: Actor, *, newest: DeoSchedule | None, today: date) -> list[Link]:
    """Return the pages of an employer's record, with what each lists: one query."""
    counts = _counts(
        parents=PayingParent.objects.visible_to(actor).employed_by(employer.pk),
        agents=AgentLink.objects.filter(employer=employer),
        notes=EmployerNote.objects.filter(employer=employer),
    )
    month = newest.month if newest else today.replace(day=1)
    return [
        Link("Summary", employer.get_absolute_url()),
        Link("DEO schedule", reverse("employers:schedule", args=[employer.ern, month])),
        Link("Paying parents", reverse("employers:parents", args=[employer.ern]), counts["parents"]),
        Link("Agents", reverse("employers:agents", args=[employer.ern]), counts["agents"]),
        Link("Notes", reverse("employers:notes", args=[employer.ern]), counts["notes"]),
    ]


def newest_schedule(employer: Employer) -> DeoSchedule | None:
    return employer.schedules.order_by("-month").first()


def sums_of(schedule: DeoSchedule, actor: Actor) -> dict[str, Any]:
    return ScheduleLine.objects.filter(schedule=schedule).seen_by(actor).sums()


def _counts(**lists: QuerySet[Any]) -> dict[str, str]:
    """Count rows of several tables in one query, up to COUNTS_STOP_AT + 1 each."""
    first, *others = (
        rows.order_by().annotate(of=Value(name)).values_list("of")[: COUNTS_STOP_AT + 1] for name, rows in lists.items()
    )
    found = [name for (name,) in first.union(*others, all=True)]
    return {name: count_words(found.count(name)) for name in lists}
