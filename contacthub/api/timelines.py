"""What happened to a record, as an endpoint: `GET …/<reference>/timeline/` of each kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from contacthub.actor import Actor
from contacthub.api.base import Door
from contacthub.api.paging import Paged, cursor_of, page_of, told
from contacthub.api.schema import described
from contacthub.api.shapes import TimelineEntry, TimelinePage
from contacthub.cases.models import CaseRecord
from contacthub.cases.services import events_for
from contacthub.cases.timeline import entries
from contacthub.ui.listing import Order

NEWEST = Order("newest", ("pk",), newest_first=True)
WordsOf = Callable[[Actor, Any], frozenset[str]]


class TimelineDoor(Door):
    """The timeline of a kind of record. A subclass for each is made by `timeline_url`."""

    query = Paged
    model: ClassVar[type[CaseRecord]]

    def words_of(self, record: Any) -> frozenset[str]:
        """Return the kinds of event of which the actor reads the words."""
        raise NotImplementedError

    def get(self, request: Request, reference: str) -> Response:
        records: Any = self.model._default_manager
        found = records.with_reference(reference, seen_by=self.actor)
        cursor = cursor_of(self.asked, "happened")
        page = page_of(events_for(found.case), cursor, NEWEST, self.asked["page_size"])
        happened = entries(found, page.rows, words_of=self.words_of(found))
        return Response(told(request, page, cursor, TimelineEntry(happened, many=True).data))


def timeline_url(at: str, model: type[CaseRecord], *, reads: str, words_of: WordsOf, tag: str) -> URLPattern:
    """Return the address of the timeline under `at`, which ends in the reference of the record."""
    wanted = {"model": model, "reads": reads, "words_of": lambda door, record: words_of(door.actor, record)}
    door: type[TimelineDoor] = type(f"{model.__name__}Timeline", (TimelineDoor,), wanted)
    words = f"Read what happened to the {model.KIND}, newest first"
    describe: Any = described(f"{model.KIND}_timeline", words, tag=tag, query=Paged, answer=TimelinePage)
    return path(f"{at}timeline/", extend_schema_view(get=describe)(door).as_view(), name=f"{model.KIND}-timeline")
