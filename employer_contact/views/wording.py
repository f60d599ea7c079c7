"""The wording that shows an employer who we are, as it arrives; each save is a version (EC-56, EC-57)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from contacthub.clock import now
from contacthub.errors import DomainError, MovedOn
from contacthub.people.middleware import ActorRequest
from contacthub.submissions.services import caller_of, once
from contacthub.ui.forms import show_refusal
from employer_contact import permissions, services
from employer_contact.forms.wording import WordingForm
from employer_contact.identifying import SUBJECT
from employer_contact.models import IdentityTemplate

VERSIONS_SHOWN = 20


@require_GET
def wording(request: ActorRequest) -> HttpResponse:
    permissions.require_may_write_wording(request.actor)
    newest = _newest()
    stands = {"body": newest.body, "body_welsh": newest.body_welsh, "seen": newest.number} if newest else {"seen": 0}
    return _show(request, WordingForm(initial=stands))


@require_POST
def save(request: ActorRequest) -> HttpResponse:
    """Save a further version; a refusal keeps what was typed."""
    permissions.require_may_write_wording(request.actor)
    form, at = WordingForm(request.POST), now()
    if not form.is_valid():
        return _show(request, form)
    told = {name: form.cleaned_data[name] for name in ("seen", "body", "body_welsh")}

    def do() -> str:
        return str(services.save_wording(**told, by=request.actor, at=at).number)

    try:
        number = once(key=form.cleaned_data["key"], caller=caller_of(request.actor), request=told, at=at, do=do)
    except MovedOn as refusal:
        form.add_error(None, f"{refusal.message}. Compare it with yours: if you save again, yours is sent from then on")
        newest = _newest()
        form.data = dict(form.data.items()) | {"seen": newest.number if newest else 0, "key": str(uuid4())}
        return _show(request, form, status=409)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return _show(request, form)
    messages.success(request, f"Version {number} is sent from now on")
    return redirect("employers:identity-template")


def _newest() -> IdentityTemplate | None:
    return IdentityTemplate.objects.select_related("saved_by").order_by("-number").first()


def _show(request: ActorRequest, form: WordingForm, *, status: int = 200) -> HttpResponse:
    newest = _newest()
    versions = IdentityTemplate.objects.exclude(number=0).select_related("saved_by").order_by("-number")
    context: dict[str, Any] = {
        "form": form,
        "newest": newest,
        "is_placeholder": newest is None or not newest.body,
        "subject": SUBJECT,
        "versions": versions[:VERSIONS_SHOWN],
        "now": now(),
    }
    return render(request, "employer_contact/wording.html", context, status=status)
