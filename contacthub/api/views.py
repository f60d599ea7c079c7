"""Where administrators make and revoke keys; the document of the API and its pages, open to everybody."""

from __future__ import annotations

from csp.decorators import csp_update
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from drf_spectacular.views import SpectacularSwaggerSplitView

from contacthub import keyset
from contacthub.api import permissions, services
from contacthub.api.forms import KeyForm
from contacthub.api.models import ApiKey
from contacthub.api.schema import document
from contacthub.api.scopes import known_scopes
from contacthub.cases.services import events_about
from contacthub.cases.timeline import entries
from contacthub.clock import now
from contacthub.errors import DomainError, MovedOn, NotThere
from contacthub.people.middleware import ActorRequest
from contacthub.submissions.forms import OnceForm
from contacthub.submissions.services import caller_of, once
from contacthub.ui.forms import show_refusal

PAGE = 50


@require_GET
def keys(request: ActorRequest) -> HttpResponse:
    permissions.require_can_see_keys(request.actor)
    mine = ApiKey.objects.visible_to(request.actor).select_related("staff")
    page = keyset.page(mine, key=("made_at", "pk"), asked=request.GET.dict(), size=PAGE, newest_first=True)
    may_keep = permissions.may_keep_keys(request.actor)
    return render(request, "api/keys.html", {"page": page, "may_keep": may_keep, "now": now()})


@never_cache
@require_http_methods(["GET", "POST"])
def new_key(request: ActorRequest) -> HttpResponse:
    """Make a key, and show its secret: on this page, once."""
    permissions.require_can_keep_keys(request.actor)
    at = now()
    staff = services.integrators(at=at)
    form = KeyForm(request.POST if request.method == "POST" else None, staff=staff, at=at)
    made: list[services.Made] = []

    def make() -> str:
        told = {name: form.cleaned_data[name] for name in ("name", "staff_id", "scopes")}
        made.append(services.make_key(**told, expires_at=form.expires_at, by=request.actor, at=at))
        return str(made[0].key.pk)

    if form.is_valid():
        told = {name: value for name, value in form.cleaned_data.items() if name != "key"}
        key, caller = form.cleaned_data["key"], caller_of(request.actor)
        try:
            pk = once(key=key, caller=caller, request={"make_key": told}, at=at, do=make)
        except MovedOn:
            form.add_error(None, "You have already made a key with this form. Load the page again to make another")
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            if not made:
                messages.info(request, "You have already made this key. Its secret was shown once, and is kept nowhere")
                return redirect("api:key", int(pk))
            return render(request, "api/key_made.html", {"made": made[0], "now": at})
    return render(request, "api/new_key.html", {"form": form, "has_staff": bool(staff)})


@require_GET
def key(request: ActorRequest, key_id: int) -> HttpResponse:
    permissions.require_can_see_keys(request.actor)
    return _key_page(request, _find(request, key_id), OnceForm())


@require_POST
def revoke(request: ActorRequest, key_id: int) -> HttpResponse:
    permissions.require_can_see_keys(request.actor)
    found, form, at = _find(request, key_id), OnceForm(request.POST), now()
    if form.is_valid():
        try:
            once(
                key=form.cleaned_data["key"],
                caller=caller_of(request.actor),
                request={"revoke": found.pk},
                at=at,
                do=lambda: str(services.revoke(key_id=found.pk, by=request.actor, at=at).pk),
            )
        except MovedOn as refusal:
            messages.info(request, refusal.message)
        else:
            messages.success(request, f"{found.name} is revoked: nobody gets in with it any more")
        return redirect("api:key", found.pk)
    return _key_page(request, found, form)


def _find(request: ActorRequest, key_id: int) -> ApiKey:
    found = ApiKey.objects.visible_to(request.actor).select_related("staff", "made_by").filter(pk=key_id).first()
    if found is None:
        raise NotThere
    return found


def _key_page(request: ActorRequest, found: ApiKey, form: OnceForm) -> HttpResponse:
    context = {
        "found": found,
        "form": form,
        "scopes": [(scope, known_scopes().get(scope, "")) for scope in found.scopes],
        "roles": sorted(found.staff.groups.values_list("name", flat=True)),
        "may_keep": permissions.may_keep_keys(request.actor),
        "timeline": entries(found, events_about(found), words_of=ApiKey.EVENT_LABELS),
        "now": now(),
    }
    return render(request, "api/key.html", context)


@login_not_required
@require_GET
@cache_control(max_age=300)
def schema(request: HttpRequest) -> JsonResponse:
    return JsonResponse(document())


@method_decorator(csp_update({"img-src": ["data:"]}), name="dispatch")  # their styles have pictures
class Docs(SpectacularSwaggerSplitView):
    url_name = "api:schema"
    title = "ContactHub, REST API"
