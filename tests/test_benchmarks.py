"""The benchmarks run, and what they measure is true work; how fast it is, `make bench` says."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models.functions import Upper
from django.test.utils import CaptureQueriesContext

from benchmarks import calls, database, employers, feedback, incidents, machines, report
from benchmarks.measuring import Size
from benchmarks.pages import pages_of, sign_in
from benchmarks.taking import Batch, TakenTwice, require_each_once
from complaints_feedback.models import FeedbackForm
from contacthub.actor import PUBLIC, Actor
from contacthub.callbacks.models import Attempt, Callback, Queue
from contacthub.cases.finding import read
from contacthub.cases.models import Event, FindKey
from contacthub.cases.searching import find
from contacthub.clock import now
from contacthub.deadlines.models import Deadline
from contacthub.mail.models import Message
from contacthub.people.models import StaffMember
from contacthub.people.services import actor_for, staff_of
from contacthub.ui.listing import Asked
from employer_contact.listing import Lists as ContactLists
from employer_contact.models import (
    AgentLink,
    CaseActivity,
    Contact,
    Employer,
    Employment,
    PayingParent,
    ReissueRequest,
    ServiceRequest,
)
from jobmatch_helpdesk import services
from jobmatch_helpdesk.listing import Lists
from jobmatch_helpdesk.models import Incident
from tests.factories import told


@pytest.fixture
def agent(db) -> StaffMember:
    at = now()
    database.furnish(at=at)
    database.fill(400, at=at)
    return StaffMember.objects.get(username="agent")


def test_a_tiny_run_ends_well():
    command = [sys.executable, "-m", "benchmarks", "--rounds", "1", "200", "400"]

    run = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stderr
    assert "No incident went to two agents" in run.stdout


def test_one_in_25_is_open_and_has_a_running_clock(agent):
    open_ones = Incident.objects.with_the_helpdesk()

    assert open_ones.count() == 16
    assert Deadline.objects.open().filter(kind="first_reply").count() == 16
    assert Incident.objects.unassigned().count() == 10


def test_seeded_rows_keep_the_rules_of_the_tables(agent):
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")

    assert Event.objects.filter(kind="submitted").count() == 400


def test_seeded_keys_are_those_that_the_table_writes_itself(agent):
    def keys() -> set[tuple[int, str, int]]:
        return {*FindKey.objects.values_list("case_id", "key", "weight")}

    seeded = keys()
    Incident.objects.update(adviser_email="a@b.example")
    Incident.objects.update(adviser_email="")
    Callback.objects.update(customer_name=Upper("customer_name"))  # which folds to the same keys

    assert keys() == seeded


@pytest.mark.urls("benchmarks.floor")
@pytest.mark.django_db(transaction=True)  # a request to the application itself ends what is left open
def test_every_page_of_seeded_incidents_is_there(agent):
    for ask in pages_of(agent, at=now()).values():
        ask()


@pytest.fixture
def caseworker(db) -> StaffMember:
    at = now()
    database.furnish(at=at)
    database.fill_employers(1000, at=at)
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    return StaffMember.objects.get(username=database.CASEWORKER)


@pytest.mark.urls("benchmarks.floor")
@pytest.mark.django_db(transaction=True)
def test_every_page_press_and_search_of_a_call_is_there(caseworker):
    things = employers.things_of(sign_in(caseworker))
    for measure in [*things.values()] * 2:  # a call after the other
        measure()

    contact = Contact.objects.filter(owner=caseworker, state="wrapped_up").latest("pk")
    assert contact.notes == "Wants a statement"
    assert contact.requests.get().sub_area == "Statement Request"
    assert len(things) == 58
    assert contact.identity == "content"


def test_seeded_employers_have_what_belongs_to_them(caseworker):
    large = Employer.objects.get(ern=employers.LARGE)

    assert Employer.objects.count() == 1000
    assert PayingParent.objects.count() == Employment.objects.count() == 5000
    assert CaseActivity.objects.count() == 10_000
    assert large.employments.count() == large.schedules.get().lines.count() == 1004
    assert AgentLink.objects.filter(agent__earn=employers.BUREAU).count() == 25
    assert ServiceRequest.objects.count() == 500
    assert ServiceRequest.objects.open().count() == 20
    assert ReissueRequest.objects.count() == 100
    assert ReissueRequest.objects.open().count() == 4


def test_what_is_unfinished_is_read_from_its_own_index(caseworker):
    actor = actor_for(caseworker, on=now().date())
    with connection.cursor() as cursor:
        cursor.execute("analyze employer_contact_contact")
    with CaptureQueriesContext(connection) as captured:
        ContactLists(actor, Asked(view="unfinished"), now()).page(cursor={}, size=50)
    query = next(query["sql"] for query in captured.captured_queries if "ORDER BY" in query["sql"])

    assert "contact_unfinished" in explained(query)


@pytest.mark.parametrize("rows", [ServiceRequest.objects.whole(), Contact.objects.with_party()])
def test_a_record_is_read_in_queries_that_postgres_plans_quickly(caseworker, rows):
    with CaptureQueriesContext(connection) as captured:
        rows.latest("pk")

    assert max(query["sql"].count(" JOIN ") for query in captured.captured_queries) == 3


@pytest.mark.urls("benchmarks.floor")
@pytest.mark.django_db(transaction=True)
def test_every_page_of_seeded_feedback_is_there(db):
    at = now()
    database.furnish(at=at)
    database.fill_feedback(500, at=at)
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    for ask in feedback.things_of().values():
        ask()

    assert FeedbackForm.objects.count() == 500
    assert FeedbackForm.objects.active().count() == 80


def test_what_comes_in_after_seeded_rows_has_the_next_number(agent):
    assert services.submit(told(), by=PUBLIC, at=now()).reference == "UJ-000401"


def test_one_in_20_asked_for_a_call_and_every_fifth_of_these_waits(agent):
    assert Callback.objects.count() == 20
    assert Callback.objects.queued().count() == 4
    assert Deadline.objects.open().filter(kind="call").count() == 4
    assert Attempt.objects.count() == 16


def test_what_is_due_is_as_much_at_any_size(db):
    at = now()
    database.furnish(at=at)
    database.fill(3000, at=at)

    assert Message.objects.due(at).count() == 100
    assert Deadline.objects.step_due(at).count() == 87  # of the first 100 open, what waits for no answer


@pytest.mark.urls("benchmarks.floor")
@pytest.mark.django_db(transaction=True)
def test_the_bare_view_makes_the_rows_that_the_endpoint_makes(agent):
    def rows() -> Counter[str]:
        return Counter({model.__name__: model._base_manager.count() for model in apps.get_models()})

    create = machines.create_with(machines.key_headers(at=now()))
    create()  # the first one of each counts its source, too
    machines.create_bare()
    before = rows()
    create()
    between = rows()
    machines.create_bare()

    assert between - before == rows() - between
    assert (between - before)["Incident"] == 1


@pytest.mark.parametrize("view", ["open", "unassigned", "overdue"])
def test_a_long_list_is_read_in_the_order_of_its_index_and_not_sorted(db, view):
    at = now()
    database.furnish(at=at)
    database.fill(10_000, at=at)
    actor = actor_for(StaffMember.objects.get(username="agent"), on=at.date())
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as captured:
        cursor.execute("analyze")
        Lists(actor, Asked(view=view), at).page(cursor={}, size=50)
        page = next(query["sql"] for query in captured.captured_queries if "ORDER BY" in query["sql"])
        cursor.execute(f"explain {page}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Sort" not in plan


def test_no_search_reads_a_whole_table(db):
    at = now()
    database.furnish(at=at)
    database.fill(10_000, at=at)
    actor = actor_for(StaffMember.objects.get(username="jobcentre"), on=at.date())
    with connection.cursor() as cursor:
        cursor.execute("analyze")
    plans = {typed: plan_of(typed, actor) for typed in WORST}

    assert [typed for typed, plan in plans.items() if SCAN.search(plan)] == []
    assert SCAN.search(explained("select count(*) from cases_findkey where key like '%x%'"))


WORST = [
    "li", "okafor", "wis", "dafydd okafor", "o rourke", "mohammed shah zzz", "dafydd l", "0789", "0770", "example.org",
    "@example.org", "customer-5", "000500", "rhian evans", "x" * 300,
]  # fmt: skip
SCAN = re.compile("Seq Scan on (cases_|jobmatch_)")


def plan_of(typed: str, actor: Actor) -> str:
    with CaptureQueriesContext(connection) as captured:
        find(Incident, read(typed, prefixes={"UJ"}), by=actor, at_most=20, beside=("assigned_to",))
    return "\n".join(explained(query["sql"]) for query in captured.captured_queries)


def explained(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"explain {sql}")
        return "\n".join(line for (line,) in cursor.fetchall())


def test_raw_sql_writes_what_the_service_writes(agent):
    actor, at = actor_for(agent, on=now().date()), now()

    def written(take) -> tuple[dict[str, object], dict[str, object]]:
        incident = Incident.objects.get(pk=take(actor, at))
        event = Event.objects.filter(case=incident.case).latest("pk")
        values = {"state": incident.state, "with": incident.assigned_to_id, "version": incident.version}
        happened = {**event.__dict__, "words": event.words.text}
        return values, {name: happened[name] for name in ("kind", "actor_id", "at", "before", "after", "words")}

    assert written(incidents.by_service) == written(incidents.by_sql)


def test_raw_sql_takes_the_call_that_the_service_takes(agent):
    queue = Queue.objects.get(code=database.QUEUE)
    first, second = staff_of(queue.unit, on=now().date())[:2]

    def written(take, person) -> tuple[dict[str, object], dict[str, object]]:
        callback = Callback.objects.get(pk=take(actor_for(person, on=now().date()), now()))
        event = callback.case.events.latest("pk").__dict__
        values = {"state": callback.state, "own": callback.allocated_to_id == person.pk, "version": callback.version}
        return values, {name: event[name] for name in ("kind", "subject_label", "actor_kind", "before", "after")}

    assert written(calls.by_service(queue.pk), first) == written(calls.by_sql(queue.pk), second)
    assert Callback.objects.queued().count() == 2


def test_an_incident_that_went_to_two_agents_ends_the_run(agent):
    actor = actor_for(agent, on=now().date())
    taken = incidents.by_service(actor, now())

    with pytest.raises(TakenTwice):
        require_each_once(Batch([(actor, taken), (replace(actor, staff_id=0), taken)], seconds=1), incidents.LINE)


def test_missed_aims_are_named():
    def size(incidents: int, **seconds: float) -> Size:
        met = {name: [1.0] for thing, beside, _ in report.PAIRS for name in (thing, beside)}
        return Size(incidents, "", {}, {"floor": [1.0], **met, **{name: [took] for name, took in seconds.items()}})

    small = size(10, queue=2.0)
    large = size(90, queue=2.6, **{report.NEXT_BY_SQL: 0.45, report.CREATE_BARE: 0.59})

    assert list(report.missed([small, large])) == [
        "queue at 90: 2.60 times the floor, aim 2.5",
        "queue: grows 1.30 times, aim 1.2",
        "Next, 8 agents at 90: 0.45 of the rate of Next in raw SQL, 8 agents, aim 0.5",
        "REST create at 90: 0.59 of the rate of the same inserts, bare, aim 0.6",
    ]
