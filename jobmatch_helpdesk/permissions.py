"""Who may do what with an incident. Seeing is `visible_to` (queries.py)."""

from contacthub.actor import Actor
from contacthub.errors import Refused
from contacthub.people.roles import Role
from jobmatch_helpdesk.models import Incident

# Events whose words everybody who sees the incident may read; those of other kinds stay hidden.
READABLE_WORDS = frozenset({"submitted", "take", "resolve_by_reply", "due_moved", "mail_failed", "mail_tried_again"})


def may_work_on_incidents(actor: Actor) -> bool:
    return not {Role.HELPDESK_AGENT, Role.HELPDESK_LEAD}.isdisjoint(actor.roles)


def require_can_work_on_incidents(actor: Actor) -> None:
    """Take and reply: the Helpdesk only."""
    if not may_work_on_incidents(actor):
        raise Refused("Only the Universal Jobmatch Helpdesk can do this")


def is_with(actor: Actor, incident: Incident) -> bool:
    return incident.assigned_to_id is not None and incident.assigned_to_id == actor.staff_id
