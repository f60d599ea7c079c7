"""Part 2 as the receiving team leader goes through it, part 1 and the letters beside it: a page a step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from complaints_feedback import permissions, services
from complaints_feedback.forms.part_two import DevelopmentForm, DiscussionForm, OneToOneForm, RecordingsForm, StepForm
from complaints_feedback.lifecycle import WITH_RECEIVER
from complaints_feedback.models import FeedbackForm
from complaints_feedback.parts import Sheet, part_1_of, part_2_of, part_two_of
from complaints_feedback.routing import MANAGERS
from complaints_feedback.steps import COMPLETE, DISCUSS, ONE_TO_ONE, PLAN, RECORDINGS, TITLES, next_step, steps_of
from complaints_feedback.terms import Part
from complaints_feedback.views.sender import place_of, require_seen, save
from contacthub.clock import now
from contacthub.errors import MovedOn, Refused
from contacthub.formats import uk_day, waited
from contacthub.people.middleware import ActorRequest
from contacthub.submissions.forms import OnceForm
from contacthub.submissions.services import open_place

RECORD, LATER = "record", "later"  # buttons: it was discussed; keep what is written, and leave it at that
FORMS: dict[str, type[StepForm]] = {
    RECORDINGS: RecordingsForm,
    DISCUSS: DiscussionForm,
    PLAN: DevelopmentForm,
    ONE_TO_ONE: OneToOneForm,
}


@dataclass(frozen=True)
class Save:
    """What a press does: the service, and what the form hands it."""

    service: Callable[..., FeedbackForm]
    given: dict[str, Any]
    said: str = ""


@require_GET
def part_two(request: ActorRequest, reference: str) -> HttpResponse:
    """Show part 1 with its letters, the time left, and the steps; lead on to the first that is not done."""
    found = find(request, reference)
    if found.state not in WITH_RECEIVER:
        return redirect(found)
    return _show(request, found, "list", {}, at=now())


@require_http_methods(["GET", "POST"])
def step(request: ActorRequest, reference: str, code: str) -> HttpResponse:
    """Show a step with what was kept or is drafted; save it and go on. A refusal keeps every word."""
    found, at = find(request, reference), now()
    if request.method == "GET":
        return _page(request, found, code, at=at) if found.state in WITH_RECEIVER else redirect(found)
    form: Any = _form(code, found, request.POST, at=at)
    if not form.is_valid():
        return _page(request, found, code, form, at=at)
    do = request.POST.get("do", "")
    does = _save(code, form, do)
    refusal = save(
        request,
        found,
        form,
        does.service,
        clears=place_of(code, found),
        # Once it is complete or withdrawn, the service says by whom.
        before=(lambda: require_seen(form, found, request)) if found.state in WITH_RECEIVER else None,
        **does.given,
    )
    if refusal is None:
        return _go_on(request, found, code, does.said, later=do == LATER, at=at)
    if isinstance(refusal, MovedOn):
        form.data |= {"seen": form.mark(found)}
    return _page(request, found, code, form, at=at)


@require_http_methods(["GET", "POST"])
def complete(request: ActorRequest, reference: str) -> HttpResponse:
    """Show what part 2 says and who gets it, and complete it."""
    found, form, at = find(request, reference), OnceForm(request.POST or None), now()
    if request.method == "POST" and form.is_valid():
        if not save(request, found, form, services.complete_part_two):
            messages.success(request, f"Part 2 of {reference} is complete. The copies are on their way")
            return redirect(found)
    elif found.state not in WITH_RECEIVER:
        return redirect(found)
    sees = permissions.may_see_part_two(request.actor, found)
    return _show(
        request, found, COMPLETE, {"form": form, "part_2": part_2_of(found, request.actor) if sees else None}, at=at
    )


def find(request: ActorRequest, reference: str) -> FeedbackForm:
    """Return the form for its receiving team leader. Raises NotThere, or Refused for others who may see it."""
    found = FeedbackForm.objects.for_page().with_reference(reference, seen_by=request.actor)
    if not permissions.is_receiving_leader(request.actor, found):
        raise Refused("Only the receiving team leader can do this")
    return found


def _form(code: str, found: FeedbackForm, data: Any = None, *, at: datetime, **given: Any) -> StepForm:
    if code == DISCUSS:
        given["person"] = str(found.person)
    if code == ONE_TO_ONE:
        given |= {"first": uk_day(part_two_of(found).discussed_at or at), "today": uk_day(at)}
    return FORMS[code](data, **given)


def _save(code: str, form: Any, do: str) -> Save:
    given: dict[str, Any] = {"given": form.given}
    if code == PLAN:
        return Save(services.plan_development, given | {"words": form.cleaned_data["words"]})
    if code == DISCUSS and do == RECORD:
        return Save(services.record_discussion, given, "The discussion is recorded")
    return Save(services.save_part_two, given)


def _go_on(
    request: ActorRequest, found: FeedbackForm, code: str, said: str, *, later: bool, at: datetime
) -> HttpResponse:
    """Lead on to the next unfinished step, the list being no stop between."""
    if said:
        messages.success(request, said)
    if later:
        return redirect("feedback:part_two", found.reference)
    following = next_step(steps_of(find(request, found.reference), at=at), after=code)
    return redirect(f"feedback:{following}", found.reference)


def _page(
    request: ActorRequest, found: FeedbackForm, code: str, form: StepForm | None = None, *, at: datetime
) -> HttpResponse:
    link = reverse(f"feedback:{code}", args=[found.reference])
    draft = open_place(
        request.actor, place_of(code, found), title=f"{TITLES[code]}, {found.reference}, part 2", link=link
    )
    if form is None:
        # A box that was unticked is no word of a draft: so a draft stands for the whole step.
        kind = FORMS[code]
        stands = kind.stored(found) if draft.kept_at is None else dict(draft.words)
        form = _form(code, found, at=at, initial=stands | {"seen": kind.mark(found)})
    return _show(request, found, code, {"form": form, "draft": draft}, at=at)


def _show(request: ActorRequest, found: FeedbackForm, code: str, more: dict[str, Any], *, at: datetime) -> HttpResponse:
    """Answer with a page of part 2: how far it is, and part 1 beside it to who may still read that."""
    steps = steps_of(found, at=at)
    context = {
        "feedback": found,
        "code": code,
        "steps": steps,
        "here": next((each for each in steps if each.code == code), None),
        "following": next_step(steps),
        "part_1": _part_1(request, found),
        "left": waited(at, found.due_at) if at < found.due_at else "",
        "managers": [one for one in found.recipients.all() if Part(one.part) in MANAGERS],
        "now": at,
        **more,
    }
    return render(request, f"complaints_feedback/part_two/{code}.html", context)


def _part_1(request: ActorRequest, found: FeedbackForm) -> Sheet | None:
    return part_1_of(found, request.actor) if permissions.may_see_part_one(request.actor, found) else None
