"""What the pages of an account show beside its own fields: where else it leads, its schedule, what was noted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet, Value
from django.urls import reverse

from contacthub.actor import Actor
from contacthub.ui.navigation import COUNTS_STOP_AT, count_words
from employer_contact.models import (
    AgentLink,
    Contact,
    DeoSchedule,
    Employer,
    EmployerNote,
    Employment,
    PayrollAgent,
    ScheduleLine,
    ServiceRequest,
)

FEW = 3  # of a list, on the page that leads to all of it


@dataclass(frozen=True)
class Link:
    """A page of an account; `count` is "" where it lists nothing, or nothing yet."""

    label: str
    url: str
    count: str = ""


def pages_of(employer: Employer, actor: Actor, *, newest: DeoSchedule | None, today: date) -> list[Link]:
    """Return the pages of an employer's record, with what each lists: one query."""
    counts = _counts(
        parents=Employment.objects.filter(employer=employer).seen_by(actor),
        agents=AgentLink.objects.filter(employer=employer),
        notes=EmployerNote.objects.filter(employer=employer),
        contacts=Contact.objects.visible_to(actor).filter(employer=employer),
        requests=ServiceRequest.objects.visible_to(actor).open().filter(employer=employer),
    )
    month = newest.month if newest else today.replace(day=1)
    return [
        Link("Summary", employer.get_absolute_url()),
        Link("Contacts", reverse("employers:employer-contacts", args=[employer.ern]), counts["contacts"]),
        Link("Service requests", reverse("employers:employer-requests", args=[employer.ern]), counts["requests"]),
        Link("DEO schedule", reverse("employers:schedule", args=[employer.ern, month])),
        Link("Paying parents", reverse("employers:parents", args=[employer.ern]), counts["parents"]),
        Link("Agents", reverse("employers:agents", args=[employer.ern]), counts["agents"]),
        Link("Notes", reverse("employers:notes", args=[employer.ern]), counts["notes"]),
    ]


def pages_of_agent(agent: PayrollAgent, actor: Actor) -> list[Link]:
    """Return the pages of an agent's record, with what each lists: one query."""
    counts = _counts(
        contacts=Contact.objects.visible_to(actor).filter(agent=agent),
        requests=ServiceRequest.objects.visible_to(actor).open().filter(agent=agent),
    )
    return [
        Link("Summary", agent.get_absolute_url()),
        Link("Contacts", reverse("employers:agent-contacts", args=[agent.earn]), counts["contacts"]),
        Link("Service requests", reverse("employers:agent-requests", args=[agent.earn]), counts["requests"]),
    ]


def open_requests(employer: Employer, actor: Actor) -> list[ServiceRequest]:
    """Return the first of the open service requests about an employer, the next due first."""
    rows = ServiceRequest.objects.visible_to(actor).open().filter(employer=employer).prefetch_related("owner")
    return list(rows.order_by("due_at", "pk")[:FEW])


def last_contacts(employer: Employer, actor: Actor) -> list[Contact]:
    """Return the last contacts of an employer, with what was asked for and raised, the newest first."""
    rows = Contact.objects.visible_to(actor).filter(employer=employer).select_related("owner")
    with_asked = rows.prefetch_related("reasons__reason", Prefetch("requests", ServiceRequest.objects.order_by("pk")))
    return list(with_asked.newest_first()[:FEW])


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
