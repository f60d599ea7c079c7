"""What somebody tells the Helpdesk, before it is an incident: plain data, and the rules of the form (UJ-30)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from contacthub.people.roles import UnitKind
from jobmatch_helpdesk.routing import Channel, CustomerType, Facts, Need, Route, Source, route

# Where the staff of a source work: the site of an incident is of that kind, and other sources have none.
SITE_KINDS = {
    Source.JOBCENTRE: UnitKind.JOBCENTRE,
    Source.ED: UnitKind.ED_SITE,
    Source.JD: UnitKind.CONTACT_CENTRE,
}
SELECT_SITE = {
    Source.JOBCENTRE: "Select the Jobcentre",
    Source.ED: "Select the Employer Direct site",
    Source.JD: "Select the contact centre",
}
NO_SITE = "Leave the site out: only what staff of Jobcentres, JD and ED raise has one"
# What each missing thing is called in the form, and the words of its error.
MISSING = {
    Need.CUSTOMER_EMAIL: (
        "customer_email", "Enter the customer’s email address or select that they do not have one"
    ),
    Need.ADVISER_EMAIL: ("adviser_email", "Enter the Personal Adviser’s email address"),
    Need.DWP_USER_EMAIL: ("dwp_user_email", "Enter the email address of the DWP user who should get the reply"),
    Need.TELEPHONE: ("telephone", "Enter a telephone number the customer can be called on"),
    Need.CALL_REQUIRED: ("call_required", "Select that a telephone call is required"),
    Need.SITE: ("site", SELECT_SITE[Source.ED]),
    Need.CUSTOMER_TYPE: ("customer_type", "Select whether you are an employer or looking for a job"),
    Need.ESCALATION_REASON: ("escalation_reason", "Enter why there is a risk to health and safety"),
}  # fmt: skip
# What machines know a missing thing by, where that is not its name.
CODES = {
    Need.TELEPHONE: "phone_required",
    Need.DWP_USER_EMAIL: "dwp_email_required",
    Need.SITE: "ed_site_required",
}
# The public form asks customers themselves; a change is made by staff.
MISSING_FOR_STAFF = MISSING | {
    Need.CUSTOMER_TYPE: ("customer_type", "Select whether the customer is a jobseeker or an employer")
}
OWN_PROBLEM_ELSEWHERE = "Select a jobseeker or an employer: only Jobcentre staff report a problem of their own here"
ACCOUNT_EMAIL_MISSING = "Enter the account’s email address. Only an employer account that came from ERM may have none"


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Where it comes from, whom it is about and how they are reached: what may change while an incident is open.

    Text that was not given is "", and `no_email` is the express statement of UJ-15.
    """

    source: Source
    site_id: int | None = None
    customer_type: CustomerType | None = None
    own_problem: bool = False
    customer_email: str = ""
    no_email: bool = False
    telephone: str = ""
    call_required: bool = False
    to_adviser: bool = False
    adviser_email: str = ""
    dwp_user_email: str = ""
    language: str = "en"


@dataclass(frozen=True, kw_only=True)
class Intake(Reach):
    """What was given, whole."""

    channel: Channel = Channel.FORM
    raiser_name: str = ""
    raiser_email: str = ""
    customer_name: str = ""
    topic: str = ""
    description: str = ""
    account_from_erm: bool = False
    escalated: bool = False
    escalation_reason: str = ""
    risk_kind: str = ""
    earlier_reference: str = ""

    @property
    def facts(self) -> Facts:
        """Return what the decision table asks."""
        given = {
            Need.CUSTOMER_EMAIL: self.customer_email,
            Need.ADVISER_EMAIL: self.adviser_email,
            Need.DWP_USER_EMAIL: self.dwp_user_email,
            Need.TELEPHONE: self.telephone,
            Need.CALL_REQUIRED: self.call_required,
            Need.SITE: self.site_id,
            Need.CUSTOMER_TYPE: self.customer_type,
            Need.ESCALATION_REASON: self.escalation_reason,
        }
        return Facts(
            source=self.source,
            channel=self.channel,
            no_email=self.no_email,
            own_problem=self.own_problem,
            to_adviser=self.to_adviser,
            customer_type=self.customer_type,
            escalated=self.escalated,
            given=frozenset(need for need, value in given.items() if value),
        )

    @property
    def route(self) -> Route:
        return route(self.facts)


@dataclass(frozen=True)
class Error:
    """Something that keeps a form from being submitted: the field it stands at, a code for machines, and the words."""

    field: str
    code: str
    words: str


@dataclass(frozen=True, kw_only=True)
class SetUp:
    """What administrators have set up, as far as the rules ask it.

    `staff_domains` are those that a DWP user's address may have (AMB-09), `site_kind` is the kind of the site that was
    told, and `has_sites` says if there is one to select for the source.
    """

    staff_domains: Collection[str]
    site_kind: str = ""
    has_sites: bool = True


