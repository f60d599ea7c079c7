"""The steps of a service request: done, not needed, opened again; the last one writes the case update and closes it.

A step that names a change is completed only where that change is in the database, made under this request.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from contacthub.actor import Actor
from contacthub.cases.models import Event
from contacthub.cases.services import events_for, move, moved_on, record_event
from contacthub.deadlines.services import meet
from contacthub.errors import MovedOn, NotThere, RuleBroken, require_words
from contacthub.formats import uk_day
from contacthub.mail.services import tell
from contacthub.people.models import StaffMember
from employer_contact import permissions
from employer_contact.lifecycle import WORKED_ON, RequestState
from employer_contact.models import Activity, MaintenanceCase, ScheduleLine, ServiceRequest
from employer_contact.plans import CHANGES, Doing, Status, Step, answers, left_to_close, waits_for
from employer_contact.services.accounts import add_note
from employer_contact.services.requests import DUE
from employer_contact.services.shared import locked_request, require_no_cards

CASE_UPDATE = "Enter the case update: what was done, and what changed"
WORDS = "Enter what was done or said"
NOT_NEEDED = "Enter why this is not needed"
SAID_ELSEWHERE = "Enter a reference, or what the answer was"
DONE_ON = "Enter the day it was done"
NOT_YET = "The day it was done must be today or in the past"
CHANGE_FIRST = "Make the change first: nothing was changed under this service request yet"
RAISED = "Select the service request that was raised, or say that none is needed"
NO_OWNER = "No paying parent of this service request has a case with an owner. Record why nobody is told"
# What a step that names a change is proved by: the model and the kinds of event.
PROOFS: Mapping[str, tuple[tuple[str, str], ...]] = {
    Doing.CHANGE_EMPLOYER: (("employer_contact.employer", "changed"),),
    Doing.CHANGE_AGENT: (("employer_contact.payrollagent", "changed"),),
    Doing.LINK_AGENT: (("employer_contact.agentlink", "linked"),),
    Doing.END_LINK: (("employer_contact.agentlink", "ended"),),
    Doing.UPDATE_LINES: (
        ("employer_contact.scheduleline", "line_changed"),
        ("employer_contact.unknownname", "to_investigate"),
    ),
}


@transaction.atomic
def start_step(*, service_request_id: int, number: int, by: Actor, at: datetime) -> ServiceRequest:
    """Say that somebody works on a step. Raises NotThere, MovedOn, Refused or RuleBroken."""
    request, step = locked_step(service_request_id, number, by=by)
    if step.status != Status.NOT_STARTED:
        raise MovedOn("This activity was started already", at=step.at or request.opened_at)
    require_can_start(request, step)
    step.status = Status.IN_PROGRESS
    step.save()
    _go_on(request, by=by, at=at)
    record_event(step, "started", by=by, at=at, words=str(step))
    return request


@transaction.atomic
def complete_step(
    *,
    service_request_id: int,
    number: int,
    words: str = "",
    done_on: date | None = None,
    reference: str = "",
    raised: str = "",
    by: Actor,
    at: datetime,
) -> ServiceRequest:
    """Complete a step with what it records: words, or a day with a reference or an answer, or the request it raised.

    Raises NotThere, MovedOn or Refused; RuleBroken where another step comes first, something is not recorded, or a
    change that the step names was not made under this request.
    """
    request, step = locked_step(service_request_id, number, by=by)
    require_can_start(request, step)
    if step.does == Doing.CLOSE:
        return _close(request, step, words, by=by, at=at)
    require_no_cards(words, field="words")
    require_no_cards(reference, field="reference")
    step.words, step.note_reference, step.done_on = words.strip(), reference.strip(), done_on
    _record(request, step, raised=raised, by=by, at=at)
    settle_step(request, step, Status.COMPLETED, by=by, at=at)
    return request


def _record(request: ServiceRequest, step: Activity, *, raised: str, by: Actor, at: datetime) -> None:
    """Do, or look for, what the step says; raise RuleBroken where it is not there."""
    if step.does in CHANGES:
        step.proof = _proof(request, step)
    elif step.does == Doing.ELSEWHERE:
        _require_said(step, at=at)
    elif step.does == Doing.RAISE:
        step.raised = raised_for(step, raised, contact_id=request.contact_id, out_of=request)
    elif step.does == Doing.TELL_OWNER:
        _tell_owners(request, step, at=at)
    elif step.does == Doing.NOTE:
        require_words(step.words, WORDS, field="words")


def _require_said(step: Activity, *, at: datetime) -> None:
    """A step whose doing lies elsewhere needs its day, and a reference or an answer."""
    if step.done_on is None:
        raise RuleBroken(DONE_ON, code="done_on_required", field="done_on")
    if step.done_on > uk_day(at):
        raise RuleBroken(NOT_YET, code="in_future", field="done_on")
    if not step.words and not step.note_reference:
        raise RuleBroken(SAID_ELSEWHERE, code="reference_required", field="reference")


def raised_for(
    step: Activity, reference: str, *, contact_id: int, out_of: ServiceRequest | None = None
) -> ServiceRequest:
    """Return the request that answers the step: raised in this contact, or attached to it.

    Raises RuleBroken of one that the plan names not.
    """
    rows: Any = ServiceRequest.objects.standing_in(contact_id).filter(case__reference=reference)
    found: ServiceRequest | None = rows.exclude(pk=out_of.pk if out_of else None).select_related("kind").first()
    if found is None:
        raise RuleBroken(RAISED, code="raised_required", field="raised")
    if not answers(step.as_rule, found.kind.code):
        words = f"{found.reference} is {found.name}, which this activity does not ask for. {RAISED}"
        raise RuleBroken(words, code="other_kind", field="raised")
    return found


def _proof(request: ServiceRequest, step: Activity) -> Event:
    """Return the event of the newest change that was made under this request; of a group every line must have one."""
    found = [event for event in events_for(request.case) if (event.subject_label, event.kind) in PROOFS[step.does]]
    if not found:
        raise RuleBroken(CHANGE_FIRST, code="change_required", field="words")
    if step.does == Doing.UPDATE_LINES and not step.words and (names := _without_change(request, found)):
        words = f"Nothing was changed for {', '.join(names)}. Change the lines, or enter why they stay"
        raise RuleBroken(words, code="lines_required", field="words")
    return found[0]


def _without_change(request: ServiceRequest, events: list[Event]) -> list[str]:
    lines = [event.subject_id for event in events if event.kind == "line_changed"]
    changed = ScheduleLine.objects.filter(pk__in=lines).values("paying_parent_id")
    left = request.paying_parents.exclude(pk__in=changed).order_by("name_key", "pk")
    return [parent.name for parent in left]


def _tell_owners(request: ServiceRequest, step: Activity, *, at: datetime) -> None:
    """Tell the owners of the paying parents' cases, and address the step that they confirm to them."""
    owners = case_owners(request)
    if not owners:
        raise RuleBroken(NO_OWNER, code="owner_required", field="words")
    about = request.about
    for owner in owners:
        tell(owner, words=f"{request.reference} {request.name}, {about}: {step.text}", case=request.case, at=at)
    names = ", ".join(str(owner) for owner in owners)
    step.words = f"Told {names}. {step.words}".strip()
    for confirming in request.activities.filter(does=Doing.OWNER_CONFIRMS):
        confirming.addressed_to.set(owners)


