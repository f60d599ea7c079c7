"""Names as they are looked for: neither case, accents, apostrophes nor signs between words matter.

`key` says what the database keeps in a column that it works out itself, so that both come to the same words: its word
that begins with "sian" is found by `% sian%`.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Func, TextField

from contacthub.cases.finding import BETWEEN_WORDS, fold

COMPANY_KINDS = frozenset({"ltd", "limited", "plc", "llp", "co", "company", "and", "the"})


def words_of(typed: str) -> list[str]:
    """Return the words by which a name is looked for: of O'Neill only "oneill", of "Marks & Sons" three."""
    return _words(_folded(typed).replace("'", ""))


def telling(words: Sequence[str]) -> list[str]:
    """Return the words that tell one name from another; all where they only say what kind of company it is."""
    return [word for word in words if word not in COMPANY_KINDS] or list(words)


def key(name: str) -> str:
    """Return the words of a name, each after a space; of O’Neill as one word and as two."""
    folded = _folded(name)
    words = words_of(name)
    return " " + " ".join([*words, *_words(folded.replace("'", " "))] if "'" in folded else words)


def spellings(name: str) -> set[str]:
    """Return the words of a name as people may write it: of O’Neill "oneill" and "o neill"."""
    folded = _folded(name)
    return {" ".join(_words(folded.replace("'", between))) for between in ("", " ")} - {""}


def kept_key(*columns: str) -> Func:
    """Return the `key` of a column, and of one with a list of further names, as the database works it out."""
    return Func(*columns, function="employer_contact_name_key", output_field=TextField())


def _folded(text: str) -> str:
    return fold(text.replace("&", " and "))


def _words(folded: str) -> list[str]:
    return [word for word in BETWEEN_WORDS.split(folded) if word]
