"""Reply templates: who keeps them, what is refused when one is saved, and the words that an incident gets from one."""

from __future__ import annotations

from typing import Any

import pytest

from contacthub.actor import CLOCK, PUBLIC
from contacthub.cases.models import Event
from contacthub.errors import MovedOn, NotThere, Refused, RuleBroken
from contacthub.mail.models import Message
from contacthub.people.roles import Role
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident, Reply, ReplyTemplate
from jobmatch_helpdesk.services import Wording
from tests.factories import ReplyTemplateFactory
from tests.jobmatch_helpdesk.situations import (
    LATER,
    MORNING,
    brought_to,
    colleague,
    given_to,
    refused,
    set_up_inboxes,
    submitted,
)

pytestmark = pytest.mark.django_db
ENGLISH = "Hello [name], about [reference]. [agent]"
WELSH = "Helo [name], ynghylch [reference]. [agent]"


@pytest.fixture(autouse=True)
def inboxes(reference):
    set_up_inboxes()


def wording(**given: Any) -> Wording:
    return Wording(**{"title": "File too large", "english": "Save it as a PDF", "welsh": "Cadwch fel PDF"} | given)


def add(by, **given: Any) -> ReplyTemplate:
    return services.add_template(wording=wording(**given), by=by, at=MORNING)


def change(template: ReplyTemplate, by, **given: Any) -> ReplyTemplate:
    version = given.pop("version", template.version)
    return services.change_template(template_id=template.pk, version=version, wording=wording(**given), by=by, at=LATER)


def recorded(template: ReplyTemplate) -> list[tuple[str, str, str]]:
    about = Event.objects.filter(subject_label="jobmatch_helpdesk.replytemplate", subject_id=template.pk)
    return [(event.kind, event.actor.name, event.words.text) for event in about.order_by("pk")]


