"""The handling strategy: which row an incident falls under, who gets the answer, who calls, and how soon (UJ-10).

The decision table as data, and one pure function over it. Each row keeps its number, so that people can look it up. The
function is total: any facts lead to exactly one row, and what that row still needs is part of the answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import IntegerChoices, TextChoices

from contacthub.deadlines.working_time import Target


class Band(IntegerChoices):
    """Priority: the lower number goes first (UJ-04, UJ-26)."""

    IMMEDIATE = 1, "Immediate"
    JOBCENTRE = 2, "Jobcentre"
    STANDARD = 3, "Standard"


class Source(TextChoices):
    JOBCENTRE = "jobcentre", "Jobcentre staff"
    JD = "jd", "Jobseeker Direct (JD) agent, SERCO"
    ED = "ed", "Employer Direct (ED) agent"
    ONLINE_EMPLOYER = "online_employer", "Employer, signed in"
    ONLINE_JOBSEEKER = "online_jobseeker", "Jobseeker, signed in"
    ONLINE_ANONYMOUS = "online_anonymous", "Anonymous site user"


class Channel(TextChoices):
    FORM = "form", "Contact Us form"
    TELEPHONE = "telephone", "Telephone"
    API = "api", "REST"
    EMAIL = "email", "Email"


class CustomerType(TextChoices):
    EMPLOYER = "employer", "Employer"
    JOBSEEKER = "jobseeker", "Jobseeker"


class ReplyTo(TextChoices):
    CUSTOMER = "customer", "Customer"
    ADVISER = "adviser", "Personal Adviser"
    DWP_USER = "dwp_user", "DWP user"
    JD_INBOX = "jd_inbox", "JD"
    ED_INBOX = "ed_inbox", "ED site"
    NOBODY = "nobody", "No reply route"


class CallQueue(TextChoices):
    """Whose queue a callback goes to, where the row has one."""

    NONE = "", "No call"
    JOBCENTRE = "jobcentre", "Local queue of the raising Jobcentre"
    JD = "jd", "JD queue: the Quality Assessment Team in SERCO allocates the call"
    ED_SITE = "ed_site", "ED queue of that site: its Team Leader calls"
    ED_DEFAULT = "ed_default", "ED queue of the default site"
    BY_CUSTOMER_TYPE = "by_customer_type", "Employer: ED queue of the default site; jobseeker: JD queue"


class Need(TextChoices):
    """What a row requires before it can be submitted."""

    CUSTOMER_EMAIL = "customer_email"
    ADVISER_EMAIL = "adviser_email"
    DWP_USER_EMAIL = "dwp_user_email"
    TELEPHONE = "telephone"
    CALL_REQUIRED = "call_required"
    SITE = "site"
    CUSTOMER_TYPE = "customer_type"
    ESCALATION_REASON = "escalation_reason"


STAFF_SOURCES = frozenset({Source.JOBCENTRE, Source.JD, Source.ED})
FIRST_REPLY = {
    Band.IMMEDIATE: Target(hours=1),
    Band.JOBCENTRE: Target(working_days=1),
    Band.STANDARD: Target(working_days=3),
}


@dataclass(frozen=True)
class Facts:
    """What the table asks about an incident.

    `no_email` is the express statement that the customer has none, which a blank field is not (UJ-15); `given` names
    what was given of that which a row may need.
    """

    source: Source
    channel: Channel = Channel.FORM
    no_email: bool = False
    own_problem: bool = False
    to_adviser: bool = False
    customer_type: CustomerType | None = None
    escalated: bool = False
    given: frozenset[Need] = frozenset()


@dataclass(frozen=True)
class Row:
    """A row of the table: the facts that it fits, where None fits any, and what follows."""

    number: str
    because: str
    reply_to: ReplyTo
    sources: frozenset[Source] = frozenset(Source)
    no_email: bool | None = None
    has_telephone: bool | None = None
    own_problem: bool | None = None
    to_adviser: bool | None = None
    by_email: bool = False
    copies_customer: bool = False
    call_queue: CallQueue = CallQueue.NONE
    needs: tuple[Need, ...] = ()

    @property
    def has_call(self) -> bool:
        return self.call_queue != CallQueue.NONE

    def fits(self, facts: Facts) -> bool:
        asked = [
            (self.no_email, facts.no_email),
            (self.has_telephone, Need.TELEPHONE in facts.given),
            (self.own_problem, facts.own_problem),
            (self.to_adviser, facts.to_adviser),
            (self.by_email, facts.channel == Channel.EMAIL),
        ]
        return facts.source in self.sources and all(wanted in (None, is_so) for wanted, is_so in asked)


@dataclass(frozen=True)
class Route:
    """What the table answers: the row, the band, and what is still missing, in the order of the form."""

    row: Row
    band: Band
    missing: tuple[Need, ...]


def _of(*sources: Source) -> frozenset[Source]:
    return frozenset(sources)


ROWS = [
    Row(
        "R17",
        "The sender’s address, because this came as an email of its own",
        ReplyTo.CUSTOMER,
        by_email=True,
    ),
    Row(
        "R02",
        "The customer, because a Jobcentre raised this for a customer with an email address",
        ReplyTo.CUSTOMER,
        sources=_of(Source.JOBCENTRE),
        own_problem=False,
        no_email=False,
        to_adviser=False,
        needs=(Need.CUSTOMER_EMAIL,),
    ),
    Row(
        "R03",
        "The Personal Adviser, because the Jobcentre that raised this chose so",
        ReplyTo.ADVISER,
        sources=_of(Source.JOBCENTRE),
        own_problem=False,
        no_email=False,
        to_adviser=True,
        needs=(Need.ADVISER_EMAIL,),
    ),
    Row(
        "R04",
        "The DWP user, because a Jobcentre raised this for a customer with no email",
        ReplyTo.DWP_USER,
        sources=_of(Source.JOBCENTRE),
        own_problem=False,
        no_email=True,
        call_queue=CallQueue.JOBCENTRE,
        needs=(Need.TELEPHONE, Need.CALL_REQUIRED, Need.DWP_USER_EMAIL),
    ),
    Row(
        "R05",
        "The DWP user, because this is a staff member’s own problem",
        ReplyTo.DWP_USER,
        sources=_of(Source.JOBCENTRE),
        own_problem=True,
        needs=(Need.DWP_USER_EMAIL,),
    ),
    Row(
        "R06",
        "The JD address at SERCO, because a JD agent raised this",
        ReplyTo.JD_INBOX,
        sources=_of(Source.JD),
        no_email=False,
        copies_customer=True,
        needs=(Need.CUSTOMER_EMAIL,),
    ),
    Row(
        "R07",
        "The JD address at SERCO, because a JD agent raised this for a customer with no email",
        ReplyTo.JD_INBOX,
        sources=_of(Source.JD),
        no_email=True,
        call_queue=CallQueue.JD,
        needs=(Need.TELEPHONE, Need.CALL_REQUIRED),
    ),
    Row(
        "R08",
        "The inbox of the ED site, because an ED agent raised this",
        ReplyTo.ED_INBOX,
        sources=_of(Source.ED),
        no_email=False,
        copies_customer=True,
        needs=(Need.SITE, Need.CUSTOMER_EMAIL),
    ),
    Row(
        "R09",
        "The inbox of the ED site, because an ED agent raised this for a customer with no email",
        ReplyTo.ED_INBOX,
        sources=_of(Source.ED),
        no_email=True,
        call_queue=CallQueue.ED_SITE,
        needs=(Need.SITE, Need.TELEPHONE, Need.CALL_REQUIRED),
    ),
    Row(
        "R10",
        "The address of the employer’s account, because the employer was signed in",
        ReplyTo.CUSTOMER,
        sources=_of(Source.ONLINE_EMPLOYER),
        no_email=False,
        needs=(Need.CUSTOMER_EMAIL,),
    ),
    Row(
        "R11",
        "Nobody by email, because the employer’s account has no address; the employer is called",
        ReplyTo.NOBODY,
        sources=_of(Source.ONLINE_EMPLOYER),
        no_email=True,
        has_telephone=True,
        call_queue=CallQueue.ED_DEFAULT,
    ),
    Row(
        "R12",
        "Nobody yet, because the employer’s account has neither an address nor a number; look for contact details",
        ReplyTo.NOBODY,
        sources=_of(Source.ONLINE_EMPLOYER),
        no_email=True,
        has_telephone=False,
    ),
    Row(
        "R13",
        "The address of the jobseeker’s account, because the jobseeker was signed in",
        ReplyTo.CUSTOMER,
        sources=_of(Source.ONLINE_JOBSEEKER),
        no_email=False,
        needs=(Need.CUSTOMER_EMAIL,),
    ),
    Row(
        "R14",
        "The address the customer gave, because somebody wrote through Contact Us without signing in",
        ReplyTo.CUSTOMER,
        sources=_of(Source.ONLINE_ANONYMOUS),
        no_email=False,
        needs=(Need.CUSTOMER_EMAIL,),
    ),
    # A signed-in jobseeker whose only address failed is answered like somebody who gave none.
    Row(
        "R15",
        "Nobody by email, because the customer has no address; the number left is called",
        ReplyTo.NOBODY,
        sources=_of(Source.ONLINE_ANONYMOUS, Source.ONLINE_JOBSEEKER),
        no_email=True,
        has_telephone=True,
        call_queue=CallQueue.BY_CUSTOMER_TYPE,
        needs=(Need.CUSTOMER_TYPE,),
    ),
    Row(
        "R16",
        "Nobody, because the customer left neither an address nor a number",
        ReplyTo.NOBODY,
        sources=_of(Source.ONLINE_ANONYMOUS, Source.ONLINE_JOBSEEKER),
        no_email=True,
        has_telephone=False,
    ),
]


def route(facts: Facts) -> Route:
    """Return the row that fits, with R01 laid over it: a risk to a member of staff makes it Immediate (UJ-25)."""
    row = next(row for row in ROWS if row.fits(facts))
    band = band_of(facts.source, escalated=facts.escalated)
    needed = _needed(row, facts, escalated=band == Band.IMMEDIATE)
    return Route(row, band, tuple(need for need in needed if need not in facts.given))


def band_of(source: Source, *, escalated: bool) -> Band:
    """Return how soon: what puts a member of staff at risk, then what a Jobcentre raised, then the rest."""
    if escalated and source in STAFF_SOURCES:
        return Band.IMMEDIATE
    return Band.JOBCENTRE if source == Source.JOBCENTRE else Band.STANDARD


def _needed(row: Row, facts: Facts, *, escalated: bool) -> list[Need]:
    needed = list(row.needs)
    if Need.CALL_REQUIRED in facts.given and Need.TELEPHONE not in needed:
        needed.append(Need.TELEPHONE)  # the annotation without a number is incomplete on any row (UJ-31)
    if escalated:
        needed.append(Need.ESCALATION_REASON)
    return needed


def calls_for(queue: CallQueue, customer_type: CustomerType | None) -> CallQueue:
    """Return the queue of a callback, where the row leaves it to the customer's type (R15)."""
    if queue != CallQueue.BY_CUSTOMER_TYPE:
        return queue
    return CallQueue.ED_DEFAULT if customer_type == CustomerType.EMPLOYER else CallQueue.JD


def row_numbered(number: str) -> Row:
    """Return a row by the number that an incident keeps."""
    return _BY_NUMBER[number]


def _numbered(rows: Iterable[Row]) -> dict[str, Row]:
    return {row.number: row for row in rows}


_BY_NUMBER = _numbered(ROWS)
