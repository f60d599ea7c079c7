"""How a form begins, and how it ends before anything is sent."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from complaints_feedback import permissions
from complaints_feedback.eligibility import TOO_OLD, error_in_issue_date
from complaints_feedback.models import FeedbackForm
from complaints_feedback.services.shared import (
    DAILY_CHECK,
    acting_leader,
    locked,
    refusal,
    stop_clocks,
    tell_all,
)
from complaints_feedback.terms import Part, Route
from contacthub.actor import Actor
from contacthub.cases.services import move, open_record, record_event, require_still_open
from contacthub.deadlines.services import set_deadline
from contacthub.deadlines.working_time import Target
from contacthub.errors import MovedOn, RuleBroken, require_words
from contacthub.formats import uk_day
from contacthub.people.directory import chain_of
from contacthub.people.models import StaffMember

ONE_DAY = Target(hours=24)
ONE_ACTIVE = "form_one_active_of_a_complaint"


@transaction.atomic
def start(*, complaint_reference: str, route: Route, by: Actor, at: datetime) -> FeedbackForm:
    """Start a form about a complaint of Respond; the day is fixed for the six months (CF-18, CF-28, CF-43).

    Raises Refused, RuleBroken without a reference, or MovedOn where the complaint has an active form.
    """
    permissions.require_can_start(by)
    reference = complaint_reference.strip().upper()
    require_words(reference, "Enter the complaint reference from Respond", field="complaint_reference")
    _require_no_other(reference)
    sender = StaffMember.objects.get(pk=by.person_id)
    chain = chain_of(sender, on=uk_day(at))
    given = {"complaint_reference": reference, "route": route, "sender": sender, "sender_team": chain.team}
    try:
        with transaction.atomic():
            form = open_record(FeedbackForm, started_on=uk_day(at), started_at=at, **given)
    except IntegrityError as breach:
        if ONE_ACTIVE not in str(breach):
            raise
        _require_no_other(reference)
        raise
    form.sending_team_leader_id = acting_leader(form, chain, at=at)
    form.save()
    record_event(form, "started", by=by, at=at, after=form.state)
    set_deadline(case=form.case, kind=DAILY_CHECK, target=ONE_DAY, at=at)
    return form


@transaction.atomic
def record_no_feedback(*, form_id: int, reason: str, by: Actor, at: datetime) -> FeedbackForm:
    """End a draft, since no feedback is due: nothing is sent (CF-20, CF-21).

    Raises NotThere, MovedOn, Refused, or RuleBroken without a reason.
    """
    form = locked(form_id, by=by, at=at)
    require_still_open(form.record_no_feedback)
    permissions.require_sender(by, form)
    require_words(reason, "Enter why no feedback is given", field="reason")
    move(form.record_no_feedback, by=by, at=at, words=reason)
    stop_clocks(form, at=at)
    return form


@transaction.atomic
def end_as_too_old(*, form_id: int, issue_on: date, by: Actor, at: datetime) -> FeedbackForm:
    """End a form whose sender has been shown that the date is too old, and says that it is right (M-CF-01, AMB-27).

    Raises NotThere, MovedOn, Refused, or RuleBroken where the date is within the six months, or to come.
    """
    form = locked(form_id, by=by, at=at)
    require_still_open(form.end_as_too_old)
    permissions.require_sender(by, form)
    broken = error_in_issue_date(issue_on, started_on=form.started_on, today=uk_day(at))
    if broken is None:
        words = "This date is within six months. Save it, and go on"
        raise RuleBroken(words, code="not_too_old", field="issue_on")
    if broken != TOO_OLD:
        raise refusal(broken)
    form.issue_on = issue_on
    move(form.end_as_too_old, by=by, at=at, words=TOO_OLD.words)
    stop_clocks(form, at=at)
    return form


@transaction.atomic
def withdraw(*, form_id: int, reason: str, by: Actor, at: datetime) -> FeedbackForm:
    """Withdraw a form that was not discussed yet; whoever was sent it is told, and reads it no longer.

    The sending team leader does, a draft its sender too. Raises NotThere, MovedOn, Refused or RuleBroken.
    """
    form = locked(form_id, by=by, at=at)
    require_still_open(form.withdraw)
    permissions.require_can_withdraw(by, form)
    require_words(reason, "Enter why the form is withdrawn", field="reason")
    move(form.withdraw, by=by, at=at, words=reason)
    stop_clocks(form, at=at)
    sent_to = form.recipients.select_related("person") if form.with_senior_at or form.delivered_at else []
    if not form.delivered_at:
        sent_to = [one for one in sent_to if one.part == Part.SENIOR_MANAGER]
    people = [form.sender, form.sending_team_leader, *(one.person for one in sent_to)]
    tell_all(people, f"{form.reference} is withdrawn: do not act on it", form, by=by, at=at)
    return form


def _require_no_other(complaint_reference: str) -> None:
    """Raise MovedOn, with whose it is, where the complaint has an active form."""
    other = FeedbackForm.objects.active().of_complaint(complaint_reference).select_related("sender").first()
    if other:
        words = f"{other.sender} has started {other.reference} about this complaint. A complaint has one form at a time"
        raise MovedOn(words, at=other.started_at, code="complaint_has_form")
