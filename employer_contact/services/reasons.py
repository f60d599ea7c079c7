"""Why somebody contacts us: several reasons in one contact, each with its service request or words why not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from contacthub.actor import Actor
from contacthub.cases.services import move, record_event
from contacthub.errors import MovedOn, RuleBroken, require_unbroken
from employer_contact.models import Contact, ContactReason, ServiceRequestKind
from employer_contact.names import words_of
from employer_contact.noting import Noted
from employer_contact.reasons import matching
from employer_contact.services.requests import copy_steps, steps_in_use
from employer_contact.services.shared import locked_unlocked
from employer_contact.taxonomy import reason_refusal
from employer_contact.terms import PartyType

REASON = "Select the reason for the contact"
HAS_REQUEST = "A service request answers this reason, so it stays. If it is cancelled, say why none is needed"


@transaction.atomic
def choose_reasons(
    *,
    contact_id: int,
    reasons: Sequence[str],
    find: str = "",
    noted: Noted | None = None,
    by: Actor,
    at: datetime,
) -> Contact:
    """Tick reasons, by their codes, beside those that are ticked already (EC-05, EC-26).

    Where none is given, what was typed to `find` one counts, if it fits in one alone. Raises NotThere, MovedOn,
    Refused; RuleBroken before the check is passed, of none, and of what is closed to the party (EC-08).
    """
    contact = locked_unlocked(contact_id, noted=noted, by=by, at=at)
    wanted = set(reasons) or _only_one_for(find)
    kinds = ServiceRequestKind.objects.of_reasons(wanted).as_rules()
    found = {reason.code: reason for reason in ContactReason.objects.filter(code__in=wanted)}
    if not wanted or len(found) < len(wanted):
        raise RuleBroken(REASON, code="reason_required", field="reasons")
    party = PartyType(contact.party_type)
    closed = [reason_refusal(kinds, reason=code, party=party) for code in found]
    require_unbroken(*(RuleBroken(one.message, code=one.code, field="reasons") for one in closed if one))
    ticked = set(contact.reasons.values_list("reason__code", flat=True))
    for code, reason in found.items():
        if code not in ticked:
            given = contact.reasons.create(reason=reason, at=at)
            if reason.plan_id:
                copy_steps(steps_in_use(reason.plan_id, at=at), reason=given)
            move(contact.record_reason, by=by, at=at, words=reason.label)
    return contact


def _only_one_for(find: str) -> set[str]:
    fitting = matching(ContactReason.objects.as_rules(), find) if words_of(find) else []
    return {fitting[0].reason.code} if len(fitting) == 1 else set()


@transaction.atomic
def take_back_reason(*, contact_id: int, reason: str, noted: Noted | None = None, by: Actor, at: datetime) -> Contact:
    """Take back a reason that no service request ever answered. Raises what `choose_reasons` raises."""
    contact = locked_unlocked(contact_id, noted=noted, by=by, at=at)
    given = contact.reasons.filter(reason__code=reason).select_related("reason").first()
    if given is None:
        raise MovedOn("This reason is no longer ticked", at=at)
    if given.requests.exists() or given.attached.exists():
        raise RuleBroken(HAS_REQUEST, code="has_request", field="reasons")
    given.activities.all().delete()
    given.delete()
    contact.save()
    record_event(contact, "reason_taken_back", by=by, at=at, words=given.reason.label)
    return contact


@transaction.atomic
def refuse_reason(*, contact_id: int, reason: str, noted: Noted | None = None, by: Actor, at: datetime) -> Contact:
    """Note that somebody asked for what is not open to them, so that they were told who must ask (EC-67).

    Raises what `choose_reasons` raises; RuleBroken too where the reason is open to the party.
    """
    contact = locked_unlocked(contact_id, noted=noted, by=by, at=at)
    asked = ContactReason.objects.filter(code=reason).first()
    kinds = ServiceRequestKind.objects.of_reasons([reason]).as_rules()
    party = PartyType(contact.party_type)
    if asked is None or not reason_refusal(kinds, reason=reason, party=party):
        raise RuleBroken(REASON, code="reason_required", field="reasons")
    contact.refused_reason = asked
    contact.save()
    record_event(contact, "reason_refused", by=by, at=at, words=asked.label)
    return contact
