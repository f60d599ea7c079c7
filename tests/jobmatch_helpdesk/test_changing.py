"""A change of facts on an open incident: it is routed again, and its call goes along.

Raised on Wednesday 3 June at 10am in the UK, answered at 11am, changed at 12pm.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contacthub.callbacks.models import Callback
from contacthub.callbacks.outcomes import Outcome
from contacthub.callbacks.services import record_attempt
from contacthub.callbacks.services import take as take_call
from contacthub.cases.models import EventWords
from contacthub.errors import Refused, RuleBroken
from contacthub.mail.models import Message
from contacthub.people.models import StaffMember, Unit
from contacthub.people.roles import Post
from jobmatch_helpdesk import permissions, services
from jobmatch_helpdesk.intake import Intake
from jobmatch_helpdesk.lifecycle import IncidentState as State
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import Band, CustomerType, Source
from jobmatch_helpdesk.services.routing_again import LABELS, reach_of
from tests.jobmatch_helpdesk.situations import (
    CUSTOMER,
    DWP_USER,
    LATER,
    NUMBER,
    brought_to,
    colleague,
    deadline,
    fresh,
    given_to,
    last_event,
    refused,
    set_up_inboxes,
    submitted,
)

pytestmark = pytest.mark.django_db
NOON = LATER + timedelta(hours=1)
OTHER_NUMBER = "+441632960455"
NO_EMAIL = {"customer_email": "", "no_email": True}
CALL = {"telephone": NUMBER, "call_required": True}


@pytest.fixture(autouse=True)
def inboxes(reference):
    set_up_inboxes()
    Unit.objects.filter(code="ed-dundee").update(inbox="dundee@ed.example")


def change(incident: Incident, by, at=NOON, **facts) -> Incident:
    if code := facts.pop("site", ""):
        facts["site_id"] = site(code)
    reach = replace(reach_of(fresh(incident)), **facts)
    return services.change_facts(incident_id=incident.pk, reach=reach, by=by, at=at)


def words_of(incident: Incident) -> str:
    return EventWords.objects.filter(event__case=incident.case, event__kind="facts_changed").latest("pk").text


def site(code: str) -> int:
    return Unit.objects.get(code=code).pk


class TestRoutedAgain:
    # row, what is other, the row that it leads to: by hand from the decision table
    @pytest.mark.proves("UJ-10", "UJ-15", "UJ-29")
    @pytest.mark.parametrize(
        ("row", "facts", "then"),
        [
            ("R02", NO_EMAIL | CALL | {"dwp_user_email": DWP_USER}, "R04"),
            ("R02", {"to_adviser": True, "adviser_email": "carys@jobcentre.example"}, "R03"),
            ("R04", {"customer_email": CUSTOMER, "no_email": False}, "R02"),
            ("R06", NO_EMAIL | CALL, "R07"),
            ("R08", {"source": Source.JD, "site_id": None}, "R06"),
            ("R09", {"customer_email": CUSTOMER, "no_email": False}, "R08"),
            ("R14", {"source": Source.JOBCENTRE, "site": "porth-wen"}, "R02"),
            ("R14", NO_EMAIL | {"telephone": NUMBER, "customer_type": CustomerType.EMPLOYER}, "R15"),
        ],
    )
    def test_by_the_facts_as_they_are_now(self, ana, row, facts, then):
        incident = given_to(ana, row)

        change(incident, ana, **facts)

        assert (fresh(incident).row, fresh(incident).state) == (then, "assigned")

    @pytest.mark.proves("XC-01")
    def test_both_routes_and_each_fact_stay_on_the_timeline(self, ana):
        incident = given_to(ana, "R08")

        change(incident, ana, site="jd", language="cy", source=Source.JD)

        kind, *_, words = last_event(incident)
        assert kind == "facts_changed"
        assert words.splitlines() == [
            "Row R08, ED site: now row R06, JD. Band Standard",
            "Source: Jobseeker Direct (JD) agent, SERCO, was Employer Direct (ED) agent",
            "Site: Jobseeker Direct (JD), SERCO, was Telford",
            "Language: Welsh, was English",
        ]

    def test_another_site_is_another_inbox(self, ana):
        incident = given_to(ana, "R08")

        change(incident, ana, site_id=site("ed-dundee"))
        services.reply(incident_id=incident.pk, text="Use another browser", by=ana, at=NOON)

        assert Message.objects.filter(copy_of=None, body__contains="another browser").get().to == "dundee@ed.example"

    @pytest.mark.proves("UJ-04")
    def test_the_band_is_worked_out_again_and_with_it_the_first_reply(self, ana):
        incident = given_to(ana, "R14")

        change(incident, ana, source=Source.JOBCENTRE, site="porth-wen")

        assert (fresh(incident).band, fresh(incident).due_at) == (
            Band.JOBCENTRE,
            datetime(2026, 6, 4, 11, 0, tzinfo=UTC),
        )

    def test_a_band_that_stays_keeps_its_clock(self, ana):
        incident = given_to(ana, "R14")
        due = fresh(incident).due_at

        change(incident, ana, language="cy")

        assert fresh(incident).due_at == due

    @pytest.mark.proves("UJ-26")
    def test_what_was_escalated_stays_first(self, ana):
        incident = given_to(ana, "R02", escalated=True, escalation_reason="He waits outside")

        change(incident, ana, source=Source.JD, site="jd")

        assert (fresh(incident).row, fresh(incident).band) == ("R06", Band.IMMEDIATE)

    @pytest.mark.parametrize("state", [State.RECEIVED, State.ASSIGNED, State.AWAITING_INFORMATION, State.RESOLVED])
    def test_the_state_stays(self, ana, lead, state):
        incident = brought_to(state, ana)

        change(incident, lead, language="cy")

        assert fresh(incident).state == state

    def test_a_clock_that_stands_goes_on_standing(self, ana):
        incident = brought_to(State.AWAITING_INFORMATION, ana, "R14", raiser_email="carys@jobcentre.example")

        change(incident, ana, source=Source.JOBCENTRE, site="porth-wen")

        assert deadline(incident, "first_reply").pauses.filter(ended_at=None).exists()

    def test_who_sees_the_incident_reads_what_changed(self, ana):
        carys = colleague(None)

        assert "facts_changed" in permissions.words_readable_by(carys)


class TestOpenCall:
    @pytest.fixture
    def incident(self, ana):
        return brought_to(State.CALLBACK_PENDING, ana, "R09")

    @pytest.fixture
    def leader(self):
        return colleague(None, "ed-telford", post=Post.TEAM_LEADER)

    @pytest.mark.proves("UJ-19", "UJ-38")
    def test_it_takes_the_new_number_and_language(self, ana, incident):
        change(incident, ana, telephone=OTHER_NUMBER, language="cy")

        call = Callback.objects.get()
        assert (call.telephone, call.language, call.state) == (OTHER_NUMBER, "cy", "queued")
        assert fresh(incident).state == "callback_pending"

    @pytest.mark.proves("UJ-11", "UJ-16")
    def test_it_goes_with_its_attempts_to_the_queue_of_the_new_row(self, ana, incident, leader):
        call = Callback.objects.get()
        take_call(callback_id=call.pk, by=leader, at=LATER)
        record_attempt(callback_id=call.pk, outcome=Outcome.NO_ANSWER, by=leader, at=LATER)

        change(incident, ana, source=Source.JD, site="jd")

        call = Callback.objects.get()
        assert (call.queue.code, call.kind, call.state, call.allocated_to) == ("jd", "uj_jd", "queued", None)
        assert (call.unanswered, call.tries.count()) == (1, 1)

    def test_it_says_what_sort_of_customer_it_is_now(self, ana, incident):
        change(incident, ana, customer_type=CustomerType.JOBSEEKER)

        call = Callback.objects.get()
        assert (call.customer_type, call.queue.code) == ("Jobseeker", "ed-telford")
        assert EventWords.objects.filter(event__case=call.case, text__contains="Jobseeker").exists()

    def test_it_is_left_alone_where_nothing_of_it_is_new(self, ana, incident):
        call = Callback.objects.get()
        events = call.case.events.count()

        change(incident, ana, dwp_user_email=DWP_USER)

        assert call.case.events.count() == events

    @pytest.mark.proves("UJ-34")
    def test_it_is_cancelled_where_the_new_row_has_none_and_the_incident_is_to_be_answered(self, ana, incident):
        change(incident, ana, customer_email=CUSTOMER, no_email=False, call_required=False)

        call = Callback.objects.get()
        assert (call.state, call.result) == ("cancelled", "The incident was routed again, and needs no call")
        assert (fresh(incident).state, fresh(incident).row) == ("assigned", "R08")
        assert deadline(incident, "first_reply").ended_at is None
        assert deadline(incident, "first_reply").set_at == NOON

    def test_then_it_is_anybody_s_where_its_agent_is_no_longer_here(self, ana, lead, incident):
        StaffMember.objects.filter(pk=ana.staff_id).update(active_to="2026-06-02")

        change(incident, lead, customer_email=CUSTOMER, no_email=False, call_required=False)

        assert (fresh(incident).state, fresh(incident).assigned_to) == ("received", None)

    def test_what_is_done_on_the_telephone_afterwards_is_kept(self, ana, incident, leader):
        call = Callback.objects.get()
        take_call(callback_id=call.pk, by=leader, at=LATER)
        change(incident, ana, customer_email=CUSTOMER, no_email=False, call_required=False)

        record_attempt(callback_id=call.pk, outcome=Outcome.SPOKE, words="Told her", by=leader, at=NOON)

        assert Callback.objects.get().tries.get().too_late
        assert last_event(incident)[0] == "call_tried"
        assert fresh(incident).state == "assigned"


class TestDetailsFound:
    @pytest.mark.proves("UJ-32")
    @pytest.mark.parametrize(
        ("row", "facts", "then"),
        [
            ("R12", {"telephone": NUMBER}, "R11"),
            ("R12", {"customer_email": CUSTOMER, "no_email": False}, "R10"),
            ("R16", {"customer_email": CUSTOMER, "no_email": False}, "R14"),
            ("R16", {"telephone": NUMBER, "customer_type": CustomerType.JOBSEEKER}, "R15"),
        ],
    )
    def test_it_is_assigned_and_answered_by_the_row_that_fits_now(self, ana, row, facts, then):
        incident = brought_to(State.NO_REPLY_ROUTE, ana, row)

        change(incident, ana, **facts)

        assert (fresh(incident).state, fresh(incident).row) == ("assigned", then)
        assert last_event(incident)[0] == "find_details"
        assert (deadline(incident, "first_reply").set_at, deadline(incident, "close").ending) == (NOON, "dropped")

    def test_it_comes_back_to_the_queue_where_its_agent_is_no_longer_here(self, ana, lead):
        incident = brought_to(State.NO_REPLY_ROUTE, ana, "R16")
        StaffMember.objects.filter(pk=ana.staff_id).update(active_to="2026-06-02")

        change(incident, lead, customer_email=CUSTOMER, no_email=False)

        assert fresh(incident).state == "received"

    def test_another_change_leaves_it_where_it_is(self, ana):
        incident = brought_to(State.NO_REPLY_ROUTE, ana, "R16")

        change(incident, ana, language="cy")

        assert fresh(incident).state == "no_reply_route"


class TestRefusals:
    def test_what_nobody_has_is_changed_by_a_lead(self, ana):
        incident = submitted("R02")

        with refused(Refused, "Nobody has this yet. Take it first"):
            change(incident, ana, language="cy")

    def test_nothing_different_is_no_change(self, ana):
        incident = given_to(ana, "R02")

        with refused(RuleBroken, "Nothing is different yet"):
            change(incident, ana)

    @pytest.mark.proves("UJ-27")
    def test_what_is_escalated_stays_of_staff(self, ana):
        incident = given_to(ana, "R02", escalated=True, escalation_reason="He waits outside")

        with refused(RuleBroken, "select the staff that it comes from"):
            change(incident, ana, source=Source.ONLINE_ANONYMOUS)

    @pytest.mark.proves("UJ-12", "UJ-15", "UJ-18", "UJ-21", "UJ-31")
    @pytest.mark.parametrize(
        ("row", "facts", "field"),
        [
            ("R02", {"customer_email": ""}, "customer_email"),
            ("R02", NO_EMAIL | CALL, "dwp_user_email"),
            ("R02", {"call_required": True}, "telephone"),
            ("R06", NO_EMAIL | {"telephone": NUMBER}, "call_required"),
            ("R14", {"source": Source.ED}, "site"),
            ("R02", {"no_email": True, **CALL, "dwp_user_email": DWP_USER}, "customer_email"),
            ("R02", NO_EMAIL | CALL | {"dwp_user_email": "gwen@example.org"}, "dwp_user_email"),
        ],
    )
    def test_nothing_that_was_there_may_be_missing_now(self, ana, row, facts, field):
        incident = given_to(ana, row)

        with refused(RuleBroken, "Enter|Select") as broken:
            change(incident, ana, **facts)

        assert field in [error.field for error in broken.value.all]

    def test_what_was_missing_before_may_come_bit_by_bit(self, ana):
        incident = given_to(ana, "R04")
        Incident.objects.filter(pk=incident.pk).update(telephone="", call_required=False, dwp_user_email="")

        change(incident, ana, telephone=NUMBER)
        change(incident, ana, call_required=True)
        change(incident, ana, dwp_user_email=DWP_USER)

        assert services.reply(incident_id=incident.pk, text="Use another browser", by=ana, at=NOON).row == "R04"

    @pytest.mark.proves("UJ-31")
    def test_but_not_the_annotation_before_the_number(self, ana):
        incident = given_to(ana, "R04")
        Incident.objects.filter(pk=incident.pk).update(telephone="", call_required=False)

        with refused(RuleBroken, "Enter a telephone number"):
            change(incident, ana, call_required=True)


class TestLookAhead:
    def test_it_shows_what_would_be_and_changes_nothing(self, ana):
        incident = fresh(given_to(ana, "R02"))

        ahead = services.look_ahead(
            incident=incident, reach=replace(reach_of(incident), source=Source.JD, site_id=site("jd")), by=ana
        )

        assert (ahead.row, incident.row, fresh(incident).row) == ("R06", "R02", "R02")

    def test_it_refuses_what_the_change_refuses(self, ana):
        incident = fresh(given_to(ana, "R02"))

        with refused(RuleBroken, "Nothing is different yet"):
            services.look_ahead(incident=incident, reach=reach_of(incident), by=ana)


def test_every_fact_of_the_form_that_may_change_has_a_name_on_the_timeline():
    assert set(LABELS) == set(reach_of(Incident(source=Source.JD)).__dict__)
    assert issubclass(Intake, type(reach_of(Incident(source=Source.JD))))
