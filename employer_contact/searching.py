"""Finding the party of a contact by any identifier: one box, one indexed statement for each kind of record (EC-25)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet

from contacthub.actor import Actor
from employer_contact.identifiers import Identifier, IdentifierKind, recognise
from employer_contact.models import Employer, NameWord, PayingParent, PayrollAgent
from employer_contact.names import telling, words_of
from employer_contact.naming import CANDIDATES

SHOWN = 20  # of each kind of record
FEW = 3  # fewer parties than this, and near matches are looked for
NEAR = 5  # of each kind of party
MOST_WORDS = 6  # of a name, to which others are looked for


@dataclass(frozen=True)
class Found:
    """What was found, and what was typed was taken for. `parents` are paying parents, whose employers are the parties.

    `near_employers` and `near_agents` have a name much like the one typed, where few have that one.
    """

    taken_for: Identifier
    employers: Sequence[Employer] = ()
    agents: Sequence[PayrollAgent] = ()
    parents: Sequence[PayingParent] = ()
    near_employers: Sequence[Employer] = field(default=())
    near_agents: Sequence[PayrollAgent] = field(default=())


def find_parties(typed: str, *, seen_by: Actor, size: int = SHOWN, near: bool = True) -> Found | None:
    """Find employers and agents, and by a paying parent its employers; None where nothing was typed.

    At most `size` of each kind of record, and those of a name much like it only with `near`.
    """
    identifier = recognise(typed)
    if identifier is None:
        return None
    found = _FINDERS[identifier.kind](identifier, seen_by, size)
    few = len(found.employers) + len(found.agents) < FEW
    return _with_near(found, seen_by) if near and few and identifier.kind is IdentifierKind.NAME else found


def match_number_keyed(number: str, *, seen_by: Actor) -> Employer | None:
    """Return the employer whose ERN a caller keyed; None of a TRN, or of any other number (EC-23, EC-24, AMB-10)."""
    employers: Any = Employer.objects.visible_to(seen_by)
    found: Employer | None = employers.filter(ern=number).first()
    return found


def _by_ern(sought: Identifier, actor: Actor, size: int) -> Found:
    return Found(sought, employers=list(Employer.objects.visible_to(actor).filter(ern=sought.value)))


def _by_earn(sought: Identifier, actor: Actor, size: int) -> Found:
    return Found(sought, agents=list(PayrollAgent.objects.visible_to(actor).filter(earn=sought.value)))


def _by_contact_detail(having: str) -> Callable[[Identifier, Actor, int], Found]:
    """Look in both tables by the method of that name."""

    def find(sought: Identifier, actor: Actor, size: int) -> Found:
        employers, agents = (
            _by_order(getattr(model.objects.visible_to(actor), having)(sought.value), size)
            for model in (Employer, PayrollAgent)
        )
        return Found(sought, employers=employers, agents=agents)

    return find


def _by_parent(column: str) -> Callable[[Identifier, Actor, int], Found]:
    def find(sought: Identifier, actor: Actor, size: int) -> Found:
        by = {column: sought.value}
        employers = _by_order(Employer.objects.visible_to(actor).that_employ(**by), size)
        return Found(sought, employers=employers, parents=list(PayingParent.objects.visible_to(actor).filter(**by)))

    return find


def _by_order(rows: QuerySet[Any], size: int) -> list[Any]:
    """Return the first by name. Sorted here, as Postgres would walk through all names to find a few in order."""
    return sorted(rows[:CANDIDATES], key=lambda record: (record.name_key, record.pk))[:size]


def _by_name(sought: Identifier, actor: Actor, size: int) -> Found:
    words = words_of(sought.value)
    if not words:
        return Found(sought)
    models = (Employer, PayrollAgent, PayingParent)
    return Found(sought, *(model.objects.visible_to(actor).called(words, size=size) for model in models))


def _with_near(found: Found, actor: Actor) -> Found:
    """Add those with a name much like the one typed: by each word that is kept and much like one that was typed."""
    words = words_of(found.taken_for.value)
    meant = telling(words)[:MOST_WORDS]
    if not meant:
        return found
    alike = NameWord.objects.alike(meant)
    if meant == words and all(len(one) == 1 for one in alike):
        return found
    near_employers, near_agents = (
        model.objects.visible_to(actor).exclude(pk__in=[one.pk for one in fits]).nearly_called(alike, size=NEAR)
        for model, fits in ((Employer, found.employers), (PayrollAgent, found.agents))
    )
    return replace(found, near_employers=near_employers, near_agents=near_agents)


def _by_nothing(sought: Identifier, actor: Actor, size: int) -> Found:
    """A TRN or another number populates nothing (EC-24)."""
    return Found(sought)


_FINDERS: dict[IdentifierKind, Callable[[Identifier, Actor, int], Found]] = {
    IdentifierKind.ERN: _by_ern,
    IdentifierKind.EARN: _by_earn,
    IdentifierKind.TELEPHONE: _by_contact_detail("with_number"),
    IdentifierKind.POSTCODE: _by_contact_detail("with_postcode"),
    IdentifierKind.EMAIL: _by_contact_detail("with_email"),
    IdentifierKind.NINO: _by_parent("nino"),
    IdentifierKind.PARENT_REFERENCE: _by_parent("reference"),
    IdentifierKind.OTHER_NUMBER: _by_nothing,
    IdentifierKind.NAME: _by_name,
}
