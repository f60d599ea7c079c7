from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from contacthub.clock import now
from contacthub.formats import greeting
from contacthub.people.middleware import ActorRequest
from contacthub.workspace import health
from contacthub.workspace.doors import apps_first


@require_GET
@cache_control(private=True, no_store=True)  # Back shows what waits now
def home(request: ActorRequest) -> HttpResponse:
    """Show what is mine and what waits, as each app's door tells it."""
    at = now()
    panels = [panel for door in apps_first() for panel in door.panels(request.actor, at=at)]
    return render(request, "workspace/home.html", {"panels": panels, "greeting": greeting(at), "now": at})


@login_not_required
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    told, status = health.report(now())
    return JsonResponse(told, status=status)
