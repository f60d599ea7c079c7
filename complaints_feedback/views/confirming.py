"""The area senior resolution manager confirms the managers, and sends the form to all four (CF-37, CF-38)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from complaints_feedback import permissions, services
from complaints_feedback.forms.deciding import ConfirmForm
from complaints_feedback.lifecycle import FormState
from complaints_feedback.listing import people_called
from complaints_feedback.models import FeedbackForm
from complaints_feedback.routing import ALL_FOUR, MANAGERS
from complaints_feedback.services import Expected, Named
from complaints_feedback.terms import Part
from complaints_feedback.views.deciding import find, goes_to, mark_of, require_as_seen, show
from complaints_feedback.views.sender import save
from contacthub.clock import now
from contacthub.formats import uk_day
from contacthub.people.middleware import ActorRequest


@require_GET
def confirm(request: ActorRequest, reference: str) -> HttpResponse:
    """Show part 1 whole with its letters, and who the managers are by the people directory."""
    found = find(request, reference, permissions.require_senior_manager)
    if found.state != FormState.WITH_SENIOR_MANAGER:
        return redirect(found)
    return _page(request, found, ConfirmForm())


@require_POST
def confirm_send(request: ActorRequest, reference: str) -> HttpResponse:
    """Keep or change each manager, and send it to all four."""
    found, at = find(request, reference, permissions.require_senior_manager), now()
    people = services.expected(found, ALL_FOUR, at=at)
    form = ConfirmForm(request.POST)
    managers = _managers(form, people, on=uk_day(at)) if form.is_valid() else {}
    if not form.errors:

        def before() -> None:
            if found.state == FormState.WITH_SENIOR_MANAGER:
                require_as_seen(form, mark_of(found, people), at=at)

        if not save(request, found, form, services.confirm_and_send, managers=managers, before=before):
            sent_to = found.recipients.filter(part__in=ALL_FOUR).select_related("person").order_by("pk")
            told = ", ".join(str(one.person) for one in sent_to)
            messages.success(request, f"{reference} is sent to {told}")
            return redirect(found)
    return _page(request, find(request, reference, permissions.require_senior_manager), form)


def _managers(form: ConfirmForm, people: Sequence[Expected], *, on: date) -> dict[Part, Named]:
    """Return who is each manager: who was typed, else who was shown. What is missing is said on the form."""
    found = {}
    for one in people:
        if one.part not in MANAGERS:
            continue
        staff, words = form.typed(one.part)
        shown = one.person.pk if one.person else None
        fitting = people_called(staff, on=on)
        if staff and fitting.only is None:
            form.add_error(f"{one.part.value}_staff", fitting.words)
        elif words and not staff:
            form.add_error(f"{one.part.value}_staff", f"Enter who acts as {one.part.label.lower()}")
        elif staff and fitting.only != shown and not words:
            form.add_error(f"{one.part.value}_words", "Enter why they act for the post")
        elif person_id := fitting.only or shown:
            found[one.part] = Named(person_id, words)
        else:
            form.add_error(f"{one.part.value}_staff", f"Enter who acts as {one.part.label.lower()}")
    return found


def _page(request: ActorRequest, found: FeedbackForm, form: ConfirmForm) -> HttpResponse:
    at: datetime = now()
    people = services.expected(found, ALL_FOUR, at=at)
    mark = mark_of(found, people)
    if form.is_bound:
        form.data = dict(form.data.items()) | {"seen": mark}  # for what is shown now, which is read before it is sent
    else:
        form.initial["seen"] = mark
    shown = goes_to(found, people, at=at)
    [receiver, *managers] = shown.rows
    return show(
        request,
        "confirm",
        found,
        form=form,
        receiver=receiver,
        managers=[
            {"row": row, "staff": form[f"{row.one.part.value}_staff"], "words": form[f"{row.one.part.value}_words"]}
            for row in managers
        ],
        goes_to=shown,
        lacks=services.missing_to_confirm(found, at=at),
        due_at=services.discuss_by(found, at=at),
        now=at,
        is_open=found.state == FormState.WITH_SENIOR_MANAGER,
    )
