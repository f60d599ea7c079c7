"""The wording of the identity email."""

from __future__ import annotations

from django import forms

from contacthub.submissions.forms import OnceForm
from contacthub.ui.fields import words_field


class WordingForm(OnceForm):
    """A further version; `seen` is the number of the one that was changed."""

    body = words_field("Wording", "Enter the wording", rows=12, help_text="Sent word for word, and nothing with it")
    body_welsh = words_field("Wording in Welsh", "", rows=12, help_text="Without it, none goes in Welsh")
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body_welsh"].required = False
