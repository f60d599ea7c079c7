"""Records by the words of a name (names.py): those that have it, and those with one much like it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add, or_
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Case, IntegerField, Model, Q, QuerySet, Value, When

from contacthub.among import among
from employer_contact.seeing import SeenByRole

Record = TypeVar("Record", bound=Model)
CANDIDATES = 200  # of a name that many have; the best of them are shown
FIRST_BY_NAME = 20
ALIKE = 4  # kept words for each that was typed
LIKEST = """
select typed, word
  from unnest(%s) as given (typed)
 cross join lateral (
    select word, similarity(word, typed) as likeness
      from employer_contact_nameword
     where word %% typed
     order by likeness desc, word
     limit %s
 ) as kept
 order by likeness desc, word
"""


class NameWordQuerySet(QuerySet[Any]):
    def alike(self, words: Sequence[str]) -> list[list[str]]:
        """Return each of these words with those that may be meant by it, the likest first: one query."""
        found = {word: [word] for word in words}
        with connection.cursor() as cursor:
            cursor.execute(LIKEST, [list(found), ALIKE])
            for typed, kept in cursor.fetchall():
                if kept not in found[typed]:
                    found[typed].append(kept)
        return list(found.values())


class Named(SeenByRole[Record]):
    """Records found by the words of a name."""

    def called(self, words: Sequence[str], *, size: int) -> list[Record]:
        """Return the first records in whose names each of these words begins one, those that begin with all of them
        before the others.

        Of a name that very many have, 200 are looked at by their names, and in another statement those that begin with
        it; only the ones returned are read whole.
        """
        whole = f" {' '.join(words)}"
        names = self.values_list("name_key", "pk")
        found = set(names.filter(*(_has(word) for word in words)).order_by()[:CANDIDATES])
        if len(found) == CANDIDATES:
            found |= set(names.filter(name_key__startswith=whole).order_by("name_key", "pk")[:FIRST_BY_NAME])
        best = sorted(found, key=lambda name: _closeness(*name, whole=whole))[:size]
        records = self.model._default_manager.in_bulk([pk for _, pk in best])
        return [records[pk] for _, pk in best if pk in records]

    def nearly_called(self, alike: Sequence[Sequence[str]]) -> QuerySet[Record]:
        """Keep those in whose names one of each of these words begins one (NameWord), the likest of 200 first."""
        near = self
        for words in alike:
            near = near.filter(reduce(or_, (_has(word) for word in words)))
        unlike = reduce(add, (_first_of(words) for words in alike))
        keys = near.order_by().values("pk")[:CANDIDATES]
        return self.model._default_manager.filter(among(keys)).order_by(unlike, "name_key", "pk")


def _has(word: str) -> Q:
    return Q(name_key__contains=f" {word}")


def _first_of(words: Sequence[str]) -> Case:
    """Return the place of the first of these words that a name has."""
    places = (When(_has(word), then=Value(place)) for place, word in enumerate(words))
    return Case(*places, default=Value(len(words)), output_field=IntegerField())


def _closeness(name_key: str, pk: int, *, whole: str) -> tuple[bool, bool, str, int]:
    return not f"{name_key} ".startswith(f"{whole} "), not name_key.startswith(whole), name_key, pk
