"""Who must be rung: asked for, given to a caller, tried, and ended. Services lock the case first, then the callback."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django_fsm import can_proceed

from contacthub.actor import CLOCK, Actor
from contacthub.callbacks import permissions
from contacthub.callbacks.lifecycle import IN_HANDS, CallbackState
from contacthub.callbacks.models import Attempt, Callback, Kind, Queue
from contacthub.callbacks.outcomes import UNANSWERED, Outcome, is_used_up, next_attempt, offered
from contacthub.callbacks.protocols import CallbackReactions
from contacthub.callbacks.queries import CallbackQuerySet
from contacthub.cases.models import Case
from contacthub.cases.queries import NextInLine
from contacthub.cases.registry import reactions_of
from contacthub.cases.services import lock, move, open_case, record_event, require_still_open
from contacthub.deadlines.calendars import calendar_of
from contacthub.deadlines.models import FollowUpKind
from contacthub.deadlines.services import drop, expect, meet, restart, set_deadline, set_first_deadline
from contacthub.deadlines.working_time import Target
from contacthub.errors import NotThere, RuleBroken, require_words
from contacthub.formats import day_and_time, uk_day
from contacthub.mail.services import tell
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from contacthub.people.services import holders_of, staff_of

CALL, NEXT_ATTEMPT = "call", "next_attempt"
NOT_OFFERED = {
    Outcome.LEFT_MESSAGE: "No message may be left: voicemail is not authorised",
    Outcome.SPOKE: "Press They answered: the contact of this call ends it",
    Outcome.NOT_VERIFIED: "The contact of this call says that they could not be verified",
}
LETTER_WITHIN = Target(working_days=1)
LETTER_WORDS = "Letter asking the person to ring again"


@dataclass(frozen=True)
class CallSheet:
    """What the caller needs: whom to ring, in which language (`en`, `cy`), about what, and the words to read out."""

    customer_name: str
    telephone: str
    language: str
    words: str
    customer_type: str = ""
    reason: str = ""
    may_leave_message: bool = True


def request_callback(
    *,
    about: Case,
    kind: Kind,
    queue: Queue,
    call: CallSheet,
    urgent: bool = False,
    at_risk: bool = False,
    by: Actor,
    at: datetime,
) -> Callback:
    """Ask the staff of a queue to ring somebody (UJ-16, UJ-17, UJ-23); the caller holds the lock of `about`.

    It is urgent also where nobody is `at_risk`, as where a lead has put its case first.
    """
    urgent = urgent or at_risk
    case = open_case(Callback)
    target = queue.target(urgent=urgent)
    callback = Callback.objects.create(
        case=case,
        kind=kind,
        queue=queue,
        about=about,
        customer_name=call.customer_name,
        customer_type=call.customer_type,
        telephone=call.telephone,
        language=call.language,
        may_leave_message=call.may_leave_message,
        reason=call.reason,
        words=call.words,
        words_by_id=by.staff_id,
        urgent=urgent,
        at_risk=at_risk,
        requested_at=at,
        due_at=set_first_deadline(case=case, kind=CALL, target=target, at=at, nation=queue.unit.nation).due_at,
    )
    record_event(callback, "requested", by=by, at=at, after=CallbackState.QUEUED)
    if urgent:
        _tell_of_urgent(callback, at=at)
    return callback


@transaction.atomic
def take_next(*, queue_id: int, by: Actor, at: datetime) -> Callback | None:
    """Give the caller the next call: the oldest that they have and may ring now, or else the oldest queued one.

    Urgent ones come first, whatever their age and whoever has what else (UJ-26); None where nothing waits. Two who
    ask at once get two calls. Raises NotThere, or Refused where calls here are not theirs.
    """
    queue = Queue.objects.visible_to(by).filter(pk=queue_id).first()
    if queue is None:
        raise NotThere
    in_hand = _brief().filter(queue=queue, state=CallbackState.ALLOCATED, allocated_to_id=by.person_id)
    mine = in_hand.in_calling_order().first()
    if queue.allocator_role or (mine and (mine.urgent or not permissions.may_take(by, queue))):
        return mine
    permissions.require_may_take(by, queue)
    callback = (_urgent_line_of(queue_id) if mine else _line_of(queue_id)).lock()
    if callback is None:
        return mine
    move(callback.take, by=by, at=at, caller_id=by.person_id)
    return callback


@cache
def _line_of(queue_id: int) -> NextInLine[Callback]:
    """Return the calls of a queue that nobody has: kept, as NextInLine says."""
    return NextInLine(_brief().queued().filter(queue_id=queue_id).in_calling_order())


@cache
def _urgent_line_of(queue_id: int) -> NextInLine[Callback]:
    return NextInLine(_brief().queued().filter(queue_id=queue_id, urgent=True).in_calling_order())


def _brief() -> CallbackQuerySet:
    """Return callbacks with what taking one reads and writes, which is little of a whole one."""
    brief: CallbackQuerySet = Callback.objects.select_related(None).only("state", "allocated_to", "urgent", "version")
    return brief


@transaction.atomic
def take(*, callback_id: int, by: Actor, at: datetime) -> Callback:
    """Take one call of a queue whose calls are taken. Raises NotThere, MovedOn or Refused."""
    callback, _ = _locked(callback_id, by)
    require_still_open(callback.take)
    permissions.require_may_take(by, callback.queue)
    move(callback.take, by=by, at=at, caller_id=by.person_id)
    return callback


@transaction.atomic
def allocate(*, callback_id: int, caller_id: int, by: Actor, at: datetime) -> Callback:
    """Give a call to one of the queue's staff, who is told (UJ-17)."""
    callback, _ = _locked(callback_id, by)
    require_still_open(callback.allocate)
    permissions.require_may_allocate(by, callback.queue)
    caller = callers_of(callback.queue, at=at).filter(pk=caller_id).first()
    if caller is None:
        raise RuleBroken(f"Select a member of staff of {callback.queue}", code="not_a_caller", field="caller")
    move(callback.allocate, by=by, at=at, words=f"To {caller.name}", caller_id=caller.pk)
    tell(caller, words=f"{callback.reference} is yours to ring: {callback.customer_name}", case=callback.case, at=at)
    return callback


