"""The form on paper: the same lines as the page, for the same readers, attached to what is sent and filed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from complaints_feedback import permissions
from complaints_feedback.models import FeedbackForm, PersonalFileEntry
from complaints_feedback.parts import (
    FORM,
    FORM_COPY,
    LETTERS,
    Line,
    Sheet,
    for_addressed,
    letters_of,
    part_1_of,
    part_2_of,
    sheets_of_entry,
)
from contacthub.actor import CLOCK, Actor
from contacthub.documents.models import Document
from contacthub.documents.pdf import pdf
from contacthub.documents.services import attach_made
from contacthub.formats import day_and_time

LONG = 60  # characters: beyond it a value stands under its label


def print_form(form: FeedbackForm, *, by: Actor, at: datetime) -> bytes:
    """Return the form as this reader may print it: part 1, and part 2 where they see it.

    Raises NotThere for whoever sees neither.
    """
    sheets = [part_1_of(form, by)]
    if permissions.may_see_part_two(by, form):
        sheets.append(part_2_of(form, by))
    return _print(form, sheets, at=at)


def papers_for_delivery(form: FeedbackForm, *, at: datetime) -> list[int]:
    """Return the ids of what goes with a form that is sent: part 1 and both letters (CF-34 to CF-37)."""
    printed = _attach(form, FORM, for_addressed(form)[:1], at=at)
    letters = letters_of(form)
    return [printed.pk, *(letters[kind].pk for kind in LETTERS if kind in letters)]


def papers_for_copy(form: FeedbackForm, *, at: datetime) -> list[int]:
    """Return the id of what goes with a copy: both parts (CF-10)."""
    return [_attach(form, FORM_COPY, for_addressed(form), at=at).pk]


def print_entry(entry: PersonalFileEntry, *, at: datetime) -> bytes:
    """Return an entry of a personal file to print, once `open_file_entry` has let somebody in."""
    return _print(entry.form, sheets_of_entry(entry), at=at)


def _attach(form: FeedbackForm, kind: str, sheets: Sequence[Sheet], *, at: datetime) -> Document:
    name = f"{form.reference} feedback form.pdf"
    return attach_made(case=form.case, kind=kind, name=name, pdf=_print(form, sheets, at=at), by=CLOCK, at=at)


def _print(form: FeedbackForm, sheets: Sequence[Sheet], *, at: datetime) -> bytes:
    data = {
        "title": "Complaints feedback form",
        "reference": form.reference,
        "state": form.get_state_display(),
        "printed": f"Printed {day_and_time(at)}",
        "sections": [section for sheet in sheets for section in _sections(sheet)],
    }
    return pdf("documents/form.typ", data)


def _sections(sheet: Sheet) -> list[dict[str, Any]]:
    found = [
        {"title": f"{sheet.title}: {section.title.lower()}", "rows": [_row(line) for line in section.lines]}
        for section in sheet.sections
        if section.lines
    ]
    if sheet.letters:
        names = [Line(LETTERS[letter.kind], letter.name) for letter in sheet.letters]
        found.append({"title": f"{sheet.title}: letters", "rows": [_row(line) for line in names]})
    return found


def _row(line: Line) -> dict[str, Any]:
    return {"key": line.label, "value": line.value, "long": len(line.value) > LONG or "\n" in line.value}
