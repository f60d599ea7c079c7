"""Contact Us as a browser without JavaScript sees it: a question a page, checked, sent once, in two languages."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client
from django.utils.translation.template import templatize

from contacthub import formats
from contacthub.clock import now
from contacthub.mail.models import Message
from contacthub.people.models import StaffMember
from contacthub.submissions.models import Visits
from jobmatch_helpdesk.models import Incident
from tests.contacthub.ui.markup import check, parse

pytestmark = pytest.mark.django_db
ROOT = Path(settings.BASE_DIR)
START = "/contact-us/"
WHO = {"customer_type": "jobseeker", "customer_name": "Siân O’Neill-ap Rhys"}
REPLY = {"customer_email": "sian@example.org"}
ABOUT = {"topic": "application"}
HAPPENED = {"description": "The page goes white when I press apply.\n\nI tried twice."}
ANSWERS = {"who": WHO, "reply": REPLY, "about": ABOUT, "happened": HAPPENED}
NO_EMAIL = {"customer_email": "", "no_email": "on"}
BY_CALL = {**NO_EMAIL, "telephone": "07700 900118"}


def text_of(response) -> str:
    return response.content.decode()


def key_of(response) -> str:
    return next(node.attrs["value"] for node in parse(text_of(response)).all("input") if node.attrs["name"] == "key")


def address(step: str) -> str:
    return f"{START}{step}/"


def give(client: Client, step: str, **typed: str):
    """Type into a page as it is opened, and press Continue."""
    key = key_of(client.get(address(step)))
    return client.post(address(step), {"key": key, **ANSWERS[step], **typed})


def answer_all(client: Client, **changes: dict[str, str]) -> None:
    for step in ANSWERS:
        give(client, step, **changes.get(step, {}))


def send(client: Client):
    key = key_of(client.get(address("check")))
    return client.post(address("check"), {"key": key}, follow=True)


def told(client: Client, **changes: dict[str, str]) -> Incident:
    answer_all(client, **changes)
    send(client)
    return Incident.objects.latest("pk")


class TestTheRoad:
    def test_each_page_leads_to_the_next_and_the_last_to_the_check(self, client, reference):
        assert client.get(START).status_code == 200
        assert [give(client, step).url for step in ANSWERS] == [
            address("reply"),
            address("about"),
            address("happened"),
            address("check"),
        ]

    @pytest.mark.proves("UJ-30")
    def test_what_was_told_becomes_an_incident(self, client, reference):
        incident = told(client, happened={"earlier_reference": "UJ-000123"})

        assert (incident.source, incident.channel, incident.row) == ("online_anonymous", "form", "R14")
        assert (incident.customer_type, incident.customer_name) == ("jobseeker", "Siân O’Neill-ap Rhys")
        assert (incident.customer_email, incident.no_email, incident.telephone) == ("sian@example.org", False, "")
        assert (incident.topic, incident.description) == ("application", HAPPENED["description"])
        assert (incident.language, incident.earlier_reference) == ("en", "UJ-000123")

    def test_a_changed_answer_leads_back_to_the_check(self, client, reference):
        answer_all(client)

        response = give(client, "who", customer_name="Siân Rhys")

        assert response.url == address("check")
        assert "Siân Rhys" in text_of(client.get(response.url))

    def test_the_check_shows_every_answer_with_a_link_to_change_it(self, client, reference):
        answer_all(client, reply=BY_CALL)

        page = parse(text_of(client.get(address("check"))))

        rows = [[part.text for part in row.children] for row in page.walk() if row.attrs.get("class") == ROW]
        assert rows == [
            ["You are", "Looking for a job", "Change who you are"],
            ["Name", "Siân O’Neill-ap Rhys", "Change your name"],
            ["Email address", "I do not have an email address", "Change your email address"],
            ["Telephone number", "07700 900118", "Change your telephone number"],
            ["Language of the call", "English", "Change the language of the call"],
            ["About", "Job application problem", "Change what it is about"],
            ["What happened", "The page goes white when I press apply. I tried twice.", "Change what happened"],
        ]

    def test_the_check_leads_to_what_is_not_answered(self, client, reference):
        give(client, "who")

        assert client.get(address("check")).url == address("reply")

    @pytest.mark.parametrize("step", ["check", "sent"])
    def test_who_answered_nothing_is_led_to_the_start(self, client, reference, step):
        assert client.get(address(step)).url == START


ROW = "govuk-summary-list__row"


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("step", "typed", "message"),
        [
            ("who", {"customer_type": ""}, "Select whether you are an employer or looking for a job"),
            ("who", {"customer_type": "alien"}, "Select whether you are an employer or looking for a job"),
            ("who", {"customer_name": "x" * 201}, "Your name must be 200 characters or fewer"),
            ("reply", {"customer_email": ""}, "Enter your email address or select that you do not have one"),
            ("reply", {"customer_email": "   "}, "Enter your email address or select that you do not have one"),
            (
                "reply",
                {"no_email": "on"},
                "Enter an email address or select that you do not have one, not both",
            ),
            ("reply", {**NO_EMAIL, "telephone": "12"}, "Enter a telephone number in the correct format"),
            ("about", {"topic": ""}, "Select what it is about"),
            ("happened", {"description": " \n "}, "Enter what happened"),
            ("happened", {"description": "\u202e \u200b"}, "Enter what happened"),
            ("happened", {"description": "x" * 20_001}, "What happened must be 20,000 characters or fewer"),
            ("happened", {"earlier_reference": "my last one"}, "Enter the reference in the correct format, like UJ-"),
            ("happened", {"website": "spam.example"}, "Press Continue again"),
        ],
    )
    def test_it_is_said_in_words_and_what_was_typed_stays(self, client, reference, step, typed, message):
        page = text_of(give(client, step, **typed))

        check(page)
        assert "<title>Error: " in page
        assert message in page
        kept = {**ANSWERS[step], **typed}
        kept.pop("website", None)
        assert all(words.strip() in page for name, words in kept.items() if name not in ("customer_type", "topic"))

    @pytest.mark.parametrize(
        "typed", ["\u200bana@example.org", "ana@example.org\u200b", "ana@exam\u00adple.org", " ana@example.org\u00a0"]
    )
    def test_characters_that_nobody_sees_are_taken_out_of_an_address(self, client, reference, typed):
        assert told(client, reply={"customer_email": typed}).customer_email == "ana@example.org"

    def test_they_are_taken_out_of_a_number(self, client, reference):
        incident = told(client, reply={**NO_EMAIL, "telephone": "\u202a01632 960983\u202c"})

        assert incident.telephone == "+441632960983"

    def test_a_straight_mark_in_an_address_is_kept(self, client, reference):
        assert (
            told(client, reply={"customer_email": "o'neill+uj@example.org"}).customer_email == "o'neill+uj@example.org"
        )

    @pytest.mark.parametrize(("typed", "odd"), [("o’neill@example.org", "’"), ("siân@example.org", "â")])
    def test_an_address_that_mail_cannot_carry_shows_the_odd_character(self, client, reference, typed, odd):
        page = text_of(give(client, "reply", customer_email=typed))

        assert f"Email addresses cannot have “{odd}” before the @" in page

    @pytest.mark.parametrize(
        "typed", ["ana", "ana@", "@example.org", "ana@example", "ana@example.org\nbcc: b@example.org"]
    )
    def test_what_is_no_address_is_refused(self, client, reference, typed):
        page = text_of(give(client, "reply", customer_email=typed))

        assert "Enter an email address in the correct format, like name@example.com" in page

    @pytest.mark.parametrize(
        "name", ["Prince", "X", "Nguyễn Thị Ánh", "Łukasz", "W" * 60, "O'Neill & Sons <Wales> Ltd", "مريم أحمد", ""]
    )
    def test_names_are_taken_as_they_are_typed(self, client, reference, name):
        assert told(client, who={"customer_name": name}).customer_name == name

    def test_an_override_of_the_direction_is_taken_out_of_a_name(self, client, reference):
        assert told(client, who={"customer_name": "Ana \u202egnp.exe"}).customer_name == "Ana gnp.exe"

    def test_nul_and_markup_do_no_harm(self, client, reference):
        incident = told(client, happened={"description": "a\x00b <script>alert(1)</script> 😀"})

        assert incident.description == "ab <script>alert(1)</script> 😀"
        assert "<script>alert" not in text_of(client.get(address("sent")))

    @pytest.mark.parametrize("typed", ["UJ-000123", "uj 123", "Uj000123", " 123 ", "UJ – 123", "\u202aUJ-123\u202c"])
    def test_an_earlier_reference_is_read_in_any_spelling(self, client, reference, typed):
        assert told(client, happened={"earlier_reference": typed}).earlier_reference == "UJ-000123"

    def test_a_number_left_in_the_hidden_box_neither_counts_nor_stops_anybody(self, client, reference):
        incident = told(client, reply={"telephone": "abc", "ring_in_welsh": "on"})

        assert (incident.telephone, incident.language) == ("", "en")


class TestWhatHappensNext:
    @pytest.mark.proves("UJ-02")
    def test_an_address_gets_the_answer_and_the_reference_at_once(self, client, reference):
        answer_all(client)
        assert "within 3 working days, by email to" in text_of(client.get(address("check")))

        page = text_of(send(client))

        incident = Incident.objects.get()
        assert incident.reference in page
        assert f"answers within 3 working days, by {formats.day(incident.due_at)}." in page
        assert "We email our answer to <b><bdi>sian@<wbr>example.org</bdi></b>" in page
        assert Message.objects.get().to == "sian@example.org"

    @pytest.mark.proves("UJ-09")
    @pytest.mark.parametrize(
        ("customer", "caller"), [("jobseeker", "Jobseeker Direct"), ("employer", "Employer Direct")]
    )
    def test_a_number_without_an_address_is_rung(self, client, reference, customer, caller):
        answer_all(client, who={"customer_type": customer}, reply=BY_CALL)
        words = f"Somebody from {caller} then rings you on"
        assert words in text_of(client.get(address("check")))

        page = text_of(send(client))

        incident = Incident.objects.get()
        assert (incident.row, incident.telephone) == ("R15", "+447700900118")
        assert words in page
        assert "email our answer" not in page

    @pytest.mark.proves("UJ-15")
    def test_with_neither_nobody_can_reply_and_that_is_said_before_and_after(self, client, reference):
        answer_all(client, reply=NO_EMAIL)
        assert "Nobody can reply to you" in text_of(client.get(address("check")))

        page = text_of(send(client))

        assert Incident.objects.get().row == "R16"
        assert "Nobody can reply to you" in page
        assert "working days" not in page


class TestNothingIsLost:
    """P01: reload, another window, a session that ended, Back after sending."""

    def test_loading_a_page_again_keeps_what_was_given(self, client, reference):
        give(client, "who")
        give(client, "happened", description="x" * 600)

        assert "Siân O’Neill-ap Rhys" in text_of(client.get(address("who")))
        assert "x" * 600 in text_of(client.get(address("happened")))

    def test_what_was_refused_is_kept_too(self, client, reference):
        give(client, "reply", customer_email="sian@")

        assert 'value="sian@"' in text_of(client.get(address("reply")))

    def test_the_start_page_in_another_window_takes_nothing_away_and_leads_on(self, client, reference):
        give(client, "who")

        page = text_of(client.get(START))

        check(page)
        assert "Go on where you stopped" in page
        assert f'href="{address("reply")}"' in page
        assert give(client, "reply").url == address("about")

    def test_without_its_session_a_page_says_what_is_gone_and_keeps_its_own_text(self, client, reference):
        for step in ("who", "reply", "about"):
            give(client, step)
        key = key_of(client.get(address("happened")))
        del client.cookies["sessionid"]

        page = client.post(address("happened"), {"key": key, "description": "x" * 600})

        check(text_of(page))
        assert "Your answers to the other questions are no longer here" in text_of(page)
        assert "x" * 600 in text_of(page)
        assert client.post(address("happened"), {"key": key, "description": "x" * 600}).url == address("who")
        assert [give(client, step).url for step in ("who", "reply", "about")][-1] == address("check")
        send(client)
        assert Incident.objects.get().description == "x" * 600

    def test_sending_without_the_session_says_that_nothing_was_sent(self, client, reference):
        answer_all(client)
        key = key_of(client.get(address("check")))
        del client.cookies["sessionid"]

        page = text_of(client.post(address("check"), {"key": key}, follow=True))

        assert "Nothing was sent: your answers are no longer here" in page
        assert not Incident.objects.exists()

    def test_sending_again_after_back_makes_no_second_incident(self, client, reference):
        answer_all(client)
        key = key_of(client.get(address("check")))

        pages = [text_of(client.post(address("check"), {"key": key}, follow=True)) for _ in range(2)]

        assert all(Incident.objects.get().reference in page for page in pages)

    def test_continuing_again_after_back_shows_what_was_sent(self, client, reference):
        answer_all(client)
        key = key_of(client.get(address("happened")))
        send(client)

        response = client.post(address("happened"), {"key": key, **HAPPENED, "earlier_reference": ""})

        assert response.url == address("sent")
        assert Incident.objects.count() == 1

    def test_other_words_on_a_page_from_before_the_sending_are_a_new_message(self, client, reference):
        answer_all(client)
        key = key_of(client.get(address("happened")))
        send(client)
        first = Incident.objects.get()

        page = text_of(client.post(address("happened"), {"key": key, "description": "Another problem"}))
        for step in ("who", "reply", "about"):
            give(client, step)
        send(client)

        assert f"Your message {first.reference} is sent" in page
        assert "Another problem" in page
        assert set(Incident.objects.values_list("description", flat=True)) == {
            HAPPENED["description"],
            "Another problem",
        }

    def test_a_page_loaded_again_after_the_sending_begins_a_new_message(self, client, reference):
        told(client)

        told(client, happened={"description": "Another problem"})

        assert Incident.objects.count() == 2

    def test_a_check_page_that_is_out_of_date_sends_nothing_unseen(self, client, reference):
        answer_all(client)
        page = text_of(client.post(address("check"), {"key": "an-older-page"}))

        assert "This page was out of date" in page
        assert not Incident.objects.exists()

    def test_other_answers_under_a_key_that_was_used_are_sent_by_one_more_press(self, client, reference):
        """The session's own record of the sending was lost: the connection to the database broke after it."""
        answer_all(client)
        before = client.session["contact_us"]
        send(client)
        session = client.session
        del session["contact_us_sent"]
        session["contact_us"] = before | {"typed": before["typed"] | {"happened": {"description": "Another problem"}}}
        session.save()

        refused = text_of(send(client))

        assert f"You have already sent this: {Incident.objects.get().reference}. To send these answers" in refused
        send(client)
        assert Incident.objects.count() == 2

    def test_a_page_from_before_a_release_that_named_its_box_anew_gives_its_text_back(self, client, reference):
        page = client.post(address("happened"), {"key": "a-key", "details": "Half a sentence"})

        check(page.text)
        assert "This page has changed since you opened it" in page.text
        assert "Half a sentence" in page.text

    def test_so_does_a_session_from_before_it(self, client, reference):
        give(client, "who")
        session = client.session
        session["contact_us"]["typed"]["happened"] = {"details": "Half a sentence"}
        session.save()

        page = client.get(address("happened"))

        check(page.text)
        assert "Half a sentence" in page.text

    def test_more_than_fits_is_shown_again_and_not_kept(self, client, reference):
        page = text_of(give(client, "happened", description="x" * 100_001))

        assert "x" * 100_001 in page
        assert "x" * 100_001 not in text_of(client.get(address("happened")))


