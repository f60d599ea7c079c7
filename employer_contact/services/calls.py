"""A contact from its start: who asks, notes, the call itself, and whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, transaction

from contacthub.actor import CLOCK, Actor
from contacthub.cases.services import move, open_record, record_event, require_still_open
from contacthub.deadlines.services import drop
from contacthub.documents.file_types import CORRESPONDENCE
from contacthub.documents.services import attach, name_of
from contacthub.errors import MovedOn, RuleBroken
from contacthub.formats import shortened, uk_day
from contacthub.mail.services import tell
from contacthub.people.services import actor_for
from employer_contact import permissions
from employer_contact.heads import head_of
from employer_contact.identifiers import found_by
from employer_contact.lifecycle import ContactState
from employer_contact.models import Activity, Contact, Employer, PayrollAgent, ReissueRequest
from employer_contact.noting import Noted
from employer_contact.services.checking import begin_check, drop_check
from employer_contact.services.identifying import leave_unsettled
from employer_contact.services.shared import (
    UNOPENED,
    has_this_call,
    locked_contact,
    locked_mine,
    named_party,
    require_may_record,
    require_mine,
    require_still_with,
    team_of,
)
from employer_contact.taxonomy import NO_ACTIVE_LINK
from employer_contact.terms import CAME_AS, Channel, Direction, FoundBy, Language, PartyType

NO_FILE_OF_A_CALL = "A call brings no file. Select letter, fax or email, or take the file out"
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
    came_as: Sequence[File[bytes]] = (),
    by: Actor,
    at: datetime,
) -> Contact:
    """Open a contact, with the employer whose ERN was keyed, or with `party`, an ERN or EARN chosen by hand (EC-23);
    `came_as` are the scan of a letter or fax, or the email that came, whose head says who wrote and what of.

    A call is opened once: whoever has it gets the same contact again, and one that telephony told us of is taken up.
    Raises Refused, MovedOn where a colleague has the call, or RuleBroken for a file that is not taken.
    """
    permissions.require_may_record(by, outbound=direction == Direction.OUTBOUND)
    if came_as and channel == Channel.TELEPHONE:
        raise RuleBroken(NO_FILE_OF_A_CALL, code="no_file_of_a_call", field="came_as")
    if call_id and (known := Contact.objects.filter(call_id=call_id).first()):
        return _opened_before(known, by=by, at=at)
    head = head_of((file.name or "", file) for file in came_as)
    try:
        with transaction.atomic():
            contact = open_record(
                Contact,
                caller_name=head.caller_name,
                notes=head.notes,
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
    for file in came_as:
        try:
            attach(case=contact.case, kind=CAME_AS, upload=file, taken=CORRESPONDENCE, field="came_as", by=by, at=at)
        except RuleBroken as refusal:
            if len(came_as) == 1:
                raise
            words = f"{shortened(name_of(file.name or ''))}: {refusal.message}"
            raise RuleBroken(words, code=refusal.code, field=refusal.field) from refusal
    keyed = _keyed(contact, by=by)
    if party:
        identify_party(contact, named_party(party, seen_by=by), keyed=keyed, by=by, at=at)
    elif keyed:
        identify_party(contact, keyed, keyed=keyed, by=by, at=at)
    return contact


def _opened_before(known: Contact, *, by: Actor, at: datetime) -> Contact:
    if known.owner_id is None:
        expired = known.state == ContactState.ABANDONED
        return (resume_call if expired else take_up)(contact_id=known.pk, by=by, at=at)
    if not permissions.owns(by, known):
        raise has_this_call(known, at=at)
    return known


def _keyed(contact: Contact, *, by: Actor) -> Employer | None:
    """Return the employer whose ERN was keyed, None of a TRN or of any other number (EC-23, EC-24)."""
    if not contact.number_keyed:
        return None
    keyed: Employer | None = Employer.objects.visible_to(by).filter(ern=contact.number_keyed).first()
    return keyed


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
    if keyed := _keyed(contact, by=by):
        identify_party(contact, keyed, keyed=keyed, by=by, at=at)
    return contact


@transaction.atomic
def choose_party(
    *, contact_id: int, party: str, about: str = "", noted: Noted | None = None, by: Actor, at: datetime
) -> Contact:
    """Say who asks: `party` is an ERN or EARN, `about` the ERN of the employer that an agent asks about, if that is
    known. It comes before the security questions, and replaces none (EC-25).

    Raises NotThere, MovedOn or Refused; RuleBroken where there is no such record, its check failed in this contact, or
    the agent has no active link to the employer.
    """
    contact = locked_contact(contact_id, noted=noted, by=by, at=at)
    require_still_open(contact.identify)
    require_mine(by, contact)
    found = named_party(party, seen_by=by)
    if found and contact.checks.failed(**_ids(found)).exists():
        words = f"The security check of {found} failed in this contact, so it cannot be chosen again in it"
        raise RuleBroken(words, code="failed_here", field="party")
    employer = _asked_about(about, found, by=by, at=at) if found and about else None
    identify_party(contact, found, about=employer, keyed=_keyed(contact, by=by), by=by, at=at)
    return contact


def _asked_about(ern: str, agent: Employer | PayrollAgent, *, by: Actor, at: datetime) -> Employer:
    """Return the employer of this ERN, for whom the agent acts today. Raises RuleBroken of any other (EC-68)."""
    if isinstance(agent, Employer):
        raise RuleBroken(NO_AGENT, code="agent_only", field="about")
    employers: Any = Employer.objects.visible_to(by)
    found: Employer | None = employers.of_agent(agent.pk, on=uk_day(at)).filter(ern=ern).first()
    if found is None:
        raise RuleBroken(NO_ACTIVE_LINK, code="no_active_link", field="about")
    return found


def identify_party(
    contact: Contact,
    found: Employer | PayrollAgent | None,
    *,
    about: Employer | None = None,
    keyed: Employer | None = None,
    how: FoundBy | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Go on with the record that was found, and with the employer that an agent asks about.

    `keyed` is the record of the number keyed, which it need not be; `how` it was found is worked out from it, but
    where a callback said so.
    """
    if found is None:
        raise RuleBroken("Select the employer or agent", code="party_required", field="party")
    employer, agent = (found, None) if isinstance(found, Employer) else (None, found)
    kind = PartyType.EMPLOYER if employer else PartyType.AGENT
    chosen = found.ern if isinstance(found, Employer) else found.earn
    how = how or found_by(contact.number_keyed, matched=keyed.ern if keyed else "", chosen=chosen)
    language = employer.language if employer else Language.ENGLISH  # of agents none is held
    if contact.callback and contact.callback.language == Language.WELSH:
        language = Language.WELSH
    of = f", about {about}, {about.ern}" if about else ""
    words = f"{kind.label}: {found}, {chosen}{of}. {how.label}"
    ids = {**_ids(found), "about_id": about.pk if about else None}
    move(contact.identify, by=by, at=at, words=words, party_type=kind, found_by=how, language=language, **ids)
    contact.employer, contact.agent = employer, agent  # as they were read: the check asks what they hold
    begin_check(contact, by=by, at=at)


