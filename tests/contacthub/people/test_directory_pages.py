"""The pages of the directory, for all staff, and the import, for administrators."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from contacthub.clock import now
from contacthub.formats import uk_day
from contacthub.people.models import CheckedFile, StaffMember
from contacthub.people.roles import Post, Role
from tests.factories import MembershipFactory, PlacementFactory, StaffMemberFactory, UnitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
HEADINGS = "Staff number;Name;Work email;Unit;Post"


@pytest.fixture
def reader(client):
    client.force_login(StaffMemberFactory(name="Rhian Evans", role=Role.JOBCENTRE_ADVISER))
    return client


@pytest.fixture
def admin(client):
    client.force_login(StaffMemberFactory(name="Ingrid Falk", role=Role.ADMINISTRATOR))
    return client


def text_of(response) -> str:
    main = response.content.decode().partition("<main")[2]
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split()))


def names_in(response) -> list[str]:
    return [row.person.name for row in response.context["rows"]]


class TestFinding:
    @pytest.fixture(autouse=True)
    def people(self):
        for number, name in [
            ("900001", "Siân O’Neill-Rhys"),
            ("900002", "Ŵyn Rees"),
            ("900003", "Zoe Adams"),
            ("900004", "Éowyn Price"),
        ]:
            StaffMemberFactory(name=name, staff_number=number)

    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("sian", ["Siân O’Neill-Rhys"]),
            ("ONEILL", ["Siân O’Neill-Rhys"]),
            ("o'neill", ["Siân O’Neill-Rhys"]),
            ("rh", ["Siân O’Neill-Rhys", "Rhian Evans"]),
            ("rees wyn", ["Ŵyn Rees"]),
            ("ees", []),
            ("900003", ["Zoe Adams"]),
            ("90000", ["Éowyn Price", "Siân O’Neill-Rhys", "Ŵyn Rees", "Zoe Adams"]),
            ("%", []),
            ("price adams", []),
        ],
    )
    def test_people_are_found_by_beginnings_of_words_or_of_the_number(self, reader, typed, found):
        response = reader.get("/directory/", {"q": typed})

        assert sorted(names_in(response)) == sorted(found)

    def test_accents_and_capitals_do_not_matter_for_the_order(self, reader):
        assert names_in(reader.get("/directory/", {"q": "9000"})) == [
            "Éowyn Price",
            "Siân O’Neill-Rhys",
            "Ŵyn Rees",
            "Zoe Adams",
        ]

    def test_what_was_looked_for_is_marked(self, reader):
        assert b"<mark>\xc5\xb4yn</mark> Rees" in reader.get("/directory/?q=wyn").content

    def test_nobody_is_said_with_what_to_try(self, reader):
        assert "Nobody like that works here today" in text_of(reader.get("/directory/?q=zzz"))


class TestLists:
    def test_who_left_is_in_a_list_of_their_own(self, reader):
        StaffMemberFactory(name="Gone", active_to=uk_day(now()) - timedelta(days=1))
        StaffMemberFactory(name="Last day today", active_to=uk_day(now()))

        assert "Gone" not in names_in(reader.get("/directory/"))
        assert "Last day today" in names_in(reader.get("/directory/"))
        assert names_in(reader.get("/directory/?view=left")) == ["Gone"]

    def test_filters_by_unit_and_post(self, reader):
        team = UnitFactory(kind="team", code="team-1", name="Team 1")
        lead = MembershipFactory(unit=team, post=Post.TEAM_LEADER).person
        MembershipFactory(unit=team)
        MembershipFactory(post=Post.TEAM_LEADER, unit__kind="team")

        assert len(names_in(reader.get("/directory/?unit=team-1"))) == 2
        assert names_in(reader.get("/directory/?unit=team-1&post=team_leader")) == [lead.name]

    def test_vacant_posts_are_those_that_nobody_holds_who_works_today(self, reader):
        today = uk_day(now())
        held, left, empty = (UnitFactory(kind="team", name=name) for name in ("Held", "Left", "Empty"))
        MembershipFactory(unit=held, post=Post.TEAM_LEADER)
        MembershipFactory(unit=left, post=Post.TEAM_LEADER, person__active_to=today - timedelta(days=1))
        area = UnitFactory(kind="area", name="Area")
        MembershipFactory(unit=area, post=Post.AREA_MANAGER)

        rows = {row.unit.name: row.posts for row in reader.get("/directory/?view=vacant").context["rows"]}

        assert rows == {
            "Left": ["Team leader"],
            "Empty": ["Team leader"],
            "Area": ["Area senior resolution manager"],
            **{site: ["Team leader"] for site in ("Annesley", "Southend", "Telford", "Dundee")},
        }
        assert empty.name in rows

    @pytest.mark.parametrize("view", ["", "?view=left", "?view=vacant", "?q=ana"])
    @pytest.mark.parametrize("rows", [2, 20])
    def test_a_list_takes_the_same_queries_for_two_and_for_twenty(self, reader, view, rows, django_assert_num_queries):
        gone = uk_day(now()) - timedelta(days=1) if "left" in view else None
        for _ in range(rows):
            team = UnitFactory(kind="team")
            MembershipFactory(unit=team, person__active_to=gone)
            MembershipFactory(unit=team, post=Post.TEAM_LEADER if "vacant" not in view else "")

        with django_assert_num_queries({"": 13, "?view=left": 12, "?view=vacant": 12, "?q=ana": 13}[view]):
            reader.get(f"/directory/{view}")

    def test_pages_go_on_by_the_last_name(self, reader):
        StaffMemberFactory.create_batch(60)
        first = reader.get("/directory/")

        second = reader.get(f"/directory/{first.context['older']}")

        assert not {*names_in(first)} & {*names_in(second)}
        assert len(names_in(first)) + len(names_in(second)) == 61


class TestPerson:
    @pytest.mark.proves("CF-25", "CF-30")
    def test_the_page_says_who_leads_and_why_and_when_somebody_moved(self, reader):
        team, before = UnitFactory(kind="team", name="Team 7"), UnitFactory(kind="team", name="Team 4")
        area = UnitFactory(kind="area", name="East Vale area")
        PlacementFactory(unit=team, area=area)
        leader = MembershipFactory(unit=team, post=Post.TEAM_LEADER, person__name="Bronwen Ashdown").person
        moved = MembershipFactory(unit=before, ends_on=date(2026, 5, 31), person__name="Dylan Pryce").person
        MembershipFactory(unit=team, person=moved, starts_on=date(2026, 6, 1))

        text = text_of(reader.get(moved.get_absolute_url()))

        assert f"Team leader {leader.name} Team 7" in text
        assert "Area manager Vacant East Vale area" in text
        assert "Moved to Team 7 on 1 June 2026, from Team 4" in text

    def test_who_left_has_nobody_and_the_leader_of_the_last_team(self, reader):
        team = UnitFactory(kind="team")
        MembershipFactory(unit=team, post=Post.TEAM_LEADER, person__name="Bronwen Ashdown")
        left = MembershipFactory(unit=team, person__active_to=date(2026, 5, 31)).person

        text = text_of(reader.get(left.get_absolute_url()))

        assert "Left, last day 31 May 2026" in text
        assert "The last team is led by Bronwen Ashdown" in text

    @pytest.mark.parametrize("address", ["/directory/nobody/", "/directory/a%00b/", "/directory/units/nowhere/"])
    def test_who_is_not_there_is_not_found(self, reader, address):
        assert reader.get(address).status_code == 404

    @pytest.mark.parametrize("moves", [1, 10])
    def test_it_takes_the_same_queries_for_one_move_and_for_ten(self, reader, moves, django_assert_num_queries):
        person = StaffMemberFactory()
        for day in range(1, moves + 2):
            MembershipFactory(person=person, unit=UnitFactory(kind="team"), starts_on=date(2026, 1, day))

        with django_assert_num_queries(12):
            reader.get(person.get_absolute_url())


class TestUnit:
    def test_it_shows_its_posts_vacant_or_held_its_members_and_where_it_belongs(self, reader):
        area = UnitFactory(kind="area", name="East Vale area")
        team = PlacementFactory(unit__name="Team 7", area=area).unit
        MembershipFactory(unit=area, post=Post.AREA_MANAGER, person__name="Shirin Tavakoli")
        MembershipFactory(unit=team, person__name="Dylan Pryce")
        MembershipFactory(unit=team, person__name="Long gone", ends_on=date(2026, 1, 1))

        of_team, of_area = text_of(reader.get(team.get_absolute_url())), text_of(reader.get(area.get_absolute_url()))

        assert "Dylan Pryce" in of_team
        assert "Long gone" not in of_team
        assert "Team leader Vacant" in of_team
        assert "Area East Vale area" in of_team
        assert "Area manager Shirin Tavakoli Area senior resolution manager Vacant" in of_area
        assert "Part of it Team 7" in of_area

    @pytest.mark.parametrize("rows", [1, 20])
    def test_it_takes_the_same_queries_for_one_member_and_for_twenty(self, reader, rows, django_assert_num_queries):
        area = UnitFactory(kind="area")
        for _ in range(rows):
            MembershipFactory(unit=area)
            PlacementFactory(area=area)

        with django_assert_num_queries(13):
            reader.get(area.get_absolute_url())


def upload(client, *lines: str, encoding: str = "cp1252", name: str = "people.csv"):
    data = "\r\n".join(lines).encode(encoding)
    key = client.get("/directory/import/").context["form"]["key"].value()
    return client.post("/directory/import/", {"key": key, "file": SimpleUploadedFile(name, data)}, follow=True)


def press_apply(client, response):
    check = CheckedFile.objects.get()
    key = response.context["form"]["key"].value()
    return client.post(f"/directory/import/{check.pk}/apply/", {"key": key}, follow=True)


class TestImport:
    def test_a_file_is_checked_shown_and_applied(self, admin):
        team = UnitFactory(kind="team", code="team-1")

        shown = upload(admin, HEADINGS, "900700;Siân O’Neill;sian@example.org;team-1;Team leader", ";;;;")

        assert "New Name and staff number What Line Siân O’Neill 900700 Name: Siân O’Neill" in text_of(shown)
        assert not StaffMember.objects.filter(staff_number="900700").exists()

        applied = press_apply(admin, shown)

        assert "people.csv is applied" in text_of(applied)
        assert StaffMember.objects.get(staff_number="900700").memberships.get().unit == team

    def test_a_second_press_applies_nothing_more(self, admin):
        shown = upload(admin, HEADINGS, "900700;Bo;bo@example.org;;")
        press_apply(admin, shown)

        assert press_apply(admin, shown).status_code == 200
        assert StaffMember.objects.filter(staff_number="900700").count() == 1

    def test_every_problem_is_shown_with_its_line_and_nothing_is_kept(self, admin):
        StaffMemberFactory(staff_number="000412")

        response = upload(admin, HEADINGS, "412;Ann;a@example.org;;", "900701;Bo;bo;nowhere;", "900702;;;;King")

        text = text_of(response)
        assert "Error: " in response.content.decode().partition("</title>")[0]
        assert "Line 3: Work email: Enter an email address in the correct format" in text
        assert "Line 4: Post: Enter one of these, or nothing: Team leader" in text
        assert not CheckedFile.objects.exists()

    def test_lost_zeros_name_the_person_who_may_be_meant(self, admin):
        StaffMemberFactory(staff_number="000412")

        text = text_of(upload(admin, HEADINGS, "412;Ann;a@example.org;;"))

        assert "Line 2: The directory has 000412. If that is who is meant, put back the zeros" in text

    def test_a_directory_that_moved_in_between_is_shown_anew_and_nothing_was_written(self, admin):
        ana = StaffMemberFactory(staff_number="900101", name="Ana")
        shown = upload(admin, "Staff number;Name", "900101;Ana Byrne")
        StaffMember.objects.filter(pk=ana.pk).update(name="Ana B.")

        response = press_apply(admin, shown)

        assert response.status_code == 409
        assert "The directory has changed since this was checked" in text_of(response)
        assert "Name: Ana B. Ana Byrne" in text_of(response)
        ana.refresh_from_db()
        assert ana.name == "Ana B."
        press_apply(admin, response)
        ana.refresh_from_db()
        assert ana.name == "Ana Byrne"

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"", "The file is empty"),
            (b"\x00\x01", "Save it as “CSV UTF-8”"),
            (b"Grade\n1", "Column 1 is called “Grade”"),
            (b"x" * 2_000_001, "The file must be smaller than 2 MB"),
        ],
    )
    def test_a_file_that_cannot_be_read_is_refused_in_words(self, admin, data, words):
        key = admin.get("/directory/import/").context["form"]["key"].value()

        response = admin.post("/directory/import/", {"key": key, "file": SimpleUploadedFile("a.csv", data)})

        assert words in text_of(response)

    def test_no_file_is_asked_for(self, admin):
        response = admin.post("/directory/import/", {"key": "a"})

        assert "Select a CSV file" in text_of(response)

    def test_the_template_can_be_checked_as_it_is(self, admin):
        UnitFactory(kind="team", code="maintenance-7")
        template = admin.get("/directory/import/template.csv")

        shown = upload(admin, template.content.decode("utf-8-sig"), encoding="utf-8")

        assert "attachment" in template.headers["Content-Disposition"]
        assert "New 1" in text_of(shown)

    def test_a_file_that_says_what_stands_has_nothing_to_apply(self, admin):
        StaffMemberFactory(staff_number="900101", name="Ana")

        shown = upload(admin, "Staff number;Name", "900101;Ana")

        assert "The directory says all of this already" in text_of(shown)
        assert "<button" not in shown.content.decode().partition("<main")[2].partition("</main")[0]


def test_the_directory_stands_under_everybodys_name_and_in_the_head_of_those_who_need_it_most(client):
    for role, places in [(Role.JD_AGENT, 0), (Role.COMPLAINT_TEAM_MEMBER, 1), (Role.ADMINISTRATOR, 1)]:
        client.force_login(StaffMemberFactory(role=role))
        head, _, menu = client.get("/").content.decode().partition('<details class="app-menu">')
        assert head.count('href="/directory/"') == places
        assert 'href="/directory/"' in menu.partition("</details>")[0]


def test_an_office_without_a_leader_of_its_own_is_not_said_to_lack_one(reader):
    office = UnitFactory(kind="jobcentre", name="Ashcombe Jobcentre")
    adviser = MembershipFactory(unit=office, person__name="Denise Hartley").person

    assert "Vacant" not in text_of(reader.get("/directory/?q=denise")).replace("Vacant posts", "")
    assert "Nobody: Ashcombe Jobcentre has no leader of its own" in text_of(reader.get(adviser.get_absolute_url()))
    assert "This office has no leader of its own" in text_of(reader.get(office.get_absolute_url()))


def test_set_up_leads_to_the_page_of_a_person_and_of_a_unit(admin):
    for shown in (StaffMemberFactory(), UnitFactory(code="ash")):
        page = admin.get(f"/admin/people/{shown._meta.model_name}/{shown.pk}/change/").content.decode()
        link = re.search(r'href="(/admin/r/[^"]+)"', page)

        assert admin.get(link[1]).headers["Location"].endswith(shown.get_absolute_url())
