from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms

from contacthub.api.scopes import known_scopes
from contacthub.formats import UK, short_date, start_of_day, uk_day
from contacthub.people.models import StaffMember
from contacthub.submissions.forms import OnceForm
from contacthub.ui.fields import Day, OneLine

LASTS = timedelta(days=180)
NAME = 100


class KeyForm(OnceForm):
    """What an administrator says of a new key. What must hold, the service says."""

    name = OneLine(
        label="What it is for",
        help_text="Such as the name of the system that will use it",
        max_length=NAME,
        required=False,
        error_messages={"max_length": f"The name must be {NAME} characters or fewer"},
    )
    staff_id = forms.TypedChoiceField(
        label="Acts as",
        help_text="Staff records of the role Integrator. The key may do what their roles may, as far as you let it",
        coerce=int,
        empty_value=None,
        required=False,
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do", required=False, widget=forms.CheckboxSelectMultiple, choices=[]
    )
    expires_on = Day(
        label="Last day it works",
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
        error_messages={"required": "Enter the last day on which the key works"},
    )

    def __init__(self, *args: Any, staff: list[StaffMember], at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("staff_id", [("", "Select a staff record"), *((person.pk, person.name) for person in staff)])
        self._offer("scopes", [(scope, f"{scope} – {words}") for scope, words in known_scopes().items()])
        self.fields["expires_on"].initial = uk_day(at + LASTS)
        self.fields["expires_on"].help_text = f"Within a year, such as {short_date(at + LASTS)}"

    def _offer(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    @property
    def expires_at(self) -> datetime:
        """Return the midnight in the UK with which the last day ends."""
        last = self.cleaned_data["expires_on"]
        return start_of_day(datetime(last.year, last.month, last.day, 12, tzinfo=UK) + timedelta(days=1))
