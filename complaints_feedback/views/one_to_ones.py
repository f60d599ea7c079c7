"""The 1-2-1 of somebody in a month: what belongs in it, and the plans that their team leader closes (CF-04, CF-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from complaints_feedback import permissions, services
from complaints_feedback.forms.part_two import ClosePlanForm
from complaints_feedback.models import DevelopmentPlan, FeedbackForm
from complaints_feedback.views.led import find
from complaints_feedback.views.sender import press
from contacthub.clock import now
from contacthub.errors import NotThere
from contacthub.formats import uk_day
from contacthub.people.directory import Chain, line_in
from contacthub.people.middleware import ActorRequest

YEARS = range(1000, 3000)  # of a month in a path
NAMED = ("form__case", "form__part_two", "opened_by", "closed_by")


@dataclass(frozen=True)
class Row:
    """A plan; `form` closes it, where it is open and the reader may."""

    plan: DevelopmentPlan
    is_from_before: bool
    form: ClosePlanForm | None


@require_GET
def month(request: ActorRequest, number: str, month: date) -> HttpResponse:
    """Show the forms and plans of the month, with the plans that are open from before."""
    at = now()
    return _page(request, find(request, number, at=at), month, at=at)


@require_POST
def close_plan(request: ActorRequest, number: str, month: date, plan_id: int) -> HttpResponse:
    """Close a plan with the day and what was done; a refusal keeps both."""
    at = now()
    chain = find(request, number, at=at)
    plan = DevelopmentPlan.objects.standing().select_related(*NAMED).filter(person=chain.person, pk=plan_id).first()
    if plan is None:
        raise NotThere
    permissions.require_leads(request.actor, _leader(chain))
    form = ClosePlanForm(request.POST, auto_id=_ids(plan))
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("done_on", "words")}

        def do() -> str:
            return str(services.close_plan(plan_id=plan_id, **given, by=request.actor, at=at).pk)

        if not press(request, form, do, {"close_plan": plan_id, **given}, at=at):
            messages.success(request, "The development plan is closed")
            return redirect("feedback:one_to_one_month", number, month)
    return _page(request, chain, month, (plan, form), at=at)


def _page(
    request: ActorRequest,
    chain: Chain,
    month: date,
    pressed: tuple[DevelopmentPlan, ClosePlanForm] | None = None,
    *,
    at: datetime,
) -> HttpResponse:
    person = chain.person
    belonging = FeedbackForm.objects.of_month(person.pk, month).select_related("case", "file_entry")
    rows = _rows(request, chain, month, pressed, at=at)
    context = {
        "person": person,
        "is_own": request.actor.staff_id == person.pk,
        "line": line_in(chain),
        "leader": chain.team_leader,
        "month": month,
        "before": _beside(month, -1),
        "after": _beside(month, 1),
        "this_month": uk_day(at).replace(day=1),
        "forms": [
            (one, getattr(one, "file_entry", None))
            for one in belonging.prefetch_related("recipients")
            if permissions.may_see_in_one_to_one(request.actor, one)
        ],
        "rows": rows,
        "open": sum(row.plan.is_open for row in rows),
        "form": pressed[1] if pressed else None,
    }
    return render(request, "complaints_feedback/people/one_to_one.html", context)


def _rows(
    request: ActorRequest,
    chain: Chain,
    month: date,
    pressed: tuple[DevelopmentPlan, ClosePlanForm] | None,
    *,
    at: datetime,
) -> list[Row]:
    """Return the plans of the month. One whose closing was refused is among them, with what was typed, even where
    somebody else has closed it meanwhile.
    """
    plans = list(DevelopmentPlan.objects.of_month(chain.person.pk, month).select_related(*NAMED))
    refused, form = pressed or (None, None)
    if refused and refused not in plans:
        plans.insert(0, refused)
    may_close = permissions.leads(request.actor, _leader(chain))
    blank = {"done_on": uk_day(at)}
    return [
        Row(
            plan,
            plan.form.part_two.one_to_one_month != month,
            form if plan == refused
            else ClosePlanForm(initial=blank, auto_id=_ids(plan)) if may_close and plan.is_open
            else None,
        )
        for plan in plans
    ]  # fmt: skip


def _leader(chain: Chain) -> int | None:
    return chain.team_leader.pk if chain.team_leader else None


def _ids(plan: DevelopmentPlan) -> str:
    """Return how the ids of a plan's form are made: the page has one for each."""
    return f"id_plan_{plan.pk}_%s"


def _beside(month: date, by: int) -> date | None:
    number = month.year * 12 + month.month - 1 + by
    return date(number // 12, number % 12 + 1, 1) if number // 12 in YEARS else None
