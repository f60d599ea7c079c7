"""What is attached to a case: taken, checked, handed out."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from pathlib import PurePath

from django.conf import settings
from django.core.files.base import File
from django.db import transaction

from contacthub.actor import Actor
from contacthub.cases.models import Case
from contacthub.cases.services import lock, record_event
from contacthub.documents import permissions, storage
from contacthub.documents.file_types import LONGEST_NAME, file_type
from contacthub.documents.models import Document, ScanState
from contacthub.documents.scanning import ScannerAway, Verdict, scan
from contacthub.errors import NotThere, RuleBroken
from contacthub.jobs.services import wake
from contacthub.ui.fields import without_hidden


@transaction.atomic
def attach(*, case: Case, kind: str, upload: File[bytes], by: Actor, at: datetime) -> Document:
    """Take a file into a case, which the caller has locked; nobody gets it before it `is_clean`.

    Where the scanner is away, the document waits for it (`scan_state`) and is looked at later. The disk has the file
    before this returns; where the caller's transaction is rolled back, a sweep removes it. Raises RuleBroken for the
    form field `kind`: of another type than those we take, empty, too big, not what its name says, malware, or beyond
    what the scanner can look at.
    """
    name = name_of(upload.name or "")
    media_type = file_type(name, upload, most=settings.DOCUMENT_MAX_BYTES, field=kind)
    state = _scanned(upload, field=kind)
    kept = storage.keep(upload.chunks())
    document = Document.objects.create(
        case=case,
        kind=kind,
        name=name,
        media_type=media_type,
        size=kept.size,
        sha256=kept.sha256,
        stored_as=kept.name,
        scan_state=state,
        next_attempt_at=at if state == ScanState.WAITING else None,
        attached_by_id=by.staff_id,
        attached_at=at,
    )
    record_event(document, "document_attached", by=by, at=at, words=name)
    if state == ScanState.WAITING:
        wake("documents.scan", document.pk)
    return document


def name_of(given: str) -> str:
    """Return the name of a file without folders or hidden characters; one that is too long keeps its ending."""
    name = without_hidden(unicodedata.normalize("NFC", given)).replace("\\", "/").rpartition("/")[2].strip()
    ending = PurePath(name).suffix[:20]
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - len(ending)] + ending


def _scanned(upload: File[bytes], *, field: str) -> ScanState:
    try:
        verdict = scan(upload)
    except ScannerAway:
        return ScanState.WAITING
    if verdict is Verdict.MALWARE:
        raise RuleBroken("The selected file contains a virus", code="file_malware", field=field)
    if verdict is Verdict.UNSURE:
        raise RuleBroken(
            "The selected file could not be checked for viruses. Save it smaller or simpler, and select it again",
            code="file_unchecked",
            field=field,
        )
    return ScanState.CLEAN


def open_document(*, document_id: int, by: Actor, at: datetime) -> Document:
    """Return a document that this person may open, and keep that they did where its app asks for that.

    Raises NotThere where they may not; the caller looks whether it `is_clean`.
    """
    document = Document.objects.select_related("case").filter(pk=document_id).first()
    if document is None:
        raise NotThere
    permissions.require_can_open(by, document)
    if document.is_clean and document.kind in permissions.reactions_for(document).OPENINGS_KEPT:
        with transaction.atomic():
            lock(document.case_id)
            permissions.require_can_open(by, document)  # who may, may have changed while we waited
            record_event(document, "document_opened", by=by, at=at, words=document.name)
    return document
