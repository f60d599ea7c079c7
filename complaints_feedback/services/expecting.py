"""Who would be sent a form if it were sent now, for the pages: nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from complaints_feedback.eligibility import errors_in_letters, errors_in_people, nobody_named
from complaints_feedback.models import FeedbackForm
from complaints_feedback.routing import POST_OF, goes_by_senior_manager, named_by_sender
from complaints_feedback.services.recipients import area_for, chain_of_person, nobody_confirms, who_has
from complaints_feedback.services.shared import facts_of
from complaints_feedback.terms import Broken, Part, Route
from contacthub.actor import Actor
from contacthub.formats import uk_day
from contacthub.people.models import StaffMember, Unit
from contacthub.people.roles import Post
from contacthub.people.services import holders_of


@dataclass(frozen=True)
class Expected:
    """Who has a part today, if anybody: as the holder of the post in `unit`, or for the reason in `words`."""

    part: Part
    person: StaffMember | None
    unit: Unit | None
    words: str = ""


def expected(form: FeedbackForm, parts: Iterable[Part], *, at: datetime) -> list[Expected]:
    """Return who has these parts by the people directory of the day, and by who was named."""
    chain = chain_of_person(form, at=at)
    known = {Part(one.part): one for one in form.recipients.select_related("person")}
    found = []
    for part in parts:
        now, post = known.get(part), POST_OF[part]
        person = who_has(now, chain.leader(post), at=at)
        words = now.words if now and person == now.person else ""
        found.append(Expected(part, person, chain.unit(post), words))
    return found


def expected_senior_manager(form: FeedbackForm, *, at: datetime) -> Expected:
    """Return who confirms the managers today."""
    area = area_for(form, chain_of_person(form, at=at), at=at)
    holder = holders_of(Post.SENIOR_RESOLUTION_MANAGER, area, on=uk_day(at)).first() if area else None
    return Expected(Part.SENIOR_MANAGER, holder, area, form.area_reason)


def missing_to_send(form: FeedbackForm, *, by: Actor, at: datetime) -> list[Broken]:
    """Return what must be put right before `by` can send the form on."""
    people = expected(form, named_by_sender(Route(form.route)), at=at)
    needed = [*people, expected_senior_manager(form, at=at)] if goes_by_senior_manager(Route(form.route)) else people
    facts = facts_of(form)
    letters = errors_in_letters(
        facts.channel,
        has_complaint_letter=facts.has_complaint_letter,
        has_reply_letter=facts.has_reply_letter,
        call_summary=facts.call_summary,
    )
    return [*letters, *_broken_in(needed, form, sending_leader=by.person_id)]


def missing_to_confirm(form: FeedbackForm, *, at: datetime) -> list[Broken]:
    """Return what must be put right before the managers can be confirmed, whom their page asks for."""
    return _broken_in(expected(form, [Part.TEAM_LEADER], at=at), form, sending_leader=form.sending_team_leader_id)


def _broken_in(needed: Sequence[Expected], form: FeedbackForm, *, sending_leader: int | None) -> list[Broken]:
    receiver = next((one.person for one in needed if one.part is Part.TEAM_LEADER), None)
    return [
        *(_nobody(one) for one in needed if one.person is None),
        *errors_in_people(
            sender=form.sender_id,
            sending_leader=sending_leader,
            person=form.person_id,
            receiving_leader=receiver.pk if receiver else None,
        ),
    ]


def _nobody(one: Expected) -> Broken:
    return nobody_confirms(one.unit) if one.part is Part.SENIOR_MANAGER else nobody_named(one.part)