class TestTooMany:
    @pytest.fixture
    def ten_sent(self):
        return Visits.objects.create(
            source="contact-us:127.0.0.1",
            moments=[now() - timedelta(minutes=59 - n) for n in range(10)],
            forget_at=now() + timedelta(hours=1),
        )

    def test_the_eleventh_in_an_hour_says_when_to_come_back_and_keeps_everything(self, client, reference, ten_sent):
        answer_all(client)

        page = send(client)

        assert page.status_code == 429
        assert 0 < int(page["Retry-After"]) <= 60
        assert "Come back" in text_of(page)
        assert not Incident.objects.exists()
        ten_sent.delete()
        assert client.post(address("check"), {"key": key_of(page)}).url == address("sent")

    def test_a_second_press_is_not_counted(self, client, reference):
        answer_all(client)
        key = key_of(client.get(address("check")))

        for _ in range(3):
            client.post(address("check"), {"key": key})

        assert len(Visits.objects.get().moments) == 1


def switch(client: Client, step: str, to: str, **typed: str):
    """Press the other language without pressing Continue."""
    return client.post(f"{address(step)}?lang=en", {"key": "", "lang": to, **typed}, follow=True)


class TestWelsh:
    """P53: the other language keeps what was typed, on every page."""

    @pytest.mark.parametrize("path", [START, address("who"), address("about")])
    def test_the_address_asks_for_it_and_the_session_remembers(self, client, reference, path):
        first, second = client.get(f"{path}?lang=cy"), client.get(path)

        for page in map(text_of, (first, second)):
            check(page)
            assert '<html class="govuk-template" lang="cy">' in page

    def test_the_switch_keeps_what_was_typed_and_stays_on_the_question(self, client, reference):
        page = switch(client, "happened", "cy", description="Half a sent")

        assert page.redirect_chain == [(address("happened"), 302)]
        assert "Half a sent" in text_of(page)
        assert "Beth ddigwyddodd?" in text_of(page)

    def test_after_a_refusal_too_and_back_to_english(self, client, reference):
        give(client, "reply", customer_email="sian@")

        welsh = switch(client, "reply", "cy", customer_email="sian@")
        english = switch(client, "reply", "en", customer_email="sian@")

        assert "Sut y gallwn eich ateb?" in text_of(welsh)
        assert "How can we reply to you?" in text_of(english)
        assert all('value="sian@"' in text_of(page) for page in (welsh, english))

    def test_a_refusal_is_in_welsh(self, client, reference):
        client.get(f"{START}?lang=cy")

        page = text_of(give(client, "who", customer_type=""))

        assert "<title>Gwall: " in page
        assert "Dewiswch a ydych yn gyflogwr" in page

    def test_a_page_keeps_its_language_without_its_session(self, client, reference):
        form = parse(text_of(client.get(f"{address('happened')}?lang=cy"))).all("form")[0]
        client.cookies.clear()

        page = text_of(client.post(form.attrs["action"], {"key": "a", "description": "Nam"}))

        assert "Nid yw eich atebion" in page

    def test_the_incident_and_its_mail_are_in_the_language_of_the_pages(self, client, reference):
        answer_all(client)
        client.get(f"{address('check')}?lang=cy")

        page = text_of(send(client))

        assert Incident.objects.get().language == "cy"
        assert "Desg Gymorth" in Message.objects.get().subject
        assert "Mae eich neges gennym" in page
        assert "We have your message" in text_of(client.get(f"{address('sent')}?lang=en"))

    def test_ring_me_in_welsh_makes_the_call_welsh_on_english_pages(self, client, reference):
        answer_all(client, reply={**BY_CALL, "ring_in_welsh": "on"})
        assert ">Welsh</dd>" in text_of(client.get(address("check")))

        send(client)

        assert Incident.objects.get().language == "cy"

    def test_the_wish_outlives_a_look_at_the_welsh_page(self, client, reference):
        give(client, "reply", **BY_CALL, ring_in_welsh="on")

        page = parse(text_of(switch(client, "reply", "cy", **BY_CALL, ring_in_welsh="on")))

        assert "on" in [node.attrs["value"] for node in page.all("input") if node.attrs["name"] == "ring_in_welsh"]

    def test_the_day_of_the_answer_is_said_in_welsh(self, client, reference):
        client.get(f"{START}?lang=cy")
        answer_all(client)

        page = text_of(send(client))

        assert re.search(r"erbyn Dydd (Llun|Mawrth|Mercher|Iau|Gwener) \d+ \w+ \d{4}", page)

    def test_other_languages_are_not_there(self, client, reference):
        assert 'lang="en"' in text_of(client.get(f"{START}?lang=fr"))

    def test_staff_pages_stay_english(self, client, reference):
        client.get(f"{START}?lang=cy")

        assert '<html class="govuk-template" lang="en">' in text_of(client.get("/sign-in/"))


