"""References, moves and events: what every procedure does in the same way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection, models
from django_fsm import can_proceed

from contacthub.actor import Actor, request_id
from contacthub.cases.models import Case, CaseRecord, Event, EventWords
from contacthub.errors import MovedOn

Record = TypeVar("Record", bound=CaseRecord)


def open_record(model: type[Record], **fields: Any) -> Record:
    """Make a record in its first state, with a case and a reference of its own. The caller writes its first event."""
    case = Case.objects.create(kind=model.KIND, reference=_next_reference(model.PREFIX))
    return model._default_manager.create(case=case, **fields)


def _next_reference(prefix: str) -> str:
    """Return the next reference, like UJ-000123: unique, at least six digits, gaps allowed (XC-02)."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval(%s)", [f"reference_{prefix.lower()}"])
        (number,) = cursor.fetchone()
    return f"{prefix}-{number:06}"


def move(transition: Callable[..., Any], *, by: Actor, at: datetime, words: str = "", **fields: Any) -> None:
    """Run one move on a locked record, save it and write its event; `words` say why.

    Raises MovedOn where the record is no longer in a state that the move may start from.
    """
    require_still_open(transition)
    record = _record_of(transition)
    before = record.state
    transition(at=at, **fields)
    record.save()
    record_event(record, transition.__name__, by=by, at=at, before=before, after=record.state, words=words)


def require_still_open(transition: Callable[..., Any]) -> None:
    """Raise MovedOn, with who did what, unless the record is in a state that this move may start from."""
    if not can_proceed(transition, check_conditions=False):
        raise moved_on(_record_of(transition))


def moved_on(record: CaseRecord) -> MovedOn:
    """Return the refusal for somebody who came too late: it says the latest event of the record in words."""
    event = record.case.events.select_related("actor").order_by("-pk")[0]
    who = event.actor or "ContactHub"
    return MovedOn(f"{event_label(record, event.kind)} by {who}", at=event.at)


def event_label(record: CaseRecord, kind: str) -> str:
    """Return the words by which the timeline names a move or another event."""
    if kind in record.EVENT_LABELS:
        return record.EVENT_LABELS[kind]
    for transition in record.get_all_state_transitions():
        if transition.name == kind:
            return str(transition.custom["label"])
    raise LookupError(f"No words for the event {kind!r}")


def record_event(
    subject: models.Model,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    before: str = "",
    after: str = "",
    words: str = "",
) -> Event:
    """Add an event about a record, on the timeline of its case (XC-01)."""
    event = Event.objects.create(
        case=getattr(subject, "case", None),
        subject_label=subject._meta.label_lower,
        subject_id=subject.pk,
        kind=kind,
        actor_kind=by.kind,
        actor_id=by.staff_id,
        at=at,
        before=before,
        after=after,
        request_id=request_id.get(),
    )
    if words:
        EventWords.objects.create(event=event, text=words)
    return event


def events_for(case: Case) -> models.QuerySet[Event]:
    """Return the events of a case, newest first, with who acted and the words."""
    return case.events.select_related("actor", "words").order_by("-pk")


def events_about(record: models.Model) -> models.QuerySet[Event]:
    """Return the events of one record, which need not belong to a case, newest first, with who acted and the words."""
    about = Event.objects.filter(subject_label=record._meta.label_lower, subject_id=record.pk)
    return about.select_related("actor", "words").order_by("-pk")


def _record_of(transition: Callable[..., Any]) -> Any:
    return transition.__self__  # type: ignore[attr-defined]
