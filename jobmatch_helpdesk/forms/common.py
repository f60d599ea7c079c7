"""What the forms of the public and of staff have alike."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms

from contacthub.ui.fields import ManyLines, OneLine

LONG = 20_000
NOT_ABOUT_THEM = {"autocomplete": "off"}  # a browser would fill in the member of staff


class OnceForm(forms.Form):
    """A form that does its thing once: the hidden key is made with it and kept through every refusal."""

    key = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid4


def one_line(label: str, too_long: str) -> OneLine:
    widget = forms.TextInput(attrs={**NOT_ABOUT_THEM, "spellcheck": "false"})
    return OneLine(
        label=label,
        max_length=200,
        required=False,
        widget=widget,
        error_messages={"max_length": f"{too_long} must be 200 characters or fewer"},
    )


def words_field(label: str, required: str, *, rows: int = 6, help_text: str = "") -> ManyLines:
    """Return a field for a text of several lines; `required` is what to say where it is empty."""
    return ManyLines(
        label=label,
        help_text=help_text,
        max_length=LONG,
        error_messages={"required": required, "max_length": f"{label} must be {LONG:,} characters or fewer"},
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
    )
