"""Bad input and refusals under /api/: always a problem, never a page, never a 500."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from contacthub.api import services
from contacthub.api.models import ApiKey
from contacthub.clock import now
from tests.contacthub.api.situations import Machine, administrator, integrator, made_key
from tests.jobmatch_helpdesk.test_api import BAKERY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def machine() -> Machine:
    return Machine("incidents:raise", "incidents:read")


def sent(machine: Machine, body: bytes, content_type: str = "application/json", path: str = "incidents/"):
    headers = machine._headers({"Idempotency-Key": "k"})
    return machine.client.post(f"/api/v1/{path}", body, content_type=content_type, headers=headers)


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'"a"', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"a": ' * 40 + b"1" + b"}" * 40, "application/json", 400),
        (b'{"a": NaN}', "application/json", 400),
        (b'{"a": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b'{"a": 1, "a": 2}', "application/json", 400),
        (b'{"description": "\\u0000"}', "application/json", 400),
        (b'{"description": "\\ud800"}', "application/json", 400),
        (b'{"\\u0000": 1}', "application/json", 400),
        (b'{"description": "\xff"}', "application/json", 400),
        (b"{}", "application/json; charset=latin-1", 415),
        (b"{}", "application/json; charset=utf-16", 415),
        (b"source=jd", "application/x-www-form-urlencoded", 415),
        (b"<a/>", "application/xml", 415),
        (b'{"a": "' + b"x" * 1_100_000 + b'"}', "application/json", 413),
    ],
)
def test_body_that_cannot_be_read_is_a_clear_problem(machine, body, content_type, status):
    answer = sent(machine, body, content_type)

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"custmer_name": "x"}, "/custmer_name", "unknown_field"),
        ({"a/b~c": 1}, "/a~1b~0c", "unknown_field"),
        ({"source": "online_anonymous"}, "/source", "invalid_choice"),
        ({"source": ["jd"]}, "/source", "invalid_choice"),
        ({"no_email": "yes"}, "/no_email", "invalid"),
        ({"description": 5}, "/description", "invalid"),
        ({"description": None}, "/description", "null"),
        ({"description": "x" * 20_001}, "/description", "max_length"),
        ({"customer_email": "not an address"}, "/customer_email", "invalid"),
        ({"telephone": "12"}, "/telephone", "invalid"),
        ({"site": "nowhere"}, "/site", "unknown_site"),
    ],
)
def test_field_that_cannot_be_read_is_named(machine, changes, pointer, code):
    answer = machine.post("incidents/", BAKERY | changes)

    assert answer.status_code == 400
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]


def test_words_are_those_of_the_page_and_tell_what_to_do(machine):
    answer = machine.post("incidents/", BAKERY | {"telephone": "12", "customer_email": "siân@example.org"})

    assert {error["pointer"]: error["detail"] for error in answer.json()["errors"]} == {
        "/telephone": "Enter a telephone number in the correct format",
        "/customer_email": "Email addresses cannot have “â” before the @. Enter the address without it",
    }


def test_unknown_parameter_is_refused_by_name(machine):
    answer = machine.get("incidents/UJ-000001/?stat=received")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "stat"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/api/v1/nowhere/", 404),
        ("get", "/api/", 404),
        ("post", "/api/v1/nowhere", 404),
        ("get", "/api/v1/incidents/UJ-999999/", 404),
        ("put", "/api/v1/incidents/", 405),
        ("delete", "/api/v1/incidents/UJ-000001/", 405),
        ("options", "/api/v1/incidents/", 405),
    ],
)
def test_every_refusal_is_a_problem(machine, method, path, status):
    answer = getattr(machine.client, method)(path, headers=machine._headers({}))

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["instance"].startswith("urn:uuid:")


def test_fault_is_a_problem_and_tells_nothing_of_it(machine, monkeypatch):
    monkeypatch.setattr("jobmatch_helpdesk.services.submit_for", lambda *args, **given: 1 / 0)

    answer = machine.post("incidents/", BAKERY)

    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "division" not in answer.content.decode()


@pytest.mark.parametrize(
    ("state", "code", "seconds"), [("40P01", "busy", "1"), ("40001", "busy", "1"), ("57P01", "away", "30")]
)
def test_what_works_when_it_is_sent_again_is_told_so(machine, monkeypatch, state, code, seconds):
    def refuse(*args, **given):
        with connection.cursor() as cursor:
            cursor.execute(f"do $$ begin raise sqlstate '{state}'; end $$")

    monkeypatch.setattr("jobmatch_helpdesk.services.submit_for", refuse)

    answer = machine.post("incidents/", BAKERY)

    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert (answer.json()["code"], answer["Retry-After"]) == (code, seconds)
    assert "Send the same request again, with the same Idempotency-Key" in answer.json()["detail"]


def test_other_formats_are_not_answered(machine):
    answer = machine.get("incidents/UJ-000001/", Accept="text/html")

    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


def test_without_a_key_nobody_comes_in_whatever_the_session(client):
    client.force_login(integrator())

    answer = client.get("/api/v1/incidents/UJ-000001/")

    assert (answer.status_code, answer["WWW-Authenticate"], answer.json()["code"]) == (
        401, "Bearer", "not_authenticated",
    )  # fmt: skip


def test_key_that_is_revoked_expired_or_unknown_opens_nothing(machine):
    path = "incidents/UJ-000001/"
    key = ApiKey.objects.get()
    assert machine.get(path).status_code == 404

    ApiKey.objects.update(made_at=now() - timedelta(days=2), expires_at=now() - timedelta(seconds=1))
    assert machine.get(path).status_code == 401

    ApiKey.objects.update(expires_at=now() + timedelta(days=1))
    services.revoke(key_id=key.pk, by=administrator(), at=now())
    assert machine.get(path).status_code == 401
    assert machine.get(path, Authorization="Bearer é\udcff").status_code == 401
    assert machine.get(path, Authorization="Bearer").status_code == 401


def test_key_ends_with_the_staff_record_that_it_acts_as(machine):
    machine.person.active_to = now().date() - timedelta(days=1)
    machine.person.save()

    assert machine.get("incidents/UJ-000001/").status_code == 401


def test_secret_is_kept_nowhere_and_its_use_is_noted_once_a_minute():
    made = made_key(integrator(), "incidents:read")
    at = now()

    services.actor_of(made.secret, at=at)
    services.actor_of(made.secret, at=at + timedelta(seconds=59))
    assert ApiKey.objects.get().last_used_at == at
    services.actor_of(made.secret, at=at + timedelta(seconds=60))

    key = ApiKey.objects.get()
    assert key.last_used_at == at + timedelta(seconds=60)
    assert made.secret not in json.dumps([str(value) for value in vars(key).values()])
    assert made.secret.startswith(key.prefix)


def test_who_comes_too_often_is_told_when_to_come_back(machine, settings):
    settings.API_LIMIT = 2
    for _ in range(2):
        machine.get("incidents/UJ-000001/")

    answer = machine.get("incidents/UJ-000001/")

    assert (answer.status_code, answer.json()["code"]) == (429, "too_many")
    assert 1 <= int(answer["Retry-After"]) <= 10


def test_page_addresses_are_still_answered_with_pages():
    answer = Client().get("/nowhere/")

    assert (answer.status_code, answer["Content-Type"]) == (404, "text/html; charset=utf-8")
