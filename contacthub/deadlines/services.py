"""Every due moment: an app says how long, this room works out when, keeps it and tells the app.

Services that take a case are called by those of an app, which hold its lock; `at` is in UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from django.db import transaction
from django.db.models import F

from contacthub.actor import CLOCK, Actor
from contacthub.cases.models import Case
from contacthub.cases.registry import reactions_of
from contacthub.cases.services import lock, record_event, visible_among
from contacthub.deadlines.calendars import NumberedCalendar, calendar_of
from contacthub.deadlines.clocks import Stand, Step, legs, steps
from contacthub.deadlines.models import Calendar, Deadline, Ending, FollowUp, FollowUpKind
from contacthub.deadlines.protocols import DeadlineReactions
from contacthub.deadlines.working_time import Target
from contacthub.errors import MovedOn, NotThere, Refused, RuleBroken
from contacthub.formats import day_and_time, short_date, uk_day
from contacthub.people.models import Nation, Unit

# What is listed by due needs a moment in every row, or pages by key would lose it.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
JUST_BEFORE = timedelta(microseconds=1)


def due_at(target: Target, *, start: datetime, nation: str = Nation.ENGLAND_AND_WALES) -> datetime:
    """Return when something that starts at `start` would be due, where nothing is set: for a rule that looks back."""
    return target.due_at(start, calendar_of(nation).working_time)


def closing_at(at: datetime, *, nation: str = Nation.ENGLAND_AND_WALES) -> datetime:
    """Return when the working day of this moment closes, for what is due the same day."""
    return calendar_of(nation).working_time.closing_at(at)


def working_days_before(at: datetime, days: int, *, nation: str = Nation.ENGLAND_AND_WALES) -> datetime:
    """Return the moment since when so many working days have passed at `at`."""
    return calendar_of(nation).working_time.days_before(at, days)


def set_deadline(
    *, case: Case, kind: str, target: Target, at: datetime, nation: str = Nation.ENGLAND_AND_WALES
) -> Deadline:
    """Start the clock of this kind, of which none is running, and tell the app."""
    deadline = set_first_deadline(case=case, kind=kind, target=target, at=at, nation=nation)
    _reactions(case).due_moved(case, kind, deadline.due_at)
    return deadline


def set_first_deadline(
    *, case: Case, kind: str, target: Target, at: datetime, nation: str = Nation.ENGLAND_AND_WALES
) -> Deadline:
    """Start a clock of a case that has no record yet: the record is made with the moment when this is due."""
    calendar = calendar_of(nation)
    deadline = Deadline(
        case=case,
        kind=kind,
        working_days=target.working_days,
        hours=target.hours,
        until=target.until,
        nation=nation,
        set_at=at,
        told_until=at,
    )
    _keep_due(deadline, target.due_at(at, calendar.working_time), since=at, calendar=calendar)
    return deadline


def restart(*, case: Case, kind: str, target: Target, at: datetime, nation: str = Nation.ENGLAND_AND_WALES) -> Deadline:
    """Start the clock of this kind anew, by another target; the one that ran is dropped. Where it stood, so does it."""
    stood = Deadline.objects.open().filter(case=case, kind=kind, pauses__began_at__isnull=False, pauses__ended_at=None)
    was_paused = stood.exists()
    drop(case=case, kind=kind, at=at)
    deadline = set_deadline(case=case, kind=kind, target=target, at=at, nation=nation)
    if was_paused:
        pause(case=case, kind=kind, at=at)
    return deadline


def meet(*, case: Case, kind: str, at: datetime) -> None:
    """Note that what was due has happened, in time or late."""
    _end_open(case, kind, Ending.MET, at=at)


def drop(*, case: Case, kind: str, at: datetime) -> None:
    """Note that what was due is no longer needed."""
    _end_open(case, kind, Ending.DROPPED, at=at)


def pause(*, case: Case, kind: str, at: datetime) -> None:
    """Let the clock stand: nothing is due until it goes on."""
    deadline = _locked_open(case, kind)
    if deadline is None or deadline.pauses.filter(ended_at=None).exists():
        return
    deadline.pauses.create(began_at=at)
    deadline.next_step_at = None
    deadline.save()
    _reactions(case).due_moved(case, kind, NEVER)


def resume(*, case: Case, kind: str, at: datetime) -> None:
    """Let the clock go on with what was left of its time, working time by the calendar of today."""
    deadline = _locked_open(case, kind)
    if deadline is None or not deadline.pauses.filter(ended_at=None).update(ended_at=at):
        return
    calendar = calendar_of(deadline.nation)
    turns = deadline.turns
    was_missed = deadline.due_at <= turns[-1].began_at  # and stays so, whatever days off came since
    due = deadline.due_at
    if not was_missed:
        due = legs(deadline.target, deadline.set_at, turns, calendar.working_time)[-1].due_at
    deadline.told_until = at
    _run_until(deadline, due, since=at, calendar=calendar)


def may_extend(record: Any, deadline: Deadline, by: Actor) -> bool:
    """Say if the app lets the actor agree to a later moment."""
    return _reactions(record.case).may_extend(record, deadline.kind, by)


@transaction.atomic
def extend(*, deadline_id: int, until: datetime, reason: str, by: Actor, at: datetime) -> Deadline:
    """Agree to a later moment, for a reason; both moments go on the timeline.

    Raises NotThere where the actor does not see the case, Refused where the app does not let him extend this,
    MovedOn where it has ended, RuleBroken without a reason, without a moment later than the one that stands, and while
    the clock stands.
    """
    found = Deadline.objects.filter(pk=deadline_id).first()
    if found is None or found.case_id not in visible_among(by, [found.case_id]):
        raise NotThere
    record = lock(found.case_id)
    deadline = Deadline.objects.select_for_update(no_key=True, of=("self",)).select_related("case").get(pk=deadline_id)
    if not may_extend(record, deadline, by):
        raise Refused("Ask the lead of the queue or the team to extend this")
    if deadline.ended_at:
        raise MovedOn(f"{deadline.name}: {Ending(deadline.ending).label.lower()}", at=deadline.ended_at)
    _require_later(deadline, until, reason, at=at)
    before = deadline.due_at
    deadline.extensions.create(agreed_at=at, agreed_by_id=by.person_id, due_at=until)
    deadline.told_until = at
    _run_until(deadline, until, since=at, calendar=calendar_of(deadline.nation))
    FollowUp.objects.filter(deadline=deadline).update(due_at=until)
    words = f"{deadline.name}: {day_and_time(until)}, was {day_and_time(before)}. {reason.strip()}"
    record_event(deadline, "due_extended", by=by, at=at, words=words)
    return deadline


def _require_later(deadline: Deadline, until: datetime, reason: str, *, at: datetime) -> None:
    if deadline.pauses.filter(ended_at=None).exists():
        raise RuleBroken("The clock stands: nothing is due until it goes on", code="clock_stands")
    broken = []
    if until <= max(deadline.due_at, at):
        later = day_and_time(max(deadline.due_at, at))
        broken.append(RuleBroken(f"The new moment must be later than {later}", code="not_later", field="until"))
    if not reason.strip():
        broken.append(RuleBroken("Enter why it needs longer", code="reason_required", field="reason"))
    if broken:
        raise RuleBroken(broken[0].message, code=broken[0].code, field=broken[0].field, also=broken[1:])


def expect(
    *,
    case: Case,
    kind: FollowUpKind,
    unit: Unit,
    words: str,
    needs_words: bool = True,
    target: Target,
    by: Actor,
    at: datetime,
) -> FollowUp:
    """Have the staff of a unit tick something off, with a deadline of the case: a letter to send, a call to expect.

    Unless it `needs_words` of what came of it, the day on which it was done is enough.
    """
    running = {*Deadline.objects.open().filter(case=case, kind__startswith=kind).values_list("kind", flat=True)}
    names = (f"{kind}_{number}" if number > 1 else str(kind) for number in count(1))
    name = next(name for name in names if name not in running)
    deadline = set_deadline(case=case, kind=name, target=target, at=at, nation=unit.nation)
    follow_up = FollowUp.objects.create(
        case=case, unit=unit, kind=kind, words=words, needs_words=needs_words, deadline=deadline, due_at=deadline.due_at
    )
    record_event(follow_up, "expected", by=by, at=at, words=f"{follow_up}, by {day_and_time(deadline.due_at)}")
    return follow_up


@transaction.atomic
def settle(*, follow_up_id: int, done_on: date | None, words: str, by: Actor, at: datetime) -> FollowUp:
    """Tick something off: done on a day, or not to be done, with words that say why; of what `needs_words` they say
    what came of it.

    Raises NotThere where it is another unit's, MovedOn where somebody was faster, RuleBroken where less is given.
    """
    known = FollowUp.objects.visible_to(by).filter(pk=follow_up_id).first()
    if known is None:
        raise NotThere
    lock(known.case_id)
    follow_up = FollowUp.objects.select_for_update(of=("self",)).select_related("case", "deadline").get(pk=known.pk)
    if follow_up.settled_at:
        raise MovedOn("Somebody has done this already", at=follow_up.settled_at)
    _require_said(follow_up, done_on, words, at=at)
    follow_up.settled_at, follow_up.settled_by_id = at, by.person_id
    follow_up.done_on, follow_up.outcome = done_on, words
    follow_up.save()
    meet(case=follow_up.case, kind=follow_up.deadline.kind, at=at)
    said = f"Done on {short_date(done_on)}. {words}".strip() if done_on else f"Not done: {words}"
    record_event(follow_up, "settled", by=by, at=at, words=f"{follow_up}. {said}")
    return follow_up


def _require_said(follow_up: FollowUp, done_on: date | None, words: str, *, at: datetime) -> None:
    if follow_up.needs_words and not words.strip():
        raise RuleBroken("Enter what came of it", code="words_required", field="words")
    if done_on is None and not words.strip():
        raise RuleBroken("Enter the day it was done, or say why it is not", code="done_required", field="done_on")
    if done_on and done_on > uk_day(at):
        raise RuleBroken("The day it was done must be today or in the past", code="in_future", field="done_on")


@transaction.atomic
def take_step(*, deadline_id: int, at: datetime) -> None:
    """Tell the case's app what the time has brought: once, however often it is called, and once for a night missed.

    An escalation that is found while the office is closed is not told: the next one comes as it opens.
    """
    case_id = Deadline.objects.values_list("case_id", flat=True).get(pk=deadline_id)
    record = lock(case_id)
    deadline = Deadline.objects.step_due(at).select_for_update(no_key=True).filter(pk=deadline_id).first()
    if deadline is None:
        return
    reactions = _reactions(record.case)
    if deadline.kind in reactions.MOVED_BY_TIME:
        _end(deadline, Ending.CAME_DUE, at=at)
        reactions.due_moved(record.case, deadline.kind, NEVER)
        # Read again: saving the record as it was would put back what due_moved has written.
        reactions.came_due(_record(record.case), deadline.kind, at)
        return
    calendar = calendar_of(deadline.nation)
    step, deadline.next_step_at = _steps_until(at, deadline, since=_running_since(deadline), calendar=calendar)
    deadline.told_until = at
    deadline.save()
    if step is Step.WARNING or (step and calendar.working_time.is_open(at)):
        tell = reactions.escalated if step is Step.ESCALATION else reactions.warned
        tell(record, deadline.kind, deadline.due_at, at)


@transaction.atomic
def work_out_again(*, deadline_id: int, at: datetime) -> None:
    """Give a running clock in working time the moment that today's calendar gives it; both moments go on the timeline.

    Safe to run again: a deadline of today's calendar is left alone, and so is one that was met or missed.
    """
    found = Deadline.objects.get(pk=deadline_id)
    lock(found.case_id)
    calendar = calendar_of(found.nation)
    older = Deadline.objects.of_older_calendar(found.nation, calendar.number, at=at)
    deadline = older.select_for_update(no_key=True).filter(pk=deadline_id).first()
    if deadline is None:
        return
    before = deadline.due_at
    last = legs(deadline.target, deadline.set_at, deadline.turns, calendar.working_time)[-1]
    # A moment that now lies behind what people have heard of must still be told.
    deadline.told_until = min(deadline.told_until, last.due_at - JUST_BEFORE)
    if last.due_at == before:
        deadline.calendar_number = calendar.number
        deadline.save()
        return
    _run_until(deadline, last.due_at, since=last.start, calendar=calendar)
    FollowUp.objects.filter(deadline=deadline).update(due_at=last.due_at)
    words = f"{deadline.name}: {day_and_time(last.due_at)}, was {day_and_time(before)}. The days off have changed"
    record_event(deadline, "due_moved", by=CLOCK, at=at, words=words)


def days_off_changed(*nations: str) -> None:
    """Raise the number of these nations' calendars, with the day off that was added, changed or taken back.

    A sweep finds the clocks that an older calendar gave their moment.
    """
    for nation in set(nations):
        Calendar.objects.get_or_create(nation=nation)
        Calendar.objects.filter(nation=nation).update(number=F("number") + 1)


def _run_until(deadline: Deadline, due: datetime, *, since: datetime, calendar: NumberedCalendar) -> None:
    """Keep the due moment of a clock that runs since `since`, and tell the app."""
    _keep_due(deadline, due, since=since, calendar=calendar)
    _reactions(deadline.case).due_moved(deadline.case, deadline.kind, due)


def _keep_due(deadline: Deadline, due: datetime, *, since: datetime, calendar: NumberedCalendar) -> None:
    deadline.due_at = due
    deadline.calendar_number = calendar.number
    if deadline.kind in _reactions(deadline.case).MOVED_BY_TIME:
        deadline.next_step_at = due
    else:
        _, deadline.next_step_at = _steps_until(deadline.told_until, deadline, since=since, calendar=calendar)
    deadline.save()


def _steps_until(
    at: datetime, deadline: Deadline, *, since: datetime, calendar: NumberedCalendar
) -> tuple[Step | None, datetime]:
    """Return the newest step that people have not heard of, and the moment of the next one.

    Only the newest: where a night was missed, nobody is warned of what is overdue, or told three times.
    """
    newest = None
    for moment, step in steps(deadline.target, since=since, due_at=deadline.due_at, calendar=calendar.working_time):
        if moment > at:
            return newest, moment
        if moment > deadline.told_until:
            newest = step
    raise AssertionError("Steps have no end")


def _running_since(deadline: Deadline) -> datetime:
    """Return when it was set or extended, or went on, the last of these."""
    turns = deadline.turns
    if not turns:
        return deadline.set_at
    last = turns[-1]
    return (last.ended_at if isinstance(last, Stand) else last.began_at) or deadline.set_at


def _locked_open(case: Case, kind: str) -> Deadline | None:
    return Deadline.objects.open().select_for_update(no_key=True).filter(case=case, kind=kind).first()


def _end_open(case: Case, kind: str, ending: Ending, *, at: datetime) -> None:
    if deadline := _locked_open(case, kind):
        _end(deadline, ending, at=at)
        _reactions(case).due_moved(case, kind, NEVER)


def _end(deadline: Deadline, ending: Ending, *, at: datetime) -> None:
    deadline.pauses.filter(ended_at=None).update(ended_at=at)
    deadline.ended_at, deadline.ending, deadline.next_step_at = at, ending, None
    deadline.save()


def _record(case: Case) -> Any:
    return reactions_of(case.kind)[0]._base_manager.get(pk=case.pk)


def _reactions(case: Case) -> DeadlineReactions:
    reactions: DeadlineReactions = reactions_of(case.kind)[1]
    return reactions
