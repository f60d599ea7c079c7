"""How old callbacks are, at a glance: counts, bars, the oldest, the share of the week, and the file."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacthub.callbacks import services
from contacthub.callbacks.ageing import Share, figures_of, queues_of
from contacthub.callbacks.models import Callback
from contacthub.callbacks.outcomes import Outcome
from contacthub.clock import now
from contacthub.deadlines.ages import Ageing
from contacthub.people.models import Unit
from contacthub.people.roles import Role
from contacthub.spreadsheet import guarded
from tests.contacthub.callbacks.situations import asked_for, taken, team_leader
from tests.contacthub.callbacks.test_pages import as_, open_page
from tests.jobmatch_helpdesk.situations import LATER, colleague, set_up_inboxes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def inboxes(reference):
    set_up_inboxes()


def due_in(agent, hours: float, queue: str = "ed-telford", *, at: datetime = LATER, **changes) -> Callback:
    callback = asked_for(agent, queue, **changes)
    Callback.objects.filter(pk=callback.pk).update(due_at=at + timedelta(hours=hours))
    return Callback.objects.get(pk=callback.pk)


@pytest.mark.proves("CM-06", "CM-33")
def test_each_band_has_its_count_its_bar_and_its_oldest_call(ana):
    for hours in (5, 6, 7, 8):
        due_in(ana, hours)
    due_in(ana, 1)
    due_in(ana, -2, "jd")
    oldest = due_in(ana, -30)
    due_in(ana, -25, "jd")

    figures = figures_of(queues_of(ana), at=LATER)

    assert [(bar.band, bar.count, bar.width) for bar in figures.bars] == [
        (Ageing.LATER, 4, 100), (Ageing.SOON, 1, 25), (Ageing.OVERDUE, 1, 25), (Ageing.ONE_DAY, 2, 50),
        (Ageing.FIVE_DAYS, 0, 0),
    ]  # fmt: skip
    assert figures.bars[3].oldest == oldest
    assert figures.bars[4].oldest is None
    assert (figures.total, figures.overdue) == (8, 3)


def test_a_queue_has_its_own_line(ana):
    due_in(ana, -2, "jd")
    due_in(ana, 5)

    lines = {line.queue.code: line for line in figures_of(queues_of(ana), at=LATER).lines}

    assert [lines["jd"].counts[Ageing.OVERDUE], lines["ed-telford"].counts[Ageing.LATER]] == [1, 1]
    assert lines["ed-dundee"].total == 0


def test_a_kind_leaves_out_the_others(ana):
    due_in(ana, 5, "jd")
    due_in(ana, 5)

    assert figures_of(queues_of(ana), kind="uj_jd", at=LATER).total == 1


def test_it_names_who_calls_and_a_post_that_nobody_holds(ana):
    team_leader()

    callers = {line.queue.code: line.caller for line in figures_of(queues_of(ana), at=LATER).lines}

    assert callers["ed-telford"] == "Graham Sallow, Team leader"
    assert callers["ed-dundee"] == "Team leader: nobody holds this post"
    assert callers["jd"] == "allocated by each JD quality assessor"
    assert callers["porth-wen"] == "any member of staff"


class TestShareOfTheWeek:
    # The week of Wednesday 3 June 2026 began on Monday 1 June at midnight, UK time: Sunday 31 May, 11pm UTC.
    MONDAY = datetime(2026, 5, 31, 23, 0, tzinfo=UTC)

    def rung(self, agent, at: datetime, *, due_at: datetime) -> None:
        graham = self.graham
        callback = taken(agent, graham)
        Callback.objects.filter(pk=callback.pk).update(due_at=due_at)
        services.record_attempt(callback_id=callback.pk, outcome=Outcome.NO_ANSWER, by=graham, at=at)

    @pytest.mark.proves("CM-33")
    def test_it_counts_first_attempts_since_monday_and_those_in_time(self, ana):
        self.graham = team_leader()
        self.rung(ana, LATER, due_at=LATER)
        self.rung(ana, LATER, due_at=LATER - timedelta(seconds=1))
        self.rung(ana, self.MONDAY, due_at=LATER)
        self.rung(ana, self.MONDAY - timedelta(seconds=1), due_at=LATER)
        callback = Callback.objects.order_by("pk")[0]
        services.record_attempt(callback_id=callback.pk, outcome=Outcome.NO_ANSWER, by=self.graham, at=LATER)

        assert figures_of(queues_of(ana), at=LATER).share == Share(made=3, in_time=2)


@pytest.mark.proves("CM-05")
class TestPage:
    def test_all_staff_of_the_queue_open_it_and_see_their_queue_alone(self, ana):
        due_in(ana, 5, "jd")
        due_in(ana, -50, at=now())

        page = open_page(as_(colleague(Role.ED_AGENT, "ed-telford")), "/callbacks/")

        assert "1 open" in page
        assert "?age=one_day" in page
        assert "/callbacks/queues/jd/" not in page

    def test_the_helpdesk_sees_all_of_universal_jobmatch(self, ana):
        due_in(ana, 5, "jd")
        due_in(ana, 5)

        assert "2 open" in open_page(as_(ana), "/callbacks/")
        assert "1 open" in open_page(as_(ana), "/callbacks/?queue=jd")
        assert "1 open" in open_page(as_(ana), "/callbacks/?kind=uj_ed")

    def test_who_has_no_queue_does_not_open_it(self, reference):
        open_page(as_(colleague(Role.CASEWORKER)), "/callbacks/", status=403)

    def test_twenty_calls_in_more_queues_cost_as_many_queries_as_one(self, ana):
        client = as_(ana)

        def queries(calls: list[str]) -> int:
            for queue in calls:
                due_in(ana, -1, queue)
            with CaptureQueriesContext(connection) as captured:
                client.get("/callbacks/")
            return len(captured)

        queries(["jd"])
        assert queries(["jd"]) == queries(["ed-telford", "porth-wen", "jd", "jd"])


def test_the_file_has_a_line_a_queue_and_runs_no_formula(ana):
    Unit.objects.filter(code="ed-telford").update(name="=1+1 Ltd")
    due_in(ana, -50, at=now())

    response = as_(ana).get("/callbacks/ageing.csv?queue=ed-telford")

    head, line = csv.reader(StringIO(response.content.decode("utf-8-sig")))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert head[:3] == ["Queue", "Who calls", "Due later"]
    assert line[0] == "'=1+1 Ltd"
    assert line[2:8] == ["0", "0", "0", "1", "0", "1"]


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("=1+1 Ltd", "'=1+1 Ltd"), ("@Home Care", "'@Home Care"), ("- called back", "'- called back"), ("\tx", "'\tx"),
        ("\rx", "'\rx"), ("+1+cmd", "'+1+cmd"), ("+441632960983", "+441632960983"), ("-12.50", "-12.50"), (7, 7),
        ("O’Neill", "O’Neill"), ("", ""),
    ],
)  # fmt: skip
def test_only_what_would_run_is_guarded(cell, kept):
    assert guarded(cell) == kept
