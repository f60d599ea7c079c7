"""A call of which telephony tells, and what it is told back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from rest_framework import serializers

from contacthub.api.fields import Words
from contacthub.api.serializers import Body
from contacthub.api.shapes import coded
from contacthub.ui.fields import OneLine, Telephone
from employer_contact.lifecycle import ContactState
from employer_contact.models import Employer


class Matched(TextChoices):
    """Whom the number keyed is: a TRN, or any other number, is nobody's (EC-23, EC-24)."""

    EMPLOYER = "employer", "Employer"
    NOT_MATCHED = "not_matched", "Not matched"


class NoticeBody(Body):
    call_id = Words(
        OneLine(max_length=100, error_messages={"required": "Send the id of the call"}),
        help_text="Yours: the same call, told of again, gets the same contact",
    )
    number_keyed = Words(
        OneLine(max_length=40, required=False), required=False, default="", help_text="What the caller keyed"
    )
    calling_number = Words(
        OneLine(max_length=60, required=False), required=False, default="", help_text="What is no number is left out"
    )

    def validate_number_keyed(self, keyed: str) -> str:
        return keyed.replace(" ", "")

    def validate_calling_number(self, typed: str) -> str:
        """Return the number, "" of one that is withheld or garbled: no call is refused for it."""
        try:
            return str(Telephone(required=False).clean(typed))
        except ValidationError:
            return ""


class MatchedParty(serializers.Serializer[Employer]):
    ern = serializers.CharField()
    name = serializers.CharField()


class CallShape(serializers.Serializer[Any]):
    """The contact of a call, whom it matched, and the page to show to whoever answers the call."""

    reference = serializers.CharField()
    state = coded(ContactState)
    match = coded(Matched)
    party = MatchedParty(allow_null=True)
    words = serializers.CharField(help_text="What the page says where nobody matched")
    screen_pop = serializers.CharField(help_text="The address to open as the call is answered")
