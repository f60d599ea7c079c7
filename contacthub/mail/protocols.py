from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any, ClassVar, Protocol

from contacthub.mail.models import Message


class MailReactions(Protocol):
    """What an app says and does about the mail of its cases; an app's class extends this."""

    LEADS: ClassVar[AbstractSet[str]] = frozenset()
    """The roles that look after it in `/mail/`, each for the cases that they may see."""

    def delivery_failed(self, record: Any, message: Message, at: datetime) -> None:
        """Act on a message that failed for good; `record` is locked. It tells: it refuses nothing."""

    def why_not_send(self, message: Message) -> str:
        """Say why a message that waits, or has failed, is not to be sent any more: "" where it is. It is asked before
        each attempt.
        """
        return ""
