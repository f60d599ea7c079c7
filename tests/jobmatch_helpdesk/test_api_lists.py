"""Lists by REST: the pages' lists, page by page; what changed; and nothing for a question that nobody understands."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from contacthub.api.changes import ask_from_next
from contacthub.clock import now
from contacthub.people.roles import Role
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident
from tests.contacthub.api.situations import Machine, integrator
from tests.factories import MORNING, IncidentFactory, StaffMemberFactory
from tests.jobmatch_helpdesk.situations import LATER, colleague, given_to, set_up_inboxes, submitted
from tests.jobmatch_helpdesk.test_api import BAKERY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def reader() -> Machine:
    return Machine("incidents:read", "incidents:read-all")


def references(machine: Machine, query: str) -> list[str]:
    """Return what a list has, over all its pages, each as it came."""
    path, found = f"incidents/?{query}", []
    while path:
        page = machine.get(path).json()
        found += [row["reference"] for row in page["results"]]
        path = (page["next"] or "").removeprefix("/api/v1/")
    return found


@pytest.mark.parametrize("order", ["next", "newest", "due"])
def test_rows_with_equal_keys_come_once_each_page_by_page(order):
    agent = Machine("incidents:read", person=integrator(Role.HELPDESK_AGENT))
    wanted = {IncidentFactory(received_at=MORNING).reference for _ in range(7)}

    found = references(agent, f"view=open&order={order}&page_size=2")

    assert (len(found), set(found)) == (7, wanted)


def test_pages_lead_back_as_well(reader):
    for _ in range(5):
        IncidentFactory()
    first = reader.get("incidents/?page_size=2").json()
    second = reader.get(first["next"].removeprefix("/api/v1/")).json()

    back = reader.get(second["previous"].removeprefix("/api/v1/")).json()

    assert (first["previous"], back["results"]) == (None, first["results"])


def test_a_key_lists_what_the_pages_of_its_roles_list(reader):
    machine = Machine("incidents:read", "incidents:raise")
    mine = machine.post("incidents/", BAKERY).json()["reference"]
    others = submitted("R14").reference

    assert references(machine, "") == [mine]
    assert set(references(reader, "view=all")) == {mine, others}
    assert references(reader, "view=mine") == []


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("state=assigned", ["R14"]),
        ("row=R02", ["R02"]),
        ("band=2", ["R02"]),
        ("source=jobcentre", ["R02"]),
        ("site=porth-wen", ["R02"]),
        ("with_whom=nobody", ["R02"]),
        ("with_whom=X1", []),
        ("received=today", []),
    ],
)
def test_filters_are_those_of_the_pages(reader, ana, query, wanted):
    StaffMemberFactory(staff_number="X1")
    set_up_inboxes()
    submitted("R02")
    given_to(ana, "R14")

    assert [row["row"] for row in reader.get(f"incidents/?{query}").json()["results"]] == wanted


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("stat=received", "stat"), ("band=9", "band"), ("updated_since=yesterday", "updated_since"),
        ("escalated=maybe", "escalated"), ("band=1&band=2", "band"), ("cursor=x", "cursor"),
        ("cursor=WyJuZXdlc3QiLCJhZnRlciIsIngiLCIiXQ", "cursor"), ("page_size=99999999999999999999", "page_size"),
        ("page_size=0", "page_size"), ("view=open", "view"), ("order=next", "order"), ("site=%00", "site"),
        ("with_whom=%00", "with_whom"), ("site=nowhere", "site"), ("state=", "state"),
        ("updated_since=2026-01-01T00:00:00-18:00&order=due", "order"),
        ("updated_since=0001-01-01T00:00:00Z", "updated_since"),
        ("updated_since=2026-06-03T09:00:00Z&view=all", "view"),
    ],
)  # fmt: skip
def test_question_that_nobody_understands_is_named(reader, query, parameter):
    IncidentFactory()

    answer = reader.get(f"incidents/?{query}")

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]


def test_cursor_of_another_order_is_refused():
    agent = Machine("incidents:read", person=integrator(Role.HELPDESK_AGENT))
    for _ in range(3):
        IncidentFactory()
    cursor = agent.get("incidents/?order=newest&page_size=1").json()["next"].partition("cursor=")[2].partition("&")[0]

    answer = agent.get(f"incidents/?order=due&cursor={cursor}")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "unknown_cursor")


def test_far_offset_of_a_moment_is_taken(reader):
    submitted("R14")

    assert reader.get("incidents/?updated_since=2026-01-01T00:00:00-18:00").status_code == 200


def test_changes_come_in_their_order_whoever_made_them(reader, ana):
    first, second = submitted("R14"), submitted("R14")
    services.take(incident_id=first.pk, reason="Again", by=ana, at=MORNING)
    Incident.objects.filter(pk=second.pk).update(customer_name="Changed by update()")

    assert references(reader, "updated_since=2020-01-01T00:00:00Z&page_size=1") == [first.reference, second.reference]
    changed = Incident.objects.get(pk=second.pk).changed_at.isoformat().replace("+", "%2B")
    assert references(reader, f"updated_since={changed}") == [second.reference]


def test_every_page_of_the_changes_tells_the_same_moment_to_ask_from_next(reader):
    submitted("R14"), submitted("R14")
    first = reader.get("incidents/?updated_since=2020-01-01T00:00:00Z&page_size=1").json()

    following = reader.get(first["next"].removeprefix("/api/v1/")).json()

    assert following["ask_from_next"] == first["ask_from_next"] <= now().isoformat().replace("+00:00", "Z")


@pytest.mark.django_db(transaction=True)
def test_next_time_begins_before_what_is_still_being_written():
    started, finish = threading.Event(), threading.Event()
    incident = IncidentFactory()

    def write_slowly() -> None:
        with transaction.atomic():
            Incident.objects.filter(pk=incident.pk).update(customer_name="Written slowly")
            started.set()
            finish.wait(10)
        connection.close()

    writer = threading.Thread(target=write_slowly)
    writer.start()
    started.wait(10)
    mark = ask_from_next()
    finish.set()
    writer.join()

    assert Incident.objects.get().changed_at >= mark


@pytest.mark.parametrize("query", ["", "updated_since=2020-01-01T00:00:00Z"])
def test_number_of_queries_does_not_grow_with_the_rows(reader, ana, query):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert reader.get(f"incidents/?{query}").status_code == 200
        return len(found)

    given_to(ana, "R06")
    reader.get("incidents/")  # notes the use of the key
    one = queries()
    for _ in range(19):
        given_to(ana, "R06")

    assert queries() == one


def test_timeline_tells_reasons_only_to_those_who_may_read_them(ana):
    person = integrator(Role.HELPDESK_AGENT)
    incident = given_to(ana, "R14")
    path = f"incidents/{incident.reference}/timeline/"

    kept = Machine("incidents:read", person=person).get(path).json()["results"]
    told = Machine("incidents:read", "incidents:internal", person=person).get(path).json()["results"]

    assert [(entry["kind"], entry["words"]) for entry in kept] == [
        ("take", ""), ("submitted", "Routed R14, band Standard, reply due in 3 working days")]  # fmt: skip
    assert told[0]["words"] != ""


def test_who_has_an_incident_now_is_told_without_the_reason_that_the_key_may_not_read(ana):
    person = integrator(Role.HELPDESK_AGENT)
    incident = given_to(ana, "R14")
    lead, bilal = colleague(Role.HELPDESK_LEAD), colleague(Role.HELPDESK_AGENT)
    why = {"agent_id": bilal.staff_id, "reason": "She is ill"}
    services.reassign(incident_id=incident.pk, **why, by=lead, at=LATER)

    def refusal(*scopes: str) -> str:
        machine = Machine("incidents:read", "incidents:work", *scopes, person=person)
        return machine.post(f"incidents/{incident.reference}/reply/", {"text": "Use another browser"}).json()["detail"]

    assert "has this now" in refusal()
    assert "She is ill" not in refusal()
    assert "She is ill" in refusal("incidents:internal")


def test_messages_tell_where_they_stand_and_nothing_else(reader):
    incident = submitted("R14")
    keys = Machine("messages:read", "incidents:read-all")

    [message] = keys.get(f"messages/?about={incident.reference}").json()["results"]

    assert message["about"] == incident.reference
    assert (message["state"]["code"], message["standing"]) == ("queued", "waits to be sent")
    assert message.keys() == {"id", "about", "is_copy", "state", "standing", "queued_at", "tried_at", "ended_at"}
    assert keys.get(f"messages/{message['id']}/").json() == message
    assert Machine("messages:read").get(f"messages/{message['id']}/").status_code == 404
    assert Machine("messages:read").get("messages/").json()["results"] == []


def test_reference_data_has_codes_with_their_words():
    told = Machine("reference:read").get("reference/").json()

    assert {"code": "ed-telford", "label": "Telford", "kind": "ed_site"} in told["sites"]
    assert {"code": "posting", "label": "Job posting problem"} in told["topics"]
    assert {"code": 1, "label": "Immediate"} in told["bands"]
    assert told["helpdesk_agents"] == []
