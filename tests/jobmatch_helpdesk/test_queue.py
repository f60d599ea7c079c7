"""The lists of incidents, for the Helpdesk and for those who raise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contacthub.actor import Actor
from contacthub.people.models import StaffMember
from contacthub.people.roles import Post, Role, UnitKind
from contacthub.people.services import actor_for
from contacthub.ui.listing import Asked
from jobmatch_helpdesk.lifecycle import IncidentState
from jobmatch_helpdesk.listing import Lists, since, views_of
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import Band, Source
from tests.contacthub.ui.markup import check, parse
from tests.factories import MORNING, IncidentFactory, MembershipFactory, StaffMemberFactory, UnitFactory

pytestmark = pytest.mark.django_db
URL = "/jobmatch/"
HOUR = timedelta(hours=1)


def names(client: Client, query: str = "") -> list[str]:
    page = parse(client.get(f"{URL}{query}").content.decode())
    return [
        node.text.partition(" ")[2] for node in page.all("a") if "app-rows__name" in node.attrs.get("class", "").split()
    ]


def assigned(staff_id: int | None, **given) -> Incident:
    return IncidentFactory(state=IncidentState.ASSIGNED, assigned_to_id=staff_id, **given)


@pytest.fixture
def agent(client, ana) -> Client:
    client.force_login(StaffMember.objects.get(pk=ana.staff_id))
    return client


@pytest.fixture
def some(ana, bilal) -> None:
    """Incidents that tell the lists apart, one in each way."""
    IncidentFactory(customer_name="Old", received_at=MORNING - 9 * HOUR, due_at=MORNING + 9000 * HOUR)
    IncidentFactory(customer_name="Urgent", band=Band.IMMEDIATE, source=Source.ED, site=UnitFactory(), row="R08",
                    received_at=MORNING, due_at=MORNING - HOUR)  # fmt: skip
    assigned(
        ana.staff_id, customer_name="Mine", received_at=MORNING - HOUR, due_at=MORNING + 8000 * HOUR, topic="fault"
    )
    assigned(bilal.staff_id, customer_name="Welsh", language="cy", due_at=MORNING + 7000 * HOUR, band=Band.JOBCENTRE)
    IncidentFactory(
        customer_name="Answered", resolved=True, assigned_to_id=ana.staff_id, received_at=MORNING - 2 * HOUR
    )


class TestHelpdesk:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", ["Urgent", "Welsh", "Old", "Mine"]),
            ("?order=newest", ["Welsh", "Urgent", "Mine", "Old"]),
            ("?order=due", ["Urgent", "Welsh", "Mine", "Old"]),
            ("?view=mine", ["Mine"]),
            ("?view=unassigned", ["Urgent", "Old"]),
            ("?view=overdue", ["Urgent"]),
            ("?view=welsh", ["Welsh"]),
            ("?state=resolved", ["Answered"]),
            ("?view=mine&state=resolved", ["Answered"]),
            ("?state=assigned", ["Welsh", "Mine"]),
            ("?band=1", ["Urgent"]),
            ("?source=ed", ["Urgent"]),
            ("?row=R08", ["Urgent"]),
            ("?topic=fault", ["Mine"]),
            ("?with_whom=nobody", ["Urgent", "Old"]),
            ("?with_whom=me", ["Mine"]),
            ("?band=3&with_whom=nobody", ["Old"]),
            ("?view=overdue&band=3", []),
            ("?state=closed", []),
        ],
    )
    @pytest.mark.proves("UJ-04")
    def test_each_list_and_filter_shows_what_it_says(self, agent, some, query, found):
        assert names(agent, query) == found

    def test_a_site_and_an_agent_can_be_chosen(self, agent, some, bilal):
        site = Incident.objects.get(customer_name="Urgent").site

        assert names(agent, f"?site_id={site.pk}") == ["Urgent"]
        assert names(agent, f"?with_whom={bilal.staff_id}") == ["Welsh"]

    @pytest.mark.parametrize(
        "query",
        [
            "?view=x", "?order=x", "?state=x", "?band=9", "?source=x", "?site_id=abc", "?topic=x", "?row=R99",
            "?with_whom=-1", "?received=x", "?band=%00", "?state=%F0%9F%98%80", "?band=1%27--", "?topic=" + "x" * 3000,
        ],
    )  # fmt: skip
    def test_what_nobody_knows_is_told_and_left_out(self, agent, some, query):
        page = agent.get(URL + query)

        assert page.status_code == 200
        assert "was not understood and is left out" in page.content.decode()
        assert names(agent, query) == ["Urgent", "Welsh", "Old", "Mine"]

    @pytest.mark.parametrize("query", ["?after=x", "?before=%00", "?after=W10=", "?after=WzEsIDIsIDNd"])
    def test_a_cursor_that_is_none_of_ours_starts_at_the_beginning(self, agent, some, query):
        assert names(agent, query) == ["Urgent", "Welsh", "Old", "Mine"]

    def test_answered_ones_are_shown_newest_first_whatever_the_order_was(self, agent, some):
        page = agent.get(f"{URL}?state=resolved&order=next").content.decode()

        assert "not understood" not in page
        assert "<b>newest</b>" in page
        assert "next first" not in page

    def test_a_filter_can_be_removed_alone_or_with_all_others(self, agent, some):
        page = parse(agent.get(f"{URL}?view=unassigned&band=3&row=R14").content.decode())

        links = {node.text: node.attrs["href"] for node in page.all("a")}
        assert links["Band: Standard , remove this filter"] == "?view=unassigned&row=R14"
        assert links["Row: R14 , remove this filter"] == "?view=unassigned&band=3"
        assert links["Clear all"] == "?view=unassigned"

    def test_a_filter_that_hides_all_says_what_it_hides(self, agent, some):
        page = parse(agent.get(f"{URL}?view=overdue&band=3").content.decode())

        links = {node.text: node.attrs["href"] for node in page.all("a")}
        assert links["Overdue without filters: 1"] == "?view=overdue"

    def test_pages_keep_list_order_and_filters(self, agent):
        IncidentFactory.create_batch(120, received_at=MORNING)
        IncidentFactory(band=Band.IMMEDIATE)
        seen, query = [], "?order=newest&band=3"
        while query:
            page = parse(agent.get(URL + query).content.decode())
            seen += [n.text for n in page.all("a") if "app-rows__name" in n.attrs.get("class", "")]
            query = next((n.attrs["href"] for n in page.all("a") if n.attrs.get("rel") == "next"), "")

        assert len(seen) == len(set(seen)) == 120

    def test_counts_stop_at_99(self, agent):
        IncidentFactory.create_batch(101)

        links = [node.text for node in parse(agent.get(URL).content.decode()).all("a")]

        assert "Unassigned 99+" in links
        assert "Mine 0" in links

    def test_what_does_not_run_shows_its_state_and_no_due_time(self, agent, ana):
        IncidentFactory(state=IncidentState.AWAITING_INFORMATION, assigned_to_id=ana.staff_id)

        page = agent.get(URL).content.decode()

        assert "Waiting for an answer</td>" in page
        assert "Overdue by" not in page

    @pytest.mark.parametrize("view", ["open", "mine", "unassigned", "overdue", "welsh"])
    @pytest.mark.parametrize("rows", [0, 1, 60])
    def test_every_list_is_sound(self, agent, ana, view, rows):
        IncidentFactory.create_batch(rows, language="cy", customer_name="<script>1</script>")

        page = agent.get(f"{URL}?view={view}&band=3").content.decode()

        check(page)
        assert "<script>1" not in page


@pytest.mark.parametrize(
    ("received", "at", "begins"),
    [
        # British Summer Time: the UK's midnight is 11pm UTC.
        ("today", datetime(2026, 6, 3, 9, 0, tzinfo=UTC), datetime(2026, 6, 2, 23, 0, tzinfo=UTC)),
        ("today", datetime(2026, 6, 3, 23, 30, tzinfo=UTC), datetime(2026, 6, 3, 23, 0, tzinfo=UTC)),
        ("week", datetime(2026, 6, 3, 9, 0, tzinfo=UTC), datetime(2026, 5, 31, 23, 0, tzinfo=UTC)),
        # The clocks went forward on Sunday 29 March: that week's Monday was still in winter time.
        ("week", datetime(2026, 3, 29, 12, 0, tzinfo=UTC), datetime(2026, 3, 23, 0, 0, tzinfo=UTC)),
        ("week", datetime(2026, 10, 25, 12, 0, tzinfo=UTC), datetime(2026, 10, 18, 23, 0, tzinfo=UTC)),
    ],
)
def test_today_and_this_week_begin_at_midnight_in_the_uk(received, at, begins):
    assert since(received, at) == begins


def test_received_today_leaves_out_yesterday(ana):
    IncidentFactory(received_at=MORNING - 24 * HOUR)
    today = IncidentFactory(received_at=MORNING)
    lists = Lists(ana, Asked(filters={"received": "today"}), MORNING)

    assert lists.page(cursor={}, size=50).rows == [today]


def raiser(role: Role, *, kind: UnitKind = UnitKind.JOBCENTRE, code: str = "pwn") -> StaffMember:
    is_post = role == Role.ED_TEAM_LEADER
    staff = StaffMemberFactory(role=None if is_post else role)
    MembershipFactory(person=staff, unit=UnitFactory(code=code, kind=kind), post=Post.TEAM_LEADER if is_post else "")
    return staff


RAISERS = {
    Role.JOBCENTRE_ADVISER: (UnitKind.JOBCENTRE, ["mine", "site", "asks-me"]),
    Role.ED_AGENT: (UnitKind.ED_SITE, ["mine", "site", "asks-me"]),
    Role.ED_TEAM_LEADER: (UnitKind.ED_SITE, ["mine", "site", "asks-me"]),
    Role.JD_AGENT: (UnitKind.CONTACT_CENTRE, ["mine", "jd", "asks-me"]),
    Role.JD_QUALITY_ASSESSOR: (UnitKind.CONTACT_CENTRE, ["mine", "jd", "asks-me"]),
}


@pytest.mark.parametrize("role", RAISERS)
class TestRaisers:
    @pytest.fixture
    def staff(self, reference, role) -> StaffMember:
        return raiser(role, kind=RAISERS[role][0], code=f"unit-of-{role[:2].lower()}")

    @pytest.fixture
    def actor(self, staff) -> Actor:
        return actor_for(staff, on=MORNING.date())

    @pytest.fixture
    def raised(self, staff, actor, ana) -> None:
        site_id = next(iter(actor.unit_ids))
        source = Source.JD if staff.groups.filter(name__startswith="JD").exists() else Source.JOBCENTRE
        ours = {"source": source, "site_id": site_id, "row": "R02"}
        IncidentFactory(
            customer_name="Mine", raised_by=staff, received_at=MORNING - HOUR, due_at=MORNING + HOUR, **ours
        )
        IncidentFactory(
            customer_name="Asked", raised_by=staff, state=IncidentState.AWAITING_INFORMATION,
            assigned_to_id=ana.staff_id, due_at=MORNING + 2 * HOUR, **ours,
        )  # fmt: skip
        IncidentFactory(customer_name="Done", resolved=True, raised_by=staff, assigned_to_id=ana.staff_id,
                        received_at=MORNING - 2 * HOUR, **ours)  # fmt: skip
        IncidentFactory(customer_name="Colleague’s", received_at=MORNING + HOUR, due_at=MORNING, **ours)
        IncidentFactory(customer_name="Foreign")

    @pytest.fixture
    def page(self, client, staff, raised) -> Client:
        client.force_login(staff)
        return client

    def test_they_have_the_lists_that_are_theirs(self, actor, role):
        assert [*views_of(actor)] == RAISERS[role][1]

    def test_each_list_shows_what_it_says(self, page, role):
        wider = RAISERS[role][1][1]

        assert names(page) == ["Asked", "Mine", "Done"]
        assert names(page, f"?view={wider}") == ["Colleague’s", "Asked", "Mine", "Done"]
        assert names(page, f"?view={wider}&order=due") == ["Colleague’s", "Mine", "Asked"]
        assert names(page, "?view=asks-me") == ["Asked"]
        assert names(page, "?state=resolved") == ["Done"]

    def test_a_list_shows_nothing_that_its_reader_may_not_see(self, page, actor, role):
        for view in RAISERS[role][1]:
            lists = Lists(actor, Asked(view=view), MORNING)
            rows = lists.page(cursor={}, size=50).rows
            assert {*rows} <= {*Incident.objects.visible_to(actor)}

    def test_all_lists_together_show_all_that_may_be_seen(self, page, actor, role):
        found = set()
        for view in RAISERS[role][1]:
            found |= {*Lists(actor, Asked(view=view), MORNING).page(cursor={}, size=50).rows}

        assert found == {*Incident.objects.visible_to(actor)}

    def test_they_raise_and_see_no_bands_nor_the_filters_of_the_helpdesk(self, page):
        html = page.get(URL).content.decode()

        tree = parse(html)
        check(html)
        green = [n for n in tree.all("a") if "govuk-button" in n.attrs.get("class", "").split()]
        assert [(node.text, node.attrs["href"]) for node in green] == [("Raise an incident", "/jobmatch/new/")]
        columns = [node for node in tree.all("main")[0].all("th") if node.attrs.get("scope") == "col"]
        assert [node.text for node in columns] == [
            "Reference and name", "About", "State", "Reply due", "Reply goes to", "With",
        ]  # fmt: skip
        assert [node.attrs["name"] for node in tree.all("select")] == ["state"]
        assert "Next for me" not in html

    def test_the_head_counts_what_the_helpdesk_asks_of_them(self, page):
        head = [node.text for node in parse(page.get(URL).content.decode()).all("nav")]

        assert head[0] == "Incidents 1 waiting for your answer"

    def test_a_list_of_the_helpdesk_is_none_of_theirs(self, page):
        html = page.get(f"{URL}?view=overdue&band=1").content.decode()

        assert "was not understood and is left out: list" in html


@pytest.mark.parametrize("query", ["", "?view=overdue&order=due", "?state=assigned&received=week"])
@pytest.mark.parametrize("role", [Role.HELPDESK_AGENT, Role.JOBCENTRE_ADVISER])
def test_the_number_of_queries_does_not_grow(client, reference, role, query):
    staff = raiser(role)
    client.force_login(staff)

    def queries(count: int) -> int:
        for _ in range(count):
            assigned(StaffMemberFactory().pk, source=Source.ED, row="R08", site=UnitFactory(), raised_by=staff)
        client.get(URL + query)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(URL + query)
        return len(captured)

    assert queries(1) == queries(20)


@pytest.mark.parametrize(
    "asked",
    [
        Asked(),
        Asked(order="newest"),
        Asked(order="due"),
        Asked(view="unassigned"),
        Asked(view="overdue", order="due"),
        Asked(view="welsh"),
        Asked(view="mine", order="due"),
        Asked(filters={"state": "closed"}),
    ],
)
def test_a_list_is_read_in_the_order_of_an_index(ana, asked):
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as captured:
        # An index that gives the order is taken wherever there is one; which of several, an empty table does not tell.
        cursor.execute("set local enable_seqscan = off; set local enable_sort = off; set local enable_bitmapscan = off")
        Lists(ana, asked, MORNING).page(cursor={}, size=50)
        cursor.execute(f"explain {captured.captured_queries[-1]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Sort" not in plan
    assert "Seq Scan on jobmatch_helpdesk_incident" not in plan
