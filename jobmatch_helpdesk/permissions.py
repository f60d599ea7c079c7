"""Who may do what with an incident. Seeing is `visible_to` (queries.py)."""

from datetime import date

from django.db.models import QuerySet

from contacthub.actor import Actor, ActorKind
from contacthub.errors import Refused
from contacthub.people.models import StaffMember
from contacthub.people.roles import Post, Role
from jobmatch_helpdesk import scopes
from jobmatch_helpdesk.intake import Intake
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import Source

HELPDESK = {Role.HELPDESK_AGENT, Role.HELPDESK_LEAD}
RAISES_AS = {
    Role.JOBCENTRE_ADVISER: Source.JOBCENTRE,
    Role.JD_AGENT: Source.JD,
    Role.JD_QUALITY_ASSESSOR: Source.JD,
    Role.ED_AGENT: Source.ED,
    Role.ED_TEAM_LEADER: Source.ED,
}
EVERY_STAFF_SOURCE = [Source.JOBCENTRE, Source.JD, Source.ED]
# Whoever is not signed in to the Universal Jobmatch site writes through Contact Us.
EVERY_SOURCE_OF_A_MACHINE = [*EVERY_STAFF_SOURCE, Source.ONLINE_EMPLOYER, Source.ONLINE_JOBSEEKER]
# Events whose words everybody who sees the incident may read; those of other kinds stay hidden.
READABLE_WORDS = frozenset(
    {
        "submitted",
        "ask",
        "resolve_by_reply",
        "reply_by_callback",
        "due_moved",
        "due_extended",
        "call_tried",
        "facts_changed",
        "sent_again",
        "mail_failed",
        "mail_tried_again",
    }
)
# Reasons are words between colleagues of the Helpdesk.
HELPDESK_WORDS = READABLE_WORDS | {
    "take", "assign", "put_back", "reassigned", "priority_changed", "escalated", "resolve_without_reply", "close",
    "reopen", "carry_on", "answer", "record_no_reply_route", "ask_for_call", "resolve_by_call", "resolve_unreached",
    "take_back_call", "put_back_call", "escalate_to_agent", "escalate_to_queue",
}  # fmt: skip


def agents(*, on: date) -> QuerySet[StaffMember]:
    """Return those whom an incident can be given to on the day: agents and leads of the Helpdesk, by name."""
    return StaffMember.objects.with_role(*HELPDESK, on=on)


def may_work_on_incidents(actor: Actor) -> bool:
    """Take, reply, ask for information."""
    return bool(HELPDESK & actor.roles)


def may_lead(actor: Actor) -> bool:
    """Assign, reassign, change priority, close by hand."""
    return Role.HELPDESK_LEAD in actor.roles


def may_keep_templates(actor: Actor) -> bool:
    return bool({Role.HELPDESK_LEAD, Role.ADMINISTRATOR} & actor.roles)


def may_raise(actor: Actor) -> bool:
    return bool(sources_open_to(actor))


def sources_open_to(actor: Actor) -> list[Source]:
    """Return the sources that the actor may raise an incident from; the Helpdesk raises for whoever rings."""
    if actor.kind is ActorKind.KEY and Role.INTEGRATOR in actor.roles:
        return EVERY_SOURCE_OF_A_MACHINE
    if may_work_on_incidents(actor):
        return EVERY_STAFF_SOURCE
    return sorted({source for role, source in RAISES_AS.items() if role in actor.roles})


def may_reopen(actor: Actor, incident: Incident) -> bool:
    return may_lead(actor) or is_raiser(actor, incident)


def may_change(actor: Actor, incident: Incident) -> bool:
    """Change the facts of an open incident: the agent who has it, a lead."""
    mine = may_work_on_incidents(actor) and is_with(actor, incident)
    return incident.state != "closed" and (mine or may_lead(actor))


def may_escalate(actor: Actor, incident: Incident) -> bool:
    """Mark a risk to health and safety: the Helpdesk for who rings, others their own, and by their role JD's or their
    site's.
    """
    if may_work_on_incidents(actor):
        return True
    of_jd = Role.JD_QUALITY_ASSESSOR in actor.roles and incident.source == Source.JD
    of_their_site = incident.source == Source.ED and (Post.TEAM_LEADER, incident.site_id) in actor.posts
    return of_jd or of_their_site or (is_raiser(actor, incident) and bool(actor.roles & RAISES_AS.keys()))


def is_raiser(actor: Actor, incident: Incident) -> bool:
    return actor.staff_id is not None and incident.raised_by_id == actor.staff_id


def is_with(actor: Actor, incident: Incident) -> bool:
    return actor.staff_id is not None and incident.assigned_to_id == actor.staff_id


def words_readable_by(actor: Actor) -> frozenset[str]:
    may_read_all = may_work_on_incidents(actor) and not actor.is_kept_from(scopes.INTERNAL)
    return HELPDESK_WORDS if may_read_all else READABLE_WORDS


def require_can_work_on_incidents(actor: Actor) -> None:
    if not may_work_on_incidents(actor):
        raise Refused("Only the Universal Jobmatch Helpdesk can do this")


def require_can_lead(actor: Actor) -> None:
    if not may_lead(actor):
        raise Refused("Only a Helpdesk lead can do this")


def require_can_keep_templates(actor: Actor) -> None:
    if not may_keep_templates(actor):
        raise Refused("Only a Helpdesk lead or an administrator keeps reply templates")


def require_can_raise(actor: Actor, source: Source) -> None:
    """Raise Refused where this actor may not raise an incident from this source (UJ-29)."""
    public = actor.kind is ActorKind.PUBLIC and source == Source.ONLINE_ANONYMOUS
    if not public and not actor.sees_everything and source not in sources_open_to(actor):
        raise Refused("You cannot raise an incident from this source")


def require_can_mark_risk(actor: Actor, intake: Intake) -> None:
    """Raise Refused where a machine says that somebody is at risk: only the roles that meet people do."""
    if intake.escalated and not actor.roles & {*HELPDESK, *RAISES_AS}:
        raise Refused("Only staff say that there is a risk to health and safety")


def require_can_reopen(actor: Actor, incident: Incident) -> None:
    if not may_reopen(actor, incident):
        raise Refused("Only whoever raised this, or a Helpdesk lead, can reopen it")


def require_can_escalate(actor: Actor, incident: Incident) -> None:
    if not may_escalate(actor, incident):
        raise Refused("Only whoever raised this, their lead or the Helpdesk can escalate it")


def require_is_raiser(actor: Actor, incident: Incident) -> None:
    if not is_raiser(actor, incident):
        raise Refused("Only whoever raised this can answer here")
