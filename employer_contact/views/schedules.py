from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from contacthub import keyset
from contacthub.people.middleware import ActorRequest
from employer_contact.models import DeoSchedule, ScheduleLine
from employer_contact.overview import newest_schedule, sums_of
from employer_contact.services.grounds import agents_contact
from employer_contact.views.employers import find, of_record, show

PAGE = 300  # so that of all but the largest employers every line can be ticked at once
MONTHS = 12
UNKNOWN = 50


@require_GET
def schedule(request: ActorRequest, ern: str, month: date) -> HttpResponse:
    """Show what an employer should deduct in a month, a line for each paying parent, by name."""
    found = find(request.actor, ern)
    newest = newest_schedule(found)
    asked: DeoSchedule | None = found.schedules.select_related("employer").filter(month=month).first()
    rows = ScheduleLine.objects.filter(schedule=asked).seen_by(request.actor).select_related("paying_parent")
    page = keyset.page(rows, key=("paying_parent__name_key", "pk"), asked=request.GET.dict(), size=PAGE)
    context = {
        **of_record(request.actor, found, "DEO schedule", schedule=newest),
        "schedule": asked,
        "month": month,
        "months": list(found.schedules.order_by("-month").values_list("month", flat=True)[:MONTHS]),
        "sums": sums_of(asked, request.actor) if asked else None,
        "page": page,
        "unknown": list(asked.unknown_names.all()[:UNKNOWN]) if asked else [],
    }
    context["call"] = context["contact"] or agents_contact(request.actor, found, on=context["today"])
    return show(request, "employer_contact/schedule.html", context)
