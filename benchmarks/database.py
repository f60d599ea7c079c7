"""One database for each size, copied from one that is up to date and has people in it, filled by bulk SQL."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from contacthub.callbacks import demo as callbacks_demo
from contacthub.callbacks.models import Queue
from contacthub.mail import demo as mail_demo
from contacthub.mail.models import Mailbox
from contacthub.people import demo as people_demo
from contacthub.people.models import Membership, StaffMember, Unit
from contacthub.people.roles import Role
from contacthub.workspace.services import load_reference
from employer_contact.models import IdentityInbox, IdentityTemplate

SEED = (Path(__file__).parent / "seed.sql").read_text()
EMPLOYERS = (Path(__file__).parent / "employers.sql").read_text()
FEEDBACK = (Path(__file__).parent / "feedback.sql").read_text()
MOST_EMPLOYERS = 200_000
AGENTS = CALLERS = CASEWORKERS = 40
QUEUE = "ash"  # whose calls are all that is seeded: of a Jobcentre, where everybody takes them
CASEWORKER = "bench-820000"
TEAM = "payments-1"  # whose service requests are all that is seeded


def use(name: str) -> None:
    """Let this thread work with the database of this name."""
    connection.close()
    connections["default"] = connection_to(name)


def connection_to(name: str) -> BaseDatabaseWrapper:
    """Return a connection of this thread to the database of this name, which opens as it is used."""
    own = connections.create_connection("default")
    own.settings_dict = {**own.settings_dict, "NAME": name}
    return own


def make_template(*, at: datetime) -> None:
    """Bring the current database up to date, with all that incidents need."""
    call_command("migrate", verbosity=0)
    furnish(at=at)


def furnish(*, at: datetime) -> None:
    """Load what all need: reference data, the people and units of the demo, agents, callers of a queue, caseworkers,
    and a wording of the identity email.
    """
    load_reference()
    for room in (people_demo, mail_demo, callbacks_demo):
        room.load(at=at)
    Group.objects.get(name=Role.HELPDESK_AGENT).user_set.add(*_staff("Agent", 800000, AGENTS, at=at))
    unit = Queue.objects.get(code=QUEUE).unit
    _join(unit, _staff("Caller", 810000, CALLERS, at=at), at=at)
    caseworkers = _staff("Caseworker", 820000, CASEWORKERS, at=at)
    Group.objects.get(name=Role.EMPLOYER_PAYMENTS_CASEWORKER).user_set.add(*caseworkers)
    team = Unit.objects.get(code=TEAM)
    _join(team, caseworkers, at=at)
    IdentityInbox.objects.create(unit=team, mailbox=Mailbox.objects.get(code="eir-payments"))
    IdentityTemplate.objects.create(number=1, body="We are the Child Maintenance Service.\n\n" * 10)


def _join(unit: Unit, people: list[StaffMember], *, at: datetime) -> None:
    Membership.objects.bulk_create(Membership(person=one, unit=unit, starts_on=at.date()) for one in people)


def _staff(what: str, number: int, count: int, *, at: datetime) -> list[StaffMember]:
    """Take on so many people, numbered from `number`."""
    return StaffMember.objects.bulk_create(
        StaffMember(
            username=f"bench-{number + n}",
            name=f"{what} Number {n}",
            staff_number=f"{number + n}",
            email=f"bench-{number + n}@contacthub.example",
            active_from=at.date(),
        )
        for n in range(count)
    )


def make(name: str, template: str, incidents: int, *, at: datetime) -> None:
    """Make a database like the template, which nobody may use meanwhile, fill it, and let the planner count it."""
    use("postgres")
    quoted = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"create database {quoted(name)} template {quoted(template)}")
    use(name)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")  # no look at each foreign key: half the time
        fill(incidents, at=at)
        fill_employers(min(2 * incidents, MOST_EMPLOYERS), at=at)
        fill_feedback(max(50, incidents // 4), at=at)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")


@transaction.atomic
def fill(incidents: int, *, at: datetime) -> None:
    """Fill the empty tables of the current database with so many incidents."""
    with connection.cursor() as cursor:
        cursor.execute(SEED, {"incidents": incidents, "at": at})


@transaction.atomic
def fill_employers(employers: int, *, at: datetime) -> None:
    """Fill the empty tables of employer contact with so many employers, at least 40, each with five paying parents."""
    with connection.cursor() as cursor:
        cursor.execute(EMPLOYERS, {"employers": employers, "at": at})


@transaction.atomic
def fill_feedback(forms: int, *, at: datetime) -> None:
    """Fill the empty tables of complaints feedback with so many forms, at least 50."""
    with connection.cursor() as cursor:
        cursor.execute(FEEDBACK, {"forms": forms, "at": at})
