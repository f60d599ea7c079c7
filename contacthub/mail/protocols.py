from datetime import datetime
from typing import Any, Protocol

from contacthub.mail.models import Message


class MailReactions(Protocol):
    """What an app does when a message about its case has an end that people must hear of."""

    def delivery_failed(self, record: Any, message: Message, at: datetime) -> None:
        """Act on a message that failed for good; `record` is locked. It tells: it refuses nothing."""
