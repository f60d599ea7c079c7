"""Ticking off a follow-up, and the lines of a list of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms

from contacthub.actor import Actor
from contacthub.cases.services import visible_among
from contacthub.deadlines.models import FollowUp, FollowUpKind
from contacthub.people.models import Unit
from contacthub.submissions.forms import OnceForm, ReasonForm
from contacthub.ui import listing
from contacthub.ui.fields import LONG, Day, ManyLines, Moment
from contacthub.ui.listing import Choice

OVERDUE = "overdue"


class ExtendForm(ReasonForm):
    """A later moment, and why. The service says what is missing."""

    until = Moment(label="New due date", error_messages={"required": "Enter the new day and time"})


class SettleForm(OnceForm):
    """The day on which it was done, or words that say why it is not. `back` is the page that the form stands on."""

    back = forms.CharField(required=False, widget=forms.HiddenInput)
    done_on = Day(
        label="Done on",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d%B%Y"],  # read without spaces
        error_messages={"invalid": "The day it was done must be a date, like 4 June 2026"},
    )
    words = ManyLines(
        label="Notes",
        help_text="Needed where it is not done, for example: no address held",
        max_length=LONG,
        required=False,
        error_messages={"max_length": f"Notes must be {LONG:,} characters or fewer"},
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "class": "app-textarea--low"}),
    )


class FollowUpFilterForm(listing.FilterForm):
    """What to show of the follow-ups of one's units."""

    kind = Choice("Kind", FollowUpKind.choices, anything="All kinds")
    unit = Choice("Unit", anything="All my units")
    due = Choice("Due", [(OVERDUE, "overdue")], anything="Any time")

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, views=[], orders=[], **kwargs)
        self.choice("unit").offer((unit.pk, unit.name) for unit in units)


@dataclass(frozen=True)
class Line:
    """Something to tick off, its form, and the record of its case where the actor may see that."""

    follow_up: FollowUp
    form: SettleForm
    record: Any


def settle_form(follow_up: FollowUp, data: Any = None, *, back: str = "") -> SettleForm:
    form = SettleForm(data, auto_id=f"id_{follow_up.pk}_%s", initial={"back": back})
    if follow_up.needs_words:
        form.fields["words"].label, form.fields["words"].help_text = "What came of it", ""
    return form


def lines_of(
    follow_ups: Iterable[FollowUp], actor: Actor, *, back: str, refused: tuple[FollowUp, SettleForm] | None = None
) -> list[Line]:
    """Return the lines of a page; what was `refused` stands first, with what was typed."""
    found = [one for one in follow_ups if refused is None or one.pk != refused[0].pk]
    forms_of = [(one, settle_form(one, back=back)) for one in found]
    if refused:
        forms_of.insert(0, refused)
    records = visible_among(actor, [one.case_id for one, _ in forms_of])
    return [Line(one, form, records.get(one.case_id)) for one, form in forms_of]
