"""What the sending team leader and the area senior resolution manager fill in."""

from __future__ import annotations

from django import forms

from contacthub.submissions.forms import OnceForm, ReasonForm


class AgreeForm(OnceForm):
    """`asked_number` is that of what the page shows, since person or trigger may change meanwhile."""

    asked_number = forms.IntegerField(required=False, widget=forms.HiddenInput)


class RefuseForm(AgreeForm, ReasonForm):
    pass


class SendForm(OnceForm):
    """`seen` is what the page showed of the form and of who gets it: sending cannot be undone."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
