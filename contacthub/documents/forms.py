from __future__ import annotations

from django import forms

from contacthub.documents.file_types import LONGEST_NAME, TYPES


def document_field(label: str, required: str, *, help_text: str = "") -> forms.FileField:
    """Return a field for one file, named in its form as the kind of document; `required` is what to say without one.

    The form is sent as `multipart/form-data`. What is in the file, `attach` looks at.
    """
    return forms.FileField(
        label=label,
        help_text=help_text,
        max_length=LONGEST_NAME,
        error_messages={
            "required": required,
            "empty": "The selected file is empty",
            "invalid": required,
            "missing": required,
            "max_length": f"The name of the selected file must be {LONGEST_NAME} characters or fewer",
        },
        widget=forms.FileInput(attrs={"accept": ",".join(TYPES)}),
    )
