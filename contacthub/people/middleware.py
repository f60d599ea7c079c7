from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme

from contacthub.actor import Actor
from contacthub.clock import now
from contacthub.formats import uk_day
from contacthub.people.services import actor_for, time_left
from contacthub.people.session_time import SessionTime
from contacthub.ui.errors import signed_out

SAFE = ("GET", "HEAD", "OPTIONS")
TIME_LEFT = "X-Time-Left"  # tells the scripts of a page that have asked for something
BACKGROUND = "X-Background"  # a page of ours asks by itself: nobody has done anything


class ActorRequest(HttpRequest):
    """A request whose sender is known as an actor; `session_time` is None where nobody is signed in."""

    actor: Actor
    session_time: SessionTime | None
    session_ended: str


def actor(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[ActorRequest], HttpResponse]:
    """Set `request.actor`, read once and only where somebody asks."""

    def middleware(request: ActorRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_for(request.user, on=uk_day(now())))  # type: ignore[assignment]
        return get_response(request)

    return middleware


def session_time(get_response: Callable[[ActorRequest], HttpResponse]) -> Callable[[ActorRequest], HttpResponse]:
    """Sign out who has done nothing for too long, and let a request go on counting as doing something.

    What a page asks by itself is marked with the header BACKGROUND and keeps no session alive.
    """

    def middleware(request: ActorRequest) -> HttpResponse:
        request.session_time, request.session_ended = None, ""
        if SESSION_KEY in request.session:
            _look_at_the_time(request, at=now())
        response = get_response(request)
        if request.session_time:
            # Asked for anew each time, but kept for Back, so that what was typed is still there (P58).
            response.headers.setdefault("Cache-Control", "private, no-cache")
            response[TIME_LEFT] = json.dumps(time_left(request.session_time, at=now()))
        return response

    return middleware


def _look_at_the_time(request: ActorRequest, *, at: datetime) -> None:
    time = SessionTime(_read(request.session, "signed_in_at", at), _read(request.session, "seen_at", at))
    if not time.seconds_left(at):
        request.session_ended = time.why_it_ends
        logout(request)
        return
    if BACKGROUND not in request.headers:
        time = SessionTime(time.signed_in_at, at)
        request.session["signed_in_at"] = time.signed_in_at.timestamp()
        request.session["seen_at"] = at.timestamp()
    request.session_time = time


def _read(session: SessionBase, name: str, at: datetime) -> datetime:
    """Return a moment of the session; before its first request there is none, and it is now."""
    return datetime.fromtimestamp(session.get(name, at.timestamp()), UTC)


class SignInRequired(LoginRequiredMiddleware):
    """Ask who is not signed in to do so, and say why, and what was not done; what was typed is given back first."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponse:  # type: ignore[override]
        back_to = request.get_full_path() if request.method in SAFE else _page_it_came_from(request)
        asked = {"next": back_to}
        ended = getattr(request, "session_ended", "")
        if ended:
            asked["ended"] = ended
        sign_in = resolve_url(settings.LOGIN_URL)
        given_back = signed_out(request, sign_in=f"{sign_in}?{urlencode(asked, safe='/')}", ended=ended)
        if request.method not in SAFE:
            asked["not-done"] = "1"
        return given_back or HttpResponseRedirect(f"{sign_in}?{urlencode(asked, safe='/')}")


def _page_it_came_from(request: HttpRequest) -> str:
    """Return the address, within ours, of the page that a form stood on; home where the browser does not say."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    address = urlsplit(page)
    return f"{address.path}?{address.query}" if address.query else address.path
