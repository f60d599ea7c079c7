"""Calls of the tests, opened by the services themselves."""

from __future__ import annotations

from contacthub.actor import Actor
from employer_contact import services
from employer_contact.models import Contact, Employer, PayrollAgent
from employer_contact.security import Outcome
from tests.employer_contact.people import CASEWORKER, somebody, team
from tests.factories import MORNING, EmployerFactory

CORRECT, WRONG, NOT_KNOWN = Outcome.CORRECT, Outcome.WRONG, Outcome.NOT_KNOWN


def caseworker() -> Actor:
    return somebody(CASEWORKER, unit=team())


def fresh(contact: Contact) -> Contact:
    return Contact.objects.with_party().get(pk=contact.pk)


def call_from(party: Employer | PayrollAgent | None, *, by: Actor, **given) -> Contact:
    """Return a call of a party that was chosen by hand, up to its security questions."""
    reference = party.ern if isinstance(party, Employer) else party.earn if party else ""
    return services.open_contact(party=reference, **given, by=by, at=MORNING)


def to_answer(contact: Contact) -> list[str]:
    """Return the codes of the questions that are not answered yet."""
    check = contact.checks.get(ended_at=None)
    return list(check.asked.filter(outcome="").values_list("question__code", flat=True))


def answer(contact: Contact, *outcomes: Outcome, by: Actor, **given) -> Contact:
    answers = dict(zip(to_answer(contact), outcomes, strict=True))
    return services.answer_questions(contact_id=contact.pk, answers=answers, **given, by=by, at=MORNING)


def passed(party: Employer | PayrollAgent | None = None, *, by: Actor, **given) -> Contact:
    """Return a call whose check is passed."""
    contact = call_from(party or EmployerFactory(whole=True), by=by, **given)
    return answer(contact, CORRECT, CORRECT, CORRECT, by=by)


def failed(party: Employer | PayrollAgent | None = None, *, by: Actor) -> Contact:
    """Return a call whose check has failed."""
    contact = call_from(party or EmployerFactory(whole=True), by=by)
    return services.answer_questions(contact_id=contact.pk, answers={}, gives_up=True, by=by, at=MORNING)


def with_reason(reason: str, party: Employer | PayrollAgent | None = None, *, by: Actor, **given) -> Contact:
    """Return a call whose check is passed, with a reason ticked."""
    contact = passed(party, by=by, **given)
    return services.choose_reasons(contact_id=contact.pk, reasons=[reason], by=by, at=MORNING)
