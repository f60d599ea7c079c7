"""The people directory for machines: read, and many people at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contacthub.clock import now
from contacthub.formats import uk_day
from contacthub.people.models import StaffMember
from contacthub.people.roles import Post
from tests.contacthub.api.situations import Machine
from tests.factories import MembershipFactory, PlacementFactory, StaffMemberFactory, UnitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
BO = {"staff_number": "900700", "name": "Bo Lis", "email": "bo@example.org"}


@pytest.fixture
def reader():
    return Machine("directory:read")


@pytest.fixture
def writer():
    return Machine("directory:write")


@pytest.fixture
def team():
    return PlacementFactory(
        unit=UnitFactory(kind="team", code="team-1", name="Team 1"),
        area=UnitFactory(kind="area", code="east", name="East"),
    ).unit


@pytest.fixture
def leader(team):
    return MembershipFactory(
        unit=team, post=Post.TEAM_LEADER, person__name="Bronwen", person__staff_number="900612"
    ).person


class TestReading:
    @pytest.mark.proves("CF-25")
    def test_a_person_comes_with_everybody_who_leads_them_and_when_they_moved(self, reader, team, leader):
        person = MembershipFactory(unit__code="team-0", unit__name="Team 0", unit__kind="team").person
        moved_on = uk_day(now()) - timedelta(days=5)
        MembershipFactory(unit=team, person=person, starts_on=moved_on)

        told = reader.get(f"directory/{person.staff_number}/").json()

        assert told["unit"] == told["team"] == {"code": "team-1", "name": "Team 1"}
        assert told["team_leader"] == {"staff_number": "900612", "name": "Bronwen"}
        assert (told["area"]["code"], told["area_manager"], told["workgroup"]) == ("east", None, None)
        assert told["moves"] == [
            {
                "on": moved_on.isoformat(),
                "left": {"code": "team-0", "name": "Team 0"},
                "joined": {"code": "team-1", "name": "Team 1"},
            }
        ]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=bron", ["Bronwen"]),
            ("unit=team-1", ["Bronwen"]),
            ("post=team_leader", ["Bronwen"]),
            ("view=left", ["Gone"]),
        ],
    )
    def test_people_are_listed_as_on_the_page(self, reader, leader, query, found):
        StaffMemberFactory(name="Gone", active_to=uk_day(now()) - timedelta(days=1))

        results = reader.get(f"directory/?{query}").json()["results"]

        assert [one["name"] for one in results] == found

    def test_a_post_is_told_by_its_code(self, reader, leader):
        [told] = reader.get("directory/?q=bronwen").json()["results"]

        assert (told["posts"], told["unit"]["code"], told["team_leader"]) == (
            [{"code": "team_leader", "label": "Team leader"}],
            "team-1",
            None,
        )

    def test_pages_go_on_by_the_last_name(self, reader):
        StaffMemberFactory.create_batch(3, name="Same Name")

        first = reader.get("directory/?q=same&page_size=2").json()
        second = reader.get(first["next"].removeprefix("/api/v1/")).json()

        assert (len(first["results"]), len(second["results"]), second["next"]) == (2, 1, None)

    def test_nobody_is_not_there(self, reader):
        assert reader.get("directory/nobody/").status_code == 404

    def test_it_needs_its_scope(self, writer):
        assert writer.get("directory/").json()["code"] == "scope_missing"


class TestUpsert:
    def test_a_dry_run_tells_what_would_change_and_changes_nothing(self, writer, team):
        told = writer.post("directory/", {"dry_run": True, "people": [BO | {"unit": "team-1"}]}).json()

        assert (told["dry_run"], told["new"], told["problems"]) == (True, 1, [])
        [person] = told["people"]
        assert (person["staff_number"], person["effect"]) == ("900700", "new")
        assert {"what": "Name", "before": "–", "after": "Bo Lis"} in person["changes"]
        assert not StaffMember.objects.filter(staff_number="900700").exists()

    def test_what_a_dry_run_told_is_done_with_its_digest(self, writer, team):
        body = {"people": [BO | {"unit": "team-1", "post": "team_leader"}]}
        digest = writer.post("directory/", body | {"dry_run": True}).json()["digest"]

        told = writer.post("directory/", body | {"digest": digest}).json()

        assert (told["dry_run"], told["new"], told["digest"]) == (False, 1, digest)
        assert StaffMember.objects.get(staff_number="900700").memberships.get().post == "team_leader"

    def test_with_the_digest_nothing_is_done_once_the_directory_has_moved(self, writer, leader):
        body = {"people": [{"staff_number": "900612", "name": "Bronwen Ashdown"}]}
        digest = writer.post("directory/", body | {"dry_run": True}).json()["digest"]
        StaffMember.objects.filter(pk=leader.pk).update(name="B. Ashdown")

        refused = writer.post("directory/", body | {"digest": digest})

        assert (refused.status_code, refused.json()["code"]) == (409, "moved_on")
        leader.refresh_from_db()
        assert leader.name == "B. Ashdown"

    def test_a_row_that_cannot_be_done_is_named_and_nothing_is_changed(self, writer):
        body = {"people": [BO, BO | {"staff_number": "900701", "email": "c@example.org", "unit": "nowhere"}]}

        dry = writer.post("directory/", body | {"dry_run": True}).json()
        refused = writer.post("directory/", body)

        assert [(one["row"], one["field"]) for one in dry["problems"]] == [(1, "unit")]
        assert refused.status_code == 422
        assert [error["pointer"] for error in refused.json()["errors"]] == ["/people/1/unit"]
        assert not StaffMember.objects.filter(staff_number="900700").exists()

    @pytest.mark.parametrize(
        ("person", "pointer"),
        [
            ({"staff_number": "900700", "grade": "B"}, "/people/0/grade"),
            ({"name": "Bo"}, "/people/0/staff_number"),
            ({"staff_number": "900700", "email": "bo"}, "/people/0/email"),
            ({"staff_number": "900700", "post": "king"}, "/people/0/post"),
            ({"staff_number": "900700", "since": "01/02/2026"}, "/people/0/since"),
            ({"staff_number": "900700", "takes_calls_in_welsh": "yes"}, "/people/0/takes_calls_in_welsh"),
        ],
    )
    def test_what_cannot_be_read_is_refused_with_the_way_to_it(self, writer, person, pointer):
        refused = writer.post("directory/", {"people": [person]})

        assert refused.status_code == 400
        assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]

    def test_what_is_left_out_stays_and_null_ends_a_last_day(self, writer, leader):
        StaffMember.objects.filter(pk=leader.pk).update(active_to=uk_day(now()), takes_calls_in_welsh=True)

        writer.post("directory/", {"people": [{"staff_number": "900612"}]})
        leader.refresh_from_db()
        assert (leader.active_to, leader.takes_calls_in_welsh) == (uk_day(now()), True)

        writer.post("directory/", {"people": [{"staff_number": "900612", "active_to": None}]})
        leader.refresh_from_db()
        assert (leader.active_to, leader.takes_calls_in_welsh) == (None, True)

    def test_the_same_request_twice_is_done_once(self, writer):
        first = writer.post("directory/", {"people": [BO]}, key="once")
        second = writer.post("directory/", {"people": [BO]}, key="once")

        assert first.json() == second.json()
        assert first.json()["new"] == 1

    def test_it_needs_its_scope(self, reader):
        assert reader.post("directory/", {"people": [BO]}).json()["code"] == "scope_missing"
        assert not StaffMember.objects.filter(staff_number="900700").exists()
