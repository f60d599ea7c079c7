"""What a unit can learn from feedback: a page, and a file for a spreadsheet."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from complaints_feedback.learning import Learning, learn, may_learn, teams_of
from complaints_feedback.learning_filter import USUAL, LearningFilterForm
from complaints_feedback.suppressing import Hidden, Shown
from complaints_feedback.terms import Route
from contacthub.clock import now
from contacthub.formats import uk_day
from contacthub.people.middleware import ActorRequest
from contacthub.spreadsheet import guarded
from contacthub.ui.listing import link, no_views

BASE, TOP, WIDTH = 150, 14, 260  # of the chart, in its own units
NOT_SHOWN = "not shown"


@dataclass(frozen=True)
class Bar:
    """A month of the chart: what was in time stands below what came later."""

    name: str
    x: float
    width: float
    main: float
    main_y: float
    late: float
    late_y: float


@require_GET
def learning(request: ActorRequest) -> HttpResponse:
    form, found = _asked(request, at=now())
    context = {
        **no_views(form),
        "learning": found,
        "rows": found.months,
        "bars": _bars(found),
        "base": BASE,
        "smallest": settings.FEEDBACK_SMALLEST_FIGURE,
        "headline": {name: _words(value) for name, value in _headline(found).items()},
        "lines": [[_words(cell) for cell in cells] for cells in _lines(found)],
        "causes": [(cause, _words(cause.forms)) for cause in found.causes],
        "download": link(form.asked.filters),
    }
    return render(request, "complaints_feedback/learning.html", context)


@require_GET
def learning_csv(request: ActorRequest) -> HttpResponse:
    """Answer with the figures of the page, as they are shown there."""
    moment = now()
    _, found = _asked(request, at=moment)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="learning-from-feedback-{uk_day(moment)}.csv"'
    response.write("\ufeff")  # a spreadsheet takes the file for UTF-8 by this alone
    writer = csv.writer(response)
    writer.writerow(["Figure", "Forms", "Discussed within 48 hours", "Later", "Share in time"])
    rows = [[_words(cell) for cell in cells] for cells in _lines(found)]
    rows += [[cause.trigger.label, _words(cause.forms)] for cause in found.causes]
    rows += [[name.replace("_", " ").capitalize(), _words(value)] for name, value in _headline(found).items()]
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
    return response


def _asked(request: ActorRequest, *, at: datetime) -> tuple[LearningFilterForm, Learning]:
    if not may_learn(request.actor):
        raise PermissionDenied
    form = LearningFilterForm(request.GET)
    form.is_valid()  # what was not understood is left out, and the page says so
    kept = form.asked.filters
    found = learn(
        teams=teams_of(request.actor, on=uk_day(at)),
        months=int(kept.get("months") or USUAL),
        route=Route(kept["route"]) if kept.get("route") else None,
        at=at,
    )
    return form, found


def _headline(found: Learning) -> dict[str, Shown | str]:
    return {
        "forms_received": found.forms,
        "discussed_within_48_hours": _percent(found.share),
        "median_time_to_discussion": NOT_SHOWN if found.hours is None else f"{found.hours} h",
        "about_a_trigger_the_team_had_before": found.repeats,
        "development_plans_open": found.open_plans,
    }


def _lines(found: Learning) -> list[list[Shown | str]]:
    return [
        [
            f"{month.first:%B %Y}",
            month.figures.forms,
            month.figures.in_time,
            month.figures.later,
            _percent(month.figures.share),
        ]
        for month in found.months
    ]


def _percent(share: int | None) -> str:
    return NOT_SHOWN if share is None else f"{share}%"


def _words(value: Shown | str) -> str:
    if isinstance(value, Hidden):
        return f"fewer than {settings.FEEDBACK_SMALLEST_FIGURE}" if value is Hidden.SMALL else NOT_SHOWN
    return str(value)


def _bars(found: Learning) -> list[Bar]:
    """Return the months of which both parts are shown; another one has a name and no bar."""
    parts = [(_number(month.figures.in_time), _number(month.figures.later)) for month in found.months]
    most = max((main + late for main, late in parts), default=0) or 1
    step = WIDTH / len(parts)
    height = (BASE - TOP) / most
    return [
        Bar(
            name=f"{month.first:%b}",
            x=round(28 + step * index, 1),
            width=round(step * 0.7, 1),
            main=round(main * height, 1),
            main_y=round(BASE - main * height, 1),
            late=round(late * height, 1),
            late_y=round(BASE - (main + late) * height, 1),
        )
        for index, (month, (main, late)) in enumerate(zip(found.months, parts, strict=True))
    ]


def _number(value: Shown) -> int:
    return 0 if isinstance(value, Hidden) else value
