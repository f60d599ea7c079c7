"""Put a reply template into the reply that somebody writes."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from contacthub.errors import MovedOn, Refused, RuleBroken
from contacthub.people.middleware import ActorRequest
from jobmatch_helpdesk import services
from jobmatch_helpdesk.forms import InsertForm, ReplyForm
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.placeholders import unfilled
from jobmatch_helpdesk.views.incidents import INSERT, find, show


@require_http_methods(["GET", "POST"])
def insert_template(request: ActorRequest, reference: str) -> HttpResponse:
    """Show the page with the template's words under what was typed; a script of the page gets the words alone."""
    found = find(request.actor, reference)
    if request.method == "GET":
        return redirect(found)
    form = InsertForm(request.POST)
    words = ""
    if form.is_valid():
        chosen = form.cleaned_data["template"]
        try:
            words = services.words_of_template(incident=found, template_id=chosen, by=request.actor)
        except MovedOn as refusal:
            if _asks_for_words_alone(request):
                return JsonResponse({"why": refusal.message}, status=409)
            return show(request, found, ReplyForm(request.POST), refusal=refusal)
        except (Refused, RuleBroken) as refusal:
            form.add_error("template", refusal.message)
    if _asks_for_words_alone(request):
        return _words_alone(form, words)
    return _with_words(request, found, form, words)


def _asks_for_words_alone(request: ActorRequest) -> bool:
    return not request.accepts("text/html")


def _words_alone(form: InsertForm, words: str) -> JsonResponse:
    if form.errors:
        return JsonResponse({"why": form.errors["template"][0]}, status=422)
    return JsonResponse({"words": words, "said": _said(words)})


def _with_words(request: ActorRequest, found: Incident, form: InsertForm, words: str) -> HttpResponse:
    typed = request.POST.get("text", "")
    began_from = request.POST.get("began_from") or (form.cleaned_data["template"] if words else "")
    kept = {"key": request.POST.get("key") or uuid4(), "began_from": began_from}
    reply = ReplyForm(initial=kept | {"text": _under(typed, words)})
    if form.errors:
        return show(request, found, reply, refused=(INSERT, form))
    reply.fields["text"].widget.attrs["autofocus"] = True
    messages.info(request, _said(words))
    return show(request, found, reply)


def _under(typed: str, words: str) -> str:
    """Return both, with an empty line between; what was typed stays as it is where there is nothing to add."""
    return f"{typed.rstrip()}\n\n{words}" if typed.strip() and words else words or typed


def _said(words: str) -> str:
    left = unfilled(words)
    return f"Inserted. Fill in {left}: the incident does not have it" if left else "Inserted. Check it before you send"
