"""What somebody typed or pasted into the one box that finds a party: which kind of identifier it is, in any spacing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from django.db.models import TextChoices

from contacthub.ui.fields import without_hidden
from employer_contact.terms import FoundBy

NOT_MATCHED = (
    "No employer matches the number the caller entered. Select the employer yourself. "
    "The caller may have entered a TRN instead of their ERN"
)
# By what a party is found, beside its name, telephone number and email address; in any spacing.
EXAMPLES = (
    "an Employer Reference Number (ERN), like 900000006",
    "an Employer Agent Reference Number (EARN), like EA9000014",
    "a paying parent’s National Insurance number, like QQ 12 34 56 C",
    "a postcode, like ZZ99 3AB",
)
LONGEST = 200  # characters that are read
_ERN = re.compile(r"[0-9]{9}")
_EARN = re.compile(r"EA[0-9]{7}")
_NINO = re.compile(r"[A-Z]{2}[0-9]{6}[A-D]")
_PARENT = re.compile(r"121[0-9]{9}")
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")
_BETWEEN = re.compile(r"[\s().,/\-\u2010-\u2015]+")
_LABEL = re.compile(r"(?:ERN|EARN|TRN|NINO|TEL|TELEPHONE|PHONE)\b[\s.:]*(?=.*[0-9])", re.IGNORECASE)


class IdentifierKind(TextChoices):
    """What a text was taken for; the labels follow "Taken for"."""

    ERN = "ern", "an ERN"
    EARN = "earn", "an EARN"
    TELEPHONE = "telephone", "a telephone number"
    POSTCODE = "postcode", "a postcode"
    EMAIL = "email", "an email address"
    NINO = "nino", "a National Insurance number"
    PARENT_REFERENCE = "parent_reference", "a paying parent’s 12-digit reference"
    OTHER_NUMBER = "other_number", "a TRN or other number that is not an ERN"
    NAME = "name", "a name"


@dataclass(frozen=True)
class Identifier:
    """The kind, and the value as records keep it: "+441632960983", "ZZ99 3AA", "QQ123456C"; a name as it was typed."""

    kind: IdentifierKind
    value: str


def found_by(number_keyed: str, *, matched: str, chosen: str) -> FoundBy:
    """Return how the party was found: `matched` is the ERN that the number keyed is, if any; `chosen` the ERN or EARN.

    Worked out, never asked (EC-24, EC-25).
    """
    if not number_keyed:
        return FoundBy.NOTHING_KEYED
    if not matched:
        return FoundBy.NOBODYS_NUMBER
    return FoundBy.KEYED if matched == chosen else FoundBy.ANOTHERS_NUMBER


def recognise(typed: str) -> Identifier | None:
    """Return what was typed as an identifier; None of nothing. Anything that is nothing else is a name."""
    text = " ".join(without_hidden(unicodedata.normalize("NFKC", typed[:LONGEST])).split())
    text = _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
    if not re.search(r"\w", text):
        return None
    if "@" in text:
        return Identifier(IdentifierKind.EMAIL, text.replace(" ", "").lower())
    compact = _BETWEEN.sub("", text).upper()
    if re.fullmatch(r"\+?[0-9]+", compact):
        return _of_digits(compact)
    return _of_letters_and_digits(compact) or Identifier(IdentifierKind.NAME, text)


def _of_letters_and_digits(compact: str) -> Identifier | None:
    if _EARN.fullmatch(compact):
        return Identifier(IdentifierKind.EARN, compact)
    if _NINO.fullmatch(compact):
        return Identifier(IdentifierKind.NINO, compact)
    if found := _POSTCODE.fullmatch(compact):
        return Identifier(IdentifierKind.POSTCODE, f"{found[1]} {found[2]}")
    return None


def _of_digits(compact: str) -> Identifier:
    if _ERN.fullmatch(compact):
        return Identifier(IdentifierKind.ERN, compact)
    if _PARENT.fullmatch(compact):
        return Identifier(IdentifierKind.PARENT_REFERENCE, compact)
    if number := _telephone(compact):
        return Identifier(IdentifierKind.TELEPHONE, number)
    return Identifier(IdentifierKind.OTHER_NUMBER, compact.removeprefix("+"))


def _telephone(compact: str) -> str:
    """Return a number that begins as telephone numbers do as E.164, else "": 0, 00 or +, or 44 without it."""
    if re.fullmatch(r"44[0-9]{10}", compact):
        compact = f"+{compact}"
    compact = re.sub(r"^\+440", "+44", compact)  # +44 (0)1632 ...
    if not compact.startswith(("0", "+")):
        return ""
    try:
        number = phonenumbers.parse(compact, "GB")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
