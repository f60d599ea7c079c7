"""Details of employers and agents, and lines of a schedule, as people change them.

Each form carries what the person saw: what others changed meanwhile is not taken back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError

from contacthub import formats
from contacthub.submissions.forms import OnceForm
from contacthub.ui.fields import LONG, Day, EmailAddress, ManyLines, OneLine, Telephone
from employer_contact.details import LABELS, NUMBERS, AgentDetails, EmployerDetails
from employer_contact.identifiers import IdentifierKind, recognise
from employer_contact.models import ScheduleLine
from employer_contact.models.accounts import DAYS_OF_A_MONTH
from employer_contact.services.schedules import LineUpdate, Reported, Unknown, reported_of
from employer_contact.terms import Language, LineChange, ScheduleDelivery

LINE = 200
SALT = "employer_contact.seen"
ONE_A_LINE = "One a line"
YES, NO, NOT_KNOWN = "yes", "no", ""
VOICEMAIL = {YES: True, NO: False, NOT_KNOWN: None}


def one_line(name: str, **given: Any) -> OneLine:
    words = given.pop("error_messages", {}) | {"max_length": f"{LABELS[name]} must be {LINE} characters or fewer"}
    attrs = {"autocomplete": "off", "spellcheck": "false", "dir": "auto"}
    return OneLine(
        label=LABELS[name],
        max_length=LINE,
        error_messages=words,
        widget=forms.TextInput(attrs=attrs),
        **{"required": False, **given},
    )


def lines(name: str, **given: Any) -> ManyLines:
    too_long = {"max_length": f"{LABELS[name]} must be {LONG:,} characters or fewer"}
    widget = forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    return ManyLines(
        label=LABELS[name], max_length=LONG, required=False, widget=widget, error_messages=too_long, **given
    )


def number_field(name: str) -> Telephone:
    return Telephone(
        label=LABELS[name], required=False, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})
    )


def email_field() -> EmailAddress:
    widget = forms.EmailInput(attrs={"autocomplete": "off"})
    too_long = {"max_length": "Email address must be 320 characters or fewer"}
    return EmailAddress(label=LABELS["email"], required=False, max_length=320, widget=widget, error_messages=too_long)


def choice(name: str, choices: Iterable[tuple[str, str]], **given: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=LABELS[name], choices=choices, widget=forms.RadioSelect, **given)


def day_of_month(name: str) -> forms.IntegerField:
    first, last = DAYS_OF_A_MONTH
    words = f"{LABELS[name]} must be a day of the month, {first} to {last}"
    return forms.IntegerField(
        label=LABELS[name],
        help_text="Day of the month",
        required=False,
        min_value=first,
        max_value=last,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), words),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3", "autocomplete": "off"}),
    )


class Postcode(OneLine):
    """A postcode in any spacing and case, kept as "ZZ99 3AB"."""

    def __init__(self, name: str) -> None:
        widget = forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off", "spellcheck": "false"})
        super().__init__(label=LABELS[name], required=False, widget=widget)

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        identifier = recognise(typed)
        if identifier is None:
            return ""
        if identifier.kind != IdentifierKind.POSTCODE:
            raise ValidationError("Enter a postcode in the correct format, like ZZ99 3AB", code="invalid")
        return identifier.value


class SeenForm(OnceForm):
    """What is held as the person saw it, and what they make of it: a browser that put what stood in the boxes before
    beside what is held now would take back what a colleague changed (P12).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keep_to_the_server()

    def keep_to_the_server(self) -> None:
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"


class DetailsForm(SeenForm):
    """The details of a record, with those that the person saw when the page was made."""

    KIND: ClassVar[type[Any]]
    seen = forms.CharField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, held: Any) -> DetailsForm:
        """Return the form as it begins: with what is held."""
        return cls(initial=cls.typed(held) | {"seen": cls.sealed(held)})

    @staticmethod
    def sealed(held: Any) -> str:
        return signing.dumps(asdict(held), salt=SALT)

    @staticmethod
    def typed(held: Any) -> dict[str, Any]:
        """Return values as they stand in the boxes."""
        return {name: _in_a_box(name, value) for name, value in asdict(held).items()}

    def clean_seen(self) -> Any:
        try:
            seen = signing.loads(self.cleaned_data["seen"], salt=SALT)
            return self.KIND(**{name: tuple(v) if isinstance(v, list) else v for name, v in seen.items()})
        except (signing.BadSignature, TypeError):
            raise ValidationError("Load this page again: it is too old to save") from None

    @property
    def details(self) -> Any:
        """Return what is wanted, once the form is valid."""
        return self.KIND(**{field.name: self.cleaned_data[field.name] for field in fields(self.KIND)})


