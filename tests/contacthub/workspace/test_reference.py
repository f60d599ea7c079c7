import pytest
from django.contrib.auth.models import Group

from contacthub.mail.models import Mailbox
from contacthub.people.models import Unit
from contacthub.workspace.services import load_reference

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
    Mailbox.objects.all().delete()
    load_reference()

    assert set(Mailbox.objects.values_list("address", flat=True)) == {""}
    assert set(Unit.objects.values_list("inbox", "telephone")) == {("", "")}


@pytest.mark.proves("UJ-11")
def test_the_ed_sites_come_in_the_order_of_the_procedure():
    load_reference()

    sites = Unit.objects.filter(kind="ed_site").order_by("pk")
    assert list(sites.values_list("name", flat=True)) == ["Annesley", "Southend", "Telford", "Dundee"]
