"""Which feedback to learn from."""

from __future__ import annotations

from typing import Any

from complaints_feedback.terms import Route
from contacthub.ui import listing
from contacthub.ui.listing import Choice

MONTHS = {"3": "The last 3 months", "12": "The last 12 months"}
USUAL = 6


class LearningFilterForm(listing.FilterForm):
    months = Choice("Months", MONTHS.items(), anything=f"The last {USUAL} months")
    route = Choice("Route", Route.choices, anything="Any")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, views=[], orders=[], **kwargs)
