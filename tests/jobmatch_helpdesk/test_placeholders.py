import pytest

from jobmatch_helpdesk.placeholders import fill, unfilled, unknown


def test_known_placeholders_are_filled():
    text = fill("Dear [name], about [reference]", {"name": "Siân", "reference": "UJ-000001"})

    assert text == "Dear Siân, about UJ-000001"


def test_one_without_a_value_stays_to_be_seen():
    text = fill("Dear [name]", {"name": ""})

    assert text == "Dear [name]"
    assert unfilled(text) == "[name]"


@pytest.mark.parametrize("typed", ["{reference}", "{{ 7*7 }}", "[see below]", "[1]", "%(name)s"])
def test_what_people_type_in_brackets_and_braces_stays_as_it_is(typed):
    assert fill(typed, {"name": "Ana"}) == typed
    assert unfilled(typed) == ""


def test_a_name_that_looks_like_a_placeholder_is_not_filled_again():
    assert fill("[name]", {"name": "[reference]", "reference": "UJ-000001"}) == "[reference]"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dear [nmae]", "[nmae]"),
        ("Dear [Name]", "[Name]"),
        ("Dear {name}", "{name}"),
        ("Dear {{ name }}", "{{ name }}"),
        ("[name] [reference] [agent] [enw]", "[enw]"),
        ("Dear [name]", ""),
        ("Item [1]", ""),
        ("{{ 7*7 }} { }", ""),
        ("[]", ""),
    ],
)
def test_a_misspelt_placeholder_is_found(text, found):
    assert unknown(text) == found
