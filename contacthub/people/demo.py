"""People of the demo data, and where they work: all names, addresses and numbers are invented."""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from contacthub.cases.finding import fold
from contacthub.formats import uk_day
from contacthub.people.models import Membership, Placement, StaffMember, Unit
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
COMPLAINTS = Role.COMPLAINT_TEAM_MEMBER
LONG_NAME = "Angharad Gwenllian Llywelyn-Prydderch ap Rhisiart o Lanfihangel Dyffryn Ŵyn"

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
    SignIn("complaints",    "Joan Castell",   "900601", COMPLAINTS,               "complaints-1"),
    SignIn("complaints-lead", "Amrit Sandhu", "900602", Role.TEAM_LEADER,         "complaints-1", Post.TEAM_LEADER),
    SignIn("person",        "Dylan Pryce",    "900611", Role.CASEWORKER,          "maintenance-7"),
    SignIn("team-leader",   "Bronwen Ashdown", "900612", Role.TEAM_LEADER,        "maintenance-7", Post.TEAM_LEADER),
    SignIn("workgroup-manager", "Leroy Fenwick", "900613", Role.WORKGROUP_MANAGER, "wg-collections", Post.WORKGROUP_MANAGER),
    SignIn("area-manager",  "Shirin Tavakoli", "900614", Role.AREA_MANAGER,       "area-east", Post.AREA_MANAGER),
    SignIn("head-of-line",  "Colm Devaney",   "900615", Role.HEAD_OF_LINE,        "line-maintenance", Post.HEAD_OF_LINE),
    SignIn("senior-resolution", "Beatrix Oduya", "900616", Role.SENIOR_RESOLUTION_MANAGER, "area-east", Post.SENIOR_RESOLUTION_MANAGER),
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
    SignIn("enforcement-tl", "Wanda Szulc",        "900533", None,                   "enforcement-2", Post.TEAM_LEADER),
    SignIn("complaints-2",   "Hugh Penhale",       "900603", COMPLAINTS,             "complaints-1"),
    SignIn("complaints-3",   "Zainab Okoro",       "900604", COMPLAINTS,             "complaints-2"),
    SignIn("complaints-tl-2", "Iorwerth Vaughan",  "900605", None,                   "complaints-2", Post.TEAM_LEADER, welsh=True),
    SignIn("appeals-tl",     "Philippa Norcross",  "900606", None,                   "appeals-1", Post.TEAM_LEADER),
    SignIn("maintenance-7b", LONG_NAME,            "900617", Role.CASEWORKER,        "maintenance-7", welsh=True),
    SignIn("moved",          "Théo Marchbanks",    "900618", Role.CASEWORKER,        "maintenance-7"),
    SignIn("left",           "Patience Umeh",      "900619", Role.CASEWORKER,        "maintenance-7"),
    SignIn("wg-services",    "Gareth Sugden",      "900621", None,                   "wg-services", Post.WORKGROUP_MANAGER),
    SignIn("wg-resolution",  "Mina Hosseini",      "900622", None,                   "wg-resolution", Post.WORKGROUP_MANAGER),
    SignIn("area-west-am",   "Tamsin Rowntree",    "900623", None,                   "area-west", Post.AREA_MANAGER),
    SignIn("area-west-srm",  "Desmond Achterberg", "900624", None,                   "area-west", Post.SENIOR_RESOLUTION_MANAGER),
    SignIn("line-enforcement", "Ravi Chandran",    "900625", None,                   "line-enforcement", Post.HEAD_OF_LINE),
    SignIn("line-complaints", "Una Gillespie",     "900626", None,                   "line-complaints", Post.HEAD_OF_LINE),
    SignIn("line-appeals",   "Stefan Brandvold",   "900627", None,                   "line-appeals", Post.HEAD_OF_LINE),
    SignIn("line-payments",  "Carys Muldoon",      "900628", None,                   "line-payments", Post.HEAD_OF_LINE),
]

