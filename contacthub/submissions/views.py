from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from contacthub import keyset
from contacthub.clock import now
from contacthub.errors import MovedOn, NotThere
from contacthub.formats import moment
from contacthub.submissions import services
from contacthub.submissions.forms import KeepForm
from contacthub.submissions.models import Draft

if TYPE_CHECKING:
    from contacthub.people.middleware import ActorRequest

DRAFTS_PAGE = 50


@require_GET
def drafts(request: ActorRequest) -> HttpResponse:
    mine = Draft.objects.filter(person_id=request.actor.staff_id)
    page = keyset.page(mine, key=("kept_at", "pk"), asked=request.GET.dict(), size=DRAFTS_PAGE, newest_first=True)
    return render(request, "drafts/drafts.html", {"page": page, "now": now()})


@require_POST
def keep(request: ActorRequest) -> JsonResponse:
    """Answer the script of a page with when the draft was kept, null where there was nothing to keep."""
    form = KeepForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"why": next(iter(form.errors.values()))[0]}, status=422)
    at = now()
    try:
        draft = services.keep(**form.cleaned_data, by=request.actor, at=at)
    except MovedOn as refusal:
        return JsonResponse({"why": refusal.message}, status=409)
    except NotThere:
        return JsonResponse({"why": "Somebody else has signed in on this computer"}, status=404)
    if draft is None:
        return JsonResponse({"kept_at": None})
    return JsonResponse({"kept_at": draft.kept_at.isoformat(), "words": moment(draft.kept_at, at)})


@require_POST
def delete(request: ActorRequest, draft_id: int) -> HttpResponse:
    try:
        services.drop(draft_id=draft_id, by=request.actor)
    except NotThere:  # pressed twice, or sent from another window: what was wanted is so
        messages.info(request, "That draft is no longer here: it was sent or deleted")
    else:
        messages.info(request, "The draft is deleted")
    return redirect("drafts:drafts")
