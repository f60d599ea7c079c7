"""Why somebody contacts us: the eleven reasons, found in plain words while a caseworker types (EC-04, EC-26)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from employer_contact.names import words_of
from employer_contact.taxonomy import RequestKind


@dataclass(frozen=True)
class Reason:
    """A reason as the procedure calls it, and what callers say when they mean it."""

    code: str
    label: str
    phrases: tuple[str, ...] = ()
    related: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """A reason that fits what was typed; `because` is the phrase that does, "" where its label does."""

    reason: Reason
    because: str = ""


def matching(reasons: Iterable[Reason], typed: str) -> list[Match]:
    """Return the reasons in which every typed word begins a word, those whose label has them first.

    Nothing typed fits all. The order of the procedure stays, else.
    """
    typed_words = words_of(typed)
    if not typed_words:
        return [Match(reason) for reason in reasons]
    ranked: list[tuple[int, Match]] = []
    for reason in reasons:
        if _has(reason.label, typed_words):
            ranked.append((0, Match(reason)))
        elif phrase := next((each for each in reason.phrases if _has(each, typed_words)), ""):
            ranked.append((1, Match(reason, phrase)))
        elif _has(" ".join((reason.label, *reason.phrases)), typed_words):
            ranked.append((2, Match(reason)))
    return [match for _, match in sorted(ranked, key=lambda found: found[0])]


def related_procedures(reason: Reason, kinds: Iterable[RequestKind]) -> list[str]:
    """Return the names of the procedures shown beside a reason, each once (EC-64)."""
    of_kinds = [name for kind in kinds if kind.reason == reason.code for name in kind.related]
    return list(dict.fromkeys([*reason.related, *of_kinds]))


def _has(text: str, typed_words: list[str]) -> bool:
    words = words_of(text)
    return all(any(word.startswith(typed) for word in words) for typed in typed_words)
