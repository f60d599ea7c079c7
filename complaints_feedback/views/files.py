"""Somebody's personal file: for them and for who leads them today. Each opening of an entry is recorded (CF-42)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from complaints_feedback import services
from complaints_feedback.models import PersonalFileEntry
from complaints_feedback.parts import sheets_of_entry
from complaints_feedback.views.led import find
from contacthub import keyset
from contacthub.cases.services import events_about
from contacthub.cases.timeline import entries
from contacthub.clock import now
from contacthub.errors import NotThere
from contacthub.people.directory import Chain, line_in
from contacthub.people.middleware import ActorRequest

PAGE = 50


@require_GET
def file(request: ActorRequest, number: str) -> HttpResponse:
    """List the entries of the file, newest first. Nothing of it is opened by that."""
    chain = find(request, number, at=now())
    rows = PersonalFileEntry.objects.of(chain.person.pk).select_related("person", "form__case", "form__part_two")
    page = keyset.page(rows, key=("filed_at", "pk"), asked=request.GET.dict(), size=PAGE, newest_first=True)
    return _show(request, "file", chain, page=page)


@require_GET
def entry(request: ActorRequest, number: str, entry_id: int) -> HttpResponse:
    """Show what was filed, and who has opened it, this reader first."""
    at = now()
    chain, found = _open(request, number, entry_id, at=at)
    events = events_about(found)
    page = keyset.page(events, key=("pk",), asked=request.GET.dict(), size=PAGE, newest_first=True)
    openings = entries(found, page.rows, words_of=())
    return _show(request, "entry", chain, entry=found, parts=sheets_of_entry(found), timeline=openings, page=page)


@require_GET
def entry_pdf(request: ActorRequest, number: str, entry_id: int) -> HttpResponse:
    """Hand out an entry to print, which opens it too."""
    at = now()
    _, found = _open(request, number, entry_id, at=at)
    headers = {
        "Content-Disposition": f'attachment; filename="{found.form.reference}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(services.print_entry(found, at=at), content_type="application/pdf", headers=headers)


def _open(request: ActorRequest, number: str, entry_id: int, *, at: datetime) -> tuple[Chain, PersonalFileEntry]:
    """Open an entry of this person's file. Raises NotThere where it is that of somebody else, and opens nothing."""
    chain = find(request, number, at=at)
    if not PersonalFileEntry.objects.of(chain.person.pk).filter(pk=entry_id).exists():
        raise NotThere
    return chain, services.open_file_entry(entry_id=entry_id, by=request.actor, at=at)


def _show(request: ActorRequest, name: str, chain: Chain, **more: Any) -> HttpResponse:
    context = {
        "person": chain.person,
        "is_own": request.actor.staff_id == chain.person.pk,
        "line": line_in(chain),
        **more,
    }
    return render(request, f"complaints_feedback/people/{name}.html", context)
