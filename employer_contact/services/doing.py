"""Steps that do what they say: change a record, link or end an agent, change schedule lines, send a confirmation.

Each makes its change under the service request and completes the step in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from contacthub.actor import Actor
from contacthub.deadlines.models import FollowUpKind
from contacthub.deadlines.services import expect
from contacthub.deadlines.working_time import Target
from contacthub.errors import NotSetUp, RuleBroken
from contacthub.mail.services import queue_email
from employer_contact.details import AgentDetails, EmployerDetails
from employer_contact.models import (
    Activity,
    AgentLink,
    DeoSchedule,
    Employer,
    PayrollAgent,
    ScheduleLine,
    ServiceRequest,
)
from employer_contact.names import words_of
from employer_contact.personal import masked_in
from employer_contact.plans import Doing
from employer_contact.security import Check, Grounds
from employer_contact.services.accounts import add_agent, earn_taken, update_agent, update_employer
from employer_contact.services.activities import complete_step, locked_step, require_can_start
from employer_contact.services.links import end_link, link_agent
from employer_contact.services.schedules import LineUpdate, Unknown, update_lines
from employer_contact.terms import How, Language

MAILBOX = "employers"
LETTER_WITHIN = Target(working_days=1)
NO_AGENT = "Enter the EARN of the agent, like EA9000001. Where the agent has no record yet, enter the company name too"
NO_LINK = "Select the agent whose link ends"
NO_DAY = "Enter the day"
NO_SCHEDULE = "This employer has no DEO schedule. Say why this is not needed"
NO_EMAIL = "{} has no email address. Send a letter, or tell them by telephone"

NO_WELSH = (
    "{} has chosen Welsh, and this email has no Welsh text. Ask the Welsh Language Unit for a letter, or tell them by"
    " telephone"
)


@transaction.atomic
def change_employer_step(
    *, service_request_id: int, number: int, seen: EmployerDetails, details: EmployerDetails, by: Actor, at: datetime
) -> ServiceRequest:
    """Change the employer's details and complete the step; where nothing differs, an earlier change counts.

    Raises what `update_employer` and `complete_step` raise.
    """
    request, _ = _ready(service_request_id, number, Doing.CHANGE_EMPLOYER, by=by)
    if details != seen and request.employer_id:
        update_employer(
            employer_id=request.employer_id, seen=seen, details=details, grounds=grounds_of(request), by=by, at=at
        )
    return complete_step(service_request_id=service_request_id, number=number, by=by, at=at)


@transaction.atomic
def change_agent_step(
    *, service_request_id: int, number: int, seen: AgentDetails, details: AgentDetails, by: Actor, at: datetime
) -> ServiceRequest:
    """Change the agent's own details and complete the step, as `change_employer_step` does an employer's."""
    request, _ = _ready(service_request_id, number, Doing.CHANGE_AGENT, by=by)
    if details != seen and request.agent_id:
        update_agent(agent_id=request.agent_id, seen=seen, details=details, grounds=grounds_of(request), by=by, at=at)
    return complete_step(service_request_id=service_request_id, number=number, by=by, at=at)


@transaction.atomic
def link_agent_step(
    *,
    service_request_id: int,
    number: int,
    earn: str,
    name: str = "",
    starts_on: date | None,
    may_do: str = "",
    gets_schedule: bool = False,
    by: Actor,
    at: datetime,
) -> ServiceRequest:
    """Link an agent to the employer from a day on, with a record of its own where it has none, and complete the step.

    Raises what `link_agent` and `complete_step` raise; RuleBroken where the EARN is that of another company.
    """
    request, _ = _ready(service_request_id, number, Doing.LINK_AGENT, by=by)
    if starts_on is None:
        raise RuleBroken("Enter the day from which the agent acts", code="day_required", field="starts_on")
    grounds = grounds_of(request)
    agent = PayrollAgent.objects.filter(earn=earn).first()
    if agent and words_of(name) and words_of(name) != words_of(agent.name):
        raise earn_taken(agent)
    if agent is None and earn and name.strip():
        agent = add_agent(earn=earn, details=AgentDetails(name=name.strip()), grounds=grounds, by=by, at=at)
    if agent is None:
        raise RuleBroken(NO_AGENT, code="agent_required", field="earn")
    link_agent(
        employer_id=request.employer_id or 0,
        agent_id=agent.pk,
        starts_on=starts_on,
        may_do=may_do,
        gets_schedule=gets_schedule,
        grounds=grounds,
        by=by,
        at=at,
    )
    _name_agent(request, agent.pk)
    return complete_step(service_request_id=service_request_id, number=number, by=by, at=at)


@transaction.atomic
def end_link_step(
    *, service_request_id: int, number: int, link_id: int | None, ends_on: date | None, by: Actor, at: datetime
) -> ServiceRequest:
    """End the link to an agent with its last day, and complete the step. Raises what those two raise."""
    request, _ = _ready(service_request_id, number, Doing.END_LINK, by=by)
    if ends_on is None:
        raise RuleBroken("Enter the last day of the link", code="day_required", field="ends_on")
    link = AgentLink.objects.filter(pk=link_id or 0, employer=request.employer_id).first()
    if link is None:
        raise RuleBroken(NO_LINK, code="link_required", field="link_id")
    end_link(link_id=link.pk, ends_on=ends_on, grounds=grounds_of(request), by=by, at=at)
    _name_agent(request, link.agent_id)
    return complete_step(service_request_id=service_request_id, number=number, by=by, at=at)


@transaction.atomic
def update_lines_step(
    *,
    service_request_id: int,
    number: int,
    updates: Sequence[LineUpdate] = (),
    unknown: Sequence[Unknown] = (),
    words: str = "",
    by: Actor,
    at: datetime,
) -> ServiceRequest:
    """Change the lines of the paying parents on the newest schedule, and complete the step (EC-35, EC-36).

    Lines that stay as they are are left out; `words` explain those. Raises what `update_lines` and `complete_step` do.
    """
    request, _ = _ready(service_request_id, number, Doing.UPDATE_LINES, by=by)
    schedule = newest_schedule(request)
    if schedule is None:
        raise RuleBroken(NO_SCHEDULE, code="schedule_required")
    different = [update for update in updates if update.reported != update.seen]
    if different or unknown:
        grounds = grounds_of(request)
        update_lines(schedule_id=schedule.pk, updates=different, unknown=unknown, grounds=grounds, by=by, at=at)
    return complete_step(service_request_id=service_request_id, number=number, words=words, by=by, at=at)


@transaction.atomic
def tell_party_step(
    *, service_request_id: int, number: int, how: str, words: str = "", by: Actor, at: datetime
) -> ServiceRequest:
    """Confirm what was done to the employer and the agent: by email, by a letter to send, or by telephone.

    Raises what `complete_step` raises; RuleBroken where somebody has no email, or has chosen Welsh and there is no
    Welsh text; NotSetUp where nobody would send it.
    """
    request, step = _ready(service_request_id, number, Doing.TELL_PARTY, by=by)
    told = [party for party in (request.employer, request.agent) if party]
    names = " and ".join(str(party) for party in told)
    if how == How.EMAIL:
        for party in told:
            _email(request, party, words, by=by, at=at)
    elif how == How.LETTER:
        _letter(request, names, by=by, at=at)
    elif how != How.TELEPHONE:
        raise RuleBroken("Select how it is confirmed", code="how_required", field="how")
    said = ". ".join(filter(None, [f"{How(how).label}: {names}", words.strip()]))
    return complete_step(service_request_id=service_request_id, number=step.number, words=said, by=by, at=at)


def _email(request: ServiceRequest, party: Employer | PayrollAgent, words: str, *, by: Actor, at: datetime) -> None:
    if not party.email:
        raise RuleBroken(NO_EMAIL.format(party), code="email_required", field="how")
    try:
        queue_email(
            template="employer_contact/email/confirmation",
            mailbox=MAILBOX,
            to=party.email,
            case=request.case,
            by=by,
            at=at,
            context={"request": request, "party": party, "words": masked_in(words.strip())},
            language=party.language if isinstance(party, Employer) else Language.ENGLISH,  # of agents none is held
        )
    except RuleBroken as refusal:
        if refusal.code != "welsh_missing":
            raise
        raise RuleBroken(NO_WELSH.format(party), code=refusal.code, field="how") from refusal


def _letter(request: ServiceRequest, names: str, *, by: Actor, at: datetime) -> None:
    if request.team is None:
        raise NotSetUp("This service request is with no team, so nobody would send the letter. Give it to a colleague")
    words = f"{request.name}, confirmation to {names}"[:200]
    kind = FollowUpKind.LETTER
    expect(case=request.case, kind=kind, unit=request.team, words=words, target=LETTER_WITHIN, by=by, at=at)


def grounds_of(request: ServiceRequest) -> Grounds:
    """A request stands on the check of the contact that it was raised in."""
    return Grounds(case_id=request.pk, check=Check(request.security))


def newest_schedule(request: ServiceRequest) -> DeoSchedule | None:
    return DeoSchedule.objects.filter(employer=request.employer_id).order_by("-month").first()


def lines_of(request: ServiceRequest) -> list[ScheduleLine]:
    """Return the lines of the paying parents of a request on the newest schedule, by name."""
    schedule = newest_schedule(request)
    rows = ScheduleLine.objects.filter(schedule=schedule, paying_parent__in=request.paying_parents.all())
    return list(rows.by_name()) if schedule else []


def _ready(service_request_id: int, number: int, does: Doing, *, by: Actor) -> tuple[ServiceRequest, Activity]:
    """Return the request and its step, locked, where that step does this and can start."""
    request, step = locked_step(service_request_id, number, by=by)
    if step.does != does:
        raise RuleBroken("This activity does something else. Load the page again", code="other_activity")
    require_can_start(request, step)
    return request, step


def _name_agent(request: ServiceRequest, agent_id: int) -> None:
    request.agent_id = agent_id
    request.save()
