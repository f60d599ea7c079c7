"""The sending team leader checks a form and sends it on, or returns it (CF-33 to CF-36)."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from complaints_feedback import permissions, services
from complaints_feedback.forms.deciding import SendForm
from complaints_feedback.lifecycle import FormState
from complaints_feedback.models import FeedbackForm
from complaints_feedback.routing import goes_by_senior_manager, named_by_sender
from complaints_feedback.services import Expected
from complaints_feedback.terms import Route
from complaints_feedback.views.deciding import find, goes_to, mark_of, require_as_seen, show
from complaints_feedback.views.sender import save
from contacthub.clock import now
from contacthub.people.middleware import ActorRequest
from contacthub.submissions.forms import OnceForm, ReasonForm

RETURNING = "id_return_%s"  # the ids of the second form on the page


@require_GET
def check(request: ActorRequest, reference: str) -> HttpResponse:
    """Show part 1 whole with its letters, who gets it, and why it is them."""
    found = find(request, reference, permissions.require_acts_for_sender)
    return _page(request, found, OnceForm()) if found.state == FormState.SUBMITTED else redirect(found)


@require_POST
def send(request: ActorRequest, reference: str) -> HttpResponse:
    """Send it on, to those whom the page showed."""
    found, at = find(request, reference, permissions.require_acts_for_sender), now()
    form = SendForm(request.POST)
    people = _people(found, at=at)
    if form.is_valid():

        def before() -> None:
            if found.state == FormState.SUBMITTED:
                require_as_seen(form, mark_of(found, people), at=at)

        if not save(request, found, form, services.send, before=before):
            told = ", ".join(str(one.person) for one in people)
            messages.success(request, f"{reference} is sent to {told}")
            return redirect(found)
    return _page(request, find(request, reference, permissions.require_acts_for_sender), form)


@require_POST
def return_for_correction(request: ActorRequest, reference: str) -> HttpResponse:
    """Give it back to its sender, with what must be corrected."""
    found = find(request, reference, permissions.require_acts_for_sender)
    form = ReasonForm(request.POST, auto_id=RETURNING)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if not save(request, found, form, services.return_for_correction, reason=reason):
            messages.success(request, f"{reference} is returned to {found.sender}, who is told what to correct")
            return redirect(found)
    return _page(request, find(request, reference, permissions.require_acts_for_sender), form)


def _people(found: FeedbackForm, *, at: datetime) -> list[Expected]:
    """Return who is sent it next."""
    if goes_by_senior_manager(Route(found.route)):
        return [services.expected_senior_manager(found, at=at)]
    return services.expected(found, named_by_sender(Route(found.route)), at=at)


def _page(request: ActorRequest, found: FeedbackForm, pressed: OnceForm) -> HttpResponse:
    at = now()
    people = _people(found, at=at)
    is_return = isinstance(pressed, ReasonForm)
    url = reverse("feedback:return", args=[found.reference])
    returning = pressed if is_return else ReasonForm(auto_id=RETURNING)
    [receiver, *_] = services.expected(found, named_by_sender(Route(found.route)), at=at)
    return show(
        request,
        "check",
        found,
        form=pressed,
        sending=SendForm(initial={"seen": mark_of(found, people)}),
        acts=[{"label": "Return for correction", "url": url, "form": returning}],
        goes_to=goes_to(found, people, at=at),
        receiver=receiver.person,
        lacks=services.missing_to_send(found, by=request.actor, at=at),
        by_senior=goes_by_senior_manager(Route(found.route)),
        due_at=services.discuss_by(found, at=at),
        now=at,
        may_withdraw=permissions.may_withdraw(request.actor, found),
        is_open=found.state == FormState.SUBMITTED,
    )
