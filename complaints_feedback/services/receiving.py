"""Part 2: the receiving team leader discusses the feedback and records what comes of it (CF-03 to CF-12)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime
from typing import TypeVar

from django.db import transaction

from complaints_feedback import permissions
from complaints_feedback.coaching import (
    Development,
    Discussion,
    Outcome,
    Talk,
    Written,
    errors_in_discussion,
    errors_in_outcome,
)
from complaints_feedback.lifecycle import COMPLETE, WITH_RECEIVER, FormState
from complaints_feedback.models import DevelopmentPlan, FeedbackForm, PartTwo, PersonalFileEntry, Purpose
from complaints_feedback.parts import content_for_file, part_two_of, plan_of
from complaints_feedback.routing import MANAGERS
from complaints_feedback.services.papers import papers_for_copy
from complaints_feedback.services.recipients import chain_of_person, replace_who_left
from complaints_feedback.services.sending import MAILBOX
from complaints_feedback.services.shared import (
    DISCUSSION,
    locked,
    person_in,
    person_of,
    require_all,
    stop_clocks,
    tell_all,
)
from complaints_feedback.terms import Broken, Part
from contacthub.actor import CLOCK, Actor
from contacthub.cases.services import lock, move, moved_on, record_event, require_still_open
from contacthub.deadlines.services import meet
from contacthub.errors import MovedOn, NotThere, RuleBroken, require_words
from contacthub.formats import uk_day
from contacthub.mail.models import NOT_SENT
from contacthub.mail.services import queue_email
from contacthub.people.directory import chain_of, reporting_line

Whole = TypeVar("Whole", Discussion, Outcome)


def missing_in_part_two(form: FeedbackForm, part: PartTwo, *, at: datetime) -> list[Broken]:
    """Return what part 2 lacks still, as it is kept."""
    return [
        *errors_in_discussion(_whole(Discussion, part), delivered_at=form.delivered_at or at, at=at),
        *errors_in_outcome(_whole(Outcome, part), has_plan=form.plans.exists(), discussed_at=part.discussed_at or at),
    ]


@transaction.atomic
def save_part_two(*, form_id: int, given: Written, by: Actor, at: datetime) -> FeedbackForm:
    """Keep what is written of part 2 so far, until it is complete (CF-40).

    Raises NotThere, MovedOn, Refused for whoever is not the receiving team leader, or RuleBroken where a discussion
    that is recorded would lack something.
    """
    form = _received(form_id, by=by, at=at)
    if form.state == FormState.DISCUSSED:
        _require_discussion(form, given, at=at)
    _keep(form, given)
    form.save()
    return form


@transaction.atomic
def record_discussion(*, form_id: int, given: Talk, by: Actor, at: datetime) -> FeedbackForm:
    """Record that the feedback was discussed, which ends the 48 hours; the person reads part 1 from now on (CF-03).

    What is not given, such as the recordings, is as it was kept. Raises NotThere, MovedOn, Refused, or RuleBroken with
    all that is missing.
    """
    form = locked(form_id, by=by, at=at)
    require_still_open(form.record_discussion)
    permissions.require_receiving_leader(by, form)
    _require_discussion(form, given, at=at)
    _keep(form, given)
    move(form.record_discussion, by=by, at=at)
    meet(case=form.case, kind=DISCUSSION, at=at)
    tell_all([form.person], f"{form.reference}: feedback was discussed with you. You can read it", form, by=by, at=at)
    return form


@transaction.atomic
def plan_development(*, form_id: int, given: Development, words: str, by: Actor, at: datetime) -> FeedbackForm:
    """Keep the development needs and the plan for them, which can be changed and taken back until part 2 is complete
    (CF-04).

    Raises NotThere, MovedOn, Refused or RuleBroken.
    """
    form = save_part_two(form_id=form_id, given=given, by=by, at=at)
    plan, words = plan_of(form), words.strip()
    if plan is None:
        if words:
            open_plan(form_id=form_id, words=words, by=by, at=at)
    elif not words:
        record_event(plan, "taken_back", by=by, at=at)
        plan.delete()
    elif words != plan.words:
        plan.words = words
        plan.save()
        record_event(plan, "changed", by=by, at=at)
    return form


@transaction.atomic
def open_plan(*, form_id: int, words: str, by: Actor, at: datetime) -> DevelopmentPlan:
    """Make a plan for a development need, which stays open until it is done (CF-04).

    Raises NotThere, MovedOn, Refused, or RuleBroken without words.
    """
    form = _received(form_id, by=by, at=at)
    require_words(words, "Enter what is planned", field="words")
    plan = DevelopmentPlan(form=form, words=words.strip(), opened_at=at, opened_by_id=by.person_id)
    plan.person = person_of(form)
    plan.save()
    form.save()
    record_event(plan, "opened", by=by, at=at)
    return plan


@transaction.atomic
def close_plan(*, plan_id: int, done_on: date | None, words: str, by: Actor, at: datetime) -> DevelopmentPlan:
    """Close a plan with the day and with words: the person's team leader of today does, whoever made it (CF-04).

    Raises NotThere for whoever may not read the personal file, Refused, MovedOn where it is closed, or RuleBroken.
    """
    plan: DevelopmentPlan | None = (
        DevelopmentPlan.objects.standing().select_related("person").filter(pk=plan_id).first()
    )
    if plan is None:
        raise NotThere
    today = uk_day(at)
    permissions.require_can_see_file(by, person_id=plan.person_id, line=reporting_line(plan.person, on=today))
    lock(plan.form_id)
    plan = DevelopmentPlan.objects.select_related("person", "closed_by").get(pk=plan_id)  # nobody else changes it now
    if not plan.is_open:
        raise MovedOn(f"{plan.closed_by} has closed this plan", at=at)
    leader = chain_of(plan.person, on=today).team_leader
    permissions.require_leads(by, leader.pk if leader else None)
    if done_on is None:
        raise RuleBroken("Enter the day it was done", code="done_on_required", field="done_on")
    if done_on > today:
        raise RuleBroken("The day it was done must be today or in the past", code="in_future", field="done_on")
    require_words(words, "Enter what was done", field="words")
    plan.done_on, plan.done_words, plan.closed_by_id = done_on, words.strip(), by.person_id
    plan.save()
    record_event(plan, "closed", by=by, at=at)
    return plan


@transaction.atomic
def complete_part_two(*, form_id: int, given: Outcome | None = None, by: Actor, at: datetime) -> FeedbackForm:
    """Complete part 2: copies go to the three managers, one is filed for the person, and the form closes (CF-09 to
    CF-12). It says what is given; without it, what was kept. A copy that nobody can get holds up nothing: it is sent
    once somebody can.

    Sender and sending team leader learn that it is done, and no more (CF-48). Raises NotThere, MovedOn, Refused or
    RuleBroken.
    """
    form = locked(form_id, by=by, at=at)
    require_still_open(form.complete_part_two)
    permissions.require_receiving_leader(by, form)
    part = PartTwo.objects.get(form=form)
    outcome = _whole(Outcome, part, given)
    require_all(errors_in_outcome(outcome, has_plan=form.plans.exists(), discussed_at=part.discussed_at or at))
    _keep(form, outcome, completed_by_id=by.person_id)
    move(form.complete_part_two, by=by, at=at)
    _send_copies(form, by=by, at=at)
    _file(form, by=by, at=at)
    move(form.close, by=CLOCK, at=at)
    stop_clocks(form, at=at)
    words = f"{form.reference}: the feedback was given"
    tell_all([form.sender, form.sending_team_leader], words, form, by=by, at=at)
    tell_all([form.person], f"{form.reference}: part 2 is complete. You can read it", form, by=by, at=at)
    return form


@transaction.atomic
def resend_copy(*, form_id: int, part: Part, by: Actor, at: datetime) -> FeedbackForm:
    """Send a copy that failed, or that nobody could get, to who has the part now; the other copies stay as they are.

    Raises NotThere, Refused, MovedOn where it has not failed, or RuleBroken.
    """
    form = locked(form_id, by=by, at=at)
    permissions.require_receiving_leader(by, form)
    copies = form.sendings.filter(purpose=Purpose.COPY, part=part).select_related("message").order_by("-pk")
    last = copies.first()
    if form.state not in COMPLETE or part not in MANAGERS:
        raise RuleBroken("There is no copy to send again", code="no_copy", field="part")
    if last and last.message.state not in NOT_SENT:
        raise MovedOn("This copy has not failed, or it was sent again", at=last.message.queued_at)
    _replace_managers_who_left(form, [part], by=by, at=at)
    if why := _why_not_sent(form, part):
        raise RuleBroken(f"{why}. Ask an administrator to set it in the people directory", code="no_copy", field="part")
    _send_copy(form, part, papers_for_copy(form, at=at), by=by, at=at)
    form.save()
    record_event(form, "copy_resent", by=by, at=at)
    return form


@transaction.atomic
def open_file_entry(*, entry_id: int, by: Actor, at: datetime) -> PersonalFileEntry:
    """Return an entry of a personal file, and record that it was opened, and by whom (CF-42).

    Raises NotThere for whoever is neither the person nor in their reporting line of today.
    """
    entries = PersonalFileEntry.objects.select_related("person", "form__case")
    entry: PersonalFileEntry | None = entries.filter(pk=entry_id).first()
    if entry is None:
        raise NotThere
    line = reporting_line(entry.person, on=uk_day(at))
    permissions.require_can_see_file(by, person_id=entry.person_id, line=line)
    record_event(entry, "opened", by=by, at=at)
    return entry


def _received(form_id: int, *, by: Actor, at: datetime) -> FeedbackForm:
    form = locked(form_id, by=by, at=at)
    if form.state not in WITH_RECEIVER:
        raise moved_on(form)
    permissions.require_receiving_leader(by, form)
    return form


def _whole(kind: type[Whole], part: PartTwo, given: Written | None = None) -> Whole:
    """Return what part 2 says, with what is given in the place of what was kept."""
    told = {one.name: getattr(given, one.name, getattr(part, one.name)) for one in fields(kind)}
    return kind(**told)


def _require_discussion(form: FeedbackForm, given: Written, *, at: datetime) -> None:
    whole = _whole(Discussion, part_two_of(form), given)
    require_all(errors_in_discussion(whole, delivered_at=form.delivered_at or at, at=at))


def _keep(form: FeedbackForm, given: Written, **also: object) -> None:
    values = {one.name: getattr(given, one.name) for one in fields(given)}
    if "recordings" in values:
        values["recordings"] = [one.strip() for one in values["recordings"] if one.strip()]
    PartTwo.objects.update_or_create(form=form, defaults={**values, **also})


def copies_not_sent(form: FeedbackForm) -> dict[Part, str]:
    """Return why nobody could get their copy, by the managers to whom none was sent though part 2 is complete."""
    if form.state not in COMPLETE:
        return {}
    sent = {*form.sendings.filter(purpose=Purpose.COPY).values_list("part", flat=True)}
    return {part: _why_not_sent(form, part) for part in MANAGERS if part not in sent}


def _send_copies(form: FeedbackForm, *, by: Actor, at: datetime) -> None:
    """Send a copy to each manager, in the place of one who has left to who holds the post today (CF-10)."""
    _replace_managers_who_left(form, MANAGERS, by=by, at=at)
    papers = papers_for_copy(form, at=at)
    for part in MANAGERS:
        if _why_not_sent(form, part):
            record_event(form, "copy_not_sent", by=CLOCK, at=at)
        else:
            _send_copy(form, part, papers, by=by, at=at)


def _replace_managers_who_left(form: FeedbackForm, parts: Iterable[Part], *, by: Actor, at: datetime) -> None:
    if changes := replace_who_left(form, chain_of_person(form, at=at), parts, at=at):
        record_event(form, "recipients_refreshed", by=by, at=at, words="\n".join(changes))


def _why_not_sent(form: FeedbackForm, part: Part) -> str:
    """Return why nobody can get the copy for this part; "" where somebody can."""
    person = person_in(form, part)
    if person is None:
        return f"Nobody is the {part.label.lower()}"
    return "" if person.email else f"{person}, {part.label.lower()}, has no work email address"


def _send_copy(form: FeedbackForm, part: Part, papers: list[int], *, by: Actor, at: datetime) -> None:
    person = person_in(form, part)
    assert person is not None  # noqa: S101  _why_not_sent has seen them
    message = queue_email(
        template="complaints_feedback/email/copy",
        mailbox=MAILBOX,
        to=person.email,
        case=form.case,
        by=by,
        at=at,
        context={"form": form, "person": person},
        attachments=papers,
    )
    form.sendings.create(part=part, person=person, purpose=Purpose.COPY, message=message)


def _file(form: FeedbackForm, *, by: Actor, at: datetime) -> None:
    entry = PersonalFileEntry.objects.create(
        form=form, person=person_of(form), filed_at=at, content=content_for_file(form)
    )
    record_event(entry, "filed", by=by, at=at)
