"""What the floor offers machines: the codes in use, and where outbound messages stand."""

from __future__ import annotations

from typing import Any

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from contacthub.actor import Actor
from contacthub.api.base import Door
from contacthub.api.fields import OneOf
from contacthub.api.paging import Paged, cursor_of, require_cursor_of, told
from contacthub.api.reference import reference_data, refers
from contacthub.api.schema import described
from contacthub.api.shapes import At, coded
from contacthub.cases.services import visible_among
from contacthub.clock import now
from contacthub.errors import NotThere
from contacthub.mail.listing import KEY, lines
from contacthub.mail.models import Message, MessageState
from contacthub.mail.standing import standing
from contacthub.ordering import ByName
from contacthub.people.models import Unit


def _sites(actor: Actor) -> list[dict[str, Any]]:
    units = Unit.objects.order_by(ByName("name"), "pk")
    return [{"code": unit.code, "label": unit.name, "kind": unit.kind} for unit in units]


refers("sites", _sites)


REFERENCE_DATA = {
    "type": "object",
    "additionalProperties": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "code": {"type": ["string", "integer"]},
                "label": {"type": "string"},
                "kind": {"type": "string"},
            },
            "required": ["code", "label"],
        },
    },
}


class Reference(Door):
    reads = "reference:read"

    @described("reference_read", "Read the codes in use, with their words", tag="Reference data",
               answer=REFERENCE_DATA)  # fmt: skip
    def get(self, request: Request) -> Response:
        return Response(reference_data(self.actor))


class MessageQuery(Paged):
    about = serializers.CharField(required=False, max_length=20, help_text="Reference of the record it is about")
    state = OneOf(MessageState.values, required=False)


class MessageShape(serializers.Serializer[Any]):
    """Where a message stands. Its address and its text stay with the record that it is about."""

    id = serializers.IntegerField()
    about = serializers.CharField(source="case.reference")
    is_copy = serializers.BooleanField()
    state = coded(MessageState)
    standing = serializers.SerializerMethodField()
    queued_at = At()
    tried_at = At(allow_null=True)
    ended_at = At(allow_null=True)

    def get_standing(self, message: Message) -> str:
        return standing(message, now=now()).status_words


class MessagePage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = MessageShape(many=True)


class Messages(Door):
    reads, query = "messages:read", MessageQuery

    @described("message_list", "List outbound messages\nNewest first, those of records that the key may see.",
               tag="Messages", query=MessageQuery, answer=MessagePage)  # fmt: skip
    def get(self, request: Request) -> Response:
        found = Message.objects.exclude(case=None)
        if about := self.asked.get("about"):
            found = found.filter(case__reference=about)
        if state := self.asked.get("state"):
            found = found.filter(state=state)
        cursor = cursor_of(self.asked, "newest")
        require_cursor_of(found, cursor, KEY)
        asked = {cursor.way: cursor.row} if cursor.row else {}
        page = lines(found, self.actor, asked=asked, size=self.asked["page_size"], newest_first=True, now=now())
        seen = [line.message for line in page.rows if line.record]
        return Response(told(request, page, cursor, MessageShape(seen, many=True).data))


class OneMessage(Door):
    reads = "messages:read"

    @described("message_read", "Read where an outbound message stands", tag="Messages", answer=MessageShape)
    def get(self, request: Request, message_id: int) -> Response:
        found = Message.objects.select_related("case").filter(pk=message_id).exclude(case=None).first()
        if found is None or found.case_id not in visible_among(self.actor, [found.case_id or 0]):
            raise NotThere
        return Response(MessageShape(found).data)


urlpatterns: list[Any] = [
    path("reference/", Reference.as_view(), name="reference"),
    path("messages/", Messages.as_view(), name="messages"),
    path("messages/<int:message_id>/", OneMessage.as_view(), name="message"),
]
