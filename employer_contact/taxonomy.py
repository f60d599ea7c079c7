"""Which service requests a reason for contact leads to, and who may ask for each (EC-08, EC-29 to EC-42).

The rows stand in a table that administrators edit; services hand them over as plain data.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices

from contacthub.errors import RuleBroken
from employer_contact.terms import PartyType

EMPLOYER_ONLY = "Only the employer can ask for this. Ask the agent to have the employer contact us"
AGENT_ONLY = "Only an agent can ask for this, about the agent’s own record"
NO_ACTIVE_LINK = "This agent has no active link to the employer. Ask the employer to nominate the agent"
COMPLAINT_RESOLUTION, COMPLAINT_REVIEW = "COMPLAINT_RESOLUTION", "COMPLAINT_REVIEW"
FEWEST_OF_A_GROUP = 2
OTHER_PARTY = "This service request is about somebody else. Select one of this employer or agent"
NOT_OF_THIS_REASON = "Select a service request of this reason"
# Two labels of the procedure for what looks like one area: kept apart, and searched as one (AMB-01).
AREAS_SEARCHED_AS_ONE = {"Info Requested": "Information requested", "Info Request": "Information requested"}
# As lists filter them.
AREAS = (
    "Information requested",
    "Info Provided",
    "Update Details",
    "DEO Schedule",
    "One Off Payment",
    "Complaints",
)


class Scope(TextChoices):
    """Whom a change of the DEO schedule is about (AMB-17)."""

    INDIVIDUAL = "individual", "Individual (one paying parent)"
    GROUP = "group", "Group (two or more paying parents)"


@dataclass(frozen=True)
class RequestKind:
    """A kind of service request (SR). `working_days` is its target: 0 the same day, None in the same call."""

    code: str
    process: str
    area: str
    sub_area: str
    reason: str
    parties: frozenset[PartyType]
    scope: str = ""
    related: tuple[str, ...] = ()
    working_days: int | None = None

    @property
    def triple(self) -> tuple[str, str, str]:
        return self.process, self.area, self.sub_area

    @property
    def name(self) -> str:
        """Return what people call it: "Update, group", "Link Agent"."""
        return f"{self.sub_area}, {self.scope}" if self.scope else self.sub_area

    @property
    def is_about_the_agent(self) -> bool:
        """Say if an agent asks for it about itself, so that no employer is named."""
        return self.parties == {PartyType.AGENT}

    @property
    def target(self) -> str:
        """Return how soon in words: "same call", "same day", "1 working day", "5 working days"."""
        if self.working_days is None:
            return "same call"
        if self.working_days == 0:
            return "same day"
        return "1 working day" if self.working_days == 1 else f"{self.working_days} working days"


class Need(StrEnum):
    """What the form of a service request asks for."""

    EMPLOYER = "employer"
    ONE_PARENT = "one_parent"
    SEVERAL_PARENTS = "several_parents"
    ANY_PARENTS = "any_parents"
    MONTH = "month"
    MONTHS = "months"
    EARLIER_COMPLAINT = "earlier_complaint"


_NEEDS = {
    "CAPTURE_ROUTE": (Need.ANY_PARENTS,),
    "ONE_OFF_CARD": (Need.ANY_PARENTS, Need.MONTH),
    "STATEMENT": (Need.MONTHS,),
    COMPLAINT_REVIEW: (Need.EARLIER_COMPLAINT,),
}
_PARENTS_OF = {Scope.INDIVIDUAL: Need.ONE_PARENT, Scope.GROUP: Need.SEVERAL_PARENTS}


@dataclass(frozen=True)
class Asked:
    """What the rules look at when a request is raised. `linked` says if the agent acts for the employer today."""

    party: PartyType
    employer_named: bool = True
    linked: bool = False
    paying_parents: int = 0
    earlier_complaint: bool = False


def offered(kinds: Iterable[RequestKind], *, reason: str, party: PartyType) -> list[RequestKind]:
    """Return what a reason leads to for this party, in the order of the table."""
    return [kind for kind in kinds if kind.reason == reason and party in kind.parties]


def refusal(kind: RequestKind, party: PartyType) -> RuleBroken | None:
    """Return why this party may not ask for it; None where it may (EC-08, EC-32)."""
    if party in kind.parties:
        return None
    if party == PartyType.AGENT:
        return RuleBroken(EMPLOYER_ONLY, code="employer_only", field="kind")
    return RuleBroken(AGENT_ONLY, code="agent_only", field="kind")


def reason_refusal(kinds: Iterable[RequestKind], *, reason: str, party: PartyType) -> RuleBroken | None:
    """Return why a reason is closed to this party (EC-67). One that leads to no service request is open to both."""
    led_to = [kind for kind in kinds if kind.reason == reason]
    if not led_to or any(party in kind.parties for kind in led_to):
        return None
    return refusal(led_to[0], party)


def needs(kind: RequestKind, party: PartyType) -> list[Need]:
    """Return what must be asked for a request of this kind, in the order of its form; all else is known."""
    employer = [Need.EMPLOYER] if party == PartyType.AGENT and not kind.is_about_the_agent else []
    parents = [_PARENTS_OF[Scope(kind.scope)]] if kind.scope else []
    return [*employer, *parents, *_NEEDS.get(kind.code, ())]


def of_reason(kind: RequestKind, reason: str) -> RuleBroken | None:
    """Return why a kind cannot answer a reason; None where it is one that the reason leads to."""
    if kind.reason == reason:
        return None
    return RuleBroken(NOT_OF_THIS_REASON, code="not_of_this_reason", field="kind")


def broken_rules(kind: RequestKind, asked: Asked) -> list[RuleBroken]:
    """Return the rules that a service request would break, in the order of its form (EC-38, EC-39, EC-68, AMB-17)."""
    if closed := refusal(kind, asked.party):
        return [closed]
    found = [_of_the_link(kind, asked), _of_the_scope(kind, asked), _of_the_complaint(kind, asked)]
    return [broken for broken in found if broken]


def attach_refusal(kind: RequestKind, party: PartyType, *, is_theirs: bool, linked: bool) -> RuleBroken | None:
    """Return why a later contact of this party cannot be about a request of this kind; None where it can.

    `is_theirs` says if it was raised by them, or about their record; `linked` if an agent acts for its employer today.
    """
    if not is_theirs:
        return RuleBroken(OTHER_PARTY, code="other_party", field="service_request")
    if closed := refusal(kind, party):
        return RuleBroken(closed.message, code=closed.code, field="service_request")
    return None if linked else RuleBroken(NO_ACTIVE_LINK, code="no_active_link", field="service_request")


def _of_the_link(kind: RequestKind, asked: Asked) -> RuleBroken | None:
    if asked.party == PartyType.EMPLOYER or kind.is_about_the_agent:
        return None
    if not asked.employer_named:
        words = "Select the employer that the agent is asking about"
        return RuleBroken(words, code="employer_required", field="employer")
    return None if asked.linked else RuleBroken(NO_ACTIVE_LINK, code="no_active_link", field="employer")


def _of_the_scope(kind: RequestKind, asked: Asked) -> RuleBroken | None:
    if kind.scope == Scope.GROUP and asked.paying_parents < FEWEST_OF_A_GROUP:
        words = "Add at least 2 paying parents, or change to a single paying parent"
        return RuleBroken(words, code="paying_parents_required", field="paying_parents")
    if kind.scope == Scope.INDIVIDUAL and asked.paying_parents == 0:
        return RuleBroken("Select the paying parent", code="paying_parent_required", field="paying_parents")
    if kind.scope == Scope.INDIVIDUAL and asked.paying_parents > 1:
        words = "Select one paying parent, or change to multiple paying parents"
        return RuleBroken(words, code="one_paying_parent", field="paying_parents")
    return None


def _of_the_complaint(kind: RequestKind, asked: Asked) -> RuleBroken | None:
    if kind.code != COMPLAINT_REVIEW or asked.earlier_complaint:
        return None
    words = "Select the earlier complaint, or enter its date and reference"
    return RuleBroken(words, code="earlier_complaint_required", field="earlier_complaint")
