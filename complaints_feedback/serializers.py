"""Feedback forms as machines read them: what stands in a form, and about whom, is for people alone."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from complaints_feedback.lifecycle import FormState
from complaints_feedback.models import FeedbackForm
from complaints_feedback.terms import Route
from contacthub.api.fields import Moment, OneOf
from contacthub.api.paging import Paged
from contacthub.api.shapes import At, Due, coded


class FeedbackQuery(Paged):
    """The newest first, or what changed since a moment in the order of the changes."""

    state = OneOf(FormState.values, required=False)
    route = OneOf(Route.values, required=False)
    updated_since = Moment(required=False, help_text="Take `ask_from_next` of the page before")


class FeedbackShape(serializers.Serializer[FeedbackForm]):
    reference = serializers.CharField()
    version = serializers.IntegerField()
    state = coded(FormState)
    route = coded(Route)
    complaint_reference = serializers.CharField()
    started_at = At()
    delivered_at = At(allow_null=True)
    due_at = Due()
    ended_at = At(allow_null=True)
    changed_at = At()


class FeedbackPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    ask_from_next = At(allow_null=True)
    results = FeedbackShape(many=True)
