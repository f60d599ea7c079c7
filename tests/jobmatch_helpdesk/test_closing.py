"""The end of an incident, and its beginning anew.

Answered on Wednesday 3 June at 11am in the UK, it closes ten working days later, on Wednesday 17 June at 11am, and can
be reopened for twenty more, until Wednesday 15 July at 11am.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from contacthub.errors import MovedOn, RuleBroken
from jobmatch_helpdesk import services
from jobmatch_helpdesk.lifecycle import IncidentState as State
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import Band, Source
from tests.jobmatch_helpdesk.situations import (
    LATER,
    brought_to,
    deadline,
    fresh,
    given_to,
    last_event,
    raiser_of,
    refused,
    set_up_inboxes,
    sweep,
    told_to,
)

pytestmark = pytest.mark.django_db
CLOSES = datetime(2026, 6, 17, 10, 0, tzinfo=UTC)
LAST_MOMENT = datetime(2026, 7, 15, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def inboxes(reference):
    set_up_inboxes()


@pytest.fixture
def carys(reference):
    return raiser_of(Source.JOBCENTRE)


def reopen(incident: Incident, by, at) -> Incident:
    return services.reopen(incident_id=incident.pk, reason="It happens again", by=by, at=at)


class TestClose:
    def test_ten_working_days_close_what_is_resolved(self, ana):
        incident = brought_to(State.RESOLVED, ana)

        sweep(CLOSES - SECOND)
        before = fresh(incident).state
        sweep(CLOSES)

        assert (before, fresh(incident).state, fresh(incident).closed_at) == ("resolved", "closed", CLOSES)
        assert last_event(incident) == ("close", "resolved", "closed", "")
        assert incident.case.events.latest("pk").actor_kind == "clock"

    def test_ten_working_days_close_what_has_no_reply_route(self, ana):
        incident = given_to(ana, "R16")
        services.record_no_reply_route(incident_id=incident.pk, by=ana, at=LATER)

        sweep(CLOSES)

        assert last_event(incident)[:3] == ("close", "no_reply_route", "closed")

    def test_a_lead_closes_by_hand_and_nothing_comes_due_any_more(self, ana, lead):
        incident = brought_to(State.RESOLVED, ana)

        services.close(incident_id=incident.pk, by=lead, at=LATER)
        events = incident.case.events.count()
        sweep(CLOSES)

        assert (fresh(incident).state, fresh(incident).closed_at) == ("closed", LATER)
        assert deadline(incident, "close").ending == "dropped"
        assert incident.case.events.count() == events

    def test_closed_is_read_only(self, ana):
        incident = brought_to(State.CLOSED, ana)

        with refused(MovedOn, "Closed by"):
            services.reply(incident_id=incident.pk, text="One more thing", by=ana, at=CLOSES)


class TestReopen:
    @pytest.mark.parametrize("who", ["carys", "lead"])
    def test_the_raiser_or_a_lead_gives_it_back_to_the_queue(self, request, ana, carys, who):
        incident = brought_to(State.RESOLVED, ana, by=carys)

        reopen(incident, request.getfixturevalue(who), CLOSES - SECOND)

        kept = fresh(incident)
        assert (kept.state, kept.assigned_to_id, kept.replied_at) == ("received", None, None)
        assert last_event(incident) == ("reopen", "resolved", "received", "It happens again")

    def test_the_old_closing_comes_due_no_more(self, ana, carys):
        incident = brought_to(State.RESOLVED, ana, by=carys)
        reopen(incident, carys, LATER)

        sweep(CLOSES)

        assert fresh(incident).state == "received"

    def test_twenty_working_days_after_closing_is_the_last_moment(self, ana, carys):
        incident = brought_to(State.RESOLVED, ana, by=carys)
        sweep(CLOSES)

        reopen(incident, carys, LAST_MOMENT)

        assert (fresh(incident).state, fresh(incident).closed_at) == ("received", None)

    def test_after_that_a_new_one_is_raised(self, ana, carys):
        incident = brought_to(State.RESOLVED, ana, by=carys)
        sweep(CLOSES)

        with refused(RuleBroken, "was closed more than 20 working days ago. Raise a new incident"):
            reopen(incident, carys, LAST_MOMENT + SECOND)

    @pytest.mark.parametrize(("row", "by_rule"), [("R14", Band.STANDARD), ("R02", Band.JOBCENTRE)])
    def test_the_band_that_a_lead_had_set_is_worked_out_again(self, ana, lead, row, by_rule):
        incident = brought_to(State.ASSIGNED, ana, row)
        urgent = {"band": Band.IMMEDIATE, "reason": "The minister asks"}
        services.change_priority(incident_id=incident.pk, by=lead, at=LATER, **urgent)
        services.reply(incident_id=incident.pk, text="Use another browser", by=ana, at=LATER)

        reopen(incident, lead, CLOSES - SECOND)

        assert fresh(incident).band == by_rule

    @pytest.mark.proves("UJ-26")
    def test_what_was_escalated_is_still_immediate(self, ana, lead):
        incident = brought_to(State.RESOLVED, ana, escalated=True, escalation_reason="He waits outside")

        reopen(incident, lead, LATER)

        assert (fresh(incident).band, fresh(incident).due_at) == (Band.IMMEDIATE, LATER + timedelta(hours=1))

    def test_the_events_before_it_stay(self, ana, lead):
        incident = brought_to(State.CLOSED, ana)
        before = list(incident.case.events.order_by("pk").values_list("pk", flat=True))

        reopen(incident, lead, LATER)

        assert list(incident.case.events.order_by("pk").values_list("pk", flat=True))[:-1] == before


def test_a_reopened_incident_is_not_overdue_at_once_and_its_lateness_stays_in_the_history(ana, lead):
    """P20: due on Monday 8 June, 10am; answered a day late, reopened nine working days later, given two other bands."""
    incident = given_to(ana, "R14")
    first_due, answered = datetime(2026, 6, 8, 9, 0, tzinfo=UTC), datetime(2026, 6, 9, 9, 0, tzinfo=UTC)
    reopened = datetime(2026, 6, 22, 9, 0, tzinfo=UTC)
    sweep(first_due)
    services.reply(incident_id=incident.pk, text="Use another browser", by=ana, at=answered)
    heard = told_to(lead)
    dues = []

    def after(minutes: int, step) -> None:
        at = reopened + timedelta(minutes=minutes)
        step(at)
        sweep(at + timedelta(seconds=30))
        dues.append(fresh(incident).due_at)
        assert not Incident.objects.overdue(at).exists()

    def set_band(band: Band, at: datetime) -> None:
        services.change_priority(incident_id=incident.pk, band=band, reason="Looked at again", by=lead, at=at)

    after(0, lambda at: reopen(incident, lead, at))
    after(2, lambda at: set_band(Band.JOBCENTRE, at))
    after(4, lambda at: set_band(Band.STANDARD, at))

    assert dues == [
        datetime(2026, 6, 25, 9, 0, tzinfo=UTC),
        datetime(2026, 6, 23, 9, 2, tzinfo=UTC),
        datetime(2026, 6, 25, 9, 4, tzinfo=UTC),
    ]
    assert told_to(lead) == heard, "nobody hears of the old date a second time"
    late = incident.case.deadlines.filter(kind="first_reply").earliest("pk")
    assert (late.due_at, late.ended_at, late.ending) == (first_due, answered, "met")
