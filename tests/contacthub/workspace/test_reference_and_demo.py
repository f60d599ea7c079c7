import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group

from contacthub.cases.models import Case
from contacthub.mail.models import Mailbox
from contacthub.people.demo import PASSWORD
from contacthub.people.models import StaffMember, Unit
from contacthub.people.services import actor_for, units_of
from contacthub.workspace.services import load_demo, load_reference

pytestmark = pytest.mark.django_db


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
        assert actor_for(staff, on=demo.date()).roles == {role}
        assert [place.code for place in units_of(staff, on=demo.date())] == ([unit] if unit else [])

    def test_colleagues_sign_in_with_the_same_password(self, demo):
        assert authenticate(username="ed-dundee-tl", password=PASSWORD).name == "Ewan Petrie"

    def test_the_inboxes_and_numbers_are_those_of_the_demonstration(self, demo):
        reached_at = {unit.code: (unit.inbox, unit.telephone) for unit in Unit.objects.all()}

        assert reached_at["ed-annesley"][0] == "ed.annesley@contacthub.example"
        assert reached_at["jd"][0] == "jd@contacthub.example"
        assert reached_at["helpdesk"] == ("helpdesk@contacthub.example", "0808 157 0100")

    def test_it_is_loaded_into_an_empty_database_only(self, demo):
        cases = Case.objects.count()

        assert load_demo(at=demo) is False
        assert Case.objects.count() == cases
        assert StaffMember.objects.filter(username="agent").count() == 1
