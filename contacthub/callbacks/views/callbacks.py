"""The page of one callback: whom to ring, what to say, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST
from django_fsm import can_proceed

from contacthub.actor import Actor
from contacthub.callbacks import permissions, services
from contacthub.callbacks.acts import ACTS, BY_NAME, TAKE
from contacthub.callbacks.explaining import what_became, what_follows
from contacthub.callbacks.forms import AttemptForm
from contacthub.callbacks.models import Attempt, Callback
from contacthub.cases.services import visible_among
from contacthub.cases.timeline import timeline
from contacthub.clock import now
from contacthub.deadlines.ages import Ageing
from contacthub.errors import DomainError, MovedOn
from contacthub.people.middleware import ActorRequest
from contacthub.submissions.acts import on_page
from contacthub.submissions.services import Offer, caller_of, once, open_place
from contacthub.ui.forms import show_refusal


@require_GET
def callback(request: ActorRequest, reference: str) -> HttpResponse:
    return _show(request, find(request.actor, reference))


@require_POST
def record_attempt(request: ActorRequest, reference: str) -> HttpResponse:
    """Keep what came of ringing; a refusal keeps what was typed."""
    found, at = find(request.actor, reference), now()
    form = AttemptForm(request.POST, outcomes=services.offered_for(found))
    if not form.is_valid():
        return _show(request, found, form)
    try:
        _keep_once(found, form.cleaned_data, by=request.actor, at=at)
    except MovedOn as refusal:
        form.add_error(None, refusal.message)
        return _show(request, find(request.actor, reference), form, status=409)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return _show(request, find(request.actor, reference), form)
    mine = Attempt.objects.filter(callback_id=found.pk, by_id=request.actor.staff_id)
    attempt = mine.select_related("callback__case", "callback__queue__unit", "callback__allocated_to").latest("pk")
    tell = messages.warning if attempt.too_late else messages.success
    tell(request, f"{reference}: {what_became(attempt, at=at)}")
    return redirect(found)


@require_POST
def act(request: ActorRequest, reference: str, name: str) -> HttpResponse:
    """Do one of the acts of the page; a refusal shows it again with what was typed."""
    found, chosen = find(request.actor, reference), BY_NAME[name]
    form = chosen.form_for(request.POST)
    if chosen.press(found, form, by=request.actor, at=now()):
        messages.success(request, f"{reference}: {chosen.label.lower()}, done")
        return redirect(found)
    found = find(request.actor, reference)
    is_late = not can_proceed(getattr(found, name.replace("-", "_")), check_conditions=False)
    return _show(request, found, refused=(name, form), status=409 if is_late else 200)


def find(actor: Actor, reference: str) -> Callback:
    """Return the callback, or raise NotThere, also where it is not this person's to see."""
    seen = Callback.objects.select_related("queue__unit", "queue__lead", "words_by", "allocated_to", "about")
    found: Callback = seen.with_reference(reference, seen_by=actor)
    return found


def _keep_once(found: Callback, given: dict[str, Any], *, by: Actor, at: datetime) -> None:
    words = {name: value for name, value in given.items() if name != "key"}

    def keep() -> str:
        services.record_attempt(callback_id=found.pk, **words, by=by, at=at)
        return found.reference

    once(
        key=given["key"],
        caller=caller_of(by),
        request={"attempt": found.reference, **words},
        at=at,
        do=keep,
        clears=_place_of(found),
    )


def _show(
    request: ActorRequest,
    found: Callback,
    form: AttemptForm | None = None,
    *,
    refused: tuple[str, Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the page; `form` is an attempt that was refused, `refused` another act's name and its form."""
    actor, moment = request.actor, now()
    is_mine = found.is_open and permissions.holds(actor, found)
    draft = _draft_of(actor, found) if is_mine else None
    words = permissions.words_readable_by(actor, found.queue)
    context = {
        "callback": found,
        "is_mine": is_mine,
        "attempt_form": form or (_fresh(found, draft) if is_mine else None),
        "form": form or (refused[1] if refused else None),
        "draft": draft,
        "answered_at": services.answered_at(found) if is_mine else "",
        "answered_key": uuid4() if is_mine else None,
        "band": Ageing.of(found.due_at, moment),
        "follows": what_follows(found, at=moment) if is_mine else [],
        "take": TAKE.form_for() if TAKE.offered(actor, found) else None,
        "may_give": permissions.has_others_to_give_to(actor, found.queue),
        "next_key": uuid4() if not is_mine and not found.is_open and permissions.may_take(actor, found.queue) else None,
        "acts": on_page(ACTS, actor, found, refused=refused if refused and refused[0] != TAKE.name else None),
        "attempts": found.tries.select_related("by").order_by("-pk"),
        "reads_words": bool(words),
        "record": visible_among(actor, [found.about_id]).get(found.about_id),
        "timeline": timeline(found, words_of=words),
        "now": moment,
    }
    return render(request, "callbacks/callback.html", context, status=status)


def _fresh(found: Callback, draft: Offer | None) -> AttemptForm:
    return AttemptForm(initial=draft.words if draft else None, outcomes=services.offered_for(found))


def _place_of(callback: Callback) -> str:
    return f"callbacks:attempt:{callback.reference}"


def _draft_of(actor: Actor, callback: Callback) -> Offer:
    title = f"Notes of the call, {callback.reference} {callback.customer_name}"
    return open_place(actor, _place_of(callback), title=title, link=callback.get_absolute_url())
