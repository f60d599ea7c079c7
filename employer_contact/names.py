"""Names as they are looked for: neither case, accents, apostrophes nor signs between words matter.

`key` says what the database keeps in a column that it works out itself, so that both come to the same words: its word
that begins with "sian" is found by `% sian%`.
"""

from __future__ import annotations

import re
import unicodedata

from django.db.models import Func, TextField

from contacthub.ordering import PLAIN

MARKS = "\u0300-\u036f"
APOSTROPHES = "'’\u2018\u02bc\u0060\u00b4"
WORD = re.compile(r"[^\W_]+")


def words_of(typed: str) -> list[str]:
    """Return the words by which a name is looked for: of O'Neill only "oneill", of "Marks & Sons" three."""
    return _words(re.sub(f"[{APOSTROPHES}]", "", _folded(typed)))


def key(name: str) -> str:
    """Return the words of a name, each after a space; of O’Neill as one word and as two."""
    folded = _folded(name)
    joined = re.sub(f"[{APOSTROPHES}]", "", folded)
    apart = re.sub(f"[{APOSTROPHES}]", " ", folded)
    return " " + " ".join(_words(joined) if joined == apart else [*_words(joined), *_words(apart)])


def _folded(text: str) -> str:
    # Apostrophes first: an acute accent that stands for one would come apart into a space and a mark.
    plain = re.sub(f"[{APOSTROPHES}]", "'", text).replace("&", " and ")
    unmarked = re.sub(f"[{MARKS}]", "", unicodedata.normalize("NFKD", plain).lower()).translate(PLAIN)
    return unicodedata.normalize("NFC", unmarked)  # letters of other scripts as they were


def _words(folded: str) -> list[str]:
    return WORD.findall(folded)


def kept_key(*columns: str) -> Func:
    """Return the `key` of a column, and of one with a list of further names, as the database works it out."""
    return Func(*columns, function="employer_contact_name_key", output_field=TextField())
