"""Refusals of services that name the fields of a form, under the names that machines sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from contacthub.errors import NotSetUp, RuleBroken, require_unbroken


@contextmanager
def fields_called(name_of: Callable[[str], str]) -> Iterator[None]:
    """Let the rules that are broken inside name a field as `name_of` does."""
    try:
        yield
    except NotSetUp:
        raise
    except RuleBroken as refusal:
        require_unbroken(*(RuleBroken(rule.message, code=rule.code, field=name_of(rule.field)) for rule in refusal.all))


def without_id(field: str) -> str:
    return field.removesuffix("_id")


def why_none(field: str) -> str:
    """Return the way to the words for a reason, which the form calls `why_statement`."""
    return f"why_none/{field.removeprefix('why_')}" if field.startswith("why_") else field
