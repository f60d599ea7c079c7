"""Services refuse in one order: not there, moved on, not allowed, somebody else's, rule broken; nothing is written.

Each call breaks all the later rules as well, so that the order is seen.
"""

from __future__ import annotations

from inspect import signature
from typing import Any

import pytest

from contacthub.errors import MovedOn, NotThere, Refused, RuleBroken
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from jobmatch_helpdesk import services
from jobmatch_helpdesk.intake import Reach
from jobmatch_helpdesk.lifecycle import IncidentState as State
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import Band, Source
from tests.jobmatch_helpdesk.situations import LATER, brought_to, colleague, refused, set_up_inboxes

pytestmark = pytest.mark.django_db

# service; what breaks its rule; the state that it starts from, and one that it does not; the words when it moved on
MOVES: dict[str, tuple[dict[str, Any], State, State, str]] = {
    "take": ({}, State.RECEIVED, State.ASSIGNED, "Taken by Ana Byrne"),
    "put_back": ({"reason": " "}, State.ASSIGNED, State.RECEIVED, "Received by Carys Morgan"),
    "assign": ({"agent_id": 0}, State.RECEIVED, State.ASSIGNED, "Taken by Ana Byrne"),
    "reassign": ({"agent_id": 0, "reason": ""}, State.ASSIGNED, State.RECEIVED, "Received by Carys Morgan"),
    "change_priority": ({"band": Band.STANDARD, "reason": ""}, State.ASSIGNED, State.CLOSED, "Closed by"),
    "reply": ({"text": " \n"}, State.ASSIGNED, State.RESOLVED, "Answered by email by Ana Byrne"),
    "ask_for_call": ({"text": ""}, State.ASSIGNED, State.RESOLVED, "Answered by email by Ana Byrne"),
    "resolve_without_reply": ({"reason": ""}, State.ASSIGNED, State.RECEIVED, "Received by Carys Morgan"),
    "record_no_reply_route": ({}, State.ASSIGNED, State.AWAITING_INFORMATION, "Asked for information by Ana Byrne"),
    "ask": ({"text": ""}, State.ASSIGNED, State.AWAITING_INFORMATION, "Asked for information by Ana Byrne"),
    "answer": ({"text": ""}, State.AWAITING_INFORMATION, State.ASSIGNED, "Taken by Ana Byrne"),
    "record_answer": ({"text": ""}, State.AWAITING_INFORMATION, State.ASSIGNED, "Taken by Ana Byrne"),
    "carry_on": ({}, State.AWAITING_INFORMATION, State.ASSIGNED, "Taken by Ana Byrne"),
    "change_facts": ({"reach": Reach(source=Source.JOBCENTRE)}, State.ASSIGNED, State.CLOSED, "Closed by"),
    "mark_address_dead": ({"address": "", "reason": ""}, State.RESOLVED, State.ASSIGNED, "Taken by Ana Byrne"),
    "escalate": ({"reason": ""}, State.ASSIGNED, State.CLOSED, "Closed by"),
    "close": ({}, State.RESOLVED, State.ASSIGNED, "Taken by Ana Byrne"),
    "reopen": ({"reason": ""}, State.RESOLVED, State.ASSIGNED, "Taken by Ana Byrne"),
}
ONLY_HELPDESK, ONLY_LEAD = "Only the Universal Jobmatch Helpdesk", "Only a Helpdesk lead"
# who sees the incident and may not do this, and in which words
NOT_ALLOWED = {
    "take": ("carys", ONLY_HELPDESK),
    "put_back": ("carys", ONLY_HELPDESK),
    "assign": ("ana", ONLY_LEAD),
    "reassign": ("ana", ONLY_LEAD),
    "change_priority": ("ana", ONLY_LEAD),
    "reply": ("carys", ONLY_HELPDESK),
    "ask_for_call": ("carys", ONLY_HELPDESK),
    "resolve_without_reply": ("carys", ONLY_HELPDESK),
    "record_no_reply_route": ("carys", ONLY_HELPDESK),
    "ask": ("carys", ONLY_HELPDESK),
    "answer": ("ana", "Only whoever raised this can answer here"),
    "record_answer": ("carys", ONLY_HELPDESK),
    "carry_on": ("carys", ONLY_HELPDESK),
    "change_facts": ("carys", ONLY_HELPDESK),
    "mark_address_dead": ("carys", ONLY_HELPDESK),
    "escalate": ("colleague", "Only whoever raised this, their lead or the Helpdesk"),
    "close": ("ana", ONLY_LEAD),
    "reopen": ("ana", "Only whoever raised this, or a Helpdesk lead"),
}
SOMEBODY_ELSES = [
    "put_back", "reply", "ask_for_call", "resolve_without_reply", "record_no_reply_route", "ask", "record_answer",
    "carry_on", "change_facts", "mark_address_dead",
]  # fmt: skip
# who may do it, and the words for the rule that is broken
RULE_BROKEN = {
    "put_back": ("ana", "Enter why you put this back"),
    "assign": ("lead", "Select a Helpdesk agent"),
    "reassign": ("lead", "Select a Helpdesk agent"),
    "change_priority": ("lead", "Enter why the priority changes"),
    "reply": ("ana", "Enter your reply"),
    "ask_for_call": ("ana", "Send the reply: the call is asked for with it"),
    "resolve_without_reply": ("ana", "Enter why this needs no reply"),
    "record_no_reply_route": ("ana", "There is a way to reply to this. Send a reply"),
    "ask": ("ana", "Enter your question"),
    "answer": ("carys", "Enter the answer"),
    "record_answer": ("ana", "Enter the answer"),
    "change_facts": ("ana", "Select the Jobcentre"),
    "mark_address_dead": ("ana", "Select an address that the reply went to"),
    "escalate": ("carys", "Enter why there is a risk to health and safety"),
    "reopen": ("carys", "Enter why you reopen this"),
}


