"""The people directory for machines: who works where and who leads them, and many people changed at once."""

from __future__ import annotations

from typing import Any

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from contacthub.api.base import Answer, Door
from contacthub.api.fields import Flag, OneOf, Words
from contacthub.api.paging import Paged, cursor_of, page_of, told
from contacthub.api.reference import refers_to
from contacthub.api.schema import described
from contacthub.api.serializers import Body
from contacthub.api.shapes import Person, Place, coded
from contacthub.clock import now
from contacthub.errors import NotThere
from contacthub.formats import uk_day
from contacthub.people import importing, listing
from contacthub.people.differences import Plan, Said
from contacthub.people.directory import Chain, chain_of, moves_of
from contacthub.people.forms import EMPTY, PersonRowForm
from contacthub.people.models import StaffMember
from contacthub.people.permissions import WRITE
from contacthub.people.roles import Post
from contacthub.ui.listing import Asked

TAG = "Directory"
READ = "directory:read"
MOST_PEOPLE = 1_000
DAY = "Send a date like 2026-06-04"
UPSERT = """Change many people at once, by staff number
All of them or none. Who is not known is taken on; who is not named stays as they are, and so does what a row does not
name. With `dry_run` nothing is changed, and what would be is answered, with its `digest`; sent along without `dry_run`,
that lets the change through only where it is still the same."""

refers_to("posts", Post)
EXAMPLE = {"dry_run": True, "people": [{"staff_number": "900611", "takes_calls_in_welsh": True}]}


class DirectoryQuery(Paged):
    q = serializers.CharField(
        required=False, max_length=200, help_text="Beginnings of words of a name, or of a staff number"
    )
    view = OneOf([listing.WORKING, listing.LEFT], required=False, default=listing.WORKING)
    unit = serializers.CharField(required=False, max_length=40, help_text="Code of a unit, as `reference/` lists them")
    post = OneOf(Post.values, required=False)


def _day(**kwargs: Any) -> serializers.DateField:
    words: dict[str, Any] = dict.fromkeys(["invalid", "null", "datetime"], DAY)
    return serializers.DateField(required=False, error_messages=words, **kwargs)


def _words(name: str, **kwargs: Any) -> Words:
    return Words(PersonRowForm.base_fields[name], **kwargs)  # type: ignore[arg-type]  # its texts


class PersonBody(Body):
    """What is to be said of one person; what is left out stays as it is."""

    staff_number = _words("staff_number")
    name = _words("name", required=False, allow_blank=True)
    email = _words("email", required=False, allow_blank=True)
    unit = _words("unit", required=False, help_text="Code of a unit; empty where somebody works in none")
    post = OneOf(Post.values, required=False, allow_null=True, help_text="Null where somebody holds none")
    since = _day(help_text="First day in this unit and post: today unless it is sent")
    takes_calls_in_welsh = Flag(required=False)
    active_from = _day(help_text="First day of work")
    active_to = _day(allow_null=True, help_text="Last day of work, null where it goes on")


class UpsertBody(Body):
    people = serializers.ListField(child=PersonBody(), min_length=1, max_length=MOST_PEOPLE)
    dry_run = Flag(required=False, default=False)
    digest = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=64, help_text="That of the dry run"
    )


class PersonLine(serializers.Serializer[Any]):
    """Somebody in the directory, where they work today and who leads that team."""

    staff_number = serializers.CharField(source="person.staff_number")
    name = serializers.CharField(source="person.name")
    email = serializers.CharField(source="person.email")
    takes_calls_in_welsh = serializers.BooleanField(source="person.takes_calls_in_welsh")
    active_from = serializers.DateField(source="person.active_from")
    active_to = serializers.DateField(source="person.active_to", allow_null=True)
    unit = Place(source="chain.own", allow_null=True)
    posts = serializers.ListField(child=coded(Post), source="chain.posts")
    team_leader = Person(source="chain.team_leader", allow_null=True)


class MoveShape(serializers.Serializer[Any]):
    on = serializers.DateField()
    left = Place()
    joined = Place()


