from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contacthub import keyset
from contacthub.actor import PUBLIC, Actor
from contacthub.cases.timeline import timeline
from contacthub.clock import now
from contacthub.errors import DomainError, MovedOn, NotThere
from contacthub.mail.standing import standing
from contacthub.people.middleware import ActorRequest
from contacthub.submissions.services import Offer, caller_of, once, open_place
from jobmatch_helpdesk import permissions, services
from jobmatch_helpdesk.forms import ContactUsForm, NextForm, ReplyForm
from jobmatch_helpdesk.lifecycle import IncidentState
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.queries import QUEUE_ORDER

QUEUE_PAGE = 50
SENT = "contact_us_sent"  # what the public sees of its own message stands in the session


@login_not_required
@require_http_methods(["GET", "POST"])
def contact_us(request: HttpRequest) -> HttpResponse:
    if not request.session.session_key:
        request.session.create()
    form = ContactUsForm(request.POST or None)
    if form.is_valid():
        try:
            reference = _submit_once(request, form.cleaned_data, at=now())
        except MovedOn as refusal:
            form.add_error(None, refusal.message)
        else:
            request.session[SENT] = reference
            return redirect("jobmatch:contact_us_sent")
    return render(request, "jobmatch_helpdesk/contact_us.html", {"form": form})


def _submit_once(request: HttpRequest, words: dict[str, Any], *, at: datetime) -> str:
    given = {name: value for name, value in words.items() if name != "key"}
    return once(
        key=words["key"],
        caller=f"public:{request.session.session_key}",
        request=given,
        at=at,
        do=lambda: services.submit(**given, by=PUBLIC, at=at).reference,
    )


@login_not_required
@require_GET
def contact_us_sent(request: HttpRequest) -> HttpResponse:
    if SENT not in request.session:
        return redirect("jobmatch:contact_us")
    sent = Incident.objects.get(case__reference=request.session[SENT])
    return render(request, "jobmatch_helpdesk/contact_us_sent.html", {"sent": sent})


@require_GET
def queue(request: ActorRequest) -> HttpResponse:
    if not permissions.may_work_on_incidents(request.actor):
        raise PermissionDenied("Only the Universal Jobmatch Helpdesk sees this queue")
    waiting = Incident.objects.with_the_helpdesk().select_related("assigned_to")
    page = keyset.page(waiting, key=QUEUE_ORDER, asked=request.GET.dict(), size=QUEUE_PAGE)
    return render(
        request,
        "jobmatch_helpdesk/queue.html",
        {
            "rows": page.rows,
            "newer": page.newer,
            "older": page.older,
            "longest": Incident.objects.longest_waiting(),
            "next_key": uuid4(),
            "now": now(),
        },
    )


@require_POST
def take_next(request: ActorRequest) -> HttpResponse:
    form = NextForm(request.POST)
    if not form.is_valid():
        return redirect("jobmatch:queue")
    return _go_to_next(request, key=form.cleaned_data["key"], at=now())


def _go_to_next(request: ActorRequest, *, key: str, at: datetime) -> HttpResponse:
    try:
        taken = once(
            key=key, caller=caller_of(request.actor), request={}, at=at, do=lambda: _take_next(request.actor, at)
        )
    except DomainError as refusal:
        raise PermissionDenied(refusal.message) from refusal
    if taken:
        return redirect("jobmatch:incident", taken)
    messages.info(request, "Nothing is waiting for you")
    return redirect("jobmatch:queue")


def _take_next(actor: Actor, at: datetime) -> str:
    incident = services.take_next(by=actor, at=at)
    return incident.reference if incident else ""


@require_GET
def incident(request: ActorRequest, reference: str) -> HttpResponse:
    return _incident_page(request, _find(request.actor, reference))


