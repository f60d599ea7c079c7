"""Who sees and works on a service request, by the services and by its page: the permission matrix, copied by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from contacthub.actor import Actor
from contacthub.clock import now
from contacthub.errors import DomainError
from contacthub.people.models import StaffMember
from employer_contact import services
from employer_contact.models import ServiceRequest
from tests.employer_contact.people import COLUMNS, somebody, team
from tests.factories import ServiceRequestFactory, StaffMemberFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
CASEWORKER, OTHER, LEADER, WELSH, OWNER, INTEGRATOR, ADMINISTRATOR, NOBODY = COLUMNS
OK, NO, GONE = "ok", "not_allowed", "not_there"
PAYMENTS = {CASEWORKER, LEADER}
# How a request stands to a person: their own, of their team, of another team, with a step addressed to them, raised by
# them and somebody else's now.
RELATIONS = ["own", "team", "foreign", "addressed", "raised"]
ELSEWHERE = dict.fromkeys(COLUMNS, GONE) | dict.fromkeys(PAYMENTS, NO)  # they see all of them
SEEN = dict.fromkeys(COLUMNS, NO)


def sees(relation: str) -> dict[str, str]:
    return SEEN if relation in ("own", "addressed", "raised") else ELSEWHERE


# Who may, of those who see it; all others are refused.
ALLOWED: dict[str, dict[str, set[str]]] = {
    # Y / own + addressed / Y / on callback / addressed / scoped / –
    "see": {
        "own": set(COLUMNS), "team": PAYMENTS, "foreign": PAYMENTS, "addressed": set(COLUMNS), "raised": set(COLUMNS),
    },
    # own + team / – / team / own / addressed / scoped / –
    "work": {
        "own": {*PAYMENTS, WELSH}, "team": PAYMENTS, "foreign": set(), "addressed": set(COLUMNS),
        "raised": {INTEGRATOR},
    },
    # Another step of a request than the one addressed to them.
    "work on another step": {"addressed": set()},
    # own / – / team / – / – / – / –
    "reassign": {"own": PAYMENTS, "team": {LEADER}, "foreign": set(), "addressed": set(), "raised": set()},
    # – / – / team / – / – / – / –
    "reopen": {"own": {LEADER}, "team": {LEADER}, "foreign": set(), "addressed": set(), "raised": set()},
    # Y / – / Y / on callback / – / scoped / –, out of a request that they may work on
    "create": {"own": PAYMENTS, "team": PAYMENTS, "foreign": set(), "addressed": set(), "raised": {INTEGRATOR}},
    # Owner and team leader.
    "wait": {"own": set(COLUMNS), "team": {LEADER}, "foreign": set(), "addressed": set(), "raised": set()},
    "cancel": {"own": set(COLUMNS), "team": {LEADER}, "foreign": set(), "addressed": set(), "raised": set()},
}  # fmt: skip
CELLS = [(act, relation) for act in ALLOWED for relation in ALLOWED[act]]


def expected(act: str, relation: str) -> dict[str, str]:
    return sees(relation) | dict.fromkeys(ALLOWED[act][relation], OK)


def made(relation: str, actor: Actor, act: str) -> ServiceRequest:
    """Return a request for a statement that stands so to the actor; one to reopen was completed an hour ago."""
    nobody = StaffMemberFactory()
    owner = actor.staff_id if relation == "own" else nobody.pk
    unit = team("payments-1") if relation in ("own", "team") else team("payments-2")
    raised_by = actor.staff_id if relation == "raised" else nobody.pk
    request: ServiceRequest = ServiceRequestFactory(owner_id=owner, team=unit, raised_by_id=raised_by)
    if relation == "addressed":
        request.activities.get(number=1).addressed_to.add(actor.staff_id or 0)
    if act == "reopen":
        ended = {"state": "completed", "ended_at": now() - timedelta(hours=1), "case_update": "Sent"}
        ServiceRequest.objects.filter(pk=request.pk).update(**ended)
    return request


def by_service(act: str, request: ServiceRequest, actor: Actor) -> str:
    given: dict[str, Any] = {"service_request_id": request.pk, "by": actor, "at": now()}
    until = now() + timedelta(days=1)
    acts: dict[str, Callable[[], Any]] = {
        "see": lambda: ServiceRequest.objects.locked(actor, pk=request.pk),
        "work": lambda: services.complete_step(**given, number=1, words="May to April"),
        "work on another step": lambda: services.complete_step(**given, number=3, words="May to April"),
        "reassign": lambda: services.reassign(**given, to_id=colleague().pk, reason="On leave"),
        "reopen": lambda: services.reopen(**given, reason="Wrong period"),
        "create": lambda: services.raise_further(**given, kind="STATEMENT"),
        "wait": lambda: services.wait_until(**given, waits_for="Marged", until=until),
        "cancel": lambda: services.cancel(**given, reason="They found it"),
    }
    try:
        acts[act]()
    except DomainError as refusal:
        return refusal.code
    return OK


def colleague() -> StaffMember:
    return StaffMember.objects.get(pk=somebody(CASEWORKER, unit=team("payments-1")).staff_id)


def by_page(act: str, request: ServiceRequest, actor: Actor) -> str:
    """Return OK where the page did it, "not_there" of a 404, "not_allowed" where nothing was done."""
    client = Client()
    client.force_login(StaffMember.objects.get(pk=actor.staff_id))
    if act == "see":
        return {200: OK, 404: GONE}[client.get(request.get_absolute_url()).status_code]
    until = f"{now() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    sent: dict[str, tuple[str, dict[str, Any]]] = {
        "work": ("activities/1/complete/", {"words": "May to April"}),
        "work on another step": ("activities/3/complete/", {"words": "May to April", "done_on": "1/6/2026"}),
        "reassign": ("reassign/", {"to_id": colleague().pk, "reason": "On leave"}),
        "reopen": ("reopen/", {"reason": "Wrong period"}),
        "create": ("raise/?kind=STATEMENT", {"kind": "STATEMENT"}),
        "wait": ("wait/", {"waits_for": "Marged", "until": until}),
        "cancel": ("cancel/", {"reason": "They found it"}),
    }
    address, words = sent[act]
    before = marks_of(request)
    answer = client.post(f"{request.get_absolute_url()}{address}", {"key": str(uuid4()), **words})
    if answer.status_code == 404:
        assert marks_of(request) == before
        return GONE
    assert answer.status_code in (200, 302, 403, 409)
    return OK if marks_of(request) != before else NO


def marks_of(request: ServiceRequest) -> tuple[Any, ...]:
    """Return what any of the acts would change."""
    row = ServiceRequest.objects.values_list("version", "state", "owner", "team").get(pk=request.pk)
    return (*row, ServiceRequest.objects.filter(raised_from=request.pk).count(), request.case.events.count())


@pytest.mark.proves("EC-02")
@pytest.mark.parametrize(("act", "relation"), CELLS)
def test_each_cell_by_the_service(act, relation):
    answers = {}

    for column in COLUMNS:
        actor = somebody(column, unit=team("payments-1"))
        answers[column] = by_service(act, made(relation, actor, act), actor)

    assert answers == expected(act, relation)


@pytest.mark.parametrize(("act", "relation"), CELLS)
def test_each_cell_by_the_page(act, relation):
    answers = {}

    for column in COLUMNS:
        actor = somebody(column, unit=team("payments-1"))
        answers[column] = by_page(act, made(relation, actor, act), actor)

    assert answers == expected(act, relation)


def test_the_table_names_every_column_that_there_is():
    assert set(COLUMNS) == {CASEWORKER, OTHER, LEADER, WELSH, OWNER, INTEGRATOR, ADMINISTRATOR, NOBODY}
