"""Employers with all that belongs to them, in a few statements: 320 of them with over 2,000 paying parents."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from contacthub.formats import uk_day
from contacthub.mail.models import Mailbox
from contacthub.people.models import StaffMember, Unit
from contacthub.people.services import actor_for
from employer_contact import demo_records as made
from employer_contact.demo_contacts import load as load_contacts
from employer_contact.demo_reissues import load as load_reissues
from employer_contact.details import EmployerDetails, details_of
from employer_contact.models import (
    AgentLink,
    CaseActivity,
    DeoSchedule,
    Employer,
    EmployerNote,
    Employment,
    IdentityInbox,
    MaintenanceCase,
    PayingParent,
    PayrollAgent,
    ScheduleLine,
)
from employer_contact.security import Check, Grounds
from employer_contact.services import save_wording, update_employer

OWNERS = ("case-owner", "enforcement", "case-owner-2", "case-owner-3", "enforcement-2")
MANY_EMPLOYERS = "Holtby and Strand Bureau"
BATCH = 1000
LINES = ("payments", "maintenance", "enforcement", "complaints", "appeals")
SAMPLES = Path(settings.BASE_DIR, "fixtures", "demo", "correspondence")


def load(*, at: datetime) -> None:
    today = uk_day(at)
    staff = {person.username: person.pk for person in StaffMember.objects.all()}
    employers = Employer.objects.bulk_create(made.employers())
    _link_agents(employers, today)
    _write_notes(employers, staff, at)
    employed = _employ(employers, today)
    letters = _open_cases(employed, {name: staff[name] for name in OWNERS}, today)
    _send_schedules(employed, letters, today)
    _change_some(employers, at)
    _set_up_identity(at)
    load_contacts(employers, at=at)
    load_reissues(employers, at=at)


def _set_up_identity(at: datetime) -> None:
    """Give each line its inbox, and the identity email a wording that says that it is a sample."""
    lines = {code: Unit.objects.get(code=f"line-{code}") for code in LINES}
    IdentityInbox.objects.bulk_create(
        IdentityInbox(unit=unit, mailbox=Mailbox.objects.get(code=f"eir-{code}")) for code, unit in lines.items()
    )
    leader = actor_for(StaffMember.objects.get(username="payments-lead"), on=uk_day(at))
    told = {language: (SAMPLES / f"identity.{language}.txt").read_text() for language in ("en", "cy")}
    then = at - timedelta(days=60)
    save_wording(seen=0, body=told["en"], body_welsh=told["cy"], by=leader, at=then)


def _change_some(employers: list[Employer], at: datetime) -> None:
    """Change some details as letters asked: the services keep what was."""
    for given in made.WRITTEN["change"]:
        then = at - timedelta(days=given["days_ago"])
        by = actor_for(StaffMember.objects.get(username=given["by"]), on=uk_day(then))
        employer = Employer.objects.get(pk=employers[given["employer"] - 1].pk)
        seen = details_of(employer, EmployerDetails)
        update_employer(
            employer_id=employer.pk,
            seen=seen,
            details=replace(seen, **given["to"]),
            grounds=Grounds(case_id=None, check=Check.NOT_REQUIRED),
            by=by,
            at=then,
        )


def _link_agents(employers: list[Employer], today: date) -> None:
    """Link the agents of the stories as they are written, one of them to every eighth employer, the others to one."""
    agents = {agent.name: agent for agent in PayrollAgent.objects.bulk_create(made.agents())}
    links = []
    for number, employer in enumerate(employers):
        written = made.WRITTEN["employer"][number] if number < len(made.WRITTEN["employer"]) else {}
        links += [_link(employer, agents[given["name"]], given, today) for given in written.get("agents", [])]
        if not written and number % 8 == 0:
            since = made.before(today, number % 40 + 2)
            links.append(AgentLink(employer=employer, agent=agents[MANY_EMPLOYERS], starts_on=since))
    others = list(agents.values())[len(made.WRITTEN["agent"]) :]
    for number, agent in enumerate(others):
        since = made.before(today, number + 3)
        links.append(AgentLink(employer=employers[20 + number * 7], agent=agent, starts_on=since, gets_schedule=True))
    AgentLink.objects.bulk_create(links)


def _link(employer: Employer, agent: PayrollAgent, given: dict[str, Any], today: date) -> AgentLink:
    return AgentLink(
        employer=employer,
        agent=agent,
        starts_on=made.before(today, given["from"]),
        ends_on=made.before(today, given["to"]) - timedelta(days=1) if "to" in given else None,
        gets_schedule=given.get("gets_schedule", False),
        may_do=given.get("may_do", ""),
    )


def _write_notes(employers: list[Employer], staff: dict[str, int], at: datetime) -> None:
    EmployerNote.objects.bulk_create(
        EmployerNote(
            employer=employer, text=note["text"], by_id=staff[note["by"]], at=at - timedelta(days=note["days_ago"])
        )
        for employer, given in zip(employers, made.WRITTEN["employer"], strict=False)
        for note in given.get("notes", [])
    )


def _employ(employers: list[Employer], today: date) -> list[tuple[int, PayingParent, Employer]]:
    """Make the paying parents, each with an employer; one in ninety works for a second one too."""
    written = {given["number"] - 1: given["employer"] for given in made.WRITTEN["parent"]}
    by_name = {employer.name: employer for employer in employers}
    places = [employer for number, employer in enumerate(employers) for _ in range(made.staff_numbers(number))]
    for number, name in written.items():
        _swap_in(places, number, by_name[name])
    parents = PayingParent.objects.bulk_create(made.parents(len(places)), batch_size=BATCH)
    employed = [(number, parent, places[number]) for number, parent in enumerate(parents)]
    jobs = [
        Employment(employer=employer, paying_parent=parent, starts_on=made.before(today, number % 90 + 31))
        for number, parent, employer in employed
    ]
    second = [
        Employment(employer=employers[number % 11 + 30], paying_parent=parent, starts_on=today - timedelta(days=90))
        for number, parent, employer in employed
        if number % 90 == 45 and employer != employers[number % 11 + 30]
    ]
    Employment.objects.bulk_create([*jobs, *second], batch_size=BATCH)
    return employed


def _swap_in(places: list[Employer], number: int, employer: Employer) -> None:
    """Let this paying parent work for this employer, and one who does in the place of theirs."""
    other = places.index(employer)
    places[number], places[other] = places[other], places[number]


def _open_cases(
    employed: list[tuple[int, PayingParent, Employer]], owners: dict[str, int], today: date
) -> dict[int, Decimal]:
    """Make the cases and what was done in them; return, by paying parent, what the letters in force come to."""
    cases: list[tuple[MaintenanceCase, list[dict[str, Any]], Employer]] = []
    in_force: dict[int, Decimal] = defaultdict(Decimal)
    for number, parent, employer in employed:
        for place, case in enumerate(made.cases(number, parent, owners, today)):
            letters = made.letters_of(number, place)
            cases.append((case, letters, employer))
            if letters and not case.closed_on:
                in_force[parent.pk] += Decimal(letters[-1]["amount"])
    MaintenanceCase.objects.bulk_create([case for case, _, _ in cases], batch_size=BATCH)
    done = [one for case, letters, employer in cases for one in made.activities(case, letters, employer, today)]
    CaseActivity.objects.bulk_create(done, batch_size=BATCH)
    return in_force


def _send_schedules(
    employed: list[tuple[int, PayingParent, Employer]], letters: dict[int, Decimal], today: date
) -> None:
    """Make the schedules of this month and the one before, each with a line for each paying parent."""
    employers = list({employer.pk: employer for _, _, employer in employed}.values())
    for months_ago in (1, 0):
        month = made.month_of(today, months_ago)
        schedules = DeoSchedule.objects.bulk_create(
            DeoSchedule(employer=employer, month=month, delivery=employer.schedule_delivery, sent_on=month)
            for employer in employers
        )
        of_employer = {schedule.employer_id: schedule.pk for schedule in schedules}
        ScheduleLine.objects.bulk_create(
            [
                made.line(
                    number,
                    schedule_id=of_employer[employer.pk],
                    parent_id=parent.pk,
                    due=made.due_of(number, letters[parent.pk]),
                    month=month,
                    is_past=months_ago > 0,
                )
                for number, parent, employer in employed
            ],
            batch_size=BATCH,
        )
