"""What the services of an incident ask and do alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from contacthub.actor import CLOCK, Actor
from contacthub.cases.models import Case
from contacthub.cases.services import handed_over, moved_on, require_still_open
from contacthub.deadlines.services import set_deadline, set_first_deadline
from contacthub.deadlines.working_time import Target
from contacthub.errors import NotSetUp, Refused, RuleBroken
from contacthub.formats import uk_day
from contacthub.mail.models import Mailbox
from contacthub.mail.services import queue_email, tell
from contacthub.people.models import StaffMember, Unit
from contacthub.people.roles import Role
from jobmatch_helpdesk import permissions
from jobmatch_helpdesk.intake import SITE_KINDS, Reach, SetUp
from jobmatch_helpdesk.lifecycle import IncidentState
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.placeholders import unfilled
from jobmatch_helpdesk.routing import FIRST_REPLY, STAFF_SOURCES, Band, ReplyTo

CLOSE_AFTER = Target(working_days=10)
NO_ANSWER_AFTER = Target(working_days=5)
MAILBOX = "helpdesk"
ESCALATION = "escalation"  # the clock until somebody acts on a risk to health and safety
HANDED_OVER = ["take", "assign", "reassigned"]  # the events by which an incident came to whoever has it


def require_still_with(by: Actor, incident: Incident) -> None:
    """Raise MovedOn, with who has it and why, where the incident is now somebody else's."""
    if not permissions.is_with(by, incident):
        words_of = permissions.words_readable_by(by)
        raise handed_over(incident, to=incident.assigned_to, kinds=HANDED_OVER, words_of=words_of)


def require_not_closed(incident: Incident) -> None:
    """Raise MovedOn where the incident is closed."""
    if incident.state == IncidentState.CLOSED:
        raise moved_on(incident)


def agent_still_here(incident: Incident, *, at: datetime) -> StaffMember | None:
    """Return who has the incident, or answered it; None where they work on incidents no longer."""
    agent = incident.assigned_to
    return agent if agent and permissions.agents(on=uk_day(at)).filter(pk=agent.pk).exists() else None


def set_up_for(reach: Reach) -> SetUp:
    """Return what administrators have set up that the rules ask about what was told."""
    site_kind = Unit.objects.filter(pk=reach.site_id).values_list("kind", flat=True).first() if reach.site_id else ""
    kind = SITE_KINDS.get(reach.source)
    has_sites = bool(site_kind) or (kind is not None and Unit.objects.filter(kind=kind).exists())
    return SetUp(staff_domains=settings.STAFF_EMAIL_DOMAINS, site_kind=site_kind or "", has_sites=has_sites)


def require_mine_or_lead(by: Actor, incident: Incident) -> None:
    """Refuse whoever neither has, or answered, the incident nor leads the Helpdesk."""
    permissions.require_can_work_on_incidents(by)
    if permissions.may_lead(by):
        return
    if incident.assigned_to_id is None:
        raise Refused("Nobody has this yet. Take it first, or ask a Helpdesk lead")
    require_still_with(by, incident)


def leads_and_agent(incident: Incident, *, at: datetime) -> set[StaffMember]:
    """Return the Helpdesk leads of the day, and who has the incident or answered it."""
    leads = {*StaffMember.objects.with_role(Role.HELPDESK_LEAD, on=uk_day(at))}
    return leads | {incident.assigned_to} if incident.assigned_to else leads


def tell_all(
    people: set[StaffMember],
    words: str,
    incident: Incident,
    *,
    by: Actor = CLOCK,
    at: datetime,
    by_mail: bool = False,
    in_digest: bool = False,
) -> None:
    """Tell each of them, but for who did it."""
    for person in people:
        if person.pk != by.staff_id:
            tell(person, words=words, case=incident.case, at=at, by_mail=by_mail, in_digest=in_digest)


