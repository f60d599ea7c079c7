from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from contacthub import keyset
from contacthub.actor import Actor
from contacthub.clock import now
from contacthub.errors import DomainError
from contacthub.people.middleware import ActorRequest
from contacthub.submissions.services import caller_of, once
from jobmatch_helpdesk import permissions, services
from jobmatch_helpdesk.forms import NextForm
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.queries import QUEUE_ORDER

QUEUE_PAGE = 50


@require_GET
def queue(request: ActorRequest) -> HttpResponse:
    if not permissions.may_work_on_incidents(request.actor):
        raise PermissionDenied("Only the Universal Jobmatch Helpdesk sees this queue")
    waiting = Incident.objects.with_the_helpdesk().select_related("assigned_to", "site")
    page = keyset.page(waiting, key=QUEUE_ORDER, asked=request.GET.dict(), size=QUEUE_PAGE)
    return render(
        request,
        "jobmatch_helpdesk/queue.html",
        {
            "rows": page.rows,
            "newer": page.newer,
            "older": page.older,
            "longest": Incident.objects.longest_waiting(),
            "next_key": uuid4(),
            "now": now(),
        },
    )


@require_http_methods(["GET", "POST"])
def take_next(request: ActorRequest) -> HttpResponse:
    """Take the next incident. Who was sent here by signing in again lands on the queue."""
    form = NextForm(request.POST)
    if not form.is_valid():
        return redirect("jobmatch:queue")
    return go_to_next(request, key=form.cleaned_data["key"], at=now())


def go_to_next(request: ActorRequest, *, key: str, at: datetime) -> HttpResponse:
    """Take the next incident and open it; the same key takes it once."""
    try:
        taken = once(
            key=key, caller=caller_of(request.actor), request={}, at=at, do=lambda: _take_next(request.actor, at)
        )
    except DomainError as refusal:
        raise PermissionDenied(refusal.message) from refusal
    if taken:
        return redirect("jobmatch:incident", taken)
    messages.info(request, "Nothing is waiting for you")
    return redirect("jobmatch:queue")


def _take_next(actor: Actor, at: datetime) -> str:
    incident = services.take_next(by=actor, at=at)
    return incident.reference if incident else ""
