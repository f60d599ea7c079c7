"""The document of the API and its pages, open to everybody."""

from __future__ import annotations

from csp.decorators import csp_update
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET
from drf_spectacular.views import SpectacularSwaggerSplitView

from contacthub.api.schema import document


@login_not_required
@require_GET
@cache_control(max_age=300)
def schema(request: HttpRequest) -> JsonResponse:
    return JsonResponse(document())


@method_decorator(csp_update({"img-src": ["data:"]}), name="dispatch")  # their styles have pictures
class Docs(SpectacularSwaggerSplitView):
    url_name = "api:schema"
    title = "ContactHub, REST API"
