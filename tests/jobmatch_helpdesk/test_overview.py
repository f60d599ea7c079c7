"""What the home pages of the Helpdesk and of those who raise show. MORNING is 10am in the UK on a Wednesday."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contacthub.clock import now
from contacthub.deadlines.services import NEVER
from contacthub.mail.models import Mailbox
from contacthub.people.models import StaffMember, Unit
from contacthub.people.roles import Role, UnitKind
from jobmatch_helpdesk import overview
from jobmatch_helpdesk.lifecycle import IncidentState
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.permissions import agents
from jobmatch_helpdesk.routing import Band
from tests.contacthub.ui.markup import Node, check, parse
from tests.factories import MORNING, IncidentFactory, MessageFactory, StaffMemberFactory, UnitFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def with_agent(staff_id: int | None, **given) -> Incident:
    return IncidentFactory(**{"state": IncidentState.ASSIGNED, "assigned_to_id": staff_id, **given})


def home_of(client: Client, staff: StaffMember | int | None) -> Node:
    client.force_login(staff if isinstance(staff, StaffMember) else StaffMember.objects.get(pk=staff))
    html = client.get("/").content.decode()
    check(html)
    return parse(html).all("main")[0]


def green(page: Node) -> list[str]:
    """Return what the green buttons say; a key stands beside some."""
    buttons = [*page.all("button"), *page.all("a")]
    classes = {id(node): node.attrs.get("class", "").split() for node in buttons}
    return [
        node.text.removesuffix(" N")
        for node in buttons
        if "govuk-button" in classes[id(node)] and "govuk-button--secondary" not in classes[id(node)]
    ]


class TestAges:
    @pytest.mark.parametrize(
        ("due_in", "span"),
        [
            (4 * HOUR + SECOND, "later"),
            (4 * HOUR, "soon"),
            (SECOND, "soon"),
            (timedelta(0), "overdue"),
            (-DAY + SECOND, "overdue"),
            (-DAY, "one_day"),
            (-5 * DAY, "five_days"),
        ],
    )
    def test_each_stands_in_one_span(self, reference, due_in, span):
        incident = IncidentFactory(due_at=MORNING + due_in)

        counts = {age.band.value: (age.count, age.first) for age in overview.ages(MORNING)}

        nothing = ("0", None)
        assert counts == dict.fromkeys(("later", "soon", "overdue", "one_day", "five_days"), nothing) | {
            span: ("1", incident)
        }

    def test_what_is_not_due_or_not_with_the_helpdesk_is_left_out(self, ana):
        with_agent(ana.staff_id, state=IncidentState.AWAITING_INFORMATION, due_at=NEVER)
        with_agent(ana.staff_id, resolved=True, state=IncidentState.RESOLVED)

        assert [age.count for age in overview.ages(MORNING)] == ["0"] * 5

    def test_the_first_due_is_named_and_bars_are_hundredths_of_the_longest(self, reference):
        for hours in (7, 5, 6, -1):
            IncidentFactory(customer_name=f"Due in {hours}", due_at=MORNING + hours * HOUR)

        ages = {age.band.value: age for age in overview.ages(MORNING)}

        assert ages["later"].first.customer_name == "Due in 5"
        assert (ages["later"].share, ages["overdue"].share, ages["soon"].share) == (100, 34, 0)

    def test_counts_stop_at_99(self, reference):
        IncidentFactory.create_batch(101, due_at=MORNING)

        assert {age.band.value: age.count for age in overview.ages(MORNING)}["overdue"] == "99+"


class TestTeam:
    def team(self):
        return overview.team(list(agents(on=MORNING.date())), at=MORNING)

    def test_it_says_what_each_has_and_what_is_overdue_and_due_next(self, ana, bilal):
        late = with_agent(ana.staff_id, due_at=MORNING - HOUR)
        with_agent(ana.staff_id, due_at=MORNING + HOUR)
        with_agent(ana.staff_id, state=IncidentState.AWAITING_INFORMATION, due_at=NEVER)
        with_agent(ana.staff_id, resolved=True, state=IncidentState.RESOLVED)
        IncidentFactory()

        told = [(one.agent.name, one.has, one.overdue, one.due_next, one.is_gone) for one in self.team()]

        assert told == [("Ana Byrne", 3, 1, late, False), ("Bilal Shah", 0, 0, None, False)]

    def test_who_left_with_something_in_hand_is_named(self, ana, bilal):
        left = with_agent(bilal.staff_id)
        StaffMember.objects.filter(pk=bilal.staff_id).update(active_to=date(2026, 6, 2))

        told = [(one.agent.name, one.has, one.due_next, one.is_gone) for one in self.team()]

        assert told == [("Ana Byrne", 0, None, False), ("Bilal Shah", 1, left, True)]

    def test_what_each_has_is_what_the_list_shows(self, client, ana, lead):
        with_agent(ana.staff_id, due_at=now() - HOUR)
        with_agent(ana.staff_id, due_at=now() + HOUR)
        page = home_of(client, lead.staff_id)

        for words, rows in [("2 with Ana Byrne", 2), ("1 overdue with Ana Byrne", 1)]:
            link = next(node for node in page.all("a") if node.text == words)
            shown = parse(client.get(link.attrs["href"]).content.decode())
            assert len(shown.all("main")[0].all("tr")) == rows + 1


class TestHomeOfALead:
    def test_the_top_of_the_queue_can_be_given_to_somebody_and_one_is_home_again(self, client, lead, ana):
        IncidentFactory(received_at=MORNING - DAY)
        top = IncidentFactory(band=Band.IMMEDIATE, customer_name="Kwame Asante-Boateng")
        page = home_of(client, lead.staff_id)

        assert "Immediate: a risk to a colleague’s health and safety" in page.text
        assert green(page) == ["Assign it"]
        form = next(form for form in page.all("form") if form.attrs["action"].endswith("/assign/"))
        assert form.attrs["action"] == f"/jobmatch/{top.reference}/assign/"
        assert "Ana Byrne" in form.text
        given = {node.attrs["name"]: node.attrs["value"] for node in form.all("input")} | {"agent_id": ana.staff_id}

        response = client.post(form.attrs["action"], given, follow=True)

        assert response.redirect_chain == [("/", 302)]
        assert f"{top.reference}: assign it, done" in response.content.decode()
        given_away = Incident.objects.get(pk=top.pk)
        assert (given_away.state, given_away.assigned_to_id) == ("assigned", ana.staff_id)

    def test_with_nobody_chosen_the_incident_says_so(self, client, lead):
        IncidentFactory()
        page = home_of(client, lead.staff_id)
        form = next(form for form in page.all("form") if form.attrs["action"].endswith("/assign/"))
        given = {node.attrs["name"]: node.attrs["value"] for node in form.all("input")}

        response = client.post(form.attrs["action"], given | {"agent_id": ""})

        assert "Select a Helpdesk agent" in response.content.decode()

    def test_with_nothing_to_assign_the_green_button_is_next(self, client, lead):
        assert green(home_of(client, lead.staff_id)) == ["Next for me"]

    def test_failed_mail_stands_there_in_the_words_of_the_server(self, client, lead):
        incident = IncidentFactory()
        MessageFactory(case=incident.case, failed=True, to="gareth@example.org")

        page = home_of(client, lead.staff_id)

        assert f"{incident.reference} , to gareth@ example.org" in page.text
        assert "550 5.1.1 No such user here" in page.text

    def test_what_the_lead_has_is_shown_only_where_there_is_some(self, client, lead):
        assert "Mine" not in [node.text for node in home_of(client, lead.staff_id).all("h2")]
        with_agent(lead.staff_id)
        assert "Mine" in [node.text for node in home_of(client, lead.staff_id).all("h2")]

    def test_the_number_of_queries_does_not_grow(self, client, lead):
        def queries(count: int) -> int:
            for number in range(count):
                incident = with_agent(
                    StaffMemberFactory(role=Role.HELPDESK_AGENT).pk, due_at=now() + (number - 9) * 3 * HOUR
                )
                IncidentFactory(due_at=now() - DAY)
                MessageFactory(case=incident.case, failed=True)
                with_agent(lead.staff_id)
            client.force_login(StaffMember.objects.get(pk=lead.staff_id))
            client.get("/")
            with CaptureQueriesContext(connection) as captured:
                client.get("/")
            return len(captured)

        assert queries(5) == queries(30)


class TestHomeOfOthers:
    def test_an_agent_is_told_of_an_immediate_one_that_nobody_has(self, client, ana):
        assert "Immediate: a risk" not in home_of(client, ana.staff_id).text
        top = IncidentFactory(band=Band.IMMEDIATE)

        page = home_of(client, ana.staff_id)

        assert "Immediate: a risk to a colleague’s health and safety" in page.text
        assert top.reference in page.text
        assert green(page) == ["Next for me"]

    @pytest.mark.parametrize("role", [Role.JOBCENTRE_ADVISER, Role.JD_AGENT, Role.JD_QUALITY_ASSESSOR, Role.ED_AGENT])
    def test_who_raises_can_raise_from_there(self, client, reference, role):
        assert green(home_of(client, StaffMemberFactory(role=role))) == ["Raise an incident"]

    def test_who_raises_sees_first_what_waits_for_an_answer(self, client, ana):
        rhian = StaffMemberFactory(role=Role.JOBCENTRE_ADVISER)
        with_agent(ana.staff_id, raised_by=rhian, state=IncidentState.AWAITING_INFORMATION, customer_name="Prince")

        page = home_of(client, rhian)

        assert [node.text for node in page.all("h2")] == ["Waiting for your answer", "Raised by you"]

    @pytest.mark.proves("UJ-14")
    def test_an_administrator_sees_which_inboxes_and_addresses_are_not_set(self, client, reference):
        Unit.objects.update(inbox="set@dwp.example")
        Mailbox.objects.update(address="set@dwp.example")
        UnitFactory(code="ashcombe", name="Ashcombe Jobcentre")
        site = UnitFactory(code="ed-here", name="ED Here", kind=UnitKind.ED_SITE)
        mailbox = Mailbox.objects.create(code="other", name="Other mailbox")

        page = home_of(client, StaffMemberFactory(role=Role.ADMINISTRATOR))

        links = {node.text: node.attrs["href"] for node in page.all("a")}
        assert links["ED Here"] == f"/admin/people/unit/{site.pk}/change/"
        assert links["Other mailbox"] == f"/admin/mail/mailbox/{mailbox.pk}/change/"
        assert "Ashcombe Jobcentre" not in page.text
        assert client.get(links["ED Here"]).status_code == client.get(links["Other mailbox"]).status_code == 200

    def test_an_administrator_sees_failed_mail_and_no_case(self, client, reference):
        incident = IncidentFactory()
        MessageFactory(case=incident.case, failed=True)

        page = home_of(client, StaffMemberFactory(role=Role.ADMINISTRATOR))

        assert incident.reference in page.text
        assert f"/jobmatch/{incident.reference}/" not in [node.attrs["href"] for node in page.all("a")]
