"""What several forms of staff have alike."""

from __future__ import annotations

from django import forms

from contacthub.ui.fields import OneLine

NOT_ABOUT_THEM = {"autocomplete": "off"}  # a browser would fill in the member of staff


def one_line(label: str, too_long: str) -> OneLine:
    widget = forms.TextInput(attrs={**NOT_ABOUT_THEM, "spellcheck": "false"})
    return OneLine(
        label=label,
        max_length=200,
        required=False,
        widget=widget,
        error_messages={"max_length": f"{too_long} must be 200 characters or fewer"},
    )
