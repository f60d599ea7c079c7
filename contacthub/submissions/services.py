"""The same form or request twice does the thing once; what is typed is kept until then; nobody comes too often."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from contacthub.actor import Actor, ActorKind
from contacthub.errors import MovedOn, NotThere, TooMany
from contacthub.formats import moment
from contacthub.submissions.models import Draft, Submission, Visits
from contacthub.submissions.places import Place

SENT_BEFORE = "sent_before"
FORGET_BATCH = 20
SENT_BATCH = 1_000


def once(
    *, key: str, caller: str, request: dict[str, Any], at: datetime, do: Callable[[], str], clears: str = ""
) -> str:
    """Do the thing in one transaction and return its answer (a reference); a repeat gets the first one's answer.

    `key` was made with the form, `caller` is `staff:<id>`, `key:<id>` or `public:<session>`, `request` is what was
    sent. A second press waits for the first. A refusal is not kept, nor is an empty answer: there was nothing to do.
    `clears` is the place of the draft that this sends. Raises MovedOn where the same key comes with other words.
    """
    request_hash = hashlib.sha256(json.dumps(request, sort_keys=True, default=_told).encode()).hexdigest()
    with transaction.atomic():
        mine = Submission.objects.claim(caller=caller, key=key, request_hash=request_hash, at=at)
        if mine is None:
            return _first_answer(caller, key, request_hash)
        answer = do()
        if answer:
            Submission.objects.settle(mine, answer=answer, place=clears)
        else:
            Submission.objects.filter(pk=mine).delete()
        if clears:
            _clear(caller, clears)
        return answer


def _told(value: Any) -> str:
    """Return what tells a value from another: of a file what is in it too, as scanners call every letter alike."""
    if not isinstance(value, File):
        return str(value)
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    return f"{value.name} {digest.hexdigest()}"


def _first_answer(caller: str, key: str, request_hash: str) -> str:
    kept = Submission.objects.get(caller=caller, key=key)
    if kept.request_hash != request_hash:
        words = gettext("You have already sent this: %(reference)s") % {"reference": kept.answer}
        raise MovedOn(words, at=kept.at, code=SENT_BEFORE)
    return kept.answer


def too_old(at: datetime) -> QuerySet[Submission]:
    """Return what was sent so long ago that no repeat of it is waited for any more, oldest first."""
    return Submission.objects.filter(at__lt=at - timedelta(days=settings.KEPT_DAYS)).order_by("at", "pk")


@transaction.atomic
def forget(*, at: datetime) -> None:
    """Forget a batch of what was sent too long ago, but for what somebody holds at this moment."""
    gone = too_old(at).select_for_update(skip_locked=True)[:SENT_BATCH]
    Submission.objects.filter(pk__in=[sent.pk for sent in gone]).delete()


def caller_of(by: Actor) -> str:
    """Return how `once` knows a member of staff, or a key."""
    return f"key:{by.key_id}" if by.kind is ActorKind.KEY else f"staff:{by.staff_id}"


def draft_of(by: Actor, place: str) -> Draft | None:
    """Return what this person, and nobody else, has kept at the place."""
    return Draft.objects.filter(person_id=by.staff_id, place=place).first()


@dataclass(frozen=True)
class Offer:
    """A place that a page opens, and what was kept there."""

    place: Place
    words: dict[str, str]
    kept_at: datetime | None


def open_place(by: Actor, name: str, *, title: str, link: str) -> Offer:
    """Return what a page needs to offer a draft and to keep it: `words` is the form's `initial`.

    The page includes "drafts/kept.html" in its form; `once(..., clears=name)` ends it. `title` and `link` lead back.
    """
    after = last_sent(by, name)  # before the draft is read: what is sent in between makes the page older, never newer
    draft = draft_of(by, name)
    place = Place(name=name, title=title[:200], link=link, person_id=by.staff_id or 0, after=after)
    return Offer(place, words=draft.words if draft else {}, kept_at=draft.kept_at if draft else None)


def last_sent(by: Actor, place: str) -> int:
    """Return the number of what the person last sent from the place, 0 where nothing: a page carries it (`Place`)."""
    sent = Submission.objects.filter(caller=caller_of(by), place=place).order_by("-pk")
    return sent.values_list("pk", flat=True).first() or 0


@transaction.atomic
def keep(*, place: Place, words: dict[str, str], by: Actor, at: datetime) -> Draft | None:
    """Keep what the person has typed; return None where it is empty, which keeps nothing.

    Raises MovedOn where the place was sent after its page was opened, from this window or another: no draft comes to
    life again. Raises NotThere where the page was opened by somebody else, who has left the computer since.
    """
    if by.staff_id is None or place.person_id != by.staff_id:
        raise NotThere
    _hold(caller_of(by), place.name)
    if last_sent(by, place.name) > place.after:
        raise MovedOn("You have already sent this from another window", at=at)
    mine = Draft.objects.filter(person_id=by.staff_id, place=place.name)
    if not any(text.strip() for text in words.values()):
        mine.delete()
        return None
    told = {"title": place.title, "link": place.link, "words": words, "kept_at": at}
    draft, _ = Draft.objects.update_or_create(person_id=by.staff_id, place=place.name, defaults=told)
    return draft


def drop(*, draft_id: int, by: Actor) -> None:
    """Delete a draft of one's own. Raises NotThere where there is none."""
    deleted, _ = Draft.objects.filter(pk=draft_id, person_id=by.staff_id).delete()
    if not deleted:
        raise NotThere


def _clear(caller: str, place: str) -> None:
    """Delete the draft that was sent. Whoever keeps one at this moment waits, and finds that it was sent."""
    _hold(caller, place)
    Draft.objects.filter(person_id=int(caller.removeprefix("staff:")), place=place).delete()


def _hold(caller: str, place: str) -> None:
    """Hold the place until the transaction ends: a first draft has no row that could be locked."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"draft {caller} {place}"])


def allow(source: str, *, limit: int, per: timedelta, at: datetime) -> None:
    """Count that a source, like "contact-us:192.0.2.1", came; at most `limit` times in any period of `per`.

    Raises TooMany, which counts nothing and says when there is room again. Each new source forgets a few old ones.
    """
    came = Visits.objects.count_visit(source, limit=limit, per=per, at=at)
    if came is None:
        again_at = Visits.objects.get(source=source).moments[-limit] + per
        raise TooMany(f"You can do this again at {moment(again_at, at)}", again_at=again_at)
    if came == 1:
        _forget(at)


@transaction.atomic
def _forget(at: datetime) -> None:
    """Remove a few sources that no longer count, but for those that somebody holds."""
    gone = Visits.objects.filter(forget_at__lte=at).select_for_update(skip_locked=True).order_by("forget_at")
    Visits.objects.filter(pk__in=[visits.pk for visits in gone[:FORGET_BATCH]]).delete()
