"""Receiving an incident: routed, on record, due, acknowledged; and escalated where a member of staff is at risk."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from contacthub.actor import PUBLIC
from contacthub.callbacks.models import Callback
from contacthub.cases.models import EventWords
from contacthub.errors import Refused, RuleBroken
from contacthub.mail.models import Mailbox, Message
from contacthub.people.roles import Role
from jobmatch_helpdesk import permissions
from jobmatch_helpdesk.routing import Band, Source
from tests.factories import MORNING, StaffMemberFactory
from tests.jobmatch_helpdesk.situations import (
    CUSTOMER,
    FORMS,
    colleague,
    deadline,
    fresh,
    last_event,
    refused,
    set_up_inboxes,
    submitted,
    told_to,
)

pytestmark = pytest.mark.django_db

# row, band; copied by hand from the decision table
BANDS = {
    "R02": 2, "R03": 2, "R04": 2, "R05": 2, "R06": 3, "R07": 3, "R08": 3, "R09": 3,
    "R10": 3, "R11": 3, "R12": 3, "R13": 3, "R14": 3, "R15": 3, "R16": 3,
}  # fmt: skip
# due for what comes in on Wednesday 3 June at 10am in the UK
DUE = {
    1: datetime(2026, 6, 3, 10, 0, tzinfo=UTC),
    2: datetime(2026, 6, 4, 9, 0, tzinfo=UTC),
    3: datetime(2026, 6, 8, 9, 0, tzinfo=UTC),
}
TARGET = {1: "1 hour", 2: "1 working day", 3: "3 working days"}
RISK = {"escalated": True, "escalation_reason": "He waits outside", "risk_kind": "threat"}


@pytest.fixture(autouse=True)
def inboxes(reference):
    set_up_inboxes()


def acknowledgements() -> list[Message]:
    return list(Message.objects.filter(subject__contains="has your message"))


@pytest.mark.proves("UJ-04", "UJ-10", "UJ-29", "UJ-30", "XC-01")
@pytest.mark.parametrize("row", FORMS)
def test_an_incident_of_every_source_is_received_routed_and_due(row):
    incident = fresh(submitted(row))

    band = BANDS[row]
    assert (incident.state, incident.row, incident.band) == ("received", row, band)
    assert incident.due_at == deadline(incident, "first_reply").due_at == DUE[band]
    words = f"Routed {row}, band {Band(band).label}, reply due in {TARGET[band]}"
    assert last_event(incident) == ("submitted", "", "received", words)
    assert not Callback.objects.exists()


def test_who_raised_it_is_on_record():
    carys = colleague(Role.JOBCENTRE_ADVISER, "porth-wen")

    incident = submitted("R02", by=carys)

    event = incident.case.events.get()
    assert (incident.raised_by_id, event.actor_id, event.at) == (carys.staff_id, carys.staff_id, MORNING)


class TestAcknowledging:
    def test_a_customer_is_told_the_reference_and_how_long_it_takes(self):
        incident = submitted("R14")

        mail = Message.objects.get()
        assert (mail.to, mail.case, mail.state) == (CUSTOMER, incident.case, "queued")
        assert incident.reference in mail.subject
        assert "We answer within 3 working days" in mail.body

    @pytest.mark.proves("UJ-38")
    def test_in_welsh_where_the_customer_asked_for_welsh(self):
        submitted("R14", language="cy")

        mail = Message.objects.get()
        assert mail.language == "cy"
        assert "o fewn 3 diwrnod gwaith" in mail.body

    def test_somebody_who_rang_is_told_and_the_customer_is_not(self):
        submitted("R02", by=colleague(Role.HELPDESK_AGENT), raiser_name="Carys", raiser_email="carys@dwp.example")

        assert [mail.to for mail in acknowledgements()] == ["carys@dwp.example"]

    @pytest.mark.parametrize("row", ["R02", "R16"])
    def test_who_reads_it_on_the_page_or_has_no_address_gets_no_mail(self, row):
        submitted(row)

        assert not Message.objects.exists()

    @pytest.mark.proves("UJ-14")
    def test_a_mailbox_that_is_not_set_keeps_nobody_s_words_out(self):
        Mailbox.objects.update(address="")

        incident = submitted("R14")

        assert incident.state == "received"
        assert not Message.objects.exists()


class TestEscalation:
    @pytest.mark.proves("UJ-25", "UJ-26", "UJ-27")
    @pytest.mark.parametrize("row", ["R02", "R05", "R06", "R09"])
    def test_a_risk_to_staff_goes_first_and_keeps_its_row(self, row):
        incident = fresh(submitted(row, **RISK))

        assert (incident.row, incident.band, incident.escalated_at) == (row, Band.IMMEDIATE, MORNING)
        assert incident.due_at == DUE[1]

    @pytest.mark.proves("UJ-26")
    def test_the_leads_of_the_day_are_told_at_once_and_not_why(self, lead):
        gone = StaffMemberFactory(role=Role.HELPDESK_LEAD, active_to="2026-06-02")

        incident = submitted("R02", **RISK)

        assert told_to(lead) == [f"{incident.reference} is escalated for health and safety"]
        assert told_to(gone) == []

    @pytest.mark.proves("UJ-26")
    def test_who_by_what_channel_and_why_is_on_record_for_the_helpdesk_alone(self, ana):
        carys = colleague(Role.JOBCENTRE_ADVISER, "porth-wen")

        incident = submitted("R02", by=carys, **RISK)

        kind, *_, words = last_event(incident)
        assert (kind, words) == ("escalated", "Contact Us form. Threat. He waits outside")
        assert "escalated" in permissions.words_readable_by(ana)
        assert "escalated" not in permissions.words_readable_by(carys)

    @pytest.mark.proves("UJ-27")
    @pytest.mark.parametrize("row", ["R10", "R13", "R14", "R16"])
    def test_a_customer_cannot_escalate(self, lead, row):
        incident = submitted(row, **RISK)

        assert (incident.band, incident.escalated_at) == (Band.STANDARD, None)
        assert told_to(lead) == []
        assert not EventWords.objects.filter(text="He waits outside").exists()


class TestRefusals:
    @pytest.mark.proves("UJ-29")
    @pytest.mark.parametrize("source", [source for source in Source if source != Source.ONLINE_ANONYMOUS])
    def test_the_public_raises_nothing_but_its_own(self, source):
        row = next(row for row, given in FORMS.items() if given["source"] == source)

        with refused(Refused, "You cannot raise an incident from this source"):
            submitted(row, by=PUBLIC)

    def test_not_allowed_comes_before_what_is_missing(self):
        jo = colleague(Role.JD_AGENT, "jd")

        with refused(Refused, "from this source"):
            submitted("R02", by=jo, customer_email="")

    @pytest.mark.proves("UJ-15", "UJ-18", "UJ-19", "UJ-21")
    def test_everything_that_is_missing_is_said_at_once(self):
        with refused(RuleBroken, "Enter a telephone number") as broken:
            submitted("R04", telephone="", call_required=False, dwp_user_email="")

        assert [error.code for error in broken.value.all] == [
            "phone_required",
            "call_required_required",
            "dwp_email_required",
        ]

    @pytest.mark.proves("UJ-26")
    def test_an_escalation_says_why(self):
        with refused(RuleBroken, "Enter why there is a risk to health and safety"):
            submitted("R02", **RISK | {"escalation_reason": ""})


def test_nothing_is_sent_before_the_commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as waiting:
        submitted("R14")

        assert Message.objects.get().state == "queued"

    assert len(waiting) == 1, "a worker is woken for the one message, after the commit"
