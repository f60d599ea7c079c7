"""National Insurance numbers and card numbers. The numbers are no people's: QQ was never given out."""

from __future__ import annotations

import pytest

from employer_contact.personal import cleaned, holds_card_number, is_nino, masked, masked_in, shown


@pytest.mark.proves("XC-06")
def test_lists_and_emails_show_it_masked():
    assert masked("QQ123456C") == "QQ •• •• 56 C"
    assert masked("") == ""


def test_in_full_it_is_read_in_pairs():
    assert shown("QQ123456C") == "QQ 12 34 56 C"


@pytest.mark.parametrize("typed", ["qq 12 34 56 c", "QQ-12-34-56-C", " QQ 123456C\u00a0", "q.q.123456_c"])
def test_it_is_cleaned_of_what_is_between(typed):
    assert cleaned(typed) == "QQ123456C"


@pytest.mark.parametrize("suffix", "ABCD")
def test_it_ends_with_one_of_four_letters(suffix):
    assert is_nino(f"JG103759{suffix}")


@pytest.mark.parametrize(
    "number",
    [
        "JG103759E", "JG103759", "JG10375A", "JG1037599A", "J1103759A", "jg103759A", "", "JG103759AA",
        *(f"{letter}G103759A" for letter in "DFIQUV"),
        *(f"J{letter}103759A" for letter in "DFIQUVO"),
        *(f"{pair}103759A" for pair in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")),
        *(f"{pair}103759A" for pair in ("OO", "FY", "NC", "MW")),
    ],
)  # fmt: skip
def test_what_was_never_given_out_is_refused(number):
    assert not is_nino(number, allow_test=True)


@pytest.mark.parametrize("allowed", [True, False])
def test_qq_is_for_tests_alone(allowed):
    assert is_nino("QQ123456C", allow_test=allowed) is allowed


@pytest.mark.proves("XC-06")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Card 4111 1111 1111 1111, exp 01/30", True),
        ("4111-1111-1111-1111", True),
        ("378282246310005", True),
        ("4111 1111 1111 1112", False),  # fails the check of cards
        ("Reference 121999000017", False),
        ("Ring 01632 960983 or 07700 900123", False),
        ("01632 960983 01632 960984", False),
        ("SR-004210 and 900000001", False),
        ("41111111111111111111111111", False),
        ("", False),
    ],
)
def test_a_card_number_is_noticed(text, expected):
    assert holds_card_number(text) is expected


@pytest.mark.proves("XC-06")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("For QQ123456C and qq 12 34 56 d.", "For QQ •• •• 56 C and QQ •• •• 56 D."),
        ("Reference 121999000017, SR-004210", "Reference 121999000017, SR-004210"),
        ("XQQ123456C", "XQQ123456C"),
    ],
)
def test_a_number_is_masked_wherever_it_stands_in_a_text(text, expected):
    assert masked_in(text) == expected