ABOVE = [
    ("wg-services",      "Employer services workgroup", UnitKind.WORKGROUP),
    ("wg-collections",   "Collections workgroup",       UnitKind.WORKGROUP),
    ("wg-resolution",    "Resolution workgroup",        UnitKind.WORKGROUP),
    ("area-east",        "East Vale area",              UnitKind.AREA),
    ("area-west",        "Gwynfryn and West area",      UnitKind.AREA),
    ("line-maintenance", "Maintenance",                 UnitKind.LINE_OF_BUSINESS),
    ("line-enforcement", "Arrears Enforcement",         UnitKind.LINE_OF_BUSINESS),
    ("line-complaints",  "Complaints",                  UnitKind.LINE_OF_BUSINESS),
    ("line-appeals",     "Appeals",                     UnitKind.LINE_OF_BUSINESS),
    ("line-payments",    "Employer Payments",           UnitKind.LINE_OF_BUSINESS),
]

# Each team with its workgroup, area and line of business; Maintenance, Team 4 has no leader.
TEAMS = [
    ("payments-1",    "Employer payments, Team 1",   "wg-services",    "area-east", "line-payments"),
    ("payments-2",    "Employer payments, Team 2",   "wg-services",    "area-west", "line-payments"),
    ("maintenance-4", "Maintenance, Team 4",         "wg-collections", "area-west", "line-maintenance"),
    ("maintenance-7", "Maintenance, Team 7",         "wg-collections", "area-east", "line-maintenance"),
    ("enforcement-2", "Arrears Enforcement, Team 2", "wg-collections", "area-west", "line-enforcement"),
    ("complaints-1",  "Complaints, Team 1",          "wg-resolution",  "area-east", "line-complaints"),
    ("complaints-2",  "Complaints, Team 2",          "wg-resolution",  "area-west", "line-complaints"),
    ("appeals-1",     "Appeals, Team 1",             "wg-resolution",  "area-west", "line-appeals"),
]
MOVED, MOVED_TO, DAYS_SINCE_MOVE = "moved", "enforcement-2", 40  # from one area to the other
LEFT, DAYS_SINCE_LEAVING = "left", 60

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
    _place_teams(since)
    for code, inbox, telephone in REACHED_AT:
        Unit.objects.filter(code=code).update(inbox=inbox, telephone=telephone)
    hashed = make_password(PASSWORD)  # once: it takes as long as it should
    for sign_in in [*SIGN_INS, *COLLEAGUES]:
        _take_on(sign_in, password=hashed, since=since, at=at)
    _move_one(uk_day(at))
    _say_goodbye(uk_day(at))


def _place_teams(since: date) -> None:
    Unit.objects.bulk_create(Unit(code=code, name=name, kind=kind) for code, name, kind in ABOVE)
    Unit.objects.bulk_create(Unit(code=code, name=name, kind=UnitKind.TEAM) for code, name, *_ in TEAMS)
    units = {unit.code: unit for unit in Unit.objects.all()}
    Placement.objects.bulk_create(
        Placement(
            unit=units[team],
            workgroup=units[workgroup],
            area=units[area],
            line_of_business=units[line],
            starts_on=since,
        )
        for team, _, workgroup, area, line in TEAMS
    )


def _move_one(today: date) -> None:
    moved_on = today - timedelta(days=DAYS_SINCE_MOVE)
    before = Membership.objects.select_related("person").get(person__username=MOVED)
    before.ends_on = moved_on - timedelta(days=1)
    before.save()
    Membership.objects.create(person=before.person, unit=Unit.objects.get(code=MOVED_TO), starts_on=moved_on)


def _say_goodbye(today: date) -> None:
    last_day = today - timedelta(days=DAYS_SINCE_LEAVING)
    StaffMember.objects.filter(username=LEFT).update(active_to=last_day)
    Membership.objects.filter(person__username=LEFT).update(ends_on=last_day)


def _address_of(name: str) -> str:
    """Return the work address: no accent stands before the @."""
    return f"{'.'.join(re.findall('[a-z]+', fold(name)))[:60]}@contacthub.example"


def _take_on(sign_in: SignIn, *, password: str, since: date, at: datetime) -> None:
    staff = StaffMember.objects.create(
        username=sign_in.username,
        email=_address_of(sign_in.name),
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
