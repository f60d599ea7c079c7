"""Who acts, and in which request."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

request_id: ContextVar[str] = ContextVar("request_id", default="")


class ActorKind(StrEnum):
    STAFF = "staff"
    KEY = "key"
    PUBLIC = "public"
    CLOCK = "clock"


@dataclass(frozen=True)
class Actor:
    """Somebody, or a process of ours, that asks for something.

    `roles`, `unit_ids` (where they work) and `posts` (pairs of a post and its unit) are those of the day the actor was
    made for: they are read once a request. An API key acts as a member of staff of its own, and its `scopes` narrow
    what that one may do.
    """

    kind: ActorKind
    staff_id: int | None = None
    roles: frozenset[str] = frozenset()
    unit_ids: frozenset[int] = frozenset()
    posts: frozenset[tuple[str, int]] = frozenset()
    key_id: int | None = None
    scopes: frozenset[str] = frozenset()

    @property
    def person_id(self) -> int:
        """Return the id of the member of staff, for what only a person does. Raises LookupError for any other actor."""
        if self.staff_id is None:
            raise LookupError(f"{self.kind} is no person")
        return self.staff_id

    def is_kept_from(self, scope: str) -> bool:
        """Say if this is a key without the scope; whoever is no key is kept from nothing."""
        return self.kind is ActorKind.KEY and scope not in self.scopes

    def has_scope(self, scope: str) -> bool:
        """Say if this is a key with the scope."""
        return self.kind is ActorKind.KEY and scope in self.scopes

    @property
    def sees_everything(self) -> bool:
        return self.kind is ActorKind.CLOCK


CLOCK = Actor(ActorKind.CLOCK)
PUBLIC = Actor(ActorKind.PUBLIC)
