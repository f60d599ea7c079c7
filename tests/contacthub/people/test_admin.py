"""What administrators edit: on record, and nothing else (XC-01, XC-04)."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib import admin
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group
from django.core.management import call_command

from contacthub.cases.models import CaseRecord, Event
from contacthub.deadlines.models import DayOff
from contacthub.mail.models import Mailbox
from contacthub.people.models import Membership, StaffMember, Unit
from contacthub.people.roles import Role
from contacthub.people.services import actor_for
from tests.factories import MORNING, IncidentFactory, MembershipFactory, StaffMemberFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
TELFORD = {"code": "ed-telford", "name": "Telford", "kind": "ed_site", "telephone": "", "nation": "england_and_wales"}
MAILBOX = {"code": "helpdesk", "name": "Universal Jobmatch Helpdesk"}
DAY_OFF = {"nation": "england_and_wales", "words": "Jubilee"}
ADDRESSES = [
    "/admin/",
    "/admin/people/",
    "/admin/people/unit/",
    "/admin/people/staffmember/add/",
    "/admin/mail/mailbox/",
    "/admin/autocomplete/",
    "/admin/jsi18n/",
    "/admin/nothing-here/",
]


@pytest.fixture
def ingrid() -> StaffMember:
    return StaffMemberFactory(name="Ingrid Falk", role=Role.ADMINISTRATOR)


@pytest.fixture
def at_work(client, ingrid):
    client.force_login(ingrid)
    return client


def address(obj, page: str = "change") -> str:
    return f"/admin/{obj._meta.app_label}/{obj._meta.model_name}/{obj.pk}/{page}/"


def words_of(obj) -> list[tuple[str, str]]:
    events = Event.objects.filter(subject_label=obj._meta.label_lower, subject_id=obj.pk).order_by("pk")
    return [(event.kind, event.words.text) for event in events]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_gets_in(client, role):
    client.force_login(StaffMemberFactory(role=role))

    assert {client.get(url).status_code for url in ADDRESSES} == {403}


def test_who_is_not_signed_in_is_asked_to(client):
    assert all(client.get(url).headers["Location"].startswith("/sign-in/?next=") for url in ADDRESSES)


def test_no_case_can_be_seen_there():
    assert [model for model in admin.site._registry if issubclass(model, CaseRecord)] == []


@pytest.mark.proves("XC-01", "XC-04")
def test_a_change_is_on_record_with_who_before_and_after(at_work, ingrid):
    telford = Unit.objects.get(code="ed-telford")

    at_work.post(address(telford), TELFORD | {"inbox": "ed.telford@contacthub.example", "nation": "scotland"})

    telford.refresh_from_db()
    assert telford.inbox == "ed.telford@contacthub.example"
    event = Event.objects.get(subject_label="people.unit", subject_id=telford.pk)
    assert (event.actor, event.kind) == (ingrid, "changed")
    assert event.words.text.splitlines() == [
        "Inbox: nothing → ed.telford@contacthub.example",
        "Nation: England and Wales → Scotland",
    ]


def test_saving_without_a_change_leaves_no_event(at_work):
    at_work.post(address(Unit.objects.get(code="ed-telford")), TELFORD | {"inbox": ""})

    assert Event.objects.count() == 0


def test_what_was_added_and_removed_is_on_record(at_work):
    at_work.post("/admin/people/unit/add/", TELFORD | {"code": "ash", "name": "Ashcombe", "kind": "jobcentre"})
    ashcombe = Unit.objects.get(code="ash")

    at_work.post(address(ashcombe, "delete"), {"post": "yes"})

    assert not Unit.objects.filter(code="ash").exists()
    (added, words), (removed, name) = words_of(ashcombe)
    assert (added, removed, name) == ("added", "removed", "Ashcombe")
    assert "Kind: Jobcentre" in words.splitlines()


def test_the_history_of_a_row_tells_it(at_work):
    telford = Unit.objects.get(code="ed-telford")
    at_work.post(address(telford), TELFORD | {"inbox": "", "name": "<b>Telford & Wrekin"})

    page = at_work.get(address(telford, "history")).content.decode()

    assert "Ingrid Falk" in page
    assert "Name: Telford → &lt;b&gt;Telford &amp; Wrekin" in page


def test_what_is_referred_to_is_not_removed_and_the_page_says_by_what(at_work):
    membership = MembershipFactory(unit=Unit.objects.get(code="ed-telford"))

    page = at_work.post(address(membership.unit, "delete"), {"post": "yes"}).content.decode()

    assert Unit.objects.filter(code="ed-telford").exists()
    assert "“Telford” cannot be removed, since these refer to it:" in page
    assert "1 membership" in page
    assert Event.objects.count() == 0


def test_removing_a_person_shows_no_case_of_theirs(at_work):
    ana = StaffMemberFactory(role=Role.HELPDESK_AGENT)
    incident = IncidentFactory(assigned_to=ana, state="assigned")

    page = at_work.post(address(ana, "delete"), {"post": "yes"}).content.decode()

    assert "1 incident" in page
    assert incident.reference not in page
    assert StaffMember.objects.filter(pk=ana.pk).exists()


class TestStaff:
    FIELDS = {
        "username": "ana",
        "name": "Ana Byrne",
        "staff_number": "900101",
        "email": "ana.byrne@helpdesk.example",
        "active_from": "06/01/2020",
    }

    def test_a_new_member_of_staff_can_sign_in_with_roles_and_the_password_stands_nowhere(self, at_work):
        group = Group.objects.get(name="Helpdesk agent")
        passwords = {"password1": "barley-window-seven", "password2": "barley-window-seven"}
        at_work.post("/admin/people/staffmember/add/", self.FIELDS | passwords | {"groups": [group.pk]})

        ana = authenticate(username="ana", password="barley-window-seven")
        assert actor_for(ana, on=MORNING.date()).roles == {"Helpdesk agent"}
        ((kind, words),) = words_of(ana)
        assert kind == "added"
        assert "Roles: Helpdesk agent" in words.splitlines()
        assert "barley" not in words

    def test_a_change_of_roles_is_on_record_with_before_and_after(self, at_work):
        ana = StaffMemberFactory(role=Role.HELPDESK_AGENT, **self.FIELDS | {"active_from": date(2020, 1, 6)})
        lead = Group.objects.get(name="Helpdesk lead")

        at_work.post(address(ana), self.FIELDS | {"groups": [lead.pk]})

        assert words_of(ana) == [("changed", "Roles: Helpdesk agent → Helpdesk lead")]

    def test_a_password_set_anew_is_on_record_without_the_password(self, at_work):
        ana = StaffMemberFactory(username="ana")
        given = {"password1": "barley-window-seven", "password2": "barley-window-seven", "usable_password": "true"}

        at_work.post(f"/admin/people/staffmember/{ana.pk}/password/", given)

        assert authenticate(username="ana", password="barley-window-seven") == ana
        assert words_of(ana) == [("changed", "Password: set anew")]

    def test_posts_are_not_offered_as_roles(self, at_work):
        page = at_work.get("/admin/people/staffmember/add/").content.decode()

        assert "JD quality assessor" in page
        assert "ED team leader" not in page

    def test_the_first_administrator_of_a_new_server_is_made_on_the_command_line(self, monkeypatch):
        monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "barley-window-seven")
        given = {"username": "first", "name": "First", "staff_number": "1", "email": "first@example.org"}

        call_command("createsuperuser", interactive=False, active_from=date(2020, 1, 1), verbosity=0, **given)

        first = StaffMember.objects.get(username="first")
        assert actor_for(first, on=MORNING.date()).roles == {"Administrator"}
        assert not first.is_superuser


class TestMemberships:
    def test_two_holders_of_a_post_are_refused_in_words(self, at_work):
        held = MembershipFactory(unit=Unit.objects.get(code="ed-telford"), post="team_leader")
        given = {
            "person": StaffMemberFactory().pk,
            "unit": held.unit_id,
            "post": "team_leader",
            "starts_on": "1/6/2026",
        }

        page = at_work.post("/admin/people/membership/add/", given | {"starts_on": "1/6/2026"}).content.decode()

        assert "Somebody holds this post on some of these days. End that membership first" in page
        assert Membership.objects.count() == 1

    def test_reversed_days_are_refused_in_words(self, at_work):
        given = {"person": StaffMemberFactory().pk, "unit": Unit.objects.get(code="jd").pk, "post": ""}

        page = at_work.post(
            "/admin/people/membership/add/", given | {"starts_on": "2/6/2026", "ends_on": "1/6/2026"}
        ).content.decode()

        assert "The last day must be the first day or later" in page

    def test_a_change_names_people_and_units(self, at_work):
        held = MembershipFactory(unit=Unit.objects.get(code="ed-telford"))
        given = {"person": held.person_id, "unit": Unit.objects.get(code="ed-dundee").pk, "post": ""}

        at_work.post(address(held), given | {"starts_on": "06/01/2020", "ends_on": "5/6/2026"})

        ((_, words),) = words_of(held)
        assert words.splitlines() == ["Unit: Telford → Dundee", "Ends on: nothing → 2026-06-05"]


class TestMailboxes:
    def test_the_address_is_set_there(self, at_work):
        mailbox = Mailbox.objects.get(code="helpdesk")

        at_work.post(address(mailbox), {"code": "helpdesk", "name": mailbox.name, "address": "new@contacthub.example"})

        mailbox.refresh_from_db()
        assert mailbox.address == "new@contacthub.example"

    @pytest.mark.parametrize("name", ["Helpdesk, Telford", 'Helpdesk "UJ"; Wales', "Desg Gymorth Ŵyn"])
    def test_any_name_in_one_line_is_taken(self, at_work, name):
        mailbox = Mailbox.objects.get(code="helpdesk")

        at_work.post(address(mailbox), {"code": "helpdesk", "name": name, "address": mailbox.address})

        mailbox.refresh_from_db()
        assert mailbox.name == name

    def test_no_line_break_gets_into_the_name(self, at_work):
        mailbox = Mailbox.objects.get(code="helpdesk")

        at_work.post(address(mailbox), {"code": "helpdesk", "name": "Helpdesk\nBcc: a@example.org\n", "address": ""})

        mailbox.refresh_from_db()
        assert mailbox.name == "Helpdesk Bcc: a@example.org"


class TestWhatIsPasted:
    """Addresses and names come from mails and phone books, with characters that nobody sees (P03, P06)."""

    @pytest.mark.parametrize(
        "typed",
        [
            "\u200btelford@ed.example",
            "telford@ed.example\u200b",
            "telf\u00adord@ed.example",
            " telford@ed.example\u00a0",
        ],
    )
    def test_an_address_is_kept_without_them(self, at_work, typed):
        at_work.post(address(Unit.objects.get(code="ed-telford")), TELFORD | {"inbox": typed})
        at_work.post(address(mailbox := Mailbox.objects.get(code="helpdesk")), MAILBOX | {"address": typed})

        mailbox.refresh_from_db()
        assert Unit.objects.get(code="ed-telford").inbox == mailbox.address == "telford@ed.example"

    def test_an_address_that_mail_cannot_carry_shows_the_odd_character(self, at_work):
        page = at_work.post(address(Unit.objects.get(code="ed-telford")), TELFORD | {"inbox": "o’neill@ed.example"})

        assert "Email addresses cannot have “’” before the @" in page.text

    def test_a_name_is_kept_without_an_override_of_its_direction(self, at_work):
        at_work.post(
            address(Unit.objects.get(code="ed-telford")), TELFORD | {"inbox": "", "name": "Telford \u202eabc "}
        )

        assert Unit.objects.get(code="ed-telford").name == "Telford abc"


class TestDays:
    @pytest.mark.parametrize(
        "typed", ["31/8/25", "31/8/0025", "31/8/202", "0025-08-31", "31 8 25", "31 aug 2026", "31/2/2026"]
    )
    def test_a_day_that_leaves_its_year_open_is_refused_and_stays_to_be_changed(self, at_work, typed):
        page = at_work.post("/admin/deadlines/dayoff/add/", DAY_OFF | {"day": typed})

        assert "Enter a date whose year has four numbers, like 31/8/2026" in page.text
        assert f'value="{typed}"' in page.text
        assert not DayOff.objects.exists()

    @pytest.mark.parametrize("typed", ["31/08/2026", " 31 / 8 / 2026 ", "2026-08-31"])
    def test_any_spelling_of_a_whole_day_is_taken(self, at_work, typed):
        at_work.post("/admin/deadlines/dayoff/add/", DAY_OFF | {"day": typed})

        assert DayOff.objects.get().day == date(2026, 8, 31)


@pytest.mark.parametrize("odd", ["%", "_", "%%%", "\\", "*", "x" * 300])
@pytest.mark.parametrize("table", ["people/unit", "people/staffmember", "people/membership", "mail/mailbox"])
def test_no_sign_stands_for_any_other_in_a_search(at_work, table, odd):
    MembershipFactory()

    page = at_work.get(f"/admin/{table}/", {"q": odd})

    assert page.status_code == 200
    assert [row for row in page.context["cl"].result_list if odd not in str([*vars(row).values()])] == []


@pytest.mark.parametrize("rows", [1, 20])
def test_lists_cost_the_same_for_any_number_of_rows(at_work, django_assert_max_num_queries, rows):
    MembershipFactory.create_batch(rows)

    with django_assert_max_num_queries(14):
        assert at_work.get("/admin/people/membership/").status_code == 200
