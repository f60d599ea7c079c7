"""What is read of the head of an email: a line each, and nothing of what is odd."""

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from employer_contact.heads import Head, read


@pytest.mark.parametrize(
    ("head", "name", "notes"),
    [
        ("From: ana@example.org", "", "Email from ana@example.org"),
        ("From: Payroll", "", "Email from Payroll"),
        ("", "", "Email"),
        ("From: Ana <ana@example.org>\nDate: nonsense\nSubject:", "Ana", "Email from ana@example.org"),
        ("From: A <a@example.org>, B <b@example.org>", "A", "Email from a@example.org"),
        ("Date: Wed, 3 Jun 2026 23:30:00 -0000\nSubject: Pay", "", "Email of Thursday 4 June 2026, 12:30am: Pay"),
        ("Subject: a\u202eb\u00ad c\n  d", "", "Email: ab c d"),
        ("From: Ŵyn Rees <w@example.org>\nSubject: Tâl", "Ŵyn Rees", "Email from w@example.org: Tâl"),
        ("Subject: 4111 1111 1111 1111", "", "Email"),  # the number of a card
        ("Subject: " + "x" * 500, "", "Email: " + "x" * 200),
        ("From: =?utf-8?q?Two=0ALines?= <a@example.org>", "", "Email"),  # made up to break a line
    ],
)
def test_what_a_head_says(head, name, notes):
    assert read(f"{head}\n\nHello\n".encode()) == Head(name, notes)


@pytest.mark.parametrize("made_up", [",", "a ", '"a" ', "a.", "<@a,", "(a) ", "a@b.c,", "=?utf-8?q?a?= "])
def test_a_head_made_up_to_take_for_ever_is_read_at_once(made_up):
    """Of some, as long as a head may be, the library takes more than a minute."""
    begun = perf_counter()

    found = read(f"From: {made_up * (65_000 // len(made_up))}\nSubject: Wages\n\n".encode())

    assert perf_counter() - begun < 2
    assert found == Head("", "Email: Wages")


def test_a_long_subject_in_welsh_is_read():
    encoded = "\n ".join(["=?utf-8?b?xbV5biDFtXluIMW1eW4gxbV5biDFtXluIMW1eW4g?="] * 40)

    assert read(f"Subject: {encoded}\n\n".encode()).notes == "Email: " + ("ŵyn " * 240)[:200]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from([b"From", b"Date", b"Subject", b"X"]), st.binary(max_size=60)), max_size=6))
def test_whatever_a_head_holds_it_is_read_as_lines_that_can_be_kept(fields):
    found = read(b"\r\n".join(name + b": " + said for name, said in fields) + b"\r\n\r\n")

    for line in (found.caller_name, found.notes):
        assert "\n" not in line
        assert "\0" not in line
        line.encode()
