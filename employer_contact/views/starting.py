"""Where a contact begins: as telephony opens it, from a record, or by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from contacthub.actor import Actor
from contacthub.callbacks.models import Callback
from contacthub.clock import now
from contacthub.errors import DomainError, MovedOn
from contacthub.people.middleware import ActorRequest
from contacthub.submissions.forms import OnceForm
from contacthub.submissions.services import SENT_BEFORE, caller_of, once
from contacthub.ui.forms import show_refusal
from employer_contact import permissions, services
from employer_contact.calling import page_of
from employer_contact.forms.calls import NewCallForm
from employer_contact.identifiers import NOT_MATCHED
from employer_contact.models import Contact
from employer_contact.searching import match_number_keyed
from employer_contact.terms import Direction


@require_http_methods(["GET", "POST"])
def new_call(request: ActorRequest) -> HttpResponse:
    """Show what telephony says, or the fields for it; a POST opens the contact, once for each call (EC-23, EC-24)."""
    permissions.require_may_open_some(request.actor)
    if request.method == "GET":
        began = Direction.INBOUND if permissions.works_in_payments(request.actor) else Direction.OUTBOUND
        return _show(request, NewCallForm(initial={"direction": began.value, **_said(request)}))
    form, at = NewCallForm(request.POST, request.FILES), now()
    if not form.is_valid():
        return _show(request, form)
    try:
        reference = _open_once(form.cleaned_data, by=request.actor, at=at)
    except MovedOn as refusal:
        another = ". To open another contact, press Start" if refusal.code == SENT_BEFORE else ""
        form.add_error(None, f"{refusal.message}{another}")
        form.data = request.POST.dict() | {"key": str(uuid4())}  # sent again on purpose, it is another thing
        return _show(request, form, status=409)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return _show(request, form)
    contact = Contact.objects.with_reference(reference, seen_by=request.actor)
    return redirect(f"employers:{page_of(contact)}", reference)


@require_POST
def answered(request: ActorRequest, reference: str) -> HttpResponse:
    """Open the contact of a callback that somebody has answered, once for each press."""
    callback = Callback.objects.with_reference(reference, seen_by=request.actor)
    form, at = OnceForm(request.POST), now()
    if not form.is_valid():
        return redirect(callback)
    try:
        opened = once(
            key=form.cleaned_data["key"],
            caller=caller_of(request.actor),
            request={"answered": reference},
            at=at,
            do=lambda: services.answered(callback_id=callback.pk, by=request.actor, at=at).reference,
        )
    except MovedOn as refusal:
        messages.warning(request, f"{reference}: {refusal.message}")
        return redirect(callback)
    return redirect("employers:contact", opened)


def _said(request: ActorRequest) -> dict[str, str]:
    """Return what the address says of a contact: "ivr", "call" and "from" are telephony's.

    What no field takes, such as the number "anonymous", is left out: no call may be kept from its caseworker by it.
    """
    names = {"ivr": "number_keyed", "call": "call_id", "from": "calling_number"}
    asked = {names.get(name, name): value for name, value in request.GET.dict().items()}
    return {name: value for name, value in asked.items() if name != "key" and _is_taken(name, value)}


def _is_taken(name: str, value: str) -> bool:
    field = NewCallForm.base_fields.get(name)
    try:
        return field is not None and field.clean(value) is not None
    except ValidationError:
        return False


def _open_once(given: dict[str, Any], *, by: Actor, at: datetime) -> str:
    words = {name: value for name, value in given.items() if name != "key"}
    return once(
        key=given["key"],
        caller=caller_of(by),
        request={"open": "contact", **words},
        at=at,
        do=lambda: services.open_contact(**words, by=by, at=at).reference,
    )


def _show(request: ActorRequest, form: NewCallForm, *, status: int = 200) -> HttpResponse:
    keyed = str(form["number_keyed"].value() or "").replace(" ", "")
    party = str(form["party"].value() or "")
    context = {
        "form": form,
        "is_pop": bool(form["call_id"].value()),
        "keyed": keyed,
        "match": match_number_keyed(keyed, seen_by=request.actor) if keyed else None,
        "party": services.named_party(party, seen_by=request.actor) if party else None,
        "not_matched": NOT_MATCHED,
        "now": now(),
    }
    return render(request, "employer_contact/call/new.html", context, status=status)
