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

from complaints_feedback.forms.learning import LearningFilterForm
from complaints_feedback.learning import Learning, Period, learn, may_learn, parts_of
from complaints_feedback.suppressing import Hidden, Shown
from complaints_feedback.terms import Route
from contacthub.clock import now
from contacthub.formats import uk_day
from contacthub.people.middleware import ActorRequest
from contacthub.people.models import Unit
from contacthub.spreadsheet import guarded
from contacthub.ui.listing import link, no_views

BASE, TOP, LEFT, WIDTH = 150, 14, 28, 260  # of the chart, in its own units
LINES = 3  # across the chart, each with its number
STEPS = (1, 2, 3, 5)  # between two lines, and ten times as much, and so on
NOT_SHOWN = "not shown"
NO_FORMS = "–"


@dataclass(frozen=True)
class Bar:
    """A month of the chart: what was in time stands below what came later."""

    name: str
    x: float
    middle: float
    width: float
    main: float
    main_y: float
    late: float
    late_y: float


@dataclass(frozen=True)
class Line:
    """A line across the chart: the number that it stands for, and where it and the number are drawn."""

    number: int
    y: float
    text_y: float


@dataclass(frozen=True)
class Answer:
    """What was asked and found; `units` are the names of those that the figures are about."""

    form: LearningFilterForm
    found: Learning
    units: str


@require_GET
def learning(request: ActorRequest) -> HttpResponse:
    answer = _asked(request, at=now())
    form, found = answer.form, answer.found
    context = {
        **no_views(form),
        "learning": found,
        "rows": found.months,
        "about": answer.units,
        "first": found.months[0].first,
        "last": found.months[-1].first,
        "bars": _bars(found),
        "axis": _axis(found),
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
    found = _asked(request, at=moment).found
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


def _asked(request: ActorRequest, *, at: datetime) -> Answer:
    if not may_learn(request.actor):
        raise PermissionDenied
    parts = parts_of(request.actor, on=uk_day(at))
    own = [unit_id for _, unit_id in request.actor.posts]
    names = {unit.pk: unit.name for unit in Unit.objects.filter(pk__in=[*own, *parts.values()]).order_by("name", "pk")}
    form = LearningFilterForm(request.GET, units={pk: name for pk, name in names.items() if pk in parts.values()})
    form.is_valid()  # what was not understood is left out, and the page says so
    kept = form.asked.filters
    unit = int(kept["unit"]) if kept.get("unit") else None
    found = learn(
        parts=parts,
        period=Period(kept.get("months") or Period.LAST),
        route=Route(kept["route"]) if kept.get("route") else None,
        unit=unit,
        at=at,
    )
    about = [unit] if unit else [pk for pk in names if pk in own]
    return Answer(form, found, ", ".join(names[pk] for pk in about))


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
            NO_FORMS if month.figures.forms == 0 else _percent(month.figures.share),
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
    parts = _drawn(found)
    step = WIDTH / len(parts)
    height = (BASE - TOP) / (LINES * _between_lines(found))
    width = step * 0.7
    return [
        Bar(
            name=f"{month.first:%b}",
            x=round(LEFT + step * index + (step - width) / 2, 1),
            middle=round(LEFT + step * (index + 0.5), 1),
            width=round(width, 1),
            main=round(main * height, 1),
            main_y=round(BASE - main * height, 1),
            late=round(late * height, 1),
            late_y=round(BASE - (main + late) * height, 1),
        )
        for index, (month, (main, late)) in enumerate(zip(found.months, parts, strict=True))
    ]


def _axis(found: Learning) -> list[Line]:
    between = _between_lines(found)
    ys = [round(BASE - (BASE - TOP) * line / LINES, 1) for line in range(1, LINES + 1)]
    return [Line(between * (index + 1), y, y + 5) for index, y in enumerate(ys)]


def _between_lines(found: Learning) -> int:
    """Return the smallest round number with which the highest bar fits below the last line."""
    most = max(main + late for main, late in _drawn(found))
    times = 1
    while True:
        for step in STEPS:
            if step * times * LINES >= most:
                return step * times
        times *= 10


def _drawn(found: Learning) -> list[tuple[int, int]]:
    return [(_number(month.figures.in_time), _number(month.figures.later)) for month in found.months]


def _number(value: Shown) -> int:
    return 0 if isinstance(value, Hidden) else value
