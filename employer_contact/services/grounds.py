"""What a change of an account stands on (EC-14), and the contact of one's own that opens or hides it."""

from __future__ import annotations

from datetime import date
from typing import Any

from contacthub.actor import Actor
from contacthub.cases.models import Case
from contacthub.cases.services import lock
from employer_contact import permissions
from employer_contact.models import AgentLink, Contact, Employer, PayrollAgent, ServiceRequest
from employer_contact.security import Check, Grounds, gate, unlocks

MOST_AT_ONCE = 20  # open contacts of one person with one party


def my_contact(actor: Actor, party: Employer | PayrollAgent, *, known: Contact | None = None) -> Contact | None:
    """Return the actor's open contact with this party: where there are several, one that hides what is held before
    all others (EC-14), else the newest.

    `known` is one that was read already, which it mostly is, and is then not read again.
    """
    mine: Any = party.contacts.open().filter(owner_id=actor.staff_id)
    # Mostly there is none, and then nothing is read of who else is in it.
    newest = list(mine.order_by("-opened_at", "-pk").values_list("pk", "security")[:MOST_AT_ONCE])
    if not newest:
        return None
    key, _ = min(newest, key=lambda one: unlocks(Check(one[1])))
    if known and known.pk == key:
        setattr(known, "employer" if isinstance(party, Employer) else "agent", party)
        return known
    found: Contact | None = mine.with_party().filter(pk=key).first()
    return found


def agents_contact(actor: Actor, employer: Employer, *, on: date) -> Contact | None:
    """Return the actor's open contact with an agent who acts for this employer on the day, in which actions may be
    taken: where there are several, one that is about the employer before all others, else the newest.
    """
    acting = AgentLink.objects.on(on).filter(employer=employer).values("agent_id")
    mine: Any = Contact.objects.with_party().open().filter(owner_id=actor.staff_id, agent__in=acting)
    found = [contact for contact in mine.order_by("-opened_at", "-pk")[:MOST_AT_ONCE] if contact.is_unlocked]
    return min(found, key=lambda contact: contact.about_id != employer.pk, default=None)


def case_of(grounds: Grounds) -> Case | None:
    """Return the case on whose timeline the change stands too, its record locked: before the account (lock order)."""
    record = record_of(grounds)
    return record.case if record else None


def record_of(grounds: Grounds) -> Contact | ServiceRequest | None:
    """Return the contact or service request that the change is made in, locked: before the account (lock order)."""
    if grounds.case_id is None:
        return None
    record: Contact | ServiceRequest = lock(grounds.case_id)
    return record


def require_grounds(by: Actor, grounds: Grounds) -> None:
    """Raise Refused, or RuleBroken before the security check is passed (EC-14)."""
    permissions.require_may_change_accounts(by)
    if shut := gate(grounds.check):
        raise shut
