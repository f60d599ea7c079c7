"""The pages for what went wrong: plain words, what to do, and what was saved."""

from __future__ import annotations

import math
import sys
from datetime import datetime

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from contacthub.errors import TooMany

# Classes of SQLSTATE that say the server is gone, going or full: connection, operator intervention, resources.
AWAY = ("08", "57P", "53")
NOT_KEPT = ("csrfmiddlewaretoken", "password")


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """Answer 403; with a `reason` it is Django's check of the form's token that failed (CSRF_FAILURE_VIEW)."""
    return _kept_by_nobody(render(request, "errors/403.html", {"token_failed": bool(reason)}, status=403))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _kept_by_nobody(render(request, "errors/404.html", status=404))


def too_many(request: HttpRequest, refusal: TooMany, *, at: datetime) -> HttpResponse:
    """Answer 429 to a form that came too often: when to come back, with what was typed in a form to send again.

    Views that ask `allow(...)` answer with this. Secrets and files are not kept.
    """
    kept = [(name, value) for name, values in request.POST.lists() if name not in NOT_KEPT for value in values]
    context = {"again_at": refusal.again_at, "kept": kept, "now": at}
    response = _kept_by_nobody(render(request, "errors/429.html", context, status=429))
    response["Retry-After"] = str(max(1, math.ceil((refusal.again_at - at).total_seconds())))
    return response


def fault(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 where the database is away. Neither page reads anything from it.

    Django turns an exception into a page at the layer that raised it, so that no middleware sees them all; this does.
    """
    away = _database_is_away(sys.exc_info()[1])
    again = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    page = render_to_string("errors/503.html" if away else "errors/500.html", {"again": again})
    return _kept_by_nobody(HttpResponse(page, status=503 if away else 500))


def _database_is_away(error: BaseException | None) -> bool:
    """Tell a server that cannot be reached from a statement that it refused, such as one side of a deadlock."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "pgcode", None)
    return state is None or state.startswith(AWAY)


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    """A cache may keep a 404 by itself; during a release the file could be there a minute later (P60)."""
    response["Cache-Control"] = "no-store"
    return response
