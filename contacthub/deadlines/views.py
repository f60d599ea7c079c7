from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from contacthub import keyset
from contacthub.cases.services import visible_among
from contacthub.clock import now
from contacthub.deadlines import services
from contacthub.deadlines.explaining import explain
from contacthub.deadlines.forms import FollowUpFilterForm, SettleForm, lines_of, settle_form
from contacthub.deadlines.models import Deadline, FollowUp
from contacthub.deadlines.queries import FollowUpQuerySet
from contacthub.errors import DomainError, MovedOn, NotThere
from contacthub.people.middleware import ActorRequest
from contacthub.people.services import my_units
from contacthub.submissions.services import caller_of, once
from contacthub.ui.forms import show_refusal
from contacthub.ui.listing import link, no_views

PAGE = 50


@require_GET
def deadline(request: ActorRequest, deadline_id: int) -> HttpResponse:
    """Say how a due moment was worked out, to whoever sees its case."""
    found = Deadline.objects.filter(pk=deadline_id).first()
    record = visible_among(request.actor, [found.case_id]).get(found.case_id) if found else None
    if found is None or record is None:
        raise NotThere
    context = {"record": record, "worked_out": explain(found), "now": now()}
    return render(request, "deadlines/deadline.html", context)


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
    form, at = settle_form(found.pk, request.POST), now()
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
    back = form.cleaned_data["back"]
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours else "deadlines:follow_ups")


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
