"""What the form of a service request offers: the kinds a reason leads to, and all that is known already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from contacthub.actor import Actor
from contacthub.formats import short_date, uk_day
from employer_contact.identifiers import IdentifierKind, recognise
from employer_contact.models import (
    AgentLink,
    Contact,
    DeoSchedule,
    Employer,
    Employment,
    PayingParent,
    ReasonGiven,
    ServiceRequest,
    ServiceRequestKind,
)
from employer_contact.names import key
from employer_contact.taxonomy import COMPLAINT_RESOLUTION, Need, RequestKind, needs, offered
from employer_contact.terms import PartyType

Choices = Sequence[tuple[str, str]]
PARENTS_SHOWN = EMPLOYERS_SHOWN = 60
MONTHS_BACK = 13
COMPLAINTS_SHOWN = 20
REQUESTS_SHOWN = 5


@dataclass(frozen=True)
class Choosable:
    """What a request can be raised with: its kinds and what they need, and what there is to choose from.

    `find_parent` returns the 12-digit reference of a paying parent of the employer, "" of anybody else. Where an agent
    acts for very many, no `employers` are offered and `employer_is_typed`.
    """

    kinds: Sequence[RequestKind]
    needs: Sequence[Need]
    party: PartyType
    employers: Choices = ()
    employer: str = ""
    employer_is_typed: bool = False
    parents: Choices = ()
    find_parent: Callable[[str], str] = field(default=lambda typed: "")
    months: Sequence[date] = ()
    newest_month: date | None = None
    complaints: Choices = ()

    def ticked(self, references: Sequence[str]) -> dict[str, Any]:
        """Return what the form holds where these paying parents were chosen before: who is not offered is typed."""
        if not references:
            return {}
        shown = [reference for reference, _ in self.parents if reference in references]
        typed = [reference for reference in references if reference not in shown]
        chosen = shown[0] if shown and Need.ONE_PARENT in self.needs else shown
        return {"paying_parents": chosen, "others": "\n".join(typed)}


def next_to_raise(contact: Contact) -> ReasonGiven | None:
    """Return the first reason that leads to a request and has neither one that stands nor words why not."""
    return _next_of(contact, ReasonGiven.objects.of_contact(contact.pk).with_what_stands())


def _next_of(contact: Contact, reasons: Iterable[Any]) -> ReasonGiven | None:
    """Return it from the reasons of the contact, read `with_what_stands`."""
    if not contact.party_type:
        return None
    waiting = [one for one in reasons if not one.has_standing and not one.why_none]
    kinds = ServiceRequestKind.objects.of_reasons(one.reason.code for one in waiting).as_rules()
    party = PartyType(contact.party_type)
    return next((one for one in waiting if offered(kinds, reason=one.reason.code, party=party)), None)


def where_next(contact: Contact) -> tuple[str, ...]:
    """Return the page after a reason: the next form of a request, activities that a reason has itself, or wrap-up."""
    reasons = list(ReasonGiven.objects.of_contact(contact.pk).with_what_stands())
    if following := _next_of(contact, reasons):
        return ("employers:raising", contact.reference, following.reason.code)
    if any(one.has_steps_left for one in reasons):
        return ("employers:schedule_input", contact.reference)
    return ("employers:wrap_up", contact.reference)


def choosable(
    of: Contact | ServiceRequest, kinds: list[RequestKind], *, ern: str = "", by: Actor, on: date
) -> Choosable:
    """Return what there is to choose from for one of these kinds; `ern` is the employer an agent is asking about."""
    party = PartyType(of.party_type)
    wanted = list(dict.fromkeys(need for kind in kinds for need in needs(kind, party)))
    employers = _employers(of, on=on) if Need.EMPLOYER in wanted else ()
    is_typed = len(employers) > EMPLOYERS_SHOWN
    employer = _employer(of, employers, ern, on=on)
    asks_parents = bool({Need.ONE_PARENT, Need.SEVERAL_PARENTS, Need.ANY_PARENTS} & set(wanted))
    return Choosable(
        kinds=kinds,
        needs=wanted,
        party=party,
        employers=() if is_typed else employers,
        employer_is_typed=is_typed,
        employer=employer.ern if employer and party == PartyType.AGENT else "",
        parents=_parents(employer, by=by) if employer and asks_parents else (),
        find_parent=lambda typed: _find_parent(employer, typed, by=by),
        months=_months(on),
        newest_month=_newest_month(employer) if employer and Need.MONTH in wanted else None,
        complaints=_complaints(employer) if employer and Need.EARLIER_COMPLAINT in wanted else (),
    )


def open_before(given: ReasonGiven, contact: Contact, *, ern: str, by: Actor) -> list[ServiceRequest]:
    """Return the newest open requests of the party that a reason can be about, in which nothing need be raised again.

    An agent's are those that it asked for, and where it asks about one employer, by `ern`, those of that one besides.
    """
    rows: Any = ServiceRequest.objects.visible_to(by).open().exclude(contact=contact).exclude(attached__reason=given)
    rows = rows.select_related("owner").newest_first()
    found = list(rows.of_party(contact)[:REQUESTS_SHOWN])
    if contact.agent_id and ern:
        theirs = rows.filter(employer__ern=ern, agent=None, kind__open_to_agent=True)
        found = sorted([*found, *theirs[:REQUESTS_SHOWN]], key=lambda one: (one.opened_at, one.pk), reverse=True)
    return found[:REQUESTS_SHOWN]


def _employers(of: Contact | ServiceRequest, *, on: date) -> Choices:
    """Return the employers for whom the agent acts today, by name; of very many only enough to know that."""
    acting: Any = AgentLink.objects.on(on).filter(agent_id=of.agent_id).select_related("employer")
    employers = [link.employer for link in acting.order_by()[: EMPLOYERS_SHOWN + 1]]
    by_name = sorted(employers, key=lambda one: (one.name_key, one.pk))
    return [(one.ern, f"{one}, ERN {one.ern}") for one in by_name]


def _employer(of: Contact | ServiceRequest, employers: Choices, asked: str, *, on: date) -> Employer | None:
    """Return the employer that the request is about: an agent's by what was chosen, or typed as ERN or whole name."""
    if of.party_type == PartyType.EMPLOYER:
        return of.employer
    if isinstance(of, ServiceRequest) and of.employer and not asked:
        return of.employer
    identifier = recognise(employers[0][0] if len(employers) == 1 else asked)
    if identifier is None or of.agent_id is None:
        return None
    by_ern = {"ern": identifier.value}
    column = by_ern if identifier.kind == IdentifierKind.ERN else {"name_key__startswith": key(identifier.value)}
    found = list(Employer.objects.of_agent(of.agent_id, on=on).filter(**column).order_by("pk")[:2])
    return found[0] if len(found) == 1 else None


