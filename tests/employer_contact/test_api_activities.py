"""Activities by REST that do what they say: they change what is held, and are completed in the same moment."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacthub.cases.services import events_about
from contacthub.clock import now
from employer_contact.models import AgentLink, Employer, PayrollAgent, ScheduleLine, UnknownName
from tests.contacthub.api.situations import Machine
from tests.factories import (
    AgentLinkFactory,
    DeoScheduleFactory,
    EmployerFactory,
    EmploymentFactory,
    PayingParentFactory,
    PayrollAgentFactory,
    ScheduleLineFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
SCOPES = ["employers:read", "contacts:read", "contacts:work", "service-requests:read", "service-requests:raise",
          "service-requests:work"]  # fmt: skip
PARENT = "121999700001"


@pytest.fixture
def post(reference) -> Machine:
    """The scanning of letters."""
    return Machine(*SCOPES)


def letter(machine: Machine, reason: str, party: str = "900000006") -> str:
    contact = machine.post("contacts/", {"channel": "letter", "party": party}).json()["reference"]
    machine.post(f"contacts/{contact}/choose_reasons/", {"reasons": [reason]})
    return contact


class Raised:
    """A service request that a machine raised, up to the activities behind the one that confirms who asks."""

    def __init__(self, machine: Machine, kind: str, reason: str, party: str = "900000006", **given) -> None:
        body = {"reason": reason, "kind": kind} | given
        answer = machine.post(f"contacts/{letter(machine, reason, party)}/create_sr/", body)
        assert answer.status_code == 200, answer.json()
        self.machine, self.reference = machine, answer.json()["reference"]
        self.does("complete_step", 1, words="It is signed")

    def does(self, verb: str, number: int, **body):
        return self.machine.post(f"service-requests/{self.reference}/{verb}/", {"number": number} | body)


def status(answer, number: int) -> str:
    assert answer.status_code == 200, answer.json()
    return next(step for step in answer.json()["activities"] if step["number"] == number)["status"]["code"]


@pytest.mark.proves("EC-31")
def test_only_the_details_that_are_sent_change_and_old_and_new_are_kept(post, skerrow):
    request = Raised(post, "UPDATE_EMPLOYER", "update_details")

    answer = request.does("change_employer_step", 6, pay_day=26, contact_names=["Orla Pettigrew"])

    changed = Employer.objects.get()
    assert status(answer, 6) == "completed"
    assert (changed.pay_day, changed.contact_names, changed.fax) == (26, ["Orla Pettigrew"], skerrow.fax)
    assert "Pay date: 28th → 26th" in events_about(changed).filter(kind="changed").get().words.text


def test_an_activity_without_a_change_is_refused_in_the_words_of_the_page(post, skerrow):
    request = Raised(post, "UPDATE_EMPLOYER", "update_details")

    answer = request.does("change_employer_step", 6)

    assert (answer.status_code, answer.json()["code"]) == (422, "change_required")


def test_fax_is_not_preferred_without_a_number(post):
    EmployerFactory(ern="900000006", fax="")
    request = Raised(post, "UPDATE_EMPLOYER", "update_details")

    answer = request.does("change_employer_step", 6, prefers_fax=True)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/fax")


def test_what_is_no_detail_is_refused_by_name(post, skerrow):
    request = Raised(post, "UPDATE_EMPLOYER", "update_details")

    answer = request.does("change_employer_step", 6, hmrc_address="1 High Street")

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/hmrc_address")


def test_an_activity_that_does_something_else_is_left_alone(post, skerrow):
    request = Raised(post, "UPDATE_EMPLOYER", "update_details")

    answer = request.does("end_link_step", 6, earn="EA9000014", ends_on="2026-06-30")

    assert (answer.status_code, answer.json()["code"]) == (422, "other_activity")


def test_an_agents_own_details_are_changed(post, reference):
    agent = PayrollAgentFactory(earn="EA9000014", telephone="+442079460391")
    request = Raised(post, "UPDATE_AGENT", "update_details", agent.earn)

    answer = request.does("change_agent_step", 4, telephone="020 7946 0392")

    assert status(answer, 4) == "completed"
    assert PayrollAgent.objects.get().telephone == "+442079460392"


class TestEndLink:
    @pytest.mark.proves("EC-42")
    def test_the_link_of_the_agent_ends_with_its_last_day(self, post, skerrow):
        link = AgentLinkFactory(employer=skerrow, agent=PayrollAgentFactory(earn="EA9000014"))
        request = Raised(post, "REMOVE_AGENT", "change_agent")

        answer = request.does("end_link_step", 3, earn="EA9000014", ends_on="2026-06-30")

        assert status(answer, 3) == "completed"
        assert answer.json()["agent"] == "EA9000014"
        assert AgentLink.objects.get(pk=link.pk).ends_on == date(2026, 6, 30)

    def test_an_agent_who_is_not_linked_is_refused_by_the_name_of_its_field(self, post, skerrow):
        AgentLinkFactory(agent=PayrollAgentFactory(earn="EA9000014"))
        request = Raised(post, "REMOVE_AGENT", "change_agent")

        answer = request.does("end_link_step", 3, earn="EA9000014", ends_on="2026-06-30")

        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/earn")


class TestLines:
    @pytest.fixture
    def line(self, skerrow):
        parent = PayingParentFactory(reference=PARENT, name="Gethin Prys-Morgan")
        EmploymentFactory(employer=skerrow, paying_parent=parent)
        return ScheduleLineFactory(schedule=DeoScheduleFactory(employer=skerrow), paying_parent=parent)

    @pytest.fixture
    def request_of_one(self, post, line) -> Raised:
        return Raised(post, "DEO_UPDATE_INDIVIDUAL", "change_single", paying_parents=[PARENT])

    @pytest.mark.proves("EC-35")
    def test_a_line_takes_what_was_reported(self, request_of_one, line):
        sent = {"paying_parent": PARENT, "change": "left", "effective_on": "2026-06-07", "deducted": "90.00"}

        answer = request_of_one.does("update_lines_step", 4, lines=[sent])

        assert status(answer, 4) == "completed"
        changed = ScheduleLine.objects.get(pk=line.pk)
        assert (changed.change, changed.effective_on, changed.deducted) == ("left", date(2026, 6, 7), Decimal("90.00"))

    def test_a_change_without_its_day_is_refused_by_the_way_to_it(self, request_of_one):
        answer = request_of_one.does("update_lines_step", 4, lines=[{"paying_parent": PARENT, "change": "left"}])

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/lines/0/effective_on"

    def test_a_paying_parent_of_no_line_of_the_request_is_named(self, request_of_one):
        other = {"paying_parent": "121999700002", "change": "left", "effective_on": "2026-06-07"}

        answer = request_of_one.does("update_lines_step", 4, lines=[other])

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/lines/0/paying_parent"

    @pytest.mark.proves("EC-36")
    def test_a_name_that_is_not_on_the_schedule_is_marked(self, request_of_one):
        name = {"name": "Zoë Abara", "change": "other", "effective_on": "2026-06-07"}

        request_of_one.does("update_lines_step", 4, unknown_names=[name], words="He is still here")

        assert UnknownName.objects.get().name == "Zoë Abara"

    def test_one_who_is_on_it_is_no_such_name(self, request_of_one):
        name = {"name": "Gethin Prys-Morgan", "change": "other", "effective_on": "2026-06-07"}

        answer = request_of_one.does("update_lines_step", 4, unknown_names=[name])

        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/unknown_names")


@pytest.mark.proves("EC-43", "EC-45")
def test_the_activities_of_a_reason_are_read_and_settled_in_its_contact(post, skerrow):
    contact = letter(post, "input_schedule")
    [reason] = post.get(f"contacts/{contact}/").json()["reasons"]
    assert [step["number"] for step in reason["activities"]] == [1, 2, 3, 4, 5]

    done = post.post(f"contacts/{contact}/complete_reason_step/", {"number": 1, "words": "On paper"})
    needless = post.post(f"contacts/{contact}/reason_step_not_needed/", {"number": 3, "reason": "No change"})
    again = post.post(f"contacts/{contact}/complete_reason_step/", {"number": 1, "words": "On paper"})
    ended = post.post(f"contacts/{contact}/finish/", {})

    assert done.json()["reasons"][0]["activities"][0]["status"]["code"] == "completed"
    assert needless.json()["reasons"][0]["activities"][2]["status"]["code"] == "not_needed"
    assert (again.status_code, ended.json()["code"]) == (409, "activities_left")


def test_what_is_to_be_followed_up_needs_a_team(post, skerrow):
    contact = letter(post, "input_schedule")
    until = (now() + timedelta(days=3)).isoformat().replace("+00:00", "Z")

    answer = post.post(f"contacts/{contact}/complete_reason_step/", {"number": 4, "words": "Odd", "until": until})

    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("You work in no team today")


def test_contacts_with_activities_take_no_more_queries_for_a_longer_page(post, skerrow):
    for _ in range(5):
        letter(post, "input_schedule")

    def queries(size: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(post.get(f"contacts/?page_size={size}").json()["results"]) == size
        return len(captured)

    queries(2)

    assert queries(5) == queries(2)
