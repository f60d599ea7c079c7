from datetime import datetime
from typing import Any, Protocol


class DeadlineReactions(Protocol):
    """What an app does when a deadline of its case is set or met."""

    def due_moved(self, record: Any, kind: str, due_at: datetime) -> None:
        """Copy the moment to the row, where rows are listed by it; NEVER means that nothing is due."""
