"""The outbox as leads and administrators look at it: each sees what is theirs, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from contacthub import keyset
from contacthub.actor import Actor
from contacthub.cases.models import Case
from contacthub.cases.services import visible_among
from contacthub.mail import permissions
from contacthub.mail.models import Message, Notice
from contacthub.mail.queries import MessageQuerySet
from contacthub.mail.standing import Standing, standing
from contacthub.ui.navigation import COUNTS_STOP_AT

KEY = ("queued_at", "pk")
MOST_PAGES = 10  # looked through for one page of one's own


@dataclass(frozen=True)
class Line:
    """A message, where it stands, and the record of its case where the actor may read that."""

    message: Message
    standing: Standing
    record: Any

    @property
    def title(self) -> str:
        """Return the subject without the reference, which stands before it."""
        return self.message.subject.removeprefix(f"{self.message.case}: ")


@dataclass(frozen=True)
class Lines:
    """Some lines, and the query strings of the pages beside them ("" where there is none)."""

    rows: list[Line]
    newer: str
    older: str


def lines(
    messages: MessageQuerySet, actor: Actor, *, asked: dict[str, str], size: int, newest_first: bool, now: datetime
) -> Lines:
    """Return a page of what the actor may see of these messages, `size` at most, in the order they were queued in.

    Others' messages are left out page by page, ten at most: where nearly all are others', a page may be short.
    """
    rows: list[Line] = []
    messages = messages.select_related("case", "queued_by").with_attached()
    backwards = "before" in asked
    first = page = keyset.page(messages, key=KEY, asked=asked, size=size, newest_first=newest_first)
    for _ in range(MOST_PAGES):
        known = {line.message.pk for line in rows}  # a page before the first rows begins with those, and repeats others
        found = [line for line in _seen(page.rows, actor, now) if line.message.pk not in known]
        rows = [*found, *rows] if backwards else [*rows, *found]
        onwards = page.newer if backwards else page.older
        if len(rows) >= size or not onwards:
            break
        asked = dict(parse_qsl(onwards.removeprefix("?")))
        page = keyset.page(messages, key=KEY, asked=asked, size=size, newest_first=newest_first)
    if backwards:
        return _cut_before(Lines(rows, page.newer, first.older), size)
    return _cut_after(Lines(rows, first.newer, page.older), size)


def _cut_after(lines: Lines, size: int) -> Lines:
    """Leave to the page after this one what is more than `size`."""
    kept = lines.rows[:size]
    return Lines(kept, lines.newer, keyset.link_to("after", kept[-1].message, KEY)) if kept != lines.rows else lines


def _cut_before(lines: Lines, size: int) -> Lines:
    """Leave to the page before this one what is more than `size`."""
    kept = lines.rows[-size:]
    return Lines(kept, keyset.link_to("before", kept[0].message, KEY), lines.older) if kept != lines.rows else lines


def _seen(messages: Iterable[Message], actor: Actor, now: datetime) -> list[Line]:
    found = [*messages]
    records = visible_among(actor, [message.case_id for message in found if message.case_id])
    return [
        Line(message, standing(message, now=now), records.get(message.case_id or 0))
        for message in found
        if message.case_id in records or permissions.sees_all(actor)
    ]


@dataclass(frozen=True)
class Told:
    """A notice, and the record that it is about where its reader may see that."""

    notice: Notice
    record: Any


def told(notices: Iterable[Notice], actor: Actor) -> list[Told]:
    found = [*notices]
    records = visible_among(actor, [notice.case_id for notice in found if notice.case_id])
    return [Told(notice, records.get(notice.case_id or 0)) for notice in found]


def mails_of(case: Case, *, now: datetime) -> list[Line]:
    """Return every message about a case, copies too, oldest first, for `mail/messages.html` on its page."""
    return [Line(message, standing(message, now=now), None) for message in case.messages.with_attached().order_by("pk")]


def count(messages: MessageQuerySet, actor: Actor) -> int:
    """Count those that the actor may see, to COUNTS_STOP_AT + 1 at most."""
    stop = COUNTS_STOP_AT + 1
    if permissions.sees_all(actor):
        return messages[:stop].count()
    found = 0
    case_ids = messages.order_by(*KEY).values_list("case_id", flat=True)
    for start in range(0, MOST_PAGES * stop, stop):
        asked = [*case_ids[start : start + stop]]
        visible = visible_among(actor, [case_id for case_id in asked if case_id])
        found += sum(case_id in visible for case_id in asked)
        if found >= stop or len(asked) < stop:
            break
    return min(found, stop)
