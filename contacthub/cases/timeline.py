"""The timeline of a case, in plain words."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contacthub.actor import ActorKind
from contacthub.cases.models import CaseRecord, Event
from contacthub.cases.services import event_label, events_for


@dataclass(frozen=True)
class Entry:
    kind: str
    title: str
    byline: str
    at: datetime
    words: str


def timeline(record: CaseRecord, *, words_of: Container[str]) -> list[Entry]:
    """Return what happened, newest first; words only of the kinds of event that the app names in `words_of`."""
    return entries(record, events_for(record.case), words_of=words_of)


def entries(record: Any, events: Iterable[Event], *, words_of: Container[str]) -> list[Entry]:
    """Return events about a record, which need not have a case, in plain words."""
    return [
        Entry(
            kind=event.kind,
            title=event_label(record, event),
            byline=_byline(event),
            at=event.at,
            words=event.words.text if event.kind in words_of and hasattr(event, "words") else "",
        )
        for event in events
    ]


def _byline(event: Event) -> str:
    if event.actor:
        return f"by {event.actor}"
    return "from the public form" if event.actor_kind == ActorKind.PUBLIC else "by ContactHub"
