from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms

from contacthub.ui.fields import EmailAddress, ManyLines, OneLine


class OnceForm(forms.Form):
    """A form that does its thing once: the hidden key is made with it and kept through every refusal."""

    use_required_attribute = False
    key = forms.CharField(max_length=80, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid4


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
    description = ManyLines(
        label="What happened",
        max_length=20_000,
        error_messages={
            "required": "Enter what happened",
            "max_length": "What happened must be 20,000 characters or fewer",
        },
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class ReplyForm(OnceForm):
    text = ManyLines(
        label="Reply",
        max_length=20_000,
        error_messages={"required": "Enter your reply", "max_length": "Your reply must be 20,000 characters or fewer"},
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class NextForm(OnceForm):
    """The button Next for me."""
