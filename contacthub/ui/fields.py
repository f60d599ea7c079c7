"""Form fields that read what people paste: characters that nobody sees are taken out before anything is checked."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import phonenumbers
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacthub.formats import UK

LONG = 20_000  # characters, of what people write at length
FIRST_YEAR = 1000
JOINERS = "\u200c\u200d"  # part of how some names and words are written


def without_hidden(text: str) -> str:
    """Return the text without control and format characters, such as direction overrides and soft hyphens."""
    return "".join(sign for sign in text if sign in JOINERS or unicodedata.category(sign) not in ("Cc", "Cf"))


class OneLine(forms.CharField):
    """A line of text, such as a name: kept as typed but for hidden characters and doubled spaces."""

    def to_python(self, value: Any) -> str:
        return " ".join(without_hidden(" ".join((value or "").split())).split())


class ManyLines(forms.CharField):
    """A text of several lines, kept as typed but for hidden characters and its kind of line break."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        lines = (value or "").replace("\t", "    ").splitlines()
        return "\n".join(without_hidden(line) for line in lines).strip("\n ")


def words_field(label: str, required: str, *, rows: int = 6, help_text: str = "") -> ManyLines:
    """Return a field for a text of several lines; `required` is what to say where it is empty."""
    return ManyLines(
        label=label,
        help_text=help_text,
        max_length=LONG,
        error_messages={"required": required, "max_length": f"{label} must be {LONG:,} characters or fewer"},
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
    )


class Moment(forms.Field):
    """A day and time of day in the UK, as a browser's own control sends it, cleaned to UTC; None where it is empty."""

    widget = forms.TextInput(attrs={"type": "datetime-local"})

    def to_python(self, value: Any) -> datetime | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            local = datetime.fromisoformat(text).replace(tzinfo=UK)
            moment = local.astimezone(UTC)
        except (ValueError, OverflowError):
            words = f"{self.label} must be a day and a time, like 2026-06-04 14:30"
            raise forms.ValidationError(words, code="invalid") from None
        if moment.astimezone(UK).replace(tzinfo=None) != local.replace(tzinfo=None):
            raise forms.ValidationError("The clocks go forward then: choose an hour later", code="no_such_time")
        return moment


class EmailAddress(forms.EmailField):
    """An email address without the hidden characters that come along from a mail or a phone book."""

    default_error_messages = {"invalid": _("Enter an email address in the correct format, like name@example.com")}

    def to_python(self, value: Any) -> str:
        kept = without_hidden(value or "")
        return "".join(kept.replace("\u200c", "").replace("\u200d", "").split())

    def validate(self, value: str) -> None:
        odd = [sign for sign in value.rpartition("@")[0] if not sign.isascii()]
        if odd:
            words = gettext("Email addresses cannot have “%(sign)s” before the @. Enter the address without it")
            raise forms.ValidationError(words, code="odd_sign", params={"sign": odd[0]})
        super().validate(value)


class Day(forms.DateField):
    """A day in figures, its year with four of them: "25" may be the year 25 or 2025, and neither is guessed."""

    input_formats = ["%d/%m/%Y", "%Y-%m-%d"]
    default_error_messages = {"invalid": "Enter a date whose year has four numbers, like 31/8/2026"}

    def to_python(self, value: Any) -> date | None:
        day = super().to_python("".join(value.split()) if isinstance(value, str) else value)
        if day and day.year < FIRST_YEAR:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class Amount(forms.DecimalField):
    """An amount in pounds, with or without the sign and the commas of thousands; never below nothing."""

    def __init__(self, **kwargs: Any) -> None:
        words = dict.fromkeys(
            ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"),
            "Enter an amount in pounds, like 188.20",
        )
        super().__init__(max_digits=9, decimal_places=2, min_value=Decimal(0), error_messages=words, **kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override] # typed as an IntegerField's
        """A comma that stands where thousands do not is in doubt: “188,20” is refused."""
        typed = "".join(str(value or "").split()).removeprefix("£")
        whole, _, _ = typed.partition(".")
        parts = whole.split(",")
        if len(parts) > 1 and (len(parts[0]) > 3 or any(len(part) != 3 for part in parts[1:])):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(typed.replace(",", ""))


class Telephone(forms.CharField):
    """A telephone number in any usual spelling, cleaned to E.164, like +441632960983; "" where none was given."""

    widget = forms.TextInput(attrs={"type": "tel"})
    default_error_messages = {"invalid": _("Enter a telephone number in the correct format")}

    def to_python(self, value: Any) -> str:
        kept = " ".join(without_hidden(value or "").split())
        if not kept:
            return ""
        try:
            number = phonenumbers.parse(kept, "GB")
        except phonenumbers.NumberParseException:
            raise self.refusal() from None
        # Numbers that Ofcom keeps for fiction are possible, but not valid: the plan is asked for its lengths only.
        if number.extension or not phonenumbers.is_possible_number(number):
            raise self.refusal()
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def refusal(self) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages["invalid"], code="invalid")


class TimeOfDay(forms.TimeField):
    """A time of day as people write it, like "10:05" or "2:30pm"; None where it is empty."""

    default_error_messages = {"invalid": "Enter a time, like 10:05 or 2:30pm"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%H:%M", "%H.%M", "%I:%M%p", "%I.%M%p", "%I%p"], **kwargs)

    def clean(self, value: Any) -> Any:
        return super().clean("".join(without_hidden(value or "").split()))


class LastTime(TimeOfDay):
    """A time of day in the UK: the moment when it was that time last, None where not given.

    `now` is set by the form, from the clock that its door read.
    """

    now: datetime

    def clean(self, value: Any) -> datetime | None:
        given = super().clean(value)
        if given is None:
            return None
        today = self.now.astimezone(UK)
        last = datetime.combine(today, given, tzinfo=UK)
        return last if last <= today else last - timedelta(days=1)
