"""The pages of callbacks: who sees what, what can be pressed, and that nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contacthub.actor import Actor
from contacthub.callbacks import services
from contacthub.callbacks.lifecycle import CallbackState as State
from contacthub.callbacks.listing import Lists
from contacthub.callbacks.models import Attempt, Callback, Queue
from contacthub.callbacks.outcomes import Outcome
from contacthub.clock import now
from contacthub.deadlines.models import FollowUp
from contacthub.formats import UK
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from contacthub.ui.listing import Asked
from jobmatch_helpdesk.models import Incident
from tests.contacthub.callbacks.situations import asked_for, assessor, fresh, incident_of, taken, team_leader
from tests.contacthub.ui.markup import check, parse
from tests.jobmatch_helpdesk.situations import LATER, colleague, set_up_inboxes

pytestmark = pytest.mark.django_db
TELFORD = "/callbacks/queues/ed-telford/"
JD = "/callbacks/queues/jd/"


@pytest.fixture(autouse=True)
def inboxes(reference):
    set_up_inboxes()


def as_(actor: Actor) -> Client:
    client = Client()
    client.force_login(StaffMember.objects.get(pk=actor.staff_id))
    return client


def open_page(client: Client, url: str, *, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status
    html = response.content.decode()
    if status == 200:
        check(html)
    return html


def listed(html: str) -> list[str]:
    """Return the names of the rows of a list."""
    return [
        node.text.partition(" ")[2] for node in parse(html).all("a") if "app-rows__name" in node.attrs.get("class", "")
    ]


def post(client: Client, url: str, *, key: str = "a-key", status: int = 302, **given: str) -> str:
    response = client.post(url, {"key": key, **given})
    assert response.status_code == status, response.content.decode()
    if status == 302:
        return response.url
    html = response.content.decode()
    check(html)
    return html


class TestCallback:
    @pytest.mark.proves("CM-06")
    @pytest.mark.parametrize(
        ("late", "words"), [(timedelta(hours=-5), "Due later"), (timedelta(days=6), "Overdue by more than 5 days")]
    )
    def test_its_age_is_said_in_the_words_of_the_chart(self, ana, late, words):
        callback = asked_for(ana)
        Callback.objects.filter(pk=callback.pk).update(due_at=now() - late)

        assert words in open_page(as_(team_leader()), callback.get_absolute_url())

    @pytest.mark.proves("UJ-26")
    def test_a_risk_to_a_colleague_is_said_on_the_call_in_its_queue_and_at_home(self, ana):
        callback, client = asked_for(ana), as_(team_leader())
        urls = [callback.get_absolute_url(), TELFORD, "/"]
        before = ["Health and safety" in open_page(client, url) for url in urls]
        Callback.objects.filter(pk=callback.pk).update(urgent=True, at_risk=True)

        assert before == [False, False, False]
        assert all("Health and safety" in open_page(client, url) for url in urls)
        assert "A colleague is at risk" in open_page(client, urls[0])

    def test_a_call_that_is_urgent_for_another_reason_says_so_and_of_no_risk(self, ana):
        callback, client = asked_for(ana), as_(team_leader())
        Callback.objects.filter(pk=callback.pk).update(urgent=True)

        pages = [open_page(client, url) for url in (callback.get_absolute_url(), TELFORD, "/")]

        assert all(">Urgent<" in page for page in pages)
        assert not any("Health and safety" in page or "at risk" in page for page in pages)

    @pytest.mark.proves("UJ-34")
    def test_the_caller_sees_all_he_needs(self, ana):
        graham = team_leader()
        callback = taken(ana, graham)

        page = open_page(as_(graham), callback.get_absolute_url())

        shown = [
            "Gwen Parry", 'href="tel:+441632960983"', "01632 960983", "English", "1 of 2", "Use another browser",
            "Ana Byrne", "Cannot sign in", "leave no details", "The Team Leader at Telford makes the call",
        ]  # fmt: skip
        assert [words for words in shown if words not in page] == []
        assert callback.about.reference in page

    def test_every_outcome_has_its_key_and_what_follows(self, ana):
        graham = team_leader()
        callback = taken(ana, graham)

        page = parse(open_page(as_(graham), callback.get_absolute_url()))

        radios = [node for node in page.all("input") if node.attrs.get("name") == "outcome"]
        assert [(node.attrs["value"], node.attrs["data-shortcut"]) for node in radios] == [
            ("spoke", "1"), ("no_answer", "2"), ("engaged", "3"), ("wrong_number", "4"), ("left_message", "5"),
            ("not_in_use", "6"), ("ring_later", "7"),
        ]  # fmt: skip
        follows = {node.attrs["data-outcome"]: node.text for node in page.walk() if "data-outcome" in node.attrs}
        assert follows["spoke"] == "Spoke the call is done"
        assert "After that a letter asks them to ring again" in follows["no_answer"]

    def test_who_switched_single_keys_off_gets_none(self, ana):
        graham = team_leader()
        StaffMember.objects.filter(pk=graham.staff_id).update(single_keys=False)
        callback = taken(ana, graham)

        assert 'data-keys="2"' not in open_page(as_(graham), callback.get_absolute_url())

    def test_before_the_last_attempt_it_says_that_a_letter_follows(self, ana):
        graham = team_leader()
        callback = taken(ana, graham)
        services.record_attempt(callback_id=callback.pk, outcome=Outcome.ENGAGED, by=graham, at=LATER)

        page = open_page(as_(graham), callback.get_absolute_url())

        assert "no more attempts: a letter asks them to ring again, within 1 working day" in page

    @pytest.mark.parametrize(
        ("role", "unit", "is_link"),
        [(Role.JOBCENTRE_ADVISER, "porth-wen", False), (Role.HELPDESK_AGENT, "", True)],
    )
    def test_the_reference_is_a_link_only_for_who_may_see_that_record(self, ana, role, unit, is_link):
        callback = asked_for(ana, "porth-wen")
        Incident.objects.filter(pk=callback.about_id).update(site=None, raised_by=None)

        page = open_page(as_(colleague(role, unit)), callback.get_absolute_url())

        assert callback.about.reference in page
        assert (f'href="/jobmatch/{callback.about.reference}/"' in page) is is_link

    def test_nobodys_is_taken_and_then_mine(self, ana):
        graham = team_leader()
        callback = asked_for(ana)
        client = as_(graham)
        assert "Take this call" in open_page(client, callback.get_absolute_url())

        url = post(client, f"{callback.get_absolute_url()}take/")

        assert fresh(callback).allocated_to_id == graham.staff_id
        assert "What happened?" in open_page(client, url)

    def test_two_who_take_it_the_second_is_told_who_was_first(self, ana):
        rhian, carys = (colleague(Role.JOBCENTRE_ADVISER, "porth-wen", name=name) for name in ("Rhian", "Carys"))
        callback = taken(ana, rhian, "porth-wen")

        page = post(as_(carys), f"{callback.get_absolute_url()}take/", status=409)

        assert "Taken by Rhian, before you pressed. Nothing was changed" in page

    @pytest.mark.parametrize(("role", "unit"), [(Role.HELPDESK_AGENT, ""), (Role.ED_AGENT, "ed-telford")])
    def test_others_who_see_it_cannot_take_it(self, ana, role, unit):
        callback = asked_for(ana)
        client = as_(colleague(role, unit))

        assert "Take this call" not in open_page(client, callback.get_absolute_url())
        assert "are not yours to take" in post(client, f"{callback.get_absolute_url()}take/", status=200)
        assert fresh(callback).state == State.QUEUED

    def test_another_site_does_not_find_it(self, ana):
        callback = asked_for(ana)
        client = as_(team_leader("ed-dundee"))

        open_page(client, callback.get_absolute_url(), status=404)
        assert client.post(f"{callback.get_absolute_url()}record-attempt/", {"key": "a"}).status_code == 404


class TestIncident:
    def test_its_page_leads_to_the_call_for_who_may_see_that(self, ana):
        callback = asked_for(ana)
        raiser = StaffMember.objects.get(name="Carys Morgan")
        url = incident_of(callback).get_absolute_url()

        assert f"{callback.reference}</a>: nobody has the call yet" in open_page(as_(ana), url)

        raiser.memberships.all().delete()
        client = Client()
        client.force_login(raiser)
        assert callback.reference not in open_page(client, url)


class TestHome:
    @pytest.mark.parametrize(
        ("queue", "role", "unit", "count"),
        [
            ("ed-telford", None, "ed-telford", 2),
            ("jd", Role.JD_QUALITY_ASSESSOR, "jd", 2),
            ("porth-wen", Role.JOBCENTRE_ADVISER, "porth-wen", 2),
        ],
    )
    def test_a_caller_sees_the_calls_due_next_and_their_number_in_the_head(self, ana, queue, role, unit, count):
        me = team_leader() if role is None else colleague(role, unit)
        first, second = asked_for(ana, queue, customer_name="A"), asked_for(ana, queue, customer_name="B")
        Callback.objects.filter(pk=second.pk).update(due_at=first.due_at - timedelta(days=1))

        page = open_page(as_(me), "/")

        assert listed(page)[:2] == ["B", "A"]
        assert "Callbacks 2 waiting" in parse(page).text

    @pytest.mark.proves("UJ-26")
    def test_a_caller_sees_what_is_urgent_before_what_is_older(self, ana):
        older, urgent = asked_for(ana), asked_for(ana)
        Callback.objects.filter(pk=urgent.pk).update(urgent=True, due_at=older.due_at + timedelta(days=1))

        page = open_page(as_(team_leader()), "/")

        assert page.index(urgent.reference) < page.index(older.reference)

    def test_an_agent_of_jd_sees_only_what_was_given_to_him(self, ana):
        mensah = colleague(Role.JD_AGENT, "jd")
        given, _ = asked_for(ana, "jd", customer_name="Mine"), asked_for(ana, "jd", customer_name="Nobody’s")
        services.allocate(callback_id=given.pk, caller_id=mensah.staff_id, by=assessor(), at=LATER)

        assert listed(open_page(as_(mensah), "/")) == ["Mine"]

    def test_a_call_that_waits_for_its_next_attempt_is_not_counted(self, ana):
        graham = team_leader()
        services.record_attempt(
            callback_id=taken(ana, graham).pk, outcome=Outcome.RING_LATER, again_at=now() + timedelta(days=2),
            by=graham, at=LATER,
        )  # fmt: skip

        assert "waiting" not in parse(open_page(as_(graham), "/")).all("header")[0].text

    def test_the_lead_of_the_helpdesk_sees_the_ages(self, ana, lead):
        asked_for(ana)

        page = open_page(as_(lead), "/")

        assert "Callbacks by age" in page
        assert "Callbacks 1 overdue" in parse(page).text


class TestAttempt:
    @pytest.fixture
    def graham(self, ana) -> Actor:
        return team_leader()

    @pytest.fixture
    def callback(self, ana, graham) -> Callback:
        return taken(ana, graham)

    def save(self, actor: Actor, callback: Callback, *, status: int = 302, key: str = "k", **given: str) -> str:
        return post(as_(actor), f"{callback.get_absolute_url()}record-attempt/", key=key, status=status, **given)

    @pytest.mark.proves("UJ-34")
    def test_spoke_ends_the_call_and_resolves_the_incident(self, graham, callback):
        self.save(graham, callback, outcome="spoke", words="She will try another browser")

        assert fresh(callback).state == State.COMPLETED
        assert incident_of(callback).state == "resolved"

    @pytest.mark.proves("CM-28")
    def test_two_in_vain_put_a_letter_on_the_list(self, graham, callback):
        for key in ("one", "two"):
            self.save(graham, callback, key=key, outcome="no_answer")

        assert fresh(callback).state == State.UNABLE_TO_CONTACT
        assert "Letter asking the person to ring again" in open_page(as_(graham), f"{TELFORD}?view=letters")

    def test_the_same_press_twice_counts_once(self, graham, callback):
        for _ in range(2):
            self.save(graham, callback, outcome="no_answer")

        assert (Attempt.objects.count(), fresh(callback).unanswered) == (1, 1)

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ({"words": "ZZ kept"}, "Enter what happened on the call"),
            ({"words": "ZZ kept", "outcome": "sang"}, "Select a valid choice"),
            ({"outcome": "ring_later", "words": "ZZ kept"}, "Enter when they asked to be rung"),
            ({"outcome": "no_answer", "again_at": "2001-01-01T10:00", "words": "ZZ kept"}, "must be in the future"),
            ({"outcome": "no_answer", "again_at": "soon", "words": "ZZ kept"}, "must be a day and a time"),
        ],
    )
    def test_a_refusal_says_what_to_do_and_keeps_the_words(self, graham, callback, given, says):
        page = self.save(graham, callback, status=200, **given)

        assert says in page
        assert "ZZ kept</textarea>" in page
        assert not Attempt.objects.exists()

    def test_spoke_needs_words(self, graham, callback):
        page = self.save(graham, callback, status=200, outcome="spoke")

        assert "Enter what you said and what they answered" in page
        assert 'value="spoke" checked' in page

    def test_ring_later_is_kept_in_uk_time(self, graham, callback):
        day = (now() + timedelta(days=3)).date()

        self.save(graham, callback, outcome="ring_later", again_at=f"{day}T00:15")

        found = fresh(callback)
        assert found.next_attempt_at
        assert found.next_attempt_at.astimezone(UK).strftime("%Y-%m-%dT%H:%M") == f"{day}T00:15"
        assert f"{day:%A}" in open_page(as_(graham), callback.get_absolute_url())

    def test_who_never_had_it_is_refused_and_keeps_the_words(self, ana, callback):
        moira = colleague(Role.ED_AGENT, "ed-telford")

        page = self.save(moira, callback, status=200, outcome="spoke", words="ZZ mine")

        assert "Graham Sallow has this call" in page
        assert "ZZ mine</textarea>" in page

    def test_what_was_done_after_it_ended_is_kept_and_said(self, graham, callback):
        services.cancel(callback_id=callback.pk, reason="Rang in", by=graham, at=LATER)
        client = as_(graham)

        url = post(client, f"{callback.get_absolute_url()}record-attempt/", outcome="spoke", words="Told her")

        assert "this call had ended already" in open_page(client, url)
        assert Attempt.objects.get().too_late

    def test_notes_are_read_by_the_staff_of_the_queue_only(self, ana, graham, callback):
        self.save(graham, callback, outcome="no_answer", words="ZZ-INT-3")

        assert open_page(as_(graham), callback.get_absolute_url()).count("ZZ-INT-3") == 2
        assert "ZZ-INT-3" not in open_page(as_(ana), callback.get_absolute_url())


class TestHandBackAndCancel:
    def test_it_goes_back_with_a_reason(self, ana):
        graham = team_leader()
        callback = taken(ana, graham)

        post(as_(graham), f"{callback.get_absolute_url()}hand-back/", reason="At lunch")

        assert fresh(callback).state == State.QUEUED

    @pytest.mark.parametrize(
        ("act", "says"),
        [("hand-back", "Enter why you hand this back"), ("cancel", "Enter why this call is not needed")],
    )
    def test_without_a_reason_nothing_changes(self, ana, act, says):
        graham = team_leader()
        callback = taken(ana, graham)

        page = post(as_(graham), f"{callback.get_absolute_url()}{act}/", status=200, reason=" ")

        assert says in page
        assert fresh(callback).state == State.ALLOCATED

    def test_what_ended_meanwhile_says_who_ended_it_and_keeps_the_reason(self, ana):
        graham = team_leader()
        callback = taken(ana, graham)
        services.cancel(callback_id=callback.pk, reason="Rang in", by=graham, at=LATER)

        page = post(as_(graham), f"{callback.get_absolute_url()}hand-back/", status=409, reason="ZZ lunch")

        assert "Cancelled by Graham Sallow" in page
        assert "ZZ lunch" in page


class TestQueue:
    def test_the_oldest_due_comes_first(self, ana):
        first, second = asked_for(ana, customer_name="First"), asked_for(ana, customer_name="Second")
        Callback.objects.filter(pk=second.pk).update(due_at=first.due_at - timedelta(days=1))

        assert listed(open_page(as_(team_leader()), TELFORD)) == ["Second", "First"]

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("", ["Old", "Mine", "Welsh"]),
            ("?view=unallocated", ["Old", "Welsh"]),
            ("?view=mine", ["Mine"]),
            ("?view=overdue", ["Old"]),
            ("?view=welsh", ["Welsh"]),
            ("?view=ended", ["Gone"]),
            ("?age=five_days", ["Old"]),
            ("?age=later", ["Welsh"]),
            ("?age=soon", ["Mine"]),
            ("?with_whom=nobody", ["Old", "Welsh"]),
            ("?with_whom=me", ["Mine"]),
            ("?age=later&with_whom=me", []),
            ("?view=x&age=x&with_whom=x", ["Old", "Mine", "Welsh"]),
        ],
    )
    @pytest.mark.proves("CM-06")
    def test_each_list_and_filter_shows_what_it_says(self, ana, query, names):
        graham, at = team_leader(), now()
        for name, due, language in [("Old", -6 * 24, "en"), ("Mine", 2, "en"), ("Welsh", 50, "cy"), ("Gone", 1, "en")]:
            callback = asked_for(ana, customer_name=name, language=language)
            if name in ("Mine", "Gone"):
                services.take(callback_id=callback.pk, by=graham, at=LATER)
            if name == "Gone":
                services.cancel(callback_id=callback.pk, reason="Rang in", by=graham, at=LATER)
            else:
                Callback.objects.filter(pk=callback.pk).update(due_at=at + timedelta(hours=due))

        assert listed(open_page(as_(graham), TELFORD + query)) == names

    @pytest.mark.parametrize("view", ["open", "ended", "letters"])
    def test_what_the_filter_sends_is_understood(self, ana, view):
        client = as_(team_leader())
        fields = parse(open_page(client, f"{TELFORD}?view={view}")).all("input")
        sent = {node.attrs["name"]: node.attrs["value"] for node in fields if node.attrs["name"] in ("view", "order")}

        assert "not understood" not in client.get(TELFORD, sent).content.decode()

    def test_the_next_call_is_taken_and_opened(self, ana):
        graham, callback = team_leader(), asked_for(ana)
        client = as_(graham)
        assert "Take the next call" in open_page(client, TELFORD)

        url = post(client, f"{TELFORD}take-next/")

        assert url == callback.get_absolute_url()
        assert fresh(callback).allocated_to_id == graham.staff_id

    def test_where_nothing_waits_it_says_so(self, ana):
        client = as_(team_leader())

        url = post(client, f"{TELFORD}take-next/")

        assert "No call of Telford waits for you" in open_page(client, url)

    def test_an_old_press_takes_another_call_once_its_own_is_done(self, ana):
        graham, first = team_leader(), asked_for(ana)
        client = as_(graham)
        post(client, f"{TELFORD}take-next/")
        services.record_attempt(callback_id=first.pk, outcome=Outcome.SPOKE, words="Told", by=graham, at=LATER)
        second = asked_for(ana)

        assert post(client, f"{TELFORD}take-next/") == second.get_absolute_url()

    @pytest.mark.parametrize("role", [Role.HELPDESK_AGENT, Role.HELPDESK_LEAD])
    def test_the_helpdesk_reads_and_takes_nothing(self, ana, role):
        asked_for(ana)
        client = as_(colleague(role))

        page = open_page(client, TELFORD)

        assert "Take the next call" not in page
        assert "Letters to send" not in page
        assert client.post(f"{TELFORD}take-next/", {"key": "a"}).status_code == 403

    def test_a_queue_of_others_is_not_there(self, ana):
        open_page(as_(team_leader("ed-dundee")), TELFORD, status=404)

    @pytest.mark.parametrize(
        "query", ["?age=%00", "?allocate=%00", "?after=x", "?with_whom=%F0%9F%98%80", "?view=" + "x" * 3000]
    )
    def test_what_nobody_knows_is_left_out(self, ana, query):
        asked_for(ana)

        assert listed(open_page(as_(team_leader()), TELFORD + query)) == ["Gwen Parry"]

    def test_twenty_calls_cost_as_many_queries_as_one(self, ana):
        graham = team_leader()
        client = as_(graham)

        def queries(calls: int, view: str) -> int:
            for _ in range(calls):
                taken(ana, graham)
            with CaptureQueriesContext(connection) as captured:
                open_page(client, f"{TELFORD}?view={view}")
            return len(captured)

        assert queries(1, "open") == queries(4, "open")

    @pytest.mark.parametrize(
        "asked", [Asked(view) for view in ("open", "unallocated", "mine", "overdue", "welsh", "letters", "ended")]
    )
    def test_a_list_is_read_in_the_order_of_an_index(self, asked):
        lists = Lists(team_leader(), asked, LATER, Queue.objects.get(code="ed-telford"))
        with connection.cursor() as cursor, CaptureQueriesContext(connection) as captured:
            cursor.execute(
                "set local enable_seqscan = off; set local enable_sort = off; set local enable_bitmapscan = off"
            )
            lists.page(cursor={}, size=50)
            cursor.execute(f"explain {captured.captured_queries[-1]['sql']}")
            plan = "\n".join(line for (line,) in cursor.fetchall())

        assert "Sort" not in plan
        assert "Seq Scan on callbacks_callback" not in plan


class TestAllocating:
    @pytest.mark.proves("UJ-17")
    def test_an_assessor_gives_the_oldest_to_a_member_of_staff(self, ana):
        mensah = colleague(Role.JD_AGENT, "jd", name="Kofi Mensah", takes_calls_in_welsh=True)
        oldest = asked_for(ana, "jd")
        client = as_(assessor())
        page = open_page(client, JD)
        assert f"Allocate {oldest.reference}" in parse(page).text
        assert "Kofi Mensah, no calls, speaks Welsh" in page

        url = post(client, f"{oldest.get_absolute_url()}allocate/", caller_id=str(mensah.staff_id))

        assert url == JD
        assert fresh(oldest).allocated_to_id == mensah.staff_id
        assert "Kofi Mensah, 1 call, speaks Welsh" in post(
            client, f"{asked_for(ana, 'jd').get_absolute_url()}allocate/", status=200
        )

    def test_the_one_asked_for_stands_in_the_box(self, ana):
        asked_for(ana, "jd")
        second = asked_for(ana, "jd")

        page = open_page(as_(assessor()), f"{JD}?allocate={second.reference}")

        assert f"Allocate {second.reference}" in parse(page).text

    def test_without_a_choice_it_says_what_to_do(self, ana):
        callback = asked_for(ana, "jd")

        page = post(as_(assessor()), f"{callback.get_absolute_url()}allocate/", status=200)

        assert "Select a member of staff" in page
        assert fresh(callback).state == State.QUEUED

    def test_what_somebody_else_gave_away_says_who_did(self, ana):
        mensah, yusuf = colleague(Role.JD_AGENT, "jd"), assessor()
        callback = asked_for(ana, "jd")
        services.allocate(callback_id=callback.pk, caller_id=mensah.staff_id, by=yusuf, at=LATER)

        page = post(as_(yusuf), f"{callback.get_absolute_url()}allocate/", status=409, caller_id=str(yusuf.staff_id))

        assert "Allocated by Yusuf Demir, before you pressed" in page

    def test_an_agent_gives_nothing_and_opens_what_was_given_to_him(self, ana):
        mensah, callback = colleague(Role.JD_AGENT, "jd"), asked_for(ana, "jd")
        client = as_(mensah)
        assert "Who calls" not in open_page(client, JD)
        assert "Only a JD quality assessor" in post(
            client, f"{callback.get_absolute_url()}allocate/", status=200, caller_id=str(mensah.staff_id)
        )
        services.allocate(callback_id=callback.pk, caller_id=mensah.staff_id, by=assessor(), at=LATER)

        assert post(client, f"{JD}take-next/") == callback.get_absolute_url()


class TestLetters:
    @pytest.fixture
    def letter(self, ana) -> FollowUp:
        graham = team_leader()
        callback = taken(ana, graham)
        for _ in range(2):
            services.record_attempt(callback_id=callback.pk, outcome=Outcome.NO_ANSWER, by=graham, at=LATER)
        return FollowUp.objects.get()

    def settle(self, letter: FollowUp, *, status: int = 302, unit: str = "ed-telford", **given: str) -> str:
        client = as_(colleague(Role.ED_AGENT, unit, name="Moira"))
        return post(client, f"/follow-ups/{letter.pk}/settle/", status=status, **given)

    def test_anybody_of_the_unit_ticks_it_off_and_is_back_where_he_was(self, letter):
        assert self.settle(letter, done_on="2026-06-03", back=f"{TELFORD}?view=letters") == f"{TELFORD}?view=letters"

        letter.refresh_from_db()
        assert str(letter.done_on) == "2026-06-03"

    def test_the_day_may_be_written_in_words(self, letter):
        self.settle(letter, done_on="3 June 2026")

        letter.refresh_from_db()
        assert str(letter.done_on) == "2026-06-03"

    @pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "evil"])
    def test_it_leads_nowhere_else(self, letter, back):
        assert self.settle(letter, words="No address held", back=back) == "/follow-ups/"

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ({}, "Enter the day it was done, or say why it is not"),
            ({"done_on": "2999-01-01", "words": "ZZ"}, "must be today or in the past"),
            ({"done_on": "soon", "words": "ZZ"}, "must be a date, like 4 June 2026"),
            ({"done_on": "03/06/0026", "words": "ZZ"}, "must be a date, like 4 June 2026"),
        ],
    )
    def test_a_refusal_keeps_what_was_typed(self, letter, given, says):
        page = self.settle(letter, status=200, **given)

        assert says in page
        assert given.get("words", "") in page

    def test_twice_says_that_it_is_done(self, letter):
        self.settle(letter, words="No address held")

        assert "Somebody has done this already" in self.settle(letter, status=409, words="ZZ sent", key="other")

    def test_another_unit_does_not_find_it(self, letter):
        client = as_(colleague(Role.ED_AGENT, "ed-dundee"))

        assert client.post(f"/follow-ups/{letter.pk}/settle/", {"key": "a"}).status_code == 404
        assert letter.words not in open_page(client, "/follow-ups/")

    @pytest.mark.parametrize(
        ("query", "found"),
        [("", True), ("?kind=letter", True), ("?kind=expected_call", False), ("?due=overdue", True), ("?unit=x", True)],
    )
    def test_each_filter_shows_what_it_says(self, letter, query, found):
        FollowUp.objects.update(due_at=now() - timedelta(hours=1))

        assert (letter.words in open_page(as_(team_leader_of(letter)), f"/follow-ups/{query}")) is found


def team_leader_of(letter: FollowUp) -> Actor:
    return colleague(Role.ED_AGENT, letter.unit.code)
