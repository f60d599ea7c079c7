"""Employers, agents, paying parents and their cases as the demo data has them: rows that are not saved yet.

`fixtures/demo/employers.toml` has those that a story needs and the words that the others are made of, the same ones
each time. Days are counted back from the day of the demonstration.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from employer_contact.models import CaseActivity, Employer, MaintenanceCase, PayingParent, PayrollAgent, ScheduleLine
from employer_contact.models.parents import CMSL2040
from employer_contact.terms import Language, LineChange, ScheduleDelivery

WRITTEN = tomllib.loads(Path(settings.BASE_DIR, "fixtures", "demo", "employers.toml").read_text())
WORDS = WRITTEN["words"]
EMPLOYERS, AGENTS = 320, 42
FIRST_ERN, FIRST_EARN, FIRST_REFERENCE, FIRST_NINO, FIRST_CASE = 900000001, 9000001, 121999000001, 123401, 300000001
ABOUT_AN_EMPLOYER = ("agents", "notes", "paying_parents")
SHORT, DIFFERENT = 11, 9  # one line in so many is deducted short, one is due for other than the letters say


def turn(words: str, number: int) -> str:
    """Return the word of a list whose turn it is."""
    chosen: str = WORDS[words][number % len(WORDS[words])]
    return chosen


def before(day: date, months: int) -> date:
    """Return the day of so many months before, the 28th at the latest."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, 28))


def month_of(day: date, months_ago: int = 0) -> date:
    return before(day, months_ago).replace(day=1)


def employers() -> Iterator[Employer]:
    for number in range(EMPLOYERS):
        ern = str(FIRST_ERN + number)
        if number < len(WRITTEN["employer"]):
            given = WRITTEN["employer"][number]
            yield Employer(ern=ern, **{name: value for name, value in given.items() if name not in ABOUT_AN_EMPLOYER})
        else:
            yield _employer(number, ern)


def _employer(number: int, ern: str) -> Employer:
    company = turn("companies", number)
    site = company.split()[0].lower()
    postcode = f"ZZ99 {number % 9 + 1}{'ABDEFGH'[number % 7]}{'JLNPRS'[number % 6]}"
    address = f"{number % 60 + 1} {turn('streets', number)}\n{turn('towns', number)}"
    has_payroll_address, has_fax = number % 4 > 0, number % 3 == 0
    return Employer(
        ern=ern,
        name=f"{company} {turn('trades', number)} {turn('forms', number)}",
        hmrc_address=address,
        hmrc_postcode=postcode,
        payroll_address=f"Payroll office\n{address}" if has_payroll_address else "",
        payroll_postcode=postcode if has_payroll_address else "",
        telephone=f"+441632960{400 + number}",
        additional_telephones=[f"+447700900{400 + number}"] if number % 5 else [],
        fax=f"+44207946{number:04}" if has_fax else "",
        prefers_fax=has_fax and number % 2 == 0,
        email=f"payroll@{site}-{turn('trades', number).lower()}.example" if number % 8 else "",
        contact_names=[_person(number * 7)] if number % 6 else [],
        pay_day=number % 31 + 1 if number % 10 else None,
        cut_off_day=(number + 20) % 31 + 1 if number % 10 else None,
        voicemail_authorised=[True, False, None][number % 3],
        schedule_delivery=ScheduleDelivery.PAPER if number % 2 else ScheduleDelivery.SELF_SERVICE,
        language=Language.WELSH if turn("towns", number) == "Porth Wen" and number % 3 == 0 else Language.ENGLISH,
    )


def agents() -> Iterator[PayrollAgent]:
    """Yield the agents: those of the stories first, with Pelham Payroll LLP where it would come by its EARN."""
    for number in range(AGENTS):
        earn = f"EA{FIRST_EARN + number}"
        if number < len(WRITTEN["agent"]):
            yield PayrollAgent(earn=earn, **WRITTEN["agent"][number])
            continue
        bureau = turn("bureaus", number)
        yield PayrollAgent(
            earn=earn,
            name=f"{bureau} {turn('services', number)}",
            address1=f"{number} {turn('streets', number)}",
            address_rest=turn("towns", number),
            postcode=f"ZZ99 {number % 9 + 1}TA",
            telephone=f"+441632960{800 + number}",
            email=f"office@{bureau.lower()}.example",
        )


def _person(number: int) -> str:
    return f"{turn('first', number)} {turn('last', number)}"


