from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from employer_contact.naming import NameWordQuerySet


class NameWord(models.Model):
    """A word of the name of an employer or agent: what a misspelt one is compared with.

    Triggers keep the words of names that are given; two who give one at the same moment keep it twice. A word stays
    where nobody has it any more, and finds nothing.
    """

    word = models.TextField(db_collation="C")

    objects = models.Manager.from_queryset(NameWordQuerySet)()

    class Meta:
        indexes = [
            models.Index("word", name="name_word"),
            GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="name_word_like", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.word
