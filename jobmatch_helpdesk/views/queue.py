from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods

from contacthub.actor import Actor
from contacthub.clock import now
from contacthub.errors import DomainError
from contacthub.formats import uk_day
from contacthub.ordering import ByName
from contacthub.people.middleware import ActorRequest
from contacthub.people.models import Unit
from contacthub.submissions.services import caller_of, once
from contacthub.ui.listing import Asked, shown
from jobmatch_helpdesk import permissions, services
from jobmatch_helpdesk.forms import FilterForm, NextForm
from jobmatch_helpdesk.intake import SITE_KINDS
from jobmatch_helpdesk.lifecycle import IncidentState
from jobmatch_helpdesk.listing import NEWER_STOP_AT, Lists, orders_of, views_of
from jobmatch_helpdesk.models import Incident

QUEUE_PAGE = 50
NEWS = "jobmatch_helpdesk.news"  # what the seal is for


@require_GET
@cache_control(private=True, no_store=True)  # Back shows who has what now
def queue(request: ActorRequest) -> HttpResponse:
    actor, moment = request.actor, now()
    works = permissions.may_work_on_incidents(actor)
    if not works and not permissions.may_raise(actor):
        raise PermissionDenied("Only the Helpdesk, Jobcentres, JD and ED see incidents")
    form = _filter_form(request, works=works, at=moment)
    lists = Lists(actor, form.asked, moment)
    page = lists.page(cursor=request.GET.dict(), size=QUEUE_PAGE)
    context = {
        **shown(form, lists, page),
        "works": works,
        "keeps_templates": permissions.may_keep_templates(actor),
        "longest": Incident.objects.longest_waiting() if works else [],
        "news": f"{reverse('jobmatch:newer')}?{urlencode({'than': _sealed(lists)})}" if works else "",
        "next_key": uuid4(),
        "now": moment,
    }
    return render(request, "jobmatch_helpdesk/queue.html", context)


@require_GET
def newer(request: ActorRequest) -> JsonResponse:
    """Tell the script of a list, in words, how many came into it since its page was made; "" where none did."""
    if not permissions.may_work_on_incidents(request.actor):
        raise PermissionDenied("Only the Helpdesk sees its queue")
    try:
        page = signing.loads(request.GET.get("than", ""), salt=NEWS)
    except signing.BadSignature:  # of a page that was made before the key changed
        return JsonResponse({"words": ""})
    lists = Lists(request.actor, Asked(page["view"], page["order"], page["filters"]), now())
    found = lists.newer_than(datetime.fromisoformat(page["made_at"]))
    number = f"{NEWER_STOP_AT}+" if found > NEWER_STOP_AT else found
    return JsonResponse({"words": f"{number} new, show" if found else ""})


def _sealed(lists: Lists) -> str:
    """Return what a page asks for news with: its list, which was read and checked already, and its moment."""
    page = {"view": lists.view, "order": lists.order, "filters": lists.asked.filters, "made_at": lists.at.isoformat()}
    return signing.dumps(page, salt=NEWS)


def _filter_form(request: ActorRequest, *, works: bool, at: datetime) -> FilterForm:
    """Return the filter as asked; what nobody knows is left out of it."""
    given: dict[str, Any] = {"views": [*views_of(request.actor)], "orders": [*orders_of(request.actor)]}
    if works:
        sites = Unit.objects.filter(kind__in=SITE_KINDS.values()).order_by(ByName("name"), "pk")
        given["sites"] = [*sites.only("name")]
        given["agents"] = [*permissions.agents(on=uk_day(at)).only("name")]
    form = FilterForm(request.GET, **given)
    form.is_valid()
    return form


@require_http_methods(["GET", "POST"])
def take_next(request: ActorRequest) -> HttpResponse:
    """Take the next incident. Who was sent here by signing in again lands on the queue."""
    form = NextForm(request.POST)
    if not form.is_valid():
        return redirect("jobmatch:queue")
    return go_to_next(request, key=form.cleaned_data["key"], at=now())


def go_to_next(request: ActorRequest, *, key: str, at: datetime) -> HttpResponse:
    """Take the next incident and open it; the same key takes it once.

    A page that came back from the browser's history has an old key: what that took may be answered by now.
    """
    try:
        taken = _take_once(request.actor, key, at)
        if taken and not _is_still_to_do(request.actor, taken):
            taken = _take_once(request.actor, str(uuid4()), at)
    except DomainError as refusal:
        raise PermissionDenied(refusal.message) from refusal
    if taken:
        return redirect("jobmatch:incident", taken)
    messages.info(request, "Nothing is waiting for you")
    return redirect("jobmatch:queue")


def _is_still_to_do(actor: Actor, reference: str) -> bool:
    mine = Incident.objects.filter(assigned_to_id=actor.staff_id, state=IncidentState.ASSIGNED)
    return mine.filter(case__reference=reference).exists()


def _take_once(actor: Actor, key: str, at: datetime) -> str:
    """Return the reference of what the key took, "" where nothing is waiting."""

    def take() -> str:
        incident = services.take_next(by=actor, at=at)
        return incident.reference if incident else ""

    return once(key=key, caller=caller_of(actor), request={}, at=at, do=take)
