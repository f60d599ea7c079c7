"""Words between colleagues reach no customer (P16), and half-written ones nobody but who wrote them (P08)."""

from __future__ import annotations

import pytest

from contacthub.errors import MovedOn
from contacthub.mail.models import Message
from contacthub.submissions.models import Draft
from contacthub.submissions.services import draft_of, keep, once, open_place
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import Band
from tests.jobmatch_helpdesk.situations import CUSTOMER, LATER, fresh, given_to, refused, set_up_inboxes, submitted

pytestmark = pytest.mark.django_db
MARK = "ZZ-INT"


@pytest.fixture(autouse=True)
def inboxes(reference):
    set_up_inboxes()


def through_everything(row: str, ana, bilal, lead, **given) -> Incident:
    """Put a mark into every reason that there is, and then ask, answer, reply, reopen and resolve."""
    incident = submitted(row, **given)
    pk, at = {"incident_id": incident.pk}, {"at": LATER}
    services.take(**pk, reason=f"{MARK}-7", by=ana, **at)
    services.put_back(**pk, reason=f"{MARK}-1", by=ana, **at)
    services.assign(**pk, agent_id=ana.staff_id, reason=f"{MARK}-8", by=lead, **at)
    services.reassign(**pk, agent_id=bilal.staff_id, reason=f"{MARK}-2", by=lead, **at)
    other = next(band for band in Band if band != fresh(incident).band)
    services.change_priority(**pk, band=other, reason=f"{MARK}-9", by=lead, **at)
    services.ask(**pk, text="Which browser?", by=bilal, **at)
    services.record_answer(**pk, text=f"{MARK}-10", by=bilal, **at)
    services.reply(**pk, text="Use another browser", by=bilal, **at)
    services.reopen(**pk, reason=f"{MARK}-11", by=lead, **at)
    services.take(**pk, reason=f"{MARK}-7", by=ana, **at)
    services.resolve_without_reply(**pk, reason=f"{MARK}-6", by=ana, **at)
    return incident


RISK = {"escalated": True, "escalation_reason": f"{MARK}-5"}


@pytest.mark.proves("UJ-26")
@pytest.mark.parametrize(("row", "given"), [("R02", RISK), ("R06", RISK), ("R08", RISK), ("R14", {})])
def test_no_reason_stands_in_any_mail(ana, bilal, lead, row, given):
    through_everything(row, ana, bilal, lead, **given)

    assert Message.objects.filter(to=CUSTOMER).exists()
    assert not [mail for mail in Message.objects.all() if MARK in mail.subject + mail.body]


@pytest.mark.parametrize("row", ["R06", "R14"])
def test_no_reason_stands_in_a_preview(ana, bilal, lead, row):
    incident = given_to(ana, row)
    services.put_back(incident_id=incident.pk, reason=f"{MARK}-1", by=ana, at=LATER)
    services.take(incident_id=incident.pk, reason=f"{MARK}-7", by=ana, at=LATER)

    shown = [
        services.preview_reply(incident=fresh(incident), text="Use another browser", by=ana),
        services.preview_question(incident=fresh(incident), text="Which browser?", by=ana),
    ]

    assert not [mail for mail in shown if MARK in mail.subject + mail.body]


class TestHalfWritten:
    """A writes; the lead gives it to B; A goes on typing and sends; the lead gives it back."""

    def place(self, incident: Incident, by):
        title = f"Reply to {incident.reference}"
        return open_place(by, f"reply:{incident.pk}", title=title, link=f"/jobmatch/{incident.reference}/")

    def reassign(self, incident: Incident, to, lead) -> None:
        given = {"agent_id": to.staff_id, "reason": "Ana is on leave"}
        services.reassign(incident_id=incident.pk, by=lead, at=LATER, **given)

    def send(self, incident: Incident, by) -> None:
        def reply() -> str:
            return services.reply(incident_id=incident.pk, text="300 words", by=by, at=LATER).reference

        caller, name = f"staff:{by.staff_id}", f"reply:{incident.pk}"
        once(key="1", caller=caller, request={"text": "300 words"}, at=LATER, do=reply, clears=name)

    @pytest.fixture
    def incident(self, ana):
        incident = given_to(ana, "R14")
        keep(place=self.place(incident, ana).place, words={"text": "300 words"}, by=ana, at=LATER)
        return incident

    def test_a_refused_reply_leaves_the_words_where_they_were(self, ana, bilal, lead, incident):
        self.reassign(incident, bilal, lead)

        with refused(MovedOn, "Bilal Shah has this now.*Ana is on leave"):
            self.send(incident, ana)

        assert draft_of(ana, f"reply:{incident.pk}").words == {"text": "300 words"}

    def test_they_are_not_offered_to_who_has_it_now(self, bilal, lead, incident):
        self.reassign(incident, bilal, lead)

        assert self.place(incident, bilal).words == {}

    def test_back_with_her_they_are_offered_again_and_sent(self, ana, bilal, lead, incident):
        self.reassign(incident, bilal, lead)
        self.reassign(incident, ana, lead)

        assert self.place(incident, ana).words == {"text": "300 words"}
        self.send(incident, ana)
        assert not Draft.objects.exists()
