"""The document: committed as it is served, open to everybody; and that what it says holds, by inputs made from it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import schemathesis
import yaml
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck
from hypothesis import settings as bounded
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from contacthub.api.schema import document
from contacthub.api.scopes import known_scopes
from contacthub.clock import now
from contacthub.people.roles import Role
from contacthub.people.services import actor_for
from contacthub.workspace.services import load_reference
from contacthub.wsgi import application
from employer_contact.services import Details, choose_reasons, create_sr, open_contact
from employer_contact.terms import Channel
from tests.contacthub.api.situations import Machine, integrator
from tests.factories import (
    MORNING,
    AgentLinkFactory,
    EmployerFactory,
    MailboxFactory,
    MaintenanceCaseFactory,
    ReissueRequestFactory,
    ScheduleLineFactory,
)
from tests.jobmatch_helpdesk.situations import given_to, set_up_inboxes, submitted

COMMITTED = Path(settings.BASE_DIR, "docs", "openapi.yaml")
FORMS = {
    "reference": "[A-Za-z]{2,3}-[0-9]{6,12}",
    "ern": "[0-9]{9}",
    "earn": "EA[0-9]{7}",
    "number": "[0-9]+",
    "month": "[12][0-9]{3}-(0[1-9]|1[0-2])",
}
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance, negative_data_rejection,
]  # fmt: skip


def test_document_is_committed_as_it_is_served():
    committed = yaml.safe_load(COMMITTED.read_text())

    assert committed == document(), "manage.py spectacular --file docs/openapi.yaml"


@pytest.mark.parametrize("path", ["/api/v1/schema/", "/api/v1/docs/"])
def test_document_and_its_pages_are_open_to_everybody(client, db, path):
    assert client.get(path).status_code == 200


def test_pages_are_strict_but_for_pictures_in_styles(client, db):
    policy = client.get("/api/v1/docs/")["Content-Security-Policy"]

    assert "img-src 'self' data:" in policy
    assert "unsafe" not in policy


def test_every_operation_says_what_it_may_refuse():
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            told = set(operation["responses"])
            assert {"400", "401", "403", "404", "429", "500"} <= told, (path, method)
            if method == "post":
                assert {"409", "412", "413", "415", "422"} <= told, path
            assert operation["summary"], path


def test_every_request_has_an_example_that_is_taken():
    for path, operations in document()["paths"].items():
        body = operations.get("post", {}).get("requestBody")
        if body:
            assert body["content"]["application/json"]["examples"], path


def records_of(machine: Machine) -> dict[str, list[dict[str, str]]]:
    """Return the parameters of addresses that lead to a record, by what the address begins with."""
    by = actor_for(machine.person, on=now().date())
    agent = actor_for(machine.person, on=MORNING.date())
    incidents = [submitted("R14"), submitted("R02"), given_to(agent, "R04"), given_to(agent, "R16")]
    employer = EmployerFactory(whole=True, ern="900000006")  # the one that the examples name
    line, link = ScheduleLineFactory(schedule__employer=employer), AgentLinkFactory(employer=employer)
    case = MaintenanceCaseFactory(paying_parent=line.paying_parent)
    letter = open_contact(channel=Channel.LETTER, party=employer.ern, by=by, at=now())
    choose_reasons(contact_id=letter.pk, reasons=["statement"], by=by, at=now())
    raised = create_sr(contact_id=letter.pk, reason="statement", kind="STATEMENT", details=Details(), by=by, at=now())
    fax = open_contact(channel=Channel.FAX, party=employer.ern, by=by, at=now())
    return {
        "incidents": [{"reference": incident.reference} for incident in incidents],
        "contacts": [{"reference": contact.reference} for contact in (letter, fax)],
        "service-requests": [{"reference": raised.reference}],
        "reissues": [{"reference": ReissueRequestFactory(employer=employer, raised_by=machine.person).reference}],
        "employers": [{"ern": employer.ern, "month": "2026-06"}],
        "agents": [{"earn": link.agent.earn}],
        "paying-parents": [{"number": line.paying_parent.reference}],
        "directory": [{"number": machine.person.staff_number}],
        "cases": [{"number": case.number}],
    }


described = schemathesis.openapi.from_wsgi("/api/v1/schema/", application)
described.config.phases.coverage.enabled = False


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """A key that may do everything, and records of several states; nothing of it stays."""
    with django_db_blocker.unblock(), transaction.atomic():
        MailboxFactory()
        load_reference()
        set_up_inboxes()
        roles = [Role.HELPDESK_AGENT, Role.HELPDESK_LEAD, Role.EMPLOYER_PAYMENTS_CASEWORKER]
        machine = Machine(*known_scopes(), person=integrator(*roles))
        records = records_of(machine)
        for signal in (request_started, request_finished):  # a request ends in the transaction of the test
            signal.disconnect(close_old_connections)
        yield machine, records
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
        transaction.set_rollback(True)


@pytest.mark.django_db
@described.parametrize()
@bounded(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
def test_nothing_is_answered_that_the_document_does_not_say(case, world, settings):
    machine, records = world
    settings.API_LIMIT = 10**6
    if known := records.get(case.operation.path.split("/")[3]):
        there = known[len(case.as_curl_command()) % len(known)]
        for name, sent in case.path_parameters.items():
            if re.fullmatch(FORMS.get(name, "-"), str(sent)):  # what has no such form stays as it is, to be refused
                case.path_parameters[name] = there[name]
    case.call_and_validate(headers={"Authorization": f"Bearer {machine.made.secret}"}, checks=CHECKS)