class TestKeeping:
    @pytest.mark.parametrize("role", [Role.HELPDESK_LEAD, Role.ADMINISTRATOR])
    def test_leads_and_administrators_keep_them(self, role):
        template = add(colleague(role))
        change(template, colleague(role), title="Files of more than 5 MB")

        assert ReplyTemplate.objects.get().title == "Files of more than 5 MB"

    @pytest.mark.parametrize(
        "role",
        [
            Role.HELPDESK_AGENT, Role.JOBCENTRE_ADVISER, Role.JD_AGENT, Role.JD_QUALITY_ASSESSOR, Role.ED_AGENT,
            Role.INTEGRATOR, Role.CASEWORKER, None,
        ],
    )  # fmt: skip
    def test_nobody_else_does(self, role):
        template, other = ReplyTemplateFactory(), colleague(role)

        with refused(Refused, "Only a Helpdesk lead or an administrator"):
            add(other)
        with refused(Refused, "Only a Helpdesk lead or an administrator"):
            change(template, other)

    @pytest.mark.parametrize("actor", [PUBLIC, CLOCK])
    def test_who_is_no_member_of_staff_does_not(self, actor):
        with refused(Refused, "Only a Helpdesk lead or an administrator"):
            add(actor)

    @pytest.mark.proves("XC-01", "XC-04")
    def test_each_change_is_on_record_with_before_and_after(self, lead):
        template = add(lead, topic="application", welsh="")

        change(template, lead, topic="fault", english="Save it\n\nas a PDF", offered=False, welsh="")

        assert recorded(template) == [
            (
                "added",
                "Marcus Adeyemi",
                "Title: File too large\n\nTopic: Job application problem\n\nEnglish: Save it as a PDF",
            ),
            (
                "changed",
                "Marcus Adeyemi",
                "Topic: Job application problem → Technical fault\n\n"
                "English, before: Save it as a PDF\n\nEnglish, after: Save it\n\nas a PDF\n\nAgents cannot choose it",
            ),
        ]

    def test_a_text_that_comes_and_one_that_goes_are_told(self, lead):
        template = add(lead, welsh="")

        change(change(template, lead), lead, version=2, welsh="")

        assert [words for _, _, words in recorded(template)][1:] == [
            "Welsh, before: nothing\n\nWelsh, after: Cadwch fel PDF",
            "Welsh, before: Cadwch fel PDF\n\nWelsh, after: nothing",
        ]

    def test_the_same_words_again_change_nothing(self, lead):
        template = add(lead)

        change(template, lead)

        assert len(recorded(template)) == 1
        assert ReplyTemplate.objects.get().version == template.version

    @pytest.mark.proves("XC-01")
    def test_who_read_an_older_version_is_told_who_changed_it(self, lead):
        template = add(lead)
        change(template, lead, title="Changed meanwhile")

        with refused(MovedOn, "Marcus Adeyemi changed this template") as told:
            change(template, lead, title="Mine", version=1)

        assert told.value.at == LATER
        assert ReplyTemplate.objects.get().title == "Changed meanwhile"

    def test_one_that_is_not_there_is_not_found(self, lead):
        with refused(NotThere, "There is no record"):
            services.change_template(template_id=0, version=1, wording=wording(), by=lead, at=MORNING)

    @pytest.mark.parametrize("typed", ["Your contact \n", "Your contact\r\n", " Your\tcontact", "Your contact\u2028"])
    def test_a_title_is_one_line(self, lead, typed):
        assert add(lead, title=typed).title == "Your contact"

    @pytest.mark.parametrize("title", ["File too large", "FILE TOO LARGE"])
    def test_two_of_one_title_could_not_be_told_apart(self, lead, title):
        add(lead)

        with refused(RuleBroken, "Another template has this title") as broken:
            add(lead, title=title)

        assert broken.value.field == "title"

    @pytest.mark.parametrize(
        "odd", ["[nmae]", "[Name]", "[ name ]", "[enw]", "[name1]", "[customer-name]", "{name}", "{{ reference }}"]
    )
    def test_a_misspelt_placeholder_is_named_and_the_right_ones_are_listed(self, lead, odd):
        with refused(RuleBroken, "is no placeholder") as broken:
            add(lead, welsh=f"Annwyl {odd}")

        assert broken.value.message == f"{odd} is no placeholder. Use [name], [reference] or [agent]"
        assert broken.value.field == "welsh"

    def test_everything_that_is_wrong_is_said_at_once(self, lead):
        with refused(RuleBroken, "Enter a title") as broken:
            add(lead, title=" ", english="\n", welsh="[enw]")

        assert [(one.field, one.message) for one in broken.value.all] == [
            ("title", "Enter a title"),
            ("english", "Enter the English text"),
            ("welsh", "[enw] is no placeholder. Use [name], [reference] or [agent]"),
        ]


