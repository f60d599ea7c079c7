"""The paying parents of an employer, and one of them with every case at once (EC-49 to EC-51)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from contacthub import keyset
from contacthub.actor import Actor
from contacthub.errors import NotThere
from contacthub.people.middleware import ActorRequest
from contacthub.ui.listing import link, no_views
from employer_contact import permissions
from employer_contact.forms import ParentFilterForm
from employer_contact.models import (
    CaseActivity,
    Employer,
    Employment,
    MaintenanceCase,
    PayingParent,
    ReissueRequest,
    ScheduleLine,
)
from employer_contact.overview import newest_schedule
from employer_contact.views.employers import find, of_record, show

PAGE = 50
ACTIVITIES = 100  # of a case
REISSUES = 10


@require_GET
def parents(request: ActorRequest, ern: str) -> HttpResponse:
    """List the paying parents of an employer by name; the numbers of National Insurance are masked (XC-06)."""
    found = find(request.actor, ern)
    schedule = newest_schedule(found)
    context = of_record(request.actor, found, "Paying parents", schedule=schedule)
    month = schedule.month if schedule else context["today"].replace(day=1)
    form = ParentFilterForm(request.GET)
    form.is_valid()
    rows = Employment.objects.filter(employer=found).seen_by(request.actor).with_amounts(month=month)
    if "amounts" in form.asked.filters:
        rows = rows.that_differ()
    page = keyset.page(
        rows.select_related("paying_parent"), key=("name_key", "pk"), asked=request.GET.dict(), size=PAGE
    )
    kept = form.asked.filters
    listed = {
        **no_views(form),
        "page": page,
        "rows": page.rows,
        "newer": page.newer and link(kept, page.newer),
        "older": page.older and link(kept, page.older),
        "month": month,
    }
    return show(request, "employer_contact/parents.html", {**context, **listed})


@require_GET
def parent(request: ActorRequest, ern: str, reference: str) -> HttpResponse:
    """Show a paying parent: each case with its letters CMSL2040, or with all that was done in it."""
    employer, found = find(request.actor, ern), find_parent(request.actor, ern, reference)
    cases = list(MaintenanceCase.objects.visible_to(request.actor).of_parent(found.pk))
    every = request.GET.get("activities") == "all"
    done = _activities(cases, every=every)
    schedule = newest_schedule(employer)
    context = of_record(request.actor, employer, "Paying parents", schedule=schedule)
    in_force = _in_force(found, employer, schedule.month if schedule else context["today"])
    amounts = [letter.amount for letter in in_force.values() if letter.amount is not None]
    line = ScheduleLine.objects.filter(schedule=schedule, paying_parent=found).first() if schedule else None
    owns = any(case.owner_id == request.actor.staff_id for case in cases)
    context |= {
        "parent": found,
        "nino": found.full_nino if permissions.may_see_full_nino(request.actor, owns_case=owns) else found.masked_nino,
        "cases": [{"case": case, "done": done[case.pk], "letters": _count_letters(done[case.pk])} for case in cases],
        "may_ask": permissions.may_request_reissue(request.actor) and any(case.closed_on is None for case in cases),
        "reissues": _reissues(request.actor, found),
        "every": every,
        "most": ACTIVITIES,
        "line": line,
        "schedule": schedule,
        "in_force": in_force,
        "letters": amounts,
        "letters_sum": sum(amounts, Decimal(0)),
    }
    context["difference"] = abs(line.due - context["letters_sum"]) if line and in_force else None
    return show(request, "employer_contact/parent.html", context)


def find_parent(actor: Actor, ern: str, reference: str) -> PayingParent:
    seen = PayingParent.objects.visible_to(actor)
    found: PayingParent | None = seen.filter(reference=reference, employments__employer__ern=ern).first()
    if found is None:
        raise NotThere
    return found


def _reissues(actor: Actor, parent: PayingParent) -> list[ReissueRequest]:
    """Return the newest requests to re-issue a letter in one of the parent's cases."""
    rows: Any = ReissueRequest.objects.visible_to(actor).filter(maintenance_case__paying_parent=parent)
    return list(rows.select_related("employer", "maintenance_case").order_by("-opened_at", "-pk")[:REISSUES])


def _activities(cases: list[MaintenanceCase], *, every: bool) -> dict[int, list[CaseActivity]]:
    """Return, by case, what was done, newest first: one query for all of them."""
    rows: Any = CaseActivity.objects.all() if every else CaseActivity.objects.cmsl2040()
    found = defaultdict(list)
    for activity in rows.newest_of([case.pk for case in cases], size=ACTIVITIES).select_related("employer"):
        found[activity.maintenance_case_id].append(activity)
    return found


def _in_force(parent: PayingParent, employer: Employer, month: date) -> dict[int, CaseActivity]:
    """Return the letters by which this employer deducts in the month, by their ids."""
    letters = CaseActivity.objects.in_force(month).filter(maintenance_case__paying_parent=parent, employer=employer)
    return {letter.pk: letter for letter in letters.exclude(amount=None).order_by("maintenance_case", "pk")}


def _count_letters(done: list[CaseActivity]) -> int:
    return sum(activity.is_letter for activity in done)
