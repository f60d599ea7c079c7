"""Who reads what of a form, and who may do what with it. That there is a form at all is `visible_to` (queries.py)."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum, auto

from django_fsm import can_proceed

from complaints_feedback.lifecycle import COMPLETE, DISCUSSED_ON, SENT, WITH_RECEIVER, FormState
from complaints_feedback.models import FeedbackForm
from complaints_feedback.routing import MANAGERS
from complaints_feedback.terms import Part
from contacthub.actor import Actor, ActorKind
from contacthub.errors import NotThere, Refused
from contacthub.people.directory import REPORTING_LINE
from contacthub.people.roles import Post, Role


class Relation(Enum):
    """What somebody is to a form, from the moment that they have to do with it."""

    SENDER = auto()
    SENDING_LEADER = auto()
    RECEIVING_LEADER = auto()
    MANAGER = auto()
    SENIOR_MANAGER = auto()
    PERSON = auto()


SENDING_SIDE = {Relation.SENDER, Relation.SENDING_LEADER}
ADDRESSED = {Relation.RECEIVING_LEADER, Relation.MANAGER}
# Which words of events who may read; those of part 2 and of the personal file have none, and other kinds show none.
OF_THE_SENDING_SIDE = frozenset(
    {
        "record_no_feedback", "refuse", "return_for_correction", "withdraw", "area_changed", "part_named",
        "recipients_refreshed", "responsible_named", "readdressed", "sending_leader_changed", "directory_changed",
        "document_attached", "mail_failed", "mail_held_back", "mail_tried_again", "due_moved",
    }
)  # fmt: skip
OF_THE_SENIOR_MANAGER = OF_THE_SENDING_SIDE - {"record_no_feedback", "refuse", "return_for_correction"}
OF_THE_ADDRESSED = frozenset(
    {"part_named", "responsible_named", "readdressed", "document_attached", "mail_failed", "mail_held_back",
     "mail_tried_again", "due_moved"}
)  # fmt: skip


def relations(actor: Actor, form: FeedbackForm) -> set[Relation]:
    """Return all that the actor is to the form now. It reads the form's recipients, which a page fetches along."""
    if actor.staff_id is None:
        return set()
    parts = {Part(one.part) for one in form.recipients.all() if one.person_id == actor.staff_id}
    found = set()
    if form.sender_id == actor.staff_id:
        found.add(Relation.SENDER)
    if form.sending_team_leader_id == actor.staff_id or _leads_senders(actor, form, parts):
        found.add(Relation.SENDING_LEADER)
    if form.delivered_at and Part.TEAM_LEADER in parts:
        found.add(Relation.RECEIVING_LEADER)
    if form.delivered_at and parts & {*MANAGERS}:
        found.add(Relation.MANAGER)
    if form.with_senior_at and (Part.SENIOR_MANAGER in parts or _holds_area(actor, form)):
        found.add(Relation.SENIOR_MANAGER)
    if form.person_id == actor.staff_id and form.state in DISCUSSED_ON:
        found.add(Relation.PERSON)
    return found


def may_see_part_one(actor: Actor, form: FeedbackForm) -> bool:
    """Read part 1: its own side always, the others once it was sent to them, the person from the discussion on."""
    mine = relations(actor, form)
    return may_see_letters(actor, form) or Relation.PERSON in mine


def may_see_letters(actor: Actor, form: FeedbackForm) -> bool:
    """Read the letters: whoever reads part 1, but for the person."""
    mine = relations(actor, form)
    if mine & SENDING_SIDE:
        return True
    if mine & ADDRESSED and form.state in SENT:
        return True
    return Relation.SENIOR_MANAGER in mine and form.state in [FormState.WITH_SENIOR_MANAGER, *SENT]


def may_see_part_two(actor: Actor, form: FeedbackForm) -> bool:
    """Read part 2: the receiving team leader, and once it is complete the managers and the person (CF-42)."""
    mine = relations(actor, form)
    if Relation.RECEIVING_LEADER in mine and form.state in SENT:
        return True
    return bool(mine & {Relation.MANAGER, Relation.PERSON}) and form.state in COMPLETE


def may_see_that_it_is_done(actor: Actor, form: FeedbackForm) -> bool:
    """Learn that the feedback was given, which says nothing of its content (CF-48)."""
    return bool(relations(actor, form) & {*SENDING_SIDE, *ADDRESSED, Relation.SENIOR_MANAGER})


def may_see_file(actor: Actor, *, person_id: int, line: Collection[int]) -> bool:
    """Open somebody's personal file, and read their development plans: the person, and the reporting line of today,
    of which `line` has the ids (CF-42).
    """
    return actor.kind is ActorKind.STAFF and actor.staff_id in {person_id, *line}


def may_see_in_one_to_one(actor: Actor, form: FeedbackForm) -> bool:
    """See, among those of a month, that this form belongs to it: whoever reads part 2, which says so; once it is
    complete, whoever may see the personal file, of whom alone this is asked.
    """
    return form.state in COMPLETE or may_see_part_two(actor, form)


