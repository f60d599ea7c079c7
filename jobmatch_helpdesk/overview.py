"""What a Helpdesk lead looks at first: how old what waits is, and who has what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Value

from contacthub.deadlines.ages import Ageing
from contacthub.deadlines.services import NEVER
from contacthub.ordering import ByName
from contacthub.people.models import StaffMember
from contacthub.ui.navigation import COUNTS_STOP_AT, count_words
from jobmatch_helpdesk.models import Incident


@dataclass(frozen=True)
class Age:
    """How many replies are due in a band, counted to COUNTS_STOP_AT; `share` of the longest bar, in hundredths."""

    band: Ageing
    count: str
    share: int
    first: Incident | None


def ages(at: datetime) -> list[Age]:
    """Return what waits for a first reply by when that is due, with the first of each. Two queries."""
    waiting = Incident.objects.with_the_helpdesk().filter(due_at__lt=NEVER)
    first, *others = (
        waiting.filter(band.holds(at))
        .order_by("due_at", "pk")
        .annotate(ageing=Value(band.value))
        .values_list("ageing", "due_at", "pk")[: COUNTS_STOP_AT + 1]
        for band in Ageing
    )
    found: dict[Ageing, list[tuple[datetime, int]]] = {band: [] for band in Ageing}
    for code, due_at, pk in first.union(*others, all=True):
        found[Ageing(code)].append((due_at, pk))
    firsts = Incident.objects.select_related("assigned_to").in_bulk([min(rows)[1] for rows in found.values() if rows])
    longest = max(1, *(len(rows) for rows in found.values()))
    return [
        Age(
            band,
            count_words(len(rows)) or "0",
            share=-(-len(rows) * 100 // longest),
            first=firsts[min(rows)[1]] if rows else None,
        )
        for band, rows in found.items()
    ]


@dataclass(frozen=True)
class InHand:
    """What one agent has. Somebody who left the Helpdesk with something in hand `is_gone`."""

    agent: StaffMember
    has: int
    overdue: int
    due_next: Incident | None
    is_gone: bool


def team(agents: list[StaffMember], *, at: datetime) -> list[InHand]:
    """Return what each of these agents has, and each who is gone. Three queries at most."""
    in_hand = Incident.objects.in_hand().order_by()
    counted = in_hand.values("assigned_to").annotate(has=Count("pk"), overdue=Count("pk", filter=Q(due_at__lte=at)))
    counts = {row["assigned_to"]: row for row in counted}
    next_ones = in_hand.filter(due_at__lt=NEVER).order_by("assigned_to", "due_at", "pk").distinct("assigned_to")
    due_next = {incident.assigned_to_id: incident for incident in next_ones}
    here = {agent.pk for agent in agents}
    gone = StaffMember.objects.filter(pk__in=counts.keys() - here).order_by(ByName("name"), "pk")
    return [
        InHand(
            agent,
            has=counts[agent.pk]["has"] if agent.pk in counts else 0,
            overdue=counts[agent.pk]["overdue"] if agent.pk in counts else 0,
            due_next=due_next.get(agent.pk),
            is_gone=agent.pk not in here,
        )
        for agent in [*agents, *gone]
    ]
