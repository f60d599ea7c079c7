"""How a due moment was worked out, on its page and beside its date."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacthub.deadlines.explaining import explain, explain_latest
from contacthub.deadlines.models import DayOff
from contacthub.deadlines.services import drop, meet, pause, resume, set_deadline
from contacthub.deadlines.working_time import Target
from contacthub.people.models import Nation
from contacthub.people.roles import Role
from tests.contacthub.deadlines.calendar import uk
from tests.factories import IncidentFactory, StaffMemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return IncidentFactory().case


def start(case, *, at="2026-04-02 11:00", kind="first_reply", **target):
    return set_deadline(case=case, kind=kind, target=Target(**target or {"working_days": 3}), at=uk(at))


class TestWords:
    def test_working_days_name_the_days_off_in_between(self, case):
        assert explain(start(case)).lines == [
            "The clock started on Thursday 2 April 2026, 11am.",
            "3 working days later, at the same time of day: Thursday 9 April 2026, 11am.",
            "Working time is Monday to Friday, 9am to 5pm, less the days off of England and Wales.",
            "Days off in between: Friday 3 April 2026 (Good Friday), Monday 6 April 2026 (Easter Monday).",
        ]

    def test_a_start_outside_working_time_counts_from_the_next_opening(self, case):
        assert explain(start(case, at="2026-06-06 22:00", working_days=1)).lines[:2] == [
            "The clock started on Saturday 6 June 2026, 10pm, outside working time, "
            "so it counts from the next opening: Monday 8 June 2026, 9am.",
            "1 working day later, at the same time of day: Tuesday 9 June 2026, 9am.",
        ]

    def test_elapsed_hours_say_that_nights_count(self, case):
        assert explain(start(case, at="2026-06-06 22:00", hours=1)).lines == [
            "The clock started on Saturday 6 June 2026, 10pm.",
            "1 hour later, nights, weekends and bank holidays counted: Saturday 6 June 2026, 11pm.",
        ]

    def test_a_pause_says_what_was_left(self, case):
        deadline = start(case, at="2026-06-03 10:00")
        pause(case=case, kind="first_reply", at=uk("2026-06-05 15:30"))
        resume(case=case, kind="first_reply", at=uk("2026-06-08 11:00"))
        deadline.refresh_from_db()

        worked_out = explain(deadline)

        assert worked_out.lines[-1] == (
            "The clock stood from Friday 5 June 2026, 3:30pm to Monday 8 June 2026, 11am. "
            "It went on with the 2 h 30 min of working time that were left: Monday 8 June 2026, 1:30pm."
        )
        assert worked_out.due_at == uk("2026-06-08 13:30")

    def test_while_it_stands_there_is_no_due_time(self, case):
        deadline = start(case, at="2026-06-03 10:00")
        pause(case=case, kind="first_reply", at=uk("2026-06-05 15:30"))

        worked_out = explain(deadline)

        assert worked_out.due_at is None
        assert worked_out.standing == "The clock stands: nothing is due until it goes on"
        assert worked_out.lines[-1] == "The clock stands since Friday 5 June 2026, 3:30pm."

    def test_one_that_was_late_already_says_so(self, case):
        deadline = start(case, at="2026-06-03 10:00")
        pause(case=case, kind="first_reply", at=uk("2026-06-08 11:00"))
        resume(case=case, kind="first_reply", at=uk("2026-06-09 11:00"))

        assert explain(deadline).lines[-1].endswith("to Tuesday 9 June 2026, 11am, when this was overdue already.")

    def test_a_missed_one_keeps_its_moment_whatever_days_off_come_later(self, case):
        deadline = start(case, at="2026-06-03 10:00")
        DayOff.objects.create(nation=Nation.ENGLAND_AND_WALES, day=date(2026, 6, 8), words="Jubilee")

        worked_out = explain(deadline)

        assert worked_out.lines[-1] == (
            "The days off have changed since; this kept its moment, Monday 8 June 2026, 10am."
        )
        assert worked_out.due_at == uk("2026-06-08 10:00")

    @pytest.mark.parametrize(
        ("end", "at", "standing"),
        [
            (meet, "2026-06-08 10:00", "Met in time, Monday 8 June 2026, 10am"),
            (meet, "2026-06-08 10:01", "Met late, Monday 8 June 2026, 10:01am"),
            (drop, "2026-06-04 12:00", "No longer needed, Thursday 4 June 2026, 12pm"),
        ],
    )
    def test_it_says_how_it_ended(self, case, end, at, standing):
        start(case, at="2026-06-03 10:00")
        end(case=case, kind="first_reply", at=uk(at))

        assert explain_latest(case, "first_reply").standing == standing

    def test_of_a_kind_never_set_there_is_nothing_to_say(self, case):
        assert explain_latest(case, "first_reply") is None

    def test_the_words_stand_beside_the_date_where_a_page_includes_them(self, case):
        start(case)

        page = render_to_string("deadlines/worked_out.html", {"worked_out": explain_latest(case, "first_reply")})

        assert "How was this worked out?" in page
        assert "Easter Monday" in page


class TestPage:
    def test_it_says_how_the_moment_was_worked_out(self, client, case):
        client.force_login(StaffMemberFactory(role=Role.HELPDESK_AGENT))

        page = client.get(start(case).get_absolute_url()).content.decode()

        assert "Thursday 9 April 2026, 11am" in page
        assert "Easter Monday" in page
        assert f'href="{reverse("jobmatch:incident", args=[case.reference])}"' in page

    def test_who_may_not_see_the_case_finds_nothing(self, client, case):
        client.force_login(StaffMemberFactory())

        assert client.get(start(case).get_absolute_url()).status_code == 404

    @pytest.mark.parametrize("deadline_id", [0, 10**30])
    def test_one_that_is_not_there_is_not_found(self, client, deadline_id):
        client.force_login(StaffMemberFactory(role=Role.HELPDESK_AGENT))

        assert client.get(reverse("deadlines:deadline", args=[deadline_id])).status_code == 404

    def test_twenty_pauses_cost_as_many_queries_as_none(self, client, case):
        client.force_login(StaffMemberFactory(role=Role.HELPDESK_AGENT))
        deadline = start(case, at="2026-06-03 10:00")
        with CaptureQueriesContext(connection) as none:
            client.get(deadline.get_absolute_url())
        for minute in range(0, 40, 2):
            pause(case=case, kind="first_reply", at=uk(f"2026-06-03 10:{minute:02}"))
            resume(case=case, kind="first_reply", at=uk(f"2026-06-03 10:{minute + 1:02}"))

        with CaptureQueriesContext(connection) as twenty:
            client.get(deadline.get_absolute_url())

        assert len(twenty) == len(none)
