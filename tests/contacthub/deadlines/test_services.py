"""Deadlines of a case. 3 June 2026 is a Wednesday; 3 working days from 10am end on Monday 8 June, 10am."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from contacthub.actor import CLOCK
from contacthub.deadlines.models import Deadline, Ending, FollowUpKind
from contacthub.deadlines.services import (
    NEVER,
    drop,
    due_at,
    expect,
    meet,
    pause,
    restart,
    resume,
    set_deadline,
    settle,
    take_step,
)
from contacthub.deadlines.tasks import steps_due
from contacthub.deadlines.working_time import Target
from contacthub.errors import RuleBroken
from contacthub.people.models import Nation
from jobmatch_helpdesk.models import Incident
from tests.contacthub.deadlines.calendar import uk
from tests.factories import MORNING, IncidentFactory, UnitFactory

pytestmark = pytest.mark.django_db
THREE_DAYS, ONE_DAY, ONE_HOUR = Target(working_days=3), Target(working_days=1), Target(hours=1)
START, DUE = uk("2026-06-03 10:00"), uk("2026-06-08 10:00")


@pytest.fixture
def case():
    return IncidentFactory().case


def first_reply(case, target=THREE_DAYS, at=START) -> Deadline:
    return set_deadline(case=case, kind="first_reply", target=target, at=at)


def sweep(at) -> None:
    """Do what the clock and a worker do at this moment."""
    for pk in steps_due.find(at):
        take_step(deadline_id=pk, at=at)


class TestExpecting:
    def letter(self, case, kind=FollowUpKind.LETTER, **said):
        given = {"unit": UnitFactory(), "words": "Ask her to ring", "target": ONE_DAY, "by": CLOCK, "at": MORNING}
        return expect(case=case, kind=kind, **given, **said)

    @pytest.mark.parametrize("kind", FollowUpKind)
    def test_what_came_of_it_is_said_in_words(self, case, ana, kind):
        expected = self.letter(case, kind)
        by = replace(ana, unit_ids=frozenset({expected.unit_id}))

        with pytest.raises(RuleBroken, match="Enter what came of it"):
            settle(follow_up_id=expected.pk, done_on=MORNING.date(), words=" ", by=by, at=MORNING)
        settle(follow_up_id=expected.pk, done_on=MORNING.date(), words="He rang", by=by, at=MORNING)

    def test_what_needs_no_words_is_done_with_its_day_alone(self, case, ana):
        letter = self.letter(case, needs_words=False)
        by = replace(ana, unit_ids=frozenset({letter.unit_id}))

        settled = settle(follow_up_id=letter.pk, done_on=MORNING.date(), words="", by=by, at=MORNING)

        assert settled.settled_at == MORNING

    def test_each_of_a_kind_has_a_clock_of_its_own(self, case):
        assert [self.letter(case).deadline.kind for _ in range(3)] == ["letter", "letter_2", "letter_3"]

    def test_one_that_is_done_leaves_the_clocks_of_the_others_alone(self, case):
        first, second = self.letter(case), self.letter(case)
        meet(case=case, kind=first.deadline.kind, at=MORNING)

        third, fourth = self.letter(case), self.letter(case)

        assert second.deadline.kind == "letter_2"
        assert [third.deadline.kind, fourth.deadline.kind] == ["letter", "letter_3"]


class TestSetting:
    def test_it_tells_the_record_when_it_is_due(self):
        incident = IncidentFactory()

        set_deadline(case=incident.case, kind="first_reply", target=THREE_DAYS, at=MORNING)

        deadline = Deadline.objects.get()
        assert (deadline.set_at, deadline.due_at, deadline.target) == (MORNING, DUE, THREE_DAYS)
        assert Incident.objects.get().due_at == DUE

    def test_one_of_a_kind_runs_at_a_time(self, case, told):
        first_reply(case)

        with pytest.raises(IntegrityError, match="deadline_one_open_of_a_kind"), transaction.atomic():
            first_reply(case, ONE_HOUR)

    def test_a_due_moment_of_another_kind_is_not_the_first_reply(self):
        incident = IncidentFactory()

        set_deadline(case=incident.case, kind="something_else", target=ONE_HOUR, at=MORNING)

        assert Incident.objects.get().due_at == MORNING

    def test_the_nation_s_bank_holidays_count(self, case, told):
        deadline = set_deadline(
            case=case, kind="call", target=ONE_DAY, at=uk("2026-11-27 12:00"), nation=Nation.SCOTLAND
        )

        assert deadline.due_at == uk("2026-12-01 12:00")

    def test_a_rule_may_ask_when_something_would_be_due(self):
        assert due_at(Target(working_days=20), start=START) == uk("2026-07-01 10:00")


class TestEnding:
    def test_a_met_one_stays_as_history_and_nothing_is_due(self):
        incident = IncidentFactory()
        first_reply(incident.case)

        meet(case=incident.case, kind="first_reply", at=DUE)

        deadline = Deadline.objects.get()
        assert (deadline.ended_at, deadline.ending) == (DUE, Ending.MET)
        assert Incident.objects.get().due_at == NEVER

    def test_a_dropped_one_is_no_longer_needed(self, case, told):
        first_reply(case)

        drop(case=case, kind="first_reply", at=START)

        assert Deadline.objects.get().ending == Ending.DROPPED
        assert told.of("due_moved") == [DUE, NEVER]

    @pytest.mark.parametrize("end", [meet, drop, pause, resume])
    def test_where_none_runs_there_is_nothing_to_do(self, case, told, end):
        end(case=case, kind="first_reply", at=START)

        assert told.heard == []

    @pytest.mark.parametrize("end", [meet, drop])
    def test_nobody_hears_of_one_that_has_ended(self, case, told, end):
        first_reply(case)
        end(case=case, kind="first_reply", at=uk("2026-06-03 11:00"))

        sweep(uk("2026-06-10 09:00"))

        assert told.of("warned", "escalated") == []

    def test_one_that_ends_while_it_stands_goes_on_no_more(self, case, told):
        first_reply(case)
        pause(case=case, kind="first_reply", at=uk("2026-06-03 11:00"))
        meet(case=case, kind="first_reply", at=uk("2026-06-03 12:00"))

        resume(case=case, kind="first_reply", at=uk("2026-06-03 13:00"))

        assert Deadline.objects.get().pauses.get().ended_at == uk("2026-06-03 12:00")
        assert told.of("due_moved")[-1] == NEVER


class TestRestarting:
    def test_the_clock_starts_anew_and_the_old_one_is_history(self, case, told):
        first_reply(case)

        restart(case=case, kind="first_reply", target=ONE_DAY, at=uk("2026-06-05 12:00"))

        old, new = Deadline.objects.order_by("pk")
        assert (old.ending, new.due_at) == (Ending.DROPPED, uk("2026-06-08 12:00"))

    def test_it_is_not_overdue_at_once_and_nobody_hears_of_the_old_moment(self, case, told):
        """A reopened incident, first answered a day late; then other bands (P20)."""
        first_reply(case)
        sweep(uk("2026-06-09 09:00"))
        meet(case=case, kind="first_reply", at=uk("2026-06-09 10:00"))
        told.heard.clear()

        again = first_reply(case, at=uk("2026-06-22 10:00"))
        sweep(uk("2026-06-22 10:01"))
        restart(case=case, kind="first_reply", target=ONE_DAY, at=uk("2026-06-22 10:02"))
        sweep(uk("2026-06-22 10:03"))
        restart(case=case, kind="first_reply", target=THREE_DAYS, at=uk("2026-06-22 10:04"))
        sweep(uk("2026-06-22 10:05"))

        assert again.due_at == uk("2026-06-25 10:00")
        assert told.of("warned", "escalated") == []
        assert Deadline.objects.filter(ending=Ending.MET).get().due_at == DUE

    def test_where_the_clock_stood_the_new_one_stands_too(self, case, told):
        first_reply(case)
        pause(case=case, kind="first_reply", at=uk("2026-06-03 12:00"))

        restart(case=case, kind="first_reply", target=ONE_DAY, at=uk("2026-06-03 13:00"))
        resume(case=case, kind="first_reply", at=uk("2026-06-05 10:00"))

        assert told.of("due_moved")[-2:] == [NEVER, uk("2026-06-08 10:00")]

    def test_where_none_runs_one_is_set(self, case, told):
        restart(case=case, kind="first_reply", target=ONE_DAY, at=START)

        assert Deadline.objects.get().due_at == uk("2026-06-04 10:00")


class TestPausing:
    def test_nothing_is_due_while_the_clock_stands(self):
        incident = IncidentFactory()
        first_reply(incident.case)

        pause(case=incident.case, kind="first_reply", at=uk("2026-06-05 15:00"))

        assert Incident.objects.get().due_at == NEVER

    def test_over_a_weekend_it_goes_on_with_what_was_left(self):
        incident = IncidentFactory()
        first_reply(incident.case)
        pause(case=incident.case, kind="first_reply", at=uk("2026-06-05 15:00"))

        resume(case=incident.case, kind="first_reply", at=uk("2026-06-08 11:00"))

        assert Incident.objects.get().due_at == uk("2026-06-08 14:00")

    def test_nobody_hears_of_it_while_it_stands(self, case, told):
        first_reply(case)
        pause(case=case, kind="first_reply", at=uk("2026-06-03 12:00"))

        sweep(uk("2026-06-12 09:00"))

        assert told.of("warned", "escalated") == []

    def test_people_hear_of_the_moment_it_has_now(self, case, told):
        """24 hours of working time; 22 are left at noon, so half-time is after 10 more, on Tuesday at 11am."""
        first_reply(case)
        pause(case=case, kind="first_reply", at=uk("2026-06-03 12:00"))
        resume(case=case, kind="first_reply", at=uk("2026-06-08 09:00"))

        assert Deadline.objects.get().next_step_at == uk("2026-06-09 11:00")

    def test_pausing_twice_is_pausing_once(self, case, told):
        first_reply(case)
        for hour in (15, 16):
            pause(case=case, kind="first_reply", at=uk(f"2026-06-05 {hour}:00"))

        resume(case=case, kind="first_reply", at=uk("2026-06-08 11:00"))

        assert told.of("due_moved") == [DUE, NEVER, uk("2026-06-08 14:00")]

    def test_what_was_late_when_it_began_to_stand_stays_late(self, case, told):
        first_reply(case)
        pause(case=case, kind="first_reply", at=uk("2026-06-08 11:00"))

        resume(case=case, kind="first_reply", at=uk("2026-06-10 12:00"))
        sweep(uk("2026-06-11 09:00"))

        assert told.of("due_moved")[-1] == DUE
        assert told.of("escalated") == [uk("2026-06-11 09:00")]


class TestSteps:
    def test_people_hear_once_of_each_step(self, case, told):
        first_reply(case)

        moments = ["06-04 13:59", "06-04 14:00", "06-05 15:36", "06-08 10:00", "06-08 17:00", "06-09 09:00"]
        for at in moments:
            for _ in range(3):
                sweep(uk(f"2026-{at}"))

        assert [(what, at) for what, _, at in told.heard if what != "due_moved"] == [
            ("warned", uk("2026-06-04 14:00")),
            ("warned", uk("2026-06-05 15:36")),
            ("escalated", uk("2026-06-08 10:00")),
            ("escalated", uk("2026-06-09 09:00")),
        ]

    def test_after_a_missed_night_they_hear_once_and_of_the_newest_only(self, case, told):
        first_reply(case)

        sweep(uk("2026-06-11 09:30"))
        sweep(uk("2026-06-11 09:31"))

        assert [(what, at) for what, _, at in told.heard if what != "due_moved"] == [
            ("escalated", uk("2026-06-11 09:30"))
        ]
        assert Deadline.objects.get().next_step_at == uk("2026-06-12 09:00")

    def test_of_two_warnings_missed_one_goes_out(self, case, told):
        first_reply(case)

        sweep(uk("2026-06-05 16:00"))

        assert told.of("warned") == [uk("2026-06-05 16:00")]

    def test_a_wake_up_that_comes_too_early_does_nothing(self, case, told):
        deadline = first_reply(case)

        take_step(deadline_id=deadline.pk, at=uk("2026-06-04 13:59"))

        assert told.of("warned") == []

    def test_the_sweep_finds_the_oldest_first(self, told):
        later, sooner = IncidentFactory().case, IncidentFactory().case
        first_reply(later, at=uk("2026-06-03 11:00"))
        first_reply(sooner, at=START)

        found = list(steps_due.find(uk("2026-06-04 16:00")))

        assert found == [sooner.deadlines.get().pk, later.deadlines.get().pk]


class TestWhatTimeMoves:
    def test_it_is_told_once_when_it_comes_due_and_has_ended(self, case, told):
        set_deadline(case=case, kind="close", target=Target(working_days=10), at=START)

        for at in ("2026-06-17 09:59", "2026-06-17 10:00", "2026-06-17 10:01", "2026-06-18 09:00"):
            sweep(uk(at))

        assert told.of("came_due") == [uk("2026-06-17 10:00")]
        deadline = Deadline.objects.get()
        assert (deadline.ending, deadline.ended_at) == (Ending.CAME_DUE, uk("2026-06-17 10:00"))

    def test_nobody_is_warned_of_it(self, case, told):
        set_deadline(case=case, kind="close", target=Target(working_days=10), at=START)

        sweep(uk("2026-06-17 09:59"))

        assert told.of("warned", "escalated", "came_due") == []

    def test_after_a_missed_night_it_is_told_as_soon_as_somebody_looks(self, case, told):
        set_deadline(case=case, kind="close", target=Target(working_days=10), at=START)

        sweep(uk("2026-06-19 08:00"))

        assert told.of("came_due") == [uk("2026-06-19 08:00")]

    def test_the_move_saves_the_record_with_the_moment_it_has_now(self, case, told):
        set_deadline(case=case, kind="close", target=ONE_HOUR, at=START)
        told.due_moved = lambda case, kind, due_at: Incident.objects.filter(pk=case.pk).update(due_at=due_at)
        told.came_due = lambda record, kind, at: record.save()

        sweep(uk("2026-06-03 11:00"))

        assert Incident.objects.get().due_at == NEVER

    def test_the_app_may_set_the_next_of_its_kind_at_once(self, case, told):
        set_deadline(case=case, kind="close", target=ONE_HOUR, at=START)
        told.came_due = lambda record, kind, at: set_deadline(case=record.case, kind=kind, target=ONE_HOUR, at=at)

        sweep(uk("2026-06-03 11:00"))

        assert Deadline.objects.open().get().due_at == uk("2026-06-03 12:00")
