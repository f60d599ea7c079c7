"""What is held of employers and agents that people change, as plain data: what differs, and how it is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from contacthub.formats import ordinal, telephone
from employer_contact.terms import Language, ScheduleDelivery

NOTHING = "nothing"


@dataclass(frozen=True)
class EmployerDetails:
    """The details of an employer; the address that HMRC gives is theirs to change (EC-20)."""

    name: str
    payroll_address: str = ""
    payroll_postcode: str = ""
    telephone: str = ""
    additional_telephones: tuple[str, ...] = ()
    fax: str = ""
    prefers_fax: bool = False
    email: str = ""
    contact_names: tuple[str, ...] = ()
    pay_day: int | None = None
    cut_off_day: int | None = None
    voicemail_authorised: bool | None = None
    schedule_delivery: str = ScheduleDelivery.PAPER
    language: str = Language.ENGLISH


@dataclass(frozen=True)
class AgentDetails:
    name: str
    address1: str = ""
    address_rest: str = ""
    postcode: str = ""
    telephone: str = ""
    email: str = ""


Details = TypeVar("Details", EmployerDetails, AgentDetails)
LABELS = {
    "name": "Name",
    "payroll_address": "Payroll address",
    "payroll_postcode": "Postcode of the payroll",
    "telephone": "Telephone",
    "additional_telephones": "Additional telephone numbers",
    "fax": "Fax number",
    "prefers_fax": "Preferred fax flag",
    "email": "Email address",
    "contact_names": "Contact names",
    "pay_day": "Pay date",
    "cut_off_day": "Payroll cut off date",
    "voicemail_authorised": "Voicemail authorisation",
    "schedule_delivery": "Schedule delivery",
    "language": "Language",
    "address1": "First line of company address",
    "address_rest": "Rest of company address",
    "postcode": "Postcode",
}
NUMBERS = {"telephone", "additional_telephones", "fax"}
DAYS = {"pay_day", "cut_off_day"}
CHOICES: Mapping[str, Any] = {"schedule_delivery": ScheduleDelivery, "language": Language}


def details_of(record: Any, kind: type[Details]) -> Details:
    """Return what a record holds."""
    held: dict[str, Any] = {field.name: getattr(record, field.name) for field in fields(kind)}
    held |= {name: tuple(value) for name, value in held.items() if isinstance(value, list)}
    return kind(**held)


def different(before: Details, after: Details) -> list[str]:
    """Return the names of what is not the same in both."""
    return [field.name for field in fields(before) if getattr(before, field.name) != getattr(after, field.name)]


def merged(stands: Details, wanted: Details, names: list[str]) -> Details:
    """Return what stands with what is wanted of these names."""
    return replace(stands, **{name: getattr(wanted, name) for name in names})


def said(name: str, value: Any) -> str:
    """Return a value in words: "01632 960120", "28th", "yes", "nothing"."""
    if isinstance(value, tuple):
        return ", ".join(said(name, one) for one in value) or NOTHING
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in NUMBERS:
        return telephone(value)
    if name in DAYS:
        return ordinal(value)
    if name in CHOICES:
        return str(CHOICES[name](value).label)
    return " / ".join(str(value).splitlines())


def changes(before: Details, after: Details) -> str:
    """Return a line for each value that differs: "Telephone: 01632 960120 → 01632 960121" (both are kept)."""
    return "\n".join(
        f"{LABELS[name]}: {said(name, getattr(before, name))} → {said(name, getattr(after, name))}"
        for name in different(before, after)
    )
