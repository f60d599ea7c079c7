"""The pages for what went wrong. Those of the apps are held to the same by their own tests."""

import pytest
from django.template.loader import render_to_string

from tests.contacthub.ui.markup import check, parse

TYPED = [("Text", "Save it as a PDF\n\nThen try again"), ("Telephone", "01632 960 771")]
PAGES = [
    ("errors/400.html", {"public": True}),
    ("errors/404.html", {"typed": TYPED}),
    ("errors/405.html", {"belongs_to": "/jobmatch/", "typed": TYPED}),
    ("errors/413.html", {}),
    ("errors/signed_out.html", {"public": True, "typed": TYPED, "sign_in": "/sign-in/", "ended": "idle"}),
    ("errors/403.html", {"token_failed": True, "typed": TYPED}),
    ("errors/404.html", {}),
    ("errors/404.html", {"public": True}),
    ("errors/403.html", {"token_failed": False}),
    ("errors/403.html", {"token_failed": True, "public": True}),
]


@pytest.mark.parametrize(("template", "context"), PAGES)
def test_an_error_page_is_sound(render, template, context):
    check(render(template, **context))


@pytest.mark.parametrize("name", ["errors/500.html", "errors/503.html"])
@pytest.mark.parametrize("again", ["", "/queue/"])
def test_pages_for_faults_need_no_request(name, again):
    assert parse(render_to_string(name, {"again": again})).all("h1")
