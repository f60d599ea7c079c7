"""What each app does when something shared happens to one of its cases."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from typing import Any, TypeVar

from django.apps import apps

from contacthub.cases.models import CaseRecord

Reactions = TypeVar("Reactions")
_reactions: dict[type[CaseRecord], Any] = {}


def reacts_for(model: type[CaseRecord]) -> Callable[[type[Reactions]], type[Reactions]]:
    """Name the class, in an app's `reactions.py`, whose methods shared rooms call for this model."""

    def name(reactions: type[Reactions]) -> type[Reactions]:
        _reactions[model] = reactions()
        return reactions

    return name


def reactions_of(kind: str) -> tuple[type[CaseRecord], Any]:
    """Return the model of a kind of case and its app's reactions."""
    for model, reactions in _reactions.items():
        if kind == model.KIND:
            return model, reactions
    raise LookupError(f"No app has reactions for cases of kind {kind!r}")


def every_reactions() -> Collection[Any]:
    """Return the reactions of each model that has them."""
    return _reactions.values()


@cache
def record_models() -> dict[str, type[CaseRecord]]:
    """Return the model of each kind of case, in the order of INSTALLED_APPS."""
    return {model.KIND: model for model in apps.get_models() if issubclass(model, CaseRecord)}


def prefixes() -> frozenset[str]:
    """Return the letters with which references begin."""
    return frozenset(model.PREFIX for model in record_models().values())
