"""What the box in the head of every page finds of employer contact: records, and what was asked for and raised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.html import format_html

from contacthub.actor import Actor
from contacthub.cases.finding import Sought, marked
from contacthub.cases.searching import find
from contacthub.clock import now
from contacthub.formats import telephone, uk_day
from contacthub.people.roles import Role
from contacthub.ui.navigation import Found, FoundRow
from employer_contact import permissions, searching
from employer_contact.identifiers import IdentifierKind
from employer_contact.models import (
    AgentLink,
    Contact,
    Employer,
    Employment,
    PayingParent,
    PayrollAgent,
    ReissueRequest,
    ServiceRequest,
)
from employer_contact.naming import CANDIDATES

FEW = 5  # parties; of more than these nobody wants to see every contact and request
OF_THE_FLOOR = {IdentifierKind.NAME, IdentifierKind.TELEPHONE, IdentifierKind.EMAIL, IdentifierKind.OTHER_NUMBER}
OF_A_PARENT = {IdentifierKind.NINO, IdentifierKind.PARENT_REFERENCE}
WHOLE = {IdentifierKind.ERN, IdentifierKind.EARN}
READ_ACCOUNTS = "employers:read"


def found(actor: Actor, sought: Sought, *, at_most: int) -> list[Found]:
    """Return what fits of each kind: employers, agents, paying parents, service requests, contacts, re-issues.

    By what a party or a paying parent is known by, what they asked for and what was raised for them is found as well.
    Who leads the team of an owner of cases who has left may have no more of all this than their re-issues.
    """
    if not _looks_here(actor):
        return _reissues(actor, sought, at_most=at_most) if actor.posts else []
    parties = _parties(actor, sought)
    requests, contacts = _besides(parties)
    return [
        *_accounts(parties, sought, at_most=at_most),
        _requests(actor, sought, requests, at_most=at_most),
        _contacts(actor, sought, contacts, at_most=at_most),
        *_reissues(actor, sought, at_most=at_most),
    ]


def _looks_here(actor: Actor) -> bool:
    """Say if there may be something for the actor: `visible_to` says what."""
    return Role.INTEGRATOR in actor.roles or permissions.may_open_accounts(actor)


def _parties(actor: Actor, sought: Sought) -> searching.Found | None:
    if not sought.is_readable:
        return None
    return searching.find_parties(sought.nino or sought.typed, seen_by=actor, size=CANDIDATES, near=False)


def _besides(parties: searching.Found | None) -> tuple[list[QuerySet[Any]], list[QuerySet[Any]]]:
    """Return the service requests and the contacts of what was found, the newest first, a list for each."""
    if parties is None or parties.taken_for.kind in WHOLE:
        return [], []
    requests, contacts = ServiceRequest.objects.newest_first(), Contact.objects.newest_first()
    if parties.taken_for.kind in OF_A_PARENT:
        return [requests.filter(paying_parents=parent) for parent in parties.parents], []
    if len(parties.employers) + len(parties.agents) > FEW:
        return [], []
    of = [{"employer": one} for one in parties.employers] + [{"agent": one} for one in parties.agents]
    return [requests.filter(**party) for party in of], [contacts.filter(**party) for party in of]


def _accounts(parties: searching.Found | None, sought: Sought, *, at_most: int) -> list[Found]:
    employers, agents, parents = (parties.employers, parties.agents, parties.parents) if parties else ([], [], [])
    rows_of: list[tuple[str, str, Sequence[Any], Any]] = [
        ("Employers", "employers", employers, _employer_rows),
        ("Agents", "agents", agents, _agent_rows),
        ("Paying parents", "paying-parents", parents, _parent_rows),
    ]
    return [
        Found(
            label,
            code,
            rows(records[:at_most], sought, parties),
            len(records),
            len(records) == CANDIDATES,
            _taken_for(parties),
            READ_ACCOUNTS,
        )
        for label, code, records, rows in rows_of
    ]


def _taken_for(parties: searching.Found | None) -> str:
    """Return what only we take words for; a number of 9 digits is an ERN where an employer has it."""
    if parties is None or parties.taken_for.kind in OF_THE_FLOOR:
        return ""
    is_somebodys = parties.taken_for.kind is not IdentifierKind.ERN or parties.employers
    return str(parties.taken_for.kind.label) if is_somebodys else ""


def _employer_rows(employers: Sequence[Employer], sought: Sought, parties: searching.Found | None) -> list[FoundRow]:
    if not employers:
        return []
    links = AgentLink.objects.on(uk_day(now())).filter(employer__in=employers).select_related("agent").newest_first()
    acting: dict[int, list[str]] = {}
    for link in links:
        acting.setdefault(link.employer_id, []).append(link.agent.name)
    return [
        FoundRow(
            url=employer.get_absolute_url(),
            reference=f"ERN {employer.ern}",
            name=sought.mark(employer.name),
            what=employer.address_in_short,
            found_by=[
                *(sought.mark(name) for name in employer.contact_names if sought.names(name)),
                *_reached(sought, [*employer.numbers, employer.email]),
            ],
            stands=f"Agent {', '.join(acting[employer.pk])}" if employer.pk in acting else "No agent",
            at=None,
            is_meant=_is_whole(parties),
        )
        for employer in employers
    ]


def _agent_rows(agents: Sequence[PayrollAgent], sought: Sought, parties: searching.Found | None) -> list[FoundRow]:
    return [
        FoundRow(
            url=agent.get_absolute_url(),
            reference=f"EARN {agent.earn}",
            name=sought.mark(agent.name),
            what=agent.address_in_short,
            found_by=_reached(sought, [agent.telephone, agent.email]),
            stands="Payroll agent",
            at=None,
            is_meant=_is_whole(parties),
        )
        for agent in agents
    ]


def _parent_rows(parents: Sequence[PayingParent], sought: Sought, parties: searching.Found | None) -> list[FoundRow]:
    """Return a row for each paying parent who works somewhere, or did: their page is among those of an employer."""
    if not parents:
        return []
    there, since = F("ends_on").desc(nulls_first=True), F("starts_on").desc(nulls_last=True)
    held = Employment.objects.filter(paying_parent__in=parents).select_related("employer").order_by(there, since, "pk")
    jobs: dict[int, list[Employment]] = {}
    for job in held:
        jobs.setdefault(job.paying_parent_id, []).append(job)
    return [_parent_row(parent, jobs[parent.pk], sought) for parent in parents if parent.pk in jobs]


def _parent_row(parent: PayingParent, jobs: Sequence[Employment], sought: Sought) -> FoundRow:
    """Return one row, whatever the number of employers; the National Insurance number is masked (XC-06)."""
    more = f" and {len(jobs) - 1} more" if len(jobs) > 1 else ""
    return FoundRow(
        url=reverse("employers:parent", args=[jobs[0].employer.ern, parent.reference]),
        reference=parent.reference,
        name=sought.mark(parent.name),
        what=f"At {jobs[0].employer.name}{more}",
        found_by=[marked(parent.masked_nino)] if sought.nino else [],
        stands="Paying parent",
        at=None,
    )


def _requests(actor: Actor, sought: Sought, besides: Sequence[QuerySet[Any]], *, at_most: int) -> Found:
    beside = ("employer", "agent", "owner")
    finding = find(ServiceRequest, sought, by=actor, at_most=at_most, beside=beside, besides=besides)
    rows = [
        FoundRow(
            url=request.get_absolute_url(),
            reference=request.reference,
            name=request.name,
            what=format_html("{} / {}, for {}", request.process, request.area, sought.mark(str(request.about))),
            found_by=[],
            stands=_with(request, actor) if request.is_open else request.get_state_display(),
            at=request.opened_at,
            due_at=request.due_at if request.is_open else None,
        )
        for request in finding.records
    ]
    return Found("Service requests", "service-requests", rows, finding.count, finding.has_more)


def _contacts(actor: Actor, sought: Sought, besides: Sequence[QuerySet[Any]], *, at_most: int) -> Found:
    beside = ("employer", "agent", "owner", "reasons__reason")
    finding = find(Contact, sought, by=actor, at_most=at_most, beside=beside, besides=besides)
    rows = [
        FoundRow(
            url=contact.get_absolute_url(),
            reference=contact.reference,
            name=sought.mark(str(contact.party)) if contact.party else "Nobody identified",
            what=_asked(contact),
            found_by=[
                *([sought.mark(contact.caller_name)] if sought.names(contact.caller_name) else []),
                *_reached(sought, [contact.calling_number]),
            ],
            stands=f"{contact.get_state_display()}, {_with(contact, actor)}",
            at=contact.opened_at,
        )
        for contact in finding.records
    ]
    return Found("Contacts", "contacts", rows, finding.count, finding.has_more)


def _reissues(actor: Actor, sought: Sought, *, at_most: int) -> list[Found]:
    """Return the requests to re-issue a CMSL2040: by their reference, and by nothing else."""
    if not any(reference.startswith(f"{ReissueRequest.PREFIX}-") for reference in sought.references):
        return []
    beside = ("employer", "maintenance_case__paying_parent", "maintenance_case__owner")
    finding = find(ReissueRequest, sought, by=actor, at_most=at_most, beside=beside)
    rows = [
        FoundRow(
            url=request.get_absolute_url(),
            reference=request.reference,
            name=f"CMSL2040 for {request.maintenance_case.paying_parent.name}",
            what=f"Case {request.maintenance_case.number}, to {request.employer.name}",
            found_by=[],
            stands=f"with {request.case_owner or 'nobody'}" if request.is_open else request.get_state_display(),
            at=request.opened_at,
            due_at=request.due_at if request.is_open else None,
        )
        for request in finding.records
    ]
    return [Found("Re-issue requests", "reissues", rows, finding.count, finding.has_more)]


def _asked(contact: Contact) -> str:
    """Return "Request employer statement, letter": for what they asked, if that is known, and how it came."""
    how = contact.get_channel_display()
    return ", ".join([*(str(given.reason) for given in contact.reasons.all()), how.lower()]).capitalize()


def _with(record: Any, actor: Actor) -> str:
    """Return "with you", "with B. Shah" or "with nobody yet"."""
    if permissions.owns(actor, record):
        return "with you"
    return f"with {record.owner.short_name}" if record.owner else "with nobody yet"


def _reached(sought: Sought, kept: Iterable[str]) -> list[str]:
    """Return the numbers and addresses among these that were looked for."""
    return [marked(one if "@" in one else telephone(one)) for one in kept if one and sought.fits(one)]


def _is_whole(parties: searching.Found | None) -> bool:
    return parties is not None and parties.taken_for.kind in WHOLE
