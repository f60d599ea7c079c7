"""Who acts, and in which request."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

request_id: ContextVar[str] = ContextVar("request_id", default="")


class ActorKind(StrEnum):
    STAFF = "staff"
    PUBLIC = "public"
    CLOCK = "clock"


@dataclass(frozen=True)
class Actor:
    """Somebody, or a process of ours, that asks for something.

    `roles`, `unit_ids` (where they work) and `posts` (pairs of a post and its unit) are those of the day the actor was
    made for: they are read once a request.
    """

    kind: ActorKind
    staff_id: int | None = None
    roles: frozenset[str] = frozenset()
    unit_ids: frozenset[int] = frozenset()
    posts: frozenset[tuple[str, int]] = frozenset()

    @property
    def sees_everything(self) -> bool:
        return self.kind is ActorKind.CLOCK


CLOCK = Actor(ActorKind.CLOCK)
PUBLIC = Actor(ActorKind.PUBLIC)
