from __future__ import annotations

import logging
import sys

import pytest

from contacthub.actor import request_id
from contacthub.logs import LineFormatter, masked


def record(message: str, *args: object, exc_info=None) -> logging.LogRecord:
    made = logging.LogRecord("contacthub.mail", logging.WARNING, __file__, 1, message, args, exc_info)
    made.created, made.msecs = 1780477200.0, 7.0  # 3 June 2026, 9am UTC
    return made


@pytest.mark.proves("XC-06")
@pytest.mark.parametrize(
    "typed",
    [
        "QQ123456C",
        "qq123456c",
        "QQ 12 34 56 C",
        "QQ-12-34-56-C",
        "QQ-123456-C",
        "QQ 123456 C",
        "QQ.12.34.56.C",
        "QQ%2012%2034%2056%20C",
        "QQ+12+34+56+C",
        "QQ\t12\n34 56 C",
    ],
)
def test_a_national_insurance_number_is_masked_however_it_was_typed(typed):
    assert masked(f"Searched for {typed}, found none") == "Searched for QQ •• •• 56 C, found none"


def test_two_in_one_text_are_both_masked():
    assert masked("QQ123456C and QQ 65 43 21 A") == "QQ •• •• 56 C and QQ •• •• 21 A"


@pytest.mark.parametrize(
    "text",
    [
        "UJ-000123 closed",
        "SR-004210 a reply was queued",
        "121999000001",
        "01632 960983",
        "QQ123456E",
        "XQQ123456C",
        "QQ1234567C",
    ],
)
def test_what_is_none_stays(text):
    assert masked(text) == text


def test_a_line_says_when_what_and_in_which_request():
    token = request_id.set("0d9f3c1e")
    try:
        line = LineFormatter().format(record("Redis is away, %s waits", "mail.send_message"))
    finally:
        request_id.reset(token)

    assert line == (
        "2026-06-03T09:00:00.007Z WARNING contacthub.mail request=0d9f3c1e Redis is away, mail.send_message waits"
    )


def test_outside_a_request_the_line_says_so():
    assert "request=- " in LineFormatter().format(record("Nothing"))


def test_what_somebody_typed_begins_no_line():
    assert "\n" not in LineFormatter().format(record("Typed: %s", "a\r\n2026-06-03 ERROR forged"))


@pytest.mark.proves("XC-06")
def test_numbers_in_arguments_and_in_tracebacks_are_masked():
    try:
        raise ValueError("No record of QQ123456C")
    except ValueError:
        line = LineFormatter().format(record("Looked for %s", "QQ 12 34 56 C", exc_info=sys.exc_info()))

    assert "123456" not in line
    assert "12 34 56" not in line
    assert line.count("QQ •• •• 56 C") >= 2


@pytest.mark.proves("XC-06")
def test_every_line_of_ours_goes_through_it(settings):
    assert settings.LOGGING["root"]["handlers"] == ["console"]
    assert settings.LOGGING["formatters"]["line"] == {"()": "contacthub.logs.LineFormatter"}
