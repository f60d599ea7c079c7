"""Which feedback to learn from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from complaints_feedback.learning import MONTHS, Period
from complaints_feedback.terms import Route
from contacthub.ui import listing
from contacthub.ui.listing import Choice


class LearningFilterForm(listing.FilterForm):
    """`units` are the parts of the own unit, by their ids; where there is one alone, there is nothing to choose."""

    months = Choice("Months", [(Period.BEFORE, f"The {MONTHS} months before")], anything=f"The last {MONTHS} months")
    route = Choice("Route", Route.choices, anything="Any")
    unit = Choice("Part of your unit", anything="All of it")

    def __init__(self, *args: Any, units: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, views=[], orders=[], **kwargs)
        if len(units) > 1:
            self.choice("unit").offer(units.items())
        else:
            del self.fields["unit"]
