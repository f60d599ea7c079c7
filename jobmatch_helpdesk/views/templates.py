"""Reply templates: the list, and the page on which a lead writes one."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from contacthub import keyset
from contacthub.actor import Actor
from contacthub.cases.services import events_about
from contacthub.cases.timeline import entries
from contacthub.clock import now
from contacthub.errors import DomainError, MovedOn, NotThere
from contacthub.people.middleware import ActorRequest
from contacthub.submissions.services import Offer, caller_of, once, open_place
from contacthub.ui.forms import show_refusal
from jobmatch_helpdesk import permissions, services
from jobmatch_helpdesk.forms import TemplateForm, start_from
from jobmatch_helpdesk.models import ReplyTemplate

TEMPLATES_PAGE = 50
CHANGES_PAGE = 10


@require_GET
def templates(request: ActorRequest) -> HttpResponse:
    _require_keeper(request.actor)
    rows = ReplyTemplate.objects.brief()
    page = keyset.page(rows, key=("topic", "title", "pk"), asked=request.GET.dict(), size=TEMPLATES_PAGE)
    by_topic = [(topic, [*rows]) for topic, rows in groupby(page.rows, key=lambda template: template.topic_label)]
    return render(request, "jobmatch_helpdesk/templates.html", {"by_topic": by_topic, "page": page})


@require_http_methods(["GET", "POST"])
def template(request: ActorRequest, template_id: int | None = None) -> HttpResponse:
    """Write a new template, or change one; a refusal keeps every word."""
    _require_keeper(request.actor)
    stands = _find(template_id) if template_id else None
    if request.method == "GET":
        return _page(request, stands)
    form = TemplateForm(request.POST)
    if not form.is_valid():
        return _page(request, stands, form)
    try:
        _save_once(request, form, stands)
    except MovedOn as refusal:
        return _changed_meanwhile(request, refusal, _find(stands.pk) if stands else None)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return _page(request, stands, form)
    messages.success(request, f"“{form.wording.title}” is saved")
    return redirect("jobmatch:templates")


def _save_once(request: ActorRequest, form: TemplateForm, stands: ReplyTemplate | None) -> None:
    by, at, wording, version = request.actor, now(), form.wording, form.cleaned_data["version"]

    def save() -> str:
        if stands is None:
            return str(services.add_template(wording=wording, by=by, at=at))
        given = {"template_id": stands.pk, "version": version, "wording": wording}
        return str(services.change_template(**given, by=by, at=at))

    once(
        key=form.cleaned_data["key"],
        caller=caller_of(by),
        request={"template": stands.pk if stands else "new", "version": version, **asdict(wording)},
        at=at,
        do=save,
        clears=_place(stands),
    )


def _changed_meanwhile(request: ActorRequest, refusal: MovedOn, stands: ReplyTemplate | None) -> HttpResponse:
    """Show what stands now beside what was written: the next press puts these words in its place.

    So does a press of Save on an old page, to which somebody went back.
    """
    version = stands.version if stands else 0
    form = TemplateForm({**request.POST.dict(), "key": str(uuid4()), "version": version})
    then = "Compare your words with what stands now" if stands else "To make another template, enter another title"
    form.add_error(None, f"{refusal.message}. {then}, then save")
    return _page(request, stands, form, refused=True)


def _page(
    request: ActorRequest, stands: ReplyTemplate | None, form: TemplateForm | None = None, *, refused: bool = False
) -> HttpResponse:
    draft = _draft(request.actor, stands)
    start = start_from(stands) if stands else {"version": 0, "offered": "yes"}
    context = {
        "template": stands,
        "form": form or TemplateForm(initial=start | draft.words),
        "draft": draft,
        "changed": bool(stands and refused) or (form is None and _is_outdated(draft, stands)),
        **_changes(request, stands),
        "now": now(),
    }
    return render(request, "jobmatch_helpdesk/template.html", context, status=409 if refused else 200)


def _changes(request: ActorRequest, stands: ReplyTemplate | None) -> dict[str, Any]:
    """Return a page of the history of the template, for the page."""
    if stands is None:
        return {"timeline": [], "page": None}
    page = keyset.page(
        events_about(stands), key=("pk",), asked=request.GET.dict(), size=CHANGES_PAGE, newest_first=True
    )
    return {"timeline": entries(stands, page.rows, words_of=ReplyTemplate.EVENT_LABELS), "page": page}


def _is_outdated(draft: Offer, stands: ReplyTemplate | None) -> bool:
    """Say if the template was changed after the draft was kept."""
    return bool(stands and draft.kept_at and events_about(stands).filter(at__gt=draft.kept_at).exists())


def _find(template_id: int) -> ReplyTemplate:
    found: ReplyTemplate | None = ReplyTemplate.objects.filter(pk=template_id).first()
    if found is None:
        raise NotThere
    return found


def _place(stands: ReplyTemplate | None) -> str:
    return f"jobmatch:template:{stands.pk if stands else 'new'}"


def _draft(actor: Actor, stands: ReplyTemplate | None) -> Offer:
    title = f"Reply template, {stands}" if stands else "New reply template"
    link = stands.get_absolute_url() if stands else reverse("jobmatch:new_template")
    return open_place(actor, _place(stands), title=title, link=link)


def _require_keeper(actor: Actor) -> None:
    if not permissions.may_keep_templates(actor):
        raise PermissionDenied("Only a Helpdesk lead or an administrator keeps reply templates")
