"""Who may open a document: the app of its case says, since a personal file is not read by all who see the case."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from contacthub.actor import Actor
from contacthub.cases.registry import reactions_of
from contacthub.documents.models import Document
from contacthub.errors import NotThere

if TYPE_CHECKING:
    from contacthub.documents.protocols import DocumentReactions

logger = logging.getLogger(__name__)


def may_open(actor: Actor, document: Document) -> bool:
    return reactions_for(document).may_open(document, actor)


def require_can_open(actor: Actor, document: Document) -> None:
    if not may_open(actor, document):
        logger.warning("Document %s was refused to %s %s", document.pk, actor.kind, actor.staff_id or "")
        raise NotThere


def reactions_for(document: Document) -> DocumentReactions:
    reactions: DocumentReactions = reactions_of(document.case.kind)[1]
    return reactions
