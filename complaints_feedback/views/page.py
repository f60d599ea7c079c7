"""The page of a form: each part as its reader may see it."""

from __future__ import annotations

from uuid import uuid4

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from complaints_feedback import permissions, services
from complaints_feedback.explaining import copies_not_sent, goes_on, mails_of, responsible_now, what_next
from complaints_feedback.forms.moving import ResponsibleForm
from complaints_feedback.lifecycle import WITH_SENDER
from complaints_feedback.models import FeedbackForm, Recipient
from complaints_feedback.parts import part_1_of, part_2_of
from complaints_feedback.routing import ALL_FOUR
from complaints_feedback.terms import Part
from complaints_feedback.views.part_one import task_list
from contacthub.cases.timeline import timeline
from contacthub.clock import now
from contacthub.people.middleware import ActorRequest


@require_GET
def form(request: ActorRequest, reference: str) -> HttpResponse:
    """Show what this reader may see of a form; that it is there, and its state, whoever it was sent to."""
    found = FeedbackForm.objects.for_page().with_reference(reference, seen_by=request.actor)
    if permissions.is_sender(request.actor, found) and found.state in WITH_SENDER:
        return task_list(request, found)
    return show(request, found)


def show(request: ActorRequest, found: FeedbackForm, *, form: Form | None = None, status: int = 200) -> HttpResponse:
    """Answer with the page of a form; `form` is what was pressed on it and refused, with what was typed."""
    actor, at = request.actor, now()
    parts = []
    if permissions.may_see_part_one(actor, found):
        parts.append(part_1_of(found, actor))
    if permissions.may_see_part_two(actor, found):
        parts.append(part_2_of(found, actor))
    responsible = responsible_now(found, actor, at=at)
    words = permissions.words_readable_by(actor, found)
    page = {
        "feedback": found,
        "parts": parts,
        "next_words": what_next(found, actor) if parts else "",
        "goes_on": goes_on(found, actor),
        "recipients": _recipients(found) if parts else [],
        "reads_why": "part_named" in words,
        "mails": mails_of(found, actor, at=at),
        "not_sent": copies_not_sent(found, actor),
        "responsible": responsible,
        "naming": form if isinstance(form, ResponsibleForm) else ResponsibleForm(),
        "may_withdraw": permissions.can_be_withdrawn(found) and permissions.may_withdraw(actor, found),
        "key": uuid4(),
        "timeline": timeline(found, words_of=words),
        "form": form,
        "now": at,
    }
    return render(request, "complaints_feedback/form.html", page, status=status)


def _recipients(found: FeedbackForm) -> list[Recipient]:
    """Return who was named or sent the form, in the order of the parts."""
    named = {Part(one.part): one for one in found.recipients.all()}
    return [named[part] for part in [*ALL_FOUR, Part.SENIOR_MANAGER] if part in named]


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