SPOKEN = [
    "contacthub/ui/fields.py",
    "contacthub/submissions/services.py",
    "jobmatch_helpdesk/models.py",
    "jobmatch_helpdesk/forms/public.py",
    "jobmatch_helpdesk/views/public.py",
    "jobmatch_helpdesk/views/summary.py",
]
SHOWN = [
    *ROOT.glob("templates/jobmatch_helpdesk/contact_us/*.html"),
    *(ROOT / "templates" / f"{name}.html" for name in ("base", "bilingual", "switch", "foot", "errors/429")),
    *ROOT.glob("templates/workspace/*.html"),
    *ROOT.glob("templates/govuk/error_*.html"),
]
MARKED = re.compile(r"gettext\((u'(?:[^'\\]|\\.)*'|u\"(?:[^\"\\]|\\.)*\")\)")


def english() -> set[str]:
    """Return every text of the public pages that is marked to be translated."""
    in_templates = [found for file in SHOWN for found in MARKED.findall(templatize(file.read_text()))]
    calls = [node for file in SPOKEN for node in ast.walk(ast.parse((ROOT / file).read_text()))]
    in_code = [
        node.args[0].value
        for node in calls
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "gettext")
    ]
    return {*map(ast.literal_eval, in_templates), *in_code}


class TestWelshTexts:
    @pytest.fixture
    def texts(self):
        with (ROOT / "locale/cy/LC_MESSAGES/django.po").open("rb") as file:
            return read_po(file)

    def test_every_text_has_its_welsh_and_no_welsh_is_left_over(self, texts):
        assert {message.id for message in texts if message.id and message.string} == english()

    def test_values_stand_in_both(self, texts):
        def values(text):
            return sorted(re.findall(r"%\(\w+\)s|<[^>]+>", text))

        assert [message.id for message in texts if message.id and values(message.id) != values(message.string)] == []

    @pytest.mark.parametrize("reply", [REPLY, BY_CALL, NO_EMAIL])
    def test_no_page_shows_english_in_welsh(self, client, reference, reply):
        """What somebody forgot to mark stands in both."""
        answer_all(client, reply=reply)
        both = [in_both(client, path) for path in (START, *map(address, ANSWERS), address("check"))]
        send(client)
        both.append(in_both(client, address("sent")))

        assert set().union(*both) == {"ContactHub", "English", "Cymraeg"}