def _ids(party: Employer | PayrollAgent) -> dict[str, int | None]:
    is_employer = isinstance(party, Employer)
    return {"employer_id": party.pk if is_employer else None, "agent_id": None if is_employer else party.pk}


@transaction.atomic
def choose_again(*, contact_id: int, noted: Noted | None = None, by: Actor, at: datetime) -> Contact:
    """Clear the record that was chosen; its language and any result of its security check go with it.

    Raises NotThere, MovedOn or Refused.
    """
    contact = locked_contact(contact_id, noted=noted, by=by, at=at)
    require_still_open(contact.choose_again)
    require_mine(by, contact)
    if ReissueRequest.objects.filter(contact=contact).exists():
        words = "A re-issue was asked for in this contact. Finish this contact, and open another"
        raise RuleBroken(words, code="has_reissue")
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
    return locked_contact(contact_id, noted=Noted(caller_name, notes, notes_seen), by=by, at=at)


@transaction.atomic
def end_call(*, contact_id: int, noted: Noted | None = None, by: Actor, at: datetime) -> Contact:
    """Let the talk time stand; wrap-up is next. Raises NotThere, MovedOn, Refused, RuleBroken of what is no call."""
    contact = locked_mine(contact_id, noted=noted, by=by, at=at)
    _require_call(contact)
    if contact.call_ended_at:
        raise MovedOn("The call has ended already", at=contact.call_ended_at)
    contact.call_ended_at = at
    contact.save()
    record_event(contact, "call_ended", by=by, at=at)
    return contact


@transaction.atomic
def lose_call(*, contact_id: int, noted: Noted | None = None, by: Actor, at: datetime) -> Contact:
    """Keep a call that was lost, to be taken up again. Raises NotThere, MovedOn, Refused, RuleBroken of no call."""
    contact = locked_mine(contact_id, noted=noted, by=by, at=at)
    _require_call(contact)
    lose(contact, by=by, at=at)
    return contact


def lose(contact: Contact, *, by: Actor, at: datetime) -> None:
    """Note of a locked contact that its call is over, and that it did not come to an end."""
    drop_check(contact, at=at)
    contact.call_ended_at = contact.call_ended_at or at
    leave_unsettled(contact, at=at)
    move(contact.lose, by=by, at=at)


@transaction.atomic
def resume_call(*, contact_id: int, by: Actor, at: datetime) -> Contact:
    """Take up a call that was lost, on a new call: the security questions are asked anew, reasons stay. A check that
    failed in this contact stays failed.

    Raises NotThere, MovedOn or Refused.
    """
    contact: Contact = Contact.objects.locked(by, pk=contact_id)
    resume(contact, by=by, at=at)
    return contact


def resume(contact: Contact, *, by: Actor, at: datetime) -> None:
    """Take up a locked contact whose call was lost. Raises MovedOn or Refused."""
    take_up = contact.resume_with_party if contact.party_type else contact.resume
    require_still_open(take_up)
    require_may_record(by, contact)
    team = team_of(by)
    contact.call_began_at, contact.call_ended_at = at, None
    move(take_up, by=by, at=at, owner_id=by.person_id, team_id=team.pk if team else None)
    if not contact.party_type:
        return
    if contact.checks.failed(employer_id=contact.employer_id, agent_id=contact.agent_id).exists():
        move(contact.fail_security, by=CLOCK, at=at, words="The check failed in this contact")
    else:
        begin_check(contact, by=by, at=at)


@transaction.atomic
def hand_over(*, contact_id: int, to_id: int | None, noted: Noted | None = None, by: Actor, at: datetime) -> Contact:
    """Give an open contact to a colleague, with everything on it, the result of its check included.

    Raises NotThere, MovedOn, Refused, or RuleBroken where the colleague does not do this work today.
    """
    contact = locked_contact(contact_id, noted=noted, by=by, at=at)
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
