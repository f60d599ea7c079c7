"""The page of a form: each part as its reader may see it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from complaints_feedback import permissions, services
from complaints_feedback.models import FeedbackForm
from complaints_feedback.parts import part_1_of, part_2_of
from contacthub.cases.timeline import timeline
from contacthub.clock import now
from contacthub.people.middleware import ActorRequest


@require_GET
def form(request: ActorRequest, reference: str) -> HttpResponse:
    """Show what this reader may see of a form; that it is there, and its state, whoever it was sent to."""
    found = FeedbackForm.objects.for_page().with_reference(reference, seen_by=request.actor)
    parts = []
    if permissions.may_see_part_one(request.actor, found):
        parts.append(part_1_of(found, request.actor))
    if permissions.may_see_part_two(request.actor, found):
        parts.append(part_2_of(found, request.actor))
    words_of = permissions.words_readable_by(request.actor, found)
    page = {"feedback": found, "parts": parts, "timeline": timeline(found, words_of=words_of)}
    return render(request, "complaints_feedback/form.html", page)


@require_GET
def form_pdf(request: ActorRequest, reference: str) -> HttpResponse:
    """Hand out the form to print, as this reader may see it."""
    found = FeedbackForm.objects.for_page().with_reference(reference, seen_by=request.actor)
    printed = services.print_form(found, by=request.actor, at=now())
    headers = {
        "Content-Disposition": f'attachment; filename="{found.reference}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(printed, content_type="application/pdf", headers=headers)
