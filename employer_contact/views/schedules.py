from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from contacthub import keyset
from contacthub.formats import money, short_date
from contacthub.people.middleware import ActorRequest
from employer_contact.models import DeoSchedule, Employer, ScheduleLine
from employer_contact.overview import sums_of
from employer_contact.personal import masked
from employer_contact.services.grounds import agents_contact
from employer_contact.terms import LineChange
from employer_contact.views.employers import find, of_record, show

PAGE = 300  # so that of all but the largest employers every line can be ticked at once
MONTHS = 12
UNKNOWN = 50
NOTHING = "–"
KEY = ("name_key", "pk")
COLUMNS = [*KEY, "due", "deducted", "change", "effective_on", "difference_reason"] + [
    f"paying_parent__{name}" for name in ("reference", "name", "nino")
]


@require_GET
def schedule(request: ActorRequest, ern: str, month: date) -> HttpResponse:
    """Show what an employer should deduct in a month, a line for each paying parent, by name."""
    found = find(request.actor, ern)
    recent = list(found.schedules.order_by("-month")[:MONTHS])
    asked = next((one for one in recent if one.month == month), None) or _older(found, month)
    rows = ScheduleLine.objects.filter(schedule=asked).seen_by(request.actor).values_list(*COLUMNS, named=True)
    page = keyset.page(rows, key=KEY, asked=request.GET.dict(), size=PAGE)
    context = {
        **of_record(request.actor, found, "DEO schedule", schedule=recent[0] if recent else None),
        "schedule": asked,
        "month": month,
        "months": [one.month for one in recent],
        "sums": sums_of(asked, request.actor) if asked else None,
        "page": page,
        "rows": [_row(line) for line in page.rows],
        "unknown": list(asked.unknown_names.all()[:UNKNOWN]) if asked else [],
    }
    context["call"] = context["contact"] or agents_contact(request.actor, found, on=context["today"])
    return show(request, "employer_contact/schedule.html", context)


def _older(employer: Employer, month: date) -> DeoSchedule | None:
    found: DeoSchedule | None = employer.schedules.filter(month=month).first()
    return found


def _row(line: Any) -> dict[str, str]:
    """Return a line in words: of 300 of them, what a template works out, or asks an object for, takes half the page."""
    since = f"{LineChange(line.change).label} from {short_date(line.effective_on)}" if line.change else ""
    # Digits and signs of ours, which nothing need be escaped in.
    plain = {
        "id": str(line.pk),
        "reference": line.paying_parent__reference,
        "nino": masked(line.paying_parent__nino) or "None held",
        "due": money(line.due),
        "deducted": NOTHING if line.deducted is None else money(line.deducted),
    }
    told = ". ".join(filter(None, [since, line.difference_reason])) or NOTHING
    return {name: SafeString(words) for name, words in plain.items()} | {
        "name": line.paying_parent__name,
        "told": told,
    }
