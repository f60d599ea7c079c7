"""Where the answer to each row goes, who rings, and the two ways to end without one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from contacthub.callbacks.models import Callback, Queue
from contacthub.callbacks.services import cancel, open_callback_of
from contacthub.errors import MovedOn, RuleBroken
from contacthub.mail.models import Mailbox, Message
from contacthub.people.models import Unit
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident, Reply
from jobmatch_helpdesk.routing import CustomerType, Source
from tests.jobmatch_helpdesk.situations import (
    ADVISER,
    CUSTOMER,
    DWP_USER,
    FORMS,
    JD_INBOX,
    LATER,
    NUMBER,
    TELFORD_INBOX,
    colleague,
    deadline,
    fresh,
    given_to,
    last_event,
    raiser_of,
    refused,
    set_up_inboxes,
    submitted,
    told_to,
)

pytestmark = pytest.mark.django_db
WORDS = "Use another browser"
# ten working days after Wednesday 3 June, 11am in the UK
CLOSES = datetime(2026, 6, 17, 10, 0, tzinfo=UTC)

# row: to, copies, queue of the callback; by hand from the decision table
ANSWERED_BY_MAIL = {
    "R02": (CUSTOMER, [], ""),
    "R03": (ADVISER, [], ""),
    "R04": (DWP_USER, [], "porth-wen"),
    "R05": (DWP_USER, [], ""),
    "R06": (JD_INBOX, [CUSTOMER], ""),
    "R07": (JD_INBOX, [], "jd"),
    "R08": (TELFORD_INBOX, [CUSTOMER], ""),
    "R09": (TELFORD_INBOX, [], "ed-telford"),
    "R10": (CUSTOMER, [], ""),
    "R13": (CUSTOMER, [], ""),
    "R14": (CUSTOMER, [], ""),
}
WITH_CALL = [row for row, (_, _, queue) in ANSWERED_BY_MAIL.items() if queue]
NO_ROUTE = ["R12", "R16"]
CALL_ONLY = ["R11", "R15"]


@pytest.fixture(autouse=True)
def inboxes(reference):
    set_up_inboxes()


def reply(incident: Incident, by, text: str = WORDS, at=LATER) -> Incident:
    return services.reply(incident_id=incident.pk, text=text, by=by, at=at)


def answers(incident: Incident) -> list[Message]:
    return list(Message.objects.filter(case=incident.case, body__contains=WORDS).order_by("pk"))


def test_every_row_is_in_one_of_the_tables():
    assert {*ANSWERED_BY_MAIL, *CALL_ONLY, *NO_ROUTE} == set(FORMS)


class TestReply:
    @pytest.mark.proves("UJ-02", "UJ-03", "UJ-10", "UJ-12", "UJ-13", "UJ-22", "UJ-35")
    @pytest.mark.parametrize("row", ANSWERED_BY_MAIL)
    def test_it_goes_by_email_where_the_row_says_and_is_kept(self, ana, row):
        to, copies, _ = ANSWERED_BY_MAIL[row]
        incident = given_to(ana, row)

        reply(incident, ana)

        first, *others = answers(incident)
        assert (first.to, [mail.to for mail in others], first.state) == (to, copies, "queued")
        kept = Reply.objects.get()
        assert (kept.text, kept.to, kept.by_id, kept.at, kept.message) == (WORDS, to, ana.staff_id, LATER, first)

    @pytest.mark.proves("UJ-34", "XC-01")
    @pytest.mark.parametrize("row", ANSWERED_BY_MAIL)
    def test_it_finishes_the_incident_unless_somebody_must_be_called(self, ana, row):
        to, _, queue = ANSWERED_BY_MAIL[row]
        incident = given_to(ana, row)

        reply(incident, ana)

        kept = fresh(incident)
        assert kept.replied_at == LATER
        if queue:
            assert kept.state == "callback_pending"
            assert last_event(incident) == ("reply_by_callback", "assigned", "callback_pending", f"To {to}")
            assert not kept.case.deadlines.filter(kind="close").exists()
        else:
            assert kept.state == "resolved"
            assert last_event(incident) == ("resolve_by_reply", "assigned", "resolved", f"To {to}")
            assert deadline(incident, "close").due_at == CLOSES

    @pytest.mark.parametrize("row", ANSWERED_BY_MAIL)
    def test_it_meets_the_first_reply(self, ana, row):
        incident = given_to(ana, row)

        reply(incident, ana)

        ended = deadline(incident, "first_reply")
        assert (ended.ended_at, ended.ending) == (LATER, "met")

    @pytest.mark.proves("UJ-16", "UJ-17", "UJ-23")
    @pytest.mark.parametrize("row", WITH_CALL)
    def test_those_there_are_asked_to_call_with_number_language_and_words(self, ana, row):
        incident = given_to(ana, row, language="cy")

        reply(incident, ana)

        call = Callback.objects.get()
        assert (call.queue.code, call.about) == (ANSWERED_BY_MAIL[row][2], incident.case)
        assert (call.customer_name, call.telephone, call.language, call.words, call.requested_at) == (
            "Gwen Parry", NUMBER, "cy", WORDS, LATER,
        )  # fmt: skip

    @pytest.mark.parametrize("row", [row for row in ANSWERED_BY_MAIL if row not in WITH_CALL])
    def test_nobody_is_called_on_the_other_rows_even_with_a_number(self, ana, row):
        incident = given_to(ana, row, telephone=NUMBER)

        reply(incident, ana)

        assert not Callback.objects.exists()

    @pytest.mark.proves("UJ-18", "UJ-24")
    def test_the_mail_says_that_somebody_must_call_and_on_which_number(self, ana):
        incident = given_to(ana, "R07")

        reply(incident, ana)

        assert "Telephone call required: call Gwen Parry on 01632 960983" in answers(incident)[0].body

    @pytest.mark.proves("UJ-38")
    def test_it_is_in_welsh_for_who_asked_for_welsh(self, ana):
        incident = given_to(ana, "R14", language="cy")

        reply(incident, ana)

        mail = answers(incident)[0]
        assert (mail.language, "Annwyl Gwen Parry" in mail.body) == ("cy", True)

    @pytest.mark.parametrize("row", ["R04", "R06", "R14"])
    def test_the_preview_is_what_is_sent(self, ana, row):
        incident = given_to(ana, row)

        shown = services.preview_reply(incident=fresh(incident), text=WORDS, by=ana)
        reply(incident, ana)

        sent = answers(incident)[0]
        assert (shown.subject, shown.body, shown.to) == (sent.subject, sent.body, sent.to)

    @pytest.mark.proves("UJ-14")
    @pytest.mark.parametrize(
        ("row", "unit", "name"),
        [
            ("R06", "jd", "Jobseeker Direct"),
            ("R07", "jd", "Jobseeker Direct"),
            ("R08", "ed-telford", "Telford"),
            ("R09", "ed-telford", "Telford"),
        ],
    )
    def test_an_inbox_that_is_not_set_stops_it_and_the_incident_stays_assigned(self, ana, row, unit, name):
        incident = given_to(ana, row)
        Unit.objects.filter(code=unit).update(inbox="")

        with refused(RuleBroken, f"the inbox of {name}.* is not set. Ask an administrator"):
            reply(incident, ana)

        assert fresh(incident).state == "assigned"
        assert "is not set" in services.destination_of(fresh(incident)).trouble

    @pytest.mark.proves("UJ-14")
    def test_an_address_is_read_when_it_is_sent(self, ana):
        incident = given_to(ana, "R06")
        Unit.objects.filter(code="jd").update(inbox="moved@serco.example")

        reply(incident, ana)

        assert answers(incident)[0].to == "moved@serco.example"

    @pytest.mark.proves("UJ-14")
    def test_a_mailbox_that_is_not_set_stops_it_and_everything_stays(self, ana):
        incident = given_to(ana, "R14")
        Mailbox.objects.update(address="")

        with refused(RuleBroken, "has no address"):
            reply(incident, ana)

    @pytest.mark.parametrize("row", CALL_ONLY + NO_ROUTE)
    def test_without_an_address_there_is_nothing_to_send(self, ana, row):
        incident = given_to(ana, row)

        with refused(RuleBroken, "There is no address to reply to"):
            reply(incident, ana)

    def test_a_placeholder_that_is_left_would_reach_the_customer(self, ana):
        incident = given_to(ana, "R14")

        with refused(RuleBroken, r"Fill in or remove \[name\]"):
            reply(incident, ana, "Dear [name]")

    def test_without_a_queue_nobody_would_call_so_nothing_is_sent(self, ana):
        incident = given_to(ana, "R04")
        Queue.objects.filter(code="porth-wen").delete()

        with refused(RuleBroken, "There is no callback queue for this"):
            reply(incident, ana)

    def test_nothing_is_sent_before_the_commit(self, ana, django_capture_on_commit_callbacks):
        incident = given_to(ana, "R06")

        with django_capture_on_commit_callbacks() as waiting:
            reply(incident, ana)
            assert {mail.state for mail in answers(incident)} == {"queued"}

        assert len(waiting) == 2, "one worker is woken for the reply, one for the copy"


def call_cancelled(incident):
    """Cancel the call, as the lead of its queue does."""
    callback = open_callback_of(incident.case)
    lead = colleague(None)
    Queue.objects.filter(pk=callback.queue_id).update(lead_id=lead.staff_id)
    cancel(callback_id=callback.pk, reason="She rang us", by=lead, at=LATER)


class TestAskForCall:
    @pytest.mark.proves("UJ-03", "UJ-34")
    @pytest.mark.parametrize(
        ("row", "customer_type", "queue"),
        [
            ("R11", CustomerType.EMPLOYER, "ed-annesley"),
            ("R15", CustomerType.EMPLOYER, "ed-annesley"),
            ("R15", CustomerType.JOBSEEKER, "jd"),
        ],
    )
    def test_where_there_is_no_address_the_words_are_read_out(self, ana, row, customer_type, queue):
        incident = given_to(ana, row, customer_type=customer_type, language="cy")

        services.ask_for_call(incident_id=incident.pk, text=WORDS, by=ana, at=LATER)

        call = Callback.objects.get()
        assert (call.queue.code, call.telephone, call.language, call.words) == (queue, NUMBER, "cy", WORDS)
        assert fresh(incident).state == "callback_pending"
        assert last_event(incident)[:3] == ("ask_for_call", "assigned", "callback_pending")
        assert deadline(incident, "first_reply").ending == "met"

    @pytest.mark.proves("UJ-35")
    def test_what_is_to_be_said_is_kept_and_nothing_is_mailed(self, ana):
        incident = given_to(ana, "R15")

        services.ask_for_call(incident_id=incident.pk, text=WORDS, by=ana, at=LATER)

        kept = Reply.objects.get()
        assert (kept.text, kept.to, kept.message, kept.by_id, kept.at) == (WORDS, "", None, ana.staff_id, LATER)
        assert not Message.objects.exists()

    @pytest.mark.parametrize("row", WITH_CALL)
    def test_once_the_reply_has_gone_another_call_needs_no_second_mail(self, ana, row):
        incident = given_to(ana, row)
        reply(incident, ana)
        call_cancelled(incident)

        services.ask_for_call(incident_id=incident.pk, text=WORDS, by=ana, at=LATER)

        assert Callback.objects.count() == 2
        assert len(answers(incident)) == 1

    def test_a_reply_before_it_was_put_back_does_not_count(self, ana):
        incident = given_to(ana, "R04")
        reply(incident, ana)
        call_cancelled(incident)
        services.put_back(incident_id=incident.pk, reason="End of my day", by=ana, at=LATER)
        services.take_next(by=ana, at=LATER)

        with refused(RuleBroken, "Send the reply: the call is asked for with it"):
            services.ask_for_call(incident_id=incident.pk, text=WORDS, by=ana, at=LATER)

    @pytest.mark.parametrize("row", [row for row in FORMS if row not in CALL_ONLY])
    def test_every_other_row_is_answered_first(self, ana, row):
        incident = given_to(ana, row)

        with refused(RuleBroken, "Send the reply"):
            services.ask_for_call(incident_id=incident.pk, text=WORDS, by=ana, at=LATER)

    def test_the_caller_must_have_something_to_say(self, ana):
        incident = given_to(ana, "R15")

        with refused(RuleBroken, "Enter what the caller should say"):
            services.ask_for_call(incident_id=incident.pk, text=" ", by=ana, at=LATER)

    def test_a_placeholder_that_is_left_would_be_read_out(self, ana):
        incident = given_to(ana, "R15")

        with refused(RuleBroken, r"Fill in or remove \[name\]"):
            services.ask_for_call(incident_id=incident.pk, text="Tell [name]", by=ana, at=LATER)


class TestPreviewOfCall:
    def preview(self, incident: Incident, by, text: str = WORDS) -> None:
        services.preview_call(incident=fresh(incident), text=text, by=by)

    def test_what_can_be_asked_for_is_not_refused(self, ana):
        self.preview(given_to(ana, "R15"), ana)

    @pytest.mark.parametrize(
        ("row", "text", "words"),
        [
            ("R14", WORDS, "Send the reply"),
            ("R15", "", "Enter what the caller should say"),
            ("R15", "Tell [name]", r"Fill in or remove \[name\]"),
        ],
    )
    def test_it_is_refused_as_the_call_would_be(self, ana, row, text, words):
        incident = given_to(ana, row)

        with refused(RuleBroken, words):
            self.preview(incident, ana, text)

    def test_it_is_refused_where_somebody_else_has_it(self, ana, bilal):
        incident = given_to(ana, "R15")

        with refused(MovedOn, "Ana Byrne has this now"):
            self.preview(incident, bilal)

    def test_without_a_queue_there_is_trouble_before_anybody_sends(self, ana):
        incident = given_to(ana, "R15")
        Queue.objects.filter(code="jd").delete()

        with refused(RuleBroken, "There is no callback queue for this"):
            self.preview(incident, ana)
        assert services.call_of(fresh(incident)).trouble.startswith("There is no callback queue")


class TestResolveWithoutReply:
    def test_it_is_resolved_and_closes_in_time(self, ana):
        incident = given_to(ana, "R02")

        services.resolve_without_reply(incident_id=incident.pk, reason="Raised in error", by=ana, at=LATER)

        assert (fresh(incident).state, fresh(incident).replied_at) == ("resolved", None)
        assert last_event(incident) == ("resolve_without_reply", "assigned", "resolved", "Raised in error")
        assert (deadline(incident, "first_reply").ending, deadline(incident, "close").due_at) == ("met", CLOSES)

    def test_the_raiser_on_a_staff_row_is_told_and_the_customer_hears_nothing(self, ana):
        carys = raiser_of(Source.JOBCENTRE)
        incident = given_to(ana, "R02", by=carys)

        services.resolve_without_reply(incident_id=incident.pk, reason="Raised in error", by=ana, at=LATER)

        words = f"{incident.reference} was resolved without a reply to the customer: Raised in error"
        assert told_to(carys) == [words]
        assert not Message.objects.exists()

    def test_on_the_other_rows_nobody_is_told(self, ana):
        incident = given_to(ana, "R14")
        before = Message.objects.count()

        services.resolve_without_reply(incident_id=incident.pk, reason="Spam", by=ana, at=LATER)

        assert Message.objects.count() == before
        assert told_to(ana) == []


class TestNoReplyRoute:
    @pytest.mark.proves("UJ-32")
    @pytest.mark.parametrize("row", NO_ROUTE)
    def test_what_nobody_can_be_told_about_is_kept_for_information(self, ana, row):
        incident = given_to(ana, row)

        services.record_no_reply_route(incident_id=incident.pk, by=ana, at=LATER)

        assert last_event(incident) == ("record_no_reply_route", "assigned", "no_reply_route", "")
        assert (deadline(incident, "first_reply").ending, deadline(incident, "close").due_at) == ("met", CLOSES)

    @pytest.mark.parametrize("row", [row for row in FORMS if row not in NO_ROUTE])
    def test_every_other_row_can_be_answered(self, ana, row):
        incident = given_to(ana, row)

        with refused(RuleBroken, "There is a way to reply to this"):
            services.record_no_reply_route(incident_id=incident.pk, by=ana, at=LATER)


class TestGivenToSomebodyElse:
    def test_the_reply_is_refused_with_who_has_it_and_why(self, ana, bilal, lead):
        """P08: the words stay on her page; the refusal says enough to go on from."""
        incident = given_to(ana, "R14")
        given = {"agent_id": bilal.staff_id, "reason": "Ana is on leave"}
        services.reassign(incident_id=incident.pk, by=lead, at=LATER, **given)

        words = (
            "Bilal Shah has this now. Given to somebody else by Marcus Adeyemi: "
            "From Ana Byrne to Bilal Shah: Ana is on leave"
        )
        with refused(MovedOn, words):
            reply(incident, ana)

    def test_back_with_her_she_sends_it(self, ana, bilal, lead):
        incident = given_to(ana, "R14")
        for agent in (bilal, ana):
            given = {"agent_id": agent.staff_id, "reason": "Back and forth"}
            services.reassign(incident_id=incident.pk, by=lead, at=LATER, **given)

        reply(incident, ana)

        assert fresh(incident).state == "resolved"


@pytest.mark.proves("UJ-31")
def test_a_number_alone_asks_for_no_call():
    incident = submitted("R02", telephone=NUMBER)

    assert not incident.needs_call


@pytest.mark.parametrize("row", ["R02", "R10", "R14"])
def test_a_customer_is_addressed_by_name_and_never_sent_to_contacthub(ana, settings, row):
    settings.SITE_URL = "https://contacthub.example"
    set_up_inboxes()
    incident = given_to(ana, row)

    services.reply(incident_id=incident.pk, text=WORDS, by=ana, at=LATER)

    body = Reply.objects.get().message.body
    assert body.startswith(f"Dear {incident.customer_name}")
    assert "ContactHub" not in body
    assert body.endswith("\nhttps://contacthub.example/contact-us/")


def test_a_colleague_is_led_to_the_incident_in_contacthub(ana, settings):
    settings.SITE_URL = "https://contacthub.example"
    set_up_inboxes()
    incident = given_to(ana, "R03")

    services.reply(incident_id=incident.pk, text=WORDS, by=ana, at=LATER)

    body = Reply.objects.get().message.body
    assert f"open {incident.reference} in ContactHub" in body
    assert f"\nhttps://contacthub.example/jobmatch/{incident.reference}/" in body
