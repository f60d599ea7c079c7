"""Rows by keys that Postgres reads first, in whatever order the rows are listed.

A join leaves it to Postgres where to begin, and what it does not know it guesses: of the employers in five cases that
somebody owns it would walk through all by name, to find the first fifty.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, BooleanField, F, Func, QuerySet


def among(keys: QuerySet[Any]) -> Func[Any]:
    """Keep the rows whose key is one of these."""
    parts = {"template": "%(expressions)s)", "arg_joiner": " = any("}
    return Func(F("pk"), ArraySubquery(keys), output_field=BooleanField(), **parts)


def each_of(keys: QuerySet[Any]) -> Func[Any]:
    """Return all of these keys, which are those of one row of the query around."""
    found = Func(ArraySubquery(keys), function="unnest", output_field=BigIntegerField())
    found.set_returning = True
    return found