def in_both(client: Client, path: str) -> set[str]:
    """Return the texts that the English and the Welsh page share, but for what the person typed."""
    english, welsh = (texts_in(client, f"{path}?lang={language}") for language in ("en", "cy"))
    typed = {" ".join(words.split()) for answer in (*ANSWERS.values(), BY_CALL) for words in answer.values()}
    return (english & welsh) - typed


def texts_in(client: Client, url: str) -> set[str]:
    page = parse(text_of(client.get(url)))
    texts = {" ".join(part.split()) for node in page.walk() for part in node.children if isinstance(part, str)}
    return {text for text in texts if re.search("[A-Za-z]{3}", text) and not re.search("@|example.org|UJ-", text)}


# Copied by hand from the procedures, in their order; the first is for people who cannot sign in.
TOPICS = [
    "Password or sign-in problem",
    "Account or profile",
    "Job posting problem",
    "Job application problem",
    "Job that looks wrong or unsafe",
    "Matching or search",
    "Technical fault",
    "Complaint about the service",
    "Something else",
]


@pytest.mark.proves("UJ-37")
class TestTopics:
    def test_each_is_offered_once_and_in_order(self, client, reference):
        answer_all(client)

        labels = [node.text for node in parse(text_of(client.get(address("about")))).all("label")]

        assert labels == TOPICS

    def test_who_cannot_sign_in_writes_without_it_and_the_helpdesk_finds_it_by_its_topic(self, client, ana):
        answer_all(client)
        send(client)
        answer_all(client, about={"topic": "sign_in"})
        send(client)

        client.force_login(StaffMember.objects.get(pk=ana.staff_id))
        page = text_of(client.get("/jobmatch/?topic=sign_in"))

        application, sign_in = Incident.objects.order_by("pk")
        assert (application.topic, sign_in.topic) == ("application", "sign_in")
        assert sign_in.reference in page
        assert application.reference not in page