def callers_of(queue: Queue, *, at: datetime) -> QuerySet[StaffMember]:
    """Return who can be given calls of this queue on the day, by name: who holds its post, or else all its staff."""
    on = uk_day(at)
    return holders_of(queue.caller_post, queue.unit, on=on) if queue.caller_post else staff_of(queue.unit, on=on)


def leads_of(queue: Queue, *, at: datetime) -> list[StaffMember]:
    """Return whom to tell what goes wrong in a queue: its lead, or who allocates or takes its calls on the day."""
    if queue.lead:
        return [queue.lead]
    if queue.allocator_role:
        allocators = StaffMember.objects.with_role(Role(queue.allocator_role), on=uk_day(at))
        return list(allocators.filter(pk__in=staff_of(queue.unit, on=uk_day(at))))
    return list(callers_of(queue, at=at))


@transaction.atomic
def hand_back(*, callback_id: int, reason: str, by: Actor, at: datetime) -> Callback:
    """Put a call back in its queue, with a reason. Its attempts and its due moment stay."""
    callback, _ = _locked(callback_id, by)
    require_still_open(callback.hand_back)
    permissions.require_holds_or_leads(by, callback)
    require_words(reason, "Enter why you hand this back", field="reason")
    holder = callback.allocated_to
    _put_back(callback, by=by, at=at, words=reason)
    if holder and holder.pk != by.staff_id:
        tell(holder, words=f"{callback.reference} is no longer yours to ring: {reason}", case=callback.case, at=at)
    return callback


@transaction.atomic
def cancel(*, callback_id: int, reason: str, by: Actor, at: datetime) -> Callback:
    """End a call that nobody needs any more, with a reason; its case is told."""
    callback, record = _locked(callback_id, by)
    require_still_open(callback.cancel)
    permissions.require_holds_or_leads(by, callback)
    require_words(reason, "Enter why this call is not needed", field="reason")
    _cancel(callback, reason, by=by, at=at)
    _tell_case(record).callback_ended(record, callback, by=by, at=at)
    return callback


