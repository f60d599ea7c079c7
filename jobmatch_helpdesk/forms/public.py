from __future__ import annotations

from django import forms

from contacthub.ui.fields import EmailAddress, OneLine
from jobmatch_helpdesk.forms.common import OnceForm, words_field
from jobmatch_helpdesk.intake import Intake
from jobmatch_helpdesk.routing import Source


class ContactUsForm(OnceForm):
    customer_name = OneLine(
        label="Your name",
        max_length=200,
        error_messages={"required": "Enter your name", "max_length": "Your name must be 200 characters or fewer"},
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
    customer_email = EmailAddress(
        label="Email address",
        help_text="We only use this to reply to you",
        error_messages={
            "required": "Enter your email address",
            "max_length": "Your email address must be 320 characters or fewer",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    description = words_field("What happened", "Enter what happened", rows=8)

    @property
    def intake(self) -> Intake:
        given = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        return Intake(source=Source.ONLINE_ANONYMOUS, **given)
