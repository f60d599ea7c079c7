"""The same form or request twice does the thing once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from contacthub.errors import MovedOn
from contacthub.submissions.models import Submission


def once(*, key: str, caller: str, request: dict[str, Any], at: datetime, do: Callable[[], str]) -> str:
    """Do the thing in one transaction and return its answer (a reference); a repeat gets the first one's answer.

    `key` was made with the form, `caller` is `staff:<id>` or `public:<session>`, `request` is what was sent. A second
    press waits for the first. A refusal is not kept. Raises MovedOn where the same key comes with other words.
    """
    request_hash = hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).hexdigest()
    with transaction.atomic():
        Submission.objects.bulk_create(
            [Submission(key=key, caller=caller, request_hash="", at=at)], ignore_conflicts=True
        )
        kept = Submission.objects.select_for_update().get(caller=caller, key=key)
        if not kept.request_hash:
            kept.request_hash = request_hash
            kept.answer = do()
            kept.save()
        elif kept.request_hash != request_hash:
            raise MovedOn(f"You have already sent this: {kept.answer}", at=kept.at)
        return kept.answer
