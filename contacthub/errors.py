"""What a service may say no with. Doors catch DomainError; nobody else's exceptions reach a person.

A door that shows no form may let NotThere and Refused through: they are Django's 404 and 403.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404

if TYPE_CHECKING:
    from datetime import datetime


class DomainError(Exception):
    """A refusal in words for the person who asked; `field` names the form field that it is about."""

    code = "refused"

    def __init__(self, message: str, *, code: str = "", field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.field = field


class NotThere(DomainError, Http404):
    """There is no such record, or it is not yours to see: nobody learns which."""

    code = "not_there"

    def __init__(self, message: str = "There is no record here that you may see") -> None:
        super().__init__(message)


class MovedOn(DomainError):
    """Somebody else was faster; the message says who did what."""

    code = "moved_on"

    def __init__(self, message: str, *, at: datetime, code: str = "") -> None:
        super().__init__(message, code=code)
        self.at = at


class Refused(DomainError, PermissionDenied):
    """The actor may see the record, but not do this."""

    code = "not_allowed"


class RuleBroken(DomainError):
    """A rule of the procedure does not hold; the message says what to do. `also` are further rules, broken with it."""

    code = "rule_broken"

    def __init__(self, message: str, *, code: str = "", field: str = "", also: Sequence[RuleBroken] = ()) -> None:
        super().__init__(message, code=code, field=field)
        self.all: tuple[RuleBroken, ...] = (self, *also)


class NotSetUp(RuleBroken):
    """Something that an administrator keeps is missing. The door tells them (`mail.services.tell_administrators`)."""


class TooMany(DomainError):
    """One source came too often; it may come back at `again_at`."""

    code = "too_many"

    def __init__(self, message: str, *, again_at: datetime) -> None:
        super().__init__(message)
        self.again_at = again_at


def require_words(text: str, message: str, *, field: str) -> None:
    """Raise RuleBroken where nothing was typed into the field."""
    if not text.strip():
        raise RuleBroken(message, code=f"{field}_required", field=field)


def require_unbroken(*broken: RuleBroken) -> None:
    """Raise all rules that are broken as one, if any is."""
    if broken:
        first, *others = broken
        raise RuleBroken(first.message, code=first.code, field=first.field, also=others)
