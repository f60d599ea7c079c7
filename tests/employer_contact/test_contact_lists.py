"""The lists of contacts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacthub.people.models import StaffMember
from contacthub.ui.listing import Asked
from employer_contact import services
from employer_contact.listing import Lists
from tests.employer_contact.calling import call_from, caseworker
from tests.employer_contact.people import OTHER, WELSH, somebody
from tests.factories import MORNING, ContactFactory, EmployerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def listed(view: str, actor, *, at=MORNING, **filters) -> list[str]:
    lists = Lists(actor, Asked(view=view, filters=filters), at)
    return [contact.reference for contact in lists.page(cursor={}, size=50).rows]


def test_what_is_unfinished_is_what_is_open_and_mine_and_my_lost_calls_of_the_last_days(owen):
    still_open, lost, ended = (call_from(None, by=owen) for _ in range(3))
    call_from(None, by=caseworker())
    services.lose_call(contact_id=lost.pk, by=owen, at=MORNING)
    services.finish(contact_id=ended.pk, ending="no_record", by=owen, at=MORNING)

    assert listed("unfinished", owen) == [lost.reference, still_open.reference]
    assert listed("unfinished", owen, at=MORNING + timedelta(days=7)) == [still_open.reference]


def test_a_lost_call_is_unfinished_for_five_working_days(owen):
    lost = call_from(None, by=owen)
    services.lose_call(contact_id=lost.pk, by=owen, at=MORNING)  # Wednesday 3 June
    wednesday = MORNING + timedelta(days=7)

    assert listed("unfinished", owen, at=wednesday - timedelta(minutes=1)) == [lost.reference]
    assert listed("unfinished", owen, at=wednesday) == []
    assert listed("unfinished", owen, at=wednesday + timedelta(days=60)) == []


def test_the_team_sees_what_its_members_have(owen):
    colleague = call_from(None, by=caseworker())

    assert listed("mine", owen) == []
    assert listed("team", owen) == [colleague.reference]


def test_another_caseworker_sees_their_own_alone(owen):
    call_from(None, by=owen)
    nobodys = ContactFactory()

    assert listed("nobodys", owen) == [nobodys.reference]
    assert listed("nobodys", somebody(OTHER)) == []


@pytest.mark.proves("CM-27", "EC-03")
def test_contacts_of_every_channel_and_direction_stand_in_one_history(owen):
    skerrow = EmployerFactory(whole=True)
    came = [
        call_from(skerrow, by=owen, channel=channel, direction=direction).reference
        for channel in ("telephone", "letter", "fax", "email")
        for direction in ("inbound", "outbound")
    ]

    assert listed("team", owen) == list(reversed(came))


def test_a_list_is_filtered_by_how_a_contact_came(owen):
    call_from(None, by=owen)
    letter = call_from(None, by=owen, channel="letter")

    assert listed("mine", owen, channel="letter") == [letter.reference]


def test_the_list_asks_as_often_for_one_row_as_for_twenty(client, owen):
    client.force_login(StaffMember.objects.get(pk=owen.staff_id))
    call_from(EmployerFactory(whole=True), by=owen)
    client.get("/employers/contacts/")
    with CaptureQueriesContext(connection) as one:
        client.get("/employers/contacts/")
    for _ in range(19):
        call_from(EmployerFactory(whole=True), by=owen)
    with CaptureQueriesContext(connection) as twenty:
        page = client.get("/employers/contacts/").content.decode()

    assert page.count("app-rows__name") == 20
    assert len(one) == len(twenty)


def test_the_contacts_are_a_press_away_from_the_home_page_and_from_the_start_of_a_call(client, owen):
    client.force_login(StaffMember.objects.get(pk=owen.staff_id))

    for page in ("/", "/employers/"):
        assert 'href="/employers/contacts/"' in client.get(page).content.decode()


def test_who_may_not_open_a_call_is_not_offered_to(client, reference):
    welsh = somebody(WELSH)
    client.force_login(StaffMember.objects.get(pk=welsh.staff_id))

    assert 'href="/employers/calls/new/"' not in client.get("/employers/contacts/").content.decode()
