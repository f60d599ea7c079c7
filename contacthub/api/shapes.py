"""Parts of what goes out, alike for every app."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.models import IntegerChoices, TextChoices
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contacthub.formats import is_set
from contacthub.people.models import StaffMember, Unit


def coded(
    choices: type[TextChoices] | type[IntegerChoices], *, may_miss: bool = False, **kwargs: Any
) -> serializers.Field[Any, Any, Any, Any]:
    """Return a field that writes a code with its words, null where there is none."""
    numbers = issubclass(choices, IntegerChoices)
    code = {"type": "integer" if numbers else "string", "enum": [*choices.values]}

    @extend_schema_field(
        {
            "type": ["object", "null"] if may_miss else "object",
            "properties": {"code": code, "label": {"type": "string"}},
            "required": ["code", "label"],
        }
    )
    class Coded(serializers.Field[Any, Any, Any, Any]):
        def to_representation(self, value: Any) -> dict[str, Any] | None:
            if value == "":
                return None
            choice: Any = choices(value)
            return {"code": choice.value, "label": str(choice.label)}

    return Coded(read_only=True, **kwargs)


class At(serializers.DateTimeField):
    """A moment, in UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, default_timezone=UTC, **kwargs)


class Due(At):
    """A due moment in UTC, null where there is none."""

    def __init__(self) -> None:
        super().__init__(allow_null=True)

    def to_representation(self, value: datetime) -> Any:
        return super().to_representation(value) if is_set(value) else None


class Person(serializers.Serializer[StaffMember]):
    staff_number = serializers.CharField()
    name = serializers.CharField()


class Place(serializers.Serializer[Unit]):
    code = serializers.CharField()
    name = serializers.CharField()


class TimelineEntry(serializers.Serializer[Any]):
    """Something that happened; `words` only where whoever asks may read them."""

    kind = serializers.CharField()
    title = serializers.CharField()
    byline = serializers.CharField()
    at = At()
    words = serializers.CharField(allow_blank=True)


class TimelinePage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = TimelineEntry(many=True)
