"""Who makes and revokes keys, and who looks at them. Seeing is `visible_to` (queries.py)."""

from contacthub.actor import Actor, ActorKind
from contacthub.errors import Refused
from contacthub.people.roles import Role


def may_keep_keys(actor: Actor) -> bool:
    return actor.kind is ActorKind.STAFF and Role.ADMINISTRATOR in actor.roles


def may_see_keys(actor: Actor) -> bool:
    return may_keep_keys(actor) or Role.INTEGRATOR in actor.roles


def require_can_keep_keys(actor: Actor) -> None:
    if not may_keep_keys(actor):
        raise Refused("Only an administrator makes and revokes API keys")


def require_can_see_keys(actor: Actor) -> None:
    if not may_see_keys(actor):
        raise Refused("Only administrators and integrators see API keys")
