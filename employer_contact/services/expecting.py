"""What a team sends, or waits for, after a contact."""

from __future__ import annotations

from datetime import datetime

from contacthub.actor import Actor
from contacthub.deadlines.models import FollowUpKind
from contacthub.deadlines.services import expect
from contacthub.deadlines.working_time import Target
from contacthub.errors import NotSetUp
from employer_contact.models import Contact

WITHIN = {
    FollowUpKind.LETTER: Target(working_days=1),
    FollowUpKind.CALL: Target(working_days=2),
    FollowUpKind.POST: Target(working_days=5),
}


def expect_for_team(contact: Contact, kind: FollowUpKind, what: str, *, by: Actor, at: datetime) -> None:
    """Have the caseworker's team send a letter, or look for a call or post. Raises NotSetUp where there is no team."""
    if contact.team is None:
        raise NotSetUp("You work in no team today, so nobody would follow this up. Ask an administrator to add you")
    who = f"{contact.party}, {contact.party_reference}" if contact.party else "Nobody identified"
    words = ": ".join(filter(None, [who, what]))
    expect(case=contact.case, kind=kind, unit=contact.team, words=words[-200:], target=WITHIN[kind], by=by, at=at)
