from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models

from contacthub.errors import NotThere

if TYPE_CHECKING:
    from contacthub.actor import Actor

Record = TypeVar("Record", bound=models.Model)


class CaseRecordQuerySet(models.QuerySet[Record]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep what this actor may see. Each app gives the one definition for its records."""
        raise NotImplementedError

    def locked(self, by: Actor, *, pk: int) -> Record:
        """Return the record, locked until the transaction ends. Raises NotThere, also where `by` may not see it.

        The row is locked by its key and looked at in a second statement: one statement would judge by the moment
        before the wait.
        """
        self.model._base_manager.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
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
