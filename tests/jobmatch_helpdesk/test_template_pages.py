"""The pages of reply templates, and the reply editor that they are put into, as a browser without scripts sees them."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacthub.actor import PUBLIC
from contacthub.clock import now
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from contacthub.submissions.models import Draft
from contacthub.submissions.services import keep, open_place
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident, Question, Reply, ReplyTemplate
from jobmatch_helpdesk.services import Wording
from tests.factories import MORNING, IncidentFactory, ReplyTemplateFactory, StaffMemberFactory, told

pytestmark = pytest.mark.django_db
NEW = "/jobmatch/templates/new/"
WORDS = {
    "title": "File too large",
    "topic": "application",
    "offered": "yes",
    "english": "Save [name]’s CV",
    "welsh": "",
}


@pytest.fixture
def lead_client(client, lead):
    client.force_login(StaffMember.objects.get(pk=lead.staff_id))
    return client


def text_of(response) -> str:
    return response.content.decode()


def save(client, url=NEW, **given):
    return client.post(url, WORDS | {"key": str(uuid4()), "version": 0} | given, follow=True)


class TestKeeping:
    def test_a_new_one_is_saved_and_stands_in_the_list_under_its_topic(self, lead_client):
        page = text_of(save(lead_client))

        assert "“File too large” is saved" in page
        assert page.index("Job application problem</th>") < page.index("File too large</bdi>")
        assert "English only" in page

    def test_its_page_has_its_words_and_what_was_changed(self, lead_client):
        save(lead_client)
        template = ReplyTemplate.objects.get()
        save(lead_client, template.get_absolute_url(), version=1, welsh="Cadwch CV [name]")

        page = text_of(lead_client.get(template.get_absolute_url()))

        assert "Save [name]’s CV</textarea>" in page
        assert "Cadwch CV [name]</textarea>" in page
        assert "Welsh, after: Cadwch CV [name]" in page
        assert "by Marcus Adeyemi" in page

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"title": " "}, "Enter a title"),
            ({"title": "x" * 101}, "Title must be 100 characters or fewer"),
            ({"english": ""}, "Enter the English text"),
            ({"welsh": "x" * 20_001}, "Welsh must be 20,000 characters or fewer"),
            ({"welsh": "[enw]"}, "[enw] is no placeholder. Use [name], [reference] or [agent]"),
            ({"offered": ""}, "Select yes if agents can choose it"),
        ],
    )
    def test_a_refusal_says_what_to_do_and_keeps_the_words(self, lead_client, given, message):
        page = text_of(save(lead_client, **{"english": "My words", "title": "My title", **given}))

        assert "<title>Error: " in page
        assert page.count(message) == 2, "in the summary and at the field"
        assert ("My words" in page) or ("My title" in page)
        assert not ReplyTemplate.objects.exists()

    def test_pressing_save_twice_makes_one(self, lead_client):
        for _ in range(2):
            assert "is saved" in text_of(save(lead_client, key="a-key"))

        assert ReplyTemplate.objects.count() == 1

    def test_everything_that_is_wrong_is_said_at_once(self, lead_client):
        page = text_of(save(lead_client, title="", english="", welsh="[enw]"))

        for message in ("Enter a title", "Enter the English text", "[enw] is no placeholder"):
            assert page.count(message) == 2

    def test_who_goes_back_and_saves_other_words_is_told_and_can_make_another(self, lead_client):
        save(lead_client, key="a-key")

        refused = save(lead_client, key="a-key", english="Other words")

        page = text_of(refused)
        assert refused.status_code == 409
        assert "You have already sent this: File too large. To make another template, enter another title" in page
        assert "Other words</textarea>" in page
        key = re.search(r'name="key" value="([^"]+)"', page)[1]
        save(lead_client, key=key, title="Another", english="Other words")
        assert ReplyTemplate.objects.count() == 2

    def test_markup_and_a_line_break_in_a_title_do_no_harm(self, lead_client):
        page = text_of(save(lead_client, title="Bcc: x\r\n<script>"))

        assert ReplyTemplate.objects.get().title == "Bcc: x <script>"
        assert "Bcc: x &lt;script&gt;" in page

    def test_one_that_is_not_there_is_not_found(self, lead_client):
        assert lead_client.get("/jobmatch/templates/999999/").status_code == 404
        assert save(lead_client, "/jobmatch/templates/999999/").status_code == 404


class TestChangedMeanwhile:
    @pytest.fixture
    def template(self, lead, bilal):
        return services.add_template(wording=Wording("CV", "As it was"), by=lead, at=MORNING)

    def change(self, template, by, english):
        given = {"template_id": template.pk, "version": template.version, "wording": Wording("CV", english)}
        services.change_template(**given, by=by, at=now())

    def test_both_texts_are_shown_and_the_next_press_saves_mine(self, lead_client, template, lead):
        self.change(template, lead, "What stands now")

        refused = save(lead_client, template.get_absolute_url(), version=1, english="What I wrote")

        page = text_of(refused)
        assert refused.status_code == 409
        assert "Marcus Adeyemi changed this template. Compare your words with what stands now, then save" in page
        assert "What stands now</p>" in page
        assert "What I wrote</textarea>" in page
        version = re.search(r'name="version" value="(\d+)"', page)[1]
        save(lead_client, template.get_absolute_url(), version=version, english="What I wrote")
        assert ReplyTemplate.objects.get().english == "What I wrote"

    def test_a_draft_from_before_the_change_is_offered_beside_what_stands(self, lead_client, template, lead):
        place = open_place(lead, f"jobmatch:template:{template.pk}", title="t", link="/").place
        keep(place=place, words={"english": "My draft", "title": "CV"}, by=lead, at=now())
        self.change(template, lead, "What stands now")

        page = text_of(lead_client.get(template.get_absolute_url()))

        assert "My draft</textarea>" in page
        assert "What stands now</p>" in page
        assert "<title>Error: " not in page

    def test_saving_clears_the_draft(self, lead_client, template, lead):
        place = open_place(lead, f"jobmatch:template:{template.pk}", title="t", link="/").place
        keep(place=place, words={"english": "My draft"}, by=lead, at=now())

        save(lead_client, template.get_absolute_url(), version=1)

        assert not Draft.objects.exists()


class TestWayThere:
    def test_a_lead_finds_them_on_the_queue(self, lead_client):
        assert "/jobmatch/templates/" in text_of(lead_client.get("/jobmatch/"))

    def test_an_agent_who_may_not_keep_them_sees_no_link(self, client, ana):
        client.force_login(StaffMember.objects.get(pk=ana.staff_id))

        assert "/jobmatch/templates/" not in text_of(client.get("/jobmatch/"))
        assert client.get("/jobmatch/templates/").status_code == 403

    def test_an_administrator_finds_them_at_home(self, client, reference):
        client.force_login(StaffMemberFactory(role=Role.ADMINISTRATOR))

        assert "/jobmatch/templates/" in text_of(client.get("/"))


class TestLists:
    @pytest.mark.parametrize("rows", [1, 20])
    def test_the_list_takes_the_same_queries_for_one_and_for_twenty(self, lead_client, rows, django_assert_num_queries):
        ReplyTemplateFactory.create_batch(rows)

        # session, user, roles, memberships, templates; in the head three counts, of which that of calls asks
        # first for the queues; the session kept in a savepoint
        with django_assert_num_queries(11):
            lead_client.get("/jobmatch/templates/")

    @pytest.mark.parametrize("changes", [1, 9])
    def test_the_history_takes_the_same_queries_for_one_change_and_for_nine(
        self, lead_client, lead, changes, django_assert_num_queries
    ):
        template = services.add_template(wording=Wording("CV", "0"), by=lead, at=MORNING)
        for version in range(1, changes):
            given = {"template_id": template.pk, "version": version, "wording": Wording("CV", str(version))}
            services.change_template(**given, by=lead, at=MORNING)

        # those of the list, and: last sent, draft, changes in the place of templates
        with django_assert_num_queries(14):
            lead_client.get(template.get_absolute_url())

    def test_the_list_is_read_in_the_order_of_an_index(self, lead_client):
        with connection.cursor() as cursor, CaptureQueriesContext(connection) as captured:
            cursor.execute("set local enable_seqscan = off; set local enable_sort = off")
            lead_client.get("/jobmatch/templates/")
            read = next(
                one["sql"] for one in captured.captured_queries if 'FROM "jobmatch_helpdesk_reply' in one["sql"]
            )
            cursor.execute(f"explain {read}")
            plan = "\n".join(line for (line,) in cursor.fetchall())

        assert "Index Scan using template_topic" in plan
        assert "Sort" not in plan

    def test_more_than_a_page_of_them_is_turned_over(self, lead_client):
        ReplyTemplateFactory.create_batch(51)

        first = text_of(lead_client.get("/jobmatch/templates/"))
        link = re.search(r'href="(\?after=[^"]+)"', first)[1]
        second = text_of(lead_client.get(f"/jobmatch/templates/{link}"))

        seen = [set(re.findall(r"Template \d+", page)) for page in (first, second)]
        assert [len(titles) for titles in seen] == [50, 1]
        assert not seen[0] & seen[1]

    @pytest.mark.parametrize("templates", [1, 20])
    def test_the_incident_page_reads_all_templates_at_once(self, client, ana, templates, django_assert_num_queries):
        ReplyTemplateFactory.create_batch(templates)
        page = taken(ana).get_absolute_url()
        client.force_login(StaffMember.objects.get(pk=ana.staff_id))

        # as in test_pages.py, and: draft, last sent, templates
        with django_assert_num_queries(21):
            client.get(page)


def taken(by, **given) -> Incident:
    services.submit(told(**given), by=PUBLIC, at=now())
    incident = services.take_next(by=by, at=now())
    assert incident
    return incident


@pytest.mark.proves("XC-04")
class TestWhatAReplyBeganFrom:
    @pytest.fixture
    def incident(self, ana):
        return taken(ana)

    @pytest.fixture
    def agent_client(self, client, ana):
        client.force_login(StaffMember.objects.get(pk=ana.staff_id))
        return client

    def hidden(self, response) -> list[str]:
        return re.findall(r'name="began_from" value="(\d+)"', text_of(response))

    def test_goes_along_from_inserting_to_the_timeline(self, agent_client, incident):
        template, url = (
            ReplyTemplateFactory(title="Link expired", english="The link works once"),
            incident.get_absolute_url(),
        )
        given = {"text": "", "key": str(uuid4()), "template": template.pk}
        inserted = agent_client.post(f"{url}insert-template/", given)
        given = {"text": "The link works once", "key": given["key"], "began_from": self.hidden(inserted)[0]}
        preview = agent_client.post(f"{url}reply/", given | {"do": "preview"})
        back = agent_client.post(f"{url}reply/", given | {"do": "change"})

        agent_client.post(f"{url}reply/", given | {"do": "send"})

        assert [self.hidden(page) for page in (inserted, preview, back)] == [[str(template.pk)]] * 3
        assert Reply.objects.get().template == template
        assert "Began from the template “Link expired”" in text_of(agent_client.get(url))

    def test_is_the_first_that_was_inserted(self, agent_client, incident):
        first, second = ReplyTemplateFactory.create_batch(2)
        given = {"text": first.english, "key": str(uuid4()), "began_from": first.pk, "template": second.pk}

        assert self.hidden(agent_client.post(f"{incident.get_absolute_url()}insert-template/", given)) == [
            str(first.pk)
        ]

    def test_is_none_where_the_words_are_one_s_own(self, agent_client, incident):
        url = incident.get_absolute_url()

        agent_client.post(f"{url}reply/", {"text": "My own words", "key": str(uuid4()), "do": "send"})

        assert Reply.objects.get().template is None
        assert "Began from" not in text_of(agent_client.get(url))

    @pytest.mark.parametrize("odd", ["999999", "x", "-1", "9" * 30])
    def test_that_is_not_there_is_refused_and_nothing_typed_is_lost(self, agent_client, incident, odd):
        given = {"text": "My own words", "key": str(uuid4()), "began_from": odd, "do": "send"}

        page = text_of(agent_client.post(f"{incident.get_absolute_url()}reply/", given))

        assert "My own words</textarea>" in page
        assert "There is a problem" in page
        assert not Reply.objects.exists()


class TestInserting:
    @pytest.fixture
    def agent_client(self, client, ana):
        client.force_login(StaffMember.objects.get(pk=ana.staff_id))
        return client

    @pytest.fixture
    def template(self):
        return ReplyTemplateFactory(title="Timed out", english="Hello [name]: [reference]", welsh="Helo [name]")

    def insert(self, client, incident, template, **given):
        posted = {"key": "a-key", "template": template if isinstance(template, str) else template.pk, "text": ""}
        return client.post(f"{incident.get_absolute_url()}insert-template/", posted | given)

    def test_it_stands_under_what_was_typed(self, agent_client, ana, template):
        incident = taken(ana)

        page = text_of(self.insert(agent_client, incident, template, text="What I typed\r\n"))

        assert f"What I typed\n\nHello Dafydd Llywelyn: {incident.reference}</textarea>" in page
        assert 'value="a-key"' in page
        assert "Inserted" in page
        assert not Reply.objects.exists()

    @pytest.mark.proves("UJ-38")
    def test_for_a_welsh_customer_it_is_the_welsh_text(self, agent_client, ana, template):
        page = text_of(self.insert(agent_client, taken(ana, language="cy"), template))

        assert "Helo Dafydd Llywelyn</textarea>" in page

    @pytest.mark.proves("UJ-38")
    def test_without_welsh_it_cannot_be_chosen_and_the_reason_stands_there(self, agent_client, ana, template):
        ReplyTemplate.objects.update(welsh="")
        incident = taken(ana, language="cy")

        page = text_of(agent_client.get(incident.get_absolute_url()))
        forced = text_of(self.insert(agent_client, incident, template, text="What I typed"))

        assert '<optgroup label="No Welsh text, this customer prefers Welsh">' in page
        assert f'<option value="{template.pk}" disabled>Timed out</option>' in page
        assert forced.count("“Timed out” has no Welsh text") == 2
        assert "What I typed</textarea>" in forced

    def test_what_is_missing_is_marked_and_no_route_sends_it(self, agent_client, ana, template):
        incident = taken(ana, customer_name="")

        page = text_of(self.insert(agent_client, incident, template))
        url = incident.get_absolute_url()
        answers = [
            text_of(agent_client.post(f"{url}{way}/", {"key": str(uuid4()), "text": "Hello [name]", "do": do}))
            for way in ("reply", "ask")
            for do in ("preview", "send", "send-and-next")
        ]

        assert "Hello [name]: UJ-" in page
        assert "Fill in [name]: the incident does not have it" in page
        for answer in answers:
            assert answer.count("Fill in or remove [name]") == 2
            assert "Hello [name]</textarea>" in answer
        assert not Reply.objects.exists()
        assert not Question.objects.exists()

    @pytest.mark.parametrize("chosen", ["", "x", "-1", "9" * 30])
    def test_nothing_to_insert_is_said_and_the_words_stay(self, agent_client, ana, template, chosen):
        page = text_of(self.insert(agent_client, taken(ana), chosen, text="What I typed"))

        words = "This reply template is no longer there" if chosen.startswith("9") else "Select a reply template"
        assert page.count(words) == 2
        assert "What I typed</textarea>" in page

    def test_once_the_incident_is_somebody_elses_the_words_are_shown(self, agent_client, ana, bilal, template):
        incident = taken(bilal)

        response = self.insert(agent_client, incident, template, text="What I typed")

        assert response.status_code == 409
        assert "What I typed" in text_of(response)

    def test_where_there_is_none_the_editor_has_no_list(self, agent_client, ana):
        assert "Reply template" not in text_of(agent_client.get(taken(ana).get_absolute_url()))

    def test_who_was_sent_there_by_signing_in_lands_on_the_incident(self, agent_client, ana):
        incident = taken(ana)

        answer = agent_client.get(f"{incident.get_absolute_url()}insert-template/")

        assert answer.url == incident.get_absolute_url()

    def test_an_incident_that_is_not_there_is_not_found(self, agent_client, template):
        url = reverse("jobmatch:insert-template", args=["UJ-999999"])

        assert agent_client.post(url, {"template": template.pk}).status_code == 404


class TestForTheScript:
    def ask(self, client, incident, template):
        url = f"{incident.get_absolute_url()}insert-template/"
        return client.post(url, {"template": template}, headers={"accept": "application/json"})

    @pytest.fixture
    def template(self):
        return ReplyTemplateFactory(title="Timed out", english="Hello [name]", welsh="")

    @pytest.fixture
    def agent_client(self, client, ana):
        client.force_login(StaffMember.objects.get(pk=ana.staff_id))
        return client

    def test_it_gets_the_words_alone(self, agent_client, ana, template):
        answer = self.ask(agent_client, taken(ana), template.pk)

        assert answer.json() == {"words": "Hello Dafydd Llywelyn", "said": "Inserted. Check it before you send"}

    @pytest.mark.parametrize(
        ("language", "chosen", "why"),
        [("cy", None, "“Timed out” has no Welsh text"), ("en", "", "Select a reply template to insert")],
    )
    def test_it_is_told_why_not(self, agent_client, ana, template, language, chosen, why):
        answer = self.ask(agent_client, taken(ana, language=language), template.pk if chosen is None else chosen)

        assert answer.status_code == 422
        assert answer.json()["why"].startswith(why)

    def test_it_is_told_who_has_the_incident(self, agent_client, ana, bilal, template):
        answer = self.ask(agent_client, taken(bilal), template.pk)

        assert answer.status_code == 409
        assert answer.json()["why"].startswith("Bilal Shah has this now")

    def test_it_is_told_nothing_of_what_is_not_there(self, client, reference, template):
        client.force_login(StaffMemberFactory(role=Role.ADMINISTRATOR))

        assert self.ask(client, IncidentFactory(), template.pk).status_code == 404
