"""Callbacks for machines: queues, the calls in them, and what whoever rings does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.forms import Textarea
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from contacthub.actor import Actor
from contacthub.api.base import Answer, Door, etag_of
from contacthub.api.fields import Moment, OneOf, StaffNumber, Words
from contacthub.api.paging import Paged, cursor_of, page_of, told
from contacthub.api.reference import refers, refers_to
from contacthub.api.schema import described
from contacthub.api.scopes import Scopes
from contacthub.api.serializers import Body, Reason
from contacthub.api.shapes import At, Due, Person, coded
from contacthub.api.timelines import timeline_url
from contacthub.api.verbs import Verb, answer_anew, verb_urls
from contacthub.callbacks import permissions, services
from contacthub.callbacks.lifecycle import CallbackState
from contacthub.callbacks.listing import LETTERS, ME, NOBODY, Lists
from contacthub.callbacks.models import Callback, Kind, Queue
from contacthub.callbacks.outcomes import Outcome
from contacthub.clock import now
from contacthub.deadlines.ages import Ageing
from contacthub.errors import NotThere
from contacthub.ui.fields import LONG, ManyLines, OneLine
from contacthub.ui.listing import Asked

TAG = "Callbacks"
RECORD = "callbacks/<reference:reference>/"
READ, WORK, ALLOCATE = "callbacks:read", "callbacks:work", "callbacks:allocate"
LIST = """List the callbacks of a queue, or what changed
With `queue` a list of its page. With `updated_since`, and without `queue`, what changed since then in every queue that
the key sees: a callback that left one comes with the queue that it went to. One that went to a queue which the key does
not see is not among them, and answers 404 from then on."""

Scopes(
    "callbacks",
    {
        "read": "Read callbacks and their attempts, where its roles and units do",
        "work": "Take calls, record attempts, hand back and cancel, where its roles and units do",
        "allocate": "Give calls to the staff of a queue, where its roles and units do",
    },
)
refers_to("callback_states", CallbackState)
refers_to("callback_kinds", Kind)
refers_to("call_outcomes", Outcome)


def _queues(actor: Actor) -> list[dict[str, Any]]:
    queues = Queue.objects.visible_to(actor).select_related("unit").order_by("code")
    return [{"code": queue.code, "label": queue.unit.name} for queue in queues]


refers("queues", _queues)


class CallbackQuery(Paged):
    queue = serializers.CharField(
        required=False,
        max_length=50,
        help_text="Code of a queue, as `reference/` lists them: of a list it must be sent",
    )
    view = serializers.CharField(required=False, max_length=20, help_text="`open`, `overdue`, `ended` …")
    age = OneOf(Ageing.values, required=False)
    with_whom = StaffNumber(
        "Send nobody, me or a staff number",
        also=[NOBODY, ME],
        required=False,
        help_text="`nobody`, `me`, or a staff number",
    )
    updated_since = Moment(required=False, help_text="Take `ask_from_next` of the page before")

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if "queue" not in given and "updated_since" not in given:
            words = "Send the code of a queue, or `updated_since` for what changed in all of them"
            raise serializers.ValidationError({"queue": [serializers.ErrorDetail(words, "required")]})
        return given


class QueueBody(Body):
    queue = Words(OneLine(max_length=50, error_messages={"required": "Send the code of a queue"}))


class AttemptBody(Body):
    outcome = OneOf(Outcome.values)
    words = Words(ManyLines(max_length=LONG, required=False, widget=Textarea), required=False, default="")
    again_at = Moment(required=False, help_text="The next attempt, where the one proposed does not fit")

    @staticmethod
    def given(read: dict[str, Any]) -> dict[str, Any]:
        return read | {"outcome": Outcome(read["outcome"])}


class CallerBody(Body):
    caller = StaffNumber("Send the staff number of a caller", help_text="A staff number")

    @staticmethod
    def given(read: dict[str, Any]) -> dict[str, Any]:
        return {"caller_id": read["caller"]}


class CallbackRow(serializers.Serializer[Any]):
    """A callback as lists show it."""

    reference = serializers.CharField()
    version = serializers.IntegerField()
    state = coded(CallbackState)
    kind = coded(Kind)
    queue = serializers.CharField(source="queue.code")
    about = serializers.CharField(source="about.reference")
    customer_name = serializers.CharField()
    telephone = serializers.CharField()
    language = serializers.CharField()
    urgent = serializers.BooleanField()
    allocated_to = Person(allow_null=True)
    unanswered = serializers.IntegerField()
    requested_at = At()
    due_at = Due()
    next_attempt_at = At(allow_null=True)
    ended_at = At(allow_null=True)
    changed_at = At()


class AttemptShape(serializers.Serializer[Any]):
    outcome = coded(Outcome)
    words = serializers.CharField()
    at = At()
    by = Person()
    too_late = serializers.BooleanField()


class CallbackShape(CallbackRow):
    """A callback as its page shows it: whom to ring, what to read out, and what came of it so far."""

    customer_type = serializers.CharField()
    reason = serializers.CharField()
    words = serializers.CharField()
    result = serializers.CharField()
    attempts = AttemptShape(source="tries", many=True)

    def to_representation(self, callback: Callback) -> dict[str, Any]:
        """Leave out, as the page does, what callers wrote where that is for the staff of the queue alone."""
        told: dict[str, Any] = super().to_representation(callback)
        if not permissions.words_readable_by(self.context["actor"], callback.queue):
            told["result"] = ""
            for attempt in told["attempts"]:
                attempt["words"] = ""
        return told


class CallbackPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    ask_from_next = At(allow_null=True, help_text="With `updated_since`: ask from this moment next time")
    results = CallbackRow(many=True)


def record_attempt(*, callback_id: int, by: Actor, at: datetime, **said: Any) -> Callback:
    """Record an attempt, and return its callback."""
    services.record_attempt(callback_id=callback_id, by=by, at=at, **said)
    return Callback.objects.get(pk=callback_id)


VERBS = [
    Verb(services.take, "Take this call", WORK),
    Verb(services.allocate, "Give to one of the queue’s staff", ALLOCATE, CallerBody, {"caller": "900402"},
         CallerBody.given),
    Verb(services.hand_back, "Hand back, with a reason", WORK, Reason, {"reason": "The customer asked for Welsh"}),
    Verb(services.cancel, "Cancel the call, with a reason", WORK, Reason, {"reason": "The customer rang us"}),
    Verb(record_attempt, "Record that somebody rang, and what came of it", WORK, AttemptBody,
         {"outcome": "spoke", "words": "Read the reply out"}, AttemptBody.given),
]  # fmt: skip


class Callbacks(Door):
    reads, query = READ, CallbackQuery

    @described("callback_list", LIST, tag=TAG, query=CallbackQuery, answer=CallbackPage)
    def get(self, request: Request) -> Response:
        if "updated_since" in self.asked:
            for name in ("queue", "view", "age", "with_whom"):
                self.require_absent(name, beside="updated_since")
            rows = Callback.objects.visible_to(self.actor)
            return Response(self.changes(rows.prefetch_related("allocated_to", "queue", "about"), CallbackRow))
        queue = _queue(self.asked["queue"], self.actor)
        filters: dict[str, Any] = {name: self.asked[name] for name in ("age", "with_whom") if name in self.asked}
        asked = Asked(self.asked.get("view", ""), filters=filters)
        lists = Lists(self.actor, asked, now(), queue)
        self.require_offered("view", [view for view in lists.views if view != LETTERS])
        cursor = cursor_of(self.asked, lists.order)
        order = lists.orders[lists.order]
        page = page_of(Callback.objects.all(), cursor, order, self.asked["page_size"], read=lists.page)
        prefetch_related_objects(page.rows, "about")
        rows_told = CallbackRow(page.rows, many=True).data
        return Response(told(request, page, cursor, rows_told, ask_from_next=None))


class NextCallback(Door):
    writes = WORK

    @described("callback_take_next", "Take the next call of a queue\nAnswers 204 where none waits.", tag=TAG,
               body=QueueBody, answer=CallbackShape, sent={"queue": "ed-telford"}, or_nothing=True)  # fmt: skip
    def post(self, request: Request) -> Response:
        def do() -> Answer | None:
            queue = _queue(self.sent(QueueBody)["queue"], self.actor)
            taken = services.take_next(queue_id=queue.pk, by=self.actor, at=now())
            return answer_anew(taken, CallbackShape, by=self.actor) if taken else None

        return self.once(do)


class OneCallback(Door):
    reads = READ
    has_etag = True

    @described("callback_read", "Read a callback", tag=TAG, answer=CallbackShape)
    def get(self, request: Request, reference: str) -> Response:
        found = Callback.objects.with_reference(reference, seen_by=self.actor)
        headers = {"ETag": etag_of(found)}
        if self.is_known(found):
            return Response(status=304, headers=headers)
        return Response(CallbackShape(found, context={"actor": self.actor}).data, headers=headers)


def _queue(code: str, actor: Actor) -> Queue:
    found = Queue.objects.visible_to(actor).filter(code=code).first()
    if found is None:
        raise NotThere
    return found


urlpatterns: list[Any] = [
    path("callbacks/", Callbacks.as_view(), name="callbacks"),
    path("callbacks/take_next/", NextCallback.as_view(), name="callback-take_next"),
    path(RECORD, OneCallback.as_view(), name="callback"),
    timeline_url(
        RECORD, Callback, reads=READ, tag=TAG, words_of=lambda by, found: permissions.words_readable_by(by, found.queue)
    ),
    *verb_urls(RECORD, Callback, VERBS, shape=CallbackShape, tag=TAG),
]
