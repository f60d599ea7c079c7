"""What the pages do alike on which somebody reads part 1 and decides how it goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from complaints_feedback.models import FeedbackForm
from complaints_feedback.parts import part_1_of
from contacthub.actor import Actor
from contacthub.people.middleware import ActorRequest

Require = Callable[[Actor, FeedbackForm], None]


def find(request: ActorRequest, reference: str, require: Require) -> FeedbackForm:
    """Return the form for whom `require` lets in. Raises NotThere, or Refused for others who may see it."""
    found = FeedbackForm.objects.for_page().with_reference(reference, seen_by=request.actor)
    require(request.actor, found)
    return found


def show(request: ActorRequest, name: str, found: FeedbackForm, **more: Any) -> HttpResponse:
    """Show part 1 whole, with its letters, and what this page decides."""
    context = {"feedback": found, "sheet": part_1_of(found, request.actor), **more}
    return render(request, f"complaints_feedback/check/{name}.html", context)