def case_owners(request: ServiceRequest) -> list[StaffMember]:
    """Return who owns the open cases of the paying parents that a request names, by name."""
    cases = MaintenanceCase.objects.filter(paying_parent__in=request.paying_parents.all(), closed_on=None)
    return list(StaffMember.objects.filter(pk__in=cases.values("owner_id")).order_by("name", "pk"))


@transaction.atomic
def mark_not_needed(*, service_request_id: int, number: int, reason: str, by: Actor, at: datetime) -> ServiceRequest:
    """Say why a step is not needed. Raises NotThere, MovedOn, Refused or RuleBroken."""
    request, step = locked_step(service_request_id, number, by=by)
    require_can_start(request, step)
    if step.does == Doing.CLOSE:
        raise RuleBroken("The last activity closes the service request, so it is always needed", code="close_needed")
    require_words(reason, NOT_NEEDED, field="reason")
    require_no_cards(reason, field="reason")
    step.words = reason.strip()
    settle_step(request, step, Status.NOT_NEEDED, by=by, at=at)
    return request


@transaction.atomic
def reopen_step(*, service_request_id: int, number: int, reason: str, by: Actor, at: datetime) -> ServiceRequest:
    """Take a step up again, while the request is open. Raises NotThere, MovedOn, Refused or RuleBroken."""
    request, step = locked_step(service_request_id, number, by=by, settled=True)
    require_words(reason, "Enter why this activity is opened again", field="reason")
    step.status, step.by, step.at, step.proof, step.raised = Status.IN_PROGRESS, None, None, None, None
    step.save()
    request.save()
    record_event(step, "reopened", by=by, at=at, words=f"{step}. {reason.strip()}")
    return request


