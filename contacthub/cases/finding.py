"""How what somebody types is read: as a reference, a telephone number, an email address, a name (in any spelling).

The database keeps a key for each word of a name, each pair of its words, each address and number (FindKey). `fold` and
`words_of` say what its functions `find_fold` and `find_words` say, so that both come to the same keys.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

import phonenumbers
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from contacthub.addresses import forms_of
from contacthub.logs import masked, nino_in

LONGEST = 200  # characters that are read
LONGEST_WORD = 60
MOST_WORDS = 8
LEAST_TO_BEGIN_WITH = 3  # letters of a word that is not complete
LEAST_DIGITS = 4  # of a telephone number that is not complete
FEWEST_DIGITS = 7  # of one that may be complete
WHOLE_NUMBER = range(6, 9)  # digits by which a reference is known without its letters

APOSTROPHES = str.maketrans("\u00b4\u0060\u2018\u2019\u02bc", "'" * 5)
PLAIN = str.maketrans("łđðøħı\u03c2", "lddohi\u03c3") | {ord("ß"): "ss", ord("æ"): "ae", ord("œ"): "oe", ord("þ"): "th"}
MARKS = re.compile("[\u0300-\u036f]")
BETWEEN_WORDS = re.compile("[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u3003]+")
ADDRESS = re.compile(r"[^\s<>,;:]*@[^\s<>,;:]*")
PART_OF_ADDRESS = re.compile(r"[^\s@]*[._+-][^\s@]*")
LOOSE_REFERENCE = re.compile(r"([a-z]{2,3})[\W_]*([0-9]{1,12})")
FULL_REFERENCE = re.compile(r"\b([a-z]{2,3})[-\u2010\u2013]([0-9]{6,12})\b")
DIGITS_AND_SIGNS = re.compile(r"[0-9\s()+./\u2010-\u2015-]+")


@dataclass(frozen=True)
class Lookup:
    """A key to look for: whole, or as the beginning of keys; `also` are whole keys that the record has besides."""

    key: str
    whole: bool = True
    also: tuple[str, ...] = ()

    def fits(self, key: str) -> bool:
        return key == self.key if self.whole else key.startswith(self.key)


@dataclass(frozen=True)
class Sought:
    """What somebody typed, and how it is read: `lookups` come best first.

    `references` are those that it may mean; with `is_reference` it is a whole one, which leads straight to its page.
    `nino` is the National Insurance number in it, which `typed` has masked (XC-06).
    """

    typed: str = ""
    taken_for: str = "a name"
    references: tuple[str, ...] = ()
    is_reference: bool = False
    lookups: tuple[Lookup, ...] = ()
    words: tuple[str, ...] = ()
    nino: str = ""

    @property
    def is_readable(self) -> bool:
        return bool(self.references or self.lookups or self.nino)

    def mark(self, name: str) -> SafeString:
        """Return a name with the words marked that were looked for."""
        pieces = re.split(r"([\s,.()/\u2010-\u2015-]+)", name)
        return format_html_join("", "{}", ((self._marked(piece),) for piece in pieces))

    def _marked(self, piece: str) -> SafeString | str:
        found = any(word.startswith(sought) for word in words_of(piece) for sought in self.words)
        return marked(piece) if found else piece

    def names(self, name: str) -> bool:
        """Say if all the words that were looked for are in this name."""
        words = words_of(name)
        return bool(self.words) and all(any(word.startswith(sought) for word in words) for sought in self.words)

    def fits(self, key: str) -> bool:
        """Say if an address or a number, as it is kept, is among what was looked for."""
        folded = fold(key)
        keys = (folded, folded.rpartition("@")[2])
        return any(lookup.fits(key) for lookup in self.lookups for key in keys)


def marked(text: str) -> SafeString:
    return format_html("<mark>{}</mark>", text)


def fold(told: str) -> str:
    """Return the text without what spellings differ in: case, accents, the kind of apostrophe."""
    plain = MARKS.sub("", unicodedata.normalize("NFKD", told.translate(APOSTROPHES)))
    return plain.lower().translate(PLAIN)


def words_of(name: str) -> list[str]:
    """Return the words of a name, with those of O’Neill as one and as two: oneill, o, neill."""
    folded = fold(name)
    return _some([*_words(folded.replace("'", "")), *_words(folded.replace("'", " "))])


def _words(folded: str) -> list[str]:
    return _some(BETWEEN_WORDS.split(folded))


def _some(words: Iterable[str]) -> list[str]:
    return [*dict.fromkeys(word[:LONGEST_WORD] for word in words if word)][:MOST_WORDS]


def read(typed: str, *, prefixes: Collection[str]) -> Sought:
    """Read what was typed, where references begin with these letters."""
    typed = " ".join(typed.replace("\0", " ").split())[:LONGEST]
    if reference := _reference(typed, prefixes):
        return Sought(masked(typed), "a reference", (reference,), is_reference=True, nino=nino_in(typed))
    if nino := nino_in(typed):
        return Sought(masked(typed), "a National Insurance number", nino=nino)
    if address := ADDRESS.search(typed):
        return Sought(typed, "an email address", lookups=tuple(_by_address(address[0])))
    if digits := _digits(typed):
        return _read_figures(typed, digits, prefixes)
    words, numbers = _words_typed(typed), tuple(_by_number(typed))
    parts = tuple(_by_address(typed)) if words and PART_OF_ADDRESS.fullmatch(typed) else ()
    taken_for = "a telephone number" if numbers else "a name"
    return Sought(typed, taken_for, lookups=(*numbers, *_by_name(typed), *parts), words=words)


def _read_figures(typed: str, digits: str, prefixes: Collection[str]) -> Sought:
    """Read what is nothing but figures: a reference without its letters, a telephone number or the beginning of one."""
    is_reference = len(digits) in WHOLE_NUMBER
    references = tuple(_spelt_out(prefix, digits) for prefix in prefixes) if len(digits) <= max(WHOLE_NUMBER) else ()
    taken_for = "the number of a reference" if is_reference else "a telephone number"
    lookups = (*_by_number(typed), *_by_name(typed))
    return Sought(typed, taken_for, references, is_reference, lookups, _words_typed(typed))


def _reference(typed: str, prefixes: Collection[str]) -> str:
    folded = fold(typed)
    for found in (LOOSE_REFERENCE.fullmatch(folded), FULL_REFERENCE.search(folded)):
        if found and found[1].upper() in prefixes:
            return _spelt_out(found[1].upper(), found[2])
    return ""


def _spelt_out(prefix: str, digits: str) -> str:
    return f"{prefix}-{int(digits):06}"


def _digits(typed: str) -> str:
    """Return the digits of what is nothing but a number, "" of anything else."""
    plain = unicodedata.normalize("NFKC", typed)
    return re.sub(r"\D", "", plain) if DIGITS_AND_SIGNS.fullmatch(plain) and re.search("[0-9]", plain) else ""


def _by_number(typed: str) -> Iterator[Lookup]:
    """Look for the number in this text, and for those that begin like it where it is nothing else."""
    plain, digits = unicodedata.normalize("NFKC", typed), _digits(typed)
    if len(re.sub(r"\D", "", plain)) >= FEWEST_DIGITS:
        with suppress(phonenumbers.NumberParseException):
            number = phonenumbers.parse(plain, "GB")
            number.extension = None
            if phonenumbers.is_possible_number(number):
                yield Lookup(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    if len(digits) >= LEAST_DIGITS:
        abroad = plain.startswith(("+", "00"))
        yield Lookup(f"+{digits.removeprefix('00')}" if abroad else f"+44{digits.removeprefix('0')}", whole=False)


def _by_address(typed: str) -> Iterator[Lookup]:
    keys = [*dict.fromkeys(fold(form).lstrip("@") for form in forms_of(typed))]
    yield from (Lookup(key) for key in keys if key)
    yield from (Lookup(key, whole=False) for key in keys if len(key) >= LEAST_TO_BEGIN_WITH)


def _words_typed(typed: str) -> tuple[str, ...]:
    return tuple(_words(fold(typed).replace("'", "")))


def _by_name(typed: str) -> Iterator[Lookup]:
    words, apart = _words_typed(typed), tuple(_words(fold(typed).replace("'", " ")))
    yield from _by_words(words)
    if apart != words:
        yield from _by_words(apart)


def _by_words(words: tuple[str, ...]) -> Iterator[Lookup]:
    if len(words) == 1:
        [word] = words
        if len(word) > 1 or not word.isascii():
            yield Lookup(word)
        if len(word) >= LEAST_TO_BEGIN_WITH:
            yield Lookup(word, whole=False)
    elif len(words) == 2:
        first, second = words
        yield Lookup(f"{first} {second}")
        yield Lookup(f"{first} {second}", whole=False)
        yield Lookup(f"{second} {first}", whole=False)
    elif words:
        one, *others = (f"{first} {second}" for first, second in pairwise(words))
        yield Lookup(one, also=tuple(others))
