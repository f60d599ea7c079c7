from __future__ import annotations

from typing import Any

from django import forms

from contacthub.cases.registry import record_models
from contacthub.ui.fields import EmailAddress


class FilterForm(forms.Form):
    """Which messages to show; nothing given shows all."""

    use_required_attribute = False
    about = forms.ChoiceField(
        label="About", required=False, error_messages={"invalid_choice": "Select what the emails are about"}
    )
    to = EmailAddress(label="To", required=False, help_text="A whole address")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind, str(model._meta.verbose_name_plural).capitalize()) for kind, model in record_models().items()]
        self.fields["about"].choices = [("", "Anything"), *kinds]  # type: ignore[attr-defined]
