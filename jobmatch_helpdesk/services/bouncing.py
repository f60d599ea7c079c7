"""What follows when mail about an incident reached nobody, whoever found out: a mail server, or an agent (UJ-36)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from contacthub.actor import Actor
from contacthub.callbacks.lifecycle import CallbackState
from contacthub.callbacks.models import Callback
from contacthub.callbacks.services import leads_of, open_callback_of
from contacthub.cases.services import move, moved_on, record_event
from contacthub.deadlines.services import drop
from contacthub.errors import RuleBroken, require_words
from contacthub.mail.models import Message, MessageState
from contacthub.mail.services import mark_failed
from jobmatch_helpdesk.lifecycle import IncidentState
from jobmatch_helpdesk.models import Incident, Reply
from jobmatch_helpdesk.routing import ReplyTo
from jobmatch_helpdesk.services.routing_again import reach_of, route_again
from jobmatch_helpdesk.services.shared import (
    agent_still_here,
    leads_and_agent,
    require_mine_or_lead,
    start_first_reply,
    tell_all,
    write_to_raiser,
)

ANSWERED = (IncidentState.RESOLVED, IncidentState.CALLBACK_PENDING)


@transaction.atomic
def mark_address_dead(*, incident_id: int, address: str, reason: str, by: Actor, at: datetime) -> Incident:
    """Note that an address the last reply went to takes no mail, with how one knows: as if its server had refused.

    The agent who replied does, or a lead. Raises NotThere, MovedOn, Refused or RuleBroken.
    """
    incident = Incident.objects.locked(by, pk=incident_id)
    if incident.state not in ANSWERED:
        raise moved_on(incident)
    require_mine_or_lead(by, incident)
    message = next((one for one in _sent(last_mailed(incident)) if one.to.lower() == address.lower()), None)
    if message is None:
        raise RuleBroken("Select an address that the reply went to", code="address_required", field="address")
    require_words(reason, "Enter how you know that nobody reads mail there", field="reason")
    mail_failed(incident, mark_failed(message, words=reason, by=by, at=at), by=by, at=at)
    return incident


def mail_failed(incident: Incident, message: Message, *, by: Actor, at: datetime) -> None:
    """Act on a message that failed for good. The incident is locked; nothing is refused.

    Where the last reply reached nobody, neither by mail nor by a call, it is to be answered again: by another row,
    where the address was the customer's own. While somebody is to ring, the call goes on.
    """
    words = f"{incident.reference}: the email to {message.to} failed. {message.server_words}"
    people = leads_and_agent(incident, at=at)
    reply = last_mailed(incident) if incident.state in ANSWERED else None
    is_the_reply = reply is not None and reply.message_id == message.pk
    if reply and (is_the_reply or reply.message_id == message.copy_of_id):
        people |= {incident.raised_by} if incident.raised_by and is_the_reply else set()
        if call := open_callback_of(incident.case):
            people |= {*leads_of(call.queue, at=at)}
            words = f"{words}\n{call.reference}: the call is made all the same"
        elif incident.state == IncidentState.RESOLVED and _reached_nobody(incident, reply):
            _give_back(incident, reply, by=by, at=at)
            words = f"{words}\nNobody was reached: it is to be answered again"
    tell_all(people, words, incident, by=by, at=at)
    if is_the_reply:
        write_to_raiser(incident, words, by=by, at=at, not_to=message.to)


def last_mailed(incident: Incident) -> Reply | None:
    """Return the newest reply that went out by mail since the incident was last received."""
    if incident.replied_at is None:
        return None
    of_now = incident.replies.filter(at__gte=incident.replied_at).exclude(message=None)
    return of_now.select_related("message").order_by("-pk").first()


def addresses_of_reply(incident: Incident) -> list[str]:
    """Return where the last reply went, and its copies, as far as they have not failed: for the pages."""
    return [message.to for message in _sent(last_mailed(incident))] if incident.state in ANSWERED else []


def _sent(reply: Reply | None) -> list[Message]:
    if reply is None or reply.message is None:
        return []
    messages = [reply.message, *reply.message.copies.order_by("pk")]
    return [message for message in messages if message.state != MessageState.FAILED]


def _reached_nobody(incident: Incident, reply: Reply) -> bool:
    rung = Callback.objects.filter(about=incident.case, state=CallbackState.COMPLETED, ended_at__gte=reply.at)
    return not _sent(reply) and not rung.exists()


def _give_back(incident: Incident, reply: Reply, *, by: Actor, at: datetime) -> None:
    is_own = incident.route.reply_to == ReplyTo.CUSTOMER and reply.to.lower() == incident.customer_email.lower()
    if is_own:
        reach = replace(reach_of(incident), customer_email="", no_email=True)
        record_event(incident, "facts_changed", by=by, at=at, words=route_again(incident, reach))
    move(incident.bounce if agent_still_here(incident, at=at) else incident.come_back, by=by, at=at)
    drop(case=incident.case, kind="close", at=at)
    start_first_reply(incident, at=at)
