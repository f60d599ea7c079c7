"""Fields of what comes in: strict about types, with the words of our pages, read by the very fields of the forms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from rest_framework import serializers

from contacthub.people.models import StaffMember
from contacthub.ui.fields import OneLine

YEARS = range(1900, 2201)
MOST_FIGURES = 18


class Words(serializers.CharField):
    """A text, cleaned and checked by a form's field, whose words it refuses with."""

    def __init__(self, form_field: forms.CharField, **kwargs: Any) -> None:
        self.form_field = form_field
        self.longest = form_field.max_length
        kwargs.setdefault("allow_blank", not kwargs.get("required", True))
        super().__init__(trim_whitespace=False, **kwargs)
        self.max_length = self.longest  # told in the document
        self.error_messages |= {
            "required": form_field.error_messages["required"],
            "null": "Send a text",
            "invalid": "Send a text",
        }

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is serializers.empty or data is None:
            return super().run_validation(data)
        if not isinstance(data, str):
            self.fail("invalid")
        if self.longest and len(data) > self.longest:
            words = self.form_field.error_messages.get("max_length", f"Send {self.longest:,} characters or fewer")
            raise serializers.ValidationError(words, code="max_length")
        try:
            self.form_field.required = not self.allow_blank
            return self.form_field.clean(data)
        except ValidationError as refusal:
            raise serializers.ValidationError(refusal.messages, code=refusal.error_list[0].code) from None


class StaffNumber(Words):
    """A staff number, read to the id of whoever has it; `also` are words that may stand in its place."""

    def __init__(self, words: str, *, also: Iterable[str] = (), **kwargs: Any) -> None:
        field = OneLine(max_length=20, error_messages={"required": words})
        super().__init__(field, allow_blank=False, **kwargs)
        self.words, self.also = words, [*also]

    def run_validation(self, data: Any = serializers.empty) -> Any:
        number = super().run_validation(data)
        if number in self.also:
            return number
        found: int | None = StaffMember.objects.filter(staff_number=number).values_list("pk", flat=True).first()
        if found is None:
            raise serializers.ValidationError(self.words, code="unknown_staff_number")
        return found


class OneOf(serializers.ChoiceField):
    """One of some codes, of exactly their type."""

    default_error_messages = {"null": "Send one of: {known}", "invalid_choice": "Send one of: {known}"}

    def __init__(self, choices: Iterable[Any], **kwargs: Any) -> None:
        super().__init__([*choices], **kwargs)
        self.error_messages["required"] = self.error_messages["null"] = self._refusal

    def to_internal_value(self, data: Any) -> Any:
        if type(data) not in (str, int) or data not in self.choices:
            raise serializers.ValidationError(self._refusal, code="invalid_choice")
        return data

    @property
    def _refusal(self) -> str:
        return f"Send one of: {', '.join(str(code) for code in self.choices)}"


class Flag(serializers.BooleanField):
    default_error_messages = {"invalid": "Send true or false", "null": "Send true or false"}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class Whole(serializers.IntegerField):
    """A whole number: in a query in figures, in a body as a number."""

    def __init__(self, *, min_value: int, max_value: int, **kwargs: Any) -> None:
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)
        words = f"Send a whole number from {min_value} to {max_value}"
        self.error_messages |= dict.fromkeys(
            ["invalid", "null", "required", "max_string_length", "min_value", "max_value"], words
        )
        self.validators = [MinValueValidator(min_value, words), MaxValueValidator(max_value, words)]

    def to_internal_value(self, data: Any) -> int:
        figures = isinstance(data, str) and data.isascii() and data.isdecimal() and len(data) <= MOST_FIGURES
        if not figures and type(data) is not int:
            self.fail("invalid")
        return int(data)


class Moment(serializers.DateTimeField):
    """A moment with its offset, read to UTC: Postgres refuses offsets and years that Python takes."""

    WORDS = "Send a date and time with its offset, like 2026-11-26T14:00:00Z"
    default_error_messages = {"invalid": WORDS, "date": WORDS, "make_aware": WORDS, "overflow": WORDS, "null": WORDS}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, **kwargs)

    def to_internal_value(self, value: Any) -> datetime:
        try:
            moment: datetime = super().to_internal_value(value).astimezone(UTC)
        except (OverflowError, AttributeError):
            self.fail("overflow")
        if moment.year not in YEARS:
            self.fail("overflow")
        return moment
