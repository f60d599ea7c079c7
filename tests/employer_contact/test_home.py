"""What the home page shows of employer contact: what is due soonest, and to whom."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from contacthub.deadlines.models import FollowUpKind
from contacthub.deadlines.services import expect
from contacthub.deadlines.working_time import Target
from contacthub.people.models import StaffMember
from employer_contact import services, workspace
from tests.employer_contact.calling import call_from, caseworker, with_reason
from tests.employer_contact.people import LEADER, OTHER, OWNER, WELSH, somebody, team
from tests.factories import MORNING, EmployerFactory, ServiceRequestFactory

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(days=30)


def raised(party=None, *, by, reason="statement", kind="STATEMENT"):
    contact = with_reason(reason, party, by=by)
    return services.create_sr(contact_id=contact.pk, reason=reason, kind=kind, by=by, at=MORNING)


def home(actor, *, at=MORNING):
    return {
        panel.template.removeprefix("employer_contact/panels/").removesuffix(".html"): panel.context
        for panel in workspace.panels(actor, at=at)
    }


def test_mine_are_there_what_is_due_first_with_the_next_activity(owen):
    later = raised(by=owen, reason="update_details", kind="UPDATE_EMPLOYER")
    sooner = raised(by=owen)
    raised(by=caseworker())
    services.complete_step(service_request_id=later.pk, number=1, words="Their own", by=owen, at=MORNING)
    type(sooner).objects.filter(pk=sooner.pk).update(due_at=later.due_at - timedelta(hours=1))

    due = home(owen)["due"]["due"]

    assert [(one.request.pk, one.next_step.number) for one in due] == [(sooner.pk, 1), (later.pk, 2)]


def test_what_waits_for_somebody_stands_apart(owen):
    request = raised(by=owen)
    until = MORNING + timedelta(days=3)
    services.wait_until(service_request_id=request.pk, waits_for="Technical support", until=until, by=owen, at=MORNING)

    panels = home(owen)

    assert panels["due"]["due"] == []
    assert [one.waits_for for one in panels["waiting"]["rows"]] == ["Technical support"]


def test_a_call_that_is_not_finished_is_there_until_it_is(owen):
    contact = call_from(None, by=owen)
    assert home(owen)["unfinished"]["rows"] == [contact]

    services.finish(contact_id=contact.pk, ending="no_record", by=owen, at=MORNING)

    assert "unfinished" not in home(owen)


def expect_post(contact, *, by):
    return expect(
        case=contact.case,
        kind=FollowUpKind.POST,
        unit=team(),
        words="Post from Skerrow",
        target=Target(working_days=2),
        by=by,
        at=MORNING,
    )


def test_what_the_team_expects_is_there_for_all_of_it(owen):
    contact = call_from(None, by=owen)
    expect_post(contact, by=owen)

    (expected,) = home(caseworker())["expected"]["rows"]

    assert (expected.follow_up.words, expected.record) == ("Post from Skerrow", contact)
    for column in (OTHER, WELSH, LEADER):  # the teams of other lines, too, wait for what they have agreed
        (expected,) = home(somebody(column, unit=team()))["expected"]["rows"]
        assert expected.follow_up.words == "Post from Skerrow"
        assert "expected" not in home(somebody(column))


def test_it_stands_with_its_unit_and_says_once_that_it_is_overdue(client, owen):
    expect_post(call_from(None, by=owen), by=owen)
    client.force_login(StaffMember.objects.get(pk=owen.staff_id))

    for page in ("/", "/follow-ups/"):
        words = " ".join(strip_tags(client.get(page).content.decode()).split())
        assert re.search(r"Employer payments, Team 1[.,] Overdue by", words), page


def test_a_team_leader_sees_what_is_overdue_and_with_whom(owen):
    leader = somebody(LEADER, unit=team())
    request = raised(by=owen)

    assert home(leader)["overdue"]["rows"] == []
    assert [(row.pk, row.owner_id) for row in home(leader, at=LATER)["overdue"]["rows"]] == [
        (request.pk, owen.staff_id)
    ]
    assert "overdue" not in home(owen, at=LATER)


def test_another_caseworker_rings_out_and_is_shown_no_empty_list(reference):
    panels = home(somebody(OTHER))

    assert [*panels] == ["start"]
    assert panels["start"]["rings_out"]


def test_who_has_no_part_in_it_has_no_panel(reference):
    assert home(somebody(OWNER)) == {}


def test_the_page_shows_all_of_it_and_asks_as_often_for_one_request_as_for_six(client, owen):
    client.force_login(StaffMember.objects.get(pk=owen.staff_id))
    raised(EmployerFactory(name="Oxmarsh Fencing Co", whole=True), by=owen)
    client.get("/")
    with CaptureQueriesContext(connection) as one:
        page = client.get("/").content.decode()
    ServiceRequestFactory.create_batch(5, owner_id=owen.staff_id)
    with CaptureQueriesContext(connection) as six:
        client.get("/")

    assert "Oxmarsh Fencing Co" in page
    assert "Service requests due" in page
    assert "Start a call" in page
    assert len(one) == len(six)
