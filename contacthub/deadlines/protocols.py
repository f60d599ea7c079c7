from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any, ClassVar, Protocol

from contacthub.actor import Actor
from contacthub.cases.models import Case


class DeadlineReactions(Protocol):
    """What an app does when something happens to a deadline of its case; an app's class extends this.

    `record` is locked. `may_extend` asks. The others tell: they refuse nothing, and leave the record alone where it has
    moved on.
    """

    MOVED_BY_TIME: ClassVar[AbstractSet[str]] = frozenset()
    """The kinds that no person owes: they end as they come due, and nobody is warned of them."""

    def may_extend(self, record: Any, kind: str, by: Actor) -> bool:
        """Say who may agree to a later moment; nobody, unless the app names somebody."""
        return False

    def due_moved(self, case: Case, kind: str, due_at: datetime) -> None:
        """Copy the moment to the record's row, where rows are listed by it; NEVER means that nothing is due."""

    def came_due(self, record: Any, kind: str, at: datetime) -> None:
        """Make the move that time makes: told once, for a kind of MOVED_BY_TIME, whose deadline has ended."""

    def warned(self, record: Any, kind: str, due_at: datetime, at: datetime) -> None:
        """Tell who must act that half the time has gone, or that a tenth is left."""

    def escalated(self, record: Any, kind: str, due_at: datetime, at: datetime) -> None:
        """Tell who must act, and who leads them, that this is overdue: at the moment, then each working day."""
