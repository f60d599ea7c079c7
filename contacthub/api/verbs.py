"""Endpoints that do one thing to a record: an app lists its services, each becomes `POST …/<reference>/<service>/`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from contacthub.actor import Actor
from contacthub.api.base import Answer, Door, etag_of
from contacthub.api.schema import described
from contacthub.api.serializers import Body, Nothing
from contacthub.cases.models import CaseRecord
from contacthub.cases.services import lock
from contacthub.clock import now


@dataclass(frozen=True)
class Verb:
    """One service of an app as an endpoint, whose address ends in the name of the function: a service that is renamed
    moves its endpoint, which test_parity.py notices. What `body` reads goes to it by name, by way of `given`.

    `needs_version` where two people may edit at once: then If-Match must be sent; elsewhere it may be.
    """

    service: Callable[..., CaseRecord]
    words: str
    scope: str
    body: type[Body] = Nothing
    example: dict[str, Any] = field(default_factory=dict)
    given: Callable[[dict[str, Any]], dict[str, Any]] = dict
    needs_version: bool = False

    @property
    def name(self) -> str:
        return self.service.__name__


class VerbDoor(Door):
    """The endpoint of a verb. A subclass for each is made by `verb_urls`."""

    model: ClassVar[type[CaseRecord]]
    verb: ClassVar[Verb]
    shape: ClassVar[type[Serializer[Any]]]
    if_match: ClassVar[str] = "may"

    def post(self, request: Request, reference: str) -> Response:
        return self.once(lambda: self._do(reference))

    def _do(self, reference: str) -> Answer:
        records: Any = self.model._default_manager
        record = records.with_reference(reference, seen_by=self.actor)
        given = self.verb.given(self.sent(self.verb.body))
        self.concerns = record.case
        for older in record.stands_on:
            lock(older)
        self.require_same(records.locked(self.actor, pk=record.pk), is_asked=self.verb.needs_version)
        ids = {f"{self.model.KIND}_id": record.pk}
        done = self.verb.service(**ids, **given, by=self.actor, at=now())
        return answer_anew(done, self.shape, by=self.actor)


def answer_anew(record: CaseRecord, shape: type[Serializer[Any]], *, by: Actor) -> Answer:
    """Return where the record stands now; it is read anew, since reactions write to it too."""
    return answer_with(type(record)._default_manager.get(pk=record.pk), shape, by=by)


def answer_with(record: CaseRecord, shape: type[Serializer[Any]], *, by: Actor, status: int = 200) -> Answer:
    """Return where the record stands, with its ETag."""
    told = dict(shape(record, context={"actor": by}).data)
    return Answer(record.reference, told, status, {"ETag": etag_of(record)})


def verb_urls(
    at: str, model: type[CaseRecord], verbs: Iterable[Verb], *, shape: type[Serializer[Any]], tag: str
) -> list[URLPattern]:
    """Return the addresses of the verbs under `at`, which ends in the reference of the record."""
    return [
        path(f"{at}{verb.name}/", _view(model, verb, shape, tag), name=f"{model.KIND}-{verb.name}") for verb in verbs
    ]


def _view(model: type[CaseRecord], verb: Verb, shape: type[Serializer[Any]], tag: str) -> Callable[..., Any]:
    wanted = {"model": model, "verb": verb, "shape": shape, "writes": verb.scope}
    wanted["if_match"] = "must" if verb.needs_version else "may"
    door: type[VerbDoor] = type(f"{model.__name__}{verb.name.title().replace('_', '')}", (VerbDoor,), wanted)
    describe: Any = described(
        f"{model.KIND}_{verb.name}", verb.words, tag=tag, body=verb.body, answer=shape, sent=verb.example
    )
    return extend_schema_view(post=describe)(door).as_view()