class EmployerForm(DetailsForm):
    KIND = EmployerDetails

    name = one_line("name", required=True, error_messages={"required": "Enter the name of the employer"})
    telephone = number_field("telephone")
    additional_telephones = lines("additional_telephones", help_text=ONE_A_LINE)
    fax = number_field("fax")
    prefers_fax = choice(
        "prefers_fax", [(YES, "Yes"), (NO, "No")], help_text="Is fax still the preferred method?",
        error_messages={"required": "Select whether fax is the preferred method"},
    )  # fmt: skip
    email = email_field()
    contact_names = lines("contact_names", help_text=ONE_A_LINE)
    voicemail_authorised = choice(
        "voicemail_authorised", [(YES, "Yes"), (NO, "No"), (NOT_KNOWN, "Not known")], required=False
    )
    pay_day = day_of_month("pay_day")
    cut_off_day = day_of_month("cut_off_day")
    payroll_address = lines("payroll_address")
    payroll_postcode = Postcode("payroll_postcode")
    schedule_delivery = choice("schedule_delivery", ScheduleDelivery.choices)
    language = choice("language", Language.choices)

    @staticmethod
    def typed(held: Any) -> dict[str, Any]:
        voicemail = next(word for word, value in VOICEMAIL.items() if value is held.voicemail_authorised)
        return DetailsForm.typed(held) | {
            "prefers_fax": YES if held.prefers_fax else NO,
            "voicemail_authorised": voicemail,
        }

    def clean_prefers_fax(self) -> bool:
        return bool(self.cleaned_data["prefers_fax"] == YES)

    def clean_voicemail_authorised(self) -> bool | None:
        return VOICEMAIL[self.cleaned_data["voicemail_authorised"]]

    def clean_contact_names(self) -> tuple[str, ...]:
        return _listed(self.cleaned_data["contact_names"])

    def clean_additional_telephones(self) -> tuple[str, ...]:
        field = Telephone(required=False)
        return tuple(field.clean(number) for number in _listed(self.cleaned_data["additional_telephones"]))


class AgentForm(DetailsForm):
    KIND = AgentDetails

    name = one_line("name", required=True, error_messages={"required": "Enter the company name"})
    address1 = one_line("address1")
    address_rest = lines("address_rest")
    postcode = Postcode("postcode")
    telephone = number_field("telephone")
    email = email_field()


class LinesForm(SeenForm):
    """A change of circumstances for the lines that were ticked, and for names that are not on the schedule.

    What is chosen for all holds for each line that has no change of its own.
    """

    change = forms.ChoiceField(label="What has changed, for all of them", required=False)
    day = Day(label="From, for all of them", required=False, help_text="Like 7/6/2026")
    names = ManyLines(
        label="Names that are not on this schedule (optional)",
        help_text="One a line. They are marked for investigation, with the change above",
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"max_length": f"Names must be {LONG:,} characters or fewer"},
    )

    def __init__(self, *args: Any, ticked: list[ScheduleLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ticked = ticked
        choices = [("", "Choose"), *LineChange.choices]
        self.fields["change"].choices = choices  # type: ignore[attr-defined]
        for line in ticked:
            self.fields[f"seen_{line.pk}"] = forms.CharField(
                widget=forms.HiddenInput, initial=_sealed(reported_of(line))
            )
            self.fields[f"change_{line.pk}"] = forms.ChoiceField(
                label=f"What has changed for {line.paying_parent.name}",
                choices=choices,
                required=False,
                initial=line.change,
            )
            self.fields[f"day_{line.pk}"] = Day(
                label=f"From, for {line.paying_parent.name}", required=False, initial=line.effective_on
            )
        self.keep_to_the_server()

    @staticmethod
    def seen_now(ticked: list[ScheduleLine]) -> dict[str, str]:
        """Return what says that somebody has seen the lines as they stand, and a key of its own."""
        return {f"seen_{line.pk}": _sealed(reported_of(line)) for line in ticked} | {"key": str(uuid4())}

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {"line": line, "change": self[f"change_{line.pk}"], "day": self[f"day_{line.pk}"]} for line in self.ticked
        ]

    @property
    def updates(self) -> list[LineUpdate]:
        given = self.cleaned_data
        return [
            LineUpdate(
                line.pk,
                seen := _unsealed(given[f"seen_{line.pk}"]),
                Reported(
                    given[f"change_{line.pk}"] or given["change"],
                    given[f"day_{line.pk}"] or given["day"],
                    seen.deducted,
                    seen.difference_reason,
                ),
            )
            for line in self.ticked
        ]

    @property
    def unknown(self) -> list[Unknown]:
        given = self.cleaned_data
        return [Unknown(name[:LINE], given["change"], given["day"]) for name in _listed(given["names"])]

    def clean(self) -> dict[str, Any]:
        for line in self.ticked:
            try:
                _unsealed(self.cleaned_data.get(f"seen_{line.pk}", ""))
            except (signing.BadSignature, TypeError):
                raise ValidationError("Load this page again: it is too old to save") from None
        return self.cleaned_data


def _in_a_box(name: str, value: Any) -> Any:
    if isinstance(value, tuple):
        return "\n".join(_in_a_box(name, one) for one in value)
    return formats.telephone(value) if value and name in NUMBERS else value


def _listed(text: str) -> tuple[str, ...]:
    return tuple(" ".join(line.split()) for line in re.split(r"\n", text) if line.strip())


def _sealed(reported: Reported) -> str:
    given = asdict(reported)
    return signing.dumps({name: None if value is None else str(value) for name, value in given.items()}, salt=SALT)


def _unsealed(text: str) -> Reported:
    given = signing.loads(text, salt=SALT)
    day = Day(required=False).clean(given["effective_on"])
    deducted = forms.DecimalField(required=False).clean(given["deducted"])
    return Reported(given["change"], day, deducted, given["difference_reason"])
