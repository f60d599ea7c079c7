"""Who may do what, by the services and by the pages: the Employer contact part of the permission matrix, by hand.

What the permissions alone say is in test_permissions.py, seeing in test_queries.py.
"""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from contacthub.errors import DomainError
from contacthub.people.models import StaffMember
from employer_contact import services
from employer_contact.models import Contact
from employer_contact.terms import Channel, Direction
from tests.employer_contact.people import COLUMNS, somebody, team
from tests.factories import (
    MORNING,
    CaseActivityFactory,
    EmployerFactory,
    EmploymentFactory,
    MaintenanceCaseFactory,
    PayingParentFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
CASEWORKER, OTHER, LEADER, WELSH, OWNER, INTEGRATOR, ADMINISTRATOR, NOBODY = COLUMNS

IN, OUT = Direction.INBOUND, Direction.OUTBOUND
# Who opens a contact: what an integrator may do has no page, and the Welsh Language Unit waits for its callbacks.
OPENS = {
    #                 service: in, out   page: in, out
    CASEWORKER:      ((True, True),     (302, 302)),
    OTHER:           ((False, True),    (200, 302)),  # told on the form
    LEADER:          ((True, True),     (302, 302)),
    WELSH:           ((False, False),   (403, 403)),
    OWNER:           ((False, False),   (403, 403)),
    INTEGRATOR:      ((True, True),     (403, 403)),
    ADMINISTRATOR:   ((False, False),   (403, 403)),
    NOBODY:          ((False, False),   (403, 403)),
}  # fmt: skip


@pytest.fixture
def signed_in(client):
    """Return somebody of a column, signed in; a case owner has a case."""

    def sign_in(column: str):
        actor = somebody(column, unit=team())
        if column == OWNER:
            MaintenanceCaseFactory(owner_id=actor.staff_id)
        client.force_login(StaffMember.objects.get(pk=actor.staff_id))
        return actor

    return sign_in


@pytest.mark.proves("EC-02")
@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("column", COLUMNS)
def test_correspondence_that_comes_in_is_for_the_employer_payments_team(signed_in, column, channel):
    actor = signed_in(column)

    for direction, allowed in zip((IN, OUT), OPENS[column][0], strict=True):
        if allowed:
            assert services.open_contact(channel=channel, direction=direction, by=actor, at=MORNING).pk
        else:
            with pytest.raises(DomainError) as refused:
                services.open_contact(channel=channel, direction=direction, by=actor, at=MORNING)
            assert refused.value.code == "not_allowed"

    assert Contact.objects.count() == sum(OPENS[column][0])


@pytest.mark.proves("EC-02")
@pytest.mark.parametrize("column", COLUMNS)
def test_the_page_opens_what_the_service_opens(client, signed_in, column):
    signed_in(column)

    answers = [
        client.post(
            reverse("employers:new_call"), {"key": str(uuid4()), "channel": "telephone", "direction": direction}
        ).status_code
        for direction in (IN, OUT)
    ]

    assert tuple(answers) == OPENS[column][1]
    assert Contact.objects.count() == answers.count(302)


def test_who_only_rings_out_is_told_so_on_the_form(client, signed_in):
    signed_in(OTHER)

    page = client.post(
        reverse("employers:new_call"), {"key": str(uuid4()), "channel": "letter", "direction": "inbound"}
    ).content.decode()

    assert "Only the employer payments team records contacts that come in" in page


# See account summary: Y / Y / Y / Y / R, of the own cases / – / –. The National Insurance number is seen by the same.
SEE_ACCOUNTS = {CASEWORKER, OTHER, LEADER, WELSH, OWNER}


@pytest.mark.proves("XC-06")
@pytest.mark.parametrize("column", COLUMNS)
def test_each_cell_of_the_account_and_of_the_national_insurance_number_by_the_page(client, column):
    actor = somebody(column, unit=team())
    employer, parent = EmployerFactory(whole=True), PayingParentFactory(nino="QQ123456C")
    EmploymentFactory(employer=employer, paying_parent=parent)
    MaintenanceCaseFactory(paying_parent=parent, owner_id=actor.staff_id if column == OWNER else None)
    client.force_login(StaffMember.objects.get(pk=actor.staff_id))

    record = client.get(employer.get_absolute_url())
    page = client.get(reverse("employers:parent", args=[employer.ern, parent.reference]))

    expected = 200 if column in SEE_ACCOUNTS else 404
    assert (record.status_code, page.status_code) == (expected, expected)
    assert ("QQ 12 34 56 C" in page.content.decode()) is (column in SEE_ACCOUNTS)


def test_the_owner_of_another_case_sees_neither_account_nor_number(client, signed_in):
    signed_in(OWNER)
    job = EmploymentFactory()

    assert client.get(job.employer.get_absolute_url()).status_code == 404
    parent = reverse("employers:parent", args=[job.employer.ern, job.paying_parent.reference])
    assert client.get(parent).status_code == 404


@pytest.mark.proves("EC-49", "EC-50", "EC-51")
def test_the_letters_of_a_paying_parent_in_three_cases_stand_on_one_page_with_the_numbers_of_their_cases(
    client, signed_in
):
    signed_in(CASEWORKER)
    job = EmploymentFactory()
    for number, amount in (("300000101", "101.10"), ("300000102", "102.20"), ("300000103", "103.30")):
        case = MaintenanceCaseFactory(number=number, paying_parent=job.paying_parent)
        letter = {"employer": job.employer, "amount": amount, "from_month": MORNING.date().replace(day=1)}
        CaseActivityFactory(maintenance_case=case, **letter)

    page = client.get(reverse("employers:parent", args=[job.employer.ern, job.paying_parent.reference]))

    found = re.findall(r"300000101|300000102|300000103|101\.10|102\.20|103\.30", page.content.decode())
    for number, amount in (("300000101", "101.10"), ("300000102", "102.20"), ("300000103", "103.30")):
        assert amount in found[found.index(number) :]
