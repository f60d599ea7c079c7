"""Changes of a record in a contact of one's own, once that may act (EC-14)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from contacthub.actor import Actor
from contacthub.clock import now
from contacthub.errors import DomainError, MovedOn, NotThere
from contacthub.people.middleware import ActorRequest
from contacthub.submissions.services import caller_of, once
from contacthub.ui.forms import show_refusal
from employer_contact import services
from employer_contact.details import AgentDetails, EmployerDetails, details_of, different
from employer_contact.forms.changing import AgentForm, DetailsForm, EmployerForm, LinesForm
from employer_contact.models import Contact, DeoSchedule, Employer, PayrollAgent, ScheduleLine
from employer_contact.security import BEFORE_THE_CHECK
from employer_contact.services.grounds import grounds_in, my_contact
from employer_contact.views import agents, employers

NO_CONTACT = "Records are changed in a contact: start a call with {}, or open the one that you have"
COMPARE = "{}. Compare with what you wrote: if you save again, yours takes its place, and both stay on the timeline"
Do = Callable[[Contact, DetailsForm, datetime], object]


@require_http_methods(["GET", "POST"])
def employer(request: ActorRequest, ern: str) -> HttpResponse:
    found = employers.find(request.actor, ern)

    def change(contact: Contact, form: DetailsForm, at: datetime) -> object:
        grounds = grounds_in(contact.pk, found, by=request.actor)
        given = {"seen": form.cleaned_data["seen"], "details": form.details, "grounds": grounds}
        return services.update_employer(employer_id=found.pk, **given, by=request.actor, at=at)

    return _change(request, found, EmployerForm, details_of(found, EmployerDetails), change)


@require_http_methods(["GET", "POST"])
def agent(request: ActorRequest, earn: str) -> HttpResponse:
    found = agents.find(request.actor, earn)

    def change(contact: Contact, form: DetailsForm, at: datetime) -> object:
        grounds = grounds_in(contact.pk, found, by=request.actor)
        given = {"seen": form.cleaned_data["seen"], "details": form.details, "grounds": grounds}
        return services.update_agent(agent_id=found.pk, **given, by=request.actor, at=at)

    return _change(request, found, AgentForm, details_of(found, AgentDetails), change)


def _change(
    request: ActorRequest, found: Employer | PayrollAgent, kind: type[DetailsForm], held: Any, do: Do
) -> HttpResponse:
    """Ask for the details, then change them; a refusal keeps what was typed."""
    contact = my_contact(request.actor, found)
    if contact is None or not contact.is_unlocked:
        return _not_now(request, found, contact)
    if request.method == "GET":
        return _page(request, found, contact, kind.of(held))
    form = kind(request.POST)
    if not form.is_valid():
        return _page(request, found, contact, form)
    at = now()
    try:
        once(
            key=form.cleaned_data["key"],
            caller=caller_of(request.actor),
            request={"change": str(found.pk), **form.cleaned_data},
            at=at,
            do=lambda: str(do(contact, form, at)),
        )
    except MovedOn as refusal:
        return _changed_meanwhile(request, found, contact, kind, refusal)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return _page(request, found, contact, form)
    messages.success(request, f"{found} is changed. Old and new values are on the timeline")
    return redirect(found)


def _changed_meanwhile(
    request: ActorRequest, found: Any, contact: Contact, kind: type[DetailsForm], refusal: MovedOn
) -> HttpResponse:
    """Show what stands now above what was written: the next press is made with that seen."""
    found = type(found).objects.get(pk=found.pk)
    sent = kind(request.POST)
    sent.is_valid()
    form = kind(kept_beside(sent, details_of(found, kind.KIND)))
    form.add_error(None, COMPARE.format(refusal.message))
    return _page(request, found, contact, form, status=409)


def kept_beside(sent: DetailsForm, stands: Any) -> dict[str, Any]:
    """Return what a form holds next: what was written in the one that was sent, with what stands now seen."""
    boxes = sent.typed(stands)
    mine = different(sent.cleaned_data["seen"], sent.details)
    kept = {name: sent.data.get(name, "") if name in mine else boxes[name] for name in boxes}
    return {**kept, "seen": sent.sealed(stands), "key": str(sent.of(stands)["key"].value())}


@require_http_methods(["GET", "POST"])
def lines(request: ActorRequest, ern: str, month: date) -> HttpResponse:
    """Change the lines that were ticked on the schedule, one or many, and mark names that are not on it.

    The schedule sends its ticks without a key: that opens the form.
    """
    found = employers.find(request.actor, ern)
    schedule = DeoSchedule.objects.select_related("employer").filter(employer=found, month=month).first()
    if schedule is None:
        raise NotThere
    contact = my_contact(request.actor, found)
    if contact is None or not contact.is_unlocked:
        return _not_now(request, found, contact)
    ticked = _ticked(schedule, request.actor, [*request.GET.getlist("line"), *request.POST.getlist("line")])
    form, status = LinesForm(request.POST if "key" in request.POST else None, ticked=ticked), 200
    if form.is_bound and form.is_valid():
        try:
            _write_lines(request, schedule, contact, form)
        except MovedOn as refusal:
            form, status = LinesForm(request.POST.dict() | LinesForm.seen_now(ticked), ticked=ticked), 409
            form.add_error(None, COMPARE.format(refusal.message))
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, f"DEO schedule of {month:%B %Y} is changed. Old and new are on the timeline")
            return redirect(schedule)
    context = {"employer": found, "schedule": schedule, "month": month, "form": form, "contact": contact}
    return render(request, "employer_contact/change_lines.html", context, status=status)


def _ticked(schedule: DeoSchedule, actor: Actor, ids: list[str]) -> list[ScheduleLine]:
    wanted = [int(one) for one in ids if one.isdecimal() and len(one) < 19]
    rows = ScheduleLine.objects.filter(schedule=schedule, pk__in=wanted).seen_by(actor).by_name()
    return list(rows)


def _write_lines(request: ActorRequest, schedule: DeoSchedule, contact: Contact, form: LinesForm) -> None:
    """Write the lines, once for each key of the form."""
    at = now()

    def write() -> str:
        services.update_lines(
            schedule_id=schedule.pk,
            updates=form.updates,
            unknown=form.unknown,
            grounds=grounds_in(contact.pk, schedule.employer, by=request.actor),
            by=request.actor,
            at=at,
        )
        return str(schedule.pk)

    once(
        key=form.cleaned_data["key"],
        caller=caller_of(request.actor),
        request={"lines": schedule.pk, **form.cleaned_data},
        at=at,
        do=write,
    )


def _not_now(request: ActorRequest, found: Employer | PayrollAgent, contact: Contact | None) -> HttpResponse:
    """Lead to the contact whose security questions come first, or say that there is none."""
    if contact:
        messages.error(request, BEFORE_THE_CHECK)
        return redirect(contact)
    messages.error(request, NO_CONTACT.format(found))
    return redirect(found)


def _page(
    request: ActorRequest, found: Employer | PayrollAgent, contact: Contact, form: DetailsForm, *, status: int = 200
) -> HttpResponse:
    context = {"party": found, "contact": contact, "form": form, "is_employer": isinstance(found, Employer)}
    return render(request, "employer_contact/change.html", context, status=status)
