"""Keys on their pages: made by an administrator, shown once, revoked for good; an integrator sees its own."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacthub.api import services
from contacthub.api.models import ApiKey
from contacthub.clock import now
from contacthub.errors import MovedOn, NotThere, Refused, RuleBroken
from contacthub.formats import UK, uk_day
from contacthub.people.roles import Role
from contacthub.people.services import actor_for
from tests.contacthub.api.situations import administrator, integrator, made_key
from tests.contacthub.ui.markup import check
from tests.factories import StaffMemberFactory

pytestmark = pytest.mark.django_db
SECRET = re.compile(r"chk_[\w-]{43}")


@pytest.fixture
def admin(client) -> Client:
    client.force_login(StaffMemberFactory(role=Role.ADMINISTRATOR, name="Ingrid Falk"))
    return client


def told(**changes):
    last = uk_day(now()) + timedelta(days=30)
    words = {
        "key": "k1", "name": "Universal Jobmatch site", "scopes": ["incidents:raise", "incidents:read"],
        "expires_on": f"{last.day}/{last.month}/{last.year}",
    }  # fmt: skip
    return words | changes


def test_secret_is_shown_once_and_works_at_once(admin):
    person = integrator()

    page = admin.post("/api-keys/new/", told(staff_id=person.pk)).content.decode()

    check(page)
    [secret] = SECRET.findall(page)
    acts = services.actor_of(secret, at=now())
    assert (acts.staff_id, acts.scopes) == (person.pk, {"incidents:raise", "incidents:read"})
    assert not SECRET.search(admin.get(f"/api-keys/{acts.key_id}/").content.decode())


def test_second_press_makes_no_second_key_and_shows_no_secret(admin):
    words = told(staff_id=integrator().pk)
    admin.post("/api-keys/new/", words)

    again = admin.post("/api-keys/new/", words, follow=True).content.decode()

    assert "Its secret was shown once" in again
    assert not SECRET.search(again)
    assert ApiKey.objects.count() == 1


def test_key_ends_with_its_last_day_in_the_uk(admin):
    admin.post("/api-keys/new/", told(staff_id=integrator().pk))

    ends = ApiKey.objects.get().expires_at.astimezone(UK)
    assert (ends.hour, ends.minute) == (0, 0)
    assert ends.date() == uk_day(now()) + timedelta(days=31)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "Enter what the key is for"),
        ({"staff_id": ""}, "Select a staff record of the role Integrator"),
        ({"scopes": []}, "Select what the key may do"),
        ({"expires_on": ""}, "Enter the last day on which the key works"),
        ({"expires_on": "31/12/2019"}, "The key must expire in the future, within a year"),
        ({"expires_on": "31/12/25"}, "Enter a date whose year has four numbers"),
    ],
)
def test_what_is_missing_is_said_and_no_key_is_made(admin, changes, words):
    page = admin.post("/api-keys/new/", told(staff_id=integrator().pk) | changes).content.decode()

    check(page)
    assert words in page
    assert 'value="Universal Jobmatch site"' in page or "name" in changes
    assert not ApiKey.objects.exists()


def test_no_key_acts_as_somebody_who_is_no_integrator():
    with pytest.raises(RuleBroken, match="role Integrator"):
        made_key(StaffMemberFactory(role=Role.HELPDESK_LEAD), "incidents:read")


@pytest.mark.parametrize("role", [Role.INTEGRATOR, Role.HELPDESK_LEAD])
def test_only_an_administrator_makes_keys(role):
    by = actor_for(StaffMemberFactory(role=role), on=now().date())
    given = {"name": "a", "staff_id": integrator().pk, "scopes": ["incidents:read"]}

    with pytest.raises(Refused):
        services.make_key(**given, expires_at=now() + timedelta(days=1), by=by, at=now())


def test_administrator_revokes_a_key_for_good(admin):
    made = made_key(integrator(), "incidents:read")

    page = admin.post(f"/api-keys/{made.key.pk}/revoke/", {"key": "r1"}, follow=True).content.decode()

    check(page)
    assert "nobody gets in with it any more" in page
    assert services.actor_of(made.secret, at=now()) is None
    with pytest.raises(MovedOn, match="was revoked on"):
        services.revoke(key_id=made.key.pk, by=administrator(), at=now())


def test_integrator_sees_the_keys_of_the_own_record_and_cannot_revoke(client):
    person = integrator()
    mine, others = made_key(person, "incidents:read").key, made_key(integrator(), "incidents:read").key
    client.force_login(person)

    listed = client.get("/api-keys/").content.decode()

    check(listed)
    assert (mine.prefix in listed, others.prefix in listed) == (True, False)
    assert client.get(f"/api-keys/{mine.pk}/").status_code == 200
    assert client.get(f"/api-keys/{others.pk}/").status_code == 404
    assert client.post(f"/api-keys/{mine.pk}/revoke/", {"key": "r"}).status_code == 403
    with pytest.raises(NotThere):
        services.revoke(key_id=others.pk, by=actor_for(person, on=now().date()), at=now())


def test_integrator_is_led_to_keys_and_documents_from_home(client):
    person = integrator()
    made_key(person, "incidents:read")
    client.force_login(person)

    home = client.get("/").content.decode()

    check(home)
    assert "Keys that act as you" in home
    assert f'href="{reverse("api:docs")}"' in home


def test_list_of_keys_takes_as_many_queries_for_one_as_for_twenty(admin):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            admin.get("/api-keys/")
        return len(found)

    person = integrator()
    made_key(person, "incidents:read")
    queries()  # the first request renews the session
    one = queries()
    for _ in range(19):
        made_key(person, "incidents:read")

    assert queries() == one
