"""A bank holiday proclaimed nine days ahead: Monday 8 June 2026 (P18)."""

from __future__ import annotations

from datetime import date

import pytest

from contacthub.cases.models import Event
from contacthub.cases.timeline import timeline
from contacthub.deadlines.models import DayOff, Deadline, Ending
from contacthub.deadlines.services import days_off_changed, meet, pause, resume, set_deadline, work_out_again
from contacthub.deadlines.tasks import of_older_calendars
from contacthub.deadlines.working_time import Target
from contacthub.people.models import Nation
from jobmatch_helpdesk.models import Incident
from tests.contacthub.deadlines.calendar import uk
from tests.factories import IncidentFactory

pytestmark = pytest.mark.django_db
THREE_DAYS = Target(working_days=3)
START, DUE, TUESDAY = uk("2026-06-03 10:00"), uk("2026-06-08 10:00"), uk("2026-06-09 10:00")
PROCLAIMED = uk("2026-06-04 09:30")


@pytest.fixture
def incident() -> Incident:
    incident = IncidentFactory()
    set_deadline(case=incident.case, kind="first_reply", target=THREE_DAYS, at=START)
    return incident


def proclaim(*, nation=Nation.ENGLAND_AND_WALES, day=date(2026, 6, 8), **fields) -> DayOff:
    """Save a day off, as an administrator does."""
    day_off = DayOff.objects.create(nation=nation, day=day, words="Day of the jubilee", **fields)
    days_off_changed(nation)
    return day_off


def sweep(at=PROCLAIMED) -> list[int]:
    found = list(of_older_calendars.find(at))
    for pk in found:
        work_out_again(deadline_id=pk, at=at)
    return found


@pytest.mark.proves("XC-03")
def test_running_clocks_in_working_time_are_worked_out_again(incident):
    proclaim()

    sweep()

    assert Deadline.objects.get().due_at == TUESDAY
    assert Incident.objects.get().due_at == TUESDAY


@pytest.mark.proves("XC-01")
def test_the_old_and_the_new_moment_stand_on_the_timeline(incident):
    proclaim()
    sweep()

    (entry,) = timeline(incident, words_of={"due_moved"})

    assert (entry.title, entry.byline, entry.words) == (
        "Due date moved",
        "by ContactHub",
        "First reply: Tuesday 9 June 2026, 10am, was Monday 8 June 2026, 10am. The days off have changed",
    )


def test_taken_back_the_old_moment_is_there_again(incident):
    day_off = proclaim()
    sweep()

    day_off.delete()
    days_off_changed(Nation.ENGLAND_AND_WALES)
    sweep(uk("2026-06-04 10:00"))

    assert Incident.objects.get().due_at == DUE
    assert Event.objects.filter(kind="due_moved").count() == 2


def test_each_is_worked_out_once(incident):
    proclaim()

    assert sweep() == [Deadline.objects.get().pk]
    assert sweep() == []


def test_the_same_work_twice_writes_one_event(incident):
    proclaim()
    for _ in range(2):
        work_out_again(deadline_id=Deadline.objects.get().pk, at=PROCLAIMED)

    assert Event.objects.filter(kind="due_moved").count() == 1


def test_where_the_moment_stays_nothing_is_written(incident):
    proclaim(day=date(2026, 6, 15))

    sweep()

    assert Event.objects.filter(kind="due_moved").count() == 0
    assert sweep() == []


def test_another_nation_s_days_off_move_nothing(incident):
    proclaim(nation=Nation.SCOTLAND)

    assert sweep() == []


def test_elapsed_clocks_stay():
    set_deadline(case=IncidentFactory().case, kind="discussion", target=Target(hours=120), at=START)
    proclaim()

    assert sweep() == []
    assert Deadline.objects.get().due_at == DUE


def test_what_was_met_stays(incident):
    meet(case=incident.case, kind="first_reply", at=uk("2026-06-03 12:00"))
    proclaim()

    assert sweep() == []
    assert (Deadline.objects.get().due_at, Deadline.objects.get().ending) == (DUE, Ending.MET)


def test_what_was_missed_stays(incident):
    proclaim()

    assert sweep(uk("2026-06-08 10:00")) == []
    assert Deadline.objects.get().due_at == DUE


def test_a_clock_that_stands_is_worked_out_when_it_goes_on(incident):
    """17 working hours are left on Thursday at 9am; Monday is no working day any more."""
    pause(case=incident.case, kind="first_reply", at=uk("2026-06-04 09:00"))
    proclaim()

    assert sweep() == []
    resume(case=incident.case, kind="first_reply", at=uk("2026-06-05 09:00"))

    assert Incident.objects.get().due_at == uk("2026-06-10 10:00")


def test_a_bank_holiday_that_is_worked_brings_the_moment_forward():
    """Good Friday, 3 April 2026."""
    set_deadline(case=IncidentFactory().case, kind="call", target=Target(working_days=1), at=uk("2026-04-02 11:00"))

    proclaim(day=date(2026, 4, 3), is_worked=True)
    sweep(uk("2026-04-02 12:00"))

    assert Deadline.objects.get().due_at == uk("2026-04-03 11:00")


def test_a_moment_that_now_lies_behind_us_is_still_told(told):
    """Due Tuesday 7 April 11am; on Tuesday at 10am, Good Friday turns out to have been worked."""
    set_deadline(case=IncidentFactory().case, kind="call", target=Target(working_days=1), at=uk("2026-04-02 11:00"))
    Deadline.objects.update(told_until=uk("2026-04-07 09:30"))
    proclaim(day=date(2026, 4, 3), is_worked=True)

    sweep(uk("2026-04-07 10:00"))

    assert Deadline.objects.get().next_step_at == uk("2026-04-03 11:00")


def test_a_day_off_given_to_another_nation_counts_as_a_change_for_both(incident):
    day_off = proclaim()
    sweep()

    day_off.nation = Nation.SCOTLAND
    day_off.save()
    days_off_changed(Nation.ENGLAND_AND_WALES, Nation.SCOTLAND)
    sweep()

    assert Deadline.objects.get().due_at == DUE
