"""What the data of a queue lets people do with its callbacks."""

from __future__ import annotations

from contacthub.actor import Actor
from contacthub.callbacks.models import Callback, Queue
from contacthub.errors import Refused
from contacthub.people.roles import Role

# The kinds of event of which somebody typed the words, and those that say what is to be done.
WORDS = frozenset(
    {
        "try_in_vain",
        "complete",
        "end_in_contact",
        "give_up",
        "hand_back",
        "cancel",
        "allocate",
        "attempt_kept",
        "call_changed",
    }
    | {"expected", "settled", "due_moved", "due_extended"}
)


def may_allocate(actor: Actor, queue: Queue) -> bool:
    """Say if the actor gives the calls of this queue to its staff (UJ-17), or leads it."""
    if leads(actor, queue):
        return True
    return bool(queue.allocator_role) and queue.allocator_role in actor.roles and queue.unit_id in actor.unit_ids


def may_take(actor: Actor, queue: Queue) -> bool:
    """Say if the actor takes calls of this queue unasked: the Team Leader of an ED site (UJ-16), any of a Jobcentre."""
    if queue.allocator_role:
        return False
    if queue.caller_post:
        return (queue.caller_post, queue.unit_id) in actor.posts
    return queue.unit_id in actor.unit_ids


def has_others_to_give_to(actor: Actor, queue: Queue) -> bool:
    """Say if the actor allocates, and may give a call to others than the holder of a post who is the actor himself."""
    return may_allocate(actor, queue) and not (queue.caller_post and may_take(actor, queue))


def leads(actor: Actor, queue: Queue) -> bool:
    """Say if the actor leads the queue: the person it names or, without one, whoever allocates or takes its calls."""
    if queue.lead_id is not None:
        return queue.lead_id == actor.staff_id
    if queue.allocator_role:
        return queue.allocator_role in actor.roles and queue.unit_id in actor.unit_ids
    return bool(queue.caller_post) and (queue.caller_post, queue.unit_id) in actor.posts


def words_readable_by(actor: Actor, queue: Queue) -> frozenset[str]:
    """Return the kinds of event of which the actor reads the words: all, for the staff of the queue and its lead.

    Others see who rang and what came of it.
    """
    return WORDS if queue.unit_id in actor.unit_ids or leads(actor, queue) else frozenset()


def holds(actor: Actor, callback: Callback) -> bool:
    return actor.staff_id is not None and callback.allocated_to_id == actor.staff_id


def require_may_allocate(actor: Actor, queue: Queue) -> None:
    if not may_allocate(actor, queue):
        who = f"a {Role(queue.allocator_role)} or " if queue.allocator_role else ""
        raise Refused(f"Only {who}the lead of {queue} gives its calls to somebody")


def require_may_take(actor: Actor, queue: Queue) -> None:
    if not may_take(actor, queue):
        raise Refused(f"Calls of {queue} are not yours to take. {queue.caller_words}")


def require_holds(actor: Actor, callback: Callback) -> None:
    if not holds(actor, callback):
        who = callback.allocated_to.name if callback.allocated_to else "Nobody"
        raise Refused(f"{who} has this call. Only who has it can do this")


def require_holds_or_held(actor: Actor, callback: Callback) -> None:
    """Refuse whoever never had the call: what somebody who had it before did on the telephone counts too."""
    if not holds(actor, callback) and not callback.held_before.filter(pk=actor.staff_id).exists():
        who = callback.allocated_to.name if callback.allocated_to else "Nobody"
        raise Refused(f"{who} has this call. Only who has it can do this")


def require_holds_or_leads(actor: Actor, callback: Callback) -> None:
    if not holds(actor, callback) and not leads(actor, callback.queue):
        raise Refused("Only who has this call, or the lead of its queue, can do this")
