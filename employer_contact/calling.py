"""What the pages of a call show: its steps, the questions with what is held, the reasons with what they lead to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.urls import reverse

from contacthub.callbacks.models import Callback
from contacthub.people.models import StaffMember
from employer_contact import permissions
from employer_contact.lifecycle import ContactState, ReissueState
from employer_contact.models import (
    AgentLink,
    AskedQuestion,
    Contact,
    ContactReason,
    Employer,
    PayrollAgent,
    ReasonGiven,
    ReissueRequest,
    SecurityQuestion,
    ServiceRequestKind,
)
from employer_contact.names import key
from employer_contact.reasons import Match, matching, related_procedures
from employer_contact.searching import Found
from employer_contact.security import Check, held_values
from employer_contact.taxonomy import RequestKind, offered, reason_refusal
from employer_contact.terms import PartyType
from employer_contact.wrap_up import field_of

State = ContactState
IDENTITY = "identity_email"
FEW_NAMES = 3  # of agents, employers or requests, beside the other
PAGE_OF = {
    State.STARTED: "party",
    State.IDENTIFIED: "security",
    State.SECURITY_FAILED: "failed",
    State.SECURITY_PASSED: "reason",
    State.SECURITY_NOT_REQUIRED: "reason",
    State.REASON_RECORDED: "wrap_up",
}


@dataclass(frozen=True)
class Step:
    """A step of the call in the line above it; `page` and `url` are "" where it cannot be reached yet."""

    label: str
    page: str
    url: str
    is_current: bool
    is_done: bool


def page_of(contact: Contact) -> str:
    """Return the page on which a contact goes on: the record's own where it has ended."""
    return PAGE_OF.get(State(contact.state), "contact")


def steps(contact: Contact, current: str) -> list[Step]:
    """Return the steps, and which of them can be reached."""
    check = "failed" if contact.security == Check.FAILED else "security"
    table = [
        ("Who", "party", True, bool(contact.party_type)),
        *([("Identity email", IDENTITY, True, contact.identity_is_settled)] if contact.identity else []),
        ("Security", check, bool(contact.party_type), contact.is_unlocked),
        ("Reason", "reason", contact.is_unlocked, contact.state == State.REASON_RECORDED),
        ("Service request", "request", False, False),
        ("Wrap-up", "wrap_up", contact.security != Check.FAILED, False),
    ]
    return [
        Step(label, page if can_reach else "", _url(contact, page) if can_reach else "", page == current, is_done)
        for label, page, can_reach, is_done in table
    ]


def _url(contact: Contact, page: str) -> str:
    return reverse(f"employers:{page}", args=[contact.reference])


def can_reach(contact: Contact, page: str) -> bool:
    return page in [one.page for one in steps(contact, page)]


@dataclass(frozen=True)
class Question:
    """A question of the check, with the held value to compare with; `field` is that of its outcome, if it is open."""

    asked: AskedQuestion
    held: str
    field: Any = None


def questions_of(contact: Contact) -> list[AskedQuestion]:
    """Return what the latest check of this contact asks, in its order."""
    return list(AskedQuestion.objects.of_latest_check(contact.pk))


def prefers_fax(contact: Contact) -> bool:
    return bool(contact.employer and contact.employer.prefers_fax)


def still_open(asked: Iterable[AskedQuestion]) -> list[AskedQuestion]:
    return [one for one in asked if not one.outcome]


def to_compare(contact: Contact, asked: Iterable[AskedQuestion], form: Any = None) -> list[Question]:
    """Return the questions with what is held now; those that are open with their field of the form."""
    party = contact.party
    held = held_values(party.answers) if party else {}
    return [
        Question(one, held.get(one.question.code, ""), form[one.question.code] if form and not one.outcome else None)
        for one in asked
    ]


def not_held(contact: Contact) -> list[str]:
    """Return the labels of the questions that cannot be asked, since the record holds no value (EC-22)."""
    party = contact.party
    held = held_values(party.answers) if party else {}
    asked = SecurityQuestion.objects.filter(party=contact.party_type, is_asked=True)
    return [question.label for question in asked if question.code not in held]


@dataclass(frozen=True)
class ReasonChoice:
    """A reason on the page: `closed` says why it is not open to the party; `words` are what it is found by."""

    code: str
    label: str
    leads_to: str
    because: str
    closed: str
    words: str
    related: Sequence[str]
    is_given: bool


def reason_choices(contact: Contact, given: Iterable[ReasonGiven], find: str = "") -> list[ReasonChoice]:
    """Return the reasons in which what was typed fits, all where nothing was (EC-08, EC-26, EC-64)."""
    kinds = ServiceRequestKind.objects.as_rules()
    codes = {one.reason.code for one in given}
    party = PartyType(contact.party_type)
    return [_choice(match, kinds, party, codes) for match in matching(ContactReason.objects.as_rules(), find)]


def _choice(match: Match, kinds: Sequence[RequestKind], party: PartyType, given: set[str]) -> ReasonChoice:
    reason = match.reason
    closed = reason_refusal(kinds, reason=reason.code, party=party)
    led_to = offered(kinds, reason=reason.code, party=party)
    return ReasonChoice(
        code=reason.code,
        label=reason.label,
        leads_to=" or ".join(f"{kind.process} / {kind.area} / {kind.sub_area}" for kind in led_to),
        because=match.because,
        closed=closed.message if closed else "",
        words=key(" ".join((reason.label, *reason.phrases))),
        related=related_procedures(reason, kinds),
        is_given=reason.code in given,
    )


