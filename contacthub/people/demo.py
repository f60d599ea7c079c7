"""People of the demo data, and where they work: all names, addresses and numbers are invented."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.contrib.auth.models import Group

from contacthub.formats import uk_day
from contacthub.people.models import Membership, StaffMember, Unit
from contacthub.people.roles import GROUP_ROLES, Post, Role, UnitKind

PASSWORD = "contacthub-demo"  # noqa: S105  printed by `make run`; the accounts exist in demo data only


class SignIn(NamedTuple):
    username: str
    name: str
    number: str
    role: Role
    unit: str = ""
    post: Post | None = None
    welsh: bool = False


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
    SignIn("admin",         "Ingrid Falk",    "900901", Role.ADMINISTRATOR),
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
    for code, inbox, telephone in REACHED_AT:
        Unit.objects.filter(code=code).update(inbox=inbox, telephone=telephone)
    for sign_in in SIGN_INS:
        _take_on(sign_in, since=since, at=at)


def _take_on(sign_in: SignIn, *, since: date, at: datetime) -> None:
    staff = StaffMember.objects.create_user(
        username=sign_in.username,
        email=f"{sign_in.name.lower().replace(' ', '.')}@contacthub.example",
        password=PASSWORD,
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
