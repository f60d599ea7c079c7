"""What a team sends, or waits for, after a contact."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from contacthub.actor import Actor
from contacthub.deadlines.models import FollowUpKind
from contacthub.deadlines.services import closing_at, expect
from contacthub.deadlines.working_time import Target
from contacthub.errors import NotSetUp, RuleBroken
from contacthub.formats import UK, shortened, uk_day
from contacthub.people.models import Unit
from employer_contact.models import Contact

WITHIN = {
    FollowUpKind.LETTER: Target(working_days=1),
    FollowUpKind.CALL: Target(working_days=2),
    FollowUpKind.POST: Target(working_days=5),
}
TO_COMPLETE = "to complete and return"
LATEST = timedelta(days=365)
LONGEST = 200  # characters
DAY_TO_COME = "Enter a day from today on, within a year"


def expect_for_team(
    contact: Contact, kind: FollowUpKind, what: str, *, on: date | None = None, by: Actor, at: datetime
) -> None:
    """Have the caseworker's team send a letter, or look for a call or post: soon, or by the close of a day agreed on.

    Raises NotSetUp where there is no team, RuleBroken of a day that is not to come.
    """
    if contact.team is None:
        raise NotSetUp("You work in no team today, so nobody would follow this up. Ask an administrator to add you")
    known = [shortened(str(contact.party)), contact.party_reference] if contact.party else ["Nobody identified"]
    words = ": ".join(filter(None, [", ".join(known), what]))[:LONGEST]
    target = Target(until=_close_of(on, contact.team, at=at)) if on else WITHIN[kind]
    expect(case=contact.case, kind=kind, unit=contact.team, words=words, target=target, by=by, at=at)


def _close_of(day: date, unit: Unit, *, at: datetime) -> datetime:
    if not uk_day(at) <= day <= uk_day(at) + LATEST:
        raise RuleBroken(DAY_TO_COME, code="not_to_come", field="expected_on")
    noon = datetime.combine(day, time(12), tzinfo=UK)
    return closing_at(max(noon, at), nation=unit.nation)
