"""People of the demo data, and where they work: all names, addresses and numbers are invented."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from contacthub.formats import uk_day
from contacthub.people.models import Membership, StaffMember, Unit
from contacthub.people.roles import GROUP_ROLES, Post, Role, UnitKind

PASSWORD = "contacthub-demo"  # noqa: S105  printed by `make run`; the accounts exist in demo data only


class SignIn(NamedTuple):
    username: str
    name: str
    number: str
    role: Role | None  # a case owning caseworker has none: the cases say whose they are
    unit: str = ""
    post: Post | None = None
    welsh: bool = False


PAYMENTS = Role.EMPLOYER_PAYMENTS_CASEWORKER

# fmt: off
SIGN_INS = [
    SignIn("agent",         "Ana Byrne",      "900101", Role.HELPDESK_AGENT,      "helpdesk"),
    SignIn("agent-2",       "Bilal Shah",     "900102", Role.HELPDESK_AGENT,      "helpdesk"),
    SignIn("helpdesk-lead", "Marcus Adeyemi", "900103", Role.HELPDESK_LEAD,       "helpdesk"),
    SignIn("jobcentre",     "Rhian Evans",    "900201", Role.JOBCENTRE_ADVISER,   "PWN", welsh=True),
    SignIn("jd-agent",      "Kofi Mensah",    "900301", Role.JD_AGENT,            "jd"),
    SignIn("serco-qa",      "Yusuf Demir",    "900302", Role.JD_QUALITY_ASSESSOR, "jd"),
    SignIn("ed-agent",      "Moira Lennox",   "900401", Role.ED_AGENT,            "ed-telford"),
    SignIn("ed-lead",       "Graham Sallow",  "900402", Role.ED_TEAM_LEADER,      "ed-telford", Post.TEAM_LEADER),
    SignIn("caseworker",    "Owen Pritchard", "900501", PAYMENTS, "payments-1"),
    SignIn("payments-lead", "Hilary Mbeki",   "900502", PAYMENTS, "payments-1", Post.TEAM_LEADER),
    SignIn("welsh-unit",    "Elin Trefor",    "900511", Role.WELSH_LANGUAGE_UNIT, "welsh-unit", welsh=True),
    SignIn("case-owner",    "Sunita Rao",     "900521", None,                     "maintenance-4"),
    SignIn("enforcement",   "Adwoa Bonsu",    "900531", Role.CASEWORKER,          "enforcement-2"),
    SignIn("integrator",    "Universal Jobmatch site", "900801", Role.INTEGRATOR),
    SignIn("admin",         "Ingrid Falk",    "900901", Role.ADMINISTRATOR),
]

# They sign in with the same password; `make run` names the others, one a role.
COLLEAGUES = [
    SignIn("agent-3",        "Cerys Nowell",       "900104", Role.HELPDESK_AGENT,    "helpdesk", welsh=True),
    SignIn("agent-4",        "Oluwaseun Pike",     "900105", Role.HELPDESK_AGENT,    "helpdesk"),
    SignIn("jobcentre-ash",  "Denise Hartley",     "900202", Role.JOBCENTRE_ADVISER, "ASH"),
    SignIn("jobcentre-mbk",  "Imran Qureshi",      "900203", Role.JOBCENTRE_ADVISER, "MBK"),
    SignIn("jobcentre-dcw",  "Catriona McLeish",   "900204", Role.JOBCENTRE_ADVISER, "DCW"),
    SignIn("jobcentre-pwn",  "Gethin Bowen",       "900205", Role.JOBCENTRE_ADVISER, "PWN", welsh=True),
    SignIn("jd-agent-2",     "Shanice Cole",       "900303", Role.JD_AGENT,          "jd"),
    SignIn("jd-agent-3",     "Piotr Lis",          "900304", Role.JD_AGENT,          "jd"),
    SignIn("ed-annesley",    "Derek Plumb",        "900403", Role.ED_AGENT,          "ed-annesley"),
    SignIn("ed-southend",    "Fiona Okeke",        "900404", Role.ED_AGENT,          "ed-southend"),
    SignIn("ed-dundee",      "Isla Rennie",        "900405", Role.ED_AGENT,          "ed-dundee"),
    SignIn("ed-annesley-tl", "Hazel Orme",         "900406", Role.ED_TEAM_LEADER,    "ed-annesley", Post.TEAM_LEADER),
    SignIn("ed-southend-tl", "Rajinder Toor",      "900407", Role.ED_TEAM_LEADER,    "ed-southend", Post.TEAM_LEADER),
    SignIn("ed-dundee-tl",   "Ewan Petrie",        "900408", Role.ED_TEAM_LEADER,    "ed-dundee", Post.TEAM_LEADER),
    SignIn("caseworker-2",   "Nkechi Obi",         "900503", PAYMENTS, "payments-1"),
    SignIn("caseworker-3",   "Lowri ap Hywel",     "900504", PAYMENTS, "payments-1", welsh=True),
    SignIn("caseworker-4",   "Tobias Renshaw",     "900505", PAYMENTS, "payments-2"),
    SignIn("payments-lead-2", "Farida Haddad",     "900506", PAYMENTS, "payments-2", Post.TEAM_LEADER),
    SignIn("case-owner-2",   "Martyn Sallow",      "900522", Role.CASEWORKER,        "maintenance-4"),
    SignIn("case-owner-3",   "Grace Adomako",      "900523", None,                   "maintenance-4"),
    SignIn("enforcement-2",  "Neil Corrigan",      "900532", Role.CASEWORKER,        "enforcement-2"),
]

TEAMS = [
    ("payments-1",    "Employer payments, Team 1"),
    ("payments-2",    "Employer payments, Team 2"),
    ("maintenance-4", "Maintenance, Team 4"),
    ("enforcement-2", "Arrears Enforcement, Team 2"),
]

JOBCENTRES = [
    ("ASH", "Ashcombe Jobcentre",  "01632 960110"),
    ("MBK", "Millbrack Jobcentre", "01632 960120"),
    ("PWN", "Porth Wen Jobcentre", "01632 960130"),
    ("DCW", "Duncarrow Jobcentre", "01632 960140"),
]

REACHED_AT = [
    ("ed-annesley", "ed.annesley@contacthub.example", "01632 960210"),
    ("ed-southend", "ed.southend@contacthub.example", "01632 960220"),
    ("ed-telford",  "ed.telford@contacthub.example",  "01632 960230"),
    ("ed-dundee",   "ed.dundee@contacthub.example",   "01632 960240"),
    ("jd",          "jd@contacthub.example",          "0808 157 0200"),
    ("helpdesk",    "helpdesk@contacthub.example",    "0808 157 0100"),
]
# fmt: on


def load(*, at: datetime) -> None:
    since = uk_day(at) - timedelta(days=365)
    for code, name, telephone in JOBCENTRES:
        Unit.objects.create(code=code, name=name, kind=UnitKind.JOBCENTRE, telephone=telephone)
    Unit.objects.bulk_create(Unit(code=code, name=name, kind=UnitKind.TEAM) for code, name in TEAMS)
    for code, inbox, telephone in REACHED_AT:
        Unit.objects.filter(code=code).update(inbox=inbox, telephone=telephone)
    hashed = make_password(PASSWORD)  # once: it takes as long as it should
    for sign_in in [*SIGN_INS, *COLLEAGUES]:
        _take_on(sign_in, password=hashed, since=since, at=at)


def _take_on(sign_in: SignIn, *, password: str, since: date, at: datetime) -> None:
    staff = StaffMember.objects.create(
        username=sign_in.username,
        email=f"{sign_in.name.lower().replace(' ', '.')}@contacthub.example",
        password=password,
        name=sign_in.name,
        staff_number=sign_in.number,
        takes_calls_in_welsh=sign_in.welsh,
        active_from=since,
        date_joined=at,
    )
    if sign_in.role in GROUP_ROLES:
        staff.groups.add(Group.objects.get(name=sign_in.role))
    if sign_in.unit:
        unit = Unit.objects.get(code=sign_in.unit)
        Membership.objects.create(person=staff, unit=unit, post=sign_in.post or "", starts_on=since)
