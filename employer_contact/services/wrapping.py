"""The end of a contact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from contacthub.actor import Actor
from contacthub.cases.services import move
from contacthub.deadlines.models import FollowUpKind
from contacthub.errors import RuleBroken, require_unbroken
from employer_contact.models import Contact, ReasonGiven
from employer_contact.noting import Noted
from employer_contact.security import AfterFailure, Check
from employer_contact.services.calling_back import call_back_on, end_call_of, lock_call_of
from employer_contact.services.checking import drop_check
from employer_contact.services.expecting import TO_COMPLETE, expect_for_team
from employer_contact.services.identifying import require_settled
from employer_contact.services.shared import locked_mine
from employer_contact.terms import Ending
from employer_contact.wrap_up import OFFERED, Given, left_of_reasons, left_without_reason, with_words

NOTHING_OFFERED = "nothing"
EXPECTED_KINDS = (FollowUpKind.CALL, FollowUpKind.POST, FollowUpKind.LETTER)
EXPECTED = "Select what to expect: a call, post, or a letter that we send to be completed"


@transaction.atomic
def finish(
    *,
    contact_id: int,
    why_none: Mapping[str, str] | None = None,
    ending: str = "",
    words: str = "",
    expected: str = "",
    expected_on: date | None = None,
    offer: str = "",
    number: str = "",
    noted: Noted | None = None,
    by: Actor,
    at: datetime,
) -> Contact:
    """End a contact: each reason has its service request or words why not, by the code of the reason.

    Without a reason, `ending` and `words` say why, and where they will send something `expected` what: a call or post,
    for the team to expect, or a letter that it sends to be completed, soon or on the day that they named
    (`expected_on`), unless what comes in place of the identity email is followed up already. After a failed check,
    `offer` is a letter, a call back on the `number` held of this name, or nothing (AMB-12). A contact of a callback
    ends that, too.
    Raises NotThere, MovedOn or Refused, and RuleBroken with all that is missing.
    """
    lock_call_of(contact_id)
    contact = locked_mine(contact_id, noted=noted, by=by, at=at)
    require_settled(contact)
    if contact.security == Check.FAILED:
        if offer not in (*AfterFailure.values, NOTHING_OFFERED):
            raise RuleBroken(OFFERED, code="offer_required", field="offer")
        _end(contact, by=by, at=at, words=AfterFailure(offer).label if offer in AfterFailure.values else "")
        if offer == AfterFailure.LETTER:
            _send_letter(contact, by=by, at=at)
        if offer == AfterFailure.CALL_BACK:
            call_back_on(contact, number, by=by, at=at)
        return contact
    reasons = list(contact.reasons.whole())
    if reasons:
        _keep_words(reasons, why_none or {}, notes=contact.notes, at=at)
        _end(contact, by=by, at=at)
        return contact
    require_unbroken(*left_without_reason(ending, words, identified=bool(contact.party_type)))
    will_send = ending == Ending.WILL_SEND and not contact.identity_fallback
    if will_send and expected not in EXPECTED_KINDS:
        raise RuleBroken(EXPECTED, code="expected_required", field="expected")
    contact.ending, contact.ending_words = ending, words.strip()
    _end(contact, by=by, at=at, words=". ".join(filter(None, [str(Ending(ending).label), words.strip()])))
    if will_send:
        what = words.strip() or (TO_COMPLETE if expected == FollowUpKind.LETTER else "")
        expect_for_team(contact, FollowUpKind(expected), what, on=expected_on, by=by, at=at)
    return contact


def _keep_words(reasons: list[ReasonGiven], why_none: Mapping[str, str], *, notes: str, at: datetime) -> None:
    given = with_words([_given(one) for one in reasons], why_none)
    require_unbroken(*left_of_reasons(given, notes=notes))
    changed = [(row, one) for row, one in zip(reasons, given, strict=True) if row.why_none != one.why_none]
    for row, one in changed:
        row.why_none = one.why_none
    ReasonGiven.objects.bulk_update([row for row, _ in changed], ["why_none"])


def _given(one: ReasonGiven) -> Given:
    return Given(one.reason.code, one.has_request, one.why_none, one.has_plan, one.steps_left)


def _end(contact: Contact, *, by: Actor, at: datetime, words: str = "") -> None:
    drop_check(contact, at=at)
    if contact.is_telephone and contact.call_ended_at is None:
        contact.call_ended_at = at
    move(contact.finish, by=by, at=at, words=words)
    end_call_of(contact, by=by, at=at)


def _send_letter(contact: Contact, *, by: Actor, at: datetime) -> None:
    expect_for_team(contact, FollowUpKind.LETTER, "to the address held, to ask them to contact us again", by=by, at=at)
