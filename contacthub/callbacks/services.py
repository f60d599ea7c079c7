"""Who must be rung."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contacthub.actor import Actor
from contacthub.callbacks.models import Callback, Queue
from contacthub.cases.models import Case
from contacthub.cases.services import open_record, record_event


@dataclass(frozen=True)
class CallSheet:
    """What the caller needs: whom to ring, in which language (`en`, `cy`), and the words to read out."""

    customer_name: str
    telephone: str
    language: str
    words: str


def request_callback(*, about: Case, queue: Queue, call: CallSheet, by: Actor, at: datetime) -> Callback:
    """Ask the staff of a queue to ring somebody (UJ-16, UJ-17, UJ-23); the caller holds the lock of `about`."""
    callback = open_record(
        Callback,
        queue=queue,
        about=about,
        customer_name=call.customer_name,
        telephone=call.telephone,
        language=call.language,
        words=call.words,
        requested_at=at,
    )
    record_event(callback, "requested", by=by, at=at, after="queued")
    return callback
