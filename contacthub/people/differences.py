"""What rows about people would change: the same for a file and for REST, worked out before anything is written.

Everything is plain data, and the order of the rows does not matter. What a row does not name stays as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from contacthub.csvfiles import repeated
from contacthub.formats import short_date
from contacthub.people.roles import Post, UnitKind, posts_of

SHORTEST_NUMBER = 6
YEARS = range(1900, 2201)
DAY = timedelta(days=1)
FIELDS = {
    "name": "Name",
    "email": "Work email",
    "takes_calls_in_welsh": "Takes calls in Welsh",
    "active_from": "First day",
    "active_to": "Last day",
}


class Effect(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    ENDED = "ended"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Said:
    """What a row says of a person, by name: those of FIELDS, `unit` (its code), `post`, `since`."""

    line: int
    staff_number: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Spell:
    """A membership as it stands: `pk` is its id, and `person_id` whose it is."""

    pk: int
    person_id: int
    unit: str
    post: str
    starts_on: date
    ends_on: date | None

    def lasts_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class Known:
    """A person as they stand, with all their memberships."""

    pk: int
    staff_number: str
    fields: Mapping[str, Any]
    spells: tuple[Spell, ...] = ()


@dataclass(frozen=True)
class Standing:
    """The directory, as far as the rows are about it.

    `people` by staff number, `kinds` of units by code, `posts` that are held in those units, by anybody; `addresses` in
    small letters with the staff number of who has them; `zeros` are the numbers of people without the zeros before
    them.
    """

    people: Mapping[str, Known] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    posts: tuple[Spell, ...] = ()
    holders: Mapping[int, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    zeros: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """What happens to one person: a line for each field (label, before, after); memberships that end, by id and last
    day (None: it is taken back); the one that starts.
    """

    line: int
    staff_number: str
    name: str
    effect: Effect
    fields: dict[str, Any]
    words: list[tuple[str, str, str]]
    ends: list[tuple[int, date | None]]
    starts: dict[str, Any] | None


@dataclass(frozen=True)
class RowProblem:
    line: int
    field: str
    message: str


@dataclass(frozen=True)
class Plan:
    changes: list[Change]
    problems: list[RowProblem]

    def of(self, effect: str) -> list[Change]:
        return [change for change in self.changes if change.effect == effect]

    @property
    def counts(self) -> dict[str, int]:
        return {effect.value: len(self.of(effect)) for effect in Effect}

    @property
    def digest(self) -> str:
        """Return what tells this plan from any other: it names what was there before as well as what will be."""
        told = [asdict(change) for change in sorted(self.changes, key=lambda change: change.staff_number)]
        return hashlib.sha256(json.dumps(told, default=str, sort_keys=True).encode()).hexdigest()


def plan(rows: Iterable[Said], standing: Standing, *, on: date) -> Plan:
    """Return what the rows would change, if it were done on this day, and every row that cannot be done."""
    rows = list(rows)
    problems = [*_twice(rows, "staff_number"), *_twice(rows, "email")]
    changes = []
    for row in rows:
        found = list(_problems_of(row, standing, on))
        problems += found
        if not found:
            known = standing.people.get(row.staff_number)
            changes.append(_change(row, known, on))
            problems += _overlaps(changes[-1], known)
    problems += _clashes(changes, standing)
    return Plan(changes, sorted(set(problems), key=lambda one: (one.line, one.field)))


def _twice(rows: list[Said], name: str) -> Iterable[RowProblem]:
    """Name both lines where one file says the same of two people, in whatever capitals (P33)."""
    keys = [(row.line, row.staff_number if name == "staff_number" else row.fields.get(name, "")) for row in rows]
    what = "staff number" if name == "staff_number" else "work email"
    for line, others in repeated(keys).items():
        words = f"The same {what} stands on line {' and '.join(map(str, others))} too. Keep one of them"
        yield RowProblem(line, name, words)


def _problems_of(row: Said, standing: Standing, on: date) -> Iterable[RowProblem]:
    known = standing.people.get(row.staff_number)
    if known is None:
        yield from _problems_of_new(row, standing)
    told = {**(known.fields if known else {"active_from": on, "active_to": None}), **row.fields}
    for name in ("since", "active_from", "active_to"):
        if row.fields.get(name) and row.fields[name].year not in YEARS:
            yield RowProblem(row.line, name, "Enter a day between 1900 and 2200, or leave it empty")
    if told["active_to"] and told["active_to"] < told["active_from"]:
        yield RowProblem(row.line, "active_to", "The last day must be the first day or later")
    email = row.fields.get("email", "")
    owner = standing.addresses.get(email.casefold())
    if owner and owner != row.staff_number and not (known and known.fields["email"] == email):
        yield RowProblem(row.line, "email", f"{owner} has this work email. Enter another, or change that one first")
    yield from _problems_of_place(row, told, standing)


def _problems_of_new(row: Said, standing: Standing) -> Iterable[RowProblem]:
    number = row.staff_number
    if full := standing.zeros.get(number.lstrip("0")):
        words = f"The directory has {full}. If that is who is meant, put back the zeros that the spreadsheet took away"
        yield RowProblem(row.line, "staff_number", words)
    elif len(number) < SHORTEST_NUMBER:
        words = f"Enter a staff number of {SHORTEST_NUMBER} characters or more, with the zeros before it"
        yield RowProblem(row.line, "staff_number", words)
    for name in ("name", "email"):
        if not row.fields.get(name):
            yield RowProblem(row.line, name, f"Enter the {FIELDS[name].lower()} of somebody new")


def _problems_of_place(row: Said, told: Mapping[str, Any], standing: Standing) -> Iterable[RowProblem]:
    unit, post = row.fields.get("unit"), row.fields.get("post") or ""
    since = row.fields.get("since")
    if "unit" not in row.fields:
        if post or since:
            yield RowProblem(row.line, "unit", "Enter the code of the unit too")
        return
    if unit and unit not in standing.kinds:
        yield RowProblem(
            row.line, "unit", f"There is no unit with the code “{unit}”. Add it in Set-up, or enter another"
        )
    elif unit and post and post not in posts_of(UnitKind(standing.kinds[unit])):
        words = (
            f"A {UnitKind(standing.kinds[unit]).label.lower()} has no {Post(post).label.lower()}. Enter another post"
        )
        yield RowProblem(row.line, "post", words)
    elif not unit and post:
        yield RowProblem(row.line, "unit", "Enter the code of the unit in which the post is held")
    if since and (since < told["active_from"] or (told["active_to"] and since > told["active_to"])):
        words = "Enter a day between the first and the last day of work, or leave it empty"
        yield RowProblem(row.line, "since", words)


def _starts(row: Said, told: Mapping[str, Any], on: date) -> date:
    """Return from what day on the row says where somebody works; who has left worked there on the last day."""
    day: date = row.fields.get("since") or max(on, told["active_from"])
    return min(day, told["active_to"] or day)


def _change(row: Said, known: Known | None, on: date) -> Change:
    before: Mapping[str, Any] = known.fields if known else {}
    given = {name: row.fields[name] for name in FIELDS if name in row.fields}
    if known is None:
        given = {"takes_calls_in_welsh": False, "active_from": on, "active_to": None, **given}
    fields = {name: given[name] for name in FIELDS if name in given and (known is None or before[name] != given[name])}
    told = {**before, **given}
    words = [(FIELDS[name], _say(before.get(name)), _say(value)) for name, value in fields.items()]
    ends, starts, moved = _place(row, known, told, on)
    if told["active_to"]:
        ends = _end_all(known, ends, told["active_to"])
        starts = starts and {**starts, "ends_on": told["active_to"]}
    words += moved
    has_ended = bool(fields.get("active_to"))
    effect = Effect.NEW if known is None else Effect.ENDED if has_ended else Effect.CHANGED
    if known and not (fields or ends or starts):
        effect = Effect.UNCHANGED
    return Change(row.line, row.staff_number, told["name"], effect, fields, words, ends, starts)


def _place(
    row: Said, known: Known | None, told: Mapping[str, Any], on: date
) -> tuple[list[tuple[int, date | None]], dict[str, Any] | None, list[tuple[str, str, str]]]:
    """Return which membership ends, which starts, and the words for both, where the row says where somebody works."""
    if "unit" not in row.fields:
        return [], None, []
    day = _starts(row, told, on)
    own = own_spell(known.spells if known else (), day)
    unit, post = row.fields["unit"], row.fields.get("post", own.post if own and own.unit == row.fields["unit"] else "")
    if (own.unit, own.post) == (unit, post) if own else not unit:
        return [], None, []
    ends: list[tuple[int, date | None]] = [(own.pk, day - DAY if own.starts_on < day else None)] if own else []
    starts = {"unit": unit, "post": post, "starts_on": day, "ends_on": None} if unit else None
    words = ("Works in", _say_place(own.unit, own.post) if own else "–", f"{_say_place(unit, post)}, {short_date(day)}")
    return ends, starts, [words]


def own_spell(spells: Iterable[Spell], day: date) -> Spell | None:
    """Return the one that says where somebody works on the day, as the directory chooses it."""
    lasting = [spell for spell in spells if spell.lasts_on(day)]
    return min(lasting, key=lambda one: (one.post != "", -one.starts_on.toordinal(), one.pk), default=None)


def _end_all(known: Known | None, ends: list[tuple[int, date | None]], last: date) -> list[tuple[int, date | None]]:
    """Return the memberships that end, when none may last longer than the last day of work."""
    ended = dict(ends)
    for spell in known.spells if known else ():
        if spell.pk not in ended and (spell.ends_on is None or spell.ends_on > last):
            ended[spell.pk] = last if spell.starts_on <= last else None
    return sorted(ended.items())


def _overlaps(change: Change, known: Known | None) -> Iterable[RowProblem]:
    """Name another membership of the person in the unit where a new one starts."""
    ended = dict(change.ends)
    for spell in known.spells if known and change.starts else ():
        starts = change.starts or {}
        if spell.unit == starts["unit"] and spell.pk not in ended and _meet(starts, spell.starts_on, spell.ends_on):
            words = f"A membership of {spell.unit} starts on {short_date(spell.starts_on)}. Change it in Set-up first"
            yield RowProblem(change.line, "since", words)


def _clashes(changes: list[Change], standing: Standing) -> Iterable[RowProblem]:
    """Name each post that two would hold on one day: of the file, or of the file and the directory."""
    ended = {pk: last for change in changes for pk, last in change.ends}
    held = [
        spell for spell in standing.posts if ended.get(spell.pk, spell.ends_on) is not None or spell.pk not in ended
    ]
    begun: list[Change] = []
    for change in changes:
        starts = change.starts
        if not starts or not starts["post"]:
            continue
        post = Post(starts["post"]).label.lower()
        for spell in held:
            last = ended.get(spell.pk, spell.ends_on)
            if (spell.unit, spell.post) == (starts["unit"], starts["post"]) and _meet(starts, spell.starts_on, last):
                words = f"{standing.holders[spell.person_id]} is {post} of {spell.unit}. Say in the file where they go"
                yield RowProblem(change.line, "post", words)
        for other in begun:
            if other.starts and all(other.starts[name] == starts[name] for name in ("unit", "post")):
                for one, two in ((change, other), (other, change)):
                    words = f"Line {two.line} makes somebody else {post} of {starts['unit']}. Keep one of them"
                    yield RowProblem(one.line, "post", words)
        begun.append(change)


def _meet(starts: Mapping[str, Any], first: date, last: date | None) -> bool:
    return (last is None or starts["starts_on"] <= last) and (starts["ends_on"] is None or first <= starts["ends_on"])


def _say(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return short_date(value)
    return str(value or "–")


def _say_place(unit: str, post: str) -> str:
    return f"{unit}, {Post(post).label.lower()}" if unit and post else unit or "no unit"
