"""What the services of a contact ask alike."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from contacthub.actor import Actor
from contacthub.cases.services import handed_over, lock, moved_on, require_still_open
from contacthub.errors import MovedOn, NotThere, Refused, RuleBroken
from contacthub.people.models import Unit
from contacthub.people.roles import UnitKind
from employer_contact import permissions
from employer_contact.models import Contact, Employer, PayrollAgent, ServiceRequest
from employer_contact.noting import Noted, merged
from employer_contact.personal import holds_card_number
from employer_contact.security import Check, gate

NO_CARDS = "Take the card number out. Card numbers are never written down"
UNOPENED = "unopened"  # the deadline of a call that telephony told us of
CAME_TO = ["opened", "taken_up", "handed_over", "resume", "resume_with_party"]  # the events by which one has a contact


def locked_contact(contact_id: int, *, noted: Noted | None, by: Actor, at: datetime) -> Contact:
    """Return a contact, locked, that keeps the notes which stand beside what is done in it.

    Raises NotThere, and of notes what `keep_notes` raises.
    """
    contact: Contact = Contact.objects.locked(by, pk=contact_id)
    if noted:
        _keep(contact, noted, by=by, at=at)
    return contact


def locked_mine(contact_id: int, *, noted: Noted | None, by: Actor, at: datetime) -> Contact:
    """Return an open contact that is with this person, locked, its notes kept. Raises NotThere, MovedOn or Refused."""
    contact = locked_contact(contact_id, noted=noted, by=by, at=at)
    require_still_open(contact.finish)
    require_mine(by, contact)
    return contact


def locked_unlocked(contact_id: int, *, noted: Noted | None, by: Actor, at: datetime) -> Contact:
    """Return one in which actions may be taken. Raises RuleBroken besides, while the check is not passed (EC-14)."""
    contact = locked_mine(contact_id, noted=noted, by=by, at=at)
    require_gate_open(contact)
    return contact


def _keep(contact: Contact, noted: Noted, *, by: Actor, at: datetime) -> None:
    """Keep notes on a contact that is locked."""
    require_still_open(contact.finish)
    require_mine(by, contact)
    for field, text in (("notes", noted.notes), ("caller_name", noted.caller_name)):
        require_no_cards(text, field=field)
    kept, wanted = (contact.caller_name, contact.notes), (noted.caller_name, noted.notes)
    if noted.seen is not None:
        wanted = merged(kept, wanted, seen=noted.seen)
    if kept != wanted:
        contact.caller_name, contact.notes = wanted
        contact.notes_kept_at = at
        contact.save()


def require_gate_open(contact: Contact) -> None:
    """Raise RuleBroken where this contact must pass its security check first: every action asks this (EC-14)."""
    if shut := gate(Check(contact.security)):
        raise shut


def require_may_record(by: Actor, contact: Contact) -> None:
    """Raise Refused unless this person records such contacts."""
    permissions.require_may_record(by, outbound=contact.is_begun_by_us, on_callback=contact.is_on_callback)


def require_mine(by: Actor, contact: Contact) -> None:
    """Raise Refused or MovedOn unless this person records such contacts, and has this one."""
    require_may_record(by, contact)
    require_still_with(by, contact)


def require_still_with(by: Actor, contact: Contact) -> None:
    """Raise MovedOn, with who has it and how, where the contact is somebody else's; Refused where it is nobody's."""
    if permissions.owns(by, contact):
        return
    if contact.owner is None:
        raise Refused("Nobody has this contact yet. Open it first")
    raise handed_over(contact, to=contact.owner, kinds=CAME_TO, words_of=permissions.WORDS)


def team_of(by: Actor) -> Unit | None:
    """Return the team in which the actor works today."""
    kinds = [UnitKind.TEAM, UnitKind.WELSH_LANGUAGE_UNIT]
    return Unit.objects.filter(pk__in=by.unit_ids, kind__in=kinds).order_by("pk").first()


def named_party(reference: str, *, seen_by: Actor) -> Employer | PayrollAgent | None:
    """Return the employer of this ERN, or the agent of this EARN."""
    employer: Employer | None = Employer.objects.visible_to(seen_by).filter(ern=reference).first()
    if employer:
        return employer
    agent: PayrollAgent | None = PayrollAgent.objects.visible_to(seen_by).filter(earn=reference).first()
    return agent


def has_this_call(contact: Contact, *, at: datetime) -> MovedOn:
    return MovedOn(f"{contact.owner} has this call: {contact.reference}", at=at)


def locked_request(service_request_id: int, *, by: Actor) -> ServiceRequest:
    """Return a service request, locked after the contact it was raised in, which is the older of the two.

    Raises NotThere.
    """
    contact_id = ServiceRequest.objects.filter(pk=service_request_id).values_list("contact_id", flat=True).first()
    if contact_id is None:
        raise NotThere
    lock(contact_id)
    return cast(ServiceRequest, ServiceRequest.objects.whole().locked(by, pk=service_request_id))


def require_not_ended(request: ServiceRequest) -> None:
    """Raise MovedOn where the request is completed or cancelled."""
    if not request.is_open:
        raise moved_on(request)


def require_no_cards(text: str, *, field: str) -> None:
    """Raise RuleBroken where somebody wrote a card number down (XC-06)."""
    if holds_card_number(text):
        raise RuleBroken(NO_CARDS, code="card_number", field=field)
