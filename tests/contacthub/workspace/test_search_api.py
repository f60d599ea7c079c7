"""Search by REST: what the page finds, in plain words, and only what the key reads."""

from __future__ import annotations

import pytest

from contacthub.people.roles import Role
from tests.contacthub.api.situations import Machine, integrator
from tests.contacthub.callbacks.situations import asked_for
from tests.factories import IncidentFactory
from tests.jobmatch_helpdesk.situations import set_up_inboxes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def siân() -> str:
    return IncidentFactory(customer_name="Siân O’Neill-ap Rhys").reference


def found(machine: Machine, query: str) -> dict[str, list[str]]:
    kinds = machine.get(f"search/?q={query}").json()["kinds"]
    return {kind["kind"]: [row["reference"] for row in kind["results"]] for kind in kinds}


@pytest.mark.parametrize(
    "typed", ["sian oneill", "O'NEILL", "oneill sian", "Sia%CC%82n", "ap rhys", "neill", "SI%C3%82N"]
)
def test_a_name_is_found_in_any_spelling(siân, typed):
    machine = Machine("search:read", "incidents:read", "incidents:read-all")

    assert found(machine, typed) == {"incidents": [siân]}


def test_words_come_without_the_marks_of_the_page(siân):
    machine = Machine("search:read", "incidents:read", "incidents:read-all")

    answer = machine.get("search/?q=oneill").json()

    assert answer["taken_for"] == "a name"
    assert answer["kinds"][0]["results"][0]["name"] == "Siân O’Neill-ap Rhys"


def test_a_key_finds_only_the_kinds_that_it_reads(ana):
    set_up_inboxes()
    callback = asked_for(ana).reference
    person = integrator(Role.HELPDESK_AGENT)

    assert found(Machine("search:read", "callbacks:read", person=person), callback) == {"callbacks": [callback]}
    assert found(Machine("search:read", "incidents:read", person=person), callback) == {"incidents": []}
    assert found(Machine("search:read", person=person), callback) == {}


def test_a_key_finds_nothing_that_others_raised(siân):
    assert found(Machine("search:read", "incidents:read"), "oneill") == {"incidents": []}


def test_only_one_kind_is_told_where_one_is_asked_for(siân):
    machine = Machine("search:read", "incidents:read", "callbacks:read", "incidents:read-all")

    assert found(machine, "oneill&kind=incidents") == {"incidents": [siân]}
    assert machine.get("search/?q=oneill&kind=x").json()["errors"][0]["parameter"] == "kind"


@pytest.mark.parametrize("query", ["", "?q=", "?q=%00", f"?q={'x' * 201}"])
def test_what_is_no_question_is_named(query):
    answer = Machine("search:read").get(f"search/{query}")

    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "q")


def test_it_needs_its_scope(siân):
    assert Machine("incidents:read").get("search/?q=oneill").json()["code"] == "scope_missing"