def cancel_for(*, about: Case, reason: str, by: Actor, at: datetime) -> None:
    """End the open call of a case that needs it no more; the caller holds the case's lock and moves it itself."""
    if callback := _open_of(about):
        _cancel(callback, reason, by=by, at=at)


@transaction.atomic
def record_attempt(
    *,
    callback_id: int,
    outcome: Outcome,
    words: str = "",
    again_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> Attempt:
    """Keep that the caller rang, and what came of it; the callback and its case move on as that says (CM-28).

    `again_at` is the next attempt where the proposed one does not fit; "ring later" needs it. What was done on the
    telephone is kept also where the callback has ended meanwhile, or is with somebody else. Raises NotThere, Refused or
    RuleBroken.
    """
    callback, record = _locked(callback_id, by)
    permissions.require_holds_or_held(by, callback)
    again_at = _require_sound(callback, outcome, words, again_at, at=at)
    too_late = not (callback.is_open and permissions.holds(by, callback))
    attempt = _keep(callback, outcome, words, too_late=too_late, by=by, at=at)
    _tell_case(record).attempt_made(record, attempt, by=by, at=at)
    if attempt.too_late:
        _keep_too_late(callback, attempt, by=by, at=at)
        return attempt
    drop(case=callback.case, kind=NEXT_ATTEMPT, at=at)
    if outcome in UNANSWERED:
        callback.unanswered += 1
    if outcome == Outcome.SPOKE:
        _end(callback, callback.complete, words, by=by, at=at)
        _tell_case(record).callback_ended(record, callback, by=by, at=at)
    elif is_used_up(callback.unanswered, callback.queue.limits):
        _give_up(callback, _said(outcome, words), by=by, at=at)
        _tell_case(record).callback_ended(record, callback, by=by, at=at)
    else:
        _try_again(callback, _said(outcome, words), again_at, by=by, at=at)
    return attempt


def end_in_contact(*, callback_id: int, verified: bool, words: str, by: Actor, at: datetime) -> Attempt:
    """Keep that they were spoken to, in a contact that ends now, and end the callback with it.

    Where they could not be verified it ends all the same. One that has ended meanwhile stays as it is, as with any
    attempt. The caller is in a transaction, and holds the locks of the case, of the callback and of the contact.
    """
    callback = lock(callback_id)
    outcome = Outcome.SPOKE if verified else Outcome.NOT_VERIFIED
    attempt = _keep(callback, outcome, words, too_late=not callback.is_open, by=by, at=at)
    record = lock(callback.about_id)
    _tell_case(record).attempt_made(record, attempt, by=by, at=at)
    if attempt.too_late:
        _keep_too_late(callback, attempt, by=by, at=at)
        return attempt
    drop(case=callback.case, kind=NEXT_ATTEMPT, at=at)
    _end(callback, callback.end_in_contact, _said(outcome, words), by=by, at=at)
    _tell_case(record).callback_ended(record, callback, by=by, at=at)
    return attempt


def _keep_too_late(callback: Callback, attempt: Attempt, *, by: Actor, at: datetime) -> None:
    callback.save()  # whoever asks what changed is told of the attempt
    record_event(callback, "attempt_kept", by=by, at=at, words=_said(Outcome(attempt.outcome), attempt.words))


def answered_at(callback: Callback) -> str:
    """Return where the caller goes on when somebody answers, "" where what they said is recorded on the page."""
    reactions: CallbackReactions = reactions_of(callback.about.kind)[1]
    return reactions.answered_at(callback)


def offered_for(callback: Callback) -> list[Outcome]:
    """Return what the caller may say of an attempt."""
    return offered(may_leave_message=callback.may_leave_message, ends_in_contact=bool(answered_at(callback)))


def proposed(callback: Callback, *, at: datetime) -> dict[Outcome, datetime | None]:
    """Return the moment proposed for the next attempt by outcome; None where there is none."""
    calendar = calendar_of(callback.queue.unit.nation).working_time
    limits = callback.queue.limits
    return {
        outcome: None
        if outcome in UNANSWERED and is_used_up(callback.unanswered + 1, limits)
        else next_attempt(outcome, at=at, limits=limits, calendar=calendar)
        for outcome in Outcome
    }


def hurry(*, about: Case, by: Actor, at: datetime) -> None:
    """Say of the open call of a case that somebody is at risk: due within the hour, whatever was planned (UJ-26).

    One that was urgent before stays due when it was. The caller holds the case's lock.
    """
    callback = _open_of(about)
    if callback is None or callback.at_risk:
        return
    was_urgent = callback.urgent
    callback.urgent = callback.at_risk = True
    callback.save()
    record_event(callback, "hurried", by=by, at=at)
    drop(case=callback.case, kind=NEXT_ATTEMPT, at=at)
    come_due(callback, at=at)
    if not was_urgent:
        target = callback.queue.target(urgent=True)
        restart(case=callback.case, kind=CALL, target=target, at=at, nation=callback.queue.unit.nation)
        callback.refresh_from_db(fields=["due_at"])
    _tell_of_urgent(callback, at=at)


def _tell_of_urgent(callback: Callback, *, at: datetime) -> None:
    """Tell who has an urgent call or, where nobody does, who leads its queue: it is due within the hour."""
    why = "health and safety" if callback.at_risk else "urgent"
    words = f"{callback.reference}, {why}: ring {callback.customer_name} by {day_and_time(callback.due_at)}"
    for person in [callback.allocated_to] if callback.allocated_to else leads_of(callback.queue, at=at):
        tell(person, words=words, case=callback.case, at=at)


def change_call(
    *,
    about: Case,
    kind: Kind,
    queue: Queue,
    telephone: str,
    language: str,
    customer_type: str,
    by: Actor,
    at: datetime,
) -> None:
    """Give the open call of a case its new number, language, customer and queue, if any is new; its attempts go along.

    Whoever had it in another queue has it no longer, and is told. The caller holds the case's lock.
    """
    callback = _open_of(about)
    facts = {
        "kind": kind,
        "queue": queue,
        "telephone": telephone,
        "language": language,
        "customer_type": customer_type,
    }
    if callback is None or all(getattr(callback, name) == value for name, value in facts.items()):
        return
    who = f"{customer_type}, " if customer_type else ""
    words = f"Call {telephone}, {who}queue {queue}"
    goes, holder = queue != callback.queue, callback.allocated_to
    if goes and callback.state in IN_HANDS:
        _put_back(callback, by=CLOCK, at=at, words=f"Goes to {queue}")
    if goes and holder:
        tell(
            holder,
            words=f"{callback.reference} is no longer yours to ring: it goes to {queue}",
            case=callback.case,
            at=at,
        )
    for name, value in facts.items():
        setattr(callback, name, value)
    callback.save()
    record_event(callback, "call_changed", by=by, at=at, words=words)
    if goes and callback.urgent:
        _tell_of_urgent(callback, at=at)


def open_callback_of(about: Case) -> Callback | None:
    """Return the open call of a case, for its page; None where it has none."""
    return Callback.objects.open().filter(about=about).select_related("queue__unit", "allocated_to").first()


def has_open_callback(about: Case) -> bool:
    return Callback.objects.open().filter(about=about).exists()


def _locked(callback_id: int, by: Actor) -> tuple[Callback, Any]:
    """Return the callback that the actor may see, and the record of its case: both locked, the older first."""
    about_id = Callback.objects.filter(pk=callback_id).values_list("about_id", flat=True).first()
    if about_id is None:
        raise NotThere
    record = lock(about_id)
    return Callback.objects.locked(by, pk=callback_id), record


def _open_of(about: Case) -> Callback | None:
    row = Callback.objects.open().filter(about=about).values_list("pk", flat=True).first()
    return lock(row) if row else None


def _require_sound(
    callback: Callback, outcome: Outcome, words: str, again_at: datetime | None, *, at: datetime
) -> datetime | None:
    """Return when to try again. Raises RuleBroken where the outcome lacks what it needs."""
    if outcome not in offered_for(callback):
        raise RuleBroken(NOT_OFFERED[outcome], code="outcome_not_offered", field="outcome")
    if outcome == Outcome.SPOKE:
        require_words(words, "Enter what you said and what they answered", field="words")
        return None
    if outcome == Outcome.RING_LATER and again_at is None:
        raise RuleBroken("Enter when they asked to be rung", code="again_at_required", field="again_at")
    if again_at and again_at <= at:
        raise RuleBroken("The next attempt must be in the future", code="again_at_past", field="again_at")
    return again_at or proposed(callback, at=at)[outcome]


def _keep(callback: Callback, outcome: Outcome, words: str, *, too_late: bool, by: Actor, at: datetime) -> Attempt:
    is_first = not too_late and not callback.tries.filter(too_late=False).exists()
    return callback.tries.create(
        queue=callback.queue,
        at=at,
        by_id=by.person_id,
        outcome=outcome,
        words=words,
        in_time=at <= callback.due_at if is_first else None,
        too_late=too_late,
    )


def _said(outcome: Outcome, words: str) -> str:
    return f"{outcome.label}. {words}" if words else outcome.label


def _try_again(callback: Callback, words: str, again_at: datetime | None, *, by: Actor, at: datetime) -> None:
    if again_at is None:
        raise AssertionError("An attempt in vain has a next one")
    callback.next_attempt_at = again_at
    words = f"{words}\nNext attempt: {day_and_time(again_at)}"
    move(callback.try_in_vain, by=by, at=at, words=words)
    set_deadline(case=callback.case, kind=NEXT_ATTEMPT, target=Target(until=again_at), at=at)


def _give_up(callback: Callback, words: str, *, by: Actor, at: datetime) -> None:
    _end(callback, callback.give_up, words, by=by, at=at)
    unit = callback.queue.unit
    words = f"{LETTER_WORDS}: {callback.customer_name}"[:200]
    expect(
        case=callback.case,
        kind=FollowUpKind.LETTER,
        unit=unit,
        words=words,
        needs_words=False,  # the day on which it was sent says all
        target=LETTER_WITHIN,
        by=by,
        at=at,
    )


def _cancel(callback: Callback, reason: str, *, by: Actor, at: datetime) -> None:
    drop(case=callback.case, kind=NEXT_ATTEMPT, at=at)
    _end(callback, callback.cancel, reason, by=by, at=at)


def _end(callback: Callback, ending: Any, words: str, *, by: Actor, at: datetime) -> None:
    """End the callback, before its deadline does: due_moved then writes NEVER on the row as it is."""
    callback.result, callback.ended_at, callback.next_attempt_at = words, at, None
    is_called_off = ending == callback.cancel
    move(ending, by=by, at=at, words=words)
    end_clock = drop if is_called_off else meet
    end_clock(case=callback.case, kind=CALL, at=at)


def _put_back(callback: Callback, *, by: Actor, at: datetime, words: str) -> None:
    drop(case=callback.case, kind=NEXT_ATTEMPT, at=at)
    callback.next_attempt_at = None
    if callback.allocated_to:
        callback.held_before.add(callback.allocated_to)
    move(callback.hand_back, by=by, at=at, words=words)


def _tell_case(record: Any) -> CallbackReactions:
    reactions: CallbackReactions = reactions_of(record.case.kind)[1]
    return reactions


def come_due(callback: Callback, *, at: datetime) -> None:
    """Give the call back to its caller, whose next attempt is due, and remind them. The row is locked."""
    if not can_proceed(callback.come_due, check_conditions=False):
        return
    callback.next_attempt_at = None
    move(callback.come_due, by=CLOCK, at=at)
    if callback.allocated_to:
        words = f"{callback.reference}: time to ring {callback.customer_name} again"
        tell(callback.allocated_to, words=words, case=callback.case, at=at)
