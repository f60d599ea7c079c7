"""Agents that act for employers, from a first to a last day (EC-40 to EC-42)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from contacthub.actor import Actor
from contacthub.cases.services import events_about, record_event
from contacthub.errors import MovedOn, NotThere, RuleBroken
from contacthub.formats import short_date
from employer_contact.models import AgentLink, Employer, PayrollAgent
from employer_contact.security import Grounds
from employer_contact.services.accounts import locked
from employer_contact.services.grounds import case_of, require_grounds


@transaction.atomic
def link_agent(
    *,
    employer_id: int,
    agent_id: int,
    starts_on: date,
    may_do: str = "",
    gets_schedule: bool = False,
    grounds: Grounds,
    by: Actor,
    at: datetime,
) -> AgentLink:
    """Let an agent act for an employer from a day on. The link stands on both records.

    Raises NotThere, Refused, or RuleBroken: before the security check, or where the two are linked then already.
    """
    case = case_of(grounds)
    employer = locked(Employer, employer_id, by=by)
    agent = locked(PayrollAgent, agent_id, by=by)
    require_grounds(by, grounds)
    later = Q(ends_on=None) | Q(ends_on__gte=starts_on)
    there = AgentLink.objects.filter(later, employer=employer, agent=agent).order_by("starts_on", "pk").first()
    if there:
        words = f"{agent} acts for this employer from {short_date(there.starts_on)} already. End that link first"
        raise RuleBroken(words, code="linked_already", field="agent")
    link = AgentLink.objects.create(
        employer=employer, agent=agent, starts_on=starts_on, may_do=may_do.strip(), gets_schedule=gets_schedule
    )
    since = f"from {short_date(starts_on)}"
    record_event(link, "linked", by=by, at=at, words=f"{agent} for {employer}, {since}", case=case)
    record_event(employer, "linked", by=by, at=at, words=f"{agent} (EARN {agent.earn}), {since}")
    record_event(agent, "linked", by=by, at=at, words=f"{employer} (ERN {employer.ern}), {since}")
    return link


@transaction.atomic
def end_link(*, link_id: int, ends_on: date, grounds: Grounds, by: Actor, at: datetime) -> AgentLink:
    """End a link with its last day; it stays on both records.

    Raises NotThere, Refused, MovedOn where it was ended meanwhile, or RuleBroken.
    """
    found = AgentLink.objects.filter(pk=link_id).first()
    if found is None:
        raise NotThere
    case = case_of(grounds)
    employer = locked(Employer, found.employer_id, by=by)
    agent = locked(PayrollAgent, found.agent_id, by=by)
    link: AgentLink = AgentLink.objects.select_for_update(no_key=True).get(pk=link_id)
    if link.ends_on is not None:
        raise _ended(link, at=at)
    require_grounds(by, grounds)
    if ends_on < link.starts_on:
        words = f"The last day must be {short_date(link.starts_on)}, when the link began, or later"
        raise RuleBroken(words, code="days_in_order", field="ends_on")
    link.ends_on = ends_on
    link.save()
    until = f"last day {short_date(ends_on)}"
    record_event(link, "ended", by=by, at=at, words=f"{agent} for {employer}, {until}", case=case)
    record_event(employer, "ended", by=by, at=at, words=f"{agent} (EARN {agent.earn}), {until}")
    record_event(agent, "ended", by=by, at=at, words=f"{employer} (ERN {employer.ern}), {until}")
    return link


def _ended(link: AgentLink, *, at: datetime) -> MovedOn:
    event = events_about(link).filter(kind="ended").first()
    who = f"Link ended by {event.actor or 'ContactHub'}" if event else "The link has ended"
    last = short_date(link.ends_on) if link.ends_on else ""
    return MovedOn(f"{who}: its last day is {last}", at=event.at if event else at)
