from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from django.db import models, transaction

from contacthub.errors import NotThere

if TYPE_CHECKING:
    from contacthub.actor import Actor
    from contacthub.cases.models import Case, Event

Record = TypeVar("Record", bound=models.Model)
Statement = tuple[str, tuple[Any, ...]]


class CaseRecordQuerySet(models.QuerySet[Record]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep what this actor may see. Each app gives the one definition for its records."""
        raise NotImplementedError

    def locked(self, by: Actor, *, pk: int) -> Record:
        """Return the record, locked until the transaction ends. Raises NotThere, also where `by` may not see it.

        The row is locked by its key and looked at in a second statement: one statement would judge by the moment
        before the wait.
        """
        list(self.model._base_manager.select_for_update(no_key=True).filter(pk=pk).values_list("pk"))
        record = self.visible_to(by).filter(pk=pk).first()
        if record is None:
            raise NotThere
        return record

    def with_reference(self, reference: str, *, seen_by: Actor) -> Record:
        """Return the record that people call so. Raises NotThere, also where `seen_by` may not see it."""
        record = self.visible_to(seen_by).filter(case__reference=reference).first()
        if record is None:
            raise NotThere
        return record


class CaseRecordManager(models.Manager[Record]):
    """Always joins the case, since the reference stands there alone."""

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("case")


class NextInLine(Generic[Record]):
    """The first of some rows, in their order, that nobody holds.

    Keep one where the rows are asked for all day: Django writes its SQL once, and would else take longer over that than
    over all the rest of taking a row. Only the fields of the row itself are read.
    """

    def __init__(self, rows: models.QuerySet[Record]) -> None:
        self._rows = rows.select_related(None)

    def lock(self) -> Record | None:
        """Return that row, locked until the transaction ends; None where there is none to be had.

        Where all are held at this moment, wait, since one may come back.
        """
        before = transaction.savepoint()
        if found := self._first(self._free):
            return found
        # Postgres keeps the lock of a row that proved to be taken: who waits must hold none, or two wait for each
        # other.
        transaction.savepoint_rollback(before)
        return self._first(self._held)

    @cached_property
    def _free(self) -> Statement:
        return self._rows.select_for_update(no_key=True, skip_locked=True)[:1].query.sql_with_params()

    @cached_property
    def _held(self) -> Statement:
        return self._rows.select_for_update(no_key=True)[:1].query.sql_with_params()

    def _first(self, statement: Statement) -> Record | None:
        return next(iter(self._rows.model._base_manager.raw(*statement)), None)


class CaseManager(models.Manager["Case"]):
    def open(self, *, kind: str, prefix: str) -> Case:
        """Make a case with the next reference, like UJ-000123: unique, at least six digits, gaps allowed (XC-02)."""
        statement = """
            insert into cases_case (kind, reference)
            select %s, concat(%s, '-', lpad(number::text, greatest(6, length(number::text)), '0'))
              from nextval(%s) as number
            returning *
        """
        (case,) = self.raw(statement, [kind, prefix, f"reference_{prefix.lower()}"])
        return case


class EventManager(models.Manager["Event"]):
    def add(self, **columns: Any) -> Event:
        """Add an event, with `words` where they are not "": every press does, so it is one statement, which Django need
        not write anew.
        """
        statement = """
            with event as (
                insert into cases_event (
                    case_id, subject_label, subject_id, kind, actor_kind, actor_id, at, before, after, request_id
                ) values (
                    %(case_id)s, %(subject_label)s, %(subject_id)s, %(kind)s, %(actor_kind)s, %(actor_id)s, %(at)s,
                    %(before)s, %(after)s, %(request_id)s
                ) returning *
            ), said as (
                insert into cases_eventwords (event_id, text) select id, %(words)s from event where %(words)s <> ''
            )
            select * from event
        """
        (event,) = self.raw(statement, columns)
        return event
