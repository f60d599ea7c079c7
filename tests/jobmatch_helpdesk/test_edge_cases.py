"""The edge cases that the procedure names for Universal Jobmatch, one test a row, with its words.

Raised on Wednesday 3 June at 10am in the UK, answered at 11am.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from contacthub.callbacks import services as callbacks
from contacthub.callbacks.models import Callback
from contacthub.callbacks.outcomes import Outcome
from contacthub.errors import RuleBroken
from contacthub.mail.models import Message, Notice
from contacthub.mail.tasks import send_message
from contacthub.people.models import StaffMember, Unit
from contacthub.people.roles import Post, Role
from jobmatch_helpdesk import services
from jobmatch_helpdesk.lifecycle import IncidentState as State
from jobmatch_helpdesk.routing import Band, CustomerType, Source
from tests.jobmatch_helpdesk.situations import (
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
    submitted,
    told_to,
)

REFUSED = "refused@example.org"  # the mail server of the tests says 550 to it


@pytest.fixture(autouse=True)
def inboxes(reference):
    set_up_inboxes()


@pytest.mark.django_db
class TestOnTheForm:
    @pytest.mark.proves("UJ-15")
    def test_staff_source_email_blank_no_email_not_ticked(self):
        with refused(RuleBroken, "Enter the customer’s email address or select that they do not have one"):
            submitted("R02", customer_email="")

    @pytest.mark.proves("UJ-29", "UJ-33")
    def test_jd_raises_for_an_employer_still_the_jd_queue(self, ana):
        brought_to(State.CALLBACK_PENDING, ana, "R07", customer_type=CustomerType.EMPLOYER)

        assert Callback.objects.get().queue.code == "jd"

    @pytest.mark.proves("UJ-28")
    def test_jobcentre_no_email_dwp_user_is_not_the_raiser(self):
        carys = raiser_of(Source.JOBCENTRE)

        incident = submitted("R04", by=carys, dwp_user_email="team@jobcentre.example")

        assert (incident.row, incident.raised_by_id) == ("R04", carys.staff_id)

    @pytest.mark.proves("UJ-31")
    def test_a_number_given_and_the_customer_has_email_no_callback(self, ana):
        brought_to(State.RESOLVED, ana, "R02", telephone=NUMBER)

        assert not Callback.objects.exists()

    @pytest.mark.proves("UJ-06", "UJ-08")
    def test_a_new_jobseeker_account_without_email(self):
        with refused(RuleBroken, "Only an employer account that came from ERM may have none"):
            submitted("R13", customer_email="", no_email=True)

    @pytest.mark.proves("UJ-07")
    def test_an_employer_account_from_erm_without_email(self):
        assert submitted("R12").state == State.RECEIVED


@pytest.mark.django_db
class TestEscalated:
    @pytest.mark.proves("UJ-26")
    def test_after_the_reply_was_sent_callback_pending(self, ana):
        carys = raiser_of(Source.JOBCENTRE)
        incident = brought_to(State.CALLBACK_PENDING, ana, "R04", by=carys)
        at = LATER + timedelta(hours=2)

        services.escalate(incident_id=incident.pk, reason="He waits outside", by=carys, at=at)

        assert fresh(incident).band == Band.IMMEDIATE
        assert Callback.objects.get().due_at == at + timedelta(hours=1)

    @pytest.mark.proves("UJ-04", "UJ-26")
    def test_one_of_two_jobcentre_incidents_first_whatever_the_age(self, ana):
        carys = raiser_of(Source.JOBCENTRE)
        submitted("R02", by=carys)
        younger = submitted("R02", by=carys, at=LATER)

        services.escalate(incident_id=younger.pk, reason="He waits outside", by=carys, at=LATER)

        assert services.take_next(by=ana, at=LATER) == younger


@pytest.mark.django_db
class TestCallback:
    @pytest.fixture
    def incident(self, ana):
        return brought_to(State.CALLBACK_PENDING, ana, "R09")

    @pytest.fixture
    def graham(self, incident):
        leader = colleague(None, "ed-telford", post=Post.TEAM_LEADER)
        callbacks.take(callback_id=Callback.objects.get().pk, by=leader, at=LATER)
        return leader

    def cancel(self, by):
        callbacks.cancel(callback_id=Callback.objects.get().pk, reason="She wrote to us", by=by, at=LATER)

    @pytest.mark.proves("UJ-34")
    def test_cancelled_the_clock_anew_and_a_new_call_without_a_second_mail(self, ana, incident, graham):
        self.cancel(graham)
        assert (fresh(incident).state, fresh(incident).assigned_to_id) == ("assigned", ana.staff_id)
        assert (deadline(incident, "first_reply").set_at, deadline(incident, "first_reply").ended_at) == (LATER, None)
        mails = Message.objects.count()

        services.ask_for_call(incident_id=incident.pk, text="Use another browser", by=ana, at=LATER)

        assert Callback.objects.open().count() == 1
        assert Message.objects.count() == mails

    def test_an_outcome_recorded_on_one_cancelled_meanwhile(self, incident, graham):
        call = Callback.objects.get()
        self.cancel(callback_lead(call))

        callbacks.record_attempt(callback_id=call.pk, outcome=Outcome.NO_ANSWER, by=graham, at=LATER)

        assert call.tries.get().too_late
        assert last_event(incident)[0] == "call_tried"


def callback_lead(call: Callback):
    """Return a lead whom the queue names."""
    lead = colleague(None)
    call.queue.lead_id = lead.staff_id
    call.queue.save()
    return lead


@pytest.mark.django_db(transaction=True)
@pytest.mark.proves("UJ-36")
class TestTheMailServerRefuses:
    def test_serco_s_inbox_callback_open(self, ana, lead, smtp):
        Unit.objects.filter(code="jd").update(inbox=REFUSED)
        jo = raiser_of(Source.JD)
        incident = brought_to(State.CALLBACK_PENDING, ana, "R07", by=jo)
        assessor = colleague(Role.JD_QUALITY_ASSESSOR, "jd")

        send_message(incident.replies.get().message_id)

        assert (fresh(incident).state, Callback.objects.get().state) == ("callback_pending", "queued")
        assert incident.replies.get().message.state == "failed"
        assert all("the call is made all the same" in told_to(who)[-1] for who in (lead, jo, assessor))

    @pytest.mark.parametrize(("row", "then"), [("R10", "R12"), ("R14", "R16")])
    def test_the_customer_s_own_address(self, ana, smtp, row, then):
        incident = brought_to(State.RESOLVED, ana, row, customer_email=REFUSED)

        send_message(incident.replies.get().message_id)

        kept = fresh(incident)
        assert (kept.state, kept.assigned_to_id, kept.row) == ("assigned", ana.staff_id, then)
        words = incident.case.events.get(kind="facts_changed").words.text
        assert f"Row {row}" in words
        assert f"now row {then}" in words

    def test_an_address_put_right_is_answered_again(self, ana, smtp):
        incident = brought_to(State.RESOLVED, ana, "R14", customer_email=REFUSED)
        send_message(incident.replies.get().message_id)
        reach = replace(services.reach_of(fresh(incident)), customer_email="gwen@example.org", no_email=False)
        services.change_facts(incident_id=incident.pk, reach=reach, by=ana, at=LATER)
        services.reply(incident_id=incident.pk, text="Use another browser", by=ana, at=LATER)

        send_message(incident.replies.latest("pk").message_id)

        assert smtp.received[-1].recipients == ["gwen@example.org"]
        assert fresh(incident).state == "resolved"


@pytest.mark.django_db
@pytest.mark.proves("UJ-14")
def test_the_ed_inbox_for_dundee_is_not_configured(ana):
    dundee = Unit.objects.get(code="ed-dundee")
    incident = given_to(ana, "R08", site_id=dundee.pk)
    admin = colleague(Role.ADMINISTRATOR)
    client = Client()
    client.force_login(StaffMember.objects.get(pk=ana.staff_id))

    page = client.post(
        f"{incident.get_absolute_url()}reply/", {"key": str(uuid4()), "do": "send", "text": "Use another browser"}
    ).content.decode()

    assert "the inbox of Dundee is not set" in page
    assert "Use another browser" in page
    assert Notice.objects.get(person_id=admin.staff_id).words.startswith("Nothing can be sent")
    assert (fresh(incident).state, incident.replies.count()) == ("assigned", 0)
