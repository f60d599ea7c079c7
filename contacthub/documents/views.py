from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.http import FileResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from contacthub.clock import now
from contacthub.documents import services, storage
from contacthub.documents.models import Document

if TYPE_CHECKING:
    from contacthub.people.middleware import ActorRequest

logger = logging.getLogger(__name__)


@require_GET
def document(request: ActorRequest, document_id: int) -> HttpResponseBase:
    """Hand out a file, to be saved and never shown in place: what is in it was written by others."""
    found = services.open_document(document_id=document_id, by=request.actor, at=now())
    if not found.is_clean:
        return _not_handed_out(request, found, status=409)
    try:
        file = storage.open_kept(found.stored_as)
    except OSError:
        logger.exception("The file of document %s cannot be read", found.pk)
        return _not_handed_out(request, found, status=500)
    return _kept_by_nobody(FileResponse(file, as_attachment=True, filename=found.name, content_type=found.media_type))


def _not_handed_out(request: ActorRequest, found: Document, *, status: int) -> HttpResponseBase:
    return _kept_by_nobody(render(request, "documents/not_handed_out.html", {"document": found}, status=status))


def _kept_by_nobody(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
