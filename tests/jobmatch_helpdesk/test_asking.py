"""Asking for information: the first-reply clock stands, and goes on with the answer, by hand, or by time alone.

3 June 2026 is a Wednesday. Asked at 11am in the UK, one of the 24 working hours of three working days is gone.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from contacthub.deadlines.services import NEVER
from contacthub.errors import RuleBroken
from contacthub.mail.models import Message
from contacthub.people.models import StaffMember, Unit
from contacthub.people.roles import Role
from jobmatch_helpdesk import services
from jobmatch_helpdesk.lifecycle import IncidentState as State
from jobmatch_helpdesk.models import Incident, Question
from jobmatch_helpdesk.routing import Source
from tests.jobmatch_helpdesk.situations import (
    CUSTOMER,
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
    sweep,
    told_to,
)

pytestmark = pytest.mark.django_db
THURSDAY_3PM = datetime(2026, 6, 4, 14, 0, tzinfo=UTC)
# 23 working hours from Thursday 3pm: 2 on Thursday, 8 on Friday, 8 on Monday, 5 on Tuesday
STANDARD_DUE = datetime(2026, 6, 9, 13, 0, tzinfo=UTC)
NO_ANSWER_BY = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)  # five working days after it was asked
# 23 working hours from Wednesday 11am: 6 on Wednesday, 8 on Thursday, 8 on Friday, 1 on Monday
DUE_AFTER_NO_ANSWER = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def inboxes(reference):
    set_up_inboxes()


@pytest.fixture
def carys(reference):
    return raiser_of(Source.JOBCENTRE)


def ask(incident: Incident, by) -> Incident:
    return services.ask(incident_id=incident.pk, text="Which browser?", by=by, at=LATER)


class TestAsk:
    def test_the_question_goes_out_and_is_kept(self, ana):
        incident = given_to(ana, "R14")

        ask(incident, ana)

        asked, mail = Question.objects.get(), Message.objects.get(body__contains="Which browser?")
        assert (asked.text, asked.to, asked.by_id, asked.at, asked.message) == (
            "Which browser?", CUSTOMER, ana.staff_id, LATER, mail,
        )  # fmt: skip
        assert last_event(incident) == ("ask", "assigned", "awaiting_information", f"To {CUSTOMER}")

    def test_the_clock_stands(self, ana):
        incident = given_to(ana, "R14")

        ask(incident, ana)

        assert fresh(incident).due_at == NEVER
        assert deadline(incident, "first_reply").ended_at is None
        assert deadline(incident, "no_answer").due_at == NO_ANSWER_BY

    def test_on_a_staff_row_the_raiser_is_asked_and_not_the_customer(self, ana, carys):
        incident = given_to(ana, "R06", by=colleague(Role.JD_AGENT, "jd", email="jo@serco.example"))

        ask(incident, ana)

        assert Question.objects.get().to == "jo@serco.example"
        assert not Message.objects.filter(to=CUSTOMER).exists()

    def test_the_raiser_is_asked_in_english_whatever_the_customer_speaks(self, ana, carys):
        incident = given_to(ana, "R02", by=carys, language="cy")

        ask(incident, ana)

        assert Message.objects.get(body__contains="Which browser?").language == "en"

    def test_who_rang_is_asked_where_the_helpdesk_raised_it(self, ana):
        incident = given_to(ana, "R02", by=ana, raiser_name="Carys", raiser_email="carys@dwp.example")

        ask(incident, ana)

        assert Question.objects.get().to == "carys@dwp.example"

    def test_the_raiser_is_told(self, ana, carys):
        incident = given_to(ana, "R02", by=carys)

        ask(incident, ana)

        assert told_to(carys) == [f"The Helpdesk asks about {incident.reference}"]

    def test_a_question_needs_no_inbox_of_the_site(self, ana):
        incident = given_to(ana, "R06")
        Unit.objects.filter(code="jd").update(inbox="")

        ask(incident, ana)

        assert fresh(incident).state == "awaiting_information"

    @pytest.mark.parametrize("row", ["R11", "R12", "R15", "R16"])
    def test_without_an_address_nobody_can_be_asked(self, ana, row):
        incident = given_to(ana, row)

        with refused(RuleBroken, "There is no address to ask at"):
            ask(incident, ana)

    def test_the_preview_is_what_is_sent(self, ana):
        incident = given_to(ana, "R14", language="cy")

        shown = services.preview_question(incident=fresh(incident), text="Which browser?", by=ana)
        ask(incident, ana)

        sent = Message.objects.get(body__contains="Which browser?")
        assert (shown.subject, shown.body, shown.to, sent.language) == (sent.subject, sent.body, sent.to, "cy")

    def test_nothing_is_sent_before_the_commit(self, ana, django_capture_on_commit_callbacks):
        incident = given_to(ana, "R14")

        with django_capture_on_commit_callbacks() as waiting:
            ask(incident, ana)

        assert len(waiting) == 1
        assert Message.objects.get(body__contains="Which browser?").state == "queued"


class TestAnswer:
    def test_the_raiser_answers_on_its_page_and_the_agent_is_told(self, ana, carys):
        incident = brought_to(State.AWAITING_INFORMATION, ana, by=carys)

        services.answer(incident_id=incident.pk, text="Firefox", by=carys, at=THURSDAY_3PM)

        asked = Question.objects.get()
        assert (asked.answer, asked.answered_at, asked.answered_by_id) == ("Firefox", THURSDAY_3PM, carys.staff_id)
        assert last_event(incident) == ("answer", "awaiting_information", "assigned", "")
        assert told_to(ana) == [f"{incident.reference} was answered"]

    def test_an_agent_records_an_answer_that_came_another_way(self, ana):
        incident = brought_to(State.AWAITING_INFORMATION, ana, "R14")

        services.record_answer(incident_id=incident.pk, text="Firefox", by=ana, at=THURSDAY_3PM)

        assert (Question.objects.get().answered_by_id, fresh(incident).state) == (ana.staff_id, "assigned")
        assert told_to(ana) == []

    @pytest.mark.parametrize("name", ["record_answer", "carry_on"])
    def test_the_clock_goes_on_with_what_was_left(self, ana, name):
        incident = brought_to(State.AWAITING_INFORMATION, ana, "R14")
        given = {"text": "Firefox"} if name == "record_answer" else {}

        getattr(services, name)(incident_id=incident.pk, by=ana, at=THURSDAY_3PM, **given)

        assert fresh(incident).due_at == deadline(incident, "first_reply").due_at == STANDARD_DUE

    def test_the_question_waits_no_longer(self, ana):
        incident = brought_to(State.AWAITING_INFORMATION, ana, "R14")
        services.record_answer(incident_id=incident.pk, text="Firefox", by=ana, at=THURSDAY_3PM)
        events = incident.case.events.count()

        sweep(NO_ANSWER_BY)

        assert (deadline(incident, "no_answer").ending, incident.case.events.count()) == ("met", events)

    def test_a_second_question_has_its_own_answer(self, ana):
        incident = brought_to(State.AWAITING_INFORMATION, ana, "R14")
        services.record_answer(incident_id=incident.pk, text="Firefox", by=ana, at=LATER)
        services.ask(incident_id=incident.pk, text="Which version?", by=ana, at=LATER)

        services.record_answer(incident_id=incident.pk, text="140", by=ana, at=THURSDAY_3PM)

        assert list(Question.objects.order_by("pk").values_list("answer", flat=True)) == ["Firefox", "140"]


class TestCarryOn:
    def test_an_agent_goes_on_by_hand(self, ana):
        incident = brought_to(State.AWAITING_INFORMATION, ana, "R14")

        services.carry_on(incident_id=incident.pk, by=ana, at=THURSDAY_3PM)

        assert last_event(incident) == ("carry_on", "awaiting_information", "assigned", "")
        assert deadline(incident, "no_answer").ending == "dropped"

    def test_five_working_days_bring_it_back_to_who_asked(self, ana):
        incident = brought_to(State.AWAITING_INFORMATION, ana, "R14")

        sweep(NO_ANSWER_BY - timedelta(seconds=1))
        waiting = fresh(incident).state
        sweep(NO_ANSWER_BY)

        kept = fresh(incident)
        assert (waiting, kept.state, kept.assigned_to_id) == ("awaiting_information", "assigned", ana.staff_id)
        assert last_event(incident) == (
            "carry_on", "awaiting_information", "assigned", "No answer in 5 working days",
        )  # fmt: skip
        assert told_to(ana)[0] == f"No answer came to your question about {incident.reference}"

    def test_the_clock_goes_on_by_itself(self, ana):
        incident = brought_to(State.AWAITING_INFORMATION, ana, "R14")

        sweep(NO_ANSWER_BY)

        assert fresh(incident).due_at == deadline(incident, "first_reply").due_at == DUE_AFTER_NO_ANSWER

    def test_where_who_asked_is_gone_it_waits_for_the_next_agent(self, ana, bilal):
        incident = brought_to(State.AWAITING_INFORMATION, ana, "R14")
        StaffMember.objects.filter(pk=ana.staff_id).update(active_to="2026-06-09")

        sweep(NO_ANSWER_BY)

        kept = fresh(incident)
        assert (kept.state, kept.assigned_to_id, kept.due_at) == ("received", None, DUE_AFTER_NO_ANSWER)
        assert last_event(incident)[:3] == ("carry_on_without_agent", "awaiting_information", "received")
        assert services.take_next(by=bilal, at=NO_ANSWER_BY) == incident

    def test_swept_twice_it_happens_once(self, ana):
        incident = brought_to(State.AWAITING_INFORMATION, ana, "R14")
        sweep(NO_ANSWER_BY)
        events = incident.case.events.count()

        sweep(NO_ANSWER_BY)

        assert incident.case.events.count() == events