def errors_in(intake: Intake, *, set_up: SetUp) -> list[Error]:
    """Return what must be put right before this can be an incident, in the order of the form; empty where it can."""
    return [
        *_without_site(intake, set_up),
        *_missing(intake),
        *_at_odds(intake),
        *_without_account(intake),
        *_not_of_staff(intake, set_up.staff_domains),
    ]


def missing_for_staff(intake: Intake, *, names_raiser: bool) -> list[Error]:
    """Return what the staff form asks besides the handling strategy; `names_raiser` where that is somebody else."""
    found = []
    if names_raiser and not intake.raiser_name:
        found.append(Error("raiser_name", "raiser_name_required", "Enter the name of who rings"))
    if names_raiser and not intake.raiser_email:
        found.append(Error("raiser_email", "raiser_email_required", "Enter the email address of who rings"))
    if intake.customer_type is None and not intake.own_problem:
        found.append(Error("customer_type", "customer_type_required", "Select who it is about"))
    if not intake.customer_name and not intake.own_problem:
        found.append(Error("customer_name", "customer_name_required", "Enter the customer’s name"))
    return found


def errors_in_change(before: Intake, after: Intake, *, set_up: SetUp) -> list[Error]:
    """Return what a change of facts must put right: it may leave what was missing before, and open nothing new.

    The annotation that somebody must call never stands without a number (UJ-31).
    """
    never_waits = {"telephone"} if after.call_required else set()
    may_wait = {error for error in _missing(before, MISSING_FOR_STAFF) if error.field not in never_waits}
    found = [
        *_without_site(after, set_up),
        *_missing(after, MISSING_FOR_STAFF),
        *_at_odds(after),
        *_not_of_staff(after, set_up.staff_domains),
    ]
    return [error for error in found if error not in may_wait]


def _without_site(intake: Intake, set_up: SetUp) -> list[Error]:
    """Hold the site to the kind of the source; which rows of ED need one at all, the table says (UJ-12, UJ-30)."""
    if intake.site_id is None:
        is_asked = intake.source == Source.JOBCENTRE and set_up.has_sites
        return [Error("site", "site_required", SELECT_SITE[Source.JOBCENTRE])] if is_asked else []
    if intake.source not in SITE_KINDS:
        return [Error("site", "site_at_odds", NO_SITE)]
    if set_up.site_kind != SITE_KINDS[intake.source]:
        return [Error("site", "site_of_another_kind", SELECT_SITE[intake.source])]
    return []


def _missing(intake: Intake, words: Mapping[Need, tuple[str, str]] = MISSING) -> list[Error]:
    found = []
    for need in intake.route.missing:
        field, said = words[need]
        code = CODES.get(need, f"{need}_required")
        if need == Need.CUSTOMER_EMAIL and words is MISSING and _has_account(intake):
            code, said = "account_email_required", ACCOUNT_EMAIL_MISSING
        found.append(Error(field, code, said))
    return found


def _at_odds(intake: Intake) -> list[Error]:
    found = []
    if intake.no_email and intake.customer_email:
        words = "Enter an email address or select that there is none, not both"
        found.append(Error("customer_email", "email_and_none", words))
    if intake.own_problem and intake.source != Source.JOBCENTRE:
        found.append(Error("own_problem", "own_problem_of_jobcentre", OWN_PROBLEM_ELSEWHERE))
    return found


def _without_account(intake: Intake) -> list[Error]:
    may_have_none = intake.source == Source.ONLINE_EMPLOYER and intake.account_from_erm
    if _has_account(intake) and intake.no_email and not may_have_none:
        return [Error("customer_email", "account_email_required", ACCOUNT_EMAIL_MISSING)]
    return []


def _not_of_staff(intake: Intake, staff_domains: Collection[str]) -> list[Error]:
    """Keep a customer's matter within the department: the address of a DWP user is one of staff (UJ-21)."""
    address = intake.dwp_user_email
    is_asked = Need.DWP_USER_EMAIL in intake.route.row.needs
    is_of_staff = address.rpartition("@")[2].lower() in {domain.lower() for domain in staff_domains}
    if not is_asked or not address or is_of_staff:
        return []
    words = f"Enter an email address of DWP staff, ending in {_listed([f'@{domain}' for domain in staff_domains])}"
    return [Error("dwp_user_email", "not_of_staff", words)]


def _listed(words: list[str]) -> str:
    *first, last = words or ["an address that an administrator must set first"]
    return f"{', '.join(first)} or {last}" if first else last


def _has_account(intake: Intake) -> bool:
    """Say if it came from an account: it has an address, but for employers who came over from ERM (UJ-06, UJ-08)."""
    return intake.source in (Source.ONLINE_EMPLOYER, Source.ONLINE_JOBSEEKER)
