"""The pages for what went wrong: plain words, what was saved, and what was typed, so that it can be copied."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from contacthub.errors import TooMany

# Classes of SQLSTATE that say the server is gone, going or full: connection, operator intervention, resources.
AWAY = ("08", "57P", "53")
# One side of a deadlock, and what could not be put in one order with others: nothing was done, and again it works.
BUSY = ("40P01", "40001")
# Seconds after which to try again.
AWAY_LASTS, BUSY_LASTS = 30, 1
# Fields that carry something along; nobody typed into them.
OURS = frozenset({"csrfmiddlewaretoken", "key", "next", "do", "then", "place", "lang", "template", "seen"})
NOT_READ = (OSError, SuspiciousOperation, BadRequest, MultiPartParserError)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 413 where more was sent than we take, 400 to what no page of ours sends."""
    if isinstance(exception, RequestDataTooBig):
        return _page(request, 413)
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """Answer 403; with a `reason` it is Django's check of the form's token that failed (CSRF_FAILURE_VIEW)."""
    return _page(request, 403, token_failed=bool(reason))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404)


def not_a_page(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Explain, as middleware, an address that only takes what a button sends, and lead to its page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        page = _page(request, 405, belongs_to=_page_above(request.path))
        page["Allow"] = response["Allow"]
        return page

    return middleware


def signed_out(request: HttpRequest, *, sign_in: str, ended: str) -> HttpResponse | None:
    """Answer 403 to a form whose sender is signed out, with what was typed; None where there is nothing to copy."""
    if typed(request):
        return _page(request, 403, "errors/signed_out.html", sign_in=sign_in, ended=ended)
    return None


def too_many(request: HttpRequest, refusal: TooMany, *, at: datetime) -> HttpResponse:
    """Answer 429 to a form that came too often: when to come back, with what was typed in a form to send again.

    Views that ask `allow(...)` answer with this. Secrets and files are not kept.
    """
    kept = [(name, value) for name, value in _sent(request) if name != "csrfmiddlewaretoken" and not _is_secret(name)]
    response = _page(request, 429, again_at=refusal.again_at, kept=kept, now=at)
    response["Retry-After"] = str(max(1, math.ceil((refusal.again_at - at).total_seconds())))
    return response


class Trouble(StrEnum):
    """What kept a request from being answered."""

    FAULT = "fault"
    BUSY = "busy"
    AWAY = "away"


def fault(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 where the database is away or busy. No page of these reads anything from it.

    Django turns an exception into a page at the layer that raised it, so that no middleware sees them all; this does.
    """
    trouble = trouble_of(sys.exc_info()[1])
    template = {Trouble.FAULT: "500", Trouble.AWAY: "503"}.get(trouble, trouble.value)
    again = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    page = render_to_string(f"errors/{template}.html", {"again": again, "typed": typed(request)})
    response = HttpResponse(page, status=500 if trouble is Trouble.FAULT else 503)
    if trouble is not Trouble.FAULT:
        response["Retry-After"] = str(BUSY_LASTS if trouble is Trouble.BUSY else AWAY_LASTS)
    return _kept_by_nobody(response)


def trouble_of(error: BaseException | None) -> Trouble:
    """Tell a server that cannot be reached, and one that asks to try again, from a fault of ours."""
    if not isinstance(error, OperationalError | InterfaceError):
        return Trouble.FAULT
    state = getattr(error.__cause__, "pgcode", None)
    if state in BUSY:
        return Trouble.BUSY
    return Trouble.AWAY if state is None or state.startswith(AWAY) else Trouble.FAULT


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what somebody typed into the form of ours that was sent: the names of its fields in words, and the texts.

    A form on somebody else's page gives nothing: it would put its words into our page.
    """
    if request.method != "POST" or not _is_from_our_page(request):
        return []
    return [
        (name.replace("_", " ").capitalize(), words)
        for name, words in _sent(request)
        if words.strip() and name not in OURS and not _is_secret(name)
    ]


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    try:
        return [(name, str(value)) for name, values in request.POST.lists() for value in values]
    except NOT_READ:
        return []


def _is_secret(name: str) -> bool:
    return "password" in name


def _is_from_our_page(request: HttpRequest) -> bool:
    page = request.headers.get("Origin") or request.headers.get("Referer", "")
    try:
        return url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    except SuspiciousOperation:
        return False


def _page_above(path: str) -> str:
    """Return the nearest address above this one that is there."""
    while path := path.rstrip("/").rpartition("/")[0]:
        try:
            resolve(f"{path}/")
        except Resolver404:
            continue
        return f"{path}/"
    return "/"


def _page(request: HttpRequest, status: int, template: str = "", **context: Any) -> HttpResponse:
    # What is wrong with the request may be found before we know who sent it: then the page has no head.
    known = request if hasattr(request, "actor") else None
    context |= {"typed": typed(request)}
    return _kept_by_nobody(
        HttpResponse(render_to_string(template or f"errors/{status}.html", context, known), status=status)
    )


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    """A cache may keep a 404 by itself; during a release the file could be there a minute later (P60)."""
    response["Cache-Control"] = "no-store"
    return response
