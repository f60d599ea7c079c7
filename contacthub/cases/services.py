"""References, moves and events: what every procedure does in the same way."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.apps import apps
from django.db import models
from django_fsm import can_proceed

from contacthub.actor import Actor, request_id
from contacthub.cases.models import Case, CaseRecord, Event
from contacthub.cases.registry import record_models
from contacthub.errors import MovedOn

Record = TypeVar("Record", bound=CaseRecord)


def open_record(model: type[Record], **fields: Any) -> Record:
    """Make a record in its first state, with a case and a reference of its own. The caller writes its first event."""
    return model._default_manager.create(case=open_case(model), **fields)


def open_case(model: type[CaseRecord]) -> Case:
    """Make the case of a record that is made next: what is known of the case, its deadline say, is written with it."""
    return Case.objects.open(kind=model.KIND, prefix=model.PREFIX)


def lock(case_id: int) -> Any:
    """Return the record of a case, locked until the transaction ends. Nobody's sight is asked: shared rooms call this.

    Where several are locked, the older id comes first.
    """
    model = record_models()[Case.objects.values_list("kind", flat=True).get(pk=case_id)]
    rows = model._base_manager.select_for_update(of=("self",), no_key=True)
    return rows.select_related("case").get(pk=case_id)


def lock_all(*case_ids: int) -> dict[int, Any]:
    """Return the records of several cases by id, locked as `lock` does, the older first."""
    return {case_id: lock(case_id) for case_id in sorted(set(case_ids))}


def visible_among(actor: Actor, case_ids: Iterable[int]) -> dict[int, Any]:
    """Return, by their ids, the records of those cases that the actor may see, whatever their kinds.

    One query for the kinds and one for each kind; a shared list asks for one page at a time.
    """
    by_kind: dict[str, list[int]] = {}
    for kind, case_id in Case.objects.filter(pk__in=set(case_ids)).values_list("kind", "pk"):
        by_kind.setdefault(kind, []).append(case_id)
    visible: dict[int, Any] = {}
    for kind, ids in by_kind.items():
        rows: Any = record_models()[kind]._default_manager
        visible |= rows.visible_to(actor).in_bulk(ids)
    return visible


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
    """Return the refusal for somebody who came too late: it says the latest event of the record in words.

    Of several moves of one moment, such as a completion that closes the record too, it is what somebody did.
    """
    happened = record.case.events.select_related("actor").order_by("-pk")
    moves = happened.exclude(after="")
    event = moves.first() or happened[0]  # a move, rather than a mail that failed since
    if event.actor is None:  # what ContactHub did of itself may have followed from what somebody did
        event = moves.filter(at=event.at, actor__isnull=False).first() or event
    who = event.actor or "ContactHub"
    return MovedOn(f"{event_label(record, event)} by {who}", at=event.at)


def handed_over(record: CaseRecord, *, to: object, kinds: Collection[str], words_of: Collection[str]) -> MovedOn:
    """Return the refusal for somebody who no longer has the record: who has it, and how, by an event of these kinds.

    It tells the words of the event where its kind is among `words_of`.
    """
    event = events_for(record.case).filter(kind__in=kinds)[0]
    how = f"{event_label(record, event)} by {event.actor}"
    if event.kind in words_of and hasattr(event, "words"):
        how = f"{how}: {event.words.text}"
    return MovedOn(f"{to} has this now. {how}", at=event.at)


def event_label(record: CaseRecord, event: Event) -> str:
    """Return the words by which the timeline names an event: those of its subject, or of the record's moves."""
    labels: dict[str, str] = getattr(apps.get_model(event.subject_label), "EVENT_LABELS", {})
    if event.kind in labels:
        return labels[event.kind]
    for transition in record.get_all_state_transitions():
        if transition.name == event.kind:
            return str(transition.custom["label"])
    raise LookupError(f"No words for the event {event.kind!r}")


def record_event(
    subject: models.Model,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    before: str = "",
    after: str = "",
    words: str = "",
    case: Case | None = None,
) -> Event:
    """Add an event about a record, on the timeline of its case (XC-01), or of the locked `case` where it has none."""
    return Event.objects.add(
        case_id=case.pk if case else getattr(subject, "case_id", None),
        subject_label=subject._meta.label_lower,
        subject_id=subject.pk,
        kind=kind,
        actor_kind=by.kind.value,
        actor_id=by.staff_id,
        at=at,
        before=str(before),
        after=str(after),
        request_id=request_id.get(),
        words=str(words),
    )


def events_for(case: Case) -> models.QuerySet[Event]:
    """Return the events of a case, newest first, with who acted and the words."""
    return case.events.select_related("actor", "words").order_by("-pk")


def events_about(record: models.Model) -> models.QuerySet[Event]:
    """Return the events of one record, which need not belong to a case, newest first, with who acted and the words."""
    about = Event.objects.filter(subject_label=record._meta.label_lower, subject_id=record.pk)
    return about.select_related("actor", "words").order_by("-pk")


def _record_of(transition: Callable[..., Any]) -> Any:
    return transition.__self__  # type: ignore[attr-defined]