class TestWords:
    def words(self, incident: Incident, by, template: ReplyTemplate) -> str:
        found = Incident.objects.get(pk=incident.pk)
        return services.words_of_template(incident=found, template_id=template.pk, by=by)

    @pytest.fixture
    def template(self):
        return ReplyTemplateFactory(title="Page timed out", english=ENGLISH, welsh=WELSH)

    @pytest.mark.parametrize(("language", "hello"), [("en", "Hello"), ("cy", "Helo")])
    @pytest.mark.proves("UJ-38")
    def test_they_are_in_the_customers_language_and_filled_in(self, ana, template, language, hello):
        incident = given_to(ana, "R14", language=language)

        assert self.words(incident, ana, template) == (
            f"{hello} Gwen Parry, {'about' if language == 'en' else 'ynghylch'} {incident.reference}. Ana Byrne"
        )

    def test_of_a_staff_members_own_problem_the_name_is_the_staff_members(self, ana, template):
        incident = given_to(ana, "R05", customer_name="", raiser_name="Carys Morgan")

        assert self.words(incident, ana, template).startswith("Hello Carys Morgan,")

    def test_what_the_incident_does_not_have_stays_to_be_seen(self, ana, template):
        incident = given_to(ana, "R15", customer_name="")

        assert self.words(incident, ana, template).startswith("Hello [name], about UJ-")

    @pytest.mark.parametrize("typed", ["{reference}", "{{ 7*7 }}", "%(name)s", "<b>Siân</b> O’Neill"])
    def test_what_the_customer_typed_is_not_read_as_a_placeholder(self, ana, template, typed):
        incident = given_to(ana, "R14", customer_name=typed)

        words = self.words(incident, ana, template)
        services.reply(incident_id=incident.pk, text=words, by=ana, at=LATER)

        assert words.startswith(f"Hello {typed}, about UJ-")
        assert words in Message.objects.latest("pk").body

    @pytest.mark.proves("UJ-38")
    def test_without_welsh_it_is_not_for_a_welsh_customer(self, ana, template):
        ReplyTemplate.objects.update(welsh="")
        incident = given_to(ana, "R14", language="cy")

        with refused(RuleBroken, "“Page timed out” has no Welsh text") as broken:
            self.words(incident, ana, template)

        assert (broken.value.code, broken.value.field) == ("welsh_missing", "template")

    def test_one_that_is_no_longer_offered_is_not_there(self, ana, template):
        incident = given_to(ana, "R14")
        ReplyTemplate.objects.update(offered=False)

        with refused(RuleBroken, "This reply template is no longer there"):
            self.words(incident, ana, template)

    def test_they_are_for_whoever_has_the_incident(self, ana, bilal, template):
        incident = given_to(ana, "R14")

        with refused(MovedOn, "Ana Byrne has this now"):
            self.words(incident, bilal, template)

    def test_nobodys_incident_is_taken_first(self, ana, template):
        incident = submitted("R14")

        with refused(MovedOn, "Received"):
            self.words(incident, ana, template)

    @pytest.mark.proves("XC-04", "UJ-35")
    def test_what_was_sent_stays_as_it_was_sent(self, ana, lead, template):
        incident = given_to(ana, "R14")
        services.reply(incident_id=incident.pk, text=self.words(incident, ana, template), by=ana, at=LATER)
        services.change_template(
            template_id=template.pk, version=template.version, wording=wording(), by=lead, at=LATER
        )

        assert Reply.objects.get().text == f"Hello Gwen Parry, about {incident.reference}. Ana Byrne"


class TestChoices:
    @pytest.fixture(autouse=True)
    def templates(self):
        for title, topic, welsh in [
            ("Screenshot", "fault", "Oes"),
            ("CV", "application", ""),
            ("Closed early", "application", "Oes"),
            ("Password", "sign_in", "Oes"),
            ("Thanks", "", "Oes"),
        ]:
            ReplyTemplateFactory(title=title, topic=topic, welsh=welsh)
        ReplyTemplateFactory(title="Old", offered=False)

    def titles(self, incident: Incident) -> tuple[dict[str, list[str]], list[str]]:
        choices = services.choices_for(incident)
        by_topic = {topic: [template.title for template in rows] for topic, rows in choices.by_topic.items()}
        return by_topic, [template.title for template in choices.without_welsh]

    def test_the_incidents_topic_comes_first_then_what_fits_any(self, django_assert_num_queries):
        with django_assert_num_queries(1):
            by_topic, without = self.titles(Incident(topic="fault"))

        assert [*by_topic.items()] == [
            ("Technical fault", ["Screenshot"]),
            ("Any topic", ["Thanks"]),
            ("Password or sign-in problem", ["Password"]),
            ("Job application problem", ["CV", "Closed early"]),
        ]
        assert without == []

    @pytest.mark.proves("UJ-38")
    def test_those_without_welsh_stand_apart_for_a_welsh_customer(self):
        by_topic, without = self.titles(Incident(language="cy"))

        assert by_topic["Job application problem"] == ["Closed early"]
        assert without == ["CV"]


class TestUnfilled:
    """What is left unfilled is sent by no route; `reply` and `ask_for_call` are in test_answering.py."""

    def test_a_question_is_refused(self, ana):
        incident = given_to(ana, "R14")

        with refused(RuleBroken, r"Fill in or remove \[name\]: it would reach the customer as it is"):
            services.ask(incident_id=incident.pk, text="Which browser, [name]?", by=ana, at=LATER)

    @pytest.mark.parametrize("preview", [services.preview_reply, services.preview_question])
    def test_a_preview_says_so(self, ana, preview):
        incident = brought_to("assigned", ana, "R14")

        with refused(RuleBroken, r"Fill in or remove \[agent\]"):
            preview(incident=incident, text="[agent]", by=ana)
