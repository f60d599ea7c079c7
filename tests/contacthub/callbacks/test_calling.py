"""Taking, allocating and making calls: who may, what is kept, and what becomes of the case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from contacthub.callbacks import services
from contacthub.callbacks.lifecycle import CallbackState as State
from contacthub.callbacks.models import Attempt, Callback, Queue
from contacthub.callbacks.outcomes import Outcome
from contacthub.deadlines.models import Deadline, FollowUp
from contacthub.errors import MovedOn, NotThere, Refused, RuleBroken
from contacthub.people.models import Membership, StaffMember
from contacthub.people.roles import Role
from contacthub.people.services import actor_for
from jobmatch_helpdesk import services as helpdesk
from jobmatch_helpdesk.routing import Band
from tests.contacthub.callbacks.situations import asked_for, assessor, fresh, incident_of, taken, team_leader
from tests.jobmatch_helpdesk.situations import (
    LATER,
    colleague,
    given_to,
    last_event,
    refused,
    set_up_inboxes,
    sweep,
    told_to,
)

pytestmark = pytest.mark.django_db
NOON = LATER + timedelta(hours=1)
DUE = datetime(2026, 6, 4, 10, 0, tzinfo=UTC)  # one working day after the reply on Wednesday at 11am in the UK
FOUR_HOURS_ON = datetime(2026, 6, 3, 15, 0, tzinfo=UTC)  # Wednesday 4pm, four working hours after noon


@pytest.fixture(autouse=True)
def inboxes(reference):
    set_up_inboxes()


def ring(callback, caller, outcome=Outcome.NO_ANSWER, words="", *, at=NOON, again_at=None):
    return services.record_attempt(
        callback_id=callback.pk, outcome=outcome, words=words, again_at=again_at, by=caller, at=at
    )


class TestAskedFor:
    def test_it_is_due_one_working_day_after_the_reply(self, ana):
        callback = asked_for(ana)

        assert (callback.state, callback.due_at) == (State.QUEUED, DUE)

    def test_one_of_band_1_is_due_within_the_hour(self, ana):
        risk = {"escalated": True, "escalation_reason": "He waits outside", "risk_kind": "threat"}

        lead_of_porth_wen = colleague(Role.JOBCENTRE_ADVISER, "porth-wen")
        callback = asked_for(ana, "porth-wen", **risk)

        assert (callback.due_at, callback.at_risk) == (LATER + timedelta(hours=1), True)
        assert "health and safety" in told_to(lead_of_porth_wen)[-1]

    def test_one_whose_priority_a_lead_set_by_hand_is_as_urgent_and_nobody_is_said_to_be_at_risk(self, ana, lead):
        graham, incident = team_leader(), given_to(ana, "R09")
        helpdesk.change_priority(
            incident_id=incident.pk, band=Band.IMMEDIATE, reason="The minister asks", by=lead, at=LATER
        )
        helpdesk.reply(incident_id=incident.pk, text="Use another browser", by=ana, at=LATER)

        callback = services.open_callback_of(incident.case)
        assert (callback.urgent, callback.at_risk, callback.due_at) == (True, False, LATER + timedelta(hours=1))
        assert told_to(graham)[-1] == f"{callback.reference}, urgent: ring Gwen Parry by Wednesday 3 June 2026, 12pm"

    @pytest.mark.parametrize(
        ("queue", "kind"), [("ed-telford", "uj_ed"), ("jd", "uj_jd"), ("porth-wen", "uj_jobcentre")]
    )
    @pytest.mark.proves("UJ-16", "UJ-17", "UJ-23")
    def test_it_stands_in_the_queue_of_its_source(self, ana, queue, kind):
        callback = asked_for(ana, queue)

        assert (callback.queue.code, callback.kind) == (queue, kind)


class TestWhoCalls:
    @pytest.mark.proves("UJ-16")
    def test_at_an_ed_site_its_team_leader_takes_the_call(self, ana):
        graham = team_leader()

        callback = taken(ana, graham)

        assert (callback.state, callback.allocated_to_id) == (State.ALLOCATED, graham.staff_id)
        assert last_event_of(callback) == ("take", State.QUEUED, State.ALLOCATED)

    @pytest.mark.parametrize(
        ("queue", "role", "unit", "post"),
        [
            ("ed-telford", Role.ED_AGENT, "ed-telford", ""),
            ("jd", Role.JD_AGENT, "jd", ""),
            ("jd", Role.JD_QUALITY_ASSESSOR, "jd", ""),
        ],
    )
    def test_others_of_the_site_see_it_and_cannot_take_it(self, ana, queue, role, unit, post):
        callback = asked_for(ana, queue)

        with refused(Refused, "are not yours to take"):
            services.take(callback_id=callback.pk, by=colleague(role, unit, post=post), at=NOON)

    @pytest.mark.proves("UJ-23")
    def test_at_a_jobcentre_any_member_of_the_site_takes_it(self, ana):
        rhian = colleague(Role.JOBCENTRE_ADVISER, "porth-wen")

        assert taken(ana, rhian, "porth-wen").allocated_to_id == rhian.staff_id

    def test_a_team_leader_of_another_site_does_not_find_it(self, ana):
        callback = asked_for(ana)

        with refused(NotThere, "no record"):
            services.take(callback_id=callback.pk, by=team_leader("ed-dundee"), at=NOON)

    @pytest.mark.proves("UJ-17")
    def test_at_jd_the_quality_assessment_team_gives_it_to_a_member_of_staff_who_is_told(self, ana):
        callback, mensah = asked_for(ana, "jd"), colleague(Role.JD_AGENT, "jd")

        services.allocate(callback_id=callback.pk, caller_id=mensah.staff_id, by=assessor(), at=NOON)

        assert fresh(callback).allocated_to_id == mensah.staff_id
        assert told_to(mensah) == [f"{callback.reference} is yours to ring: Gwen Parry"]

    def test_an_assessor_may_give_it_to_himself(self, ana):
        callback, yusuf = asked_for(ana, "jd"), assessor()

        services.allocate(callback_id=callback.pk, caller_id=yusuf.staff_id, by=yusuf, at=NOON)

        assert fresh(callback).allocated_to_id == yusuf.staff_id

    def test_a_jd_agent_gives_calls_to_nobody(self, ana):
        callback, mensah = asked_for(ana, "jd"), colleague(Role.JD_AGENT, "jd")

        with refused(Refused, "Only a JD quality assessor or the lead"):
            services.allocate(callback_id=callback.pk, caller_id=mensah.staff_id, by=mensah, at=NOON)

    @pytest.mark.parametrize("gone", [True, False])
    def test_it_goes_to_no_one_who_does_not_work_there_today(self, ana, gone):
        callback, mensah = asked_for(ana, "jd"), colleague(Role.JD_AGENT, "jd")
        if gone:
            Membership.objects.filter(person_id=mensah.staff_id).update(ends_on="2026-06-02")
        else:
            StaffMember.objects.filter(pk=mensah.staff_id).update(active_to="2026-06-02")

        with refused(RuleBroken, "Select a member of staff of"):
            services.allocate(callback_id=callback.pk, caller_id=mensah.staff_id, by=assessor(), at=NOON)

    def test_the_lead_whom_a_queue_names_may_allocate_hand_back_and_cancel(self, ana):
        boss = colleague(None)
        Queue.objects.filter(code="jd").update(lead_id=boss.staff_id)
        callback, mensah = asked_for(ana, "jd"), colleague(Role.JD_AGENT, "jd")

        services.allocate(callback_id=callback.pk, caller_id=mensah.staff_id, by=boss, at=NOON)
        services.hand_back(callback_id=callback.pk, reason="Mensah is ill", by=boss, at=NOON)
        services.cancel(callback_id=callback.pk, reason="She rang us", by=boss, at=NOON)

        assert fresh(callback).state == State.CANCELLED

    def test_a_second_to_take_it_is_told_who_was_faster(self, ana):
        graham = team_leader()
        callback = taken(ana, graham)

        with refused(MovedOn, "Taken by Graham Sallow"):
            services.take(callback_id=callback.pk, by=graham, at=NOON)


class TestTakeNext:
    @pytest.mark.proves("CM-06")
    def test_it_gives_the_oldest_that_is_queued(self, ana):
        graham = team_leader()
        first, _ = asked_for(ana), asked_for(ana)

        assert services.take_next(queue_id=first.queue_id, by=graham, at=NOON) == first
        assert fresh(first).allocated_to_id == graham.staff_id

    @pytest.mark.proves("UJ-26")
    def test_a_call_for_somebody_at_risk_comes_before_older_ones(self, ana):
        older, at_risk = asked_for(ana), asked_for(ana)
        services.hurry(about=at_risk.about, by=ana, at=at_risk.due_at)
        assert fresh(at_risk).due_at > older.due_at

        assert services.take_next(queue_id=older.queue_id, by=team_leader(), at=NOON) == at_risk

    def test_it_gives_first_what_the_caller_has_and_may_ring_now(self, ana):
        rhian = colleague(Role.JOBCENTRE_ADVISER, "porth-wen")
        _, second = asked_for(ana, "porth-wen"), asked_for(ana, "porth-wen")
        services.take(callback_id=second.pk, by=rhian, at=LATER)

        assert services.take_next(queue_id=second.queue_id, by=rhian, at=NOON) == second

    @pytest.mark.proves("UJ-26")
    def test_what_is_urgent_comes_before_what_the_caller_has(self, ana):
        rhian = colleague(Role.JOBCENTRE_ADVISER, "porth-wen")
        mine, at_risk = taken(ana, rhian, "porth-wen"), asked_for(ana, "porth-wen")
        services.hurry(about=at_risk.about, by=ana, at=LATER)

        assert services.take_next(queue_id=mine.queue_id, by=rhian, at=NOON) == at_risk
        assert services.take_next(queue_id=mine.queue_id, by=rhian, at=NOON) == at_risk

    def test_where_another_has_what_is_urgent_the_caller_goes_on_with_theirs(self, ana):
        rhian, owen = (colleague(Role.JOBCENTRE_ADVISER, "porth-wen") for _ in range(2))
        mine, at_risk = taken(ana, rhian, "porth-wen"), taken(ana, owen, "porth-wen")
        services.hurry(about=at_risk.about, by=ana, at=LATER)

        assert services.take_next(queue_id=mine.queue_id, by=rhian, at=NOON) == mine

    def test_who_has_a_call_and_takes_none_goes_on_with_theirs(self, ana):
        boss, agent = team_leader(), colleague(Role.ED_AGENT, "ed-telford")
        mine, at_risk = taken(ana, boss), asked_for(ana)
        services.hurry(about=at_risk.about, by=ana, at=LATER)
        Callback.objects.filter(pk=mine.pk).update(allocated_to_id=agent.staff_id)

        assert services.take_next(queue_id=mine.queue_id, by=agent, at=NOON) == mine

    def test_it_does_not_give_what_waits_for_its_next_attempt(self, ana):
        graham = team_leader()
        first, second = taken(ana, graham), asked_for(ana)
        ring(first, graham)

        assert services.take_next(queue_id=first.queue_id, by=graham, at=NOON) == second

    def test_where_calls_are_allocated_it_gives_only_those_allocated(self, ana):
        mensah, callback = colleague(Role.JD_AGENT, "jd"), asked_for(ana, "jd")
        before = services.take_next(queue_id=callback.queue_id, by=mensah, at=NOON)
        services.allocate(callback_id=callback.pk, caller_id=mensah.staff_id, by=assessor(), at=NOON)

        after = services.take_next(queue_id=callback.queue_id, by=mensah, at=NOON)

        assert (before, after) == (None, callback)

    def test_nothing_waits(self, reference):
        graham = team_leader()

        assert services.take_next(queue_id=Queue.objects.get(code="ed-telford").pk, by=graham, at=NOON) is None

    def test_the_helpdesk_reads_the_queue_and_takes_nothing(self, ana):
        callback = asked_for(ana)

        with refused(Refused, "are not yours to take"):
            services.take_next(queue_id=callback.queue_id, by=ana, at=NOON)

    def test_a_queue_of_somebody_else_is_not_there(self, ana):
        callback = asked_for(ana)

        with refused(NotThere, "no record"):
            services.take_next(queue_id=callback.queue_id, by=team_leader("ed-dundee"), at=NOON)


class TestAttempts:
    @pytest.fixture
    def graham(self):
        return team_leader()

    @pytest.fixture
    def callback(self, ana, graham):
        return taken(ana, graham)

    @pytest.mark.proves("UJ-34")
    def test_who_spoke_to_them_completes_the_call_and_resolves_the_incident(self, callback, graham):
        ring(callback, graham, Outcome.SPOKE, "She will try another browser")

        assert (fresh(callback).state, fresh(callback).result) == (State.COMPLETED, "She will try another browser")
        incident = incident_of(callback)
        assert incident.state == "resolved"
        assert last_event(incident)[:3] == ("resolve_by_call", "callback_pending", "resolved")
        assert told_to(incident.raised_by) == [f"{incident.reference}: the customer was told by telephone"]
        assert Deadline.objects.get(case=callback.case, kind="call").ending == "met"
        assert Deadline.objects.open().filter(case=incident.case, kind="close").exists()

    @pytest.mark.proves("CM-28")
    def test_a_call_in_vain_is_counted_and_tried_again_four_working_hours_later(self, callback, graham):
        ring(callback, graham, Outcome.NO_ANSWER, "Rang for a minute")

        kept = fresh(callback)
        assert (kept.state, kept.unanswered, kept.next_attempt_at) == (State.ATTEMPTED, 1, FOUR_HOURS_ON)
        assert kept.due_at == DUE
        assert incident_of(callback).state == "callback_pending"

    def test_at_the_moment_of_the_next_attempt_the_caller_has_it_again_and_is_reminded(self, callback, graham):
        ring(callback, graham)

        sweep(FOUR_HOURS_ON)

        assert (fresh(callback).state, fresh(callback).next_attempt_at) == (State.ALLOCATED, None)
        assert told_to(graham)[-1] == f"{callback.reference}: time to ring Gwen Parry again"

    def test_who_rings_before_that_moment_is_not_reminded_of_it(self, callback, graham):
        ring(callback, graham)
        ring(callback, graham, Outcome.SPOKE, "She rang back", at=NOON + timedelta(minutes=5))

        sweep(FOUR_HOURS_ON)

        assert fresh(callback).state == State.COMPLETED

    @pytest.mark.proves("CM-28", "UJ-34")
    def test_the_second_attempt_without_an_answer_ends_it_with_a_letter(self, callback, graham):
        ring(callback, graham)
        ring(callback, graham, Outcome.ENGAGED, at=FOUR_HOURS_ON)

        assert (fresh(callback).state, incident_of(callback).state) == (State.UNABLE_TO_CONTACT, "resolved")
        letter = FollowUp.objects.get()
        assert (letter.case, letter.unit, letter.kind) == (callback.case, callback.queue.unit, "letter")
        assert letter.due_at == datetime(2026, 6, 4, 15, 0, tzinfo=UTC)  # one working day later, 4pm

    def test_asked_to_ring_later_uses_up_nothing(self, callback, graham):
        six = datetime(2026, 6, 3, 17, 0, tzinfo=UTC)
        for day in range(3):
            ring(callback, graham, Outcome.RING_LATER, at=NOON, again_at=six + timedelta(days=day))

        kept = fresh(callback)
        assert (kept.state, kept.unanswered, kept.next_attempt_at) == (State.ATTEMPTED, 0, six + timedelta(days=2))
        assert Attempt.objects.count() == 3

    def test_the_proposed_moment_can_be_changed(self, callback, graham):
        friday = datetime(2026, 6, 5, 8, 30, tzinfo=UTC)

        ring(callback, graham, Outcome.NO_ANSWER, again_at=friday)

        assert fresh(callback).next_attempt_at == friday

    @pytest.mark.parametrize(
        ("outcome", "given", "words"),
        [
            (Outcome.SPOKE, {}, "Enter what you said"),
            (Outcome.RING_LATER, {}, "Enter when they asked to be rung"),
            (Outcome.RING_LATER, {"again_at": NOON}, "must be in the future"),
            (Outcome.NO_ANSWER, {"again_at": NOON - timedelta(days=1)}, "must be in the future"),
        ],
    )
    def test_an_outcome_without_what_it_needs_is_refused(self, callback, graham, outcome, given, words):
        with refused(RuleBroken, words):
            ring(callback, graham, outcome, **given)

    def test_only_the_first_attempt_says_if_it_was_in_time(self, callback, graham):
        first = ring(callback, graham, at=DUE)
        second = ring(callback, graham, Outcome.SPOKE, "Told", at=DUE + timedelta(days=1))

        assert (first.in_time, second.in_time) == (True, None)

    def test_a_first_attempt_after_the_due_moment_was_not_in_time(self, callback, graham):
        assert ring(callback, graham, at=DUE + timedelta(seconds=1)).in_time is False

    def test_an_attempt_keeps_the_queue_of_its_moment(self, callback, graham):
        assert ring(callback, graham).queue.code == "ed-telford"

    def test_the_incident_s_timeline_tells_of_each_attempt(self, callback, graham):
        ring(callback, graham)

        kind, *_, words = last_event(incident_of(callback))
        assert (kind, words) == ("call_tried", f"{callback.reference}: No answer")

    def test_who_never_had_it_records_nothing(self, ana, callback):
        with refused(Refused, "Graham Sallow has this call"):
            ring(callback, ana)


class TestKeptAllTheSame:
    """What somebody did on the telephone is kept, also where the callback has moved on meanwhile."""

    @pytest.mark.proves("CM-14")
    def test_after_it_was_cancelled(self, ana):
        graham = team_leader()
        callback = taken(ana, graham)
        services.cancel(callback_id=callback.pk, reason="She rang us", by=graham, at=NOON)

        attempt = ring(callback, graham, Outcome.SPOKE, "Told her all the same")

        assert (attempt.too_late, attempt.in_time, fresh(callback).state) == (True, None, State.CANCELLED)
        assert last_event(incident_of(callback))[0] == "call_tried"
        assert incident_of(callback).state == "assigned"

    @pytest.mark.proves("CM-14")
    def test_after_the_lead_took_it_back(self, ana):
        mensah, yusuf, callback = colleague(Role.JD_AGENT, "jd"), assessor(), asked_for(ana, "jd")
        services.allocate(callback_id=callback.pk, caller_id=mensah.staff_id, by=yusuf, at=LATER)
        services.hand_back(callback_id=callback.pk, reason="Mensah is ill", by=yusuf, at=NOON)

        attempt = ring(callback, mensah)

        assert (attempt.too_late, fresh(callback).state, fresh(callback).unanswered) == (True, State.QUEUED, 0)

    @pytest.mark.parametrize("left_again", [False, True])
    def test_after_others_have_had_it_too(self, ana, left_again):
        rhian, owen, carys = (
            colleague(Role.JOBCENTRE_ADVISER, "porth-wen", name=name) for name in ("Rhian Evans", "Owen Bell", "Carys")
        )
        callback = taken(ana, rhian, "porth-wen")
        services.hand_back(callback_id=callback.pk, reason="At lunch", by=rhian, at=NOON)
        services.take(callback_id=callback.pk, by=owen, at=NOON)
        if left_again:
            services.hand_back(callback_id=callback.pk, reason="At lunch", by=owen, at=NOON)
            services.take(callback_id=callback.pk, by=carys, at=NOON)
        Membership.objects.filter(person_id=rhian.staff_id).update(ends_on="2026-06-02")
        rhian = actor_for(StaffMember.objects.get(pk=rhian.staff_id), on=NOON.date())

        attempt = ring(callback, rhian, Outcome.SPOKE, "She will try Chrome")

        assert (attempt.too_late, attempt.by_id) == (True, rhian.staff_id)
        assert fresh(callback).allocated_to_id == (carys if left_again else owen).staff_id


class TestHandBackAndCancel:
    def test_who_has_it_hands_it_back_with_a_reason_and_its_attempts_stay(self, ana):
        graham = team_leader()
        callback = taken(ana, graham)
        ring(callback, graham)

        services.hand_back(callback_id=callback.pk, reason="I am on leave", by=graham, at=NOON)

        kept = fresh(callback)
        assert (kept.state, kept.allocated_to, kept.unanswered, kept.due_at) == (State.QUEUED, None, 1, DUE)
        sweep(FOUR_HOURS_ON)
        assert fresh(callback).state == State.QUEUED

    def test_whom_the_lead_takes_it_from_is_told(self, ana):
        mensah, yusuf, callback = colleague(Role.JD_AGENT, "jd"), assessor(), asked_for(ana, "jd")
        services.allocate(callback_id=callback.pk, caller_id=mensah.staff_id, by=yusuf, at=LATER)

        services.hand_back(callback_id=callback.pk, reason="You have six", by=yusuf, at=NOON)

        assert told_to(mensah)[-1] == f"{callback.reference} is no longer yours to ring: You have six"

    @pytest.mark.parametrize("service", [services.hand_back, services.cancel])
    def test_others_can_neither_hand_back_nor_cancel(self, ana, service):
        mensah, callback = colleague(Role.JD_AGENT, "jd"), asked_for(ana, "jd")
        services.allocate(callback_id=callback.pk, caller_id=mensah.staff_id, by=assessor(), at=LATER)

        with refused(Refused, "Only who has this call, or the lead of its queue"):
            service(callback_id=callback.pk, reason="No", by=colleague(Role.JD_AGENT, "jd"), at=NOON)

    @pytest.mark.parametrize("service", [services.hand_back, services.cancel])
    def test_both_need_a_reason(self, ana, service):
        graham = team_leader()
        callback = taken(ana, graham)

        with refused(RuleBroken, "Enter why"):
            service(callback_id=callback.pk, reason=" ", by=graham, at=NOON)

    def test_a_cancelled_call_gives_the_incident_back_to_the_agent_who_replied(self, ana):
        graham = team_leader()
        callback = taken(ana, graham)

        services.cancel(callback_id=callback.pk, reason="Wrong customer", by=graham, at=NOON)

        incident = incident_of(callback)
        assert (incident.state, incident.assigned_to_id) == ("assigned", ana.staff_id)
        assert incident.due_at == datetime(2026, 6, 8, 11, 0, tzinfo=UTC)  # 3 working days from noon, the clock anew
        assert told_to(ana)[-1].endswith("Resolve it, or ask for a new call. Wrong customer")
        assert Deadline.objects.get(case=callback.case, kind="call").ending == "dropped"

    def test_where_that_agent_is_no_longer_here_it_goes_back_to_the_queue(self, ana):
        graham = team_leader()
        callback = taken(ana, graham)
        StaffMember.objects.filter(pk=ana.staff_id).update(active_to="2026-06-02")

        services.cancel(callback_id=callback.pk, reason="Wrong customer", by=graham, at=NOON)

        assert (incident_of(callback).state, incident_of(callback).assigned_to) == ("received", None)

    def test_what_has_ended_is_not_cancelled_again(self, ana):
        graham = team_leader()
        callback = taken(ana, graham)
        ring(callback, graham, Outcome.SPOKE, "Told")

        with refused(MovedOn, "Spoke to them by Graham Sallow"):
            services.cancel(callback_id=callback.pk, reason="", by=graham, at=NOON)


class TestOverdue:
    @pytest.mark.proves("CM-06")
    def test_the_lead_is_told_once_a_step(self, ana):
        graham = team_leader()
        callback = asked_for(ana)

        sweep(DUE)
        sweep(DUE + timedelta(minutes=1))

        assert told_to(graham) == [
            f"{callback.reference}, Gwen Parry: the call was due Thursday 4 June 2026, 11am",
        ]

    def test_at_jd_each_assessor_is_told_and_who_has_the_call(self, ana):
        yusuf, mensah, callback = assessor(), colleague(Role.JD_AGENT, "jd"), asked_for(ana, "jd")
        services.allocate(callback_id=callback.pk, caller_id=mensah.staff_id, by=yusuf, at=LATER)

        sweep(DUE)

        assert [
            told_to(person)[-1].endswith("the call was due Thursday 4 June 2026, 11am") for person in (yusuf, mensah)
        ]

    def test_a_letter_that_is_not_sent_is_told_to_the_lead(self, ana):
        graham = team_leader()
        callback = taken(ana, graham)
        ring(callback, graham)
        ring(callback, graham)

        sweep(datetime(2026, 6, 4, 11, 0, tzinfo=UTC))

        assert told_to(graham)[-1].endswith("the letter was due Thursday 4 June 2026, 12pm")


class TestWhatTheCaseNeeds:
    def test_an_escalation_makes_the_open_call_urgent(self, ana):
        callback = asked_for(ana)

        services.hurry(about=callback.about, by=ana, at=NOON)

        kept = fresh(callback)
        assert (kept.urgent, kept.at_risk, kept.due_at) == (True, True, NOON + timedelta(hours=1))

    def test_an_escalation_of_what_was_urgent_already_says_the_risk_and_leaves_it_due_when_it_was(self, ana):
        callback, graham = asked_for(ana), team_leader()
        Callback.objects.filter(pk=callback.pk).update(urgent=True)

        services.hurry(about=callback.about, by=ana, at=NOON)

        assert (fresh(callback).at_risk, fresh(callback).due_at) == (True, DUE)
        assert "health and safety" in told_to(graham)[-1]

    def test_an_escalation_does_not_wait_for_the_next_attempt(self, ana):
        graham = team_leader()
        callback = taken(ana, graham)
        ring(callback, graham)

        services.hurry(about=callback.about, by=ana, at=NOON)

        assert (fresh(callback).state, fresh(callback).next_attempt_at) == (State.ALLOCATED, None)
        assert services.take_next(queue_id=callback.queue_id, by=graham, at=NOON) == callback

    def test_new_facts_take_the_call_with_its_attempts_to_another_queue(self, ana):
        graham = team_leader()
        callback = taken(ana, graham)
        ring(callback, graham)
        jd = Queue.objects.get(code="jd")

        services.change_call(
            about=callback.about,
            kind="uj_jd",
            queue=jd,
            telephone="+447700900123",
            language="cy",
            customer_type="",
            by=ana,
            at=NOON,
        )

        kept = fresh(callback)
        assert (kept.queue, kept.kind, kept.telephone, kept.language) == (jd, "uj_jd", "+447700900123", "cy")
        assert (kept.state, kept.allocated_to, kept.unanswered) == (State.QUEUED, None, 1)

    @pytest.mark.proves("CM-28")
    def test_who_has_a_call_that_goes_to_another_queue_is_told_and_who_is_to_make_an_urgent_one(self, ana):
        graham, yusuf = team_leader(), assessor()
        callback = taken(ana, graham)
        services.hurry(about=callback.about, by=ana, at=NOON)
        jd = Queue.objects.get(code="jd")

        services.change_call(
            about=callback.about,
            kind="uj_jd",
            queue=jd,
            telephone=callback.telephone,
            language="en",
            customer_type="",
            by=ana,
            at=NOON,
        )

        assert told_to(graham)[-1] == f"{callback.reference} is no longer yours to ring: it goes to {jd}"
        assert told_to(yusuf)[-1].startswith(f"{callback.reference}, health and safety: ring")

    def test_what_was_said_on_a_call_that_went_to_another_queue_meanwhile_is_kept(self, ana):
        graham = team_leader()
        callback = taken(ana, graham)
        jd = Queue.objects.get(code="jd")
        services.change_call(
            about=callback.about,
            kind="uj_jd",
            queue=jd,
            telephone=callback.telephone,
            language="en",
            customer_type="",
            by=ana,
            at=NOON,
        )
        before = fresh(callback)

        attempt = ring(callback, graham, Outcome.SPOKE, "All is well")

        assert (attempt.words, attempt.too_late) == ("All is well", True)
        after = fresh(callback)
        assert (after.state, after.queue) == (State.QUEUED, jd)
        assert after.version > before.version, "who asks what changed is told"

    def test_a_new_number_alone_leaves_it_with_its_caller(self, ana):
        graham = team_leader()
        callback = taken(ana, graham)

        services.change_call(
            about=callback.about,
            kind=callback.kind,
            queue=callback.queue,
            telephone="+447700900123",
            language="en",
            customer_type="",
            by=ana,
            at=NOON,
        )

        assert (fresh(callback).allocated_to_id, fresh(callback).telephone) == (graham.staff_id, "+447700900123")


def last_event_of(callback):
    event = callback.case.events.latest("pk")
    return event.kind, event.before, event.after


def test_who_works_nowhere_sees_no_callback(ana):
    callback, stranger = asked_for(ana), colleague(None)

    with refused(NotThere, "no record"):
        services.take(callback_id=callback.pk, by=stranger, at=NOON)
