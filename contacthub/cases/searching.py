"""Find records by what people know of them, in a time that does not depend on how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Exists, OuterRef, QuerySet, Value

from contacthub.actor import Actor
from contacthub.cases.finding import Lookup, Sought
from contacthub.cases.models import Case, CaseRecord, FindKey

Record = TypeVar("Record", bound=CaseRecord)
CANDIDATES = 200  # of a kind that are looked at, whoever asks
REFERENCE_FIRST, BESIDES = -1, 1_000


@dataclass(frozen=True)
class Finding(Generic[Record]):
    """The records that were found, best first; how many there are of them; whether there may be more of them."""

    records: list[Record]
    count: int
    has_more: bool


def find(
    model: type[Record],
    sought: Sought,
    *,
    by: Actor,
    at_most: int,
    beside: tuple[str, ...] = (),
    besides: Sequence[QuerySet[Any]] = (),
) -> Finding[Record]:
    """Return the records of this kind that fit and that the actor may see, with what stands `beside` them.

    Candidates are read in the order of an index: whom the case is about before who raised it, then the newest. Where
    there are more than CANDIDATES, the actor may have to say more in order to find theirs. `besides` are records that
    the app knows to fit, each list of them in the order of an index; they come last.
    """
    rows: Any = model._default_manager
    candidates = _candidates(model.PREFIX, sought, besides)
    seen = (
        {*rows.visible_to(by).filter(pk__in=candidates).order_by().values_list("pk", flat=True)} if candidates else ()
    )
    found = [pk for pk in candidates if pk in seen]
    shown = rows.prefetch_related(*beside).in_bulk(found[:at_most]) if found else {}
    return Finding([shown[pk] for pk in found[:at_most] if pk in shown], len(found), len(candidates) == CANDIDATES)


def _candidates(prefix: str, sought: Sought, besides: Sequence[QuerySet[Any]]) -> list[int]:
    """Return the ids of cases that fit, best first: each look goes into one index and ends after CANDIDATES."""
    looks: list[QuerySet[Any, Any]] = [
        _by_key(prefix, lookup, Value(place)) for place, lookup in enumerate(sought.lookups)
    ]
    references = [reference for reference in sought.references if reference.startswith(f"{prefix}-")]
    if references:
        cases = Case.objects.filter(reference__in=references)
        looks.insert(
            0, cases.annotate(place=Value(REFERENCE_FIRST), heavy=Value(0)).values_list("place", "heavy", "pk")
        )
    for known in besides:
        placed = known.select_related(None).annotate(place=Value(BESIDES), heavy=Value(0))
        looks.append(placed.values_list("place", "heavy", "pk")[:CANDIDATES])
    if not looks:
        return []
    first, *others = looks
    found = sorted(first.union(*others, all=True) if others else first, key=lambda row: (row[0], -row[1], -row[2]))
    return [*dict.fromkeys(case_id for _, _, case_id in found)][:CANDIDATES]


def _by_key(prefix: str, lookup: Lookup, place: Value) -> QuerySet[Any, Any]:
    keys = FindKey.objects.filter(prefix=prefix)
    if lookup.whole:
        looked = keys.filter(key=lookup.key).order_by("-weight", "-case_id")
    else:
        looked = keys.filter(key__startswith=lookup.key).order_by("key", "-weight", "-case_id")
    for key in lookup.also:
        looked = looked.filter(Exists(keys.filter(case_id=OuterRef("case_id"), key=key)))
    return looked.annotate(place=place).values_list("place", "weight", "case_id")[:CANDIDATES]
