"""What the one box that finds a party takes a text for."""

from __future__ import annotations

import pytest

from employer_contact.identifiers import Identifier, IdentifierKind, recognise

K = IdentifierKind
TABLE = [
    # ERN: nine digits, keyed or typed
    ("900000001", K.ERN, "900000001"),
    (" 900 000 001 ", K.ERN, "900000001"),
    ("900-000-001", K.ERN, "900000001"),
    ("ERN 900000001", K.ERN, "900000001"),
    ("ern: 900 000 001", K.ERN, "900000001"),
    ("\uff19\uff10\uff10\uff10\uff10\uff10\uff1001", K.ERN, "900000001"),
    ("\u200b900000001\u00a0", K.ERN, "900000001"),
    # EARN
    ("EA9000001", K.EARN, "EA9000001"),
    ("ea 900 0001", K.EARN, "EA9000001"),
    ("EARN EA-9000001", K.EARN, "EA9000001"),
    # telephone
    ("01632 960983", K.TELEPHONE, "+441632960983"),
    ("(01632) 960 983", K.TELEPHONE, "+441632960983"),
    ("+44 1632 960983", K.TELEPHONE, "+441632960983"),
    ("+44 (0)1632 960983", K.TELEPHONE, "+441632960983"),
    ("0044 1632 960983", K.TELEPHONE, "+441632960983"),
    ("441632960983", K.TELEPHONE, "+441632960983"),
    ("07700-900-123", K.TELEPHONE, "+447700900123"),
    ("020 7946 0391", K.TELEPHONE, "+442079460391"),
    ("tel. 020 7946 0391", K.TELEPHONE, "+442079460391"),
    ("+353 1 234 5678", K.TELEPHONE, "+35312345678"),
    # postcode
    ("ZZ99 3AA", K.POSTCODE, "ZZ99 3AA"),
    ("zz993aa", K.POSTCODE, "ZZ99 3AA"),
    ("m1 1ae", K.POSTCODE, "M1 1AE"),
    ("EC1A1BB", K.POSTCODE, "EC1A 1BB"),
    # email
    ("Payroll@Brindlewick.example", K.EMAIL, "payroll@brindlewick.example"),
    (" payroll @ brindlewick.example ", K.EMAIL, "payroll@brindlewick.example"),
    # National Insurance number
    ("QQ 12 34 01 A", K.NINO, "QQ123401A"),
    ("qq123401a", K.NINO, "QQ123401A"),
    ("QQ-12-34-01-A", K.NINO, "QQ123401A"),
    # a paying parent's reference
    ("121999000001", K.PARENT_REFERENCE, "121999000001"),
    ("1219 9900 0001", K.PARENT_REFERENCE, "121999000001"),
    # TRN or another number
    ("4471902", K.OTHER_NUMBER, "4471902"),
    ("TRN 4471902", K.OTHER_NUMBER, "4471902"),
    ("1234567890", K.OTHER_NUMBER, "1234567890"),
    ("999999000001", K.OTHER_NUMBER, "999999000001"),
    ("0", K.OTHER_NUMBER, "0"),
    ("+1", K.OTHER_NUMBER, "1"),
    # names
    ("Pellingham Care", K.NAME, "Pellingham Care"),
    ("  Tŷ   Gwyn ", K.NAME, "Tŷ Gwyn"),
    ("3M", K.NAME, "3M"),
    ("24/7 Couriers", K.NAME, "24/7 Couriers"),
    ("Marks & Sons", K.NAME, "Marks & Sons"),
    ("O’Neill", K.NAME, "O’Neill"),
    ("ERN", K.NAME, "ERN"),
    ("Earnshaw 2000 Ltd", K.NAME, "Earnshaw 2000 Ltd"),
    ("مريم أحمد", K.NAME, "مريم أحمد"),
    ("QQ12340", K.NAME, "QQ12340"),
]


@pytest.mark.proves("EC-24", "EC-25", "AMB-10")
@pytest.mark.parametrize(("typed", "kind", "value"), TABLE)
def test_is_taken_for(typed, kind, value):
    assert recognise(typed) == Identifier(kind, value)


@pytest.mark.parametrize("typed", ["", "   ", "\u200b", "-", "( )", "\n"])
def test_nothing_is_taken_for_nothing(typed):
    assert recognise(typed) is None


@pytest.mark.parametrize("typed", ["x" * 5000, "9" * 5000, "@a" * 300, "\x00900000001", "0" * 400, "+" * 50 + "1"])
def test_anything_pasted_is_answered(typed):
    assert recognise(typed)


def test_the_page_says_what_it_took_it_for():
    assert [f"Taken for {kind.label}" for kind in (K.ERN, K.NINO, K.OTHER_NUMBER)] == [
        "Taken for an ERN",
        "Taken for a National Insurance number",
        "Taken for a TRN or other number that is not an ERN",
    ]
