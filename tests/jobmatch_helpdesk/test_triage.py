"""Who works on what, and how soon."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from contacthub.deadlines.models import Deadline
from contacthub.deadlines.services import NEVER
from contacthub.errors import Refused, RuleBroken
from contacthub.people.roles import Role
from jobmatch_helpdesk import services
from jobmatch_helpdesk.lifecycle import IncidentState as State
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import Band
from tests.factories import MORNING, IncidentFactory
from tests.jobmatch_helpdesk.situations import (
    LATER,
    brought_to,
    colleague,
    deadline,
    fresh,
    last_event,
    refused,
    set_up_inboxes,
    submitted,
    sweep,
    told_to,
)

pytestmark = pytest.mark.django_db
STANDARD_DUE = datetime(2026, 6, 8, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def inboxes(reference):
    set_up_inboxes()


class TestTakeNext:
    @pytest.mark.proves("UJ-04", "UJ-05", "UJ-26")
    def test_the_top_band_goes_first_and_the_oldest_in_it(self, ana):
        young, old = (IncidentFactory(received_at=MORNING - timedelta(days=days)) for days in (1, 2))
        urgent = IncidentFactory(band=Band.IMMEDIATE, received_at=MORNING)
        jobcentre = IncidentFactory(band=Band.JOBCENTRE, received_at=MORNING)

        taken = [services.take_next(by=ana, at=MORNING) for _ in range(4)]

        assert taken == [urgent, jobcentre, old, young]

    @pytest.mark.proves("UJ-05")
    def test_it_is_mine_and_the_timeline_says_why_this_one(self, ana):
        incident = submitted("R14")

        services.take_next(by=ana, at=MORNING)

        assert fresh(incident).assigned_to_id == ana.staff_id
        assert last_event(incident) == ("take", "received", "assigned", "Next in order: oldest in band Standard")

    def test_where_none_waits_there_is_none(self, ana):
        brought_to(State.ASSIGNED, ana)

        assert services.take_next(by=ana, at=MORNING) is None

    def test_only_the_helpdesk_takes(self):
        submitted("R14")

        with refused(Refused, "Only the Universal Jobmatch Helpdesk"):
            services.take_next(by=colleague(Role.JD_AGENT, "jd"), at=MORNING)


class TestTake:
    def test_the_top_one_needs_no_reason(self, ana):
        incident = submitted("R14")

        services.take(incident_id=incident.pk, by=ana, at=LATER)

        assert last_event(incident)[3] == "Next in order: oldest in band Standard"

    @pytest.mark.proves("UJ-05")
    def test_another_one_needs_a_reason(self, ana):
        submitted("R14")
        second = submitted("R14", at=LATER)

        with refused(RuleBroken, "Enter why you take this one out of turn"):
            services.take(incident_id=second.pk, by=ana, at=LATER)

    def test_with_a_reason_it_is_mine(self, ana):
        submitted("R14")
        second = submitted("R14", at=LATER)

        services.take(incident_id=second.pk, reason="The same fault as mine", by=ana, at=LATER)

        assert fresh(second).assigned_to_id == ana.staff_id
        assert last_event(second) == ("take", "received", "assigned", "The same fault as mine")


class TestPutBack:
    def test_it_waits_again_and_its_clock_has_not_stopped(self, ana):
        incident = brought_to(State.ASSIGNED, ana, "R14")

        services.put_back(incident_id=incident.pk, reason="End of my day", by=ana, at=LATER)

        kept = fresh(incident)
        assert (kept.state, kept.assigned_to_id, kept.due_at) == ("received", None, STANDARD_DUE)
        assert last_event(incident) == ("put_back", "assigned", "received", "End of my day")


class TestAssigning:
    def test_a_lead_gives_what_nobody_has_to_an_agent_who_is_told(self, ana, lead):
        incident = submitted("R14")

        services.assign(incident_id=incident.pk, agent_id=ana.staff_id, by=lead, at=LATER)

        assert fresh(incident).assigned_to_id == ana.staff_id
        assert last_event(incident)[:3] == ("assign", "received", "assigned")
        assert told_to(ana) == [f"{incident.reference} is yours now"]

    @pytest.mark.parametrize("state", [State.ASSIGNED, State.AWAITING_INFORMATION])
    def test_a_lead_gives_what_somebody_has_to_another_and_both_are_told(self, ana, bilal, lead, state):
        incident = brought_to(state, ana, "R14")

        given = {"agent_id": bilal.staff_id, "reason": "Ana is on leave"}
        services.reassign(incident_id=incident.pk, by=lead, at=LATER, **given)

        kept = fresh(incident)
        assert (kept.state, kept.assigned_to_id) == (state, bilal.staff_id)
        assert last_event(incident) == ("reassigned", "", "", "From Ana Byrne to Bilal Shah: Ana is on leave")
        words = [f"{incident.reference} is with Bilal Shah now: Ana is on leave"]
        assert told_to(ana) == told_to(bilal) == words

    def test_a_reassigned_incident_keeps_its_clock(self, ana, bilal, lead):
        incident = brought_to(State.AWAITING_INFORMATION, ana, "R14")

        given = {"agent_id": bilal.staff_id, "reason": "Ana is on leave"}
        services.reassign(incident_id=incident.pk, by=lead, at=LATER, **given)

        assert fresh(incident).due_at == NEVER

    def test_a_lead_may_have_incidents_too(self, ana, lead):
        incident = submitted("R14")

        services.assign(incident_id=incident.pk, agent_id=lead.staff_id, by=lead, at=LATER)

        assert fresh(incident).assigned_to_id == lead.staff_id

    def test_giving_it_needs_a_reason(self, ana, bilal, lead):
        incident = brought_to(State.ASSIGNED, ana)

        with refused(RuleBroken, "Enter why you give this to somebody else"):
            services.reassign(incident_id=incident.pk, agent_id=bilal.staff_id, reason=" ", by=lead, at=LATER)

    def test_who_has_it_already_is_not_somebody_else(self, ana, lead):
        incident = brought_to(State.ASSIGNED, ana)

        with refused(RuleBroken, "Ana Byrne has this already. Select somebody else"):
            services.reassign(incident_id=incident.pk, agent_id=ana.staff_id, reason="Again", by=lead, at=LATER)


class TestChangePriority:
    def change(self, incident: Incident, band: Band, lead, at=LATER) -> None:
        services.change_priority(incident_id=incident.pk, band=band, reason="A vulnerable customer", by=lead, at=at)

    def test_the_clock_starts_anew_now_by_the_new_target(self, lead):
        incident = submitted("R14")

        self.change(incident, Band.IMMEDIATE, lead)

        kept = fresh(incident)
        assert (kept.band, kept.due_at) == (Band.IMMEDIATE, LATER + timedelta(hours=1))
        words = "From Standard to Immediate: A vulnerable customer"
        assert last_event(incident) == ("priority_changed", "", "", words)
        assert list(Deadline.objects.order_by("pk").values_list("ending", "due_at")) == [
            ("dropped", STANDARD_DUE),
            ("", LATER + timedelta(hours=1)),
        ]

    def test_while_we_wait_for_an_answer_the_new_clock_stands_too(self, ana, lead):
        incident = brought_to(State.AWAITING_INFORMATION, ana, "R14")

        self.change(incident, Band.JOBCENTRE, lead)
        waiting = fresh(incident).due_at
        services.record_answer(incident_id=incident.pk, text="Firefox", by=ana, at=LATER)

        assert waiting == NEVER
        assert fresh(incident).due_at == datetime(2026, 6, 4, 10, 0, tzinfo=UTC)

    def test_once_answered_no_clock_starts(self, ana, lead):
        incident = brought_to(State.RESOLVED, ana)

        self.change(incident, Band.STANDARD, lead)

        assert deadline(incident, "first_reply").ending == "met"

    def test_the_same_band_is_no_change(self, lead):
        incident = submitted("R14")

        with refused(RuleBroken, "This is in band Standard already. Select another"):
            self.change(incident, Band.STANDARD, lead)

    def test_it_moves_in_the_queue(self, ana, lead):
        submitted("R14")
        second = submitted("R14", at=LATER)

        self.change(second, Band.JOBCENTRE, lead)

        assert services.take_next(by=ana, at=LATER) == second


class TestWarnings:
    """Due on Monday 8 June, 10am in the UK."""

    def test_the_agent_is_reminded_before_it_is_due(self, ana, lead):
        incident = brought_to(State.ASSIGNED, ana, "R14")

        sweep(datetime(2026, 6, 5, 12, 0, tzinfo=UTC))

        assert told_to(ana) == [f"{incident.reference}: the first reply is due Monday 8 June 2026, 10am"]
        assert told_to(lead) == []

    def test_leads_and_agent_hear_once_that_it_is_overdue(self, ana, lead):
        incident = brought_to(State.ASSIGNED, ana, "R14")

        for _ in range(2):
            sweep(STANDARD_DUE)

        words = [f"{incident.reference}: the first reply was due Monday 8 June 2026, 10am"]
        assert told_to(lead) == told_to(ana) == words

    def test_nobody_hears_of_what_was_answered(self, ana, lead):
        brought_to(State.RESOLVED, ana, "R14")

        sweep(STANDARD_DUE)

        assert told_to(lead) == told_to(ana) == []
