"""What somebody in employer contact has to do next: short lists for the home page, what is due soonest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contacthub.actor import Actor
from contacthub.cases.services import visible_among
from contacthub.deadlines.models import FollowUp
from employer_contact.lifecycle import RequestState
from employer_contact.listing import lost_since
from employer_contact.models import Activity, Contact, ReissueRequest, ServiceRequest
from employer_contact.permissions import teams_led

SHORT_LIST = 8
BESIDE = 5


@dataclass(frozen=True)
class Due:
    """A service request with the activity that comes next; None where all are settled."""

    request: ServiceRequest
    next_step: Activity | None


def due_to(actor: Actor) -> list[Due]:
    """Return what the actor has and does not wait with."""
    mine = ServiceRequest.objects.open().filter(owner_id=actor.staff_id).exclude(state=RequestState.WAITING)
    return _with_next(_few(mine.order_by("due_at", "pk")))


def waiting_of(actor: Actor) -> list[ServiceRequest]:
    """Return what the actor has, and somebody else is to answer."""
    mine = ServiceRequest.objects.waiting().filter(owner_id=actor.staff_id)
    return _few(mine.order_by("due_at", "pk"))


def addressed_to(actor: Actor) -> list[ServiceRequest]:
    """Return the requests with an activity that only this owner of a case confirms."""
    return _few(ServiceRequest.objects.to_confirm(actor.person_id).order_by("due_at", "pk"))


def to_reissue(actor: Actor) -> list[ReissueRequest]:
    """Return what the actor is asked to issue anew, or to decline."""
    return _few_reissues(ReissueRequest.objects.open().decided_by(actor))


def asked_for(actor: Actor) -> list[ReissueRequest]:
    """Return the re-issues that the actor has asked for and nobody has decided yet."""
    return _few_reissues(ReissueRequest.objects.open().filter(raised_by_id=actor.staff_id))


def overdue_of_teams(actor: Actor, *, at: datetime) -> list[ServiceRequest]:
    """Return what is overdue in the teams that the actor leads."""
    late = ServiceRequest.objects.open().filter(team_id__in=teams_led(actor), due_at__lte=at)
    return _few(late.prefetch_related("owner").order_by("due_at", "pk"))


def unfinished_of(actor: Actor, *, at: datetime) -> list[Contact]:
    """Return the actor's open contacts and lost calls, the newest first."""
    rows = Contact.objects.with_party().unfinished(actor, since=lost_since(at))
    return list(rows.order_by("-opened_at", "-pk")[:BESIDE])


@dataclass(frozen=True)
class Expected:
    """A call, post or letter that the actor's units wait for; `record` is what it is about, where it may be seen."""

    follow_up: FollowUp
    record: Any


def expected_by(actor: Actor) -> list[Expected]:
    rows = list(FollowUp.objects.filter(unit_id__in=actor.unit_ids).open().due_first().select_related("unit")[:BESIDE])
    records = visible_among(actor, [row.case_id for row in rows])
    return [Expected(row, records.get(row.case_id)) for row in rows]


def _few(rows: Any) -> list[ServiceRequest]:
    return list(rows.prefetch_related("employer", "agent")[:SHORT_LIST])


def _few_reissues(rows: Any) -> list[ReissueRequest]:
    beside = ("employer", "maintenance_case__paying_parent", "maintenance_case__owner")
    return list(rows.order_by("due_at", "pk").prefetch_related(*beside)[:SHORT_LIST])


def _with_next(requests: list[ServiceRequest]) -> list[Due]:
    steps = Activity.objects.unsettled().filter(request__in=requests).order_by("request", "number")
    found: dict[int | None, Activity] = {}
    for step in steps:
        found.setdefault(step.request_id, step)
    return [Due(request, found.get(request.pk)) for request in requests]
