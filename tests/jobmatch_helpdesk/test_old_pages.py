"""Pages that were opened before somebody, in another window or at another desk, moved things on (P08, P09, P11)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from contacthub.cases.models import Event
from contacthub.deadlines.models import Deadline
from contacthub.mail.models import Message
from contacthub.people.models import StaffMember, Unit
from contacthub.submissions.models import Draft
from jobmatch_helpdesk.models import Incident, Reply
from tests.contacthub.ui.markup import check, parse
from tests.jobmatch_helpdesk.situations import TELFORD_INBOX, fresh, given_to, set_up_inboxes

pytestmark = pytest.mark.django_db
WORDS = "word " * 299 + "Ana’s"


@pytest.fixture(autouse=True)
def inboxes(reference):
    set_up_inboxes()


def client_of(by) -> Client:
    client = Client()
    client.force_login(StaffMember.objects.get(pk=by.staff_id))
    return client


@dataclass
class Tab:
    """The page of an incident as it was opened: its own key, and the place of its draft."""

    client: Client
    incident: Incident

    def __post_init__(self) -> None:
        page = parse(self.client.get(self.incident.get_absolute_url()).text)
        form = next(form for form in page.all("form") if form.attrs.get("action", "").endswith("/reply/"))
        self.key = next(node.attrs["value"] for node in form.all("input") if node.attrs["name"] == "key")
        self.place = next(node.attrs["data-draft"] for node in form.walk() if "data-draft" in node.attrs)
        self.shown = form.all("textarea")[0].text

    def types(self, text: str) -> Any:
        return self.client.post("/drafts/keep/", {"place": self.place, "words": json.dumps({"text": text})})

    def sends(self, text: str) -> Any:
        form = {"key": self.key, "text": text, "do": "send"}
        return self.client.post(f"{self.incident.get_absolute_url()}reply/", form, follow=True)

    def does(self, act: str, **given: str) -> Any:
        form = {"key": f"{self.key}-{act}", **given}
        return self.client.post(f"{self.incident.get_absolute_url()}{act}/", form, follow=True)


def replies() -> list[str]:
    """Return the texts that were mailed as replies, and stand on the record as such."""
    texts = [*Reply.objects.order_by("pk").values_list("text", flat=True)]
    mailed = [mail.body for mail in Message.objects.filter(subject__contains="answer", copy_of=None).order_by("pk")]
    assert len(mailed) == len(texts)
    assert all(text in body for text, body in zip(texts, mailed, strict=True))
    return texts


class TestReassigned:
    """Ana writes 300 words; the lead gives it to Bilal; Ana goes on typing, and sends; the lead gives it back."""

    @pytest.fixture
    def tab(self, ana) -> Tab:
        tab = Tab(client_of(ana), given_to(ana, "R14"))
        tab.types(WORDS)
        return tab

    def reassign(self, tab: Tab, lead, to) -> None:
        url = f"{tab.incident.get_absolute_url()}reassign/"
        given = {"key": f"to-{to.staff_id}", "agent_id": str(to.staff_id), "reason": "Ana is on leave"}
        assert client_of(lead).post(url, given).status_code == 302

    def test_the_send_is_refused_with_who_has_it_and_why_and_her_words_stay(self, tab, bilal, lead):
        self.reassign(tab, lead, bilal)
        assert tab.types(f"{WORDS}, and more").status_code == 200

        page = tab.sends(f"{WORDS}, and more")

        assert page.status_code == 409
        why = "Given to somebody else by Marcus Adeyemi: From Ana Byrne to Bilal Shah: Ana is on leave"
        assert f"Bilal Shah has this now. {why}" in page.text
        assert f"{WORDS}, and more" in page.text
        assert Draft.objects.get().words == {"text": f"{WORDS}, and more"}
        assert replies() == []

    def test_who_has_it_now_does_not_find_them_as_a_draft(self, tab, bilal, lead):
        self.reassign(tab, lead, bilal)

        assert Tab(client_of(bilal), tab.incident).shown == ""
        assert "Ana’s" not in client_of(bilal).get("/drafts/").text

    def test_back_with_her_they_are_offered_again_and_sent(self, tab, ana, bilal, lead):
        self.reassign(tab, lead, bilal)
        tab.types(f"{WORDS}, and more")
        self.reassign(tab, lead, ana)

        again = Tab(tab.client, tab.incident)

        assert again.shown == f"{WORDS}, and more"
        again.sends(again.shown)
        assert replies() == [f"{WORDS}, and more"]


class TestTwoWindows:
    @pytest.fixture
    def tabs(self, ana) -> tuple[Tab, Tab]:
        """One draft, shown in two windows."""
        incident = given_to(ana, "R14")
        client = client_of(ana)
        Tab(client, incident).types("Older words")
        return Tab(client, incident), Tab(client, incident)

    def test_both_show_the_draft(self, tabs):
        assert [tab.shown for tab in tabs] == ["Older words"] * 2

    def test_a_letter_typed_in_the_other_after_the_send_brings_nothing_back(self, tabs):
        one, other = tabs
        one.sends("New words")

        assert other.types("Older words!").status_code == 409
        assert not Draft.objects.exists()
        assert replies() == ["New words"]

    def test_a_letter_typed_in_the_other_before_the_send_is_not_what_goes(self, tabs):
        one, other = tabs
        other.types("Older words!")

        one.sends("New words")

        assert not Draft.objects.exists()
        assert replies() == ["New words"]

    @pytest.mark.parametrize("first", ["delete", "send"])
    def test_a_draft_deleted_in_the_other_around_the_send_takes_nothing_away(self, tabs, first):
        one, other = tabs
        delete = f"/drafts/{Draft.objects.get().pk}/delete/"
        steps = [lambda: other.client.post(delete, follow=True), lambda: one.sends("New words")]

        answers = [step() for step in (steps if first == "delete" else steps[::-1])]

        assert [answer.status_code for answer in answers] == [200, 200]
        assert not Draft.objects.exists()
        assert replies() == ["New words"]

    def test_sent_from_both_one_goes_and_the_other_is_shown_with_its_words(self, tabs):
        one, other = tabs
        one.sends("New words")

        page = other.sends("Other words")

        assert page.status_code == 409
        assert "Answered by email by Ana Byrne" in page.text
        assert "Other words" in page.text
        assert replies() == ["New words"]

    def test_given_to_another_who_answers_it_both_keep_their_own_words(self, tabs, lead):
        mine, _ = tabs
        client = client_of(lead)
        given = {"key": "to-lead", "agent_id": str(lead.staff_id), "reason": "I know them"}
        client.post(f"{mine.incident.get_absolute_url()}reassign/", given)
        theirs = Tab(client, mine.incident)
        theirs.types("The lead’s words")
        mine.types("My words")

        theirs.sends("The lead’s words")
        page = mine.sends("My words")

        assert page.status_code == 409
        assert "The lead’s words" in page.text
        assert replies() == ["The lead’s words"]
        assert [draft.words for draft in Draft.objects.all()] == [{"text": "My words"}]


def written() -> list[int]:
    return [model.objects.count() for model in (Event, Deadline, Message, Reply)]


@pytest.mark.proves("UJ-14")
def test_after_a_refused_reply_the_same_page_goes_on_as_if_it_had_not_been_pressed(ana, lead):
    """The ED site has no inbox; everything else on the page still works, and once it is set the reply goes."""
    incident = given_to(ana, "R08")
    Unit.objects.filter(code="ed-telford").update(inbox="")
    tab, before, due_at = Tab(client_of(ana), incident), written(), fresh(incident).due_at

    page = tab.sends("Use another browser")

    assert "Nothing can be sent: the inbox of " in page.text
    assert (fresh(incident).state, fresh(incident).due_at, fresh(incident).replied_at) == ("assigned", due_at, None)
    assert written() == before
    assert tab.types("Use another browser").status_code == 200
    change = {"key": "a-key", "band": "2", "reason": "They rang"}
    client_of(lead).post(f"{incident.get_absolute_url()}change-priority/", change)
    assert (fresh(incident).state, fresh(incident).band, fresh(incident).replied_at) == ("assigned", 2, None)
    assert replies() == []

    Unit.objects.filter(code="ed-telford").update(inbox=TELFORD_INBOX)
    tab.sends("Use another browser")

    assert replies() == ["Use another browser"]
    assert fresh(incident).state == "resolved"
    assert Message.objects.get(copy_of=None, subject__contains="answer").to == TELFORD_INBOX


@pytest.mark.parametrize("act", ["reply", "ask", "put-back"])
def test_a_page_from_before_a_release_that_named_its_box_anew_gives_its_text_back(ana, act):
    tab = Tab(client_of(ana), given_to(ana, "R14"))

    page = tab.does(act, former_name="Use another browser")

    check(page.text)
    assert "Use another browser" in page.text
    assert fresh(tab.incident).state == "assigned"


def test_of_two_windows_that_move_one_incident_one_wins_and_the_other_is_told(ana):
    incident = given_to(ana, "R14")
    one, other = (Tab(client_of(ana), incident) for _ in range(2))
    one.does("resolve", reason="Answered by telephone")
    before = written()

    page = other.does("ask", text="Which browser?", do="send")

    assert page.status_code == 409
    assert "Resolved without a reply by Ana Byrne" in page.text
    assert "Which browser?" in page.text
    assert written() == before
    assert fresh(incident).state == "resolved"
