"""The shapes of what comes in and goes out, alike for every app."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.forms import Textarea
from rest_framework import serializers

from contacthub.api.fields import Words
from contacthub.ui.fields import LONG, ManyLines


class Body(serializers.Serializer[Any]):
    """What a request sends. A field that nobody knows is refused by name, never ignored."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, Mapping) else []
        try:
            read = super().to_internal_value(data)
        except serializers.ValidationError as refusal:
            raise serializers.ValidationError({**_unknown(unknown, self.fields), **_by_name(refusal)}) from None
        if unknown:
            raise serializers.ValidationError(_unknown(unknown, self.fields))
        return read


def _by_name(refusal: serializers.ValidationError) -> dict[str, Any]:
    return refusal.detail if isinstance(refusal.detail, dict) else {}


def _unknown(names: Iterable[str], known: Iterable[str]) -> dict[str, Any]:
    takes = ", ".join(known) or "no field at all"
    error = serializers.ErrorDetail(f"There is no such field. This takes {takes}", "unknown_field")
    return {name: [error] for name in names}


class Nothing(Body):
    """A move that asks for no words."""


class Reason(Body):
    reason = Words(
        ManyLines(max_length=LONG, required=False, widget=Textarea), required=False, default="", help_text="Why"
    )


class FieldError(serializers.Serializer[Any]):
    """What is wrong with one field of the body (`pointer`, a JSON pointer), one parameter or one header."""

    pointer = serializers.CharField(required=False)
    parameter = serializers.CharField(required=False)
    header = serializers.CharField(required=False)
    code = serializers.CharField()
    detail = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """A refusal (RFC 9457): `code` is for machines, `detail` are the words of the page."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    instance = serializers.CharField()
    errors = FieldError(many=True, required=False)  # type: ignore[assignment]  # a field of that name
