"""What the page of a service request shows: its plan as a task list, the step that is open, what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from contacthub.actor import Actor
from contacthub.cases.services import visible_among
from employer_contact import permissions
from employer_contact.lifecycle import WORKED_ON
from employer_contact.models import (
    Activity,
    AgentLink,
    Contact,
    Employer,
    PayingParent,
    PayrollAgent,
    ServiceRequest,
    ServiceRequestKind,
)
from employer_contact.plans import Doing, Status, Step, answers, left_to_close, status_of, waits_for
from employer_contact.raising import Choices
from employer_contact.terms import PartyType


@dataclass(frozen=True)
class Row:
    """A step in the task list; `waits` says for what it waits."""

    activity: Activity
    status: Status
    waits: str
    may_do: bool

    @property
    def label(self) -> str:
        return self.status.label

    @property
    def is_settled(self) -> bool:
        return self.activity.as_rule.is_settled

    @property
    def can_start(self) -> bool:
        return self.status != Status.CANNOT_START_YET


def rows_of(request: ServiceRequest, actor: Actor) -> list[Row]:
    """Return the steps with their status; two queries, however many there are."""
    rows = request.activities.select_related("by").prefetch_related("raised")
    activities = list(rows.addressed_or_not(actor.staff_id))
    steps = [activity.as_rule for activity in activities]
    return [_row(request, activity, steps, actor) for activity in activities]


def _row(request: ServiceRequest, activity: Activity, steps: Sequence[Step], actor: Actor) -> Row:
    step = activity.as_rule
    mine = actor.staff_id if activity.is_addressed else None
    return Row(
        activity=activity,
        status=status_of(step, steps),
        waits=_waits(step, waits_for(step, steps)),
        may_do=request.state in WORKED_ON and permissions.may_work_on(actor, request, addressed_to_id=mine),
    )


def _waits(step: Step, first: Sequence[Step]) -> str:
    if not first or step.is_settled:
        return ""
    if step.does == Doing.CLOSE:
        return f"When the other {len(first)} are done" if len(first) > 1 else "When the other one is done"
    return "When it is confirmed who asks"


@dataclass(frozen=True)
class Opens:
    """What beside a request its reader may open: other cases and paying parents by their ids; whose record."""

    cases: frozenset[int]
    parents: frozenset[int] = frozenset()
    employer: bool = False
    agent: bool = False
    about: bool = False


def opens_beside(
    request: ServiceRequest,
    rows: Sequence[Row],
    *,
    further: Sequence[ServiceRequest],
    parents: Sequence[PayingParent],
    attached: Sequence[int],
    by: Actor,
) -> Opens:
    """Return where the links of a request's page may lead: what its reader may not see stands there as words."""
    named = [request.contact_id, request.raised_from_id, request.earlier_id, *(one.pk for one in further), *attached]
    cases = frozenset(filter(None, named)) | opens_in_call(rows).cases
    if permissions.works_in_payments(by):
        everybody = frozenset(parent.pk for parent in parents)
        return Opens(cases, everybody, employer=True, agent=True, about=True)
    employer = Employer.objects.visible_to(by).filter(pk=request.employer_id).exists()
    agent = PayrollAgent.objects.visible_to(by).filter(pk=request.agent_id).exists()
    seen = PayingParent.objects.visible_to(by).filter(pk__in=[parent.pk for parent in parents if employer])
    return Opens(
        cases=frozenset(visible_among(by, cases)),
        parents=frozenset(seen.values_list("pk", flat=True)),
        employer=employer,
        agent=agent,
        about=employer if request.employer_id else agent,
    )


def opens_in_call(rows: Sequence[Row]) -> Opens:
    """Return where the activities of a call may lead: whoever has the call sees its requests."""
    return Opens(frozenset(row.activity.raised_id for row in rows if row.activity.raised_id))


def open_row(rows: Sequence[Row], asked: str) -> Row | None:
    """Return the step whose form stands open: the one asked for, the one in progress, or the first that can start."""
    doable = [row for row in rows if row.may_do and row.can_start and not row.is_settled]
    for row in doable:
        if str(row.activity.number) == asked:
            return row
    begun = [row for row in doable if row.status == Status.IN_PROGRESS]
    return next(iter([*begun, *doable]), None)


def left(rows: Sequence[Row]) -> list[str]:
    """Return, in words, what is left before the request can close (EC-28)."""
    open_ones = left_to_close([row.activity.as_rule for row in rows])
    said = []
    if open_ones:
        said.append("1 activity" if len(open_ones) == 1 else f"{len(open_ones)} activities")
    return [*said, "the case update, which closes it"]


def others_of(request: ServiceRequest, step: Step) -> Choices:
    """Return the other requests of the same contact that answer a step: those raised out of this one first."""
    found = [one for one in _answering(step, request.contact_id) if one.pk != request.pk]
    return _named(sorted(found, key=lambda one: one.raised_from_id != request.pk))


def to_raise(step: Step, party: PartyType) -> Choices:
    """Return the codes and names of what a step raises, of those that are open to the party."""
    kinds = ServiceRequestKind.objects.as_rules() if step.raises else []
    return [(kind.code, kind.name) for kind in kinds if kind.code in step.raises and party in kind.parties]


def _answering(step: Step, contact_id: int) -> list[ServiceRequest]:
    rows = ServiceRequest.objects.standing_in(contact_id).select_related("kind").order_by("pk")
    return [one for one in rows if answers(step, one.kind.code)]


def _named(requests: Sequence[ServiceRequest]) -> Choices:
    return [(one.reference, f"{one.reference} {one.name}") for one in requests]


def change_url(actor: Actor, party: Employer | PayrollAgent) -> str:
    """Return where the actor changes the details of a party: a step of an open request of the own; "" where none is."""
    role, does = ("employer", Doing.CHANGE_EMPLOYER) if isinstance(party, Employer) else ("agent", Doing.CHANGE_AGENT)
    mine = ServiceRequest.objects.open().filter(owner_id=actor.staff_id, **{role: party})
    steps = Activity.objects.unsettled().filter(does=does, request__in=mine).order_by("request_id", "number")
    step = steps.values_list("request__case__reference", "number").first()
    return f"{reverse('employers:request', args=step[:1])}?activity={step[1]}" if step else ""


def links_of(request: ServiceRequest, *, on: date) -> Choices:
    """Return the agents who act for the employer on the day, with the ids of their links."""
    links = AgentLink.objects.on(on).filter(employer=request.employer_id, ends_on=None).select_related("agent")
    return [(str(link.pk), f"{link.agent}, EARN {link.agent.earn}") for link in links.newest_first()]


def rows_in_call(steps: Sequence[Activity], *, may_do: bool) -> list[Row]:
    """Return the activities of a contact's reason with their status."""
    rules = [step.as_rule for step in steps]
    return [Row(step, status_of(step.as_rule, rules), "", may_do) for step in steps]


def requests_of(contact: Contact, step: Step) -> Choices:
    """Return the requests of a contact that answer an activity that refers to one."""
    return _named(_answering(step, contact.pk)) if step.does == Doing.RAISE else []
