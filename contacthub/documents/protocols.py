from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any, ClassVar, Protocol

from contacthub.actor import Actor
from contacthub.cases.services import visible_among
from contacthub.documents.models import Document


class DocumentReactions(Protocol):
    """What an app says and does about the documents of its cases; an app's class extends this."""

    OPENINGS_KEPT: ClassVar[AbstractSet[str]] = frozenset()
    """The kinds of which every opening becomes an event `document_opened` of the case."""

    def may_open(self, document: Document, actor: Actor) -> bool:
        """Say who may open it: whoever sees the case, unless the app knows kinds with a rule of their own."""
        return document.case_id in visible_among(actor, [document.case_id])

    def scan_ended(self, record: Any, document: Document, at: datetime) -> None:
        """Act on what the scanner said of a document that waited for it; `record` is locked. It refuses nothing."""
