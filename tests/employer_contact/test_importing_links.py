"""Links and DEO schedules written many at once by REST, each known by its employer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from contacthub.cases.services import events_about
from employer_contact.models import AgentLink, DeoSchedule, ScheduleLine
from tests.contacthub.api.situations import Machine
from tests.factories import (
    AgentLinkFactory,
    DeoScheduleFactory,
    EmployerFactory,
    PayingParentFactory,
    PayrollAgentFactory,
    ScheduleLineFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def source(reference) -> Machine:
    """The child maintenance system."""
    return Machine("employers:import")


def pointers(answer) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


@pytest.fixture
def employer(reference):
    return EmployerFactory(ern="900000006")


class TestLinks:
    ROW = {"employer": "900000006", "agent": "EA9000014", "starts_on": "2026-01-01"}

    @pytest.fixture
    def agent(self, reference):
        return PayrollAgentFactory(earn="EA9000014")

    def sent(self, source: Machine, *rows: dict) -> object:
        return source.post("agent-links/import/", {"rows": list(rows)})

    @pytest.mark.proves("EC-40")
    def test_a_link_is_made_and_stands_on_both_records(self, source, employer, agent):
        answer = self.sent(source, self.ROW | {"may_do": "Statements", "gets_schedule": True})

        link = AgentLink.objects.get()
        assert answer.json() == {"added": 1, "changed": 0, "unchanged": 0}
        assert (link.employer, link.agent, link.starts_on) == (employer, agent, date(2026, 1, 1))
        assert (link.may_do, link.gets_schedule, link.ends_on) == ("Statements", True, None)
        assert [events_about(one).get().kind for one in (link, employer, agent)] == ["linked"] * 3

    def test_the_same_link_again_changes_nothing(self, source, employer, agent):
        self.sent(source, self.ROW)

        assert self.sent(source, self.ROW).json() == {"added": 0, "changed": 0, "unchanged": 1}

    @pytest.mark.proves("EC-42")
    def test_a_last_day_ends_it_and_both_records_say_so(self, source, employer, agent):
        self.sent(source, self.ROW)

        answer = self.sent(source, self.ROW | {"ends_on": "2026-05-31"})

        assert answer.json()["changed"] == 1
        assert AgentLink.objects.get().ends_on == date(2026, 5, 31)
        event = events_about(employer).first()
        assert (event.kind, event.words.text) == ("link_changed", "Ends on: nothing → 31 May 2026")

    def test_one_that_ends_makes_room_for_the_next_in_the_same_batch(self, source, employer, agent):
        self.sent(source, self.ROW)

        answer = self.sent(source, self.ROW | {"starts_on": "2026-06-01"}, self.ROW | {"ends_on": "2026-05-31"})

        assert answer.json() == {"added": 1, "changed": 1, "unchanged": 0}

    @pytest.mark.parametrize("starts_on", ["2025-06-01", "2026-06-01"])
    def test_nobody_is_linked_twice_on_a_day(self, source, employer, agent, starts_on):
        AgentLinkFactory(employer=employer, agent=agent, starts_on=date(2026, 1, 1))

        answer = self.sent(source, self.ROW | {"starts_on": starts_on})

        assert (answer.status_code, pointers(answer)) == (422, [("/rows/0/starts_on", "linked_already")])
        assert AgentLink.objects.count() == 1

    def test_a_link_of_the_same_agent_to_another_employer_is_no_hindrance(self, source, employer, agent):
        AgentLinkFactory(agent=agent, starts_on=date(2026, 1, 1))

        assert self.sent(source, self.ROW).json()["added"] == 1

    def test_the_last_day_is_not_before_the_first(self, source, employer, agent):
        answer = self.sent(source, self.ROW | {"ends_on": "2025-12-31"})

        assert (answer.status_code, pointers(answer)) == (422, [("/rows/0/ends_on", "days_in_order")])

    def test_an_employer_and_an_agent_that_are_not_there_are_named(self, source):
        answer = self.sent(source, self.ROW)

        assert pointers(answer) == [("/rows/0/employer", "unknown"), ("/rows/0/agent", "unknown")]


class TestSchedules:
    ROW = {"employer": "900000006", "month": "2026-06", "delivery": "paper"}

    def sent(self, source: Machine, *lines: dict, **changes: str) -> object:
        row = self.ROW | changes | ({"lines": list(lines)} if lines else {})
        return source.post("schedules/import/", {"rows": [row]})

    def test_a_schedule_is_made_with_what_is_due_for_whom(self, source, employer):
        parent = PayingParentFactory()

        answer = self.sent(source, {"paying_parent": parent.reference, "due": "188.20"}, sent_on="2026-05-20")

        schedule, line = DeoSchedule.objects.get(), ScheduleLine.objects.get()
        assert answer.json() == {"added": 1, "changed": 0, "unchanged": 0}
        assert (schedule.employer, schedule.month, schedule.sent_on) == (employer, date(2026, 6, 1), date(2026, 5, 20))
        assert (line.schedule, line.paying_parent, line.due) == (schedule, parent, Decimal("188.20"))
        assert f"{parent.reference}: £188.20" in events_about(schedule).get().words.text

    @pytest.mark.proves("EC-36")
    def test_another_amount_is_written_and_what_was_reported_stays(self, source, employer):
        held = ScheduleLineFactory(
            schedule=DeoScheduleFactory(employer=employer), change="left", effective_on=date(2026, 6, 3)
        )
        other = ScheduleLineFactory(schedule=held.schedule)

        answer = self.sent(source, {"paying_parent": held.paying_parent.reference, "due": "190.00"})

        assert answer.json()["changed"] == 1
        held.refresh_from_db()
        assert (held.due, held.change) == (Decimal("190.00"), "left")
        assert ScheduleLine.objects.get(pk=other.pk).due == Decimal("188.20")
        words = events_about(held.schedule).get().words.text
        assert words == f"{held.paying_parent.reference}: £188.20 → £190.00"

    def test_it_is_listed_by_the_change_of_a_line(self, source, employer):
        line = ScheduleLineFactory(schedule=DeoScheduleFactory(employer=employer))
        before = DeoSchedule.objects.get().changed_at

        self.sent(source, {"paying_parent": line.paying_parent.reference, "due": "190.00"})

        assert DeoSchedule.objects.get().changed_at > before

    def test_the_same_schedule_again_changes_nothing(self, source, employer):
        line = {"paying_parent": PayingParentFactory().reference, "due": "188.20"}
        self.sent(source, line)

        assert self.sent(source, line).json() == {"added": 0, "changed": 0, "unchanged": 1}

    def test_a_new_one_says_how_it_comes(self, source, employer):
        answer = source.post("schedules/import/", {"rows": [{"employer": "900000006", "month": "2026-06"}]})

        assert (answer.status_code, pointers(answer)) == (422, [("/rows/0/delivery", "required")])

    def test_a_paying_parent_who_is_not_there_is_named(self, source, employer):
        answer = self.sent(source, {"paying_parent": "121999700001", "due": "188.20"})

        assert (answer.status_code, pointers(answer)) == (422, [("/rows/0/lines", "unknown")])
        assert not DeoSchedule.objects.exists()

    def test_nobody_is_on_it_twice(self, source, employer):
        line = {"paying_parent": PayingParentFactory().reference, "due": "188.20"}

        answer = self.sent(source, line, line)

        assert (answer.status_code, pointers(answer)) == (400, [("/rows/0/lines", "twice")])

    def test_more_lines_take_no_more_queries(self, source, employer, django_assert_max_num_queries):
        lines = [{"paying_parent": PayingParentFactory().reference, "due": "1.00"} for _ in range(40)]

        with django_assert_max_num_queries(40):
            self.sent(source, *lines)
