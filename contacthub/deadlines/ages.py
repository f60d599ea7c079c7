"""How old what is due is, in the spans of time that every list and chart of ages has (CM-06)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q


class Ageing(models.TextChoices):
    """How old something is, by its due moment. Hours and days are elapsed; what is due now is overdue."""

    LATER = "later", "Due later"
    SOON = "soon", "Due within 4 hours"
    OVERDUE = "overdue", "Overdue"
    ONE_DAY = "one_day", "Overdue by more than 1 day"
    FIVE_DAYS = "five_days", "Overdue by more than 5 days"

    @classmethod
    def of(cls, due_at: datetime, at: datetime) -> Ageing:
        """Return the band of what is due then."""
        left = due_at - at
        return next(band for band, (begins, _) in BANDS.items() if begins is None or left > begins)

    @property
    def is_late(self) -> bool:
        return self not in (Ageing.LATER, Ageing.SOON)

    @property
    def short(self) -> str:
        """Return the words for a narrow column: "More than 1 day"."""
        return str(self.label).replace("Due within", "Within").replace("Overdue by more", "More")

    def holds(self, at: datetime) -> Q:
        """Return the condition for the rows whose `due_at` is in this band."""
        begins, ends = BANDS[self]
        after = Q() if begins is None else Q(due_at__gt=at + begins)
        return after if ends is None else after & Q(due_at__lte=at + ends)


DAY = timedelta(days=1)
# The due moment of a band lies later than so long after now (before, where negative), and at most so long.
BANDS: dict[Ageing, tuple[timedelta | None, timedelta | None]] = {
    Ageing.LATER: (timedelta(hours=4), None),
    Ageing.SOON: (timedelta(0), timedelta(hours=4)),
    Ageing.OVERDUE: (-DAY, timedelta(0)),
    Ageing.ONE_DAY: (-5 * DAY, -DAY),
    Ageing.FIVE_DAYS: (None, -5 * DAY),
}
