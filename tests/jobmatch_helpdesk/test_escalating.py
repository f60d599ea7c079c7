"""A risk to the health and safety of a member of staff: first of all, and somebody acts within the hour.

Raised on Wednesday 3 June at 10am in the UK, escalated at 11am: somebody must act by 12pm.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from contacthub.callbacks.models import Callback
from contacthub.callbacks.outcomes import Outcome
from contacthub.callbacks.services import cancel as cancel_call
from contacthub.callbacks.services import record_attempt
from contacthub.callbacks.services import take as take_call
from contacthub.errors import MovedOn, RuleBroken
from contacthub.mail.models import Mailbox, Message
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from jobmatch_helpdesk import permissions, services
from jobmatch_helpdesk.lifecycle import IncidentState as State
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import Band, Source
from tests.factories import MORNING
from tests.jobmatch_helpdesk.situations import (
    LATER,
    brought_to,
    colleague,
    deadline,
    fresh,
    given_to,
    last_event,
    raiser_of,
    refused,
    set_up_inboxes,
    submitted,
    sweep,
    told_to,
)

pytestmark = [pytest.mark.django_db, pytest.mark.proves("UJ-26")]
HOUR = timedelta(hours=1)
WHY = "He waits outside"
# Copied by hand from the lifecycle: where an escalation finds an incident, and where it leaves it.
LEADS_TO = {
    State.RECEIVED: State.RECEIVED,
    State.ASSIGNED: State.ASSIGNED,
    State.AWAITING_INFORMATION: State.ASSIGNED,
    State.CALLBACK_PENDING: State.CALLBACK_PENDING,
    State.RESOLVED: State.RECEIVED,
}


@pytest.fixture(autouse=True)
def inboxes(reference):
    set_up_inboxes()


@pytest.fixture
def carys(reference):
    return raiser_of(Source.JOBCENTRE)


def put_in(state: State, agent, carys, **changes) -> Incident:
    return brought_to(state, agent, "R04" if state == State.CALLBACK_PENDING else "R02", by=carys, **changes)


def escalate(incident: Incident, by, at=LATER, **given) -> Incident:
    return services.escalate(incident_id=incident.pk, by=by, at=at, **{"reason": WHY, **given})


def gone(agent) -> None:
    StaffMember.objects.filter(pk=agent.staff_id).update(active_to="2026-06-02")


class TestWhereItGoes:
    @pytest.mark.proves("UJ-25")
    @pytest.mark.parametrize("state", LEADS_TO)
    def test_it_is_in_the_first_band_and_where_somebody_acts(self, ana, carys, state):
        incident = put_in(state, ana, carys)

        escalate(incident, carys)

        kept = fresh(incident)
        assert (kept.state, kept.band, kept.escalated_at) == (LEADS_TO[state], Band.IMMEDIATE, LATER)

    def test_what_had_no_reply_route_comes_back_to_the_queue(self, ana, lead):
        incident = brought_to(State.NO_REPLY_ROUTE, ana, "R16")
        Incident.objects.filter(pk=incident.pk).update(source=Source.JD)  # no row of a staff source leads there

        escalate(incident, ana, who_rang="Jo Pike")

        assert last_event(incident)[:3] == ("escalate_to_queue", "no_reply_route", "received")
        assert deadline(incident, "close").ending == "dropped"

    @pytest.mark.parametrize("state", [State.AWAITING_INFORMATION, State.RESOLVED])
    def test_what_comes_back_is_anybody_s_where_its_agent_is_no_longer_here(self, ana, carys, state):
        incident = put_in(state, ana, carys)
        gone(ana)

        escalate(incident, carys)

        assert (fresh(incident).state, fresh(incident).assigned_to) == ("received", None)

    @pytest.mark.proves("UJ-04")
    def test_the_escalated_one_of_two_goes_first_whatever_its_age(self, ana, carys):
        submitted("R02", by=carys)
        younger = submitted("R02", by=carys, at=LATER)

        escalate(younger, carys, at=LATER)

        assert services.take_next(by=ana, at=LATER) == younger

    def test_everybody_gets_it_next_before_what_a_lead_set_to_the_band_later(self, ana, bilal, lead, carys):
        first, other = submitted("R02", by=carys), submitted("R14", at=LATER)
        services.change_priority(incident_id=other.pk, band=Band.IMMEDIATE, reason="Minister", by=lead, at=LATER)
        escalate(first, carys)

        assert [services.take_next(by=agent, at=LATER).pk for agent in (ana, bilal)] == [first.pk, other.pk]


class TestClocks:
    @pytest.mark.parametrize("state", [State.RECEIVED, State.ASSIGNED, State.AWAITING_INFORMATION, State.RESOLVED])
    def test_the_first_reply_is_due_within_the_hour(self, ana, carys, state):
        incident = put_in(state, ana, carys)

        escalate(incident, carys)

        assert fresh(incident).due_at == LATER + HOUR
        assert not incident.case.deadlines.open().filter(kind__in=["close", "no_answer"]).exists()

    @pytest.mark.parametrize("state", LEADS_TO)
    def test_a_clock_of_its_own_runs(self, ana, carys, state):
        incident = put_in(state, ana, carys)

        escalate(incident, carys)

        assert services.act_by(incident) == LATER + HOUR

    @pytest.mark.proves("UJ-34")
    def test_the_open_call_is_due_within_the_hour(self, ana, carys):
        incident = put_in(State.CALLBACK_PENDING, ana, carys)

        escalate(incident, carys, at=LATER + HOUR)

        call = Callback.objects.get()
        assert (call.urgent, call.due_at) == (True, LATER + 2 * HOUR)
        assert not incident.case.deadlines.open().filter(kind="first_reply").exists()

    def test_who_has_the_call_hears_that_it_is_due_within_the_hour(self, ana, carys):
        incident = put_in(State.CALLBACK_PENDING, ana, carys)
        caller = colleague(Role.JOBCENTRE_ADVISER, "porth-wen")
        call = Callback.objects.get()
        take_call(callback_id=call.pk, by=caller, at=LATER)

        escalate(incident, carys)

        due = "Wednesday 3 June 2026, 12pm"
        assert told_to(caller) == [f"{call.reference}, health and safety: ring {call.customer_name} by {due}"]

    def test_whoever_gives_out_the_calls_hears_of_one_that_nobody_has(self, ana):
        assessor = colleague(Role.JD_QUALITY_ASSESSOR, "jd")
        incident = escalate(given_to(ana, "R07"), ana, who_rang="Kofi Mensah")

        services.reply(incident_id=incident.pk, text="Use another browser", by=ana, at=LATER)

        call = Callback.objects.get()
        due = "Wednesday 3 June 2026, 12pm"
        assert f"{call.reference}, health and safety: ring {call.customer_name} by {due}" in told_to(assessor)

    def test_it_runs_for_what_was_marked_on_the_form_too(self, carys):
        incident = submitted("R02", by=carys, escalated=True, escalation_reason=WHY)

        assert services.act_by(incident) == MORNING + HOUR


class TestSomebodyActs:
    @pytest.fixture
    def incident(self, carys):
        return escalate(submitted("R02", by=carys), carys)

    def met(self, incident: Incident) -> bool:
        return deadline(incident, "escalation").ending == "met"

    def test_by_taking_it(self, ana, incident):
        services.take(incident_id=incident.pk, by=ana, at=LATER)

        assert self.met(incident)

    def test_by_taking_the_next(self, ana, incident):
        services.take_next(by=ana, at=LATER)

        assert self.met(incident)

    def test_by_replying(self, ana, carys):
        incident = escalate(put_in(State.ASSIGNED, ana, carys), carys)

        services.reply(incident_id=incident.pk, text="Use another browser", by=ana, at=LATER)

        assert self.met(incident)

    def test_not_by_what_was_done_on_a_call_that_had_ended_before(self, ana, carys):
        incident = put_in(State.CALLBACK_PENDING, ana, carys)
        call = Callback.objects.get()
        caller = colleague(Role.JOBCENTRE_ADVISER, "porth-wen")
        take_call(callback_id=call.pk, by=caller, at=LATER)
        cancel_call(callback_id=call.pk, reason="She rang us", by=caller, at=LATER)
        escalate(incident, carys)

        record_attempt(callback_id=call.pk, outcome=Outcome.NO_ANSWER, by=caller, at=LATER)

        assert not self.met(incident)

    def test_by_asking_for_the_call(self, ana, carys):
        incident = put_in(State.CALLBACK_PENDING, ana, carys)
        escalate(incident, carys)
        call = Callback.objects.get()
        caller = colleague(Role.JOBCENTRE_ADVISER, "porth-wen")
        take_call(callback_id=call.pk, by=caller, at=LATER)
        assert not self.met(incident)

        record_attempt(callback_id=call.pk, outcome=Outcome.NO_ANSWER, by=caller, at=LATER)

        assert self.met(incident)

    @pytest.mark.parametrize("do", [services.put_back, services.resolve_without_reply])
    def test_not_by_anything_else(self, ana, carys, do):
        incident = escalate(put_in(State.ASSIGNED, ana, carys), carys)

        do(incident_id=incident.pk, reason="My shift ends", by=ana, at=LATER)

        assert not self.met(incident)

    def test_what_is_resolved_without_a_reply_is_waited_for_no_longer(self, ana, carys):
        incident = escalate(put_in(State.ASSIGNED, ana, carys), carys)

        services.resolve_without_reply(incident_id=incident.pk, reason="She is safe", by=ana, at=LATER)

        assert deadline(incident, "escalation").ending == "dropped"


class TestWhoHears:
    def test_each_lead_of_the_day_at_once_by_page_and_mail(self, lead, carys):
        Mailbox.objects.filter(code="notices").update(address="notices@contacthub.example")

        incident = escalate(submitted("R02", by=carys), carys)

        words = f"{incident.reference} is escalated for health and safety"
        mail = Message.objects.get(case=incident.case)
        assert told_to(lead) == [words]
        assert mail.to == StaffMember.objects.get(pk=lead.staff_id).email
        assert words in mail.body
        assert WHY not in mail.body

    def test_the_agent_who_has_it(self, ana, carys):
        incident = escalate(put_in(State.ASSIGNED, ana, carys), carys)

        assert told_to(ana) == [f"{incident.reference} is escalated for health and safety"]

    def test_who_records_it_for_themselves_is_not_told(self, ana, carys):
        escalate(put_in(State.ASSIGNED, ana, carys), ana, who_rang="Carys Morgan")

        assert told_to(ana) == []

    def test_the_leads_and_who_has_it_once_nobody_has_acted(self, ana, lead, carys):
        incident = put_in(State.ASSIGNED, ana, carys)
        escalate(incident, carys)

        sweep(LATER + HOUR)

        late = f"{incident.reference} is escalated, and nobody has acted by Wednesday 3 June 2026, 12pm"
        assert late in told_to(lead)
        assert late in told_to(ana)


class TestOnRecord:
    @pytest.mark.proves("UJ-25")
    def test_who_rang_when_and_why(self, ana, carys):
        incident = submitted("R02", by=carys)

        escalate(incident, ana, who_rang="Carys Morgan", rang_at=LATER - HOUR / 4, risk_kind="threat")

        words = "By telephone: Carys Morgan, Wednesday 3 June 2026, 10:45am. Threat. He waits outside"
        assert last_event(incident) == ("escalated", "", "", words)
        assert fresh(incident).get_risk_kind_display() == "Threat"

    def test_what_the_raiser_escalates_says_where(self, carys):
        incident = submitted("R02", by=carys)

        escalate(incident, carys)

        assert last_event(incident)[3] == "On the incident’s page. He waits outside"

    @pytest.mark.parametrize("kind", ["escalated", "escalate_to_agent", "escalate_to_queue"])
    def test_why_is_for_the_helpdesk_alone(self, ana, carys, kind):
        assert kind in permissions.words_readable_by(ana)
        assert kind not in permissions.words_readable_by(carys)


class TestRefusals:
    def test_a_second_time_says_who_did(self, ana, carys):
        incident = escalate(submitted("R02", by=carys), carys)

        with refused(MovedOn, "Escalated already by Carys Morgan"):
            escalate(incident, ana, who_rang="Carys Morgan")

    def test_the_helpdesk_says_who_rang(self, ana, carys):
        incident = submitted("R02", by=carys)

        with refused(RuleBroken, "Enter who rang"):
            escalate(incident, ana, who_rang=" ")

    @pytest.mark.parametrize(
        ("told", "field"), [({"who_rang": "Kofi Mensah"}, "who_rang"), ({"rang_at": LATER - HOUR}, "rang_at")]
    )
    def test_outside_the_helpdesk_nobody_rings(self, carys, told, field):
        incident = submitted("R02", by=carys)

        with refused(RuleBroken, "Leave out who rang and when: only the Helpdesk records it") as broken:
            escalate(incident, carys, **told)

        assert broken.value.field == field

    def test_nobody_has_rung_yet_to_come(self, ana, carys):
        incident = submitted("R02", by=carys)

        with refused(RuleBroken, "must be in the past"):
            escalate(incident, ana, who_rang="Carys Morgan", rang_at=LATER + HOUR)

    @pytest.mark.proves("UJ-27")
    def test_the_risk_is_to_staff(self, ana):
        incident = given_to(ana, "R14")

        with refused(RuleBroken, "Only what a member of staff raised can be escalated"):
            escalate(incident, ana, who_rang="Carys Morgan")


class TestWho:
    def test_a_raiser_escalates_their_own_and_no_colleague_s(self, carys):
        mine = submitted("R02", by=carys)

        assert permissions.may_escalate(carys, mine)
        assert not permissions.may_escalate(colleague(Role.JOBCENTRE_ADVISER, "porth-wen"), mine)

    @pytest.mark.parametrize(("row", "allowed"), [("R06", True), ("R08", False)])
    def test_a_quality_assessor_escalates_what_jd_raised(self, row, allowed):
        assert permissions.may_escalate(colleague(Role.JD_QUALITY_ASSESSOR, "jd"), submitted(row)) is allowed

    @pytest.mark.parametrize(("site", "allowed"), [("ed-telford", True), ("ed-dundee", False)])
    def test_a_team_leader_escalates_what_their_site_raised(self, site, allowed):
        leader = colleague(None, site, post="team_leader")

        assert permissions.may_escalate(leader, submitted("R08")) is allowed