def leads_people(actor: Actor) -> bool:
    """Say if the actor holds a post of somebody's reporting line, whoever works under it today."""
    return any(post in REPORTING_LINE for post, _ in actor.posts)


def require_leads_people(actor: Actor) -> None:
    if not leads_people(actor):
        raise Refused("Only people who lead others can see this")


def may_start(actor: Actor) -> bool:
    return actor.kind is ActorKind.STAFF and Role.COMPLAINT_TEAM_MEMBER in actor.roles


def may_withdraw(actor: Actor, form: FeedbackForm) -> bool:
    """Withdraw: the sending team leader; a draft, its sender too."""
    return is_sending_leader(actor, form) or (form.state == FormState.DRAFT and is_sender(actor, form))


def can_be_withdrawn(form: FeedbackForm) -> bool:
    """Say if the form is under way, and not discussed yet."""
    return can_proceed(form.withdraw, check_conditions=False)


def may_readdress(actor: Actor, form: FeedbackForm) -> bool:
    """Send it to who is responsible now, or name a responsible manager."""
    return is_sending_leader(actor, form) or Relation.SENIOR_MANAGER in relations(actor, form)


def is_sender(actor: Actor, form: FeedbackForm) -> bool:
    return actor.staff_id is not None and form.sender_id == actor.staff_id


def is_sending_leader(actor: Actor, form: FeedbackForm) -> bool:
    return actor.staff_id is not None and form.sending_team_leader_id == actor.staff_id


def acts_for_sender(actor: Actor, form: FeedbackForm) -> bool:
    """Say if the actor is the sending team leader, or becomes it with the next move, as who leads the sender today."""
    return Relation.SENDING_LEADER in relations(actor, form)


def is_receiving_leader(actor: Actor, form: FeedbackForm) -> bool:
    return Relation.RECEIVING_LEADER in relations(actor, form)


def words_readable_by(actor: Actor, form: FeedbackForm) -> frozenset[str]:
    """Return the kinds of events whose words the actor may read on the form's timeline."""
    mine = relations(actor, form)
    found: frozenset[str] = frozenset()
    if mine & SENDING_SIDE:
        found |= OF_THE_SENDING_SIDE
    if Relation.SENIOR_MANAGER in mine:
        found |= OF_THE_SENIOR_MANAGER
    if mine & ADDRESSED and form.state in SENT:
        found |= OF_THE_ADDRESSED
    return found


def require_can_start(actor: Actor) -> None:
    if not may_start(actor):
        raise Refused("Only members of the complaints resolution, complaints review and ICE teams can start a form")


def require_sender(actor: Actor, form: FeedbackForm) -> None:
    if not is_sender(actor, form):
        raise Refused("Only who started this form can do this")


def require_sending_leader(actor: Actor, form: FeedbackForm) -> None:
    if not is_sending_leader(actor, form):
        raise Refused("Only the sending team leader can do this")


def require_acts_for_sender(actor: Actor, form: FeedbackForm) -> None:
    if not acts_for_sender(actor, form):
        raise Refused("Only the sending team leader can do this")


def require_senior_manager(actor: Actor, form: FeedbackForm) -> None:
    if Relation.SENIOR_MANAGER not in relations(actor, form):
        raise Refused("Only the area senior resolution manager can do this")


def require_receiving_leader(actor: Actor, form: FeedbackForm) -> None:
    if not is_receiving_leader(actor, form) or form.state not in [*WITH_RECEIVER, *COMPLETE]:
        raise Refused("Only the receiving team leader can do this")


def require_can_withdraw(actor: Actor, form: FeedbackForm) -> None:
    if not may_withdraw(actor, form):
        raise Refused("Only the sending team leader can withdraw this form; a draft, its sender too")


def require_can_readdress(actor: Actor, form: FeedbackForm) -> None:
    if not may_readdress(actor, form):
        raise Refused("Only the sending team leader or the area senior resolution manager can do this")


def require_can_see_file(actor: Actor, *, person_id: int, line: Collection[int]) -> None:
    """Raise NotThere for whoever may not open the file: nobody learns that there is one."""
    if not may_see_file(actor, person_id=person_id, line=line):
        raise NotThere


def leads(actor: Actor, leader_id: int | None) -> bool:
    """Say if the actor is the team leader of the day, who closes development plans."""
    return actor.staff_id is not None and actor.staff_id == leader_id


def require_leads(actor: Actor, leader_id: int | None) -> None:
    """Raise Refused for whoever is not the team leader of the day."""
    if not leads(actor, leader_id):
        raise Refused("Only the person’s team leader can do this")


def _leads_senders(actor: Actor, form: FeedbackForm, parts: set[Part]) -> bool:
    """Say if the actor leads the sender's team, and has no other part in the form, which begins later."""
    is_leader = (Post.TEAM_LEADER, form.sender_team_id) in actor.posts
    return is_leader and form.person_id != actor.staff_id and Part.TEAM_LEADER not in parts


def _holds_area(actor: Actor, form: FeedbackForm) -> bool:
    return (Post.SENIOR_RESOLUTION_MANAGER, form.area_id) in actor.posts
