"""What is done to a form that is under way: re-addressed, withdrawn, a copy sent again (CF-25, CF-39, CF-50)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from complaints_feedback import permissions, services
from complaints_feedback.forms.moving import CopyForm, ResponsibleForm
from complaints_feedback.listing import people_called
from complaints_feedback.models import FeedbackForm
from complaints_feedback.services import Named
from complaints_feedback.terms import Part
from complaints_feedback.views.page import show
from complaints_feedback.views.sender import save
from contacthub.clock import now
from contacthub.errors import MovedOn
from contacthub.formats import uk_day
from contacthub.people.middleware import ActorRequest
from contacthub.submissions.forms import OnceForm, ReasonForm


@require_POST
def readdress(request: ActorRequest, reference: str) -> HttpResponse:
    """Send it to who is responsible today."""
    said = "is with who is responsible today. Those who had it are told, and read it no longer"
    return _press(request, reference, OnceForm(request.POST), services.readdress, said)


@require_POST
def name_responsible(request: ActorRequest, reference: str) -> HttpResponse:
    """Name who acts as the receiving team leader, where the directory shows none."""
    form = ResponsibleForm(request.POST)
    if form.is_valid():
        fitting = people_called(form.cleaned_data["staff"], on=uk_day(now()))
        if fitting.only is None:
            form.add_error("staff", fitting.words)
            return show(request, _find(request, reference), form=form)
        named = Named(fitting.only, form.cleaned_data["words"])
        said = f"is with {fitting.people[0]}, who acts as team leader"
        return _press(request, reference, form, services.name_responsible, said, named=named)
    return show(request, _find(request, reference), form=form)


@require_http_methods(["GET", "POST"])
def withdraw(request: ActorRequest, reference: str) -> HttpResponse:
    """Ask for the reason, and end the form; a refusal keeps it."""
    found = _find(request, reference)
    permissions.require_can_withdraw(request.actor, found)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not save(request, found, form, services.withdraw, reason=form.cleaned_data["reason"]):
            messages.success(request, f"{reference} is withdrawn. Whoever was sent it is told, and reads it no longer")
            return redirect(found)
    elif not permissions.can_be_withdrawn(found):
        return redirect(found)
    context = {"feedback": _find(request, reference), "form": form}
    return render(request, "complaints_feedback/withdraw.html", context)


@require_POST
def resend_copy(request: ActorRequest, reference: str) -> HttpResponse:
    """Send a copy that failed once more, and no other."""
    form = CopyForm(request.POST)
    if not form.is_valid():
        return show(request, _find(request, reference), form=form)
    part = Part(form.cleaned_data["part"])
    return _press(
        request, reference, form, services.resend_copy, f"is sent again to the {part.label.lower()}", part=part
    )


def _find(request: ActorRequest, reference: str) -> FeedbackForm:
    found: FeedbackForm = FeedbackForm.objects.for_page().with_reference(reference, seen_by=request.actor)
    return found


def _press(
    request: ActorRequest,
    reference: str,
    form: Form,
    service: Callable[..., FeedbackForm],
    said: str,
    **given: Any,
) -> HttpResponse:
    """Do it once, and say so on the page of the form; a refusal shows that page with what was typed."""
    refusal = save(request, _find(request, reference), form, service, **given) if form.is_valid() else None
    if form.is_valid() and refusal is None:
        messages.success(request, f"{reference} {said}")
        return redirect("feedback:form", reference)
    return show(request, _find(request, reference), form=form, status=409 if isinstance(refusal, MovedOn) else 200)
