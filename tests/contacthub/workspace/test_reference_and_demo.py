from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group

from contacthub.cases.models import Case, Event
from contacthub.mail.models import Mailbox, Message
from contacthub.people.demo import PASSWORD
from contacthub.people.models import StaffMember, Unit
from contacthub.people.services import actor_for, units_of
from contacthub.workspace.services import load_demo, load_reference
from jobmatch_helpdesk.models import Incident, ReplyTemplate

pytestmark = pytest.mark.django_db
TODAY = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)


def test_reference_data_brings_a_group_for_every_role_that_is_no_post():
    load_reference()

    assert set(Group.objects.values_list("name", flat=True)) == {
        "Helpdesk agent",
        "Helpdesk lead",
        "Jobcentre adviser",
        "JD agent",
        "JD quality assessor",
        "ED agent",
        "Employer payments caseworker",
        "Caseworker",
        "Welsh Language Unit",
        "Complaint team member",
        "Integrator",
        "Administrator",
    }


@pytest.mark.proves("XC-04")
def test_what_an_administrator_changed_is_never_put_back():
    load_reference()
    Mailbox.objects.filter(code="helpdesk").update(name="Changed", address="changed@example.org")

    load_reference()

    assert Mailbox.objects.filter(code="helpdesk").values_list("name", "address").get() == (
        "Changed",
        "changed@example.org",
    )


@pytest.mark.proves("UJ-14")
def test_no_address_stands_in_the_reference_data():
    load_reference()

    assert set(Mailbox.objects.values_list("address", flat=True)) == {""}
    assert set(Unit.objects.values_list("inbox", "telephone")) == {("", "")}


@pytest.mark.proves("UJ-11")
def test_the_ed_sites_come_in_the_order_of_the_procedure():
    load_reference()

    sites = Unit.objects.filter(kind="ed_site").order_by("pk")
    assert list(sites.values_list("name", flat=True)) == ["Annesley", "Southend", "Telford", "Dundee"]


class TestDemo:
    @pytest.fixture
    def demo(self):
        load_reference()
        assert load_demo(at=TODAY)

    def test_incidents_are_made_dated_before_now(self, demo):
        assert Incident.objects.count() == 21
        assert not Event.objects.filter(at__gt=TODAY).exists()
        assert Incident.objects.filter(received_at__gt=TODAY - timedelta(days=1)).exists()

    def test_its_mail_is_queued_for_the_worker(self, demo):
        assert Message.objects.filter(subject__contains=": answer").count() == 3
        assert Message.objects.filter(subject__contains=": ateb").count() == 1, "the Welsh one"
        assert Message.objects.filter(subject__contains="has your message").count() == 21

    def test_leads_keep_reply_templates_in_both_languages_but_for_one(self, demo):
        assert ReplyTemplate.objects.count() == 9
        assert ReplyTemplate.objects.filter(welsh="").count() == 1
        assert ReplyTemplate.objects.filter(offered=False).count() == 1

    def test_its_addresses_are_reserved_ones(self, demo):
        addresses = [
            *Message.objects.values_list("to", flat=True),
            *Incident.objects.exclude(no_email=True).exclude(own_problem=True).values_list("customer_email", flat=True),
        ]

        assert all(address.endswith((".example", "@example.org", "@example.com")) for address in addresses)

    @pytest.mark.parametrize(
        ("username", "name", "role", "unit"),
        [
            ("agent", "Ana Byrne", "Helpdesk agent", "helpdesk"),
            ("helpdesk-lead", "Marcus Adeyemi", "Helpdesk lead", "helpdesk"),
            ("jobcentre", "Rhian Evans", "Jobcentre adviser", "PWN"),
            ("jd-agent", "Kofi Mensah", "JD agent", "jd"),
            ("serco-qa", "Yusuf Demir", "JD quality assessor", "jd"),
            ("ed-agent", "Moira Lennox", "ED agent", "ed-telford"),
            ("ed-lead", "Graham Sallow", "ED team leader", "ed-telford"),
            ("admin", "Ingrid Falk", "Administrator", None),
        ],
    )
    def test_the_sign_ins_work(self, demo, username, name, role, unit):
        staff = authenticate(username=username, password=PASSWORD)

        assert staff.name == name
        assert actor_for(staff, on=TODAY.date()).roles == {role}
        assert [place.code for place in units_of(staff, on=TODAY.date())] == ([unit] if unit else [])

    def test_the_inboxes_and_numbers_are_those_of_the_demonstration(self, demo):
        reached_at = {unit.code: (unit.inbox, unit.telephone) for unit in Unit.objects.all()}

        assert reached_at["ed-annesley"][0] == "ed.annesley@contacthub.example"
        assert reached_at["jd"][0] == "jd@contacthub.example"
        assert reached_at["helpdesk"] == ("helpdesk@contacthub.example", "0808 157 0100")

    def test_it_is_loaded_into_an_empty_database_only(self, demo):
        cases = Case.objects.count()

        assert load_demo(at=TODAY) is False
        assert Case.objects.count() == cases
        assert StaffMember.objects.filter(username="agent").count() == 1
