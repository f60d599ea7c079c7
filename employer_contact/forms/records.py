from __future__ import annotations

from typing import Any

from django import forms

from contacthub.ui import listing
from contacthub.ui.fields import OneLine
from contacthub.ui.listing import Choice
from employer_contact.identifiers import LONGEST

DIFFER = "differ"


class SearchForm(forms.Form):
    """The one box that finds a party (EC-25)."""

    party = OneLine(
        label="Name, ERN, EARN, postcode, telephone, email or National Insurance number",
        max_length=LONGEST,
        error_messages={
            "required": "Enter a name, a number, a postcode or an email address",
            "max_length": f"What you look for must be {LONGEST} characters or fewer",
        },
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false", "dir": "auto"}),
    )


class ParentFilterForm(listing.FilterForm):
    """What to show of an employer's paying parents."""

    amounts = Choice("Amounts", [(DIFFER, "schedule differs from letters")])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, views=(), orders=(), **kwargs)
