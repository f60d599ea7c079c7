"""Feedback forms for machines: that there is one, its state and its deadline. What it says is for people alone."""

from __future__ import annotations

from typing import Any

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from complaints_feedback import scopes
from complaints_feedback.lifecycle import FormState
from complaints_feedback.models import FeedbackForm
from complaints_feedback.serializers import FeedbackPage, FeedbackQuery, FeedbackShape
from complaints_feedback.terms import Route
from contacthub.api.base import Door, etag_of
from contacthub.api.paging import cursor_of, page_of, told
from contacthub.api.reference import refers_to
from contacthub.api.schema import described
from contacthub.errors import NotThere
from contacthub.ui.listing import Order

TAG = "Feedback forms"
NEWEST = Order("newest first", ("pk",), newest_first=True)

refers_to("feedback_states", FormState)
refers_to("feedback_routes", Route)


class FeedbackForms(Door):
    reads, query = scopes.READ, FeedbackQuery

    @described("feedback_list", "List feedback forms\nThe newest first, or what changed since a moment.", tag=TAG,
               query=FeedbackQuery, answer=FeedbackPage)  # fmt: skip
    def get(self, request: Request) -> Response:
        given = {name: self.asked[name] for name in ("state", "route") if name in self.asked}
        rows = FeedbackForm.objects.select_related("case").known_to(self.actor).filter(**given)
        if "updated_since" in self.asked:
            return Response(self.changes(rows, FeedbackShape))
        cursor = cursor_of(self.asked, NEWEST.label)
        page = page_of(rows, cursor, NEWEST, self.asked["page_size"])
        told_as: Any = FeedbackShape
        results = told_as(page.rows, many=True).data
        return Response(told(request, page, cursor, results, ask_from_next=None))


class OneFeedbackForm(Door):
    reads, has_etag = scopes.READ, True

    @described("feedback_read", "Read the state and the deadline of a feedback form", tag=TAG, answer=FeedbackShape)
    def get(self, request: Request, reference: str) -> Response:
        found = (
            FeedbackForm.objects.select_related("case").known_to(self.actor).filter(case__reference=reference).first()
        )
        if found is None:
            raise NotThere
        headers = {"ETag": etag_of(found)}
        if self.is_known(found):
            return Response(status=304, headers=headers)
        return Response(FeedbackShape(found).data, headers=headers)


urlpatterns: list[Any] = [
    path("feedback/", FeedbackForms.as_view(), name="feedback-forms"),
    path("feedback/<reference:reference>/", OneFeedbackForm.as_view(), name="feedback-form"),
]
