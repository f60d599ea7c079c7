"""Records by the words of a name (names.py): those that have it, and those with one much like it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, Q, QuerySet

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
        return self._whole(sorted(found, key=lambda name: _closeness(*name, whole=whole))[:size])

    def nearly_called(self, alike: Sequence[Sequence[str]], *, size: int) -> list[Record]:
        """Return the first records in whose names one of each of these words begins one (NameWord), the likest of 200
        first. All of them are looked for only where a single other word finds too few.
        """
        names = self.values_list("name_key", "pk").order_by()
        nearest = [reduce(and_, map(_has, words)) for words in _one_apart(alike)]
        found = [*names.filter(reduce(or_, nearest))[:CANDIDATES]] if nearest else []
        if len(found) < size:
            found = [*names.filter(*(reduce(or_, map(_has, words)) for words in alike))[:CANDIDATES]]
        return self._whole(sorted(found, key=lambda name: (_unlikeness(name[0], alike), *name))[:size])

    def _whole(self, names: Sequence[tuple[str, int]]) -> list[Record]:
        """Return the records of these names in their order."""
        records = self.model._default_manager.in_bulk([pk for _, pk in names])
        return [records[pk] for _, pk in names if pk in records]


def _has(word: str) -> Q:
    return Q(name_key__contains=f" {word}")


def _one_apart(alike: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """Return the words as they were typed, but for one in whose place stands the likest."""
    typed = [words[0] for words in alike]
    for place, (_, *others) in enumerate(alike):
        if others:
            yield [*typed[:place], others[0], *typed[place + 1 :]]


def _unlikeness(name_key: str, alike: Sequence[Sequence[str]]) -> int:
    """Return how far from those that were typed the words are which this name has: the sum of their places."""
    return sum(next(place for place, word in enumerate(words) if f" {word}" in name_key) for words in alike)


def _closeness(name_key: str, pk: int, *, whole: str) -> tuple[bool, bool, str, int]:
    return not f"{name_key} ".startswith(f"{whole} "), not name_key.startswith(whole), name_key, pk
