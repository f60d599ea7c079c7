"""Callbacks to employers and agents: arranged in a contact or a service request, answered in a contact of their own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from contacthub.actor import Actor
from contacthub.callbacks.models import Callback, Kind, Queue
from contacthub.callbacks.permissions import holds, require_holds_or_held
from contacthub.callbacks.services import CallSheet, open_callback_of, request_callback
from contacthub.callbacks.services import end_in_contact as end_callback
from contacthub.cases.services import lock, lock_all, move, open_record, record_event
from contacthub.errors import MovedOn, NotSetUp, NotThere, RuleBroken, require_words
from contacthub.people.models import Unit
from contacthub.people.roles import UnitKind
from employer_contact import permissions
from employer_contact.models import Contact, Employer, PayrollAgent, ServiceRequest
from employer_contact.noting import Noted
from employer_contact.services.calls import identify_party, lose, resume
from employer_contact.services.checking import drop_check
from employer_contact.services.identifying import leave_unsettled
from employer_contact.services.shared import (
    has_this_call,
    locked_mine,
    locked_request,
    require_no_cards,
    team_of,
)
from employer_contact.terms import Channel, Direction, FoundBy, Language

LONGEST_NAME = 200
NUMBER = "Enter the number to call"
HELD_NUMBER = "Select a number that we hold"
WHAT_TO_SAY = "Enter what to say to them"
WELSH_WORDS = (
    "You asked us to ring you in Welsh. Before we talk about the account, I must ask you some security questions."
)
HELD_WORDS = (
    "You rang us, and we could not talk about the account. "
    "We ring you on a number that we hold, and I must ask you the security questions again."
)
WELSH_REASON, HELD_REASON = "Wants to speak Welsh", "The security check did not pass"


def held_numbers(party: Employer | PayrollAgent | None) -> dict[str, str]:
    """Return the numbers on which a party may be rung back after a failed check, by what they are called (AMB-12)."""
    if party is None:
        return {}
    held = {"Main telephone number": party.telephone}
    for place, number in enumerate(party.additional_telephones if isinstance(party, Employer) else [], start=1):
        held[f"Additional telephone number {place}"] = number
    return {name: number for name, number in held.items() if number}


def number_known(contact: Contact) -> str:
    """Return the number to call where nobody says another: that of the call, or the one held; "" where none is."""
    rung = contact.callback.telephone if contact.callback else contact.calling_number
    return rung or next(iter(held_numbers(contact.party).values()), "")


def number_for(request: ServiceRequest) -> str:
    """Return the number to call about a service request where nobody says another: that they rang from when they asked
    for it, or the one held; "" where none is.
    """
    return request.contact.calling_number or next(iter(held_numbers(request.party).values()), "")


@transaction.atomic
def arrange_welsh(
    *, contact_id: int, telephone: str = "", noted: Noted | None = None, by: Actor, at: datetime
) -> Contact:
    """Have the Welsh Language Unit ring them, before or after the security check; the contact ends (EC-13, EC-69).

    `telephone` is the number to call, where the one known is not right. Raises NotThere, MovedOn or Refused;
    RuleBroken where no number is known, NotSetUp where the Unit has no queue.
    """
    lock_call_of(contact_id)
    contact = locked_mine(contact_id, noted=noted, by=by, at=at)
    number = telephone or number_known(contact)
    if not number:
        raise RuleBroken(NUMBER, code="phone_required", field="telephone")
    queue = Queue.objects.filter(unit__kind=UnitKind.WELSH_LANGUAGE_UNIT).order_by("pk").first()
    if queue is None:
        raise NotSetUp("The Welsh Language Unit has no queue of callbacks yet. Ask an administrator to add it")
    drop_check(contact, at=at)
    leave_unsettled(contact, at=at)
    if contact.is_telephone and contact.call_ended_at is None:
        contact.call_ended_at = at
    sheet = _sheet(contact, number, language=Language.WELSH, reason=WELSH_REASON, words=WELSH_WORDS)
    made = request_callback(about=contact.case, kind=Kind.WELSH, queue=queue, call=sheet, by=by, at=at)
    move(contact.arrange_welsh, by=by, at=at, words=f"{made.reference}, {queue}")
    end_call_of(contact, by=by, at=at)
    return contact


def call_back_on(contact: Contact, number: str, *, by: Actor, at: datetime) -> Callback:
    """Have the caseworker's team ring a number that we hold, by its name, after a failed check (AMB-12).

    The caller holds the contact's lock and ends it. Raises RuleBroken of any other number.
    """
    held = held_numbers(contact.party)
    if number and number not in held:
        raise RuleBroken(HELD_NUMBER, code="held_number_required", field="number")
    telephone = held[number] if number else next(iter(held.values()), "")
    if not telephone:
        raise RuleBroken("No number is held to call back on", code="no_held_number", field="offer")
    sheet = _sheet(contact, telephone, language=contact.language, reason=HELD_REASON, words=HELD_WORDS)
    queue = _queue_of(contact.team)
    made = request_callback(about=contact.case, kind=Kind.HELD_NUMBER, queue=queue, call=sheet, by=by, at=at)
    record_event(contact, "callback_asked", by=by, at=at, words=f"{made.reference}, {queue}")
    return made


@transaction.atomic
def ask_for_callback(*, service_request_id: int, telephone: str, words: str, by: Actor, at: datetime) -> ServiceRequest:
    """Have the party of a service request rung by its team, for instance with the outcome: `words` are what to say.

    Raises NotThere or Refused, MovedOn where a callback about it is open, and RuleBroken of what is missing.
    """
    request = locked_request(service_request_id, by=by)
    permissions.require_may_ask_for_callback(by, request)
    if not telephone:
        raise RuleBroken(NUMBER, code="phone_required", field="telephone")
    require_words(words, WHAT_TO_SAY, field="words")
    require_no_cards(words, field="words")
    if known := open_callback_of(request.case):
        raise MovedOn(f"{known.reference} is to ring them already", at=known.requested_at)
    contact = Contact.objects.with_party().get(pk=request.contact_id)
    reason = f"{request.reference} {request.name}"[:100]
    sheet = _sheet(contact, telephone, language=contact.language, reason=reason, words=words)
    queue = _queue_of(request.team)
    made = request_callback(about=request.case, kind=Kind.SR_FOLLOW_UP, queue=queue, call=sheet, by=by, at=at)
    request.save()
    record_event(request, "callback_asked", by=by, at=at, words=f"{made.reference}, {queue}: {words}")
    return request


@transaction.atomic
def answered(*, callback_id: int, by: Actor, at: datetime) -> Contact:
    """Open the contact of a callback that somebody has answered, with a security check of its own.

    One callback has one contact: pressed again, it is the same, and a call that was lost is taken up, whoever had it.
    It opens also where the callback has ended or was handed back meanwhile: they are on the telephone. Raises NotThere,
    also of other callbacks, Refused, or MovedOn where the contact has ended or a colleague has it.
    """
    about = Callback.objects.filter(pk=callback_id).values_list("about_id", "about__kind").first()
    if about is None or about[1] not in (Contact.KIND, ServiceRequest.KIND):
        raise NotThere
    record = lock(about[0])
    callback = Callback.objects.locked(by, pk=callback_id)
    permissions.require_may_record(by, on_callback=True)
    require_holds_or_held(by, callback)
    if known := Contact.objects.filter(callback_id=callback_id).values_list("pk", flat=True).first():
        return _once_more(lock(known), callback, by=by, at=at)
    before = Contact.objects.with_party().get(pk=record.contact_id if isinstance(record, ServiceRequest) else record.pk)
    contact = open_record(
        Contact,
        callback=callback,
        before=before,
        caller_name=before.caller_name,
        language=callback.language,
        channel=Channel.TELEPHONE,
        direction=Direction.OUTBOUND,
        owner_id=by.person_id,
        team=team_of(by),
        raised_by_id=by.person_id,
        opened_at=at,
        call_began_at=at,
    )
    record_event(contact, "opened", by=by, at=at, after=contact.state)
    if before.party:
        identify_party(contact, before.party, about=before.about, how=FoundBy.CALLBACK, by=by, at=at)
    return contact


def _once_more(known: Contact, callback: Callback, *, by: Actor, at: datetime) -> Contact:
    if known.is_open:
        if permissions.owns(by, known):
            return known
        if not (holds(by, callback) and callback.held_before.filter(pk=known.owner_id).exists()):
            raise has_this_call(known, at=at)
        lose(known, by=by, at=at)  # left open by who handed the callback back
    resume(known, by=by, at=at)
    return known


def lock_call_of(contact_id: int) -> None:
    """Lock the callback on which a contact was opened, and its case: both are older than the contact, which ends it."""
    of = Contact.objects.filter(pk=contact_id).values_list("callback_id", "callback__about_id").first()
    if of and of[0] is not None:
        lock_all(*of)


def end_call_of(contact: Contact, *, by: Actor, at: datetime) -> None:
    """End the callback of a contact that has ended, also where they were not verified. `lock_call_of` came first."""
    if contact.callback_id is not None:
        words = f"In {contact.reference}"
        end_callback(callback_id=contact.callback_id, verified=contact.is_unlocked, words=words, by=by, at=at)


def _sheet(contact: Contact, telephone: str, *, language: str, reason: str, words: str) -> CallSheet:
    party = contact.party
    return CallSheet(
        customer_name=", ".join(filter(None, [contact.caller_name, str(party) if party else ""]))[:LONGEST_NAME],
        telephone=telephone,
        language=language,
        words=words,
        customer_type=contact.get_party_type_display() if party else "",
        reason=reason,
        may_leave_message=party.voicemail_authorised is True if isinstance(party, Employer) else party is not None,
    )


def _queue_of(team: Unit | None) -> Queue:
    queue = Queue.objects.filter(unit=team).first() if team else None
    if queue is None:
        raise NotSetUp(f"{team or 'Your team'} has no queue of callbacks yet. Ask an administrator to add it")
    return queue
