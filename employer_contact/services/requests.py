"""Service requests: raised in a contact, given to others, waiting, cancelled, reopened. Steps are in `activities`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from contacthub.actor import Actor
from contacthub.cases.services import move, open_record, record_event
from contacthub.deadlines.services import NEVER, closing_at, drop, due_at, pause, restart, resume, set_deadline
from contacthub.deadlines.working_time import Target
from contacthub.errors import MovedOn, NotSetUp, RuleBroken, require_unbroken, require_words
from contacthub.formats import day_and_time, uk_day
from contacthub.mail.services import tell
from contacthub.people.services import actor_for
from employer_contact import permissions
from employer_contact.lifecycle import RequestState
from employer_contact.models import (
    Activity,
    AgentLink,
    Contact,
    Employer,
    PayingParent,
    PlanStep,
    PlanVersion,
    ReasonGiven,
    ServiceRequest,
    ServiceRequestKind,
)
from employer_contact.noting import Noted
from employer_contact.plans import Doing, Status
from employer_contact.services.shared import (
    locked_request,
    locked_unlocked,
    require_no_cards,
    require_not_ended,
    team_of,
)
from employer_contact.taxonomy import COMPLAINT_RESOLUTION, Asked, RequestKind, broken_rules, of_reason, refusal
from employer_contact.terms import PartyType

DUE, REMINDER = "due", "reminder"
REOPENED_WITHIN = Target(working_days=20)
TICK_FIRST = "Tick the reason first"
KIND = "Select the service request"
UNTIL = "Enter a day and a time in the future"


@dataclass(frozen=True)
class Details:
    """What a request names besides its kind: the employer by ERN where an agent asks, paying parents by their
    12-digit references, months by their first days, an earlier complaint by its reference here, or by day and
    reference where it is not in ContactHub.
    """

    employer: str = ""
    paying_parents: Sequence[str] = ()
    from_month: date | None = None
    to_month: date | None = None
    earlier: str = ""
    earlier_on: date | None = None
    earlier_reference: str = ""


@transaction.atomic
def create_sr(
    *,
    contact_id: int,
    reason: str,
    kind: str,
    details: Details | None = None,
    noted: Noted | None = None,
    made: int | None = None,
    by: Actor,
    at: datetime,
) -> ServiceRequest:
    """Raise the request that a reason of a contact leads to, by their codes, with its plan (EC-07, EC-28 to EC-42).

    `made` is how many were raised for this reason when somebody looked. Raises NotThere, Refused; MovedOn, also where
    another was raised since then; RuleBroken before the security check is passed (EC-14), of a kind that the
    reason does not lead to or that is closed to the party (EC-08), and of all that its form lacks.
    """
    contact = locked_unlocked(contact_id, noted=noted, by=by, at=at)
    permissions.require_may_create_request(by, on_callback=contact.is_on_callback)
    given = contact.reasons.filter(reason__code=reason).select_related("reason").first()
    if given is None:
        raise RuleBroken(TICK_FIRST, code="reason_required", field="reason")
    row = _kind(kind)
    if wrong := of_reason(row.as_rule, given.reason.code):
        raise wrong
    _require_no_other(given, made)
    return _raise(contact, row, details or Details(), reason=given, raised_from=None, by=by, at=at)


def _require_no_other(given: ReasonGiven, made: int | None) -> None:
    """Refuse what a second tab would raise once more; None looks at nothing."""
    requests = [] if made is None else list(given.requests.order_by("pk"))
    if made is not None and len(requests) > made:
        newest = requests[-1]
        raise MovedOn(f"{newest.reference} {newest.name} was raised for this reason", at=newest.opened_at)


@transaction.atomic
def raise_further(
    *, service_request_id: int, kind: str, details: Details | None = None, by: Actor, at: datetime
) -> ServiceRequest:
    """Raise a further request out of one that is worked on: it stands on the same contact and its check (EC-42).

    Raises NotThere, MovedOn, Refused or RuleBroken.
    """
    earlier = locked_request(service_request_id, by=by)
    require_not_ended(earlier)
    contact = Contact.objects.with_party().get(pk=earlier.contact_id)
    permissions.require_may_create_request(by, on_callback=contact.is_on_callback)
    permissions.require_may_work_on(by, earlier)
    return _raise(contact, _kind(kind), details or Details(), reason=None, raised_from=earlier, by=by, at=at)


def _kind(code: str) -> ServiceRequestKind:
    row: ServiceRequestKind | None = ServiceRequestKind.objects.select_related("reason").filter(code=code).first()
    if row is None:
        raise RuleBroken(KIND, code="kind_required", field="kind")
    return row


def _raise(
    contact: Contact,
    row: ServiceRequestKind,
    details: Details,
    *,
    reason: ReasonGiven | None,
    raised_from: ServiceRequest | None,
    by: Actor,
    at: datetime,
) -> ServiceRequest:
    """Make the request with its steps and its clock. The caller holds the lock of the contact."""
    of_party = raised_from or contact
    party, kind = PartyType(of_party.party_type), row.as_rule
    if closed := refusal(kind, party):
        raise closed
    employer_id, agent_id = _whose(kind, party, of_party, details, by=by)
    parents = _parents(details, employer_id, by=by)
    earlier = _earlier(details, employer_id)
    known = bool(earlier or (details.earlier_on and details.earlier_reference.strip()))
    linked = _is_linked(employer_id, agent_id, at=at)
    asked = Asked(party, bool(employer_id), linked, len(parents), known)
    require_unbroken(*broken_rules(kind, asked))
    steps = steps_in_use(row.plan_id, at=at)
    request = open_record(
        ServiceRequest,
        kind=row,
        process=row.process,
        area=row.area,
        sub_area=row.sub_area,
        scope=row.scope,
        contact=contact,
        reason=reason,
        raised_from=raised_from,
        security=raised_from.security if raised_from else contact.security,
        party_type=party,
        employer_id=employer_id,
        agent_id=agent_id,
        from_month=details.from_month,
        to_month=details.to_month,
        earlier=earlier,
        earlier_reference=details.earlier_reference.strip(),
        earlier_on=details.earlier_on,
        owner_id=by.person_id,
        team=team_of(by),
        raised_by_id=by.person_id,
        opened_at=at,
        due_at=NEVER,
        plan_version=steps[0].version,
    )
    request.paying_parents.add(*parents)
    copy_steps(steps, request=request)
    record_event(request, "raised", by=by, at=at, after=request.state, words=f"{request.triple}, {kind.target}")
    record_event(contact, "request_raised", by=by, at=at, words=f"{request.reference} {request.name}")
    start_clock(request, kind, at=at)
    return request


def _whose(
    kind: RequestKind, party: PartyType, of: Contact | ServiceRequest, details: Details, *, by: Actor
) -> tuple[int | None, int | None]:
    """Return the ids of the employer and the agent that a request names: an agent says for which employer."""
    if party == PartyType.EMPLOYER:
        return of.employer_id, None
    if kind.is_about_the_agent:
        return None, of.agent_id
    if details.employer:
        employer = Employer.objects.visible_to(by).filter(ern=details.employer).first()
        return (employer.pk if employer else None), of.agent_id
    return (of.employer_id if isinstance(of, ServiceRequest) else None), of.agent_id


def _is_linked(employer_id: int | None, agent_id: int | None, *, at: datetime) -> bool:
    """Say if the agent may act for the employer today (EC-68)."""
    if employer_id is None or agent_id is None:
        return False
    links: Any = AgentLink.objects.active(employer_id=employer_id, agent_id=agent_id, on=uk_day(at))
    return bool(links.exists())


def _parents(details: Details, employer_id: int | None, *, by: Actor) -> list[PayingParent]:
    """Return the paying parents that are named. Raises RuleBroken of one whom this employer does not employ."""
    wanted = set(details.paying_parents)
    if not wanted:
        return []
    found = PayingParent.objects.visible_to(by).filter(reference__in=wanted)
    parents = list(found.filter(employments__employer_id=employer_id).order_by("name_key", "pk"))
    if missing := wanted - {parent.reference for parent in parents}:
        words = f"{', '.join(sorted(missing))}: no paying parent of this employer. Take it out"
        raise RuleBroken(words, code="not_employed_here", field="paying_parents")
    return parents


def _earlier(details: Details, employer_id: int | None) -> ServiceRequest | None:
    if not details.earlier:
        return None
    rows: Any = ServiceRequest.objects.filter(case__reference=details.earlier, employer=employer_id)
    found: ServiceRequest | None = rows.filter(kind__code=COMPLAINT_RESOLUTION).first()
    return found


def steps_in_use(plan_id: int, *, at: datetime) -> list[PlanStep]:
    """Return the steps of the version of a plan that is in use. Raises NotSetUp where there is none."""
    versions = PlanVersion.objects.in_use(at).filter(plan=plan_id)
    steps = list(PlanStep.objects.filter(version__in=versions).select_related("version"))
    if not steps:
        raise NotSetUp("This activity plan is not in use. Ask an administrator to put a version to use")
    return steps


def copy_steps(
    steps: Iterable[PlanStep], *, request: ServiceRequest | None = None, reason: ReasonGiven | None = None
) -> None:
    """Give a request, or a reason, the steps of a plan as they are now: later changes of the plan leave them alone."""
    Activity.objects.bulk_create(
        Activity(
            request=request,
            reason=reason,
            number=step.number,
            text=step.text,
            mark=step.mark,
            does=step.does,
            raises=step.raises,
        )
        for step in steps
    )


def start_clock(request: ServiceRequest, kind: RequestKind, *, at: datetime) -> None:
    """Set when it is due: a number of working days, by the close of the day, or never for what a call alone does."""
    if target := _target(kind, at=at):
        deadline = set_deadline(case=request.case, kind=DUE, target=target, at=at)
        request.due_at = deadline.due_at  # as its reaction has written it


def _target(kind: RequestKind, *, at: datetime) -> Target | None:
    if kind.working_days is None:
        return None
    return Target(working_days=kind.working_days) if kind.working_days else Target(until=closing_at(at))


@transaction.atomic
def reassign(*, service_request_id: int, to_id: int | None, reason: str, by: Actor, at: datetime) -> ServiceRequest:
    """Give a request to a colleague, who is told. Raises NotThere, MovedOn, Refused or RuleBroken."""
    request = locked_request(service_request_id, by=by)
    require_not_ended(request)
    permissions.require_may_reassign(by, request)
    require_words(reason, "Enter why somebody else takes this", field="reason")
    colleague = permissions.colleagues(on=uk_day(at)).filter(pk=to_id or 0).first()
    if colleague is None or colleague.pk == request.owner_id:
        raise RuleBroken("Select a colleague of employer payments", code="colleague_required", field="to_id")
    request.owner, request.team = colleague, team_of(actor_for(colleague, on=uk_day(at)))
    request.save()
    record_event(request, "reassigned", by=by, at=at, words=f"To {colleague}. {reason.strip()}")
    tell(colleague, words=f"{request.reference} {request.name} is yours now: {reason.strip()}"[:200],
         case=request.case, at=at)  # fmt: skip
    return request


@transaction.atomic
def wait_until(
    *, service_request_id: int, waits_for: str, until: datetime | None, by: Actor, at: datetime
) -> ServiceRequest:
    """Let a request wait on somebody until a moment, when it goes on by itself and its owner is told; its clock stands.

    Raises NotThere, MovedOn, Refused or RuleBroken.
    """
    request = locked_request(service_request_id, by=by)
    _require_can_wait(request)
    permissions.require_may_hold_or_cancel(by, request)
    require_no_cards(waits_for, field="waits_for")
    broken = []
    if not waits_for.strip():
        broken.append(RuleBroken("Enter on whom it waits", code="waits_for_required", field="waits_for"))
    if until is None or until <= at:
        broken.append(RuleBroken(UNTIL, code="until_required", field="until"))
    require_unbroken(*broken)
    if request.state == RequestState.OPEN:
        move(request.begin, by=by, at=at)
    words = f"On {waits_for.strip()}, until {day_and_time(until)}" if until else ""
    move(request.wait, by=by, at=at, words=words, waits_for=waits_for.strip(), waits_until=until)
    set_deadline(case=request.case, kind=REMINDER, target=Target(until=until), at=at)
    pause(case=request.case, kind=DUE, at=at)
    return request


def _require_can_wait(request: ServiceRequest) -> None:
    require_not_ended(request)
    if request.state == RequestState.WAITING:
        raise MovedOn(f"It waits on {request.waits_for} already", at=request.opened_at)


@transaction.atomic
def answer(*, service_request_id: int, reason: str, by: Actor, at: datetime) -> ServiceRequest:
    """Go on with a request that waits, with words of what came. Raises NotThere, MovedOn, Refused or RuleBroken."""
    request = locked_request(service_request_id, by=by)
    permissions.require_may_hold_or_cancel(by, request)
    require_words(reason, "Enter what came, or why you go on", field="reason")
    move(request.answer, by=by, at=at, words=reason.strip())
    drop(case=request.case, kind=REMINDER, at=at)
    resume(case=request.case, kind=DUE, at=at)
    return request


@transaction.atomic
def cancel(*, service_request_id: int, reason: str, by: Actor, at: datetime) -> ServiceRequest:
    """End a request that is not wanted any more. Raises NotThere, MovedOn, Refused or RuleBroken."""
    request = locked_request(service_request_id, by=by)
    require_not_ended(request)
    permissions.require_may_hold_or_cancel(by, request)
    require_words(reason, "Enter why this is cancelled", field="reason")
    move(request.cancel, by=by, at=at, words=reason.strip())
    drop(case=request.case, kind=DUE, at=at)
    drop(case=request.case, kind=REMINDER, at=at)
    return request


@transaction.atomic
def reopen(*, service_request_id: int, reason: str, by: Actor, at: datetime) -> ServiceRequest:
    """Take up a completed request again, within 20 working days: its closing step is open, its clock starts anew.

    Raises NotThere, MovedOn, Refused or RuleBroken.
    """
    request = locked_request(service_request_id, by=by)
    if request.state != RequestState.COMPLETED:
        raise MovedOn("Only a completed service request is reopened", at=at)
    permissions.require_may_reopen(by, request)
    require_words(reason, "Enter why this is reopened", field="reason")
    if request.ended_at and at > due_at(REOPENED_WITHIN, start=request.ended_at):
        words = "It was completed more than 20 working days ago. Raise a new service request"
        raise RuleBroken(words, code="too_late")
    closing = request.activities.get(does=Doing.CLOSE)
    closing.status, closing.by, closing.at, closing.words = Status.NOT_STARTED, None, None, ""
    closing.save()
    move(request.reopen, by=by, at=at, words=reason.strip())
    if target := _target(request.kind.as_rule, at=at):
        restart(case=request.case, kind=DUE, target=target, at=at)
    return request
