"""The CMSL2040 of a case is re-issued: asked for in three scenarios only, decided by the owner of the case (EC-46)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from django.db import IntegrityError, transaction

from contacthub.actor import Actor
from contacthub.cases.services import lock, move, open_record, record_event, require_still_open
from contacthub.deadlines.services import NEVER, drop, meet, set_deadline
from contacthub.deadlines.working_time import Target
from contacthub.errors import MovedOn, NotThere, RuleBroken, require_unbroken, require_words
from contacthub.formats import money, uk_day
from contacthub.mail.services import tell
from contacthub.people.directory import leader_of_last_team
from contacthub.people.models import StaffMember
from employer_contact import permissions
from employer_contact.models import (
    AgentLink,
    CaseActivity,
    Contact,
    Employer,
    EmployerNote,
    MaintenanceCase,
    ReissueRequest,
)
from employer_contact.models.parents import CMSL2040
from employer_contact.noting import Noted
from employer_contact.services.accounts import locked
from employer_contact.services.grounds import my_contact
from employer_contact.services.shared import locked_unlocked, require_gate_open, require_no_cards, team_of
from employer_contact.terms import Scenario

DUE = "reissue"
DECIDED_WITHIN = Target(working_days=5)
CASE = "Select the case"
SCENARIO = "Select why the CMSL2040 needs to be re-issued"
REASON = "Enter why the CMSL2040 needs to be re-issued"
CLOSED = "Case {} is closed. Nothing is issued in it"
NO_OWNER = "Nobody owns case {}, so nobody could re-issue it. Ask their team to name a case owning caseworker"
ASKED_BEFORE = "{} stands already: {} asked for it"
OF_ANOTHER = "{} is not a contact with {}, nor with an agent of theirs"
AMOUNT = "Enter the amount in pounds, like 188.20"
MONTH = "Enter the month from which it is deducted"


@transaction.atomic
def request_reissue(
    *,
    employer_id: int,
    case_number: str,
    scenario: str,
    reason: str,
    contact_id: int | None = None,
    noted: Noted | None = None,
    by: Actor,
    at: datetime,
) -> ReissueRequest:
    """Ask the owner of a case to re-issue its CMSL2040 to an employer, with a note on the employer's record.

    Raises NotThere or Refused; MovedOn where it was asked for before; RuleBroken without one of the three scenarios or
    a reason (EC-46 to EC-48), in a contact with somebody else, and in a call that has a check to pass (EC-14).
    """
    contact = locked_unlocked(contact_id, noted=noted, by=by, at=at) if contact_id else None
    employer = locked(Employer, employer_id, by=by)
    permissions.require_may_request_reissue(by)
    if contact:
        _require_about(contact, employer, on=uk_day(at))
    if mine := my_contact(by, employer):
        require_gate_open(mine)
    case = _case(case_number, employer, by=by)
    require_unbroken(*_broken(case, scenario, reason))
    require_no_cards(reason, field="reason")
    if before := ReissueRequest.objects.open().filter(maintenance_case=case, employer=employer).first():
        raise MovedOn(ASKED_BEFORE.format(before.reference, before.raised_by), at=before.opened_at)
    try:
        with transaction.atomic():
            made = open_record(
                ReissueRequest,
                employer=employer,
                maintenance_case=case,
                scenario=scenario,
                reason=reason.strip(),
                contact=contact,
                raised_by_id=by.person_id,
                team=team_of(by),
                opened_at=at,
                due_at=NEVER,
            )
    except IntegrityError:
        raise MovedOn(f"Somebody asked for case {case_number} at this moment", at=at) from None
    label = Scenario(scenario).label
    record_event(made, "requested", by=by, at=at, after=made.state, words=f"{label}. {made.reason}")
    if contact:
        record_event(contact, "reissue_requested", by=by, at=at, words=f"{made.reference}, case {case_number}")
    _note(made, f"Re-issue of the CMSL2040 in case {case_number} requested. {label}. {made.reason}", by=by, at=at)
    made.due_at = set_deadline(case=made.case, kind=DUE, target=DECIDED_WITHIN, at=at).due_at
    for person in who_decides(made, on=uk_day(at)):
        words = f"{made.reference}: {employer} needs the CMSL2040 of case {case_number} re-issued"
        tell(person, words=words, case=made.case, at=at)
    return made


def _require_about(contact: Contact, employer: Employer, *, on: date) -> None:
    """Raise RuleBroken unless the contact is with this employer, or with an agent who acts for it on the day."""
    acts = AgentLink.objects.on(on).filter(employer=employer, agent=contact.agent_id)
    if contact.employer_id != employer.pk and not acts.exists():
        raise RuleBroken(OF_ANOTHER.format(contact, employer), code="other_party", field="contact")


def _case(number: str, employer: Employer, *, by: Actor) -> MaintenanceCase:
    """Return the case of a paying parent whom the employer employs. Raises RuleBroken."""
    seen: Any = MaintenanceCase.objects.visible_to(by).select_related("owner", "paying_parent")
    found: MaintenanceCase | None = seen.filter(number=number, paying_parent__employments__employer=employer).first()
    if found is None:
        raise RuleBroken(CASE, code="case_required", field="case_number")
    return found


def _broken(case: MaintenanceCase, scenario: str, reason: str) -> list[RuleBroken]:
    broken = _closed(case)
    if case.owner is None and not broken:
        broken.append(RuleBroken(NO_OWNER.format(case), code="owner_required", field="case_number"))
    if scenario not in Scenario.values:
        broken.append(RuleBroken(SCENARIO, code="scenario_required", field="scenario"))
    if not reason.strip():
        broken.append(RuleBroken(REASON, code="reason_required", field="reason"))
    return broken


def _closed(case: MaintenanceCase) -> list[RuleBroken]:
    return [RuleBroken(CLOSED.format(case), code="case_closed", field="case_number")] if case.closed_on else []


@transaction.atomic
def reissue(
    *, reissue_id: int, amount: Decimal | None, from_month: date | None, by: Actor, at: datetime
) -> ReissueRequest:
    """Issue the CMSL2040 anew: it stands in the case from today, the employer's record notes it, the requester hears.

    Raises NotThere, MovedOn, Refused or RuleBroken.
    """
    request = _locked(reissue_id, by=by, at=at)
    require_still_open(request.reissue)
    require_may_decide(by, request, on=uk_day(at))
    require_unbroken(*_closed(request.maintenance_case))
    broken = []
    if amount is None:
        broken.append(RuleBroken(AMOUNT, code="amount_required", field="amount"))
    if from_month is None:
        broken.append(RuleBroken(MONTH, code="month_required", field="from_month"))
    require_unbroken(*broken)
    issuer = StaffMember.objects.get(pk=by.person_id)
    request.letter = CaseActivity.objects.create(
        maintenance_case=request.maintenance_case,
        kind=CMSL2040,
        happened_on=uk_day(at),
        words=f"Re-issued, {request.reference}",
        employer=request.employer,
        amount=amount,
        from_month=cast(date, from_month).replace(day=1),
        by=str(issuer),
    )
    words = f"{money(cast(Decimal, amount))} from {from_month:%B %Y}"
    move(request.reissue, by=by, at=at, words=words)
    meet(case=request.case, kind=DUE, at=at)
    _note(request, f"CMSL2040 of case {request.maintenance_case} re-issued: {words}", by=by, at=at)
    _tell_requester(request, f"{request.reference}: the CMSL2040 is re-issued, {words}", by=by, at=at)
    return request


@transaction.atomic
def decline(*, reissue_id: int, reason: str, by: Actor, at: datetime) -> ReissueRequest:
    """Say why it is not re-issued: the requester hears, and it is noted on the employer's record.

    Raises NotThere, MovedOn, Refused or RuleBroken.
    """
    request = _locked(reissue_id, by=by, at=at)
    require_still_open(request.decline)
    require_may_decide(by, request, on=uk_day(at))
    require_words(reason, "Enter why it is not re-issued", field="reason")
    require_no_cards(reason, field="reason")
    request.answer = reason.strip()
    move(request.decline, by=by, at=at, words=request.answer)
    meet(case=request.case, kind=DUE, at=at)
    words = f"Re-issue of the CMSL2040 in case {request.maintenance_case} declined. {request.answer}"
    _note(request, words, by=by, at=at)
    _tell_requester(request, f"{request.reference} is declined: {request.answer}", by=by, at=at)
    return request


@transaction.atomic
def withdraw(*, reissue_id: int, reason: str, by: Actor, at: datetime) -> ReissueRequest:
    """Take a request back, with a reason; the note of it stays. Raises NotThere, MovedOn, Refused or RuleBroken."""
    request = _locked(reissue_id, by=by, at=at)
    require_still_open(request.withdraw)
    permissions.require_may_withdraw_reissue(by, raised_by_id=request.raised_by_id)
    require_words(reason, "Enter why it is withdrawn", field="reason")
    require_no_cards(reason, field="reason")
    request.answer = reason.strip()
    move(request.withdraw, by=by, at=at, words=request.answer)
    drop(case=request.case, kind=DUE, at=at)
    for person in who_decides(request, on=uk_day(at)):
        tell(person, words=f"{request.reference} is withdrawn: {request.answer}", case=request.case, at=at)
    return request


def who_decides(request: ReissueRequest, *, on: date) -> list[StaffMember]:
    """Return the owner of the case; where they work for us no longer, who leads their last team."""
    owner = request.maintenance_case.owner
    if owner is None or owner.is_active_on(on):
        return [owner] if owner else []
    leader = leader_of_last_team(owner, on=on)
    return [leader] if leader else []


def may_decide(actor: Actor, request: ReissueRequest, *, on: date) -> bool:
    return actor.staff_id is not None and actor.staff_id in [person.pk for person in who_decides(request, on=on)]


def require_may_decide(by: Actor, request: ReissueRequest, *, on: date) -> None:
    if not may_decide(by, request, on=on):
        raise permissions.not_the_case_owner()


def _locked(reissue_id: int, *, by: Actor, at: datetime) -> ReissueRequest:
    """Return a request, locked after the contact it was made in, which is the older of the two. Raises NotThere."""
    known = ReissueRequest.objects.filter(pk=reissue_id).values_list("contact_id", flat=True)
    if not known:
        raise NotThere
    if known[0]:
        lock(known[0])
    return cast(ReissueRequest, ReissueRequest.objects.whole().locked(by, pk=reissue_id))


def _note(request: ReissueRequest, text: str, *, by: Actor, at: datetime) -> None:
    """Note it on the employer's record, which whoever decides need not see otherwise (EC-47)."""
    EmployerNote.objects.create(employer=request.employer, text=text, about=request.reference, by_id=by.staff_id, at=at)


def _tell_requester(request: ReissueRequest, words: str, *, by: Actor, at: datetime) -> None:
    if request.raised_by and request.raised_by_id != by.staff_id:
        tell(request.raised_by, words=words, case=request.case, at=at)
