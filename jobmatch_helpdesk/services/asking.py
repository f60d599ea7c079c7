from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from contacthub.actor import CLOCK, Actor
from contacthub.cases.services import move, require_still_open
from contacthub.deadlines.services import drop, meet, pause, resume, set_deadline
from contacthub.errors import RuleBroken, require_words
from contacthub.mail.services import Preview, preview, queue_email, tell
from jobmatch_helpdesk import permissions
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import STAFF_SOURCES
from jobmatch_helpdesk.services.shared import (
    MAILBOX,
    NO_ANSWER_AFTER,
    address_of,
    agent_still_here,
    require_filled_in,
    require_still_with,
)


@transaction.atomic
def ask(*, incident_id: int, text: str, by: Actor, at: datetime) -> Incident:
    """Ask for information by email; the first-reply clock stands until the answer, five working days at most."""
    incident = Incident.objects.locked(by, pk=incident_id)
    require_still_open(incident.ask)
    permissions.require_can_work_on_incidents(by)
    require_still_with(by, incident)
    to = _require_ready(incident, text)
    move(incident.ask, by=by, at=at, words=f"To {to}")
    message = queue_email(case=incident.case, by=by, at=at, **_email(incident, text, to))
    incident.questions.create(text=text, to=to, by_id=by.person_id, at=at, message=message)
    pause(case=incident.case, kind="first_reply", at=at)
    set_deadline(case=incident.case, kind="no_answer", target=NO_ANSWER_AFTER, at=at)
    if incident.raised_by:
        tell(incident.raised_by, words=f"The Helpdesk asks about {incident.reference}", case=incident.case, at=at)
    return incident


@transaction.atomic
def answer(*, incident_id: int, text: str, by: Actor, at: datetime) -> Incident:
    """Answer what the Helpdesk asked; whoever raised the incident does, on its page."""
    incident = Incident.objects.locked(by, pk=incident_id)
    require_still_open(incident.answer)
    permissions.require_is_raiser(by, incident)
    return _answered(incident, text, by=by, at=at)


@transaction.atomic
def record_answer(*, incident_id: int, text: str, by: Actor, at: datetime) -> Incident:
    """Record an answer that came another way; the agent who has the incident does."""
    incident = Incident.objects.locked(by, pk=incident_id)
    require_still_open(incident.answer)
    permissions.require_can_work_on_incidents(by)
    require_still_with(by, incident)
    return _answered(incident, text, by=by, at=at)


@transaction.atomic
def carry_on(*, incident_id: int, by: Actor, at: datetime) -> Incident:
    """Go on without the answer."""
    incident = Incident.objects.locked(by, pk=incident_id)
    require_still_open(incident.carry_on)
    permissions.require_can_work_on_incidents(by)
    require_still_with(by, incident)
    move(incident.carry_on, by=by, at=at)
    resume(case=incident.case, kind="first_reply", at=at)
    drop(case=incident.case, kind="no_answer", at=at)
    return incident


def go_on_without_answer(incident: Incident, *, at: datetime) -> None:
    """Five working days have passed: back to the agent who asked, or to the queue where he is no longer here."""
    if agent := agent_still_here(incident, at=at):
        move(incident.carry_on, by=CLOCK, at=at, words="No answer in 5 working days")
        tell(agent, words=f"No answer came to your question about {incident.reference}", case=incident.case, at=at)
    else:
        move(incident.carry_on_without_agent, by=CLOCK, at=at)
    resume(case=incident.case, kind="first_reply", at=at)


def preview_question(*, incident: Incident, text: str, by: Actor) -> Preview:
    """Return the question as it will arrive, refused for the reasons for which `ask` is."""
    require_still_open(incident.ask)
    permissions.require_can_work_on_incidents(by)
    require_still_with(by, incident)
    return preview(**_email(incident, text, _require_ready(incident, text)))


def question_goes_to(incident: Incident) -> str:
    """Return whom a question goes to: the raiser on a staff row, else where the reply goes; "" if nobody."""
    return _raiser_address(incident) or address_of(incident)


def _raiser_address(incident: Incident) -> str:
    if incident.source not in STAFF_SOURCES:
        return ""
    return incident.raiser_email or (incident.raised_by.email if incident.raised_by else "")


def _answered(incident: Incident, text: str, *, by: Actor, at: datetime) -> Incident:
    require_words(text, "Enter the answer", field="text")
    move(incident.answer, by=by, at=at)
    question = incident.questions.latest("pk")
    question.answer, question.answered_at, question.answered_by_id = text, at, by.staff_id
    question.save()
    resume(case=incident.case, kind="first_reply", at=at)
    meet(case=incident.case, kind="no_answer", at=at)
    if incident.assigned_to and incident.assigned_to_id != by.staff_id:
        tell(incident.assigned_to, words=f"{incident.reference} was answered", case=incident.case, at=at)
    return incident


def _require_ready(incident: Incident, text: str) -> str:
    require_words(text, "Enter your question", field="text")
    require_filled_in(text)
    to = question_goes_to(incident)
    if not to:
        raise RuleBroken("There is no address to ask at", code="no_address", field="text")
    return to


def _email(incident: Incident, text: str, to: str) -> dict[str, Any]:
    return {
        "template": "jobmatch_helpdesk/email/question",
        "mailbox": MAILBOX,
        "to": to,
        "language": "en" if _raiser_address(incident) else incident.language,
        "context": {"incident": incident, "words": text, "agent": incident.assigned_to},
    }
