"""Who may change the directory. All staff read it."""

from __future__ import annotations

from contacthub.actor import Actor
from contacthub.errors import Refused
from contacthub.people.roles import Role

WRITE = "directory:write"


def may_edit_directory(actor: Actor) -> bool:
    """Say if this is an administrator, or a key that was made for it."""
    return actor.has_scope(WRITE) or (Role.ADMINISTRATOR in actor.roles and not actor.is_kept_from(WRITE))


def require_can_edit_directory(actor: Actor) -> None:
    if not may_edit_directory(actor):
        raise Refused("Only administrators change the directory")
