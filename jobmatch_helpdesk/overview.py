"""What a Helpdesk lead looks at first: how old what waits is, and who has what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from django.db.models import Count, Q, Value

from contacthub.deadlines.services import NEVER
from contacthub.people.models import StaffMember
from contacthub.ui.navigation import COUNTS_STOP_AT, count_words
from jobmatch_helpdesk.models import Incident

SOON = timedelta(hours=4)
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Age:
    """How many replies are due in some time, counted to COUNTS_STOP_AT; `share` of the longest bar, in hundredths."""

    code: str
    label: str
    count: str
    share: int
    first: Incident | None


def ages(at: datetime) -> list[Age]:
    """Return what waits for a first reply by when that is due, with the first of each. Two queries."""
    spans = {
        "later": ("Due later", Q(due_at__gt=at + SOON, due_at__lt=NEVER)),
        "soon": ("Due within 4 hours", Q(due_at__gt=at, due_at__lte=at + SOON)),
        "over": ("Overdue", Q(due_at__gt=at - A_DAY, due_at__lte=at)),
        "over-day": ("Overdue by more than 1 day", Q(due_at__lte=at - A_DAY)),
    }
    first, *others = (
        Incident.objects.with_the_helpdesk()
        .filter(span)
        .order_by("due_at", "pk")
        .annotate(span=Value(code))
        .values_list("span", "due_at", "pk")[: COUNTS_STOP_AT + 1]
        for code, (_, span) in spans.items()
    )
    found: dict[str, list[tuple[datetime, int]]] = {code: [] for code in spans}
    for code, due_at, pk in first.union(*others, all=True):
        found[code].append((due_at, pk))
    firsts = Incident.objects.select_related("assigned_to").in_bulk([min(rows)[1] for rows in found.values() if rows])
    longest = max(1, *(len(rows) for rows in found.values()))
    return [
        Age(
            code,
            label,
            count_words(len(found[code])) or "0",
            share=-(-len(found[code]) * 100 // longest),
            first=firsts[min(found[code])[1]] if found[code] else None,
        )
        for code, (label, _) in spans.items()
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
    """Return what each of these agents has, and each who is gone, by name. Three queries at most."""
    in_hand = Incident.objects.in_hand().order_by()
    counted = in_hand.values("assigned_to").annotate(has=Count("pk"), overdue=Count("pk", filter=Q(due_at__lte=at)))
    counts = {row["assigned_to"]: row for row in counted}
    next_ones = in_hand.filter(due_at__lt=NEVER).order_by("assigned_to", "due_at", "pk").distinct("assigned_to")
    due_next = {incident.assigned_to_id: incident for incident in next_ones}
    here = {agent.pk for agent in agents}
    gone = StaffMember.objects.filter(pk__in=counts.keys() - here)
    return [
        InHand(
            agent,
            has=counts[agent.pk]["has"] if agent.pk in counts else 0,
            overdue=counts[agent.pk]["overdue"] if agent.pk in counts else 0,
            due_next=due_next.get(agent.pk),
            is_gone=agent.pk not in here,
        )
        for agent in sorted([*agents, *gone], key=attrgetter("name", "pk"))
    ]