def staff_numbers(employer_number: int) -> int:
    """Return how many paying parents work for an employer."""
    if employer_number < len(WRITTEN["employer"]):
        return int(WRITTEN["employer"][employer_number]["paying_parents"])
    return 1 + employer_number * 7 % 12


def parents(count: int) -> Iterator[PayingParent]:
    written = {given["number"] - 1: given["name"] for given in WRITTEN["parent"]}
    for number in range(count):
        nino = f"QQ{FIRST_NINO + number}{'ABCD'[number % 4]}"
        yield PayingParent(
            reference=str(FIRST_REFERENCE + number),
            name=written.get(number) or _person(number),
            nino="" if number % 97 == 96 else nino,
        )


def cases(number: int, parent: PayingParent, owners: dict[str, int], today: date) -> Iterator[MaintenanceCase]:
    """Yield the cases of a paying parent, with what was done in each as `done`: letters by "Issued by"."""
    written = [given for given in WRITTEN["parent"] if given["number"] == number + 1]
    for given in written[0]["cases"] if written else _cases(number, owners):
        closed = given.get("closed_months_ago")
        case = MaintenanceCase(
            number=given["number"],
            paying_parent=parent,
            receiving_parent=given["receiving_parent"],
            owner_id=owners[given["owner"]],
            closed_on=before(today, closed) if closed else None,
        )
        yield case


def letters_of(number: int, place: int) -> list[dict[str, Any]]:
    """Return the letters CMSL2040 of a paying parent's case, the first case being 0."""
    written = [given for given in WRITTEN["parent"] if given["number"] == number + 1]
    if written:
        letters: list[dict[str, Any]] = written[0]["cases"][place]["letters"]
        return letters
    amount = Decimal(4000 + number * 373 % 26000) / 100
    if place > 0:
        amount = round(amount / 2, 2)
    newest = {"months_ago": 2 + number % 9, "amount": amount, "by": turn("first", number) + " Cole"}
    older = {"months_ago": 14 + number % 11, "amount": amount - 5, "by": newest["by"]}
    return [older, newest] if number % 5 == 0 else [newest]


def _cases(number: int, owners: dict[str, int]) -> Iterator[dict[str, Any]]:
    """Yield the cases of a paying parent of no story: one in seven has two, one in 49 three."""
    names = list(owners)
    for place in range(1 + (number % 7 == 3) + (number % 49 == 3)):
        yield {
            "number": str(FIRST_CASE + number * 3 + place),
            "receiving_parent": _person(number * 5 + 3 + place * 11),
            "owner": names[(number + place) % len(names)],
        }


def activities(
    case: MaintenanceCase, letters: list[dict[str, Any]], employer: Employer, today: date
) -> Iterator[CaseActivity]:
    opened = before(today, 30)
    yield CaseActivity(maintenance_case=case, kind="Case opened", happened_on=opened)
    yield CaseActivity(
        maintenance_case=case, kind="DEO set up", happened_on=opened + timedelta(days=40), employer=employer
    )
    for letter in letters:
        issued = month_of(today, letter["months_ago"]) + timedelta(days=11)
        yield CaseActivity(
            maintenance_case=case,
            kind=CMSL2040,
            happened_on=issued,
            employer=employer,
            amount=Decimal(letter["amount"]),
            from_month=month_of(issued, -1),
            by=letter["by"],
        )


def due_of(number: int, letters: Decimal) -> Decimal:
    """Return what the schedule asks for a paying parent whose letters in force come to so much."""
    written = [given for given in WRITTEN["parent"] if given["number"] == number + 1]
    if written:
        return Decimal(written[0]["due"])
    return letters + Decimal("12.50") if number % DIFFERENT == 4 else letters


def line(number: int, *, schedule_id: int, parent_id: int, due: Decimal, month: date, is_past: bool) -> ScheduleLine:
    """Return a line of a schedule: of a month that is past with what was deducted."""
    made = ScheduleLine(schedule_id=schedule_id, paying_parent_id=parent_id, due=due)
    if is_past:
        made.deducted = due
        if number % SHORT == 6:
            made.deducted, made.difference_reason = (
                round(due / 2, 2),
                "Protected earnings: the pay of the month was too low",
            )
    elif number % 40 == 12:
        made.change, made.effective_on = LineChange.LEFT, month + timedelta(days=6)
    elif number % 40 == 25:
        made.change, made.effective_on = LineChange.ABSENCE, month + timedelta(days=2)
    return made
