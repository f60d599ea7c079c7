"""The activities of a reason that has a plan of its own: Input DEO schedule (EC-43, EC-45)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from contacthub.actor import Actor
from contacthub.cases.services import record_event
from contacthub.deadlines.models import FollowUpKind
from contacthub.deadlines.services import expect
from contacthub.deadlines.working_time import Target
from contacthub.errors import MovedOn, NotSetUp, NotThere, RuleBroken, require_words
from contacthub.formats import uk_day
from employer_contact.models import Activity, AgentLink, Contact
from employer_contact.noting import Noted
from employer_contact.plans import Doing, Status
from employer_contact.services.accounts import add_note
from employer_contact.services.activities import NOT_NEEDED, WORDS, raised_for
from employer_contact.services.requests import UNTIL
from employer_contact.services.shared import locked_unlocked, require_no_cards
from employer_contact.taxonomy import NO_ACTIVE_LINK


@transaction.atomic
def complete_reason_step(
    *,
    contact_id: int,
    number: int,
    words: str = "",
    raised: str = "",
    until: datetime | None = None,
    noted: Noted | None = None,
    by: Actor,
    at: datetime,
) -> Contact:
    """Complete an activity of a contact's reason: words, the request it raised, or what the team follows up until when.

    The last one's words are noted on the employer's record, where an agent acts for one alone on that one's. Raises
    NotThere, MovedOn, Refused or RuleBroken.
    """
    contact, step = _locked(contact_id, number, noted=noted, by=by, at=at)
    employers = _employers(contact, at=at)
    require_no_cards(words, field="words")
    step.words = words.strip()
    if step.does == Doing.RAISE:
        step.raised = raised_for(step, raised, contact_id=contact.pk)
    else:
        require_words(step.words, WORDS, field="words")
    if step.does == Doing.FOLLOW_UP:
        _follow_up(contact, step, until, by=by, at=at)
    _settle(contact, step, Status.COMPLETED, by=by, at=at)
    is_last = not Activity.objects.filter(reason=step.reason_id, number__gt=step.number).exists()
    if is_last and len(employers) == 1:
        add_note(employer_id=employers[0], text=step.words, about=contact.reference, by=by, at=at)
    return contact


@transaction.atomic
def reason_step_not_needed(
    *, contact_id: int, number: int, reason: str, noted: Noted | None = None, by: Actor, at: datetime
) -> Contact:
    """Say why an activity is not needed. Raises NotThere, MovedOn, Refused or RuleBroken."""
    contact, step = _locked(contact_id, number, noted=noted, by=by, at=at)
    require_words(reason, NOT_NEEDED, field="reason")
    require_no_cards(reason, field="reason")
    step.words = reason.strip()
    _settle(contact, step, Status.NOT_NEEDED, by=by, at=at)
    return contact


def _employers(contact: Contact, *, at: datetime) -> list[int]:
    """Return the ids of the employers whose schedule this may be. Raises RuleBroken where an agent acts for nobody."""
    if contact.employer_id:
        return [contact.employer_id]
    linked = AgentLink.objects.on(uk_day(at)).filter(agent_id=contact.agent_id)
    found = list(linked.order_by("employer_id").values_list("employer_id", flat=True).distinct()[:2])
    if not found:
        raise RuleBroken(NO_ACTIVE_LINK, code="no_active_link")
    return found


def _follow_up(contact: Contact, step: Activity, until: datetime | None, *, by: Actor, at: datetime) -> None:
    """What needs investigation outlives the contact: it belongs to the caseworker's team (EC-45)."""
    if until is None or until <= at:
        raise RuleBroken(UNTIL, code="until_required", field="until")
    if contact.team is None:
        raise NotSetUp("You work in no team today, so nobody would follow this up. Ask an administrator to add you")
    expect(
        case=contact.case,
        kind=FollowUpKind.INVESTIGATION,
        unit=contact.team,
        words=step.words[:200],
        target=Target(until=until),
        by=by,
        at=at,
    )


def _locked(contact_id: int, number: int, *, noted: Noted | None, by: Actor, at: datetime) -> tuple[Contact, Activity]:
    contact = locked_unlocked(contact_id, noted=noted, by=by, at=at)
    steps = Activity.objects.filter(reason__contact=contact, number=number)
    step: Activity | None = steps.select_for_update(of=("self",), no_key=True).select_related("by", "reason").first()
    if step is None or step.reason is None:
        raise NotThere
    step.reason.contact = contact
    if step.as_rule.is_settled:
        raise MovedOn(f"{step.get_status_display()} by {step.by}", at=step.at or contact.opened_at)
    return contact, step


def _settle(contact: Contact, step: Activity, status: Status, *, by: Actor, at: datetime) -> None:
    step.status, step.by_id, step.at = status, by.person_id, at
    step.save()
    contact.save()
    record_event(step, str(status), by=by, at=at, words=". ".join(filter(None, [str(step), step.said])))
