"""What the data of a queue lets people do with its callbacks."""

from __future__ import annotations

from contacthub.actor import Actor
from contacthub.callbacks.models import Callback, Queue
from contacthub.errors import Refused
from contacthub.people.roles import Role


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


def leads(actor: Actor, queue: Queue) -> bool:
    """Say if the actor leads the queue: the person it names or, without one, whoever allocates or takes its calls."""
    if queue.lead_id is not None:
        return queue.lead_id == actor.staff_id
    if queue.allocator_role:
        return queue.allocator_role in actor.roles and queue.unit_id in actor.unit_ids
    return bool(queue.caller_post) and (queue.caller_post, queue.unit_id) in actor.posts


def holds(actor: Actor, callback: Callback) -> bool:
    return actor.staff_id is not None and callback.allocated_to_id == actor.staff_id


def require_may_allocate(actor: Actor, queue: Queue) -> None:
    if not may_allocate(actor, queue):
        who = f"a {Role(queue.allocator_role)} or " if queue.allocator_role else ""
        raise Refused(f"Only {who}the lead of {queue} gives its calls to somebody")


def require_may_take(actor: Actor, queue: Queue) -> None:
    if not may_take(actor, queue):
        raise Refused(f"Calls of {queue} are not yours to take. {queue.caller_words}")


def require_holds_or_held(actor: Actor, callback: Callback) -> None:
    """Refuse whoever never had the call: what the last one to hand it back did on the telephone counts too."""
    if not holds(actor, callback) and (actor.staff_id is None or callback.last_with_id != actor.staff_id):
        who = callback.allocated_to.name if callback.allocated_to else "Nobody"
        raise Refused(f"{who} has this call. Only who has it can do this")


def require_holds_or_leads(actor: Actor, callback: Callback) -> None:
    if not holds(actor, callback) and not leads(actor, callback.queue):
        raise Refused("Only who has this call, or the lead of its queue, can do this")
