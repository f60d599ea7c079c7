from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms

from contacthub.submissions.places import Place, unsealed
from contacthub.ui.fields import LONG, ManyLines

MOST_CHARACTERS = 100_000


class OnceForm(forms.Form):
    """A form that does its thing once: the hidden key, for `once`, is made with it and kept through every refusal."""

    key = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid4


class ReasonForm(OnceForm):
    """A move that asks for words. The service says which words, where they are missing."""

    reason = ManyLines(label="Reason", max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "reason"])  # which stands last


class KeepForm(forms.Form):
    """What the script of a page hands over: the sealed place, and the values of the form's fields by name."""

    place = forms.CharField(max_length=8000)  # a title of emoji alone, sealed, is half of that
    words = forms.JSONField(required=False)  # an empty form is a draft to drop

    def clean_place(self) -> Place:
        place = unsealed(self.cleaned_data["place"])
        if place is None:
            raise forms.ValidationError("Load this page again: it is too old to keep a draft")
        return place

    def clean_words(self) -> dict[str, str]:
        words: Any = self.cleaned_data["words"]
        if not isinstance(words, dict) or not all(isinstance(text, str) for text in words.values()):
            raise forms.ValidationError("A draft is text, by the names of its fields")
        if sum(len(text) for text in words.values()) > MOST_CHARACTERS:
            raise forms.ValidationError(f"Too long to keep: shorten it to {MOST_CHARACTERS:,} characters")
        return {_storable(name): _storable(text) for name, text in words.items()}


def _storable(text: str) -> str:
    """Return the text without what no database takes: NUL, and half an emoji, which a box can hold while one types."""
    return text.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