def _parents(employer: Employer, *, by: Actor) -> Choices:
    """Return the employer's paying parents by name, masked; where there are many, the others are typed."""
    jobs = Employment.objects.filter(employer=employer).seen_by(by).select_related("paying_parent")
    parents = [job.paying_parent for job in jobs.order_by("name_key", "pk")[:PARENTS_SHOWN]]
    return [
        (parent.reference, ", ".join(filter(None, [parent.name, parent.masked_nino, parent.reference])))
        for parent in parents
    ]


def _find_parent(employer: Employer | None, typed: str, *, by: Actor) -> str:
    """Return the reference of the employer's paying parent with this number, reference or whole name; "" of none."""
    identifier = recognise(typed) if typed.strip() else None
    if employer is None or identifier is None:
        return ""
    column = {IdentifierKind.NINO: "nino", IdentifierKind.PARENT_REFERENCE: "reference"}.get(identifier.kind, "name")
    lookup = {column if column != "name" else "name__iexact": identifier.value}
    rows = PayingParent.objects.visible_to(by).filter(employments__employer=employer, **lookup)
    found = list(rows.order_by("pk").values_list("reference", flat=True)[:2])
    return str(found[0]) if len(found) == 1 else ""


def _months(on: date) -> list[date]:
    counted = on.year * 12 + on.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(counted, counted - MONTHS_BACK, -1)]


def _newest_month(employer: Employer) -> date | None:
    return DeoSchedule.objects.filter(employer=employer).order_by("-month").values_list("month", flat=True).first()


def _complaints(employer: Employer) -> Choices:
    rows = ServiceRequest.objects.filter(employer=employer, kind__code=COMPLAINT_RESOLUTION)
    newest = rows.order_by("-opened_at", "-pk")[:COMPLAINTS_SHOWN]
    return [(one.reference, f"{one.reference}, {short_date(uk_day(one.opened_at))}") for one in newest]
