"""The sections of part 1 that are a form each: the complaint, what led to it, the evidence, the letters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django_fsm import can_proceed

from complaints_feedback import services
from complaints_feedback.eligibility import TOO_OLD
from complaints_feedback.forms.part_one import CauseForm, ComplaintForm, EvidenceForm, LettersForm, SectionForm
from complaints_feedback.models import FeedbackForm
from complaints_feedback.parts import LETTERS, letters_of
from complaints_feedback.sections import TITLES, sections_of
from complaints_feedback.views.sender import find, go_on, is_open, place_of, require_seen, save
from contacthub.clock import now
from contacthub.errors import DomainError, MovedOn
from contacthub.people.middleware import ActorRequest
from contacthub.submissions.services import open_place


@dataclass(frozen=True)
class Filled:
    """A section that is filled in: its form, and the service that keeps what was given."""

    form: type[SectionForm]
    service: Callable[..., FeedbackForm]


FILLED = {
    "complaint": Filled(ComplaintForm, services.save_complaint),
    "trigger": Filled(CauseForm, services.save_cause),
    "evidence": Filled(EvidenceForm, services.save_evidence),
}


@require_http_methods(["GET", "POST"])
def section(request: ActorRequest, reference: str, code: str) -> HttpResponse:
    """Show a section with what stands there or is drafted, save it and go on; a refusal keeps every word."""
    found, filled = find(request, reference), FILLED[code]
    if request.method == "GET":
        return _page(request, found, code) if is_open(found) else redirect(found)
    form: Any = filled.form(request.POST)
    if not form.is_valid():
        return _page(request, found, code, form)
    if request.POST.get("do") == "end" and isinstance(form, CauseForm):
        return _end_as_too_old(request, found, form)
    place = place_of(code, found)
    refusal = save(
        request,
        found,
        form,
        filled.service,
        clears=place,
        before=lambda: require_seen(form, found, request),
        given=form.given,
    )
    if refusal is None:
        return go_on(request, found, code)
    if isinstance(refusal, MovedOn):
        form.data |= {"seen": form.mark(find(request, reference))}
    return _page(request, found, code, form, refusal=refusal)


def _end_as_too_old(request: ActorRequest, found: FeedbackForm, form: CauseForm) -> HttpResponse:
    given = {"issue_on": form.cleaned_data["issue_on"]}
    place = place_of("trigger", found)
    refusal = save(request, found, form, services.end_as_too_old, step=":end", clears=place, **given)
    if refusal:
        return _page(request, found, "trigger", form, refusal=refusal)
    messages.success(request, f"{found.reference} is ended. {TOO_OLD.words}")
    return redirect(found)


def _page(
    request: ActorRequest,
    found: FeedbackForm,
    code: str,
    form: SectionForm | None = None,
    *,
    refusal: DomainError | None = None,
) -> HttpResponse:
    link, kind = reverse(f"feedback:{code}", args=[found.reference]), FILLED[code].form
    draft = open_place(request.actor, place_of(code, found), title=f"{TITLES[code]}, {found.reference}", link=link)
    if form is None:
        # A box that was unticked is no word of a draft: so a draft stands for the whole section.
        stands = kind.stored(found) if draft.kept_at is None else dict(draft.words)
        form = kind(initial=stands | {"seen": kind.mark(found)})
    is_too_old = refusal is not None and refusal.code == TOO_OLD.code
    more = {
        "draft": draft,
        "is_too_old": is_too_old,
        "can_end": can_proceed(found.end_as_too_old),
        "examples_url": settings.FEEDBACK_EXAMPLES_URL,
    }
    return show(request, found, code, form, more)


def show(request: ActorRequest, found: FeedbackForm, code: str, form: Form, more: dict[str, Any]) -> HttpResponse:
    """Answer with the page of a section: what it asks, and beside it how far the form is."""
    sections = sections_of(found, at=now())
    context = {
        "feedback": found,
        "form": form,
        "title": TITLES[code],
        "code": code,
        "sections": sections,
        "here": next(each for each in sections if each.code == code),
        **more,
    }
    return render(request, f"complaints_feedback/part_one/{code}.html", context)


@require_http_methods(["GET", "POST"])
def letters(request: ActorRequest, reference: str) -> HttpResponse:
    """Attach the letters: each alone, so that one which is taken stays when another is refused."""
    found = find(request, reference)
    place = place_of("letters", found)
    link = reverse("feedback:letters", args=[reference])
    draft = open_place(request.actor, place, title=f"Letters, {reference}", link=link)
    if request.method == "GET":
        if not is_open(found):
            return redirect(found)
        initial = {"call_summary": found.call_summary} | draft.words
        return _letters_page(request, found, LettersForm(initial=initial, channel=found.channel), draft)
    form = LettersForm(request.POST, request.FILES, channel=found.channel)
    refused = not form.is_valid()
    if "key" in form.cleaned_data:
        given = {name: form.cleaned_data.get(name) for name in [*LETTERS, "call_summary"] if name in form.fields}
        for name, value in given.items():
            if value or (name == "call_summary" and name in form.cleaned_data):
                clears = place if name == "call_summary" else ""
                each: dict[str, Any] = {"clears": clears, name: value}
                refused |= bool(save(request, found, form, services.save_letters, step=f":{name}", **each))
    return _letters_page(request, found, form, draft) if refused else go_on(request, found, "letters")


def _letters_page(request: ActorRequest, found: FeedbackForm, form: LettersForm, draft: Any) -> HttpResponse:
    attached = [(LETTERS[kind], letter) for kind, letter in letters_of(found).items()]
    return show(request, found, "letters", form, {"draft": draft, "attached": attached})
