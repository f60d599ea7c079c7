"""Who hears of a service request when time moves it, also where its owner has left."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contacthub.deadlines.services import take_step
from contacthub.mail.models import Notice
from contacthub.people.models import Membership, StaffMember
from employer_contact import services
from tests.employer_contact.calling import caseworker, with_reason
from tests.employer_contact.people import LEADER, somebody, team
from tests.factories import MORNING, EmployerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
UNTIL = MORNING + timedelta(days=2)  # before it is due, on 10 June
WARNED, OVERDUE = MORNING + timedelta(days=5), MORNING + timedelta(days=7, minutes=1)


@pytest.fixture
def hilary(owen):
    """Return the leader of Owen's team."""
    return somebody(LEADER, unit=team())


def statement(by):
    contact = with_reason("statement", EmployerFactory(whole=True), by=by)
    return services.create_sr(contact_id=contact.pk, reason="statement", kind="STATEMENT", by=by, at=MORNING)


def pass_time(request, kind: str, at) -> None:
    take_step(deadline_id=request.case.deadlines.get(kind=kind).pk, at=at)


def reminded(by) -> list[int]:
    """Return who hears that nobody answered, by name."""
    request = statement(by)
    given = {"service_request_id": request.pk, "by": by, "at": MORNING}
    services.wait_until(**given, waits_for="Marged", until=UNTIL)
    pass_time(request, "reminder", UNTIL)
    return [*Notice.objects.filter(case=request.case).order_by("person__name").values_list("person_id", flat=True)]


def leaves(actor, *, how: str) -> None:
    """Today is the last day."""
    if how == "DWP":
        StaffMember.objects.filter(pk=actor.staff_id).update(active_to=MORNING.date())
    else:
        Membership.objects.filter(person_id=actor.staff_id).update(ends_on=MORNING.date())


def test_the_owner_is_reminded(owen, hilary):
    assert reminded(owen) == [owen.staff_id]


@pytest.mark.parametrize("how", ["DWP", "the team"])
def test_where_the_owner_has_left_the_leader_of_the_team_is_reminded(owen, hilary, how):
    leaves(owen, how=how)

    assert reminded(owen) == [hilary.staff_id]


@pytest.mark.parametrize("how", ["DWP", "the team"])
def test_where_the_team_has_no_leader_either_all_of_it_are_reminded(owen, how):
    nkechi, omar = caseworker(), caseworker()
    leaves(owen, how=how)

    assert set(reminded(owen)) == {nkechi.staff_id, omar.staff_id}


@pytest.mark.parametrize("how", ["DWP", "the team"])
def test_where_nobody_is_left_the_owner_of_before_is_told_after_all(owen, how):
    leaves(owen, how=how)

    assert reminded(owen) == [owen.staff_id]


@pytest.mark.parametrize("how", ["DWP", "the team"])
def test_what_is_nearly_due_is_told_to_the_leader_where_the_owner_has_left(owen, hilary, how):
    request = statement(owen)
    leaves(owen, how=how)

    pass_time(request, "due", WARNED)

    assert [notice.person_id for notice in Notice.objects.all()] == [hilary.staff_id]
    assert "is due" in Notice.objects.get().words


def test_what_is_overdue_is_told_to_owner_and_leader_each_once(owen, hilary):
    request = statement(owen)

    pass_time(request, "due", OVERDUE)

    assert sorted(notice.person_id for notice in Notice.objects.all()) == sorted([owen.staff_id, hilary.staff_id])


def test_what_is_overdue_is_told_to_the_leader_once_where_the_owner_has_left(owen, hilary):
    request = statement(owen)
    leaves(owen, how="DWP")

    pass_time(request, "due", OVERDUE)

    assert [notice.person_id for notice in Notice.objects.all()] == [hilary.staff_id]


def test_somebody_who_leads_the_team_and_has_it_is_told_once(hilary):
    request = statement(hilary)

    pass_time(request, "due", OVERDUE)

    assert [notice.person_id for notice in Notice.objects.all()] == [hilary.staff_id]
