"""An employer who will not talk is shown by email who we are, while the line is open (EC-52 to EC-62)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django_fsm import can_proceed

from contacthub.actor import CLOCK, Actor
from contacthub.cases.services import record_event
from contacthub.deadlines.models import FollowUpKind
from contacthub.errors import MovedOn, NotSetUp, Refused, RuleBroken, require_words
from contacthub.formats import uk_day
from contacthub.mail.models import NOT_SENT, Mailbox, Message, Priority
from contacthub.mail.services import Preview, preview, queue_email
from contacthub.people.directory import chain_of
from contacthub.people.models import StaffMember
from employer_contact import permissions
from employer_contact.lifecycle import IdentityState
from employer_contact.models import Contact, IdentityEmail, IdentityInbox, IdentityTemplate
from employer_contact.noting import Noted
from employer_contact.services.expecting import TO_COMPLETE, expect_for_team
from employer_contact.services.shared import locked_mine
from employer_contact.terms import Fallback, Language

TEMPLATE = "employer_contact/email/identity"
NO_CALL = "Only in a call is an identity email sent"
NO_INBOX = (
    "Your team has no Employer Information Request inbox, so it sends no identity email. Teams of employer payments,"
    " Maintenance, Arrears Enforcement, Complaints and Appeals have one: ask an administrator to add it"
)
NO_WORDING = "The identity email has no wording yet, so it cannot be sent. Your team leader or an administrator adds it"
NO_WELSH = (
    "The identity email has no Welsh wording yet, so it cannot be sent in Welsh. Have the Welsh Language Unit call"
    " back, or ask your team leader to add the wording"
)
NO_ADDRESS = "Enter an email address in the correct format, like name@example.com"
SENT_THERE = "The identity email went to this address already. Enter another address"
INSTEAD = "Select what comes instead: a call, post or a letter"
NOT_SETTLED_YET = "Say what came of the identity email first"
OF_STATE = {
    "offer_identity": "identity_offered",
    "send_identity": "identity_sent",
    "accept_identity": "identity_content",
    "doubt_identity": "identity_not_content",
    "decline_identity": "identity_declined",
    "agree_instead": "identity_fallback",
}


@transaction.atomic
def offer_identity_email(*, contact_id: int, noted: Noted | None = None, by: Actor, at: datetime) -> Contact:
    """Note that the employer will give nothing over the telephone, and was offered the email (EC-52).

    Offered before, it stays as it is. Raises NotThere, MovedOn, Refused, or RuleBroken in no call.
    """
    contact = _locked(contact_id, noted=noted, by=by, at=at)
    inbox_of(by, at=at)
    if contact.identity == IdentityState.NONE:
        _move(contact, contact.offer_identity, by=by, at=at)
    return contact


@transaction.atomic
def send_identity_email(
    *, contact_id: int, address: str = "", noted: Noted | None = None, by: Actor, at: datetime
) -> Contact:
    """Send it, ahead of all other mail, to the address on record or to one given on this call (EC-53 to EC-58).

    From the inbox of the team, with the fixed subject and the wording of the newest version, and nothing else. Each
    further address gets a message of its own. Raises NotThere, MovedOn, Refused; NotSetUp without an inbox or wording;
    RuleBroken without an address, and of one that it has gone to, unless that failed or they did not get it.
    """
    contact = _locked(contact_id, noted=noted, by=by, at=at)
    mailbox = inbox_of(by, at=at)
    held = contact.party.email if contact.party else ""
    to, is_given = (address, address.lower() != held.lower()) if address else (held, False)
    if not to:
        raise RuleBroken(NO_ADDRESS, code="address_required", field="address")
    if contact.identity == IdentityState.SENT and _went_to(to, contact):
        raise RuleBroken(SENT_THERE, code="sent_already", field="address")
    wording = wording_in_use()
    if contact.identity == IdentityState.NONE:
        _move(contact, contact.offer_identity, by=by, at=at)
    where = "given on this call" if is_given else "on record"
    _move(contact, contact.send_identity, by=by, at=at, words=f"To {to}, {where}. From {mailbox.address}, {wording}")
    message = queue_email(
        template=TEMPLATE,
        mailbox=mailbox.code,
        to=to,
        case=contact.case,
        by=by,
        at=at,
        context={"wording": _words(wording, contact.language)},
        language=contact.language,
        priority=Priority.FIRST,
    )
    IdentityEmail.objects.create(
        contact=contact, template=wording, message=message, is_given=is_given, sent_by_id=by.staff_id, sent_at=at
    )
    return contact


def preview_identity_email(contact: Contact, *, by: Actor, at: datetime) -> tuple[IdentityTemplate, Preview]:
    """Return the version of the wording in use, and the email as it arrives. Raises Refused or NotSetUp."""
    mailbox, wording = inbox_of(by, at=at), wording_in_use()
    words = {"wording": _words(wording, contact.language)}
    mail = preview(template=TEMPLATE, mailbox=mailbox.code, to="", context=words, language=contact.language)
    return wording, mail


@transaction.atomic
def confirm_identity_email(*, contact_id: int, noted: Noted | None = None, by: Actor, at: datetime) -> Contact:
    """Note that they have it and are content: the call goes on (EC-59). Raises NotThere, MovedOn or Refused."""
    contact = _locked(contact_id, noted=noted, by=by, at=at)
    _move(contact, contact.accept_identity, by=by, at=at)
    return contact


@transaction.atomic
def agree_instead(
    *,
    contact_id: int,
    fallback: str,
    expected_on: date | None = None,
    noted: Noted | None = None,
    by: Actor,
    at: datetime,
) -> Contact:
    """Note what comes instead, where they have no email, do not want it, did not get it or are not content: the team
    expects a call or post, or sends a letter to complete and return (EC-60 to EC-62), `expected_on` a day they named.

    Raises NotThere, MovedOn, Refused or RuleBroken.
    """
    contact = _locked(contact_id, noted=noted, by=by, at=at)
    if fallback not in Fallback.values:
        raise RuleBroken(INSTEAD, code="fallback_required", field="fallback")
    if contact.identity == IdentityState.OFFERED:
        _move(contact, contact.decline_identity, by=by, at=at)
    elif contact.identity == IdentityState.SENT:
        _move(contact, contact.doubt_identity, by=by, at=at)
    agreed = Fallback(fallback)
    _move(contact, contact.agree_instead, by=by, at=at, words=agreed.label, fallback=agreed)
    what = TO_COMPLETE if agreed == Fallback.LETTER else "with the information we asked for"
    expect_for_team(contact, FollowUpKind(agreed.value), what, on=expected_on, by=by, at=at)
    return contact


def leave_unsettled(contact: Contact, *, at: datetime) -> None:
    """Note of a call that ends otherwise than by wrap-up that nobody said what came of the email. The caller saves."""
    if contact.identity == IdentityState.OFFERED:
        _move(contact, contact.decline_identity, by=CLOCK, at=at, words="The call ended before that was said")
    elif contact.identity == IdentityState.SENT:
        _move(contact, contact.doubt_identity, by=CLOCK, at=at, words="The call ended before they said so")


def require_settled(contact: Contact) -> None:
    """Raise RuleBroken where the email was offered or sent, and nobody has said what came of it."""
    if not contact.identity_is_settled:
        raise RuleBroken(NOT_SETTLED_YET, code="identity_open")


def inbox_of(by: Actor, *, at: datetime) -> Mailbox:
    """Return the Employer Information Request inbox of the actor's team, or of its line of business (EC-54).

    Raises Refused for a team that has none.
    """
    person = StaffMember.objects.filter(pk=by.staff_id or 0).first()
    chain = chain_of(person, on=uk_day(at)) if person else None
    units = [unit.pk for unit in (chain.own, chain.team, chain.line_of_business) if unit] if chain else []
    rows = IdentityInbox.objects.filter(unit__in=units).select_related("mailbox")
    found = {row.unit_id: row.mailbox for row in rows}
    for unit in units:
        if unit in found:
            return found[unit]
    raise Refused(NO_INBOX)


def wording_in_use() -> IdentityTemplate:
    """Return the newest version. Raises NotSetUp where it has no words: the placeholder that we ship."""
    newest = IdentityTemplate.objects.order_by("-number").first()
    if newest is None or not newest.body.strip():
        raise NotSetUp(NO_WORDING, code="wording_unset")
    return newest


def _words(wording: IdentityTemplate, language: str) -> str:
    """Return what is sent in this language. Raises NotSetUp where nothing was written in Welsh."""
    if language != Language.WELSH:
        return wording.body
    if not wording.body_welsh.strip():
        raise NotSetUp(NO_WELSH, code="welsh_missing")
    return wording.body_welsh


def _went_to(address: str, contact: Contact) -> bool:
    there = Message.objects.to_address(address).exclude(state__in=NOT_SENT)
    return contact.identity_emails.filter(message__in=there).exists()


@transaction.atomic
def save_wording(*, seen: int, body: str, body_welsh: str, by: Actor, at: datetime) -> IdentityTemplate:
    """Save a further version of the wording, which is sent from now on (EC-57); `seen` is the number of the one that
    was changed. Raises Refused; MovedOn where somebody saved one since; RuleBroken without words.
    """
    permissions.require_may_write_wording(by)
    newest_first = IdentityTemplate.objects.order_by("-number")
    newest_first.select_for_update().first()
    newest = newest_first.first()  # asked once more: who waited for the lock got what was the newest before
    number = newest.number if newest else 0
    if newest and number != seen:
        raise MovedOn(f"{newest.saved_by} saved version {number} meanwhile", at=newest.saved_at or at)
    require_words(body, "Enter the wording", field="body")
    made = IdentityTemplate.objects.create(
        number=number + 1, body=body.strip(), body_welsh=body_welsh.strip(), saved_by_id=by.staff_id, saved_at=at
    )
    record_event(made, "saved", by=by, at=at, before=str(number), after=str(made.number))
    return made


def _locked(contact_id: int, *, noted: Noted | None, by: Actor, at: datetime) -> Contact:
    contact = locked_mine(contact_id, noted=noted, by=by, at=at)
    permissions.require_may_send_identity(by)
    if not contact.is_telephone:
        raise RuleBroken(NO_CALL, code="telephone_only")
    return contact


def _move(
    contact: Contact, transition: Callable[..., None], *, by: Actor, at: datetime, words: str = "", **fields: Any
) -> None:
    """Run one move of the identity email on a locked contact, and write its event."""
    if not can_proceed(transition, check_conditions=False):
        stands = IdentityState(contact.identity).label
        raise MovedOn(f"The identity email is past that: {stands[0].lower()}{stands[1:]}", at=at)
    before = contact.identity
    transition(**fields)
    contact.save()
    kind = OF_STATE[transition.__name__]
    record_event(contact, kind, by=by, at=at, before=before, after=contact.identity, words=words)