def all_reasons() -> list[tuple[str, str]]:
    """Return every reason with its label: the service says which are closed, and why."""
    return list(ContactReason.objects.values_list("code", "label"))


def given_reasons(contact: Contact) -> list[ReasonGiven]:
    return list(contact.reasons.whole())


def callbacks_of(contact: Contact) -> list[Callback]:
    """Return the callbacks that were asked for in the contact, oldest first."""
    return list(Callback.objects.filter(about_id=contact.pk).select_related("queue__unit").order_by("pk"))


def reissues_of(contact: Contact) -> list[ReissueRequest]:
    """Return the re-issues of a CMSL2040 that were asked for in the contact, as far as they were not withdrawn."""
    asked = contact.reissues.exclude(state=ReissueState.WITHDRAWN).select_related("maintenance_case")
    return list(asked.order_by("pk"))


def stand_ins(given: Sequence[ReasonGiven], reissues: Sequence[ReissueRequest]) -> dict[str, str]:
    """Return, by field, the words to offer where a re-issue stands in for the one service request that is missing."""
    missing = [one.reason.code for one in given if one.needs_words and not one.why_none]
    if not reissues or len(missing) != 1:
        return {}
    asked = ", ".join(one.reference for one in reissues[:FEW_NAMES])
    return {field_of(missing[0]): f"Re-issue of the CMSL2040 requested, {asked}"}


def colleagues_of(contact: Contact, *, on: date) -> list[StaffMember]:
    """Return to whom the contact can be handed over."""
    return [person for person in permissions.colleagues(on=on).only("name") if person.pk != contact.owner_id]


@dataclass(frozen=True)
class Linked:
    """An employer of an agent, or an agent of an employer: one press chooses the agent, who asks about the employer."""

    chooses: str
    name: str
    words: str


@dataclass(frozen=True)
class PartyRow:
    """An employer or agent that was found, with enough to tell two of them apart, and some with whom it is linked.

    `chooses` is what its button sends; `all_linked` leads to all whom it is linked with, "" where they stand here.
    """

    chooses: str
    name: str
    what: str
    address: str
    telephone: str
    is_near: bool = False
    linked_as: str = ""
    linked: Sequence[Linked] = ()
    all_linked: str = ""


def party_rows(found: Found, *, on: date) -> list[PartyRow]:
    """Return the parties that were found, near matches last; agents with some of their employers, and back."""
    agents = [*found.agents, *found.near_agents]
    employers = [*found.employers, *found.near_employers]
    of_employer, of_agent = (
        model.objects.filter(pk__in=[one.pk for one in found]).beside(on=on, size=FEW_NAMES + 1) if found else {}
        for model, found in ((Employer, employers), (PayrollAgent, agents))
    )
    rows = [_of_employer(one, found.near_employers, of_employer.get(one.pk, [])) for one in employers]
    rows += [_of_agent(one, found.near_agents, of_agent.get(one.pk, [])) for one in agents]
    return sorted(rows, key=lambda row: row.is_near)


def linked_rows(party: Employer | PayrollAgent, rows: Iterable[Any]) -> list[PartyRow]:
    """Return rows of those with whom a party is linked: each chooses the agent, who asks about the employer."""
    if isinstance(party, PayrollAgent):
        of_employers = [_of_employer(one, (), ()) for one in rows]
        return [replace(row, chooses=f"{party.earn} {row.chooses}") for row in of_employers]
    return [replace(row, chooses=f"{row.chooses} {party.ern}") for row in (_of_agent(one, (), ()) for one in rows)]


def _of_employer(one: Employer, near: Sequence[Employer], agents: Sequence[tuple[str, str]]) -> PartyRow:
    address = one.hmrc_address or one.payroll_address
    postcode = one.hmrc_postcode if one.hmrc_address else one.payroll_postcode or one.hmrc_postcode
    lines = "\n".join(filter(None, [address, postcode]))
    return PartyRow(
        chooses=one.ern,
        name=one.name,
        what=f"Employer, ERN {one.ern}",
        address=lines,
        telephone=one.telephone,
        is_near=one in near,
        linked_as="Its agent asks:",
        linked=[Linked(f"{earn} {one.ern}", name, f"asks about {one.name}") for earn, name in agents[:FEW_NAMES]],
        all_linked=f"?employer={one.ern}" if len(agents) > FEW_NAMES else "",
    )


def _of_agent(one: PayrollAgent, near: Sequence[PayrollAgent], employers: Sequence[tuple[str, str]]) -> PartyRow:
    return PartyRow(
        chooses=one.earn,
        name=one.name,
        what=f"Agent, EARN {one.earn}",
        address="\n".join(filter(None, [one.address1, one.address_rest, one.postcode])),
        telephone=one.telephone,
        is_near=one in near,
        linked_as="Asks about:",
        linked=[Linked(f"{one.earn} {ern}", name, f"asked about by {one.name}") for ern, name in employers[:FEW_NAMES]],
        all_linked=f"?agent={one.earn}" if len(employers) > FEW_NAMES else "",
    )


def agents_of(contact: Contact, *, on: date) -> list[str]:
    """Return the names of the agents who act for the employer of a contact."""
    if contact.employer is None:
        return []
    links = AgentLink.objects.on(on).filter(employer_id=contact.employer_id).select_related("agent")
    return [link.agent.name for link in links.order_by("agent__name", "pk")[:FEW_NAMES]]
