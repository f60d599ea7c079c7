"""A contact from its start: who asks, notes, the call itself, and whose it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from contacthub.actor import CLOCK, Actor
from contacthub.cases.services import move, open_record, record_event, require_still_open
from contacthub.deadlines.services import drop
from contacthub.errors import MovedOn, RuleBroken
from contacthub.formats import uk_day
from contacthub.mail.services import tell
from contacthub.people.services import actor_for
from employer_contact import permissions
from employer_contact.identifiers import found_by
from employer_contact.lifecycle import ContactState
from employer_contact.models import Activity, Contact, Employer
from employer_contact.noting import merged
from employer_contact.services.checking import begin_check, drop_check
from employer_contact.services.shared import (
    UNOPENED,
    has_this_call,
    locked_mine,
    named_party,
    require_may_record,
    require_mine,
    require_no_cards,
    require_still_with,
    team_of,
)
from employer_contact.taxonomy import NO_ACTIVE_LINK
from employer_contact.terms import Channel, Direction, Language, PartyType

NO_AGENT = "Only an agent asks about an employer. Choose the agent"


@transaction.atomic
def open_contact(
    *,
    channel: Channel = Channel.TELEPHONE,
    direction: Direction = Direction.INBOUND,
    call_id: str = "",
    number_keyed: str = "",
    calling_number: str = "",
    party: str = "",
    by: Actor,
    at: datetime,
) -> Contact:
    """Open a contact, with the employer whose ERN was keyed, or with `party`, an ERN or EARN chosen by hand (EC-23).

    A call is opened once: whoever has it gets the same contact again, and one that telephony told us of is taken up.
    Raises Refused, or MovedOn where a colleague has the call.
    """
    permissions.require_may_record(by, outbound=direction == Direction.OUTBOUND)
    if call_id and (known := Contact.objects.filter(call_id=call_id).first()):
        return _opened_before(known, by=by, at=at)
    try:
        with transaction.atomic():
            contact = open_record(
                Contact,
                channel=channel,
                direction=direction,
                call_id=call_id,
                number_keyed=number_keyed,
                calling_number=calling_number,
                owner_id=by.person_id,
                team=team_of(by),
                raised_by_id=by.person_id,
                opened_at=at,
                call_began_at=at if channel == Channel.TELEPHONE else None,
            )
    except IntegrityError:  # somebody opened the call at this moment
        return _opened_before(Contact.objects.get(call_id=call_id), by=by, at=at)
    record_event(contact, "opened", by=by, at=at, after=contact.state)
    if party:
        _identify(contact, party, by=by, at=at)
    elif match := _match(contact, by=by):
        _identify(contact, match, by=by, at=at)
    return contact


def _opened_before(known: Contact, *, by: Actor, at: datetime) -> Contact:
    if known.owner_id is None:
        expired = known.state == ContactState.ABANDONED
        return (resume_call if expired else take_up)(contact_id=known.pk, by=by, at=at)
    if not permissions.owns(by, known):
        raise has_this_call(known, at=at)
    return known


def _match(contact: Contact, *, by: Actor) -> str:
    """Return the ERN that the number keyed is, "" of a TRN or of any other number (EC-23, EC-24)."""
    known = bool(contact.number_keyed) and Employer.objects.visible_to(by).filter(ern=contact.number_keyed).exists()
    return contact.number_keyed if known else ""


@transaction.atomic
def take_up(*, contact_id: int, by: Actor, at: datetime) -> Contact:
    """Open a call that telephony told us of and that nobody has yet, with the employer whose ERN was keyed (EC-23).

    Raises NotThere or Refused; MovedOn where a colleague was faster, or the call has expired.
    """
    contact: Contact = Contact.objects.locked(by, pk=contact_id)
    permissions.require_may_take_up(by)
    if contact.owner_id is not None:
        require_still_with(by, contact)
        return contact
    require_still_open(contact.identify)
    contact.owner_id, contact.team, contact.call_began_at = by.person_id, team_of(by), at
    contact.save()
    record_event(contact, "taken_up", by=by, at=at)
    drop(case=contact.case, kind=UNOPENED, at=at)
    if match := _match(contact, by=by):
        _identify(contact, match, by=by, at=at)
    return contact


@transaction.atomic
def choose_party(*, contact_id: int, party: str, about: str = "", by: Actor, at: datetime) -> Contact:
    """Say who asks: `party` is an ERN or EARN, `about` the ERN of the employer that an agent asks about, if that is
    known. It comes before the security questions, and replaces none (EC-25).

    Raises NotThere, MovedOn or Refused; RuleBroken where there is no such record, its check failed in this contact, or
    the agent has no active link to the employer.
    """
    contact: Contact = Contact.objects.locked(by, pk=contact_id)
    require_still_open(contact.identify)
    require_mine(by, contact)
    _identify(contact, party, about, by=by, at=at)
    return contact


def _identify(contact: Contact, party: str, about: str = "", *, by: Actor, at: datetime) -> None:
    found = named_party(party, seen_by=by)
    if found is None:
        raise RuleBroken("Select the employer or agent", code="party_required", field="party")
    is_employer = isinstance(found, Employer)
    ids = {"employer_id": found.pk if is_employer else None, "agent_id": None if is_employer else found.pk}
    if contact.checks.failed(**ids).exists():
        words = f"The security check of {found} failed in this contact, so it cannot be chosen again in it"
        raise RuleBroken(words, code="failed_here", field="party")
    how = found_by(contact.number_keyed, matched=_match(contact, by=by), chosen=party)
    kind = PartyType.EMPLOYER if is_employer else PartyType.AGENT
    employer = _asked_about(about, ids["agent_id"], by=by, at=at) if about else None
    language = found.language if isinstance(found, Employer) else Language.ENGLISH  # of agents none is held
    of = f", about {employer}, {employer.ern}" if employer else ""
    words = f"{kind.label}: {found}, {party}{of}. {how.label}"
    ids["about_id"] = employer.pk if employer else None
    move(contact.identify, by=by, at=at, words=words, party_type=kind, found_by=how, language=language, **ids)
    begin_check(contact, by=by, at=at)


def _asked_about(ern: str, agent_id: int | None, *, by: Actor, at: datetime) -> Employer:
    """Return the employer of this ERN, for whom the agent acts today. Raises RuleBroken of any other (EC-68)."""
    if agent_id is None:
        raise RuleBroken(NO_AGENT, code="agent_only", field="about")
    employers: Any = Employer.objects.visible_to(by)
    found: Employer | None = employers.of_agent(agent_id, on=uk_day(at)).filter(ern=ern).first()
    if found is None:
        raise RuleBroken(NO_ACTIVE_LINK, code="no_active_link", field="about")
    return found


@transaction.atomic
def choose_again(*, contact_id: int, by: Actor, at: datetime) -> Contact:
    """Clear the record that was chosen; its language and any result of its security check go with it.

    Raises NotThere, MovedOn or Refused.
    """
    contact: Contact = Contact.objects.locked(by, pk=contact_id)
    require_still_open(contact.choose_again)
    require_mine(by, contact)
    if contact.requests.exists() or contact.reasons.exclude(attached=None).exists():
        words = "A service request of this record stands in this contact. Finish this contact, and open another"
        raise RuleBroken(words, code="has_request")
    drop_check(contact, at=at)
    Activity.objects.filter(reason__contact=contact).delete()
    contact.reasons.all().delete()
    move(contact.choose_again, by=by, at=at)
    return contact


@transaction.atomic
def keep_notes(
    *, contact_id: int, caller_name: str, notes: str, notes_seen: str | None = None, by: Actor, at: datetime
) -> Contact:
    """Keep what is typed while it is typed; with the digest of the notes as a page showed them, beside what was kept
    since by another page. Raises NotThere, MovedOn, Refused; RuleBroken of a card number.
    """
    contact = locked_mine(contact_id, by=by)
    for field, text in (("notes", notes), ("caller_name", caller_name)):
        require_no_cards(text, field=field)
    kept, wanted = (contact.caller_name, contact.notes), (caller_name, notes)
    if notes_seen is not None:
        wanted = merged(kept, wanted, seen=notes_seen)
    if kept != wanted:
        contact.caller_name, contact.notes = wanted
        contact.notes_kept_at = at
        contact.save()
    return contact


@transaction.atomic
def end_call(*, contact_id: int, by: Actor, at: datetime) -> Contact:
    """Let the talk time stand; wrap-up is next. Raises NotThere, MovedOn, Refused, RuleBroken of what is no call."""
    contact = locked_mine(contact_id, by=by)
    _require_call(contact)
    if contact.call_ended_at:
        raise MovedOn("The call has ended already", at=contact.call_ended_at)
    contact.call_ended_at = at
    contact.save()
    record_event(contact, "call_ended", by=by, at=at)
    return contact


@transaction.atomic
def lose_call(*, contact_id: int, by: Actor, at: datetime) -> Contact:
    """Keep a call that was lost, to be taken up again. Raises NotThere, MovedOn, Refused, RuleBroken of no call."""
    contact = locked_mine(contact_id, by=by)
    _require_call(contact)
    drop_check(contact, at=at)
    contact.call_ended_at = contact.call_ended_at or at
    move(contact.lose, by=by, at=at)
    return contact


@transaction.atomic
def resume_call(*, contact_id: int, by: Actor, at: datetime) -> Contact:
    """Take up a call that was lost, on a new call: the security questions are asked anew, reasons stay. A check that
    failed in this contact stays failed.

    Raises NotThere, MovedOn or Refused.
    """
    contact: Contact = Contact.objects.locked(by, pk=contact_id)
    take_up = contact.resume_with_party if contact.party_type else contact.resume
    require_still_open(take_up)
    require_may_record(by, contact)
    team = team_of(by)
    contact.call_began_at, contact.call_ended_at = at, None
    move(take_up, by=by, at=at, owner_id=by.person_id, team_id=team.pk if team else None)
    if not contact.party_type:
        return contact
    if contact.checks.failed(employer_id=contact.employer_id, agent_id=contact.agent_id).exists():
        move(contact.fail_security, by=CLOCK, at=at, words="The check failed in this contact")
    else:
        begin_check(contact, by=by, at=at)
    return contact


@transaction.atomic
def hand_over(*, contact_id: int, to_id: int | None, by: Actor, at: datetime) -> Contact:
    """Give an open contact to a colleague, with everything on it, the result of its check included.

    Raises NotThere, MovedOn, Refused, or RuleBroken where the colleague does not do this work today.
    """
    contact: Contact = Contact.objects.locked(by, pk=contact_id)
    require_still_open(contact.finish)
    permissions.require_may_hand_over(by, contact)
    colleague = permissions.colleagues(on=uk_day(at)).filter(pk=to_id or 0).first()
    if colleague is None or colleague.pk == contact.owner_id:
        raise RuleBroken("Select a colleague of employer payments", code="colleague_required", field="to_id")
    contact.owner, contact.team = colleague, team_of(actor_for(colleague, on=uk_day(at)))
    contact.save()
    record_event(contact, "handed_over", by=by, at=at, words=f"To {colleague}")
    tell(colleague, words=f"{contact.reference} is yours now", case=contact.case, at=at)
    return contact


def _require_call(contact: Contact) -> None:
    if not contact.is_telephone:
        raise RuleBroken("Only a telephone call ends or is lost", code="no_call")
