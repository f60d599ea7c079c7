"""What went wrong outside a view of the API: told as a problem under /api/, as a page elsewhere."""

from __future__ import annotations

import sys

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from contacthub.api.problems import bare
from contacthub.ui import errors

MACHINES = "/api/"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if _is_for_machines(request):
        return bare(413, "too_big") if isinstance(exception, RequestDataTooBig) else bare(400, "bad_request")
    return errors.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return bare(403, "not_allowed") if _is_for_machines(request) else errors.forbidden(request, exception)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return bare(404, "not_there") if _is_for_machines(request) else errors.not_found(request, exception)


def fault(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 where the database is away or busy."""
    page = errors.fault(request)
    if not _is_for_machines(request):
        return page
    answer = bare(page.status_code, errors.trouble_of(sys.exc_info()[1]))
    if "Retry-After" in page:
        answer["Retry-After"] = page["Retry-After"]
    return answer


def _is_for_machines(request: HttpRequest) -> bool:
    return request.path.startswith(MACHINES)
