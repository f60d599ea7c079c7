"""The activities of the reason Input DEO schedule, in a call (EC-43)."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from contacthub.clock import now
from contacthub.people.middleware import ActorRequest
from contacthub.submissions.acts import Act
from contacthub.submissions.forms import OnceForm
from employer_contact import calling, permissions, planning, services
from employer_contact.forms.calls import NotedForm, noted, typed_in
from employer_contact.forms.requests import FollowUpForm, NoteForm, RaisedForm, ReasonNotNeededForm
from employer_contact.models import Activity, Contact
from employer_contact.plans import Doing
from employer_contact.raising import where_next
from employer_contact.views.calls import find, goes_on
from employer_contact.views.calls import show as show_contact

NOT_TICKED = "This reason is no longer ticked. Nothing was recorded"
FORM_OF: dict[str, type[OnceForm]] = {Doing.RAISE: RaisedForm, Doing.FOLLOW_UP: FollowUpForm}


def _act(step: Activity, name: str) -> Act:
    form = FORM_OF.get(step.does, NoteForm) if name == "complete" else ReasonNotNeededForm
    service = services.complete_reason_step if name == "complete" else services.reason_step_not_needed
    label = "Record and complete" if name == "complete" else "Not needed"
    needs = ("others",) if form is RaisedForm else ()
    address = f"schedule-input/{step.number}/{name}"
    return Act(address, label, partial(service, number=step.number), lambda actor, contact: True, form, needs)


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
    form = act.form_for(request.POST, others=planning.requests_of(contact))
    if act.press(contact, form, by=request.actor, at=at):
        return redirect(*where_next(contact))
    contact = find(request.actor, reference)
    if not contact.is_unlocked or not goes_on(request.actor, contact):
        return show_contact(request, contact, calling.page_of(contact), form=form, refused=act.name, status=409)
    return _show(request, contact, _steps(contact), refused=(number, name, form), at=at)


def _not_ticked(request: ActorRequest, contact: Contact) -> HttpResponse:
    """Show the record with what was typed for a reason that was taken back meanwhile."""
    form = NoteForm(request.POST)
    form.add_error(None, NOT_TICKED)
    return show_contact(request, contact, "contact", form=form, refused="schedule-input", status=409)


def _notes(contact: Contact) -> NotedForm:
    form = NotedForm(auto_id="id_notes_%s")
    form.initial = noted(contact)
    return form


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
    has_boxes = bool(shown and shown.activity.number == number)
    others = planning.requests_of(contact)
    context: dict[str, Any] = {
        "contact": contact,
        "step_form": _notes(contact),
        "rows": rows,
        "done": sum(row.is_settled for row in rows),
        "shown": shown,
        "steps": calling.steps(contact, "request"),
        "steps_url": f"{contact.get_absolute_url()}schedule-input/",
        "complete_label": "Record and complete",
        "form": form,
        "typed": [] if has_boxes else typed_in(form),
        "page": "schedule_input",
        "now": at,
    }
    if shown:
        context["step_forms"] = {
            name.replace("-", "_"): form
            if has_boxes and failed == name
            else _act(shown.activity, name).form_for(others=others)
            for name in ("complete", "not-needed")
        }
    return render(request, "employer_contact/call/schedule_input.html", context)
