"""What keeps a batch of records from being written: each rule names the way to its row and field, "rows/3/name"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from contacthub.errors import RuleBroken
from contacthub.formats import short_date
from employer_contact.models import AgentLink, Employer, PayingParent
from employer_contact.services.accounts import NO_FAX

MOST_ROWS = 200
Row = Mapping[str, Any]


def faults(number: int, record: Any, row: Row, needs: Sequence[str]) -> list[RuleBroken]:
    """Return what keeps one record from being saved, each by the way to its field."""
    missing = [name for name in needs if record.pk is None and not row.get(name)]
    found = [
        broken_at(number, name.removesuffix("_id"), "A new record needs this. Send it", "required") for name in missing
    ]
    others = [field.name for field in record._meta.fields if field.name not in row]
    try:
        record.clean_fields(exclude=[*others, *missing])
    except ValidationError as refusal:
        found += [broken_at(number, name, words[0], "unreadable") for name, words in refusal.message_dict.items()]
    return found


def fax_faults(records: Sequence[Employer]) -> list[RuleBroken]:
    without = [number for number, one in enumerate(records) if one.prefers_fax and not one.fax]
    return [broken_at(number, "fax", NO_FAX, "fax_required") for number in without]


def link_faults(links: Sequence[AgentLink]) -> list[RuleBroken]:
    """Return the last days before the first ones, and the links on whose days the agent is linked already."""
    pairs: dict[tuple[int, int], list[AgentLink]] = {(link.employer_id, link.agent_id): [] for link in links}
    sent = {link.pk for link in links if link.pk}
    rows = AgentLink.objects.filter(employer__in=[pair[0] for pair in pairs], agent__in=[pair[1] for pair in pairs])
    for link in [*rows.exclude(pk__in=sent), *links]:
        pairs.get((link.employer_id, link.agent_id), []).append(link)
    found = []
    for number, link in enumerate(links):
        if link.ends_on and link.ends_on < link.starts_on:
            found.append(broken_at(number, "ends_on", f"Send {short_date(link.starts_on)} or later", "days_in_order"))
        for other in pairs[link.employer_id, link.agent_id]:
            if other is not link and _overlap(link, other):
                words = f"They are linked from {short_date(other.starts_on)} already. End that link first"
                found.append(broken_at(number, "starts_on", words, "linked_already"))
    return found


def _overlap(one: AgentLink, other: AgentLink) -> bool:
    first, second = sorted((one, other), key=lambda link: link.starts_on)
    return first.ends_on is None or first.ends_on >= second.starts_on


def too_many(rows: Sequence[Row]) -> list[RuleBroken]:
    if len(rows) <= MOST_ROWS:
        return []
    return [RuleBroken(f"Send {MOST_ROWS} rows or fewer at once", code="too_many_rows", field="rows")]


def twice(rows: Sequence[Row], keys: Sequence[str]) -> list[RuleBroken]:
    seen: set[tuple[Any, ...]] = set()
    found = []
    for number, row in enumerate(rows):
        name = tuple(row[key] for key in keys)
        if name in seen:
            words = f"{', '.join(str(part) for part in name)} is in these rows twice. Send it once"
            found.append(broken_at(number, keys[0], words, "twice"))
        seen.add(name)
    return found


def unknown(rows: Sequence[Row], name: str, known: Mapping[str, int]) -> list[RuleBroken]:
    """Return the references of a field, one or a list, that name no record."""
    return [
        broken_at(number, name, f"There is no {reference}. Send that record first", "unknown")
        for number, row in enumerate(rows)
        for reference in _references(row.get(name, ()))
        if reference not in known
    ]


def _references(given: str | Sequence[str]) -> Sequence[str]:
    return [given] if isinstance(given, str) else list(dict.fromkeys(given))


def numbers_of_others(rows: Sequence[Row]) -> list[RuleBroken]:
    """Return the National Insurance numbers that another paying parent has, here or in these rows."""
    numbers = [row["nino"] for row in rows if row.get("nino")]
    theirs = dict(PayingParent.objects.filter(nino__in=numbers).values_list("nino", "reference"))
    found = []
    for number, row in enumerate(rows):
        nino = row.get("nino")
        if nino and theirs.setdefault(nino, row["reference"]) != row["reference"]:
            words = "Another paying parent has this National Insurance number. Check both"
            found.append(broken_at(number, "nino", words, "nino_taken"))
    return found


def broken_at(number: int, name: str, words: str, code: str) -> RuleBroken:
    return RuleBroken(words, code=code, field=f"rows/{number}/{name}")
