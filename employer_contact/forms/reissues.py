"""A request to re-issue a CMSL2040, and what whoever decides writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from contacthub.submissions.forms import OnceForm
from contacthub.ui import listing
from contacthub.ui.fields import Amount, words_field
from contacthub.ui.listing import Choice
from employer_contact.lifecycle import ReissueState
from employer_contact.models import MaintenanceCase
from employer_contact.services.reissues import CASE, MONTH, REASON, SCENARIO
from employer_contact.terms import Scenario

SHORT = {
    Scenario.AMOUNT_DIFFERS: "The amounts differ",
    Scenario.INCORRECT_INITIAL: "Incorrect or no information",
    Scenario.FIU_REFERRAL: "Referral to the FIU",
}


class ReissueForm(OnceForm):
    """What is asked for: the case, one of three scenarios, and why. The service says what is missing."""

    case_number = forms.ChoiceField(
        label="Case", required=False, widget=forms.RadioSelect, error_messages={"invalid_choice": CASE}
    )
    scenario = forms.ChoiceField(
        label="Why does it need to be re-issued?",
        choices=Scenario.choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": SCENARIO},
    )
    reason = words_field("Reason", "", help_text="It becomes a note on the employer record", rows=4)

    def __init__(self, *args: Any, cases: Sequence[MaintenanceCase], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = False
        number = self.fields["case_number"]
        if isinstance(number, forms.ChoiceField):
            number.choices = [(case.number, f"{case.number}, with {case.owner or 'nobody'}") for case in cases]
        if len(cases) == 1:
            number.initial = cases[0].number

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name, words in (("case_number", CASE), ("scenario", SCENARIO), ("reason", REASON)):
            if name not in self.errors and not str(given.get(name) or "").strip():
                self.add_error(name, words)
        return given


MONTHS_BACK, MONTHS_AHEAD = 3, 6


def months_around(day: date) -> list[date]:
    """Return the months from which a letter may say that is deducted, by their first days."""
    counted = day.year * 12 + day.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(counted - MONTHS_BACK, counted + MONTHS_AHEAD + 1)]


class IssueForm(OnceForm):
    """The letter as it is issued anew."""

    amount = Amount(
        label="Amount",
        required=False,
        help_text="In pounds, as the letter says it",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-5", "autocomplete": "off"}),
    )
    from_month = forms.TypedChoiceField(
        label="From",
        required=False,
        coerce=date.fromisoformat,
        empty_value=None,
        error_messages={"invalid_choice": MONTH},
    )

    def __init__(self, *args: Any, months: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        month = self.fields["from_month"]
        if isinstance(month, forms.ChoiceField):
            month.choices = [("", "Choose"), *((str(each), f"{each:%B %Y}") for each in months)]


class ReissueFilterForm(listing.FilterForm):
    """What to show of the requests to re-issue."""

    scenario = Choice("Scenario", [(one.value, words) for one, words in SHORT.items()])
    state = Choice("State", ReissueState.choices)
