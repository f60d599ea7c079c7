"""The staff form, and what would happen with what it says."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from contacthub.clock import now
from contacthub.errors import DomainError, MovedOn
from contacthub.formats import uk_day
from contacthub.people.middleware import ActorRequest
from contacthub.people.models import StaffMember
from contacthub.submissions.services import caller_of, once, open_place
from contacthub.ui.forms import show_refusal
from jobmatch_helpdesk import permissions, services
from jobmatch_helpdesk.forms import RaiseForm
from jobmatch_helpdesk.forms.raising import start
from jobmatch_helpdesk.intake import Intake
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.raising import Offered, helpdesk_telephone, offered_to, outlook

PLACE = "jobmatch:raise"
RAISED_LATELY = 5


@require_http_methods(["GET", "POST"])
def raise_incident(request: ActorRequest) -> HttpResponse:
    """Raise an incident; a refusal keeps every word, and so does a form that was sent before with other words."""
    offered = _offered(request)
    if request.method == "GET":
        return _page(request, offered)
    form = RaiseForm(request.POST, offered=offered)
    if form.is_valid() and (intake := form.intake):
        try:
            reference = _submit_once(request, form.cleaned_data["key"], intake, at=now())
        except MovedOn as refusal:
            form = RaiseForm({**request.POST.dict(), "key": str(uuid4())}, offered=offered)
            form.add_error(None, f"{refusal.message}. To raise these words as another incident, press Raise it")
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, f"{reference} is raised. {outlook(intake).words}")
            if request.POST.get("then") == "another":
                return redirect("jobmatch:raise")
            return redirect("jobmatch:incident", reference)
    return _page(request, offered, form)


def _submit_once(request: ActorRequest, key: str, intake: Intake, *, at: datetime) -> str:
    return once(
        key=key,
        caller=caller_of(request.actor),
        request=asdict(intake),
        at=at,
        do=lambda: services.submit(intake, by=request.actor, at=at).reference,
        clears=PLACE,
    )


@require_POST
def route(request: ActorRequest) -> HttpResponse:
    """Answer the script of the form with what would happen: nothing is kept, and no event is written."""
    form = RaiseForm(request.POST, offered=_offered(request))
    form.is_valid()
    return render(request, "jobmatch_helpdesk/outlook.html", {"outlook": outlook(form.intake) if form.intake else None})


def _offered(request: ActorRequest) -> Offered:
    if not permissions.may_raise(request.actor):
        raise PermissionDenied("Only the Helpdesk, Jobcentres, JD and ED raise incidents")
    return offered_to(request.actor, _person(request), on=uk_day(now()))


def _person(request: ActorRequest) -> StaffMember:
    if not isinstance(request.user, StaffMember):
        raise PermissionDenied("Sign in to raise an incident")
    return request.user


def _page(request: ActorRequest, offered: Offered, form: RaiseForm | None = None) -> HttpResponse:
    moment = now()
    draft = open_place(request.actor, PLACE, title="Raise an incident", link=reverse("jobmatch:raise"))
    sent = form.intake if form else None
    context = {
        "form": form or RaiseForm(initial=start(offered) | draft.words, offered=offered),
        "draft": draft,
        "offered": offered,
        "source": offered.only_source,
        "site": offered.only_site(offered.only_source) if offered.only_source else None,
        "telephone": helpdesk_telephone(),
        "outlook": outlook(sent) if sent else None,
        "raised": Incident.objects.raised_by(request.actor.person_id)[:RAISED_LATELY],
        "now": moment,
    }
    return render(request, "jobmatch_helpdesk/raise.html", context)
