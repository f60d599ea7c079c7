from __future__ import annotations

from typing import Any

import pytest

from contacthub.cases import registry
from contacthub.deadlines.protocols import DeadlineReactions
from jobmatch_helpdesk.models import Incident


class Told(DeadlineReactions):
    """An app that writes down what it is told."""

    MOVED_BY_TIME = frozenset({"close"})

    def __init__(self) -> None:
        self.heard: list[tuple[Any, ...]] = []

    def due_moved(self, case, kind, due_at):
        self.heard.append(("due_moved", kind, due_at))

    def came_due(self, record, kind, at):
        self.heard.append(("came_due", kind, at))

    def warned(self, record, kind, due_at, at):
        self.heard.append(("warned", kind, at))

    def escalated(self, record, kind, due_at, at):
        self.heard.append(("escalated", kind, at))

    def of(self, *what: str) -> list[Any]:
        return [heard[-1] for heard in self.heard if heard[0] in what]


@pytest.fixture
def told(monkeypatch) -> Told:
    """The app of incidents, for these tests."""
    app = Told()
    monkeypatch.setitem(registry._reactions, Incident, app)
    return app
