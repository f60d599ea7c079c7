"""What the sending team leader and the area senior resolution manager fill in."""

from __future__ import annotations

from typing import Any

from django import forms

from complaints_feedback.forms.part_one import LINE, line, text
from complaints_feedback.routing import MANAGERS
from complaints_feedback.terms import Part
from contacthub.submissions.forms import OnceForm, ReasonForm


class AgreeForm(OnceForm):
    """`asked_number` is that of what the page shows, since person or trigger may change meanwhile."""

    asked_number = forms.IntegerField(required=False, widget=forms.HiddenInput)


class RefuseForm(AgreeForm, ReasonForm):
    pass


class SendForm(OnceForm):
    """`seen` is what the page showed of the form and of who gets it: sending cannot be undone."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class ConfirmForm(SendForm):
    """Each manager is kept where nobody else is typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in MANAGERS:
            self.fields[f"{part.value}_staff"] = line(f"{part.label}: name or staff number", longest=LINE)
            self.fields[f"{part.value}_words"] = text("Why they act for the post", rows=2)

    def typed(self, part: Part) -> tuple[str, str]:
        """Return who was typed for this part, and why."""
        return self.cleaned_data[f"{part.value}_staff"], self.cleaned_data[f"{part.value}_words"]
