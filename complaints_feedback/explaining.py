"""Where a form stands, for whoever may read it: what happens next, which emails went out, what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from complaints_feedback import permissions, services
from complaints_feedback.lifecycle import ENDED, SUBMITTED_ON, FormState
from complaints_feedback.models import FeedbackForm, Purpose, Sending
from complaints_feedback.permissions import Relation
from complaints_feedback.routing import ALL_FOUR, named_by_sender
from complaints_feedback.services import Expected
from complaints_feedback.terms import Part, Route
from contacthub.actor import Actor
from contacthub.formats import day_and_time
from contacthub.mail.models import MessageState
from contacthub.mail.standing import Standing, standing

State = FormState
SEE_MAIL = {*permissions.SENDING_SIDE, *permissions.ADDRESSED, Relation.SENIOR_MANAGER}
DONE_WORDS = "It is done. What was said stands with the person’s team leader and managers"


def what_next(form: FeedbackForm, actor: Actor) -> str:
    """Say who does what next, to a reader of part 1; to whoever must act, what that is."""
    person, leader = form.person, form.sending_team_leader
    receiver = _named(form, Part.TEAM_LEADER)
    senior = _named(form, Part.SENIOR_MANAGER)
    due = day_and_time(form.due_at)
    mine = permissions.relations(actor, form)
    own, others = {
        State.DRAFT: ("", f"{form.sender} writes part 1."),
        State.AWAITING_AGREEMENT: (
            f"Agree that feedback is given, or say why not. {form.sender} goes on once you agree.",
            f"{leader} agrees that feedback is given, or says why not.",
        ),
        State.AGREED: ("", f"{form.sender} completes part 1, and sends it to {leader} to check."),
        State.SUBMITTED: (
            "Check the form, and send it on or return it.",
            f"{leader} checks the form, and sends it on or returns it.",
        ),
        State.WITH_SENIOR_MANAGER: (
            "Confirm the managers, and send it to all four. The 48 hours start then.",
            f"{senior} confirms the managers, and sends it to all four. The 48 hours start then.",
        ),
        State.DELIVERED: (
            f"Discuss this feedback with {person} by {due}, 48 hours from when you received it.",
            f"{receiver} discusses it with {person} by {due}.",
        ),
        State.DISCUSSED: (
            "Complete part 2. The managers get a copy then, and one is filed in the personal file.",
            f"{receiver} completes part 2.",
        ),
        State.PART_TWO_COMPLETE: ("", f"{DONE_WORDS}."),
        State.CLOSED: ("", f"{DONE_WORDS}."),
        State.NOT_NEEDED: ("", "It has ended: no feedback is given."),
        State.WITHDRAWN: ("", "It has ended: it was withdrawn."),
    }[State(form.state)]
    acts = {
        State.AWAITING_AGREEMENT: Relation.SENDING_LEADER,
        State.SUBMITTED: Relation.SENDING_LEADER,
        State.WITH_SENIOR_MANAGER: Relation.SENIOR_MANAGER,
        State.DELIVERED: Relation.RECEIVING_LEADER,
        State.DISCUSSED: Relation.RECEIVING_LEADER,
    }.get(State(form.state))
    return own if acts in mine else others


def _named(form: FeedbackForm, part: Part) -> str:
    named = next((one.person.name for one in form.recipients.all() if one.part == part), "")
    return named or f"the {part.label.lower()}"


@dataclass(frozen=True)
class Goes:
    """A page on which this reader acts: its name among the addresses, and what its link says."""

    page: str
    label: str


def goes_on(form: FeedbackForm, actor: Actor) -> Goes | None:
    """Return where this reader acts next, if it is theirs to act."""
    mine = permissions.relations(actor, form)
    found = {
        State.AWAITING_AGREEMENT: (Relation.SENDING_LEADER, Goes("agree", "Read and agree")),
        State.SUBMITTED: (Relation.SENDING_LEADER, Goes("check", "Check and send")),
        State.WITH_SENIOR_MANAGER: (Relation.SENIOR_MANAGER, Goes("confirm", "Confirm and send")),
        State.DELIVERED: (Relation.RECEIVING_LEADER, Goes("part_two", "Go on with part 2")),
        State.DISCUSSED: (Relation.RECEIVING_LEADER, Goes("part_two", "Go on with part 2")),
    }.get(State(form.state))
    return found[1] if found and found[0] in mine else None


@dataclass(frozen=True)
class Mailed:
    """An email with the form; `again` says how its reader sends it once more: "copy", "mail", or "" not at all."""

    sending: Sending
    standing: Standing
    again: str = ""


def mails_of(form: FeedbackForm, actor: Actor, *, at: datetime) -> list[Mailed]:
    """Return the emails of a form, as far as this reader has to do with them: of each the last to somebody.

    One that failed is sent again alone, to who has the part still: a copy by the receiving team leader, another one by
    the sending one.
    """
    mine = permissions.relations(actor, form)
    if not mine & SEE_MAIL:
        return []
    last: dict[tuple[str, str, int], Sending] = {}
    for sending in form.sendings.select_related("person", "message").order_by("pk"):
        if sending.purpose != Purpose.COPY or permissions.may_see_part_two(actor, form):
            last[sending.purpose, sending.part, sending.person_id] = sending
    return [Mailed(one, standing(one.message, now=at), _again(form, one, mine)) for one in last.values()]


def copies_not_sent(form: FeedbackForm, actor: Actor) -> dict[Part, str]:
    """Return why nobody could get their copy, for who can send it once somebody can."""
    return services.copies_not_sent(form) if permissions.is_receiving_leader(actor, form) else {}


def _again(form: FeedbackForm, sending: Sending, mine: set[Relation]) -> str:
    if sending.message.state != MessageState.FAILED or services.why_not_send(form, sending):
        return ""
    if sending.purpose == Purpose.COPY:
        return "copy" if Relation.RECEIVING_LEADER in mine else ""
    return "mail" if Relation.SENDING_LEADER in mine else ""


@dataclass(frozen=True)
class Responsible:
    """Who is responsible today, where that is not who has the form; `is_vacant` where there is no team leader."""

    changes: list[str]
    is_vacant: bool


def responsible_now(form: FeedbackForm, actor: Actor, *, at: datetime) -> Responsible | None:
    """Compare who has the form with the people directory, for whoever may re-address it (CF-25, CF-50)."""
    if form.state not in SUBMITTED_ON or form.state in ENDED or not permissions.may_readdress(actor, form):
        return None
    parts = ALL_FOUR if form.delivered_at else named_by_sender(Route(form.route))
    today: list[Expected] = services.expected(form, parts, at=at)
    leader = next(one for one in today if one.part is Part.TEAM_LEADER)
    return Responsible(services.changes_since(form, today), leader.person is None)
