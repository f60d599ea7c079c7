"""National Insurance numbers as they are checked, shown and masked; card numbers, which are never kept (XC-06)."""

from __future__ import annotations

import re

SHAPE = re.compile(r"[A-Z]{2}[0-9]{6}[A-D]")
# No number was ever given out that begins so, or whose second letter is O. QQ is for tests.
NEVER_FIRST_OR_SECOND = "DFIQUV"
NEVER_TOGETHER = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}
ADMINISTRATIVE = {"OO", "FY", "NC", "MW", "PP", "PY", "PZ", "CR"}
FOR_TESTS = "QQ"
IN_TEXT = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[ -]?(?:[0-9]{2}[ -]?){3}[A-D](?![A-Z0-9])", re.IGNORECASE)
CARD = re.compile(r"(?<![0-9])[2-6][ -]?(?:[0-9][ -]?){11,17}[0-9](?![0-9])")


def cleaned(typed: str) -> str:
    """Return the letters and digits, in capitals."""
    return re.sub(r"[\W_]", "", typed).upper()


def is_nino(number: str, *, allow_test: bool = False) -> bool:
    """Say if a cleaned number may be somebody's National Insurance number; QQ only where tests are allowed."""
    letters = number[:2]
    if not SHAPE.fullmatch(number):
        return False
    if letters == FOR_TESTS:
        return allow_test
    odd = any(letter in NEVER_FIRST_OR_SECOND for letter in letters) or letters[1] == "O"
    return not odd and letters not in NEVER_TOGETHER | ADMINISTRATIVE


def shown(nino: str) -> str:
    """Return a number in full, "QQ 12 34 56 C": on the page of its paying parent, for those who may see it."""
    return f"{nino[:2]} {nino[2:4]} {nino[4:6]} {nino[6:8]} {nino[8:]}"


def masked(nino: str) -> str:
    """Return a number as lists and emails show it: "QQ •• •• 56 C"; "" of none."""
    return f"{nino[:2]} •• •• {nino[6:8]} {nino[8:]}" if nino else ""


def masked_in(text: str) -> str:
    """Return a text with each National Insurance number in it as lists and emails show it, in whatever spacing."""
    return IN_TEXT.sub(lambda found: masked(cleaned(found[0])), text)


def holds_card_number(text: str) -> bool:
    """Say if a text has a run of digits that a payment card may have: 13 to 19 that pass the check of cards."""
    return any(_passes_luhn(re.sub(r"\D", "", found)) for found in CARD.findall(text))


def _passes_luhn(digits: str) -> bool:
    doubled = [int(digit) * 2 for digit in digits[-2::-2]]
    return (sum(int(digit) for digit in digits[-1::-2]) + sum(n - 9 if n > 9 else n for n in doubled)) % 10 == 0
