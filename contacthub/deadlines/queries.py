from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db import connection, models
from django.db.models import Exists, OuterRef

from contacthub.actor import Actor

if TYPE_CHECKING:
    from contacthub.cases.models import Case
    from contacthub.deadlines.models import Calendar, Deadline, FollowUp  # noqa: F401  named in the base classes


class CalendarManager(models.Manager["Calendar"]):
    def days_off(self, nation: str) -> tuple[int, list[tuple[date, bool, str]]]:
        """Return the number of a nation's calendar, 0 where it has none yet, and its days: day, is worked, words.

        One statement, so that both are of one moment.
        """
        statement = """
            select coalesce(number, 0), day, is_worked, words
              from (values (%s)) as asked (nation)
              left join deadlines_calendar using (nation)
              left join deadlines_dayoff using (nation)
        """
        with connection.cursor() as cursor:
            cursor.execute(statement, [nation])
            rows = cursor.fetchall()
        return rows[0][0], [row[1:] for row in rows if row[1]]


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)

    def newest(self, case: Case, kind: str) -> Deadline | None:
        """Return the newest of a case's deadlines of a kind, with what happened to its clock."""
        return self.filter(case=case, kind=kind).prefetch_related("pauses", "extensions").order_by("-pk").first()

    def step_due(self, at: datetime) -> Self:
        """Keep what somebody must hear of now, oldest first."""
        return self.filter(next_step_at__lte=at).order_by("next_step_at", "pk")

    def of_older_calendar(self, nation: str, number: int, *, at: datetime) -> Self:
        """Keep the running clocks in working time that an older calendar gave their moment, the next due first.

        What is missed stays missed, and a clock that stands is worked out when it goes on.
        """
        standing = self.model.pauses.rel.related_model._base_manager.filter(deadline=OuterRef("pk"), ended_at=None)
        return (
            self.open()
            .filter(nation=nation, working_days__gt=0, calendar_number__lt=number, due_at__gt=at)
            .exclude(Exists(standing))
            .order_by("due_at", "pk")
        )


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep those of the units in which the actor works."""
        return self if actor.sees_everything else self.filter(unit_id__in=actor.unit_ids)

    def open(self) -> Self:
        return self.filter(settled_at=None)

    def overdue(self, at: datetime) -> Self:
        return self.open().filter(due_at__lte=at)

    def due_first(self) -> Self:
        return self.order_by("due_at", "pk")
