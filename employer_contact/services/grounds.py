"""What a change of an account stands on: a contact of one's own that may act, or a service request of one's own."""

from __future__ import annotations

from typing import Any

from contacthub.actor import Actor
from contacthub.cases.models import Case
from contacthub.cases.services import lock
from employer_contact import permissions
from employer_contact.models import Contact, Employer, PayrollAgent
from employer_contact.security import Check, Grounds, gate
from employer_contact.services.shared import locked_unlocked


def my_contact(actor: Actor, party: Employer | PayrollAgent) -> Contact | None:
    """Return the newest open contact of the actor with this party."""
    column = "employer" if isinstance(party, Employer) else "agent"
    mine: Any = Contact.objects.open().filter(owner_id=actor.staff_id, **{column: party})
    found: Contact | None = mine.order_by("-opened_at", "-pk").first()
    return found


def grounds_in(contact_id: int, *, by: Actor) -> Grounds:
    """Return what a change in one's own contact stands on; the contact is locked.

    Raises NotThere, MovedOn, Refused, or RuleBroken before the security check is passed.
    """
    contact = locked_unlocked(contact_id, by=by)
    return Grounds(case_id=contact.pk, check=Check(contact.security))


def case_of(grounds: Grounds) -> Case | None:
    """Return the case on whose timeline the change stands too, its record locked: before the account (lock order)."""
    if grounds.case_id is None:
        return None
    case: Case = lock(grounds.case_id).case
    return case


def require_grounds(by: Actor, grounds: Grounds) -> None:
    """Raise Refused, or RuleBroken before the security check is passed (EC-14)."""
    permissions.require_may_change_accounts(by)
    if shut := gate(grounds.check):
        raise shut