def tell_raiser(incident: Incident, words: str, *, by: Actor, at: datetime) -> None:
    """Tell who filled in the form on their home page, and whoever else raised it by mail."""
    if incident.raised_by:
        tell(incident.raised_by, words=words, case=incident.case, at=at)
    write_to_raiser(incident, words, by=by, at=at)


def write_to_raiser(incident: Incident, words: str, *, by: Actor, at: datetime, not_to: str = "") -> None:
    """Tell by mail who raised it where somebody else filled in the form: they may have no account, and so no home page.

    `not_to` is an address that takes no mail. As with every telling, nothing is refused: without a mailbox none goes.
    """
    address = incident.raiser_email if incident.source in STAFF_SOURCES else ""
    own = incident.raised_by.email if incident.raised_by else ""
    if not address or address.lower() in (own.lower(), not_to.lower()):
        return
    if not Mailbox.objects.get(code=MAILBOX).address:
        return
    context = {"incident": incident, "words": words}
    template = "jobmatch_helpdesk/email/news"
    queue_email(template=template, mailbox=MAILBOX, to=address, case=incident.case, by=by, at=at, context=context)


def require_mine(by: Actor, incident: Incident) -> None:
    """Raise MovedOn or Refused unless the incident is assigned to this agent, who may then write to somebody."""
    require_still_open(incident.ask)
    permissions.require_can_work_on_incidents(by)
    require_still_with(by, incident)


def require_filled_in(text: str) -> None:
    """Raise RuleBroken where a placeholder is left in what is about to be sent."""
    if left := unfilled(text):
        raise RuleBroken(
            f"Fill in or remove {left}: it would reach the customer as it is", code="placeholder", field="text"
        )


def first_reply_due(case: Case, band: Band, *, at: datetime) -> datetime:
    """Start the first-reply clock of an incident that is made next, and return when it is due."""
    return set_first_deadline(case=case, kind="first_reply", target=FIRST_REPLY[band], at=at).due_at


def start_first_reply(incident: Incident, *, at: datetime) -> None:
    """Start the first-reply clock, anew on every return to the Helpdesk."""
    target = FIRST_REPLY[Band(incident.band)]
    incident.due_at = set_deadline(case=incident.case, kind="first_reply", target=target, at=at).due_at


def address_of(incident: Incident) -> str:
    """Return the address that the reply goes to by its row, read at this moment (UJ-10, UJ-14); "" if there is none.

    Raises RuleBroken where it is a shared inbox that is not configured.
    """
    reply_to = incident.route.reply_to
    if reply_to == ReplyTo.JD_INBOX:
        return _inbox(Unit.objects.get(code="jd"))
    if reply_to == ReplyTo.ED_INBOX:
        return _inbox(incident.site)
    given = {
        ReplyTo.CUSTOMER: incident.customer_email,
        ReplyTo.ADVISER: incident.adviser_email,
        ReplyTo.DWP_USER: incident.dwp_user_email,
    }
    return given.get(reply_to, "")


def _inbox(unit: Unit | None) -> str:
    if unit is None or not unit.inbox:
        name = unit.name if unit else "the site"
        raise NotSetUp(
            f"Nothing can be sent: the inbox of {name} is not set. Ask an administrator to set it", code="inbox_unset"
        )
    return unit.inbox


@dataclass(frozen=True)
class Destination:
    """Where an answer would go now, for the pages: `trouble` says what must be put right before it can."""

    address: str
    trouble: str
    copies: list[str]


def destination_of(incident: Incident) -> Destination:
    """Return where the answer goes, for pages that show it before anybody sends."""
    try:
        return Destination(address_of(incident), "", copies_of(incident))
    except RuleBroken as broken:
        return Destination("", broken.message, [])


def copies_of(incident: Incident) -> list[str]:
    """Return who gets a copy: the customer, where the row says so and an address was given (AMB-03)."""
    return [incident.customer_email] if incident.route.copies_customer and incident.customer_email else []
