from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from contacthub.cases.services import visible_among
from contacthub.clock import now
from contacthub.deadlines.explaining import explain
from contacthub.deadlines.models import Deadline
from contacthub.errors import NotThere
from contacthub.people.middleware import ActorRequest


@require_GET
def deadline(request: ActorRequest, deadline_id: int) -> HttpResponse:
    """Say how a due moment was worked out, to whoever sees its case."""
    found = Deadline.objects.filter(pk=deadline_id).first()
    record = visible_among(request.actor, [found.case_id]).get(found.case_id) if found else None
    if found is None or record is None:
        raise NotThere
    context = {"record": record, "worked_out": explain(found), "now": now()}
    return render(request, "deadlines/deadline.html", context)
