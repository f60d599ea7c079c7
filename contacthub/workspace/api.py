"""Search for machines: what the page Search finds, of the kinds that the key reads."""

from __future__ import annotations

from html import unescape
from typing import Any

from django.urls import path
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from contacthub.api.base import Door
from contacthub.api.fields import Words
from contacthub.api.schema import described
from contacthub.api.serializers import Body
from contacthub.api.shapes import At, Due
from contacthub.cases.finding import LONGEST, read
from contacthub.cases.registry import prefixes
from contacthub.ui.fields import OneLine
from contacthub.workspace.doors import ALL_OF_A_KIND, BEST, find_everything
from contacthub.workspace.results import taken_for

WORDS = f"""Find records by what somebody knows of them
Finds what the page Search finds, of the kinds that the key has the scope to read, like `incidents:read`: the best
{BEST} of each kind or, with `kind`, up to {ALL_OF_A_KIND} of that one."""


class SearchQuery(Body):
    q = Words(
        OneLine(max_length=LONGEST, error_messages={"required": "Send what is known: a name, an address, a number"}),
        help_text="A name in any spelling, an email address, a telephone number, a reference, or the beginning of one",
    )
    kind = serializers.CharField(required=False, max_length=20, help_text="`incidents`, `callbacks`: only this one")


class Plain(serializers.CharField):
    """A text in which the page marks what was looked for, without the marks."""

    def to_representation(self, value: Any) -> str:
        return unescape(strip_tags(value)) if isinstance(value, SafeString) else str(value)


class FoundShape(serializers.Serializer[Any]):
    reference = serializers.CharField()
    name = Plain()
    what = Plain(help_text="What it is about")
    found_by = serializers.ListField(child=Plain(), help_text="What fits besides the name")
    stands = Plain(help_text="Where it stands, in words")
    at = At(allow_null=True, help_text="Since when it is there; null of employers, agents and paying parents")
    due_at = Due()


class KindShape(serializers.Serializer[Any]):
    """The records of a kind, best first; with `has_more` there may be others, which more words would find."""

    kind = serializers.CharField(source="code")
    count = serializers.IntegerField()
    has_more = serializers.BooleanField()
    results = FoundShape(source="rows", many=True)


class SearchShape(serializers.Serializer[Any]):
    taken_for = serializers.CharField(help_text="What `q` was read as")
    kinds = KindShape(many=True)


class Search(Door):
    reads, query = "search:read", SearchQuery

    @described("search", WORDS, tag="Search", query=SearchQuery, answer=SearchShape)
    def get(self, request: Request) -> Response:
        sought, kind = read(self.asked["q"], prefixes=prefixes()), self.asked.get("kind")
        at_most = ALL_OF_A_KIND if kind else BEST
        every = find_everything(self.actor, sought, at_most=at_most)
        self.require_offered("kind", [found.code for found in every])
        told = [found for found in every if not self.actor.is_kept_from(found.scope) and kind in (None, found.code)]
        return Response(SearchShape({"taken_for": taken_for(sought, told), "kinds": told}).data)


urlpatterns: list[Any] = [path("search/", Search.as_view(), name="search")]
