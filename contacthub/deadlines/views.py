from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from contacthub import keyset
from contacthub.cases.services import visible_among
from contacthub.clock import now
from contacthub.deadlines import services
from contacthub.deadlines.explaining import explain
from contacthub.deadlines.forms import ExtendForm, FollowUpFilterForm, SettleForm, lines_of, settle_form
from contacthub.deadlines.models import Deadline, FollowUp
from contacthub.deadlines.queries import FollowUpQuerySet
from contacthub.errors import DomainError, MovedOn, NotThere
from contacthub.formats import day_and_time
from contacthub.links import our_own
from contacthub.people.middleware import ActorRequest
from contacthub.people.services import my_units
from contacthub.submissions.services import caller_of, once
from contacthub.ui.forms import show_refusal
from contacthub.ui.listing import link, no_views

PAGE = 50


@require_GET
def deadline(request: ActorRequest, deadline_id: int) -> HttpResponse:
    """Say how a due moment was worked out, to whoever sees its case; its lead may extend it there."""
    return _show(request, Deadline.objects.filter(pk=deadline_id).first())


@require_GET
def newest(request: ActorRequest, reference: str, kind: str) -> HttpResponse:
    """Lead from a case to its newest deadline of a kind, which its page need not know."""
    found = Deadline.objects.filter(case__reference=reference, kind=kind).order_by("-pk").first()
    return redirect(found) if found and _record_of(request, found) else _show(request, None)


@require_POST
def extend(request: ActorRequest, deadline_id: int) -> HttpResponse:
    """Agree to a later moment; a refusal keeps what was typed."""
    found, form = Deadline.objects.filter(pk=deadline_id).first(), ExtendForm(request.POST)
    if found is None or _record_of(request, found) is None:
        raise NotThere
    if not form.is_valid():
        return _show(request, found, refused=form)
    said, at = {"until": form.cleaned_data["until"], "reason": form.cleaned_data["reason"]}, now()

    def do() -> str:
        return services.extend(deadline_id=found.pk, **said, by=request.actor, at=at).case.reference

    told = {"extend": found.pk, **said}
    try:
        once(key=form.cleaned_data["key"], caller=caller_of(request.actor), request=told, at=at, do=do)
    except MovedOn as refusal:
        form.add_error(None, f"{refusal.message}. Nothing was changed")
        return _show(request, found, refused=form, status=409)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return _show(request, found, refused=form)
    messages.success(request, f"{found.name}: now {day_and_time(said['until'])}")
    return redirect(found)


def _record_of(request: ActorRequest, found: Deadline) -> Any:
    return visible_among(request.actor, [found.case_id]).get(found.case_id)


def _show(
    request: ActorRequest, found: Deadline | None, *, refused: ExtendForm | None = None, status: int = 200
) -> HttpResponse:
    record = _record_of(request, found) if found else None
    if found is None or record is None:
        raise NotThere
    worked_out = explain(found)
    runs = found.ended_at is None and worked_out.due_at is not None
    may_extend = runs and services.may_extend(record, found, request.actor)
    context = {
        "record": record,
        "deadline": found,
        "worked_out": worked_out,
        "extend": refused or (ExtendForm() if may_extend else None),
        "form": refused,
        "now": now(),
    }
    return render(request, "deadlines/deadline.html", context, status=status)


@require_GET
def follow_ups(request: ActorRequest) -> HttpResponse:
    """List what the staff of my units must tick off, what is due first."""
    return _list(request)


@require_POST
def settle(request: ActorRequest, follow_up_id: int) -> HttpResponse:
    """Tick something off and go back to the list it stood in; a refusal keeps what was typed."""
    seen = FollowUp.objects.visible_to(request.actor).select_related("unit", "case")
    found = seen.filter(pk=follow_up_id).first()
    if found is None:
        raise NotThere
    form, at = settle_form(found, request.POST), now()
    if not form.is_valid():
        return _list(request, refused=(found, form))
    try:
        _settle_once(found, form.cleaned_data, request, at=at)
    except MovedOn as refusal:
        form.add_error(None, f"{refusal.message}. Nothing was changed")
        return _list(request, refused=(found, form), status=409)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return _list(request, refused=(found, form))
    messages.success(request, f"{found}: ticked off")
    return redirect(our_own(form.cleaned_data["back"]) or "deadlines:follow_ups")


def _settle_once(found: FollowUp, given: dict[str, Any], request: ActorRequest, *, at: datetime) -> None:
    said = {"done_on": given["done_on"], "words": given["words"]}

    def do() -> str:
        services.settle(follow_up_id=found.pk, **said, by=request.actor, at=at)
        return found.case.reference

    told = {"settle": found.pk, **said}
    once(key=given["key"], caller=caller_of(request.actor), request=told, at=at, do=do)


def _list(
    request: ActorRequest, *, refused: tuple[FollowUp, SettleForm] | None = None, status: int = 200
) -> HttpResponse:
    moment = now()
    back = request.get_full_path() if request.method == "GET" else reverse("deadlines:follow_ups")
    form = FollowUpFilterForm(request.GET, units=my_units(request.actor))
    form.is_valid()
    asked = form.asked.filters
    rows = _filtered(FollowUp.objects.visible_to(request.actor).open(), asked, at=moment)
    page = keyset.page(rows.select_related("unit", "case"), key=("due_at", "pk"), asked=request.GET.dict(), size=PAGE)
    context = {
        **no_views(form),
        "rows": page.rows,
        "lines": lines_of(page.rows, request.actor, back=back, refused=refused),
        "newer": page.newer and link(asked, page.newer),
        "older": page.older and link(asked, page.older),
        "form": refused[1] if refused else None,
        "now": moment,
    }
    return render(request, "deadlines/follow_ups.html", context, status=status)


def _filtered(rows: FollowUpQuerySet, asked: dict[str, Any], *, at: datetime) -> FollowUpQuerySet:
    if "kind" in asked:
        rows = rows.filter(kind=asked["kind"])
    if "unit" in asked:
        rows = rows.filter(unit_id=asked["unit"])
    return rows.overdue(at) if "due" in asked else rows
