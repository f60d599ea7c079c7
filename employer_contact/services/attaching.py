"""Later contacts about a service request that stands already: they are attached to it, and nothing is raised twice."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from contacthub.actor import Actor
from contacthub.cases.services import moved_on, record_event
from contacthub.deadlines.services import due_at
from contacthub.errors import MovedOn, NotThere, RuleBroken
from contacthub.formats import day_and_time, uk_day
from employer_contact import permissions
from employer_contact.lifecycle import RequestState
from employer_contact.models import AgentLink, AttachedContact, Contact, ReasonGiven, ServiceRequest
from employer_contact.noting import Noted
from employer_contact.services.reasons import choose_reasons
from employer_contact.services.requests import REOPENED_WITHIN, TICK_FIRST
from employer_contact.services.shared import locked_unlocked
from employer_contact.taxonomy import attach_refusal
from employer_contact.terms import PartyType

NO_REQUEST = "Select an open service request of this employer or agent"
RAISED_HERE = "This service request was raised in this contact, so it stands in it already"


@transaction.atomic
def attach_to_request(
    *, contact_id: int, service_request: str, reason: str = "", noted: Noted | None = None, by: Actor, at: datetime
) -> ServiceRequest:
    """Attach a contact to an open request of its party, by its reference, which then answers a reason of the contact.

    Without the code of a ticked reason, that of the request is ticked along with it. Twice is as good as once. The
    contact is locked before the request. Raises NotThere, Refused; MovedOn of one that has ended; RuleBroken before
    the security check is passed (EC-14), and of a request that is not theirs, or closed to the party (EC-08, EC-68).
    """
    contact = locked_unlocked(contact_id, noted=noted, by=by, at=at)
    request = _locked(service_request, by=by)
    already = AttachedContact.objects.filter(reason__contact=contact, request=request)
    if (already.filter(reason__reason__code=reason) if reason else already).exists():
        return request
    _require_open(request, at=at)
    permissions.require_may_create_request(by, on_callback=contact.is_on_callback)
    _require_theirs(contact, request, at=at)
    given = _reason(contact, reason or request.kind.reason.code, is_named=bool(reason), by=by, at=at)
    AttachedContact.objects.create(reason=given, request=request, by_id=by.person_id, at=at)
    request.save()
    record_event(contact, "request_attached", by=by, at=at, words=f"{request.reference} {request.name}")
    record_event(request, "contact_attached", by=by, at=at, words=f"{contact.reference}, {given.reason.label}")
    return request


def _locked(reference: str, *, by: Actor) -> ServiceRequest:
    """Return the request that people call so, locked. Raises RuleBroken, also where it is not theirs to see."""
    found = ServiceRequest.objects.filter(case__reference=reference).values_list("pk", flat=True).first()
    rows = ServiceRequest.objects.select_related("kind__reason")
    try:
        locked: ServiceRequest = rows.locked(by, pk=found or 0)
    except NotThere:
        raise RuleBroken(NO_REQUEST, code="request_required", field="service_request") from None
    return locked


def _require_open(request: ServiceRequest, *, at: datetime) -> None:
    """Raise MovedOn of a request that has ended: when, by whom, and what to do instead."""
    if request.is_open:
        return
    ended = moved_on(request)
    how = f"{ended.message[0].lower()}{ended.message[1:]} on {day_and_time(ended.at)}"
    until = due_at(REOPENED_WITHIN, start=request.ended_at) if request.ended_at else at
    if request.state == RequestState.COMPLETED and at <= until:
        raise MovedOn(f"Have the team leader reopen {request.reference}, which was {how}", at=ended.at)
    raise MovedOn(f"Raise a new service request: {request.reference} was {how}", at=ended.at)


def _require_theirs(contact: Contact, request: ServiceRequest, *, at: datetime) -> None:
    """Raise RuleBroken unless it is of this party: its own, or for an agent also that of an employer it acts for."""
    if request.contact_id == contact.pk:
        raise RuleBroken(RAISED_HERE, code="raised_here", field="service_request")
    party = PartyType(contact.party_type)
    if party == PartyType.EMPLOYER:
        is_theirs, linked = request.employer_id == contact.employer_id, True
    else:
        is_theirs = request.agent_id in (None, contact.agent_id)
        link = {"employer_id": request.employer_id or 0, "agent_id": contact.agent_id or 0}
        linked = request.employer_id is None or AgentLink.objects.active(**link, on=uk_day(at)).exists()
    if wrong := attach_refusal(request.kind.as_rule, party, is_theirs=is_theirs, linked=linked):
        raise wrong


def _reason(contact: Contact, code: str, *, is_named: bool, by: Actor, at: datetime) -> ReasonGiven:
    """Return the ticked reason of this code, with the contact saved; one that nobody named is ticked now."""
    ticked = contact.reasons.filter(reason__code=code).select_related("reason")
    given: ReasonGiven | None = ticked.first()
    if given is None and is_named:
        raise RuleBroken(TICK_FIRST, code="reason_required", field="reason")
    if given is None:
        choose_reasons(contact_id=contact.pk, reasons=[code], by=by, at=at)
        given = ticked.get()
    else:
        contact.save()
    return given
