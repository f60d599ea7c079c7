"""Every page, in the states somebody can meet it in, with exactly the context that its view hands over."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django import forms
from django.template.loader import render_to_string

from contacthub.people.forms import SettingsForm
from tests.contacthub.ui.markup import parse

NOW = datetime(2026, 6, 4, 10, 2, tzinfo=UTC)
ARABIC = "مريم أحمد"
BILAL = SimpleNamespace(name="Bilal Shah", short_name="B. Shah")
TIMELINE = [{"title": "Received", "byline": "from the public form", "at": NOW - timedelta(hours=2), "words": ""}]
ROUTE = {
    "because": "The customer, because they gave an email address",
    "number": "R14",
}
SENT = {
    "reference": "UJ-000433",
    "customer_name": ARABIC,
    "customer_email": "mariam@example.org",
    "description": "The page goes white",
    "due_at": datetime(2026, 6, 9, 16, tzinfo=UTC),
}
MAIL = {
    "from_name": "Universal Jobmatch Helpdesk",
    "from_address": "helpdesk@contacthub.example",
    "to": "sian@example.org",
    "subject": "UJ-000377: our answer",
    "body": "For Siân\n\nTry again",
}


class SignIn(forms.Form):
    username = forms.CharField(label="Sign-in name")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)


class ContactUs(forms.Form):
    customer_name = forms.CharField(label="Your name")
    customer_email = forms.EmailField(label="Email address", help_text="We only use this to reply to you")
    description = forms.CharField(label="What happened", widget=forms.Textarea)
    key = forms.CharField(widget=forms.HiddenInput)


class Reply(forms.Form):
    text = forms.CharField(label="Reply", widget=forms.Textarea)
    key = forms.CharField(widget=forms.HiddenInput)


def incident(**given):
    values = {
        "reference": "UJ-000377",
        "get_absolute_url": "/jobmatch/UJ-000377/",
        "customer_name": "Siân O’Neill-ap Rhys",
        "customer_email": "sian@example.org",
        "about": "The page goes white",
        "description": "The page goes white",
        "band": 3,
        "get_band_display": "Standard",
        "state": "assigned",
        "get_state_display": "Assigned",
        "get_source_display": "Anonymous site user",
        "received_at": NOW - timedelta(hours=2),
        "due_at": NOW + timedelta(days=1),
        "replied_at": None,
        "reply_goes_to": "Customer",
        "reply_to": "sian@example.org",
        "assigned_to": SimpleNamespace(name="Ana Byrne", short_name="A. Byrne"),
        "assigned_to_id": 1,
    }
    return SimpleNamespace(**values | given)


NOBODY = {"assigned_to": None, "assigned_to_id": None}
RESOLVED = {"state": "resolved", "get_state_display": "Resolved", "replied_at": NOW}


def reply(**message):
    said = {"status_words": "accepted by their mail server", "is_trouble": False, "server_words": ""} | message
    return SimpleNamespace(at=NOW, by=BILAL, to="sian@example.org", text="Try again", message=SimpleNamespace(**said))


def queue(**given):
    return {"rows": [], "older": "", "newer": "", "longest": [], "next_key": "k", "now": NOW} | given


def record(**given):
    context = {"incident": incident(), "route": ROUTE, "why_next": "", "is_mine": True, "form": None, "next_key": ""}
    context |= {"draft": {"place": {"sealed": "a-seal"}, "kept_at": NOW}}
    return context | {"replies": [], "timeline": TIMELINE, "moved_on": None, "now": NOW} | given


SUCCESS = SimpleNamespace(level_tag="success", message="Reply sent")
INFO = SimpleNamespace(level_tag="info", message="Nothing is waiting for you")
MOVED_ON = {"words": "Bilal Shah answered this at 11:02am, while you were writing", "theirs": "Theirs", "yours": "Mine"}
PREVIEW = {"incident": incident(), "mail": MAIL, "text": "Try\nagain", "key": "k", "goes": ["This email"]}
SIGN_IN, CONTACT = "people/sign_in.html", "jobmatch_helpdesk/contact_us.html"
DONE, QUEUE = "jobmatch_helpdesk/contact_us_sent.html", "jobmatch_helpdesk/queue.html"
RECORD, CHECK = "jobmatch_helpdesk/incident.html", "jobmatch_helpdesk/reply_preview.html"

ASKED = {"form": SignIn(), "next": "/queue/", "ended": "", "not_done": False, "public": True}

PAGES = {
    "sign in": (SIGN_IN, ASKED),
    "sign in refused": (SIGN_IN, ASKED | {"form": SignIn({})}),
    "sign in again": (SIGN_IN, ASKED | {"ended": "idle", "not_done": True}),
    "settings": ("people/account.html", {"form": SettingsForm()}),
    "password": ("people/password.html", {"form": SignIn()}),
    "password refused": ("people/password.html", {"form": SignIn({})}),
    "contact us": (CONTACT, {"form": ContactUs(initial={"key": "k"}), "public": True}),
    "contact us refused": (CONTACT, {"form": ContactUs({"key": "k"}), "public": True}),
    "sent": (DONE, {"sent": SENT, "public": True}),
    "sent without a name": (DONE, {"sent": SENT | {"customer_name": ""}, "public": True}),
    "queue": (QUEUE, queue(rows=[incident(), incident(**NOBODY), incident(assigned_to=BILAL, assigned_to_id=2)])),
    "queue of each band": (
        QUEUE,
        queue(rows=[incident(band=n) for n in (1, 2, 3)], longest=[incident(), incident(band=2)], older="?after=3"),
    ),
    "empty queue": (QUEUE, queue(messages=[INFO])),
    "past the end": (QUEUE, queue(newer="?before=3")),
    "mine": (RECORD, record(form=Reply(initial={"key": "k"}), why_next="The oldest in band Standard")),
    "mine refused": (RECORD, record(form=Reply({"key": "k"}))),
    "nobody's": (RECORD, record(incident=incident(**NOBODY), is_mine=False, next_key="k")),
    "somebody else's": (RECORD, record(incident=incident(assigned_to=BILAL, assigned_to_id=2), is_mine=False)),
    "no name": (RECORD, record(incident=incident(customer_name=""))),
    "no due time": (RECORD, record(incident=incident(due_at=datetime(9999, 12, 31, tzinfo=UTC)))),
    "resolved": (RECORD, record(incident=incident(**RESOLVED), replies=[reply()], messages=[SUCCESS])),
    "mail failed": (
        RECORD,
        record(incident=incident(**RESOLVED), replies=[reply(is_trouble=True, server_words="550 No such user")]),
    ),
    "moved on": (RECORD, record(incident=incident(**RESOLVED), moved_on=MOVED_ON, next_key="k")),
    "given to somebody else": (RECORD, record(moved_on=MOVED_ON | {"theirs": ""})),
    "check and send": (CHECK, PREVIEW),
    "not found": ("errors/404.html", {}),
    "not found, public": ("errors/404.html", {"public": True}),
    "forbidden": ("errors/403.html", {"token_failed": False}),
    "open too long": ("errors/403.html", {"token_failed": True, "public": True}),
}


@pytest.fixture(params=PAGES)
def shown(request, render):
    template, context = PAGES[request.param]
    return parse(render(template, **context))


def test_page_is_whole(shown):
    ids = [node.attrs["id"] for node in shown.walk() if "id" in node.attrs]
    assert len(ids) == len(set(ids))
    assert shown.all("title")[0].text.removeprefix("Error: ").endswith(" – ContactHub")
    assert len(shown.all("h1")) == 1
    assert len(shown.all("main")) == 1


def test_what_points_into_the_page_finds_its_mark(shown):
    ids = {node.attrs["id"] for node in shown.walk() if "id" in node.attrs}
    links = [node.attrs["href"][1:] for node in shown.all("a") if node.attrs["href"].startswith("#")]
    labels = [node.attrs["for"] for node in shown.all("label")]
    named = [
        name
        for node in shown.walk()
        for attr in ("aria-describedby", "aria-labelledby", "aria-controls")
        for name in node.attrs.get(attr, "").split()
    ]
    assert {*links, *labels, *named} <= ids


def test_no_script_or_style_stands_in_the_page(shown):
    assert not shown.all("style")
    assert all("src" in node.attrs and not node.children for node in shown.all("script"))
    assert not [name for node in shown.walk() for name in node.attrs if name == "style" or name.startswith("on")]


def test_hidden_fields_are_never_filled_in_by_the_browser(shown):
    hidden = [node for node in shown.all("input") if node.attrs["type"] == "hidden"]
    assert all(node.attrs["autocomplete"] == "off" for node in hidden)


def test_forms_that_are_posted_carry_the_token(shown):
    for form in shown.all("form"):
        assert form.attrs["method"] == "post"
        assert [node.attrs["name"] for node in form.all("input")].count("csrfmiddlewaretoken") == 1


def test_one_button_at_most_is_green(shown):
    buttons = [node for node in shown.walk() if "govuk-button" in node.attrs.get("class", "").split()]
    assert len([node for node in buttons if "govuk-button--secondary" not in node.attrs["class"]]) <= 1


def test_title_says_that_there_are_errors(render):
    for name, (template, context) in PAGES.items():
        title = parse(render(template, **context)).all("title")[0].text
        assert title.startswith("Error: ") is ("refused" in name), name


def test_names_are_kept_apart_from_what_stands_beside_them(render):
    row = incident(customer_name=ARABIC, about="لا أستطيع UJ 12.")

    page = parse(render(QUEUE, **queue(rows=[row])))

    assert ARABIC in [node.text for node in page.all("bdi")]
    assert "auto" in [node.attrs.get("dir") for node in page.all("td")]


def test_what_people_wrote_is_text(render):
    wrote = "<script>1</script>"

    html = render(RECORD, **record(incident=incident(customer_name=wrote, description=wrote)))

    assert wrote not in html
    assert html.count("&lt;script&gt;") >= 3


def test_overdue_is_said_in_words(render):
    page = parse(render(QUEUE, **queue(rows=[incident(due_at=NOW - timedelta(hours=19))])))

    assert "Overdue by 19 h" in [node.text for node in page.all("strong")]


def test_the_text_to_send_keeps_its_lines(render):
    page = parse(render(CHECK, **PREVIEW))

    assert [node.attrs["value"] for node in page.all("input") if node.attrs["name"] == "text"] == ["Try\nagain"]


@pytest.mark.parametrize("name", ["errors/500.html", "errors/503.html"])
@pytest.mark.parametrize("again", ["", "/queue/"])
def test_pages_for_faults_need_no_request(name, again):
    assert parse(render_to_string(name, {"again": again})).all("h1")
