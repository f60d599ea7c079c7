"""What the pages of part 1 do alike, and with them those of part 2."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect

from complaints_feedback import permissions
from complaints_feedback.forms.part_one import SectionForm
from complaints_feedback.lifecycle import WITH_SENDER
from complaints_feedback.models import FeedbackForm
from complaints_feedback.sections import next_after
from contacthub.clock import now
from contacthub.errors import DomainError, MovedOn
from contacthub.people.middleware import ActorRequest
from contacthub.submissions.services import caller_of, once
from contacthub.ui.forms import show_refusal


def find(request: ActorRequest, reference: str) -> FeedbackForm:
    """Return the form for its sender. Raises NotThere, or Refused for others who may see it."""
    found = FeedbackForm.objects.for_page().with_reference(reference, seen_by=request.actor)
    permissions.require_sender(request.actor, found)
    return found


def is_open(found: FeedbackForm) -> bool:
    """Say if part 1 can be written still."""
    return found.state in WITH_SENDER


def go_on(request: ActorRequest, found: FeedbackForm, code: str) -> HttpResponse:
    """Lead from a section to where its sender goes on."""
    saved = FeedbackForm.objects.for_page().with_reference(found.reference, seen_by=request.actor)
    return redirect(f"feedback:{next_after(code, saved, at=now())}", found.reference)


def place_of(code: str, found: FeedbackForm) -> str:
    """Return the place where drafts of a section, or of a step of part 2, are kept."""
    return f"feedback:{code}:{found.reference}"


def require_seen(form: SectionForm, found: FeedbackForm, request: ActorRequest) -> None:
    """Raise MovedOn where another window has changed the section since this one was opened."""
    stands = FeedbackForm.objects.with_reference(found.reference, seen_by=request.actor)
    if form.cleaned_data["seen"] not in ("", form.mark(stands)):
        words = "You have changed this in another window since. To keep what stands here, save it again"
        raise MovedOn(words, at=stands.changed_at, code="changed_elsewhere")


def save(
    request: ActorRequest,
    found: FeedbackForm,
    form: Form,
    service: Callable[..., FeedbackForm],
    *,
    step: str = "",
    clears: str = "",
    before: Callable[[], None] | None = None,
    **given: Any,
) -> DomainError | None:
    """Do it once; where it is refused, say why on the form and return the refusal.

    `step` tells apart what one form sends in several steps. `before` may raise a refusal of its own.
    """
    at = now()

    def do() -> str:
        if before:
            before()
        return service(form_id=found.pk, **given, by=request.actor, at=at).reference

    told = {name: asdict(value) if is_dataclass(value) else value for name, value in given.items()}  # type: ignore[arg-type]
    told |= {service.__name__: found.reference}
    return press(request, form, do, told, at=at, step=step, clears=clears)


def press(
    request: ActorRequest,
    form: Form,
    do: Callable[[], str],
    told: dict[str, Any],
    *,
    at: datetime,
    step: str = "",
    clears: str = "",
) -> DomainError | None:
    """Do once what the form asks, of which `told` says what it is; where it is refused, say why on the form and return
    the refusal.
    """
    key, caller = f"{form.cleaned_data['key']}{step}", caller_of(request.actor)
    try:
        once(key=key, caller=caller, request=told, at=at, do=do, clears=clears)
    except MovedOn as refusal:
        form.add_error(None, f"{refusal.message}. Nothing was changed")
        form.data = dict(form.data.items()) | {"key": str(uuid4())}  # sent again on purpose, it is another thing
        return refusal
    except DomainError as refusal:
        show_refusal(form, refusal)
        return refusal
    return None
