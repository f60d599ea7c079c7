"""What is filled in on the page of a form that is under way."""

from __future__ import annotations

from django import forms

from complaints_feedback.forms.part_one import LINE, line, text
from complaints_feedback.terms import Part
from contacthub.submissions.forms import OnceForm


class ResponsibleForm(OnceForm):
    """Who acts as the receiving team leader where the directory shows none (CF-50)."""

    staff = line("Name or staff number", longest=LINE)
    words = text("Why they act as team leader", rows=2)


class CopyForm(OnceForm):
    part = forms.ChoiceField(choices=Part.choices, widget=forms.HiddenInput)