class PersonShape(PersonLine):
    """Somebody with everybody who leads them today, null where a post is vacant, and when they moved."""

    team = Place(source="chain.team", allow_null=True)
    workgroup = Place(source="chain.workgroup", allow_null=True)
    workgroup_manager = Person(source="chain.workgroup_manager", allow_null=True)
    area = Place(source="chain.area", allow_null=True)
    area_manager = Person(source="chain.area_manager", allow_null=True)
    senior_resolution_manager = Person(source="chain.senior_resolution_manager", allow_null=True)
    line_of_business = Place(source="chain.line_of_business", allow_null=True)
    head_of_line = Person(source="chain.head_of_line", allow_null=True)
    moves = MoveShape(many=True)


class DirectoryPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = PersonLine(many=True)


class WordsShape(serializers.Serializer[Any]):
    what = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class ChangeShape(serializers.Serializer[Any]):
    """What happens, or would happen, to one person: new, changed, ended or unchanged; in words as the page shows it."""

    staff_number = serializers.CharField()
    name = serializers.CharField()
    effect = serializers.CharField()
    changes = WordsShape(many=True)


class RowProblemShape(serializers.Serializer[Any]):
    """A row that cannot be done: `row` counts from 0."""

    row = serializers.IntegerField()
    field = serializers.CharField()
    detail = serializers.CharField()


class PlanShape(serializers.Serializer[Any]):
    dry_run = serializers.BooleanField()
    digest = serializers.CharField()
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    ended = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    people = ChangeShape(many=True)
    problems = RowProblemShape(many=True)


class Directory(Door):
    reads, writes, query = READ, WRITE, DirectoryQuery

    @described("directory_list", "List people by name", tag=TAG, query=DirectoryQuery, answer=DirectoryPage)
    def get(self, request: Request) -> Response:
        today = uk_day(now())
        filters = {name: self.asked[name] for name in ("q", "unit", "post") if self.asked.get(name)}
        rows = listing.people_for(Asked(filters=filters), on=today)
        rows = rows.left(today) if self.asked["view"] == listing.LEFT else rows.working(today)
        cursor = cursor_of(self.asked, "name")
        page = page_of(rows, cursor, listing.ORDERS["name"], self.asked["page_size"])
        lines = listing.lines_of(page.rows, listing.sought_by(""), on=today)
        return Response(told(request, page, cursor, PersonLine(lines, many=True).data))

    @described("directory_upsert", UPSERT, tag=TAG, body=UpsertBody, answer=PlanShape,
               sent=EXAMPLE)  # fmt: skip
    def post(self, request: Request) -> Response:
        def do() -> Answer:
            sent, at = self.sent(UpsertBody), now()
            rows = [_said(number, told) for number, told in enumerate(sent["people"])]
            if sent["dry_run"]:
                plan = importing.planned(rows, by=self.actor, at=at)
            else:
                plan = importing.upsert(rows, checked=sent["digest"], by=self.actor, at=at)
            return Answer("directory", _told(plan, dry_run=sent["dry_run"]))

        return self.once(do)


class OnePerson(Door):
    reads = READ

    @described("directory_read", "Read where somebody works, and who leads them today", tag=TAG, answer=PersonShape)
    def get(self, request: Request, number: str) -> Response:
        found = StaffMember.objects.filter(staff_number=number.replace("\0", "")).first()
        if found is None:
            raise NotThere
        chain: Chain = chain_of(found, on=uk_day(now()))
        return Response(PersonShape({"person": found, "chain": chain, "moves": moves_of(found)}).data)


def _said(row: int, told: dict[str, Any]) -> Said:
    """Return what a row says; a text that is empty says nothing where everybody has one."""
    fields = {name: value for name, value in told.items() if value not in ("", None) or name in EMPTY}
    if "post" in fields:
        fields["post"] = fields["post"] or ""
    return Said(row, fields.pop("staff_number"), fields)


def _told(plan: Plan, *, dry_run: bool) -> dict[str, Any]:
    words = ("what", "before", "after")
    return {
        "dry_run": dry_run,
        "digest": plan.digest,
        **plan.counts,
        "people": [
            {
                "staff_number": change.staff_number,
                "name": change.name,
                "effect": change.effect.value,
                "changes": [dict(zip(words, line, strict=True)) for line in change.words],
            }
            for change in plan.changes
        ],
        "problems": [{"row": one.line, "field": one.field, "detail": one.message} for one in plan.problems],
    }


urlpatterns: list[Any] = [
    path("directory/", Directory.as_view(), name="directory"),
    path("directory/<str:number>/", OnePerson.as_view(), name="person"),
]
