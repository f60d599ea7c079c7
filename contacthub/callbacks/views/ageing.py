"""How old the callbacks of my queues are: a page, and a file for a spreadsheet."""

from __future__ import annotations

import csv
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from contacthub.callbacks.ageing import Figures, figures_of, queues_of
from contacthub.callbacks.forms import AgeingFilterForm
from contacthub.clock import now
from contacthub.deadlines.ages import Ageing
from contacthub.formats import day_and_time, uk_day
from contacthub.people.middleware import ActorRequest
from contacthub.spreadsheet import guarded
from contacthub.ui.listing import link, no_views


@require_GET
def ageing(request: ActorRequest) -> HttpResponse:
    moment = now()
    form, figures = _asked(request, at=moment)
    kept = form.asked.filters
    context = {
        "figures": figures,
        **no_views(form),
        "rows": figures.lines,
        "lines": figures.lines,
        "bands": [*Ageing],
        "download": link(kept) if kept else "",
        "now": moment,
    }
    return render(request, "callbacks/ageing.html", context)


@require_GET
def spreadsheet(request: ActorRequest) -> HttpResponse:
    """Answer with the figures of the page, a line a queue."""
    moment = now()
    _, figures = _asked(request, at=moment)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="callbacks-by-age-{uk_day(moment)}.csv"'
    response.write("\ufeff")  # a spreadsheet takes the file for UTF-8 by this alone
    writer = csv.writer(response)
    writer.writerow(
        ["Queue", "Who calls", *(band.label for band in Ageing), "All", "Oldest due", "Made this week", "In time"]
    )
    for line in figures.lines:
        oldest = min(line.oldest_due.values(), default=None)
        cells: list[str | int] = [str(line.queue), line.caller, *line.counts.values(), line.total]
        cells += [day_and_time(oldest) if oldest else "", line.share.made, line.share.in_time]
        writer.writerow([guarded(cell) for cell in cells])
    return response


def _asked(request: ActorRequest, *, at: datetime) -> tuple[AgeingFilterForm, Figures]:
    """Return the filter as asked, and the figures of the queues that it leaves."""
    queues = queues_of(request.actor)
    if not queues:
        raise PermissionDenied("Only the staff of a callback queue, and the Helpdesk, see callbacks")
    form = AgeingFilterForm(request.GET, queues=queues)
    form.is_valid()
    asked = form.asked.filters
    kept = [queue for queue in queues if asked.get("queue") in (None, queue.code)]
    return form, figures_of(kept, kind=asked.get("kind", ""), at=at)
