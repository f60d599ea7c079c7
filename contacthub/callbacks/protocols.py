from datetime import datetime
from typing import Any, Protocol

from contacthub.actor import Actor
from contacthub.callbacks.models import Attempt, Callback


class CallbackReactions(Protocol):
    """What an app does when something happens to a callback about its case; an app's class extends this.

    `record` is locked. These tell: they refuse nothing, and leave the record alone where it has moved on.
    """

    def answered_at(self, callback: Callback) -> str:
        """Return where a caller goes on when somebody answers, who is then not asked what they said; "" of most."""
        return ""

    def callback_ended(self, record: Any, callback: Callback, *, by: Actor, at: datetime) -> None:
        """Move the case on: the callback is completed, unable to contact, or cancelled; `result` says why."""

    def attempt_made(self, record: Any, attempt: Attempt, *, by: Actor, at: datetime) -> None:
        """Note that somebody rang, also where the callback or the case has ended meanwhile."""
