"""Names as they are looked for: the database and the code come to the same words."""

from __future__ import annotations

import pytest
from django.db import connection

from employer_contact.names import key, words_of

NAMES = [
    ("Brindlewick Bakeries Ltd", " brindlewick bakeries ltd"),
    ("Siân O’Neill-ap Rhys", " sian oneill ap rhys sian o neill ap rhys"),
    ("Marks & Sons (Wales) Ltd.", " marks and sons wales ltd"),
    ("Ŵyn  Rees", " wyn rees"),
    ("Sia\u0302n", " sian"),
    ("Tŷ Gwyn / Møller", " ty gwyn moller"),
    ("=1+1 Ltd", " 1 1 ltd"),
    ("Dr. d'Arcy", " dr darcy dr d arcy"),
    ("Kid`s \u00b4Play", " kids play kid s play"),
    ("ŁÓDŹ Żurawski", " lodz zurawski"),
    ("\ufb01nch \u2163", " finch iv"),
    ("مريم أحمد", " \u0645\u0631\u064a\u0645 \u0627\u0654\u062d\u0645\u062f"),
    ("a_b-c\u2010d–e", " a b c d e"),
    ("", " "),
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_key(name, expected):
    assert key(name) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name, _ in NAMES])
def test_the_database_says_the_same(name):
    with connection.cursor() as cursor:
        cursor.execute("select employer_contact_name_key(%s)", [name])
        assert cursor.fetchone() == (key(name),)


@pytest.mark.django_db
def test_further_names_follow():
    with connection.cursor() as cursor:
        cursor.execute("select employer_contact_name_key(%s, %s)", ["Tarnholm", ["Orla O'Hara", "Lee"]])
        assert cursor.fetchone() == (key("Tarnholm Orla O'Hara Lee"),)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("O'NEILL", ["oneill"]),
        ("rees, ŵyn", ["rees", "wyn"]),
        ("Marks & Sons", ["marks", "and", "sons"]),
        ("%_\\", []),
    ],
)
def test_what_is_typed_is_looked_for_word_by_word(typed, words):
    assert words_of(typed) == words
