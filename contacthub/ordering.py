"""The order in which people look for names: neither case nor accents matter, whatever the database's own order is.

The pages that list names are English, so Welsh ll and dd are two letters each.
"""

from __future__ import annotations

from django.db.models import CharField, Func

# Letters that are no letter with a mark on it, and every hyphen: a space goes before any letter.
PLAIN = str.maketrans("łđðøħı-\u2010\u2013", "lddohi   ")
MARKS = r"[\u0300-\u036f''’\u2018\u02bc]"  # and apostrophes; '' is one, in SQL


class ByName(Func):
    """A column of names as they are sorted: Ŵyn stands at w, de Souza at d, Tim Zed before Timo Abel.

    By itself Postgres goes by code points, with `ap Rhys` and `Éowyn` after `Zoe`. Names that differ in no letter are
    alike, so a list is ordered by one more column.
    """

    arity = 1
    template = (
        f"regexp_replace(translate(normalize(lower(%(expressions)s), NFKD), "
        f"'{''.join(map(chr, PLAIN))}', '{''.join(map(chr, PLAIN.values()))}'), '{MARKS}', '', 'g')"
    )
    output_field = CharField()