def _close(request: ServiceRequest, step: Activity, case_update: str, *, by: Actor, at: datetime) -> ServiceRequest:
    """Complete the last step and the request in one: the case update goes on the record too (EC-28)."""
    require_words(case_update, CASE_UPDATE, field="words")
    require_no_cards(case_update, field="words")
    text = case_update.strip()
    step.words = text
    settle_step(request, step, Status.COMPLETED, by=by, at=at)
    move(request.complete, by=by, at=at, words=text, case_update=text)
    record_event(request.contact, "request_completed", by=by, at=at, words=f"{request.reference} {request.name}")
    if request.employer_id:
        add_note(employer_id=request.employer_id, text=text, about=request.reference, by=by, at=at)
    meet(case=request.case, kind=DUE, at=at)
    return request


def locked_step(
    service_request_id: int, number: int, *, by: Actor, settled: bool = False
) -> tuple[ServiceRequest, Activity]:
    """Return a request that is worked on and one of its steps, both locked. Raises NotThere, MovedOn or Refused."""
    request = locked_request(service_request_id, by=by)
    if request.state not in WORKED_ON:
        raise moved_on(request)
    steps = request.activities.select_for_update(of=("self",), no_key=True)
    step = steps.select_related("by").filter(number=number).first()
    if step is None:
        raise NotThere
    step.request = request
    if step.as_rule.is_settled is not settled:
        what = f"{step.get_status_display()} by {step.by}" if step.by else "This activity is open already"
        raise MovedOn(what, at=step.at or request.opened_at)
    if not permissions.may_work_on(by, request, addressed_to_id=_addressed_to(step, by)):
        permissions.require_may_work_on(by, request)
    return request, step


def _addressed_to(step: Activity, by: Actor) -> int | None:
    return by.staff_id if step.addressed_to.filter(pk=by.staff_id).exists() else None


def steps_of(request: ServiceRequest) -> list[Step]:
    return [step.as_rule for step in request.activities.all()]


def require_can_start(request: ServiceRequest, step: Activity) -> None:
    """Raise RuleBroken where another step comes first: who asks is confirmed first, and closing comes last."""
    steps = steps_of(request)
    first = waits_for(step.as_rule, steps)
    if not first:
        return
    if step.does == Doing.CLOSE:
        left = left_to_close(steps)
        words = f"Complete the other activities first, or say why they are not needed: {len(left)} left"
        raise RuleBroken(words, code="activities_left")
    raise RuleBroken(f"Complete “{first[0].text}” first", code="cannot_start_yet")


def settle_step(request: ServiceRequest, step: Activity, status: Status, *, by: Actor, at: datetime) -> None:
    """Keep how a step ended, and that the request is worked on. The caller holds the locks."""
    step.status, step.by_id, step.at = status, by.person_id, at
    step.save()
    _go_on(request, by=by, at=at)
    words = ". ".join(filter(None, [str(step), step.said]))
    record_event(step, str(status), by=by, at=at, words=words)


def _go_on(request: ServiceRequest, *, by: Actor, at: datetime) -> None:
    if request.state == RequestState.OPEN:
        move(request.begin, by=by, at=at)
    else:
        request.save()
