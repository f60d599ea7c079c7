"""Public pages come in English and Welsh: whoever asks for one language gets it until they ask for the other."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation

ENGLISH, WELSH = "en", "cy"
KEPT = "language"  # in the session

View = Callable[..., HttpResponse]


def in_their_language(view: View) -> View:
    """Show a page in the language that was asked for, by ?lang=cy or a button, and remember it in the session."""

    @wraps(view)
    def shown(request: HttpRequest, **named: Any) -> HttpResponse:
        asked = request.POST.get("lang") or request.GET.get("lang")
        kept = request.session.get(KEPT, ENGLISH)
        language = asked if asked in (ENGLISH, WELSH) else kept
        if language != kept:
            request.session[KEPT] = language
        with translation.override(language):
            return view(request, **named)

    return shown
