from __future__ import annotations

from typing import Any

import pytest

from contacthub.actor import Actor
from contacthub.cases import registry
from contacthub.documents.protocols import DocumentReactions
from contacthub.mail.protocols import MailReactions
from contacthub.people.roles import Role
from jobmatch_helpdesk.models import Incident


class Told(DocumentReactions, MailReactions):
    """An app whose personal files only one person may open, and that writes down what it is told."""

    LEADS = frozenset({Role.HELPDESK_LEAD})
    OPENINGS_KEPT = frozenset({"personal_file"})

    def __init__(self) -> None:
        self.only_for: int | None = None
        self.heard: list[tuple[Any, ...]] = []

    def may_open(self, document, actor: Actor) -> bool:
        if document.kind == "personal_file":
            return actor.staff_id == self.only_for
        return super().may_open(document, actor)

    def scan_ended(self, record, document, at):
        self.heard.append(("scan_ended", record.pk, document.scan_state, at))

    def delivery_failed(self, record, message, at):
        self.heard.append(("delivery_failed", record.pk, message.server_words, at))


@pytest.fixture
def told(monkeypatch) -> Told:
    """The app of incidents, for these tests."""
    app = Told()
    monkeypatch.setitem(registry._reactions, Incident, app)
    return app
