from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.test import RequestFactory

from contacthub.actor import PUBLIC
from contacthub.errors import TooMany
from contacthub.ui import errors

NOW = datetime(2026, 6, 3, 9, 0, tzinfo=UTC)


def fault_of(error, cause=None, method="get"):
    request = getattr(RequestFactory(), method)("/incidents/?after=3")
    try:
        raise error from cause
    except Exception:
        return errors.fault(request)


class Said(Exception):
    """What the driver says, with the code that the server gave, if there was one to give it."""

    def __init__(self, pgcode):
        self.pgcode = pgcode


@pytest.mark.parametrize("code", [None, "08006", "57P01", "57P03", "53300"])
def test_a_database_out_of_reach_has_its_own_page(code):
    response = fault_of(OperationalError("gone"), Said(code))

    assert response.status_code == 503
    assert "ContactHub is not available" in response.text


def test_a_connection_that_was_closed_is_a_database_out_of_reach():
    assert fault_of(InterfaceError("the connection is closed")).status_code == 503


@pytest.mark.parametrize("code", ["40P01", "40001"])
def test_one_side_of_a_deadlock_is_told_to_try_again(code):
    response = fault_of(OperationalError("deadlock detected"), Said(code), method="post")

    assert (response.status_code, response["Retry-After"]) == (503, "1")
    assert "ContactHub is busy" in response.text
    assert "press the button again now: nothing is sent twice" in response.text


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (RuntimeError("a fault of ours"), None),
        (OperationalError("statement timeout"), Said("57014")),
    ],
)
def test_any_other_fault_is_a_fault(error, cause):
    response = fault_of(error, cause)

    assert response.status_code == 500
    assert "There is a problem with ContactHub" in response.text


def test_a_page_can_be_asked_for_again():
    assert 'href="/incidents/?after=3"' in fault_of(RuntimeError()).text


def test_what_was_pressed_is_not_pressed_again_by_a_link():
    text = fault_of(RuntimeError(), method="post").text

    assert "Try again" not in text
    assert "nothing is sent twice" in text


@pytest.mark.parametrize("file", ["app.0123456789ab.css", "app.0123456789ab.js", "nothing.svg"])
def test_no_cache_keeps_that_a_file_of_another_release_is_not_here(client, file):
    response = client.get(f"/static/{file}")

    assert (response.status_code, response["Cache-Control"]) == (404, "no-store")


def test_no_cache_keeps_a_fault():
    assert fault_of(RuntimeError())["Cache-Control"] == "no-store"


def test_who_came_too_often_is_told_when_to_come_back_and_keeps_what_was_typed():
    typed = {"words": 'First line\nSecond "line"', "password": "secret", "topic": ["a", "b"]}
    request = RequestFactory().post("/contact-us/", typed)
    request.actor, request.user = PUBLIC, AnonymousUser()
    refusal = TooMany("You can do this again at 11am", again_at=NOW + timedelta(minutes=20, microseconds=1))

    response = errors.too_many(request, refusal, at=NOW)

    assert (response.status_code, response["Retry-After"]) == (429, "1201")
    assert "Come back" in response.text
    assert "10:20am" in response.text
    assert 'name="words" value="First line\nSecond &quot;line&quot;"' in response.text
    assert response.text.count('name="topic"') == 2
    assert "secret" not in response.text
