"""The facts of an incident that stands: both routes are shown before anything changes."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from contacthub.clock import now
from contacthub.errors import DomainError, NotSetUp, RuleBroken
from contacthub.formats import uk_day
from contacthub.mail.services import tell_administrators
from contacthub.people.middleware import ActorRequest
from contacthub.submissions.services import caller_of, once
from contacthub.ui.forms import show_refusal
from jobmatch_helpdesk import services
from jobmatch_helpdesk.forms import ChangeForm, facts_of
from jobmatch_helpdesk.intake import Error, Reach
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.raising import offered_in_change, outlook_of
from jobmatch_helpdesk.views.incidents import find


@require_http_methods(["GET", "POST"])
def change_facts(request: ActorRequest, reference: str) -> HttpResponse:
    """Ask for the facts, show what would follow, then change them; a refusal keeps what was typed."""
    found = find(request.actor, reference)
    offered = offered_in_change(on=uk_day(now()))
    if request.method == "GET":
        return _begin(request, found, ChangeForm(initial=facts_of(services.reach_of(found)), offered=offered))
    form = ChangeForm(request.POST, offered=offered)
    do = request.POST.get("do", "look")
    if form.is_valid() and (reach := form.reach):
        try:
            if do == "change":
                return _change(request, found, form.cleaned_data["key"], reach)
            ahead = services.look_ahead(incident=found, reach=reach, by=request.actor)
            if do == "look":
                return _check_page(request, found, ahead, form)
        except RuleBroken as refusal:
            if isinstance(refusal, NotSetUp):
                tell_administrators(refusal, case=found.case, at=now())
            form.say(Error(one.field, one.code, one.message) for one in refusal.all)
        except DomainError as refusal:
            show_refusal(form, refusal)
    return _page(request, found, form)


@require_POST
def route(request: ActorRequest, reference: str) -> HttpResponse:
    """Answer the script of the form with the new route: nothing is kept."""
    found = find(request.actor, reference)
    form = ChangeForm(request.POST, offered=offered_in_change(on=uk_day(now())))
    form.is_valid()
    ahead = services.with_reach(found, form.reach) if form.reach else found
    return render(request, "jobmatch_helpdesk/outlook.html", {"outlook": outlook_of(ahead)})


def _begin(request: ActorRequest, found: Incident, form: ChangeForm) -> HttpResponse:
    """Show the form, or the incident to whom may not change it, with why."""
    try:
        services.require_can_change(found, by=request.actor)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(found)
    return _page(request, found, form)


def _change(request: ActorRequest, found: Incident, key: str, reach: Reach) -> HttpResponse:
    at = now()
    once(
        key=key,
        caller=caller_of(request.actor),
        request={"change-facts": found.reference, **asdict(reach)},
        at=at,
        do=lambda: services.change_facts(incident_id=found.pk, reach=reach, by=request.actor, at=at).reference,
    )
    changed = find(request.actor, found.reference)
    messages.success(request, f"{found.reference} is changed. {outlook_of(changed).words}")
    return redirect(found)


def _page(request: ActorRequest, found: Incident, form: ChangeForm) -> HttpResponse:
    context = {"incident": found, "form": form, "before": outlook_of(found)}
    return render(request, "jobmatch_helpdesk/change_facts.html", context)


def _check_page(request: ActorRequest, found: Incident, ahead: Incident, form: ChangeForm) -> HttpResponse:
    context = {
        "incident": found,
        "before": outlook_of(found),
        "after": outlook_of(ahead),
        "differences": services.differences(services.reach_of(found), services.reach_of(ahead)),
        "follows": services.what_follows(ahead),
        "typed": [(name, value) for name, value in request.POST.items() if name in form.fields],
    }
    return render(request, "jobmatch_helpdesk/change_facts_check.html", context)
