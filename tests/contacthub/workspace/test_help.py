"""Help, accessibility and keys, which stand at the foot of every page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import get_resolver

from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from tests.contacthub.ui.markup import Node, check, parse
from tests.factories import StaffMemberFactory
from tests.test_house import names

pytestmark = pytest.mark.django_db
PUBLIC_PAGES = ["/help/", "/accessibility/"]
OF_NO_PAGE = {"trouble", "elsewhere"}


def page_of(client: Client, url: str) -> Node:
    html = client.get(url).content.decode()
    check(html)
    return parse(html)


def main_of(page: Node) -> Node:
    return page.all("main")[0]


def foot_of(page: Node) -> list[tuple[str, str]]:
    return [(link.text, link.attrs["href"]) for link in page.all("footer")[0].all("a")]


@pytest.fixture
def staff(reference) -> StaffMember:
    return StaffMemberFactory(role=Role.HELPDESK_AGENT)


@pytest.fixture
def at_work(client, staff) -> Client:
    client.force_login(staff)
    return client


class TestFoot:
    @pytest.mark.parametrize("url", ["/contact-us/", "/sign-in/", "/help/", "/accessibility/"])
    def test_the_public_finds_help_and_accessibility_on_every_page(self, client, reference, url):
        foot = foot_of(page_of(client, url))

        assert [words for words, _ in foot] == ["Help with this page", "Accessibility statement"]

    @pytest.mark.parametrize("url", ["/", "/jobmatch/", "/account/", "/keys/", "/nowhere/"])
    def test_staff_find_the_keys_too(self, at_work, url):
        assert [words for words, _ in foot_of(page_of(at_work, url))] == [
            "Help with this page", "Keys", "Accessibility statement",
        ]  # fmt: skip

    def test_help_opens_at_the_page_that_one_comes_from(self, client, reference):
        assert foot_of(page_of(client, "/contact-us/who/"))[0][1] == "/help/#jobmatch:contact_us_who"

    def test_it_is_in_welsh_on_welsh_pages(self, client, reference):
        page = page_of(client, "/contact-us/?lang=cy")

        assert [words for words, _ in foot_of(page)] == ["Cymorth gyda’r dudalen hon", "Datganiad hygyrchedd"]


class TestHelp:
    def marks(self, client: Client) -> list[str]:
        """Return what the foot of a page can lead to."""
        return [node.attrs["id"] for node in main_of(page_of(client, "/help/")).walk() if "id" in node.attrs][1:]

    def test_what_it_is_about_is_a_page_that_there_is(self, client, staff):
        public = self.marks(client)
        client.force_login(staff)

        assert {*public, *self.marks(client)} - OF_NO_PAGE <= {*names(get_resolver())}

    def test_pages_of_calls_and_of_feedback_have_their_place(self, at_work):
        asked = {
            "callbacks": ["ageing", "queue", "callback"],
            "deadlines": ["follow_ups"],
            "feedback": ["agree", "check", "confirm", "part_two", "complete", "people_list", "file", "learning"],
            "employers": [
                "identity_email",
                "identity-template",
                "welsh",
                "lines",
                "request-reissue",
                "reissue",
                "reissues",
            ],
        }

        assert {f"{room}:{page}" for room, pages in asked.items() for page in pages} <= {*self.marks(at_work)}

    def test_the_contents_name_every_heading(self, at_work):
        main = main_of(page_of(at_work, "/help/"))

        contents = [(link.text, link.attrs["href"]) for link in main.all("nav")[0].all("a")]
        assert contents == [(heading.text, f"#{heading.attrs['id']}") for heading in main.all("h2")]

    @pytest.mark.proves("EC-10", "EC-63", "CF-44", "CF-45")
    def test_it_says_where_the_procedures_that_are_not_built_point_to(self, at_work):
        text = main_of(page_of(at_work, "/help/")).text

        assert "Policy, Law and Decision Making Guidance" in text
        assert "Complaint - Third Party DEO - Enforced DEO - Self Selected - Set Up DEO - Target Schedule" in text
        assert "Employer - Send Literature Self Service Overview Terminology Changes" in text
        assert "Questions go to your manager. For further help, contact the local Implementation team." in text
        assert "ICE Complaint - resolution Complaint - review Verint" in text

    def test_the_public_reads_about_contact_us_alone(self, client, reference):
        text = main_of(page_of(client, "/help/")).text

        assert "Contact Us reaches the Universal Jobmatch Helpdesk" in text
        assert "Next for me" not in text


@pytest.mark.parametrize("url", PUBLIC_PAGES)
class TestBothLanguages:
    def shape_of(self, client: Client, url: str) -> list[tuple[str, str]]:
        return [(node.tag, node.attrs.get("id", "")) for node in main_of(page_of(client, url)).walk()]

    def test_they_say_the_same_things(self, client, reference, url):
        assert self.shape_of(client, f"{url}?lang=en") == self.shape_of(client, f"{url}?lang=cy")

    def test_no_sentence_is_left_in_english(self, client, reference, url):
        def texts(language: str) -> set[str]:
            main = main_of(page_of(client, f"{url}?lang={language}"))
            return {part for node in main.walk() for part in node.children if isinstance(part, str)}

        assert texts("en") & texts("cy") <= {".", ","}

    def test_the_language_of_contact_us_is_kept(self, client, reference, url):
        client.get("/contact-us/?lang=cy")

        assert page_of(client, url).all("html")[0].attrs["lang"] == "cy"

    def test_staff_read_english_in_the_frame_they_work_in(self, client, staff, url):
        client.get("/contact-us/?lang=cy")
        client.force_login(staff)

        page = page_of(client, url)

        assert page.all("html")[0].attrs["lang"] == "en"
        assert "app-work" in page.all("body")[0].attrs["class"].split()


class TestKeys:
    def heard(self, client: Client, url: str = "/account/") -> list[str]:
        return [row.attrs["data-keys"] for row in page_of(client, url).all("tr") if "data-keys" in row.attrs]

    def test_the_page_lists_what_every_page_hears(self, at_work):
        page = main_of(page_of(at_work, "/keys/"))

        assert [row.attrs["data-keys"] for row in page.all("tr")[1:]] == self.heard(at_work)

    def test_they_are_those_of_what_one_may_do(self, at_work):
        assert self.heard(at_work) == ["n", "j", "k", "a", "1", "/", "f", "?", "g h", "g i", "g c", "Control+Enter"]

    def test_who_has_no_list_of_incidents_has_no_key_for_it(self, client, reference):
        client.force_login(StaffMemberFactory(role=Role.CASEWORKER))

        assert "g i" not in self.heard(client)

    def test_single_keys_can_be_switched_off(self, at_work, staff):
        at_work.post("/account/", {})

        assert self.heard(at_work) == ["Control+Enter"]
        assert "You have switched off the shortcuts without Ctrl" in main_of(page_of(at_work, "/keys/")).text

    def test_a_key_is_shown_as_it_stands_on_the_keyboard(self, at_work):
        rows = [row.all("th")[0].text for row in main_of(page_of(at_work, "/keys/")).all("tr")[1:]]

        assert rows == [
            "N", "J", "K", "A", "1", "/", "F", "?", "G then H", "G then I", "G then C", "Ctrl and Enter",
        ]  # fmt: skip