@require_http_methods(["GET", "POST"])
def reply(request: ActorRequest, reference: str) -> HttpResponse:
    """Preview the reply, send it, or go back to change it; a refusal shows the incident with the text as typed."""
    found = _find(request.actor, reference)
    if request.method == "GET":
        return redirect(found)
    form = ReplyForm(request.POST)
    do = request.POST.get("do", "preview")
    if form.is_valid() and do != "change":
        try:
            if do == "preview":
                return _preview_page(request, found, form)
            return _send(request, found, form, and_next=do == "send-and-next", at=now())
        except NotThere as refusal:
            raise Http404(refusal.message) from refusal
        except MovedOn as refusal:
            return _incident_page(request, _find(request.actor, reference), form, refusal)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    return _incident_page(request, found, form)


def _send(request: ActorRequest, found: Incident, form: ReplyForm, *, and_next: bool, at: datetime) -> HttpResponse:
    key, text = form.cleaned_data["key"], form.cleaned_data["text"]
    once(
        key=key,
        caller=caller_of(request.actor),
        request={"reply": found.reference, "text": text},
        at=at,
        do=lambda: services.reply(incident_id=found.pk, text=text, by=request.actor, at=at).reference,
        clears=_place_of_reply(found),
    )
    messages.success(request, f"{found.reference} is answered: your reply goes to {found.reply_to}")
    return _go_to_next(request, key=f"{key}:next", at=at) if and_next else redirect(found)


def _preview_page(request: ActorRequest, found: Incident, form: ReplyForm) -> HttpResponse:
    mail = services.preview_reply(incident=found, text=form.cleaned_data["text"], by=request.actor)
    goes = [f"This email to {mail.to}. {found.route.because} ({found.row})"]
    context = {"incident": found, "mail": mail, "goes": goes} | form.cleaned_data
    return render(request, "jobmatch_helpdesk/reply_preview.html", context)


def _incident_page(
    request: ActorRequest, found: Incident, form: ReplyForm | None = None, refusal: MovedOn | None = None
) -> HttpResponse:
    moment = now()
    is_mine = found.state == IncidentState.ASSIGNED and permissions.is_with(request.actor, found)
    draft = _draft_of_reply(request.actor, found) if is_mine else None
    if form is None:
        form = ReplyForm(initial=draft.words if draft else None)
    replies = [
        {"at": sent.at, "by": sent.by, "to": sent.to, "text": sent.text, "message": standing(sent.message, now=moment)}
        for sent in found.replies.select_related("by", "message").order_by("at", "pk")
    ]
    happened = timeline(found, words_of=permissions.READABLE_WORDS)
    context = {
        "incident": found,
        "is_mine": is_mine,
        "form": form if is_mine else None,
        "draft": draft,
        "next_key": None if is_mine else uuid4(),
        "route": found.route,
        "replies": replies,
        "timeline": happened,
        "why_next": next((entry.words for entry in happened if entry.kind == "take"), "") if is_mine else "",
        "moved_on": _moved_on(refusal, form, replies) if refusal else None,
        "now": moment,
    }
    return render(request, "jobmatch_helpdesk/incident.html", context, status=409 if refusal else 200)


def _place_of_reply(incident: Incident) -> str:
    return f"jobmatch:reply:{incident.reference}"


def _draft_of_reply(actor: Actor, incident: Incident) -> Offer:
    title = f"Reply, {incident.reference} {incident.customer_name}"
    return open_place(actor, _place_of_reply(incident), title=title, link=incident.get_absolute_url())


def _moved_on(refusal: MovedOn, form: ReplyForm, replies: list[dict[str, Any]]) -> dict[str, Any]:
    theirs = replies[-1]["text"] if replies else ""
    return {"words": refusal.message, "at": refusal.at, "theirs": theirs, "yours": form.cleaned_data.get("text", "")}


def _find(actor: Actor, reference: str) -> Incident:
    found = Incident.objects.visible_to(actor).select_related("assigned_to").filter(case__reference=reference).first()
    if found is None:
        raise Http404(NotThere().message)
    return found
