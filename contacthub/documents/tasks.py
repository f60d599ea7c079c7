from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from celery import shared_task

from contacthub.clock import now
from contacthub.documents import scanning, services, storage
from contacthub.documents.models import Document
from contacthub.documents.retrying import LEASE
from contacthub.jobs.sweeps import SWEEP_BATCH, sweep

A_FOLDER_LASTS = timedelta(minutes=5)
LEASE_SECONDS = int(LEASE.total_seconds())


# Ended within the lease, whatever scanner was set up.
@shared_task(name="documents.scan", soft_time_limit=LEASE_SECONDS * 3 // 4, time_limit=LEASE_SECONDS - 5)
def scan_document(document_id: int) -> None:
    """Have a document looked at that found no scanner as it came. Safe to run again: only who takes the lease does."""
    document = services.take_to_scan(document_id, at=now())
    if document is None:
        return
    try:
        with storage.open_kept(document.stored_as) as file:
            verdict = scanning.scan(file)
    except Exception as trouble:  # whatever goes wrong is written on the row
        services.record_no_answer(document, trouble, at=now())
    else:
        services.record_verdict(document, verdict, at=now())


@sweep(every=timedelta(seconds=30), wakes="documents.scan")
def unscanned_documents(at: datetime) -> Iterable[int]:
    """Find what waits for a scanner that was away, or was left by a worker that died."""
    return Document.objects.due(at).values_list("pk", flat=True)[:SWEEP_BATCH]


@shared_task(name="documents.throw_away_orphans")
def throw_away_orphans(folder: int) -> None:
    """Throw away the files in a folder whose documents were never committed. Safe to run again."""
    services.throw_away_orphans(folder, at=now())


@sweep(every=A_FOLDER_LASTS, wakes="documents.throw_away_orphans")
def folder_of_the_moment(at: datetime) -> Iterable[int]:
    """Name one folder after the other, all within a day: what was rolled back has left no row to find it by."""
    return [int(at.timestamp() // A_FOLDER_LASTS.total_seconds()) % storage.FOLDERS]