@pytest.fixture
def people(ana, bilal, lead):
    set_up_inboxes()
    carys = colleague(Role.JOBCENTRE_ADVISER, "porth-wen", name="Carys Morgan")
    stranger = colleague(Role.JOBCENTRE_ADVISER, name="Stranger")
    beside_her = colleague(Role.JOBCENTRE_ADVISER, "porth-wen", name="Dylan Pugh")
    return {
        "ana": ana, "bilal": bilal, "lead": lead, "carys": carys, "colleague": beside_her, "stranger": stranger,
    }  # fmt: skip


def put_in(state: State, people) -> Incident:
    return brought_to(state, people["ana"], by=people["carys"])


def call(name: str, incident: Incident, who) -> None:
    given, *_ = MOVES[name]
    getattr(services, name)(incident_id=incident.pk, by=who, at=LATER, **given)


def test_the_table_names_every_service_that_changes_an_incident():
    changing = {name for name in services.__all__ if {"incident_id", "at"} <= set(_parameters(name))}

    assert changing == set(MOVES) == set(NOT_ALLOWED)


def _parameters(name: str) -> list[str]:
    return list(signature(getattr(services, name)).parameters)


@pytest.mark.parametrize("name", MOVES)
def test_what_somebody_may_not_see_is_not_there(people, name):
    *_, wrong, _ = MOVES[name]
    incident = put_in(wrong, people)

    with refused(NotThere, "no record"):
        call(name, incident, people["stranger"])


@pytest.mark.parametrize("name", MOVES)
def test_what_moved_on_is_refused_and_says_who_did_what(people, name):
    _, _, wrong, words = MOVES[name]
    incident = put_in(wrong, people)

    with refused(MovedOn, words):
        call(name, incident, people[NOT_ALLOWED[name][0]])


@pytest.mark.parametrize("name", NOT_ALLOWED)
def test_who_has_not_the_role_or_relation_is_refused(people, name):
    who, words = NOT_ALLOWED[name]
    incident = put_in(MOVES[name][1], people)

    with refused(Refused, words):
        call(name, incident, people[who])


@pytest.mark.parametrize("name", SOMEBODY_ELSES)
def test_what_somebody_else_has_is_refused_and_says_who_has_it(people, name):
    incident = put_in(MOVES[name][1], people)

    with refused(MovedOn, "Ana Byrne has this now. Taken by Ana Byrne"):
        call(name, incident, people["bilal"])


@pytest.mark.parametrize("name", RULE_BROKEN)
def test_a_broken_rule_is_refused_and_says_what_to_do(people, name):
    who, words = RULE_BROKEN[name]
    incident = put_in(MOVES[name][1], people)

    with refused(RuleBroken, words):
        call(name, incident, people[who])


@pytest.mark.parametrize("name", ["assign", "reassign"])
def test_an_incident_goes_to_no_one_who_is_no_agent_today(people, name):
    incident = put_in(MOVES[name][1], people)
    StaffMember.objects.filter(pk=people["bilal"].staff_id).update(active_to="2026-06-02")
    reason = {"reason": "She is on leave"}

    with refused(RuleBroken, "Select a Helpdesk agent"):
        getattr(services, name)(
            incident_id=incident.pk, agent_id=people["bilal"].staff_id, by=people["lead"], at=LATER, **reason
        )
