"""Mail that reaches nobody: refused by the mail server, or known to be dead by an agent (UJ-36).

Raised on Wednesday 3 June at 10am in the UK, answered at 11am, refused at 12pm.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from contacthub.callbacks.models import Callback
from contacthub.callbacks.outcomes import Outcome
from contacthub.callbacks.services import cancel as cancel_call
from contacthub.callbacks.services import record_attempt
from contacthub.callbacks.services import take as take_call
from contacthub.cases.models import EventWords
from contacthub.errors import MovedOn, RuleBroken
from contacthub.mail.models import Mailbox, Message
from contacthub.mail.services import record_accepted, record_refusal, take_to_send
from contacthub.mail.standing import standing
from contacthub.people.models import StaffMember, Unit
from contacthub.people.roles import Post
from jobmatch_helpdesk import services
from jobmatch_helpdesk.lifecycle import IncidentState as State
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import Source
from jobmatch_helpdesk.services.routing_again import missing_of, reach_of
from tests.jobmatch_helpdesk.situations import (
    CUSTOMER,
    DWP_USER,
    FORMS,
    JD_INBOX,
    LATER,
    NUMBER,
    brought_to,
    colleague,
    deadline,
    fresh,
    given_to,
    last_event,
    raiser_of,
    refused,
    set_up_inboxes,
    told_to,
)

pytestmark = [pytest.mark.django_db, pytest.mark.proves("UJ-36")]
NOON = LATER + timedelta(hours=1)
SAID = "550 5.1.1 No such user here"


class RefusedForGood(Exception):
    """What a server says of an address that is not there."""

    def __str__(self) -> str:
        return SAID


@pytest.fixture(autouse=True)
def inboxes(reference):
    set_up_inboxes()


def answer(incident: Incident, by, at=LATER) -> Incident:
    services.reply(incident_id=incident.pk, text="Use another browser", by=by, at=at)
    return fresh(incident)


def message_of(incident: Incident) -> Message:
    return incident.replies.latest("pk").message


def refuse(message: Message, at=NOON) -> None:
    """Let a worker send it, and the mail server refuse."""
    taken = take_to_send(message.pk, at=at)
    assert taken
    record_refusal(taken, RefusedForGood(), at=at)


def accept(message: Message, at=LATER) -> None:
    taken = take_to_send(message.pk, at=at)
    assert taken
    record_accepted(taken, at=at)


class TestReplyThatReachedNobody:
    # row, its telephone number, the row then, and what that needs and does not have: by hand from the decision table
    @pytest.mark.parametrize(
        ("row", "given", "then", "missing"),
        [
            ("R02", {}, "R04", {"telephone", "call_required", "dwp_user_email"}),
            ("R10", {"telephone": NUMBER}, "R11", set()),
            ("R10", {}, "R12", set()),
            ("R13", {"telephone": NUMBER}, "R15", {"customer_type"}),
            ("R13", {}, "R16", set()),
            ("R14", {"telephone": NUMBER, "customer_type": "jobseeker"}, "R15", set()),
            ("R14", {}, "R16", set()),
        ],
    )
    def test_of_the_customer_s_own_address_goes_by_the_row_without_it(self, ana, row, given, then, missing):
        incident = answer(given_to(ana, row, **given), ana)

        refuse(message_of(incident))

        kept = fresh(incident)
        assert (kept.state, kept.assigned_to_id, kept.row, kept.no_email) == ("assigned", ana.staff_id, then, True)
        assert {*missing_of(kept)} == missing

    def test_both_rows_and_the_address_stay_on_the_timeline(self, ana):
        incident = answer(given_to(ana, "R14"), ana)

        refuse(message_of(incident))

        words = EventWords.objects.get(event__case=incident.case, event__kind="facts_changed").text
        assert words.splitlines() == [
            "Row R14, Customer: now row R16, No reply route. Band Standard",
            f"Customer’s email: not given, was {CUSTOMER}",
            "No email: yes, was no",
        ]
        assert last_event(incident)[:3] == ("bounce", "resolved", "assigned")

    @pytest.mark.parametrize("row", ["R03", "R05"])
    def test_of_a_colleague_s_address_keeps_its_row(self, ana, row):
        incident = answer(given_to(ana, row), ana)

        refuse(message_of(incident))

        assert (fresh(incident).state, fresh(incident).row) == ("assigned", row)

    def test_the_first_reply_begins_anew(self, ana):
        incident = answer(given_to(ana, "R14"), ana)

        refuse(message_of(incident))

        assert deadline(incident, "first_reply").set_at == NOON
        assert deadline(incident, "close").ending == "dropped"

    def test_it_is_anybody_s_where_who_replied_is_no_longer_here(self, ana):
        incident = answer(given_to(ana, "R14"), ana)
        StaffMember.objects.filter(pk=ana.staff_id).update(active_to="2026-06-02")

        refuse(message_of(incident))

        assert (fresh(incident).state, fresh(incident).assigned_to) == ("received", None)
        assert last_event(incident)[0] == "come_back"

    def test_agent_leads_and_raiser_are_told(self, ana, lead):
        carys = raiser_of(Source.JOBCENTRE)
        incident = answer(given_to(ana, "R02", by=carys), ana)

        refuse(message_of(incident))

        failed = f"{incident.reference}: the email to {CUSTOMER} failed. {SAID}"
        words = f"{failed}\nNobody was reached: it is to be answered again"
        assert [told_to(who)[-1] for who in (ana, lead, carys)] == [words] * 3

    def test_with_a_copy_that_the_customer_got_it_stays_resolved(self, ana):
        incident = answer(given_to(ana, "R06"), ana)
        accept(message_of(incident).copies.get())

        refuse(message_of(incident))

        assert fresh(incident).state == "resolved"

    def test_with_its_copy_refused_too_it_comes_back(self, ana):
        incident = answer(given_to(ana, "R06"), ana)
        refuse(message_of(incident))

        refuse(message_of(incident).copies.get())

        assert (fresh(incident).state, fresh(incident).row) == ("assigned", "R06")

    def test_a_reply_of_before_it_was_reopened_moves_nothing(self, ana, lead):
        incident = answer(given_to(ana, "R14"), ana)
        old = message_of(incident)
        services.reopen(incident_id=incident.pk, reason="Again", by=lead, at=LATER)
        services.take(incident_id=incident.pk, by=ana, at=LATER)
        services.resolve_without_reply(incident_id=incident.pk, reason="Answered elsewhere", by=ana, at=LATER)

        refuse(old)

        assert (fresh(incident).state, fresh(incident).row) == ("resolved", "R14")

    def test_a_reply_of_before_it_was_reopened_is_not_that_of_a_call_asked_for_since(self, ana, lead):
        incident = answer(given_to(ana, "R14", telephone=NUMBER, customer_type="jobseeker"), ana)
        old = message_of(incident)
        services.reopen(incident_id=incident.pk, reason="Again", by=lead, at=NOON)
        services.take(incident_id=incident.pk, by=ana, at=NOON)
        reach = replace(reach_of(fresh(incident)), customer_email="", no_email=True)
        services.change_facts(incident_id=incident.pk, reach=reach, by=ana, at=NOON)
        services.ask_for_call(incident_id=incident.pk, text="Use another browser", by=ana, at=NOON)

        refuse(old)

        assert services.addresses_of_reply(fresh(incident)) == []
        assert "the call is made all the same" not in told_to(ana)[-1]

    def test_a_reply_before_its_call_was_cancelled_is_still_that_of_the_call_asked_for_since(self, ana):
        incident = brought_to(State.CALLBACK_PENDING, ana, "R04")
        boss = colleague("Jobcentre adviser", "porth-wen")
        call = take_call(callback_id=Callback.objects.get().pk, by=boss, at=NOON)
        cancel_call(callback_id=call.pk, reason="Cannot ring now", by=boss, at=NOON)
        services.ask_for_call(incident_id=incident.pk, text="Use another browser", by=ana, at=NOON)

        assert services.addresses_of_reply(fresh(incident)) == [DWP_USER]

    def test_it_is_answered_again(self, ana):
        incident = answer(given_to(ana, "R14"), ana)
        refuse(message_of(incident))
        reach = replace(reach_of(fresh(incident)), customer_email="g.parry@example.com", no_email=False)
        services.change_facts(incident_id=incident.pk, reach=reach, by=ana, at=NOON)

        incident = answer(incident, ana, at=NOON)

        assert (incident.state, message_of(incident).to) == ("resolved", "g.parry@example.com")


class TestWhileSomebodyIsToRing:
    @pytest.fixture
    def carys(self):
        return raiser_of(Source.JD)

    @pytest.fixture
    def incident(self, ana, carys):
        return brought_to(State.CALLBACK_PENDING, ana, "R07", by=carys)

    def test_the_call_goes_on(self, incident):
        refuse(message_of(incident))

        assert (fresh(incident).state, Callback.objects.get().state) == ("callback_pending", "queued")
        assert message_of(incident).state == "failed"

    def test_leads_the_queue_s_lead_and_the_raiser_are_told(self, ana, lead, carys, incident):
        assessor = colleague("JD quality assessor", "jd")
        call = Callback.objects.get()

        refuse(message_of(incident))

        failed = f"{incident.reference}: the email to {JD_INBOX} failed. {SAID}"
        words = f"{failed}\n{call.reference}: the call is made all the same"
        assert [told_to(who)[-1] for who in (ana, lead, carys, assessor)] == [words] * 4

    def test_a_corrected_address_gets_the_same_reply_again(self, ana):
        incident = brought_to(State.CALLBACK_PENDING, ana, "R04")
        refuse(message_of(incident))
        reach = replace(reach_of(fresh(incident)), dwp_user_email="team@jobcentre.example")

        services.change_facts(incident_id=incident.pk, reach=reach, by=ana, at=NOON)

        again = message_of(incident)
        assert (again.to, again.state) == ("team@jobcentre.example", "queued")
        assert "Use another browser" in again.body
        assert fresh(incident).state == "callback_pending"
        assert last_event(incident) == ("sent_again", "", "", "To team@jobcentre.example")

    def test_a_corrected_shared_inbox_does_too_without_another_change(self, ana, incident):
        refuse(message_of(incident))
        Unit.objects.filter(code="jd").update(inbox="new@serco.example")

        reach = reach_of(fresh(incident))
        services.change_facts(incident_id=incident.pk, reach=reach, by=ana, at=NOON)

        assert message_of(incident).to == "new@serco.example"

    def test_a_change_sends_nothing_again_that_arrived(self, ana, incident):
        accept(message_of(incident))

        reach = replace(reach_of(fresh(incident)), language="cy")
        services.change_facts(incident_id=incident.pk, reach=reach, by=ana, at=NOON)

        assert incident.replies.count() == 1


class TestAfterTheCall:
    def ended(self, ana, outcomes) -> Incident:
        incident = brought_to(State.CALLBACK_PENDING, ana, "R09")
        leader = colleague(None, "ed-telford", post=Post.TEAM_LEADER)
        call = Callback.objects.get()
        take_call(callback_id=call.pk, by=leader, at=LATER)
        for outcome in outcomes:
            record_attempt(callback_id=call.pk, outcome=outcome, words="Told her", by=leader, at=LATER)
        return fresh(incident)

    def test_that_told_the_customer_it_stays_resolved(self, ana):
        incident = self.ended(ana, [Outcome.SPOKE])

        refuse(message_of(incident))

        assert fresh(incident).state == "resolved"

    @pytest.mark.proves("UJ-34")
    def test_that_reached_nobody_it_is_to_be_answered_again(self, ana):
        incident = self.ended(ana, [Outcome.NO_ANSWER, Outcome.NO_ANSWER])
        assert incident.state == "resolved"

        refuse(message_of(incident))

        assert fresh(incident).state == "assigned"


class TestWhoRaisedItWithoutAnAccount:
    """An agent fills in the form for whoever rings, or a machine does: they have no home page to be told on."""

    RINGS = {"raiser_name": "Rhian Evans", "raiser_email": "rhian@jobcentre.example"}

    def news_to(self, address: str = "rhian@jobcentre.example") -> list[Message]:
        return [*Message.objects.filter(to=address, subject__contains="news").order_by("pk")]

    def test_is_told_by_mail_that_the_reply_reached_nobody(self, ana):
        incident = answer(given_to(ana, "R02", by=ana, **self.RINGS), ana)

        refuse(message_of(incident))

        (news,) = self.news_to()
        assert news.subject == f"{incident.reference}: news from the Universal Jobmatch Helpdesk"
        failed = f"{incident.reference}: the email to {CUSTOMER} failed. {SAID}"
        assert news.body.startswith(f"For Rhian Evans\n\n{failed}\n")
        assert "Nobody was reached: it is to be answered again" in news.body

    def test_is_told_by_mail_that_the_call_is_made_all_the_same(self, ana):
        incident = brought_to(State.CALLBACK_PENDING, ana, "R07", by=ana, **self.RINGS)

        refuse(message_of(incident))

        (news,) = self.news_to()
        assert "the call is made all the same" in news.body

    def test_hears_nothing_at_the_address_that_failed(self, ana):
        incident = answer(given_to(ana, "R05", by=ana, raiser_name="Rhian Evans", raiser_email=DWP_USER), ana)

        refuse(message_of(incident))

        assert self.news_to(DWP_USER) == []

    def test_hears_nothing_of_a_copy_or_an_acknowledgement(self, ana):
        incident = given_to(ana, "R06", by=ana, **self.RINGS)
        refuse(Message.objects.get(case=incident.case))
        incident = answer(incident, ana)

        refuse(message_of(incident).copies.get())

        assert self.news_to() == []

    def test_news_that_cannot_be_delivered_are_told_to_the_helpdesk_and_no_further(self, ana):
        incident = answer(given_to(ana, "R02", by=ana, **self.RINGS), ana)
        refuse(message_of(incident))

        refuse(self.news_to()[0])

        assert len(self.news_to()) == 1
        assert told_to(ana)[-1] == f"{incident.reference}: the email to rhian@jobcentre.example failed. {SAID}"

    def test_where_no_mailbox_is_set_nothing_is_refused(self, ana):
        incident = answer(given_to(ana, "R02", by=ana, **self.RINGS), ana)
        Mailbox.objects.update(address="")

        refuse(message_of(incident))

        assert (fresh(incident).state, self.news_to()) == ("assigned", [])

    def test_who_filled_in_the_form_with_their_own_address_gets_no_mail_besides(self, ana):
        carys = raiser_of(Source.JOBCENTRE)
        own = StaffMember.objects.get(pk=carys.staff_id).email
        incident = answer(given_to(ana, "R02", by=carys, raiser_name="Carys", raiser_email=own.upper()), ana)

        refuse(message_of(incident))

        assert len(told_to(carys)) == 1
        assert not Message.objects.filter(subject__contains="news").exists()

    @pytest.mark.parametrize(
        ("outcomes", "how"),
        [
            ([Outcome.SPOKE], "the customer was told by telephone"),
            ([Outcome.NO_ANSWER, Outcome.NO_ANSWER], "the customer could not be reached by telephone"),
        ],
    )
    def test_is_told_by_mail_how_the_call_ended(self, ana, outcomes, how):
        incident = brought_to(State.CALLBACK_PENDING, ana, "R09", by=ana, **self.RINGS)
        leader = colleague(None, "ed-telford", post=Post.TEAM_LEADER)
        take_call(callback_id=Callback.objects.get().pk, by=leader, at=LATER)

        for outcome in outcomes:
            record_attempt(
                callback_id=Callback.objects.get().pk, outcome=outcome, words="Told her", by=leader, at=LATER
            )

        assert [f"{incident.reference}: {how}" in news.body for news in self.news_to()] == [True]

    def test_is_told_by_mail_that_it_was_resolved_without_a_reply(self, ana):
        incident = given_to(ana, "R02", by=ana, **self.RINGS)

        services.resolve_without_reply(incident_id=incident.pk, reason="Answered elsewhere", by=ana, at=LATER)

        (news,) = self.news_to()
        assert f"{incident.reference} was resolved without a reply to the customer: Answered elsewhere" in news.body


class TestOtherMail:
    def test_a_copy_alone_is_told_and_moves_nothing(self, ana):
        incident = answer(given_to(ana, "R06"), ana)
        accept(message_of(incident))

        refuse(message_of(incident).copies.get())

        assert fresh(incident).state == "resolved"
        assert told_to(ana)[-1] == f"{incident.reference}: the email to {CUSTOMER} failed. {SAID}"

    def test_a_question_is_told_and_moves_nothing(self, ana):
        incident = brought_to(State.AWAITING_INFORMATION, ana, "R14")

        refuse(incident.questions.get().message)

        assert fresh(incident).state == "awaiting_information"
        assert SAID in told_to(ana)[-1]

    def test_an_acknowledgement_is_told_and_moves_nothing(self, ana):
        incident = given_to(ana, "R14")

        refuse(Message.objects.get(case=incident.case))

        assert (fresh(incident).state, fresh(incident).row) == ("assigned", "R14")
        assert SAID in told_to(ana)[-1]


class TestMarkedByHand:
    def mark(self, incident: Incident, by, address: str = CUSTOMER, reason: str = "Her mail came back") -> Incident:
        return services.mark_address_dead(incident_id=incident.pk, address=address, reason=reason, by=by, at=NOON)

    def test_it_is_as_if_the_server_had_refused(self, ana):
        incident = answer(given_to(ana, "R14"), ana)
        accept(message_of(incident))

        self.mark(incident, ana)

        message = message_of(incident)
        assert (message.state, message.server_words) == ("failed", "Her mail came back")
        assert (fresh(incident).state, fresh(incident).row) == ("assigned", "R16")
        assert EventWords.objects.filter(text=f"To {CUSTOMER}: Her mail came back").exists()

    def test_the_call_goes_on(self, lead, ana):
        incident = brought_to(State.CALLBACK_PENDING, ana, "R04")

        self.mark(incident, lead, address=DWP_USER)

        assert fresh(incident).state == "callback_pending"
        assert message_of(incident).state == "failed"

    def test_who_does_it_is_not_told(self, ana, lead):
        incident = answer(given_to(ana, "R14"), ana)

        self.mark(incident, ana)

        assert told_to(ana) == []
        assert len(told_to(lead)) == 1

    def test_a_mail_that_waits_to_be_sent_is_sent_no_more(self, ana):
        incident = answer(given_to(ana, "R14"), ana)

        self.mark(incident, ana)

        assert take_to_send(message_of(incident).pk, at=NOON) is None

    def test_a_mail_that_is_being_sent_may_have_left_already(self, ana):
        incident = answer(given_to(ana, "R14"), ana)
        taken = take_to_send(message_of(incident).pk, at=NOON)

        self.mark(incident, ana)

        kept = message_of(incident)
        assert (kept.state, kept.unsure_since) == ("failed", NOON)
        assert standing(kept, now=NOON).status_words == "failed, but may have been sent: an attempt had no end"
        assert taken is not None
        record_accepted(taken, at=NOON)
        assert message_of(incident).state == "failed"

    def test_a_mail_that_waits_to_be_sent_has_left_nowhere(self, ana):
        incident = answer(given_to(ana, "R14"), ana)

        self.mark(incident, ana)

        assert message_of(incident).unsure_since is None

    def test_it_says_how_one_knows(self, ana):
        incident = answer(given_to(ana, "R14"), ana)

        with refused(RuleBroken, "Enter how you know"):
            self.mark(incident, ana, reason=" ")

    @pytest.mark.parametrize("row", ["R11", "R15"])
    def test_where_nothing_went_by_mail_there_is_no_address(self, ana, row):
        incident = given_to(ana, row)
        services.ask_for_call(incident_id=incident.pk, text="Use another browser", by=ana, at=LATER)

        with refused(RuleBroken, "Select an address that the reply went to"):
            self.mark(incident, ana)

    def test_a_second_time_it_has_moved_on(self, ana):
        incident = answer(given_to(ana, "R14"), ana)
        self.mark(incident, ana)

        with refused(MovedOn, "The reply reached nobody by Ana Byrne"):
            self.mark(incident, ana)


def test_every_row_whose_reply_goes_to_the_customer_has_another_without_the_address():
    to_customer = {row for row, given in FORMS.items() if "customer_email" in given} - {"R03", "R06", "R08"}

    assert to_customer == {"R02", "R10", "R13", "R14"}
