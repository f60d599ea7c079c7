"""Escalating, changing facts and marking an address as dead, on the pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from contacthub.actor import Actor
from contacthub.callbacks.models import Callback
from contacthub.clock import now
from contacthub.mail.models import Message, Notice
from contacthub.people.models import StaffMember, Unit
from contacthub.people.roles import Role, UnitKind
from contacthub.ui.fields import LastTime
from jobmatch_helpdesk import services
from jobmatch_helpdesk.acts import ACTS
from jobmatch_helpdesk.lifecycle import IncidentState as State
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import Source
from tests.jobmatch_helpdesk.situations import (
    CUSTOMER,
    NUMBER,
    brought_to,
    colleague,
    fresh,
    given_to,
    raiser_of,
    set_up_inboxes,
    submitted,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def inboxes(reference):
    set_up_inboxes()
    Unit.objects.filter(code="ed-dundee").update(inbox="dundee@ed.example")


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(StaffMember.objects.get(pk=actor.staff_id))
    return client


def get(client: Client, incident: Incident, path: str = "") -> str:
    return client.get(f"{incident.get_absolute_url()}{path}", follow=True).content.decode()


def post(client: Client, incident: Incident, path: str, **given: object) -> str:
    words = {"key": str(uuid4()), **given}
    return client.post(f"{incident.get_absolute_url()}{path}/", words, follow=True).content.decode()


def offered(actor: Actor, incident: Incident) -> set[str]:
    return {act.name for act in ACTS if act.offered(actor, incident)}


@pytest.mark.proves("UJ-25", "UJ-26")
class TestEscalate:
    @pytest.fixture
    def carys(self):
        return raiser_of(Source.JOBCENTRE)

    def test_an_agent_records_who_rings(self, ana, carys):
        incident = submitted("R02", by=carys)
        page = get(signed_in(ana), incident)
        assert "Who rang" in page

        page = post(
            signed_in(ana), incident, "escalate", who_rang="Carys Morgan", rang_at="", reason="He waits outside"
        )

        assert "Escalated for health and safety" in page
        assert "Nobody has acted yet" in page
        assert "By telephone: Carys Morgan" in page
        assert page.count('<strong class="govuk-tag govuk-tag--red">Health and safety</strong>') == 1

    def test_a_raiser_is_asked_neither_who_nor_when(self, carys):
        incident = submitted("R02", by=carys)
        page = get(signed_in(carys), incident)
        assert "Who rang" not in page

        page = post(signed_in(carys), incident, "escalate", reason="He waits outside", risk_kind="threat")

        assert "Escalated for health and safety" in page
        assert "He waits outside" not in page, "reasons are for the Helpdesk"
        assert fresh(incident).band == 1

    def test_what_is_missing_is_said_and_what_was_typed_stays(self, ana, carys):
        incident = submitted("R02", by=carys)

        page = post(signed_in(ana), incident, "escalate", who_rang="Carys Morgan", rang_at="25:61", reason="")

        assert page.count("Enter a time, like 10:05 or 2:30pm") == 2
        assert 'value="Carys Morgan"' in page
        assert not fresh(incident).is_escalated

    def test_the_row_of_the_queue_says_so(self, ana, carys):
        post(signed_in(carys), submitted("R02", by=carys), "escalate", reason="He waits outside")

        for who in (ana, carys):
            assert "Health and safety</strong>" in signed_in(who).get("/jobmatch/").content.decode()

    def test_it_is_offered_until_it_is_done_and_for_what_staff_raised(self, ana, carys):
        incident, other = submitted("R02", by=carys), submitted("R14")

        assert "escalate" in offered(ana, incident)
        assert "escalate" in offered(carys, incident)
        assert "escalate" not in offered(colleague(Role.JOBCENTRE_ADVISER, "porth-wen"), incident)
        assert "escalate" not in offered(ana, other)
        services.escalate(incident_id=incident.pk, reason="He waits", by=carys, at=now())
        assert "escalate" not in offered(ana, fresh(incident))


class TestLastTime:
    # At 12:10am in summer time it was 11:55pm the evening before.
    NIGHT = datetime(2026, 6, 2, 23, 10, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("typed", "minutes_ago"), [("00:10", 0), ("11:55pm", 15), ("11.55 PM", 15), ("23:40", 30), ("12:11am", 1439)]
    )
    def test_it_is_the_last_moment_when_it_was_that_time_in_the_uk(self, typed, minutes_ago):
        field = LastTime(required=False)
        field.now = self.NIGHT

        assert field.clean(typed) == self.NIGHT - timedelta(minutes=minutes_ago)

    def test_nothing_is_none(self):
        field = LastTime(required=False)
        field.now = self.NIGHT

        assert field.clean(" ") is None


def facts(**changes: object) -> dict[str, object]:
    """Return what the form of an R08 incident sends, with what is other."""
    site = Unit.objects.get(code="ed-telford").pk
    as_it_is = {"source": "ed", "site": site, "about": "employer", "language": "en", "customer_email": CUSTOMER}
    return as_it_is | {"telephone": "", "reply_choice": "customer"} | changes


@pytest.mark.proves("UJ-10")
class TestChangeFacts:
    @pytest.fixture
    def incident(self, ana):
        return given_to(ana, "R08", customer_type="employer")

    @pytest.fixture
    def client(self, ana):
        return signed_in(ana)

    def test_the_form_begins_with_the_facts_as_they_are(self, client, incident):
        page = get(client, incident, "change-facts/")

        assert f'value="{CUSTOMER}"' in page
        assert 'value="ed" selected' in page
        assert "telford@ed.example" in page

    def test_both_routes_are_shown_before_anything_changes(self, client, incident):
        dundee = Unit.objects.get(code="ed-dundee").pk

        page = post(client, incident, "change-facts", do="look", **facts(site=dundee))

        assert "telford@ed.example" in page
        assert "dundee@ed.example" in page
        assert "Site: Dundee, was Telford" in page
        assert fresh(incident).site.code == "ed-telford"

    def test_then_it_is_changed_once(self, client, incident):
        given = facts(site=Unit.objects.get(code="ed-dundee").pk, key=str(uuid4()))

        for _ in range(2):
            page = post(client, incident, "change-facts", do="change", **given)

        assert "is changed. The reply goes to dundee@ed.example (R08)" in page
        assert incident.case.events.filter(kind="facts_changed").count() == 1

    def test_going_back_keeps_what_was_typed(self, client, incident):
        page = post(client, incident, "change-facts", do="back", **facts(customer_email="new@example.org"))

        assert "Check the change" in page
        assert 'value="new@example.org"' in page

    def test_what_is_missing_is_said_at_its_field(self, client, incident):
        page = post(client, incident, "change-facts", do="look", **facts(customer_email="", no_email="on"))

        assert page.count("Enter a telephone number the customer can be called on") == 2
        assert page.count("Select that a telephone call is required") == 2

    def test_nothing_different_is_said(self, client, incident):
        assert "Nothing is different yet" in post(client, incident, "change-facts", do="change", **facts())

    def test_the_script_is_told_the_new_route(self, client, incident):
        page = post(client, incident, "change-facts/route", **facts(source="jd"))

        assert "uj@serco.example" in page
        assert "<html" not in page

    def test_what_becomes_of_the_call_is_said(self, ana, client):
        incident = brought_to(State.CALLBACK_PENDING, ana, "R09", customer_type="employer")
        call = Callback.objects.get()
        given = facts(no_email="on", call_required="on", telephone="01632 960983", customer_email="")

        to_jd = post(client, incident, "change-facts", do="look", **given | {"source": "jd"})
        with_email = post(client, incident, "change-facts", do="look", **facts(telephone="01632 960983"))

        assert f"{call.reference} goes to" in to_jd
        assert f"{call.reference} is cancelled, and the incident is to be answered again" in with_email

    def test_what_the_row_lacks_stands_on_the_page_of_the_incident(self, ana, client):
        incident = given_to(ana, "R02")
        Incident.objects.filter(pk=incident.pk).update(row="R04", no_email=True, customer_email="")

        page = get(client, incident)

        assert "Enter a telephone number the customer can be called on" in page
        assert "Enter the email address of the DWP user who should get the reply" in page

    def test_a_queue_that_is_not_set_up_is_told_to_administrators_and_nothing_is_lost(self, ana, client):
        admin = colleague(Role.ADMINISTRATOR)
        incident = brought_to(State.CALLBACK_PENDING, ana, "R04")
        new = Unit.objects.create(code="llanfair", name="Llanfair Jobcentre", kind=UnitKind.JOBCENTRE)
        given = facts(source="jobcentre", site=new.pk, about="jobseeker", customer_email="", no_email="on")
        given |= {"telephone": NUMBER, "call_required": "on", "dwp_user_email": "desk@jobcentre.example"}

        page = post(client, incident, "change-facts", do="change", **given)

        assert "There is no callback queue for this" in page
        assert Notice.objects.filter(person_id=admin.staff_id).count() == 1
        assert fresh(incident).site.code == "porth-wen"

    def test_who_may_not_is_sent_to_the_incident_and_told_why(self, bilal, incident):
        page = get(signed_in(bilal), incident, "change-facts/")

        assert "Ana Byrne has this now" in page
        assert "Check the change" not in page


@pytest.mark.proves("UJ-36")
class TestMarkAddressDead:
    def test_an_agent_says_which_and_how_they_know(self, ana):
        incident = brought_to(State.RESOLVED, ana, "R14")
        client = signed_in(ana)
        assert "Mark an address as dead" in get(client, incident)

        page = post(client, incident, "mark-address-dead", address=CUSTOMER, reason="Her mail came back")

        assert "mark an address as dead, done" in page
        assert "The reply reached nobody" in page
        assert fresh(incident).state == "assigned"

    def test_another_address_is_none_of_the_form(self, ana):
        incident = brought_to(State.RESOLVED, ana, "R14")

        post(signed_in(ana), incident, "mark-address-dead", address="other@example.org", reason="Came back")

        assert Message.objects.filter(state="failed").count() == 0
        assert fresh(incident).state == "resolved"

    def test_it_is_offered_where_a_reply_went_by_mail(self, ana, bilal, lead):
        by_mail = brought_to(State.RESOLVED, ana, "R14")
        only_read_out = given_to(ana, "R15")
        services.ask_for_call(incident_id=only_read_out.pk, text="Use another browser", by=ana, at=now())

        assert "mark-address-dead" in offered(ana, by_mail) & offered(lead, by_mail)
        assert "mark-address-dead" not in offered(bilal, by_mail)
        assert "mark-address-dead" not in offered(ana, fresh(only_read_out))
