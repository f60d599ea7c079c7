"""The page of one incident, and writing to somebody from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contacthub.actor import Actor
from contacthub.callbacks.models import Callback
from contacthub.callbacks.services import open_callback_of
from contacthub.cases.services import visible_among
from contacthub.cases.timeline import timeline
from contacthub.clock import now
from contacthub.deadlines.explaining import explain_latest
from contacthub.errors import DomainError, MovedOn, NotSetUp
from contacthub.formats import uk_day
from contacthub.mail.listing import mails_of
from contacthub.mail.models import Message
from contacthub.mail.services import Preview, tell_administrators
from contacthub.mail.standing import Standing, standing
from contacthub.people.middleware import ActorRequest
from contacthub.submissions.acts import on_page
from contacthub.submissions.services import Offer, caller_of, once, open_place
from contacthub.ui.forms import show_refusal
from jobmatch_helpdesk import permissions, services
from jobmatch_helpdesk.acts import ACTS, BY_NAME
from jobmatch_helpdesk.forms import ReplyForm
from jobmatch_helpdesk.lifecycle import WITH_THE_HELPDESK, IncidentState
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.raising import missing_from
from jobmatch_helpdesk.views.queue import go_to_next


@dataclass(frozen=True)
class Writing:
    """A way of writing to somebody: what is shown before it goes, the service that sends it, what is said then.

    `is_answer` is one that keeps the template it began from.
    """

    preview: Callable[..., Preview | None]
    send: Callable[..., Incident]
    then: str
    done: str
    is_answer: bool = True


INSERT = "insert-template"
SENDING = {"send", "send-and-next"}
WAYS = {
    "reply": Writing(services.preview_reply, services.reply, "Resolved", "is answered: your reply goes to {to}"),
    "ask": Writing(
        services.preview_question,
        services.ask,
        "Waiting for an answer",
        "waits: your question goes to {to}",
        is_answer=False,
    ),
    "ask-for-call": Writing(
        services.preview_call, services.ask_for_call, "Callback pending", "waits for the call that you asked for"
    ),
}


@require_GET
def incident(request: ActorRequest, reference: str) -> HttpResponse:
    return show(request, find(request.actor, reference))


@require_http_methods(["GET", "POST"])
def write(request: ActorRequest, reference: str, way: str) -> HttpResponse:
    """Preview what was written, send it, or go back to change it; a refusal keeps the text as it was typed."""
    found = find(request.actor, reference)
    if request.method == "GET":
        return redirect(found)
    form = ReplyForm(request.POST)
    do = request.POST.get("do", "preview")
    sound = form.is_valid()
    try:
        if sound and do in SENDING:  # a second press is known by its key, whatever the first has changed
            return _send(request, found, form, way, and_next=do == "send-and-next", at=now())
        services.require_mine(request.actor, found)
        if sound and do != "change":
            return _preview_page(request, found, form, way)
    except MovedOn as refusal:
        return show(request, find(request.actor, reference), form, refusal=refusal)
    except DomainError as refusal:
        if isinstance(refusal, NotSetUp):
            tell_administrators(refusal, case=found.case, at=now())
        show_refusal(form, refusal)
    return show(request, found, form)


@require_POST
def act(request: ActorRequest, reference: str, name: str) -> HttpResponse:
    """Do one of the acts of the page; a refusal shows it again with what was typed."""
    found = find(request.actor, reference)
    act = BY_NAME[name]
    at = now()
    form = act.form_for(request.POST, **_handed(request.actor, found, at=at))
    if act.press(found, form, by=request.actor, at=at):
        messages.success(request, f"{reference}: {act.label.lower()}, done")
        return redirect("home" if request.POST.get("then") == "home" else found)
    return show(request, find(request.actor, reference), refused=(name, form))


def _send(
    request: ActorRequest, found: Incident, form: ReplyForm, way: str, *, and_next: bool, at: datetime
) -> HttpResponse:
    key, given = form.cleaned_data["key"], {"text": form.cleaned_data["text"]}
    if WAYS[way].is_answer:
        given["template_id"] = form.cleaned_data["began_from"]
    once(
        key=key,
        caller=caller_of(request.actor),
        request={way: found.reference, **given},
        at=at,
        do=lambda: WAYS[way].send(incident_id=found.pk, **given, by=request.actor, at=at).reference,
        clears=_place_of_reply(found),
    )
    to = services.question_goes_to(found) if way == "ask" else services.destination_of(found).address
    messages.success(request, f"{found.reference} {WAYS[way].done.format(to=to)}")
    return go_to_next(request, key=f"{key}:next", at=at) if and_next else redirect(found)


def _preview_page(request: ActorRequest, found: Incident, form: ReplyForm, way: str) -> HttpResponse:
    mail = WAYS[way].preview(incident=found, text=form.cleaned_data["text"], by=request.actor)
    call = services.call_of(found) if way != "ask" and found.needs_call else None
    context = {
        "incident": found,
        "way": way,
        "mail": mail,
        "copies": services.destination_of(found).copies if way == "reply" else [],
        "call": call,
        "then": "Callback pending" if call else WAYS[way].then,
    }
    return render(request, "jobmatch_helpdesk/reply_preview.html", context | form.cleaned_data)


def show(
    request: ActorRequest,
    found: Incident,
    form: ReplyForm | None = None,
    *,
    refusal: MovedOn | None = None,
    refused: tuple[str, Form] | None = None,
) -> HttpResponse:
    """Answer with the page of the incident; `refused` is the name of what was refused, and its form."""
    moment = now()
    actor = request.actor
    is_mine = found.state == IncidentState.ASSIGNED and permissions.is_with(actor, found)
    draft = _draft_of_reply(actor, found) if is_mine else None
    if form is None:
        form = ReplyForm(initial=draft.words if draft else None)
    said = _conversation(found, now=moment)
    closed_to_work = found.state not in WITH_THE_HELPDESK
    happened = timeline(found, words_of=permissions.words_readable_by(actor))
    context = {
        "incident": found,
        "is_mine": is_mine,
        "reply_form": form if is_mine else None,
        "form": refused[1] if refused else form if is_mine else None,
        "closed_to_work": closed_to_work,
        "draft": draft,
        "templates": services.choices_for(found) if is_mine else None,
        "insert": refused[1] if refused and refused[0] == INSERT else None,
        "acts": on_page(ACTS, actor, found, refused=refused, **_handed(actor, found, at=moment)),
        "may_call_only": is_mine and services.may_ask_for_call_only(found),
        "next_key": uuid4() if permissions.may_work_on_incidents(actor) and not is_mine else None,
        "route": found.route,
        "destination": services.destination_of(found),
        "call": services.call_of(found) if found.needs_call else None,
        "callback": _callback_of(actor, found),
        "missing": missing_from(found) if not closed_to_work else (),
        "may_change": permissions.may_change(actor, found),
        "act_by": services.act_by(found) if found.is_escalated else None,
        "said": said,
        "mails": mails_of(found.case, now=moment),
        "timeline": happened,
        "worked_out": explain_latest(found.case, "first_reply"),
        "why_next": next((entry.words for entry in happened if entry.kind == "take"), "") if is_mine else "",
        "moved_on": _moved_on(refusal, form, said) if refusal else None,
        "now": moment,
    }
    return render(request, "jobmatch_helpdesk/incident.html", context, status=409 if refusal else 200)


def _callback_of(actor: Actor, found: Incident) -> Callback | None:
    """Return the call that the incident waits for, where the actor may see that."""
    callback = open_callback_of(found.case) if found.state == IncidentState.CALLBACK_PENDING else None
    return callback if callback and callback.pk in visible_among(actor, [callback.pk]) else None


def _handed(actor: Actor, found: Incident, *, at: datetime) -> dict[str, Any]:
    """Return what the forms of the acts need."""
    return {
        "agents": [*permissions.agents(on=uk_day(at))] if permissions.may_lead(actor) else [],
        "addresses": services.addresses_of_reply(found),
        "by_telephone": permissions.may_work_on_incidents(actor),
        "at": at,
    }


def _conversation(found: Incident, *, now: datetime) -> list[dict[str, Any]]:
    """Return what went out and what came back, oldest first."""
    replies = found.replies.select_related("by", "message")
    questions = found.questions.select_related("by", "message", "answered_by")
    said: list[dict[str, Any]] = [
        *({"what": "replied", "one": one, "message": _standing(one.message, now)} for one in replies),
        *({"what": "asked", "one": one, "message": _standing(one.message, now)} for one in questions),
    ]
    return sorted(said, key=lambda entry: entry["one"].at)


def _standing(message: Message | None, now: datetime) -> Standing | None:
    return standing(message, now=now) if message else None


def _place_of_reply(incident: Incident) -> str:
    return f"jobmatch:reply:{incident.reference}"


def _draft_of_reply(actor: Actor, incident: Incident) -> Offer:
    title = f"Reply, {incident.reference} {incident.customer_name}"
    return open_place(actor, _place_of_reply(incident), title=title, link=incident.get_absolute_url())


def _moved_on(refusal: MovedOn, form: ReplyForm, said: list[dict[str, Any]]) -> dict[str, Any]:
    theirs = said[-1]["one"].text if said else ""
    return {"words": refusal.message, "at": refusal.at, "theirs": theirs, "yours": form.data.get("text", "")}


def find(actor: Actor, reference: str) -> Incident:
    """Return the incident with what its page shows. Raises NotThere."""
    incidents = Incident.objects.select_related("assigned_to", "site", "raised_by")
    return incidents.with_reference(reference, seen_by=actor)
