"""The security check of a contact: asked at random, compared by the caseworker, bound to the call and the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from random import SystemRandom
from typing import Any

from django.db import transaction

from contacthub.actor import CLOCK, Actor
from contacthub.cases.services import move, record_event, require_still_open
from contacthub.errors import RuleBroken
from contacthub.formats import uk_day
from contacthub.mail.services import tell
from contacthub.people.roles import Post
from contacthub.people.services import holders_of
from employer_contact import permissions, security
from employer_contact.lifecycle import ContactState
from employer_contact.models import AskedQuestion, Contact, Employer, PayrollAgent, SecurityCheck, SecurityQuestion
from employer_contact.noting import Noted
from employer_contact.security import Check, Outcome
from employer_contact.services.shared import locked_contact, require_still_with
from employer_contact.terms import Channel, Direction

NOT_ANSWERED = "Select if the answer was correct, wrong or not known"
_RANDOM = SystemRandom()


def begin_check(contact: Contact, *, by: Actor, at: datetime) -> None:
    """Draw the questions for the record that was chosen; where none are required, say so (EC-15, EC-22).

    The caller holds the lock. With fewer than three values held, the check fails at once.
    """
    standing, why_not = security.start(
        Channel(contact.channel), Direction(contact.direction), on_callback=contact.is_on_callback
    )
    if standing is Check.NOT_REQUIRED:
        move(contact.skip_security, by=CLOCK, at=at, words=why_not)
        _take_up_reasons(contact, at=at)
        return
    questions = held_questions(contact)
    check = SecurityCheck.objects.create(
        contact=contact, employer_id=contact.employer_id, agent_id=contact.agent_id, started_at=at
    )
    drawn = security.draw(questions, rng=_RANDOM)
    asked = [questions[code] for code in drawn]
    AskedQuestion.objects.bulk_create(AskedQuestion(check_of=check, question=one, label=one.label) for one in asked)
    if security.result(questions, {}) is Check.FAILED:
        _fail(contact, check, by=by, at=at, words="Fewer than three values are held")


def drop_check(contact: Contact, *, at: datetime) -> None:
    """End a check that came to no result: one goes on while its contact is identified, and no longer."""
    if contact.state == ContactState.IDENTIFIED:
        contact.checks.filter(ended_at=None).update(ended_at=at)


def held_questions(contact: Contact) -> dict[str, SecurityQuestion]:
    """Return the questions that may be asked of this party, by code: those for which its record holds a value."""
    held = security.held_values(contact.party.answers) if contact.party else {}
    asked = SecurityQuestion.objects.filter(party=contact.party_type, is_asked=True, code__in=held)
    return {question.code: question for question in asked}


@transaction.atomic
def answer_questions(
    *,
    contact_id: int,
    answers: Mapping[str, Outcome],
    prefers_fax: bool | None = None,
    gives_up: bool = False,
    noted: Noted | None = None,
    by: Actor,
    at: datetime,
) -> Contact:
    """Keep what became of each question, by its code, and draw substitutes; three correct pass (AMB-11).

    `prefers_fax` is noted beside the fax question. With `gives_up` what is not answered is not known, and the check
    fails. Raises NotThere, MovedOn, Refused, or RuleBroken where a question has no outcome.
    """
    contact = locked_contact(contact_id, noted=noted, by=by, at=at)
    require_still_open(contact.pass_security)
    permissions.require_may_check_security(by, on_callback=contact.is_on_callback)
    require_still_with(by, contact)
    asked = list(AskedQuestion.objects.of_open_check(contact.pk))
    check = asked[0].check_of
    open_ones = [one for one in asked if not one.outcome]
    _answer(open_ones, answers, gives_up=gives_up, at=at)
    if prefers_fax is not None and any(one.question.code == "e_fax" for one in asked):
        check.prefers_fax = prefers_fax
        check.save()
    words = ". ".join(f"{one.label}: {one.get_outcome_display().lower()}" for one in open_ones)
    record_event(contact, "answered", by=by, at=at, words=words)
    _judge(contact, check, asked, gives_up=gives_up, by=by, at=at)
    return contact


def _answer(asked: list[AskedQuestion], answers: Mapping[str, Outcome], *, gives_up: bool, at: datetime) -> None:
    for one in asked:
        outcome = answers.get(one.question.code) or (Outcome.NOT_KNOWN if gives_up else None)
        if outcome is None:
            raise RuleBroken(NOT_ANSWERED, code="outcome_required", field=one.question.code)
        one.outcome, one.answered_at = outcome, at
    AskedQuestion.objects.bulk_update(asked, ["outcome", "answered_at"])


def _judge(
    contact: Contact, check: SecurityCheck, asked: list[AskedQuestion], *, gives_up: bool, by: Actor, at: datetime
) -> None:
    """Pass or fail the check, or ask substitutes."""
    questions = held_questions(contact)
    outcomes: dict[str, Outcome | None] = {one.question.code: Outcome(one.outcome) for one in asked}
    standing = security.result(questions, outcomes)
    if standing is Check.PASSED:
        _pass(contact, check, by=by, at=at)
    elif standing is Check.FAILED or gives_up:
        _fail(contact, check, by=by, at=at)
    else:
        while code := security.substitute(questions, outcomes, rng=_RANDOM):
            check.asked.create(question=questions[code], label=questions[code].label, is_substitute=True)
            outcomes[code] = None


def _pass(contact: Contact, check: SecurityCheck, *, by: Actor, at: datetime) -> None:
    check.result, check.ended_at = Check.PASSED, at
    check.save()
    move(contact.pass_security, by=by, at=at)
    _take_up_reasons(contact, at=at)
    if check.prefers_fax is not None:
        _write_fax_flag(contact, check, by=by, at=at)


def _write_fax_flag(contact: Contact, check: SecurityCheck, *, by: Actor, at: datetime) -> None:
    """Write the preferred fax flag that was noted beside its question (EC-18)."""
    employer = Employer.objects.select_for_update(no_key=True).get(pk=check.employer_id)
    if not employer.fax or employer.prefers_fax == check.prefers_fax:
        return
    before, after = ("yes", "no") if employer.prefers_fax else ("no", "yes")
    employer.prefers_fax = bool(check.prefers_fax)
    employer.save()
    words = f"Preferred fax flag: {before} → {after}"
    record_event(employer, "changed", by=by, at=at, words=words, case=contact.case)


def _fail(contact: Contact, check: SecurityCheck, *, by: Actor, at: datetime, words: str = "") -> None:
    """Fail the check, and tell the lead where one record fails often. The record is locked, so that none is missed."""
    model: Any = Employer if check.employer_id else PayrollAgent
    party = model.objects.select_for_update(no_key=True).get(pk=check.employer_id or check.agent_id)
    check.result, check.ended_at = Check.FAILED, at
    check.save()
    move(contact.fail_security, by=by, at=at, words=words)
    failed = SecurityCheck.objects.failed_lately(employer_id=check.employer_id, agent_id=check.agent_id, at=at)
    if contact.team and security.lead_is_told(failed, at=at):
        told = f"{party}: {len(failed)} security checks failed in 24 hours, the latest in {contact.reference}"
        for lead in holders_of(Post.TEAM_LEADER, contact.team, on=uk_day(at)):
            tell(lead, words=told, case=contact.case, at=at)


def _take_up_reasons(contact: Contact, *, at: datetime) -> None:
    """Go on with the reasons of a call that was lost."""
    if contact.reasons.exists():
        move(contact.take_up_reasons, by=CLOCK, at=at)
