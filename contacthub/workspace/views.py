from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods

from contacthub.actor import ActorKind
from contacthub.cases.finding import read
from contacthub.cases.registry import prefixes
from contacthub.clock import now
from contacthub.formats import greeting
from contacthub.people.middleware import ActorRequest
from contacthub.ui.fields import OneLine
from contacthub.ui.languages import in_their_language
from contacthub.ui.navigation import Place
from contacthub.workspace import health
from contacthub.workspace.doors import ALL_OF_A_KIND, BEST, apps_first, examples, find_everything
from contacthub.workspace.results import meant, summed_up


@require_GET
@cache_control(private=True, no_store=True)  # Back shows what waits now
def home(request: ActorRequest) -> HttpResponse:
    """Show what is mine and what waits, as each app's door tells it."""
    at = now()
    panels = [panel for door in apps_first() for panel in door.panels(request.actor, at=at)]
    places = {place.value: [panel for panel in panels if panel.place is place] for place in Place}
    context = {"panels": panels, "places": places, "greeting": greeting(at), "now": at}
    return render(request, "workspace/home.html", context)


@require_http_methods(["GET", "POST"])
@cache_control(private=True, no_store=True)
def search(request: ActorRequest) -> HttpResponse:
    """Find records by what somebody knows of them; a whole reference leads straight to its page (XC-02).

    The box sends its words by POST, so that no National Insurance number stands in an address (XC-06). What is found
    by any others has an address, which can be kept and gone back to.
    """
    typed = OneLine(required=False).clean(request.POST.get("looked_for", request.GET.get("q", "")))
    kind = request.GET.get("kind", "")
    sought = read(typed, prefixes=prefixes())
    listed = f"{request.path}?{urlencode({'q': typed})}"
    if request.method == "POST" and not (sought.nino or sought.is_reference):
        return redirect(listed)
    found = find_everything(request.actor, sought, at_most=ALL_OF_A_KIND if kind else BEST)
    if page := meant(sought, found):
        return redirect(page)
    if request.method == "POST" and not sought.nino:
        return redirect(listed)
    context = {**summed_up(sought, found, kind=kind), "now": now()}
    context["examples"] = [] if context["found"] else examples(request.actor)
    return render(request, "workspace/search.html", context)


@login_not_required
@require_GET
def help_page(request: ActorRequest) -> HttpResponse:
    return _for_anybody(request, "workspace/help.html")


@login_not_required
@require_GET
def accessibility(request: ActorRequest) -> HttpResponse:
    return _for_anybody(request, "workspace/accessibility.html")


@require_GET
def keys(request: ActorRequest) -> HttpResponse:
    """List the shortcuts, which the key "?" shows in place where scripts run."""
    return render(request, "keys/keys.html")


def _for_anybody(request: ActorRequest, template: str) -> HttpResponse:
    """Show a page to staff in the frame that they work in, in English; to others in the language they have chosen."""
    if request.actor.kind is ActorKind.STAFF:
        return render(request, template, {"layout": "work.html"})
    return in_their_language(render)(request, template_name=template, context={"layout": "bilingual.html"})


@login_not_required
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    told, status = health.report(now())
    return JsonResponse(told, status=status)
