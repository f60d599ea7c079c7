"""A file with the lines of a schedule: sent or pasted, read row by row, and applied as it was shown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError

from contacthub.csvfiles import Problem, Table
from contacthub.submissions.forms import OnceForm
from contacthub.ui.fields import Amount, Day, OneLine, words_field
from employer_contact.forms.changing import LINE
from employer_contact.line_files import COLUMNS, Planned, Said, planned
from employer_contact.models import ServiceRequest
from employer_contact.personal import holds_card_number
from employer_contact.services.schedules import Reported
from employer_contact.services.shared import NO_CARDS
from employer_contact.terms import LineChange

MOST_BYTES = 500_000
SALT = "employer_contact.lines"
TOO_OLD = "Check the file again: this page is too old to apply"
MOVED = "The schedule has changed since this was shown"
NOT_KNOWN = "Write one of: " + ", ".join(LineChange.labels)
HEADINGS = {column.name: column.heading for column in COLUMNS}


class LinesFileForm(forms.Form):
    """A file, or the cells of one as they were copied out of a spreadsheet."""

    file = forms.FileField(
        label="CSV file",
        required=False,
        error_messages={"empty": "The file is empty. Select one with a line of headings and a row for each person"},
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv", "class": "govuk-file-upload"}),
    )
    text = forms.CharField(
        label="Or paste the rows here",
        help_text="With the line of headings, as they are copied out of a spreadsheet",
        required=False,
        strip=False,
        max_length=MOST_BYTES,
        error_messages={"max_length": "That is too much to paste. Save it as a file and select that"},
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > MOST_BYTES:
            raise ValidationError("The file must be smaller than 500 KB. Split it, each part with the line of headings")
        return file

    def clean(self) -> dict[str, Any]:
        if self.errors:
            return self.cleaned_data
        has_text = bool(self.cleaned_data["text"].strip())
        if self.cleaned_data["file"] and has_text:
            self.add_error("file", "Select a file or paste the rows, not both")
        elif not self.cleaned_data["file"] and not has_text:
            self.add_error("file", "Select a CSV file, or paste the rows")
        return self.cleaned_data

    @property
    def data_sent(self) -> bytes:
        """Return what was sent, once the form is valid."""
        file = self.cleaned_data["file"]
        data: bytes = file.read() if file else self.cleaned_data["text"].encode()
        return data


class LineRowForm(forms.Form):
    """What one row says."""

    who = OneLine(max_length=LINE, error_messages={"required": "Enter who it is about", "max_length": "Too long"})
    change = OneLine(error_messages={"required": NOT_KNOWN})
    effective_on = Day(error_messages={"required": "Enter the day from which the change holds"})
    deducted = Amount(required=False)
    difference_reason = OneLine(required=False, max_length=LINE, error_messages={"max_length": "Too long"})

    def clean_change(self) -> str:
        typed = self.cleaned_data["change"].casefold()
        known = {word.casefold(): value for value, label in LineChange.choices for word in (value, label)}
        if typed not in known:
            raise ValidationError(NOT_KNOWN, code="invalid")
        return known[typed]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        for name in ("who", "difference_reason"):
            if holds_card_number(given.get(name, "")):
                self.add_error(name, NO_CARDS)
        if given.get("difference_reason") and given.get("deducted", "") is None:
            self.add_error("deducted", "Enter the amount that the reason is about")
        return given


def said_in(table: Table) -> tuple[list[Said], list[Problem]]:
    """Return what each row says, and each cell that cannot be read."""
    rows, problems = [], list(table.problems)
    for row in table.rows:
        form = LineRowForm(row.cells)
        if form.is_valid():
            rows.append(Said(row.line, **form.cleaned_data))
        for name, errors in form.errors.items():
            problems += [Problem(row.line, f"{HEADINGS[name]}: {error}") for error in errors]
    return rows, problems


class ApplyLinesForm(OnceForm):
    """What was shown of a file, sealed with the lines as they were seen, and words for those that stay."""

    rows = forms.CharField(widget=forms.HiddenInput)
    words = words_field("Why the other lines stay as they are", "", rows=2)

    def __init__(self, *args: Any, sr: ServiceRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sr = sr
        self.said: list[Said] = []
        self.fields["words"].required = False

    def clean_rows(self) -> Planned:
        try:
            self.said, seen = unsealed(self.cleaned_data["rows"])
        except (signing.BadSignature, TypeError, KeyError, ValueError):
            raise ValidationError(TOO_OLD) from None
        plan = planned(self.said, self.sr, seen=seen)
        if plan.problems:
            raise ValidationError([one.message for one in plan.problems])
        if {one.line.pk for one in plan.changes} != set(seen):
            raise ValidationError(MOVED)
        return plan

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if self.errors:
            return given
        plan = given["rows"]
        return {
            "key": given["key"],
            "words": given["words"],
            "updates": plan.updates,
            "unknown": plan.investigated,
        }


def sealed(rows: list[Said], plan: Planned) -> str:
    """Return the rows of a file, and how the lines that they change stand, as a page carries them."""
    said = [[row.line, row.who, *_texts(row)] for row in rows]
    seen = {one.line.pk: _texts(one.before) for one in plan.changes}
    return signing.dumps({"said": said, "seen": seen}, salt=SALT, compress=True)


def unsealed(carried: str) -> tuple[list[Said], dict[int, Reported]]:
    """Return what `sealed` took. Raises BadSignature, TypeError, KeyError or ValueError."""
    given = signing.loads(carried, salt=SALT)
    said = [Said(line, who, **_values(texts)) for line, who, *texts in given["said"]]
    return said, {int(pk): Reported(**_values(texts)) for pk, texts in given["seen"].items()}


def _texts(told: Said | Reported) -> list[str]:
    day, deducted = told.effective_on, told.deducted
    return [told.change, str(day or ""), "" if deducted is None else str(deducted), told.difference_reason]


def _values(texts: list[str]) -> dict[str, Any]:
    change, day, deducted, reason = texts
    return {
        "change": change,
        "effective_on": date.fromisoformat(day) if day else None,
        "deducted": Decimal(deducted) if deducted else None,
        "difference_reason": reason,
    }
