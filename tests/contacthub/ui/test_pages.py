"""The pages for what went wrong. Those of the apps are held to the same by their own tests."""

import pytest
from django.template.loader import render_to_string

from tests.contacthub.ui.markup import check, parse

PAGES = [
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
