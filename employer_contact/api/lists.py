"""What the lists and records of employer contact answer alike."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from contacthub.api.base import Door, etag_of
from contacthub.api.paging import cursor_of, page_of, told
from contacthub.errors import NotThere
from contacthub.ui.listing import Order

OLDEST = Order("oldest first", ("pk",))


def answer_page(
    door: Door, request: Request, rows: QuerySet[Any], shape: type[Serializer[Any]], *, order: Order = OLDEST
) -> Response:
    """Answer with the page asked for: by change where `updated_since` is sent, else in this order."""
    told_as: Any = partial(shape, context={"actor": door.actor})
    if "updated_since" in door.asked:
        return Response(door.changes(rows, told_as))
    cursor = cursor_of(door.asked, order.label)
    page = page_of(rows, cursor, order, door.asked["page_size"])
    return Response(told(request, page, cursor, told_as(page.rows, many=True).data, ask_from_next=None))


def answer_record(door: Door, found: Any, shape: type[Serializer[Any]]) -> Response:
    """Answer with a record and its ETag, or with 304 where whoever asks has this version."""
    headers = {"ETag": etag_of(found)}
    if door.is_known(found):
        return Response(status=304, headers=headers)
    return Response(shape(found, context={"actor": door.actor}).data, headers=headers)


def the(rows: QuerySet[Any]) -> Any:
    """Return the one record of these rows. Raises NotThere."""
    found = rows.first()
    if found is None:
        raise NotThere
    return found
