"""The form goes on: to all four, or by way of the area senior resolution manager (CF-33 to CF-39)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction

from complaints_feedback import permissions
from complaints_feedback.eligibility import errors_in_letters
from complaints_feedback.lifecycle import SUBMITTED_ON, FormState
from complaints_feedback.models import FeedbackForm, Purpose, Recipient
from complaints_feedback.routing import (
    ALL_FOUR,
    MANAGERS,
    goes_by_senior_manager,
    named_by_sender,
    sent_by_senior_manager,
    sent_by_team_leader,
)
from complaints_feedback.services.papers import papers_for_delivery
from complaints_feedback.services.recipients import (
    Named,
    chain_of_person,
    choose_area,
    confirm_managers,
    name,
    refresh,
    require_four_people,
    require_reachable,
    set_senior_manager,
)
from complaints_feedback.services.shared import (
    DISCUSSION,
    facts_of,
    locked,
    person_in,
    require_all,
    take_over,
    tell_all,
)
from complaints_feedback.terms import Part, Route
from contacthub.actor import Actor
from contacthub.cases.services import move, moved_on, record_event, require_still_open
from contacthub.deadlines.calendars import calendar_of
from contacthub.deadlines.models import Deadline
from contacthub.deadlines.services import restart, set_deadline
from contacthub.deadlines.working_time import Target
from contacthub.errors import RuleBroken
from contacthub.formats import day_and_time
from contacthub.mail.services import queue_email
from contacthub.people.models import Nation, StaffMember

MAILBOX = "feedback"
# 48 hours, by the setting FEEDBACK_HOURS_BASIS: elapsed, or counted on working days alone (AMB-26).
DISCUSS_WITHIN = {"elapsed": Target(hours=48), "working": Target(working_days=2)}


@transaction.atomic
def send(*, form_id: int, by: Actor, at: datetime) -> FeedbackForm:
    """Check and send, with who is responsible today: Resolution to all four, Review and ICE to the area senior
    resolution manager and to nobody else (CF-33 to CF-36).

    Raises NotThere, MovedOn, Refused or RuleBroken.
    """
    form = locked(form_id, by=by, at=at)
    to_senior = goes_by_senior_manager(Route(form.route))
    require_still_open(form.send_to_senior_manager if to_senior else form.send_to_all)
    permissions.require_sending_leader(by, form)
    _bring_up_to_date(form, named_by_sender(Route(form.route)), by=by, at=at)
    _require_letters(form)
    require_four_people(form)
    if to_senior:
        require_reachable(form, [Part.TEAM_LEADER], at=at)
        set_senior_manager(form, at=at)
    parts = sent_by_team_leader(Route(form.route))
    require_reachable(form, parts, at=at)
    if to_senior:
        move(form.send_to_senior_manager, by=by, at=at)
        mail_to(form, parts, Purpose.CONFIRM, by=by, at=at)
        words = f"{form.reference}: confirm the managers and send it"
        tell_all([person_in(form, Part.SENIOR_MANAGER)], words, form, by=by, at=at)
    else:
        move(form.send_to_all, by=by, at=at)
        _deliver(form, by=by, at=at)
    return form


@transaction.atomic
def confirm_and_send(*, form_id: int, managers: Mapping[Part, Named], by: Actor, at: datetime) -> FeedbackForm:
    """Confirm the three managers, kept or changed with words, and send the form to all four (CF-37, CF-38, AMB-29).

    Raises NotThere, MovedOn, Refused or RuleBroken.
    """
    form = locked(form_id, by=by, at=at)
    require_still_open(form.confirm_and_send)
    permissions.require_senior_manager(by, form)
    if {*managers} != {*MANAGERS}:
        raise RuleBroken("Confirm all three managers", code="managers_required", field="managers")
    _bring_up_to_date(form, [Part.TEAM_LEADER], by=by, at=at)
    confirm_managers(form, chain_of_person(form, at=at), managers, by=by, at=at)
    require_four_people(form)
    require_reachable(form, sent_by_senior_manager(), at=at)
    move(form.confirm_and_send, by=by, at=at)
    _deliver(form, by=by, at=at)
    return form


@transaction.atomic
def readdress(*, form_id: int, by: Actor, at: datetime) -> FeedbackForm:
    """Send a form to who is responsible now, where the people directory has changed; whoever had it reads it no longer.

    A new team leader has the full time, unless the discussion is recorded: then part 2 comes as it stands. Raises
    NotThere, MovedOn, Refused or RuleBroken.
    """
    form = _to_readdress(form_id, by=by, at=at)
    before = _people(form)
    parts = ALL_FOUR if form.delivered_at else named_by_sender(Route(form.route))
    changes = refresh(form, chain_of_person(form, at=at), parts, at=at)
    if form.state == FormState.WITH_SENIOR_MANAGER:
        choose_area(form, chain_of_person(form, at=at), at=at)
        set_senior_manager(form, at=at)
    after = _people(form)
    if before == after and not changes:
        raise RuleBroken("The people directory shows nobody else than those who have it", code="nothing_changed")
    # Once all four were sent it, a manager whom nobody follows does not hold up the way to a new team leader.
    needed = [part for part in parts if part is Part.TEAM_LEADER or part in after or not form.delivered_at]
    require_reachable(form, needed, at=at)
    _hand_over(form, before, kind="readdressed", words="\n".join(_differences(before, after)), by=by, at=at)
    return form


@transaction.atomic
def name_responsible(*, form_id: int, named: Named, by: Actor, at: datetime) -> FeedbackForm:
    """Name who is responsible, with words, where the directory shows no team leader: they act as the receiving team
    leader (CF-50).

    Raises NotThere, MovedOn, Refused, or RuleBroken where the directory shows one.
    """
    form = _to_readdress(form_id, by=by, at=at)
    if leader := chain_of_person(form, at=at).team_leader:
        raise RuleBroken(f"The people directory shows {leader}", code="not_vacant", field="staff")
    before = _people(form)
    recipient = name(form, Part.TEAM_LEADER, named, at=at)
    require_reachable(form, [Part.TEAM_LEADER], at=at)
    _hand_over(form, before, kind="responsible_named", words=f"{recipient.person}. {recipient.words}", by=by, at=at)
    return form


def discuss_by(form: FeedbackForm, *, at: datetime) -> datetime:
    """Return until when a form is to be discussed that is sent to all four at this moment."""
    return _time_to_discuss().due_at(at, calendar_of(_nation_of(form, at=at)).working_time)


def mail_to(form: FeedbackForm, parts: Iterable[Part], purpose: Purpose, *, by: Actor, at: datetime) -> None:
    """Send part 1 and both letters to whoever has one of these parts, each by a mail of their own."""
    papers = papers_for_delivery(form, at=at)
    due = Deadline.objects.open().filter(case=form.case, kind=DISCUSSION).first()
    for recipient in form.recipients.filter(part__in=[*parts]).select_related("person").order_by("pk"):
        _mail(form, recipient, purpose, papers, due_at=due.due_at if due else None, by=by, at=at)


def _mail(
    form: FeedbackForm,
    recipient: Recipient,
    purpose: Purpose,
    papers: list[int],
    *,
    due_at: datetime | None,
    by: Actor,
    at: datetime,
) -> None:
    template = str(purpose)
    if recipient.part == Part.TEAM_LEADER:
        template = "to_discuss" if due_at else "to_complete"
    message = queue_email(
        template=f"complaints_feedback/email/{template}",
        mailbox=MAILBOX,
        to=recipient.person.email,
        case=form.case,
        by=by,
        at=at,
        context={"form": form, "recipient": recipient, "due_words": day_and_time(due_at) if due_at else ""},
        attachments=papers,
    )
    form.sendings.create(part=recipient.part, person=recipient.person, purpose=purpose, message=message)


def _deliver(form: FeedbackForm, *, by: Actor, at: datetime) -> None:
    """Start the time to discuss it, and send it to all four."""
    nation = _nation_of(form, at=at)
    set_deadline(case=form.case, kind=DISCUSSION, target=_time_to_discuss(), at=at, nation=nation)
    mail_to(form, ALL_FOUR, Purpose.DELIVERY, by=by, at=at)
    words = f"{form.reference}: discuss this feedback with {form.person}"
    tell_all([person_in(form, Part.TEAM_LEADER)], words, form, by=by, at=at)


def _time_to_discuss() -> Target:
    return DISCUSS_WITHIN[settings.FEEDBACK_HOURS_BASIS]


def _nation_of(form: FeedbackForm, *, at: datetime) -> str:
    """Return whose days off count: those of where the person works, and is told."""
    own = chain_of_person(form, at=at).own
    return own.nation if own else Nation.ENGLAND_AND_WALES


def _bring_up_to_date(form: FeedbackForm, parts: Iterable[Part], *, by: Actor, at: datetime) -> None:
    """Take who is responsible today, and tell the sender where that is somebody else than before (CF-25, CF-26)."""
    chain = chain_of_person(form, at=at)
    changes = refresh(form, chain, parts, at=at)
    if form.state == FormState.SUBMITTED:
        choose_area(form, chain, at=at)
    if changes:
        record_event(form, "recipients_refreshed", by=by, at=at, words="\n".join(changes))
        tell_all([form.sender], f"{form.reference}: it goes to others now. {'; '.join(changes)}", form, by=by, at=at)


def _require_letters(form: FeedbackForm) -> None:
    facts = facts_of(form)
    require_all(
        errors_in_letters(
            facts.channel,
            has_complaint_letter=facts.has_complaint_letter,
            has_reply_letter=facts.has_reply_letter,
            call_summary=facts.call_summary,
        )
    )


def _to_readdress(form_id: int, *, by: Actor, at: datetime) -> FeedbackForm:
    form = locked(form_id, by=by, at=at)
    if form.state not in SUBMITTED_ON:
        raise moved_on(form)
    permissions.require_can_readdress(by, form)
    return form


def _hand_over(
    form: FeedbackForm, before: Mapping[Part, StaffMember], *, kind: str, words: str, by: Actor, at: datetime
) -> None:
    """Give the parts that changed to their new people, once the form has been sent, and tell those who had them."""
    take_over(form, at=at)
    require_four_people(form)
    after = _people(form)
    new = [part for part, person in after.items() if before.get(part) != person]
    is_new_receiver = Part.TEAM_LEADER in new
    if is_new_receiver and form.state == FormState.DELIVERED:
        form.received_at, form.overdue_told_at = at, None
    form.save()
    record_event(form, kind, by=by, at=at, words=words)
    if is_new_receiver and form.state == FormState.DELIVERED:
        nation = _nation_of(form, at=at)
        restart(case=form.case, kind=DISCUSSION, target=_time_to_discuss(), at=at, nation=nation)
    reads_now = [*ALL_FOUR] if form.delivered_at else [Part.SENIOR_MANAGER] if form.with_senior_at else []
    sent = [part for part in new if part in reads_now]
    if sent:
        mail_to(form, sent, Purpose.DELIVERY if form.delivered_at else Purpose.CONFIRM, by=by, at=at)
    read_on = {after[part] for part in reads_now if part in after}
    lost = [person for part, person in before.items() if part in reads_now and person not in read_on]
    tell_all(lost, f"{form.reference} is no longer yours: somebody else is responsible now", form, by=by, at=at)
    tell_all((after[part] for part in sent), f"{form.reference} is yours now", form, by=by, at=at)


def _people(form: FeedbackForm) -> dict[Part, StaffMember]:
    return {Part(one.part): one.person for one in form.recipients.select_related("person")}


def _differences(before: Mapping[Part, StaffMember], after: Mapping[Part, StaffMember]) -> list[str]:
    return [
        f"{part.label}: {after.get(part, 'nobody')}, was {before.get(part, 'nobody')}"
        for part in Part
        if before.get(part) != after.get(part)
    ]
