"""What every endpoint does alike: who asks and may they, how often, what was sent, and the same request only once."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from typing import Any, ClassVar, cast

from django.conf import settings
from django.db.models import QuerySet
from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from contacthub.actor import Actor
from contacthub.api.changes import BY_CHANGE, ask_from_next
from contacthub.api.models import KeptAnswer
from contacthub.api.paging import cursor_of, page_of, told
from contacthub.api.problems import Changed, SayWhichVersion, Unreadable
from contacthub.api.serializers import Body, Nothing
from contacthub.cases.models import Case, Versioned
from contacthub.clock import now
from contacthub.errors import NotSetUp, Refused
from contacthub.mail.services import tell_administrators
from contacthub.submissions.services import allow, caller_of, once

LONGEST_KEY = 80
LIMIT_PER = timedelta(seconds=10)


@dataclass(frozen=True)
class Answer:
    """What is answered to a request that changed something; `about` is the reference by which people know it."""

    about: str
    body: dict[str, Any]
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Door(APIView):
    """An endpoint: `reads` and `writes` are the scopes that it needs; `asked` are the parameters, those of `query`."""

    reads: ClassVar[str] = ""
    writes: ClassVar[str] = ""
    query: ClassVar[type[Body]] = Nothing
    asked: dict[str, Any]
    concerns: Case | None = None  # what administrators are told of where something is not set up
    http_method_names = ["get", "post", "head"]

    @property
    def actor(self) -> Actor:
        return cast(Actor, self.request.auth)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        allow(f"api:{self.actor.key_id}", limit=settings.API_LIMIT, per=LIMIT_PER, at=now())
        scope = scope_of(self, request.method or "")
        if scope and self.actor.is_kept_from(scope):
            raise Refused(f"This key has not the scope {scope}", code="scope_missing")
        self.asked = self._read_query()

    def sent(self, body: type[Body]) -> dict[str, Any]:
        """Return what the body says. Raises ValidationError."""
        return dict(_reader(body).run_validation(self.request.data))

    def once(self, do: Callable[[], Answer | None]) -> Response:
        """Do the thing once for each Idempotency-Key; a repeat gets the first answer.

        `do` reads the body and finds the record too: a repeat looks for neither, since the first request may have moved
        the record to where its caller does not see it. The answer is kept in the transaction of the thing itself. Where
        there was nothing to do, nothing is kept.
        """
        key, caller, at = self._idempotency_key(), caller_of(self.actor), now()
        answers: list[Answer] = []

        def keep() -> str:
            answer = do()
            if answer is None:
                return ""
            answers.append(answer)
            KeptAnswer.objects.keep(
                caller, key, status=answer.status, headers=answer.headers, body=json.dumps(answer.body), at=at
            )
            return answer.about

        request = {"path": self.request.path, "body": self.request.data}
        try:
            done = once(key=key, caller=caller, request=request, at=at, do=keep)
        except NotSetUp as refusal:
            tell_administrators(refusal, case=self.concerns, at=at)
            raise
        if not done:
            return Response(status=204)
        if answers:
            return Response(answers[0].body, status=answers[0].status, headers=answers[0].headers)
        first = KeptAnswer.objects.get(caller=caller, key=key)
        return Response(json.loads(first.body), status=first.status, headers=first.headers)

    def changes(self, rows: QuerySet[Any], shape: type[Serializer[Any]]) -> dict[str, Any]:
        """Return the page asked for of what changed since `updated_since`, in the order of the changes.

        Each page tells the same moment to ask from next time: the one before the first of them was read.
        """
        cursor = cursor_of(self.asked, "changed")
        mark = cursor.mark or ask_from_next().isoformat()
        changed = rows.filter(changed_at__gte=self.asked["updated_since"])
        page = page_of(changed, cursor, BY_CHANGE, self.asked["page_size"])
        results = shape(page.rows, many=True).data
        return told(self.request, page, replace(cursor, mark=mark), results, ask_from_next=mark.replace("+00:00", "Z"))

    def require_same(self, record: Versioned, *, is_asked: bool = False) -> None:
        """Raise Changed unless the record, which is locked, is as If-Match says; `is_asked` where that must be sent."""
        given = self.request.headers.get("If-Match", "")
        if not given and is_asked:
            raise SayWhichVersion
        if given and given.strip() != "*" and etag_of(record) not in parse_etags(given):
            raise Changed

    def require_offered(self, name: str, known: Collection[str]) -> None:
        """Raise Unreadable where the parameter names none of these."""
        if self.asked.get(name) and self.asked[name] not in known:
            words = f"Send one of: {', '.join(known)}"
            raise Unreadable([{"parameter": name, "code": "invalid_choice", "detail": words}])

    def require_absent(self, name: str, *, beside: str) -> None:
        """Raise Unreadable where the parameter is sent beside one that leaves it no meaning."""
        if name in self.asked:
            raise Unreadable([{"parameter": name, "code": "at_odds", "detail": f"Leave this out beside {beside}"}])

    def is_known(self, record: Versioned) -> bool:
        """Say if whoever asks has this version already (If-None-Match)."""
        given = parse_etags(self.request.headers.get("If-None-Match", ""))
        return etag_of(record) in [tag.removeprefix("W/") for tag in given] or "*" in given

    def _read_query(self) -> dict[str, Any]:
        """Return the parameters of the query. Raises Unreadable, which names each that is unknown, twice or wrong."""
        given = self.request.query_params
        if self.request.method == "POST" and not given:
            return {}
        errors = [
            {"parameter": name, "code": "twice", "detail": "Send this parameter once"}
            for name in given
            if len(given.getlist(name)) > 1
        ]
        read = (Nothing if self.request.method == "POST" else self.query)(data=given.dict())
        if not read.is_valid():
            errors += [
                {"parameter": name, "code": word.code, "detail": str(word).replace("field", "parameter")}
                for name, words in read.errors.items()
                for word in words
            ]
        if errors:
            raise Unreadable(errors)
        return dict(read.validated_data)

    def _idempotency_key(self) -> str:
        key = self.request.headers.get("Idempotency-Key", "")
        if key and len(key) <= LONGEST_KEY and key.isascii() and key.isprintable():
            return key
        words = f"Send a key of your own for this request, {LONGEST_KEY} characters or fewer, kept for its repeats"
        raise Unreadable([{"header": "Idempotency-Key", "code": "idempotency_key_required", "detail": words}])


@cache
def _reader(body: type[Body]) -> Body:
    """Return what reads a body and keeps nothing of it: to make one takes longer than to read."""
    return body()


def scope_of(view: Any, method: str) -> str:
    """Return the scope that a method of a view needs, "" where the view does not take it."""
    scopes: dict[str, str] = {"GET": view.reads, "HEAD": view.reads, "POST": view.writes}
    return scopes.get(method, "")


def etag_of(record: Versioned) -> str:
    return f'"{record.version}"'
