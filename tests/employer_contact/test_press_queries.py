"""What a press of a call asks of the database: a contact is locked and read once, for its notes and for the act."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contacthub.actor import Actor
from contacthub.people.models import StaffMember
from employer_contact.models import Contact
from tests.employer_contact.calling import call_from, caseworker, fresh, passed, to_answer, with_reason
from tests.factories import EmployerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
NOTES = {"caller_name": "Marged", "notes": "Wants a statement"}
Asked = dict[str, str]
Situation = tuple[str, Asked]


def start(by: Actor) -> Situation:
    asked = {"channel": "telephone", "direction": "inbound", "call_id": "9"}
    return "/employers/calls/new/", asked | {"number_keyed": EmployerFactory(whole=True).ern}


def choose_party(by: Actor) -> Situation:
    return to(call_from(None, by=by), "choose-party", party=EmployerFactory(whole=True).ern)


def answer(by: Actor) -> Situation:
    contact = call_from(EmployerFactory(whole=True, fax="", prefers_fax=False), by=by)
    return to(contact, "answer", **dict.fromkeys(to_answer(contact), "correct"))


def answer_in_part(by: Actor) -> Situation:
    contact = call_from(EmployerFactory(whole=True, fax="", prefers_fax=False), by=by)
    outcomes = zip(to_answer(contact), ("correct", "correct", "not_known"), strict=True)
    return to(contact, "answer", **dict(outcomes))


def choose(by: Actor) -> Situation:
    return to(passed(by=by), "choose", reasons="statement")


def create(by: Actor) -> Situation:
    return to(with_reason("statement", by=by), "request/statement/create-sr", kind="STATEMENT")


def finish(by: Actor) -> Situation:
    return to(with_reason("statement", by=by), "finish", why_statement="It was sent on Monday")


def end_call(by: Actor) -> Situation:
    return to(passed(by=by), "end-call")


def keep_notes(by: Actor) -> Situation:
    return to(passed(by=by), "keep-notes")


def to(contact: Contact, act: str, **asked: str) -> Situation:
    return f"{contact.get_absolute_url()}{act}/", NOTES | asked


# Savepoints are not counted. Each changes the notes too, but for Start, where there are none yet.
STATEMENTS: dict[Callable[[Actor], Situation], int] = {
    start: 18,
    choose_party: 18,
    answer: 21,
    answer_in_part: 18,
    choose: 20,
    create: 26,
    finish: 23,
    end_call: 13,
    keep_notes: 11,
}


def pressed(client: Client, situation: Situation) -> list[str]:
    """Return the statements of a press that is done."""
    address, asked = situation
    with CaptureQueriesContext(connection) as captured:
        answered = client.post(address, asked | {"key": str(uuid4())})
    assert answered.status_code == 302
    return [one["sql"] for one in captured if "SAVEPOINT" not in one["sql"]]


@pytest.fixture
def owen(client):
    actor = caseworker()
    client.force_login(StaffMember.objects.get(pk=actor.staff_id))
    return actor


@pytest.mark.proves("CM-16")
@pytest.mark.parametrize("press", STATEMENTS, ids=lambda press: press.__name__)
def test_a_press_takes_so_many_statements(client, owen, press):
    asked = pressed(client, press(owen))

    assert len(asked) == STATEMENTS[press], "\n".join(sql[:200] for sql in asked)


@pytest.mark.parametrize("press", [choose_party, answer, choose, create, finish, end_call, keep_notes])
def test_a_press_locks_its_contact_once_and_keeps_the_notes(client, owen, press):
    situation = press(owen)

    asked = pressed(client, situation)

    locks = [sql for sql in asked if "FOR NO KEY UPDATE" in sql and 'FROM "employer_contact_contact"' in sql]
    kept = fresh(Contact.objects.latest("pk"))
    assert len(locks) == 1
    assert (kept.caller_name, kept.notes) == ("Marged", "Wants a statement")
