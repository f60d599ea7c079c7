"""The sender's own team leader says if feedback should be given (CF-22, CF-23)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from complaints_feedback import permissions, services
from complaints_feedback.forms.deciding import AgreeForm, RefuseForm
from complaints_feedback.lifecycle import FormState
from complaints_feedback.views.deciding import find, show
from complaints_feedback.views.sender import save
from contacthub.people.middleware import ActorRequest

REFUSING = "id_refuse_%s"  # the ids of the second form on the page


@require_http_methods(["GET", "POST"])
def agree(request: ActorRequest, reference: str) -> HttpResponse:
    """Show what is asked, and agree to it."""
    found = find(request, reference, permissions.require_acts_for_sender)
    form = AgreeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not save(request, found, form, services.agree, asked_number=form.cleaned_data["asked_number"] or 0):
            messages.success(request, f"You agree that feedback is given. {found.sender} is told, and goes on with it")
            return redirect(found)
    elif found.state != FormState.AWAITING_AGREEMENT:
        return redirect(found)
    return _page(request, reference, form)


@require_POST
def refuse(request: ActorRequest, reference: str) -> HttpResponse:
    """Do not agree, with the reason, which ends the form."""
    found = find(request, reference, permissions.require_acts_for_sender)
    form = RefuseForm(request.POST, auto_id=REFUSING)
    if form.is_valid():
        given = {"asked_number": form.cleaned_data["asked_number"] or 0, "reason": form.cleaned_data["reason"]}
        if not save(request, found, form, services.refuse, **given):
            messages.success(request, f"{reference} is ended. {found.sender} is told why no feedback is given")
            return redirect(found)
    return _page(request, reference, form)


def _page(request: ActorRequest, reference: str, pressed: AgreeForm) -> HttpResponse:
    """Show what is asked now; what was pressed and refused keeps its words, and counts for what is shown."""
    found = find(request, reference, permissions.require_acts_for_sender)
    number = found.asked_number
    if pressed.is_bound:
        pressed.data = dict(pressed.data.items()) | {"asked_number": number}
    blank = RefuseForm(initial={"asked_number": number}, auto_id=REFUSING)
    is_refusal = isinstance(pressed, RefuseForm)
    agreeing = AgreeForm(initial={"asked_number": number}) if is_refusal or not pressed.is_bound else pressed
    refusing = pressed if is_refusal else blank
    return show(
        request,
        "agree",
        found,
        form=pressed,
        agreeing=agreeing,
        acts=[{"label": "Do not agree", "url": reverse("feedback:refuse", args=[reference]), "form": refusing}],
        is_open=found.state == FormState.AWAITING_AGREEMENT,
    )
