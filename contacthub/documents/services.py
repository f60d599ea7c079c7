"""What is attached to a case: taken, checked, handed out."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from pathlib import PurePath

from django.conf import settings
from django.core.files.base import File
from django.db import transaction

from contacthub.actor import CLOCK, Actor
from contacthub.cases.models import Case
from contacthub.cases.services import lock, record_event
from contacthub.documents import permissions, storage
from contacthub.documents.file_types import LETTERS, LONGEST_NAME, file_type
from contacthub.documents.models import Document, ScanState
from contacthub.documents.retrying import LEASE, next_scan
from contacthub.documents.scanning import ScannerAway, Verdict, scan
from contacthub.errors import NotThere, RuleBroken
from contacthub.jobs.services import wake
from contacthub.ui.fields import without_hidden

ORPHANS_LAST = timedelta(days=1)


@transaction.atomic
def attach(
    *,
    case: Case,
    kind: str,
    upload: File[bytes],
    taken: Collection[str] = LETTERS,
    field: str = "",
    by: Actor,
    at: datetime,
) -> Document:
    """Take a file into a case, which the caller has locked; nobody gets it before it `is_clean`.

    Where the scanner is away, the document waits for it (`scan_state`) and is looked at later. The disk has the file
    before this returns; where the caller's transaction is rolled back, a sweep removes it. Raises RuleBroken for the
    form field `field`, which is called like the `kind` unless it is given: of a type that is not `taken`, empty, too
    big, not what its name says, malware, or beyond what the scanner can look at.
    """
    name = name_of(upload.name or "")
    field = field or kind
    media_type = file_type(name, upload, most=settings.DOCUMENT_MAX_BYTES, field=field, taken=taken)
    scan_state = _scanned(upload, field=field)
    document = Document(case=case, kind=kind, name=name, media_type=media_type, scan_state=scan_state)
    _keep(document, upload.chunks(), by=by, at=at)
    if document.scan_state == ScanState.WAITING:
        wake("documents.scan", document.pk)
    return document


@transaction.atomic
def attach_made(*, case: Case, kind: str, name: str, pdf: bytes, by: Actor, at: datetime) -> Document:
    """Keep a PDF that we made of plain data ourselves in a case, which the caller has locked: nobody need scan it."""
    document = Document(case=case, kind=kind, name=name, media_type="application/pdf", scan_state=ScanState.CLEAN)
    return _keep(document, [pdf], by=by, at=at)


def _keep(document: Document, content: Iterable[bytes], *, by: Actor, at: datetime) -> Document:
    kept = storage.keep(content)
    document.size, document.sha256, document.stored_as = kept.size, kept.sha256, kept.name
    document.attached_by_id, document.attached_at = by.staff_id, at
    document.next_attempt_at = at if document.scan_state == ScanState.WAITING else None
    document.save()
    record_event(document, "document_attached", by=by, at=at, words=document.name)
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


def take_to_scan(document_id: int, *, at: datetime) -> Document | None:
    """Take the lease on a document that waits for the scanner, committed before anybody asks it; else None."""
    with transaction.atomic():
        due = Document.objects.due(at).select_for_update(of=("self",), skip_locked=True).select_related("case")
        document: Document | None = due.filter(pk=document_id).first()
        if document is None:
            return None
        lost_last = next_scan(attempts=document.attempts, at=at) is None
        document.take_lease(at=at, lasts=LEASE)
        document.save()
    if lost_last:
        record_no_answer(document, ScannerAway("the last attempt had no end"), at=at)
        return None
    return document


def record_verdict(document: Document, verdict: Verdict, *, at: datetime) -> None:
    """Note what the scanner found, on the timeline of the case too, and tell the app. Malware loses its file."""
    state, kind = {
        Verdict.CLEAN: (ScanState.CLEAN, "document_checked"),
        Verdict.MALWARE: (ScanState.MALWARE, "document_refused"),
        Verdict.UNSURE: (ScanState.UNCHECKED, "document_unchecked"),
    }[verdict]
    _end_scan(document, state, kind, words=document.name, at=at)


def record_no_answer(document: Document, trouble: Exception, *, at: datetime) -> None:
    """Have the scanner asked again later; once it was asked often enough, leave the document unchecked, with words."""
    again_at = next_scan(attempts=document.attempts, at=at)
    if again_at is None:
        _end_scan(document, ScanState.UNCHECKED, "document_unchecked", words=f"{document.name}: {trouble}", at=at)
        return
    with transaction.atomic():
        if ours := _still_ours(document):
            ours.give_back(again_at=again_at)
            ours.save()


def _end_scan(document: Document, state: ScanState, kind: str, *, words: str, at: datetime) -> None:
    with transaction.atomic():
        record = lock(document.case_id)
        ours = _still_ours(document)
        if ours is None:
            return
        ours.give_back(again_at=None)
        ours.scan_state = state
        ours.save()
        record_event(ours, kind, by=CLOCK, at=at, words=words)
        permissions.reactions_for(ours).scan_ended(record, ours, at)
    if state == ScanState.MALWARE:
        storage.throw_away(document.stored_as)


def _still_ours(document: Document) -> Document | None:
    """Return the row, locked, unless the lease ran out meanwhile and somebody else has taken the document."""
    rows = Document.objects.select_for_update(of=("self",)).select_related("case")
    return rows.filter(pk=document.pk, attempts=document.attempts, scan_state=ScanState.WAITING).first()


def throw_away_orphans(folder: int, *, at: datetime) -> int:
    """Throw away the files in one of the folders that no document names a day after they were written; return how many.

    A transaction that was rolled back leaves its file; one that is still open has a day to commit.
    """
    old = {*storage.names_in(folder, older_than=(at - ORPHANS_LAST).timestamp())}
    orphans = old - {*Document.objects.filter(stored_as__in=old).values_list("stored_as", flat=True)}
    for name in orphans:
        storage.throw_away(name)
    return len(orphans)


class NotReadable(Exception):
    """A document that cannot be handed on: its file is gone or damaged, or it is not clean."""


def content_of(document: Document) -> bytes:
    """Return the bytes that were attached. Raises NotReadable."""
    if not document.is_clean:
        raise NotReadable(f"“{document.short_name}” is {document.get_scan_state_display()}")
    try:
        with storage.open_kept(document.stored_as) as file:
            content = file.read()
    except OSError as trouble:
        raise NotReadable(f"The file of “{document.short_name}” cannot be read") from trouble
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise NotReadable(f"The file of “{document.short_name}” is damaged")
    return content


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
