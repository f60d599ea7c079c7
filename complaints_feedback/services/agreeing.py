"""The sender's own team leader agrees, and checks the form once it is filled in (CF-22, CF-23, CF-32)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from complaints_feedback import permissions
from complaints_feedback.eligibility import missing_before_ask, missing_before_submit
from complaints_feedback.models import FeedbackForm
from complaints_feedback.routing import named_by_sender
from complaints_feedback.services.recipients import chain_of_person, choose_area, refresh
from complaints_feedback.services.shared import facts_of, locked, require_all, stop_clocks, take_over, tell_all
from complaints_feedback.terms import Broken, Route
from contacthub.actor import Actor
from contacthub.cases.services import move, require_still_open
from contacthub.errors import MovedOn, require_words
from contacthub.formats import uk_day
from contacthub.people.directory import chain_of


@transaction.atomic
def ask(*, form_id: int, by: Actor, at: datetime) -> FeedbackForm:
    """Ask the own team leader if feedback should be given (CF-22). Raises NotThere, MovedOn, Refused or RuleBroken."""
    form = locked(form_id, by=by, at=at)
    require_still_open(form.ask)
    permissions.require_sender(by, form)
    require_all(missing_before_ask(facts_of(form), today=uk_day(at)))
    move(form.ask, by=by, at=at)
    words = f"{form.reference}: say if you agree that {form.person} should get feedback"
    tell_all([form.sending_team_leader], words, form, by=by, at=at)
    return form


@transaction.atomic
def agree(*, form_id: int, asked_number: int, by: Actor, at: datetime) -> FeedbackForm:
    """Agree to what was asked: `asked_number` is that of the page, since person or trigger may have changed meanwhile.

    Raises NotThere, MovedOn or Refused.
    """
    form = _asked(form_id, asked_number, by=by, at=at)
    move(form.agree, by=by, at=at, leader_id=by.person_id)
    tell_all([form.sender], f"{form.reference}: {form.agreed_by} agrees that feedback is given", form, by=by, at=at)
    return form


@transaction.atomic
def refuse(*, form_id: int, asked_number: int, reason: str, by: Actor, at: datetime) -> FeedbackForm:
    """Do not agree, which ends the form (CF-23). Raises NotThere, MovedOn, Refused, or RuleBroken without a reason."""
    form = _asked(form_id, asked_number, by=by, at=at)
    require_words(reason, "Enter why feedback should not be given", field="reason")
    move(form.refuse, by=by, at=at, words=reason)
    stop_clocks(form, at=at)
    tell_all([form.sender], f"{form.reference}: your team leader does not agree, and it has ended", form, by=by, at=at)
    return form


@transaction.atomic
def submit(*, form_id: int, by: Actor, at: datetime) -> FeedbackForm:
    """Send the completed form to the sending team leader, with who is responsible today (CF-29 to CF-32).

    Raises NotThere, MovedOn, Refused, or RuleBroken with all that is missing.
    """
    form = locked(form_id, by=by, at=at)
    require_still_open(form.submit)
    permissions.require_sender(by, form)
    chain = chain_of_person(form, at=at)
    refresh(form, chain, named_by_sender(Route(form.route)), at=at)
    choose_area(form, chain, at=at)
    take_over(form, at=at)
    facts = facts_of(form, has_leader=chain.team_leader is not None)
    require_all(missing_before_submit(facts, today=uk_day(at)))
    move(form.submit, by=by, at=at)
    tell_all([form.sending_team_leader], f"{form.reference} is ready for you to check and send", form, by=by, at=at)
    return form


@transaction.atomic
def return_for_correction(*, form_id: int, reason: str, by: Actor, at: datetime) -> FeedbackForm:
    """Give a submitted form back to its sender. Raises NotThere, MovedOn, Refused, or RuleBroken without a reason."""
    form = locked(form_id, by=by, at=at)
    require_still_open(form.return_for_correction)
    permissions.require_sending_leader(by, form)
    require_words(reason, "Enter what must be corrected", field="reason")
    move(form.return_for_correction, by=by, at=at, words=reason)
    tell_all([form.sender], f"{form.reference} is returned to you for correction: {reason}", form, by=by, at=at)
    return form


def missing_of(form: FeedbackForm, *, at: datetime) -> list[Broken]:
    """Return what must be put right before the form can be submitted, for the pages."""
    chain = chain_of(form.person, on=uk_day(at)) if form.person else None
    facts = facts_of(form, has_leader=chain is None or chain.team_leader is not None)
    return missing_before_submit(facts, today=uk_day(at))


def missing_to_ask(form: FeedbackForm, *, at: datetime) -> list[Broken]:
    """Return what must be put right before the team leader can be asked, for the pages."""
    return missing_before_ask(facts_of(form), today=uk_day(at))


def _asked(form_id: int, asked_number: int, *, by: Actor, at: datetime) -> FeedbackForm:
    form = locked(form_id, by=by, at=at)
    require_still_open(form.agree)
    permissions.require_sending_leader(by, form)
    if form.asked_number != asked_number:
        words = "The person or what led to the complaint has changed since you opened this. Read it again"
        raise MovedOn(words, at=at)
    return form
