from datetime import UTC, datetime, timedelta

import pytest

from contacthub.actor import PUBLIC
from contacthub.cases.models import Event
from contacthub.deadlines.models import Deadline
from contacthub.errors import MovedOn, NotThere, Refused, RuleBroken
from contacthub.mail.models import Mailbox, Message
from contacthub.people.services import actor_for
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident, Reply
from jobmatch_helpdesk.routing import Band
from tests.factories import MORNING, IncidentFactory, StaffMemberFactory

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(hours=1)


@pytest.fixture
def nobody_special(reference):
    """A member of staff without any role."""
    return actor_for(StaffMemberFactory(), on=MORNING.date())


def submit(**changes) -> Incident:
    words = {"customer_name": "Dafydd Llywelyn", "customer_email": "dafydd@example.org", "description": "Cannot upload"}
    return services.submit(**words | changes, by=PUBLIC, at=MORNING)


def taken_by(actor) -> Incident:
    submit()
    return services.take_next(by=actor, at=MORNING)


class TestSubmit:
    @pytest.mark.proves("UJ-10", "UJ-30")
    def test_an_incident_is_received_and_routed(self, reference):
        incident = submit()

        assert (incident.state, incident.row, incident.band) == ("received", "R14", Band.STANDARD)
        assert incident.reply_to == "dafydd@example.org"

    def test_the_first_reply_is_due_in_three_working_days(self, reference):
        submit()

        assert Incident.objects.get().due_at == datetime(2026, 6, 8, 9, 0, tzinfo=UTC)

    @pytest.mark.proves("XC-01")
    def test_receiving_it_is_on_record(self, reference):
        incident = submit()

        event = incident.case.events.get()
        assert (event.kind, event.actor_kind, event.at, event.after) == ("submitted", "public", MORNING, "received")
        assert event.words.text == "Routed R14, band Standard, reply due in 3 working days"


class TestTakeNext:
    @pytest.mark.proves("UJ-04", "UJ-05")
    def test_the_top_band_goes_first_and_the_oldest_in_it(self, ana):
        young, old = (IncidentFactory(received_at=MORNING - timedelta(days=days)) for days in (1, 2))
        urgent = IncidentFactory(band=Band.IMMEDIATE, received_at=MORNING)
        jobcentre = IncidentFactory(band=Band.JOBCENTRE, received_at=MORNING)

        taken = [services.take_next(by=ana, at=MORNING) for _ in range(4)]

        assert taken == [urgent, jobcentre, old, young]

    @pytest.mark.proves("UJ-05")
    def test_it_is_mine_and_the_timeline_says_why_this_one(self, ana):
        incident = taken_by(ana)

        kept = Incident.objects.get()
        assert (kept.state, kept.assigned_to_id) == ("assigned", ana.staff_id)
        event = incident.case.events.latest("pk")
        assert (event.kind, event.words.text) == ("take", "Next in order: oldest in band Standard")

    def test_where_nothing_waits_there_is_none(self, ana):
        assert services.take_next(by=ana, at=MORNING) is None

    def test_it_is_for_the_helpdesk_only(self, nobody_special):
        submit()

        with pytest.raises(Refused):
            services.take_next(by=nobody_special, at=MORNING)

        assert Incident.objects.get().state == "received"


class TestReply:
    @pytest.mark.proves("UJ-02", "UJ-35")
    def test_a_reply_goes_by_email_where_the_row_says_and_is_kept(self, ana):
        incident = taken_by(ana)

        services.reply(incident_id=incident.pk, text="Save it as a PDF", by=ana, at=LATER)

        kept = Incident.objects.get()
        reply = Reply.objects.get()
        message = Message.objects.get()
        assert (kept.state, kept.replied_at) == ("resolved", LATER)
        assert (reply.text, reply.to, reply.by_id, reply.at) == (
            "Save it as a PDF", "dafydd@example.org", ana.staff_id, LATER,
        )  # fmt: skip
        assert (message.to, message.case, message.state, reply.message) == (reply.to, kept.case, "queued", message)
        assert "Save it as a PDF" in message.body

    def test_a_reply_meets_the_deadline(self, ana):
        incident = taken_by(ana)

        services.reply(incident_id=incident.pk, text="Save it as a PDF", by=ana, at=LATER)

        assert Deadline.objects.get(kind="first_reply").ended_at == LATER

    def test_a_reply_is_on_record(self, ana):
        incident = taken_by(ana)

        services.reply(incident_id=incident.pk, text="Save it as a PDF", by=ana, at=LATER)

        event = incident.case.events.latest("pk")
        assert (event.kind, event.actor_id, event.before, event.after) == (
            "resolve_by_reply", ana.staff_id, "assigned", "resolved",
        )  # fmt: skip

    def test_the_preview_is_what_is_sent(self, ana):
        incident = taken_by(ana)

        shown = services.preview_reply(incident=Incident.objects.get(), text="Save it as a PDF", by=ana)
        services.reply(incident_id=incident.pk, text="Save it as a PDF", by=ana, at=LATER)

        sent = Message.objects.get()
        assert (shown.subject, shown.body, shown.to) == (sent.subject, sent.body, sent.to)

    def refused(self, error, match, **changes):
        """Try to reply, and see that nothing at all was written."""
        events = Event.objects.count()
        before = Incident.objects.get()

        with pytest.raises(error, match=match):
            services.reply(**{"text": "Save it as a PDF", "at": LATER, "incident_id": before.pk} | changes)

        after = Incident.objects.get()
        assert (after.state, after.version) == (before.state, before.version)
        assert Event.objects.count() == events

    def test_an_incident_that_is_not_there_is_refused(self, ana):
        taken_by(ana)

        self.refused(NotThere, "no record", incident_id=0, by=ana)

    def test_a_second_reply_is_refused_and_says_who_did_what(self, ana):
        incident = taken_by(ana)
        services.reply(incident_id=incident.pk, text="First", by=ana, at=MORNING)

        self.refused(MovedOn, "Answered by email by Ana Byrne", by=ana)
        assert Message.objects.count() == 1

    def test_who_has_no_role_does_not_even_learn_that_it_is_there(self, ana, nobody_special):
        taken_by(ana)

        self.refused(NotThere, "no record", by=nobody_special)

    def test_somebody_elses_incident_is_refused_and_says_whose_it_is(self, ana, bilal):
        taken_by(ana)

        self.refused(MovedOn, "Taken by Ana Byrne", by=bilal)
        assert not Message.objects.exists()

    @pytest.mark.parametrize("text", ["", "  \n "])
    def test_an_empty_reply_is_refused(self, ana, text):
        taken_by(ana)

        self.refused(RuleBroken, "Enter your reply", by=ana, text=text)

    @pytest.mark.proves("UJ-14")
    def test_a_mailbox_without_an_address_stops_the_reply_and_everything_stays(self, ana):
        taken_by(ana)
        Mailbox.objects.update(address="")

        self.refused(RuleBroken, "has no address", by=ana)
        assert not Reply.objects.exists()
