"""Follow-ups for machines: letters to send, calls and post to expect, and ticking them off."""

from __future__ import annotations

from typing import Any

from django.forms import Textarea
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from contacthub.api.base import Answer, Door
from contacthub.api.fields import OneOf, Words
from contacthub.api.paging import Paged, cursor_of, page_of, told
from contacthub.api.reference import refers_to
from contacthub.api.schema import described
from contacthub.api.serializers import Body
from contacthub.api.shapes import At, coded
from contacthub.clock import now
from contacthub.deadlines import services
from contacthub.deadlines.models import FollowUp, FollowUpKind
from contacthub.ui.fields import LONG, ManyLines
from contacthub.ui.listing import Order

TAG = "Follow-ups"
READ, SETTLE = "follow-ups:read", "follow-ups:settle"
DUE_FIRST = Order("due", ("due_at", "pk"))
DAY = "Send a date like 2026-06-04"

refers_to("follow_up_kinds", FollowUpKind)


class FollowUpQuery(Paged):
    kind = OneOf(FollowUpKind.values, required=False)


class SettleBody(Body):
    """The day on which it was done, or words that say why it is not."""

    done_on = serializers.DateField(required=False, error_messages={"invalid": DAY, "null": DAY, "datetime": DAY})
    words = Words(ManyLines(max_length=LONG, required=False, widget=Textarea), required=False, default="")


class FollowUpShape(serializers.Serializer[Any]):
    """Something to tick off; `words` say what, and `done_on` is null where it was not done, as `outcome` says why."""

    id = serializers.IntegerField()
    kind = coded(FollowUpKind)
    words = serializers.CharField()
    needs_words = serializers.BooleanField(help_text="Whoever ticks it off says in words what came of it")
    about = serializers.CharField(source="case.reference")
    unit = serializers.CharField(source="unit.code")
    due_at = At()
    settled_at = At(allow_null=True)
    done_on = serializers.DateField(allow_null=True)
    outcome = serializers.CharField()


class FollowUpPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = FollowUpShape(many=True)


class FollowUps(Door):
    reads, query = READ, FollowUpQuery

    @described("follow_up_list", "List what the units of the key must tick off, what is due first", tag=TAG,
               query=FollowUpQuery, answer=FollowUpPage)  # fmt: skip
    def get(self, request: Request) -> Response:
        rows = FollowUp.objects.visible_to(self.actor).open().select_related("unit", "case")
        if kind := self.asked.get("kind"):
            rows = rows.filter(kind=kind)
        cursor = cursor_of(self.asked, "due")
        page = page_of(rows, cursor, DUE_FIRST, self.asked["page_size"])
        return Response(told(request, page, cursor, FollowUpShape(page.rows, many=True).data))


class Settle(Door):
    writes = SETTLE

    @described("follow_up_settle", "Tick something off: done on a day or, with words that say why, not done", tag=TAG,
               body=SettleBody, answer=FollowUpShape, sent={"done_on": "2026-06-04"})  # fmt: skip
    def post(self, request: Request, follow_up_id: int) -> Response:
        def do() -> Answer:
            given = {"done_on": None, **self.sent(SettleBody)}
            settled = services.settle(follow_up_id=follow_up_id, **given, by=self.actor, at=now())
            return Answer(settled.case.reference, dict(FollowUpShape(settled).data))

        return self.once(do)


urlpatterns: list[Any] = [
    path("follow-ups/", FollowUps.as_view(), name="follow_ups"),
    path("follow-ups/<int:follow_up_id>/settle/", Settle.as_view(), name="follow_up-settle"),
]
