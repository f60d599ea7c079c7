from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from contacthub.documents.file_types import LETTERS, LONGEST_NAME, TYPES
from contacthub.documents.uploading import FILES_OF_A_FORM


def document_field(
    label: str, required: str, *, help_text: str = "", taken: Collection[str] = LETTERS
) -> forms.FileField:
    """Return a field for one file, named in its form as the kind of document; `required` is what to say without one.

    The form is sent as `multipart/form-data`. What is in the file, `attach` looks at.
    """
    return forms.FileField(widget=forms.FileInput(attrs=_accepts(taken)), **_given(label, required, help_text))


def documents_field(label: str, *, help_text: str = "", taken: Collection[str] = LETTERS) -> forms.FileField:
    """Return a field for some files, or none: a list of them, as many as a form may bring."""
    return SeveralFiles(widget=SeveralInput(attrs=_accepts(taken)), required=False, **_given(label, "", help_text))


class SeveralInput(forms.FileInput):
    allow_multiple_selected = True


class SeveralFiles(forms.FileField):
    """Some files of one field."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [super(SeveralFiles, self).clean(one, initial) for one in data or []]
        if len(files) > FILES_OF_A_FORM:
            raise ValidationError(f"Select {FILES_OF_A_FORM} files or fewer", code="too_many")
        return files


def _accepts(taken: Collection[str]) -> dict[str, str]:
    return {"accept": ",".join(ending for ending in TYPES if ending in taken)}


def _given(label: str, required: str, help_text: str) -> dict[str, Any]:
    return {
        "label": label,
        "help_text": help_text,
        "max_length": LONGEST_NAME,
        "error_messages": {
            "required": required,
            "empty": "The selected file is empty",
            "invalid": required,
            "missing": required,
            "max_length": f"The name of the selected file must be {LONGEST_NAME} characters or fewer",
        },
    }
