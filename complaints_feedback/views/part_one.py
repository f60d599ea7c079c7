"""Part 1 as its sender goes through it: started, asked about, ended or sent. Its sections are pages of their own."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from complaints_feedback import permissions, services
from complaints_feedback.forms.part_one import StartForm
from complaints_feedback.lifecycle import FormState
from complaints_feedback.models import FeedbackForm
from complaints_feedback.parts import part_1_of
from complaints_feedback.routing import goes_by_senior_manager
from complaints_feedback.sections import LIST, PERSON, TITLES, next_after, section_of, sections_of
from complaints_feedback.terms import Broken, Route
from complaints_feedback.views.sender import find, go_on, is_open, save
from contacthub.clock import now
from contacthub.errors import DomainError, MovedOn
from contacthub.people.middleware import ActorRequest
from contacthub.submissions.forms import OnceForm, ReasonForm
from contacthub.submissions.services import caller_of, once
from contacthub.ui.forms import show_refusal


@dataclass(frozen=True)
class Lack:
    """What is missing, and the section in which it is put right."""

    broken: Broken

    @property
    def code(self) -> str:
        return section_of(self.broken)

    @property
    def title(self) -> str:
        return TITLES[self.code]


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Start a form, for the team that the sender last sent one for."""
    permissions.require_can_start(request.actor)
    form = StartForm(request.POST) if request.method == "POST" else StartForm(initial={"route": _last_route(request)})
    if request.method == "POST" and form.is_valid():
        at = now()
        given = {
            "complaint_reference": form.cleaned_data["complaint_reference"],
            "route": Route(form.cleaned_data["route"]),
        }
        try:
            reference = once(
                key=form.cleaned_data["key"],
                caller=caller_of(request.actor),
                request={"start": given},
                at=at,
                do=lambda: services.start(**given, by=request.actor, at=at).reference,
            )
        except MovedOn as refusal:
            form.add_error("complaint_reference", refusal.message)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            return redirect("feedback:complaint", reference)
    return render(request, "complaints_feedback/part_one/new.html", {"form": form})


def _last_route(request: ActorRequest) -> str:
    mine = FeedbackForm.objects.sent_by(request.actor.person_id)
    return mine.values_list("route", flat=True).first() or ""


def task_list(request: ActorRequest, found: FeedbackForm) -> HttpResponse:
    """Show its sender how far part 1 is, and lead on."""
    at = now()
    sections = sections_of(found, at=at)
    following = next((each.code for each in sections if not each.is_complete), "")
    if not following:
        following = next_after([*TITLES][-1], found, at=at)
    context = {
        "feedback": found,
        "sections": sections,
        "done": sum(each.is_complete for each in sections),
        "following": "" if following == LIST else following,
        "following_title": TITLES.get(following, "").lower(),
        "may_ask": found.state == FormState.DRAFT and not services.missing_to_ask(found, at=at),
        "by_senior": goes_by_senior_manager(Route(found.route)),
        "receiver": _receiver(found),
    }
    return render(request, "complaints_feedback/part_one/list.html", context)


def _receiver(found: FeedbackForm) -> object:
    return next((each.person for each in found.recipients.all() if each.part == "receiving_team_leader"), None)


@require_http_methods(["GET", "POST"])
def ask(request: ActorRequest, reference: str) -> HttpResponse:
    """Show what the team leader is asked, and ask."""
    found = find(request, reference)
    form = OnceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not save(request, found, form, services.ask):
            messages.success(request, f"{found.sending_team_leader} is asked. You can go on meanwhile")
            return go_on(request, found, PERSON)
    elif found.state != FormState.DRAFT:
        return redirect(found)
    lacks = [Lack(each) for each in services.missing_to_ask(found, at=now())]
    return _checked(request, found, form, "ask", lacks)


@require_http_methods(["GET", "POST"])
def submit(request: ActorRequest, reference: str) -> HttpResponse:
    """Show all answers, and send the form to the sending team leader."""
    found = find(request, reference)
    form = OnceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not save(request, found, form, services.submit):
            messages.success(request, f"{reference} is sent to {found.sending_team_leader}")
            return redirect(found)
    elif not is_open(found):
        return redirect(found)
    lacks = [Lack(each) for each in services.missing_of(found, at=now())]
    return _checked(request, found, form, "submit", lacks)


def _checked(request: ActorRequest, found: FeedbackForm, form: OnceForm, name: str, lacks: list[Lack]) -> HttpResponse:
    context = {
        "feedback": found,
        "form": form,
        "lacks": lacks,
        "sheet": part_1_of(found, request.actor),
        "changes": CHANGED_IN,
        "by_senior": goes_by_senior_manager(Route(found.route)),
        "receiver": _receiver(found),
    }
    return render(request, f"complaints_feedback/part_one/{name}.html", context)


# In which sections of the sender's pages the lines of each section of part 1 are changed.
CHANGED_IN = {
    "Complaint": ["complaint"],
    "Summary of the call": ["letters"],
    "What led to it": ["trigger"],
    "Who it is for": ["people", "person"],
    "Evidence": ["evidence"],
    "Sent to": ["managers"],
}


@require_http_methods(["GET", "POST"])
def no_feedback(request: ActorRequest, reference: str) -> HttpResponse:
    """End a draft, since no feedback is due, with the reason."""
    found = find(request, reference)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if not save(request, found, form, services.record_no_feedback, reason=reason):
            messages.success(request, f"{reference} is ended: no feedback is given")
            return redirect(found)
    elif found.state != FormState.DRAFT:
        return redirect(found)
    return render(request, "complaints_feedback/part_one/no_feedback.html", {"feedback": found, "form": form})
