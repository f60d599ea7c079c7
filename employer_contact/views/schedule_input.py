"""The activities of the reason Input DEO schedule, in a call (EC-43)."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from contacthub.clock import now
from contacthub.mail.services import tell_administrators
from contacthub.people.middleware import ActorRequest
from contacthub.submissions.acts import Act
from employer_contact import calling, permissions, planning, services
from employer_contact.forms.calls import NOTED, NotedForm, noted, typed_in
from employer_contact.forms.reason_steps import (
    FollowUpStepForm,
    NotedStepForm,
    NotNeededStepForm,
    RaisedStepForm,
    ReasonStepForm,
)
from employer_contact.models import Activity, Contact
from employer_contact.noting import with_notes
from employer_contact.plans import Doing
from employer_contact.raising import where_next
from employer_contact.views.calls import find, goes_on, other_ways
from employer_contact.views.calls import show as show_contact

NOT_TICKED = "This reason is no longer ticked. Nothing was recorded"
FORM_OF: dict[str, type[ReasonStepForm]] = {Doing.RAISE: RaisedStepForm, Doing.FOLLOW_UP: FollowUpStepForm}


def _act(step: Activity, name: str) -> Act:
    form = FORM_OF.get(step.does, NotedStepForm) if name == "complete" else NotNeededStepForm
    service = services.complete_reason_step if name == "complete" else services.reason_step_not_needed
    label = "Record and complete" if name == "complete" else "Not needed"
    needs = ("others",) if form is RaisedStepForm else ()
    address = f"schedule-input/{step.number}/{name}"
    numbered = with_notes(partial(service, number=step.number))
    return Act(address, label, numbered, lambda actor, contact: True, form, needs)


@require_GET
def page(request: ActorRequest, reference: str) -> HttpResponse:
    contact = find(request.actor, reference)
    steps = _steps(contact)
    if not steps or not contact.is_unlocked or not goes_on(request.actor, contact):
        return redirect(contact)
    return _show(request, contact, steps, at=now())


@require_POST
def step(request: ActorRequest, reference: str, number: int, name: str) -> HttpResponse:
    contact, at = find(request.actor, reference), now()
    steps = _steps(contact)
    chosen = next((one for one in steps if one.number == number), None)
    if not steps:
        return _not_ticked(request, contact)
    if chosen is None:
        raise Http404
    act = _act(chosen, name)
    form = act.form_for(request.POST, others=planning.requests_of(contact, chosen.as_rule))
    not_set_up = partial(tell_administrators, case=contact.case, at=at)
    if act.press(contact, form, by=request.actor, at=at, not_set_up=not_set_up):
        return redirect(*where_next(contact))
    contact = find(request.actor, reference)
    if not contact.is_unlocked or not goes_on(request.actor, contact):
        return show_contact(request, contact, calling.page_of(contact), form=form, refused=act.name, status=409)
    return _show(request, contact, _steps(contact), refused=(number, name, form), at=at)


def _not_ticked(request: ActorRequest, contact: Contact) -> HttpResponse:
    """Show the record with what was typed for a reason that was taken back meanwhile."""
    form = NotedStepForm(request.POST)
    form.add_error(None, NOT_TICKED)
    return show_contact(request, contact, "contact", form=form, refused="schedule-input", status=409)


def _steps(contact: Contact) -> list[Activity]:
    rows = Activity.objects.filter(reason__contact=contact).select_related("by", "raised__case", "reason__contact")
    return list(rows.order_by("reason", "number"))


def _show(
    request: ActorRequest,
    contact: Contact,
    steps: list[Activity],
    *,
    refused: tuple[int, str, Any] = (0, "", None),
    at: datetime,
) -> HttpResponse:
    rows = planning.rows_in_call(steps, may_do=permissions.owns(request.actor, contact))
    number, failed, form = refused
    shown = planning.open_row(rows, str(number or request.GET.get("activity", "")))
    is_open = bool(shown and shown.activity.number == number)
    typed = {name: text for name, text in form.data.items() if is_open or name in NOTED} if form else {}
    initial = noted(contact) | typed
    forms = _forms(contact, shown.activity, initial) if shown else {}
    if form and is_open:
        forms[failed] = form
    step_form = form if is_open else forms.get("complete") or NotedForm(auto_id="id_notes_%s", initial=initial)
    context: dict[str, Any] = {
        "contact": contact,
        "step_form": step_form,
        "step_forms": {name.replace("-", "_"): of for name, of in forms.items()},
        "rows": rows,
        "done": sum(row.is_settled for row in rows),
        "shown": shown,
        "steps": calling.steps(contact, "request"),
        "opens": planning.opens_in_call(rows),
        "steps_url": f"{contact.get_absolute_url()}schedule-input/",
        "form": form,
        "typed": [] if is_open else typed_in(form, but=NOTED),
        "page": "schedule_input",
        "now": at,
        **other_ways(request.actor, contact),
    }
    return render(request, "employer_contact/call/schedule_input.html", context)


def _forms(contact: Contact, activity: Activity, initial: dict[str, str]) -> dict[str, Any]:
    """Return the forms of what can be done to an activity: on the page they are one, with the notes."""
    others = planning.requests_of(contact, activity.as_rule)
    forms = {name: _act(activity, name).form_for(others=others) for name in ("complete", "not-needed")}
    for form in forms.values():
        form.initial = initial
    return forms
