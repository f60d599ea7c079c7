"""The calls of one queue: who rings whom next."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_fsm import can_proceed

from contacthub.actor import Actor
from contacthub.callbacks import permissions, services
from contacthub.callbacks.acts import ALLOCATE
from contacthub.callbacks.ageing import Share, shares_of
from contacthub.callbacks.forms import QueueFilterForm
from contacthub.callbacks.lifecycle import CallbackState
from contacthub.callbacks.listing import LETTERS, Caller, Lists, callers_for
from contacthub.callbacks.models import Callback, Queue
from contacthub.callbacks.views.callbacks import find
from contacthub.clock import now
from contacthub.deadlines.forms import lines_of
from contacthub.errors import NotThere
from contacthub.people.middleware import ActorRequest
from contacthub.submissions.forms import OnceForm
from contacthub.submissions.services import caller_of, once
from contacthub.ui.listing import FilterForm, shown

PAGE = 50


@require_GET
def queue(request: ActorRequest, code: str) -> HttpResponse:
    return _show(request, find_queue(request.actor, code))


@require_http_methods(["GET", "POST"])
def take_next(request: ActorRequest, code: str) -> HttpResponse:
    """Take the next call of the queue and open it; the same press takes it once."""
    found, form, at = find_queue(request.actor, code), OnceForm(request.POST), now()
    if not form.is_valid():
        return redirect(found)
    taken = _take_once(found, request.actor, form.cleaned_data["key"], at)
    if taken and not _is_still_to_do(request.actor, taken):
        taken = _take_once(found, request.actor, str(uuid4()), at)  # an old page has an old key
    if taken:
        return redirect("callbacks:callback", taken)
    messages.info(request, f"No call of {found} waits for you")
    return redirect(found)


@require_POST
def allocate(request: ActorRequest, reference: str) -> HttpResponse:
    """Give a call to somebody, and offer the next one; a refusal shows the queue with what was chosen."""
    found, at = find(request.actor, reference), now()
    form = ALLOCATE.form_for(request.POST, callers=callers_for(found.queue, at=at))
    if ALLOCATE.press(found, form, by=request.actor, at=at):
        given = Callback.objects.select_related("allocated_to").get(pk=found.pk)
        messages.success(request, f"{reference} is with {given.allocated_to}")
        return redirect(found.queue)
    return _show(request, found.queue, refused=(find(request.actor, reference), form))


def find_queue(actor: Actor, code: str) -> Queue:
    """Return the queue, or raise NotThere, also where its calls are not this person's to see."""
    found = Queue.objects.visible_to(actor).select_related("unit", "lead").filter(code=code).first()
    if found is None:
        raise NotThere
    return found


def _show(request: ActorRequest, found: Queue, *, refused: tuple[Callback, Form] | None = None) -> HttpResponse:
    """Answer with the page of the queue; `refused` is the call that was not allocated, and its form."""
    actor, moment = request.actor, now()
    callers = callers_for(found, at=moment)
    form = _filter_form(request, callers)
    lists = Lists(actor, form.asked, moment, found)
    page = lists.page(cursor=request.GET.dict(), size=PAGE)
    listed = shown(form, lists, page)
    box = _allocation(request, found, callers, refused)
    context: dict[str, Any] = {
        **listed,
        "queue": found,
        "open": listed["counts"]["open"],
        "overdue": listed["counts"]["overdue"],
        "share": shares_of([found.pk], at=moment).get(found.pk, Share()),
        "letters": lines_of(page.rows, actor, back=request.get_full_path()) if lists.view == LETTERS else None,
        "box": box,
        "gives": permissions.has_others_to_give_to(actor, found),
        "form": refused[1] if refused else None,
        "next_key": uuid4() if _may_ask_for_next(actor, found) else None,
        "now": moment,
    }
    is_late = refused and not can_proceed(refused[0].allocate, check_conditions=False)
    return render(request, "callbacks/queue.html", context, status=409 if is_late else 200)


def _filter_form(request: ActorRequest, callers: list[Caller]) -> FilterForm:
    """Return the filter as asked; letters have no age and nobody who calls."""
    known = {"views": Lists.VIEWS, "orders": Lists.ORDERS}
    if request.GET.get("view") == LETTERS:
        form = FilterForm(request.GET, **known)
    else:
        form = QueueFilterForm(request.GET, **known, people=[caller.person for caller in callers])
    form.is_valid()
    return form


def _allocation(
    request: ActorRequest, found: Queue, callers: list[Caller], refused: tuple[Callback, Form] | None
) -> dict[str, Any] | None:
    """Return what the box shows that allocates: the call asked for or else, in a queue of JD's kind, the next."""
    if refused:
        return {"callback": refused[0], "form": refused[1], "asked": True}
    if not permissions.has_others_to_give_to(request.actor, found):
        return None
    queued = Callback.objects.queued().filter(queue=found)
    asked = queued.filter(case__reference=request.GET.get("allocate", "").upper().replace("\0", "")).first()
    may_only_give = not permissions.may_take(request.actor, found)
    callback = asked or (queued.in_calling_order().first() if may_only_give else None)
    if callback is None:
        return None
    return {"callback": callback, "form": ALLOCATE.form_for(callers=callers), "asked": asked is not None}


def _may_ask_for_next(actor: Actor, found: Queue) -> bool:
    """Say if the actor gets calls here: takes them, or is given them and does not give them."""
    works_here = found.unit_id in actor.unit_ids
    is_given = bool(found.allocator_role) and works_here and not permissions.may_allocate(actor, found)
    return permissions.may_take(actor, found) or is_given


def _is_still_to_do(actor: Actor, reference: str) -> bool:
    mine = Callback.objects.in_hands_of(actor.person_id).filter(state=CallbackState.ALLOCATED)
    return mine.filter(case__reference=reference).exists()


def _take_once(found: Queue, actor: Actor, key: str, at: datetime) -> str:
    """Return the reference of what the key took, "" where nothing waits."""

    def take() -> str:
        callback = services.take_next(queue_id=found.pk, by=actor, at=at)
        return callback.reference if callback else ""

    return once(key=key, caller=caller_of(actor), request={"next": found.code}, at=at, do=take)
