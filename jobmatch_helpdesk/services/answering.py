from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from contacthub.actor import Actor
from contacthub.callbacks.models import Kind, Queue
from contacthub.callbacks.services import CallSheet, request_callback
from contacthub.cases.services import move, record_event, require_still_open
from contacthub.deadlines.services import drop, meet, set_deadline
from contacthub.errors import NotSetUp, RuleBroken, require_words
from contacthub.formats import telephone
from contacthub.mail.services import Preview, preview, queue_email
from jobmatch_helpdesk import permissions
from jobmatch_helpdesk.models import Incident, Language, Reply, ReplyTemplate
from jobmatch_helpdesk.routing import Band, CallQueue, CustomerType, ReplyTo, calls_for
from jobmatch_helpdesk.services.shared import (
    CLOSE_AFTER,
    ESCALATION,
    MAILBOX,
    address_of,
    copies_of,
    require_filled_in,
    require_still_with,
    tell_raiser,
)

DEFAULT_ED_SITE = "ed-annesley"
KINDS = {
    CallQueue.ED_SITE: Kind.UJ_ED,
    CallQueue.ED_DEFAULT: Kind.UJ_ED,
    CallQueue.JD: Kind.UJ_JD,
    CallQueue.JOBCENTRE: Kind.UJ_JOBCENTRE,
}


@transaction.atomic
def reply(*, incident_id: int, text: str, template_id: int | None = None, by: Actor, at: datetime) -> Incident:
    """Send the reply where the row says; where the customer has no email, ask those there to call (UJ-16, UJ-17).

    `template_id` is the template that it began from. `at` is in UTC. Raises NotThere, MovedOn, Refused,
    or RuleBroken where there is nothing to send, no address to send it to or from, or a placeholder is left.
    """
    incident = Incident.objects.locked(by, pk=incident_id)
    send = incident.reply_by_callback if incident.needs_call else incident.resolve_by_reply
    require_still_open(send)
    permissions.require_can_work_on_incidents(by)
    require_still_with(by, incident)
    to = _require_ready(incident, text)
    template = _template(template_id)
    move(send, by=by, at=at, words=_with_template(f"To {to}", template))
    message = queue_email(case=incident.case, by=by, at=at, copy=copies_of(incident), **_email(incident, text, to))
    incident.replies.create(text=text, to=to, by_id=by.person_id, at=at, message=message, template=template)
    _after_answer(incident, text, by=by, at=at)
    return incident


def send_again(incident: Incident, old: Reply, *, by: Actor, at: datetime) -> None:
    """Send the words of the reply that reached nobody to the address that is right now, while the call goes on.

    The incident is locked. Raises what `reply` raises where it cannot be sent.
    """
    to = _require_ready(incident, old.text)
    email = _email(incident, old.text, to)
    message = queue_email(case=incident.case, by=by, at=at, copy=copies_of(incident), **email)
    sent = {"text": old.text, "to": to, "message": message, "template_id": old.template_id}
    incident.replies.create(**sent, by_id=by.person_id, at=at)
    record_event(incident, "sent_again", by=by, at=at, words=f"To {to}")


@transaction.atomic
def ask_for_call(*, incident_id: int, text: str, template_id: int | None = None, by: Actor, at: datetime) -> Incident:
    """Ask for a call without a mail: no address to reply to (R11, R15), or the reply has gone already.

    `text` is what the caller reads out, written like a reply.
    """
    incident = Incident.objects.locked(by, pk=incident_id)
    require_still_open(incident.ask_for_call)
    permissions.require_can_work_on_incidents(by)
    require_still_with(by, incident)
    _require_call_ready(incident, text)
    template = _template(template_id)
    move(incident.ask_for_call, by=by, at=at, words=_with_template("", template))
    incident.replies.create(text=text, to="", by_id=by.person_id, at=at, template=template)
    _after_answer(incident, text, by=by, at=at)
    return incident


def may_ask_for_call_only(incident: Incident) -> bool:
    """Say if a call can be asked for without a mail: no address on the row, or the reply went since it came in."""
    return incident.needs_call and (incident.route.reply_to == ReplyTo.NOBODY or incident.replied_at is not None)


@transaction.atomic
def resolve_without_reply(*, incident_id: int, reason: str, by: Actor, at: datetime) -> Incident:
    """Resolve an incident of which the customer hears nothing: spam, raised in error, answered elsewhere."""
    incident = Incident.objects.locked(by, pk=incident_id)
    require_still_open(incident.resolve_without_reply)
    permissions.require_can_work_on_incidents(by)
    require_still_with(by, incident)
    require_words(reason, "Enter why this needs no reply", field="reason")
    move(incident.resolve_without_reply, by=by, at=at, words=reason)
    meet(case=incident.case, kind="first_reply", at=at)
    drop(case=incident.case, kind=ESCALATION, at=at)
    set_deadline(case=incident.case, kind="close", target=CLOSE_AFTER, at=at)
    words = f"{incident.reference} was resolved without a reply to the customer: {reason}"
    tell_raiser(incident, words, by=by, at=at)
    return incident


@transaction.atomic
def record_no_reply_route(*, incident_id: int, by: Actor, at: datetime) -> Incident:
    """Keep for information what nobody can be told about: rows R12 and R16 only."""
    incident = Incident.objects.locked(by, pk=incident_id)
    require_still_open(incident.record_no_reply_route)
    permissions.require_can_work_on_incidents(by)
    require_still_with(by, incident)
    if incident.needs_call or incident.route.reply_to != ReplyTo.NOBODY:
        raise RuleBroken("There is a way to reply to this. Send a reply", code="has_reply_route")
    move(incident.record_no_reply_route, by=by, at=at)
    meet(case=incident.case, kind="first_reply", at=at)
    drop(case=incident.case, kind=ESCALATION, at=at)
    set_deadline(case=incident.case, kind="close", target=CLOSE_AFTER, at=at)
    return incident


def preview_reply(*, incident: Incident, text: str, by: Actor) -> Preview:
    """Return the reply as it will arrive, refused for the reasons for which `reply` is."""
    require_still_open(incident.reply_by_callback if incident.needs_call else incident.resolve_by_reply)
    permissions.require_can_work_on_incidents(by)
    require_still_with(by, incident)
    return preview(**_email(incident, text, _require_ready(incident, text)))


def preview_call(*, incident: Incident, text: str, by: Actor) -> None:
    """Refuse what `ask_for_call` would refuse: there is no mail to show."""
    require_still_open(incident.ask_for_call)
    permissions.require_can_work_on_incidents(by)
    require_still_with(by, incident)
    _require_call_ready(incident, text)


@dataclass(frozen=True)
class Call:
    """Who rings the customer once the answer is there; `trouble` says what must be put right before."""

    caller: str
    number: str
    in_welsh: bool
    trouble: str = ""


def call_of(incident: Incident) -> Call:
    """Return the call that the row asks for, for the pages that show it before anybody sends."""
    number = telephone(incident.telephone) if incident.telephone else ""
    in_welsh = incident.language == Language.WELSH
    try:
        return Call(callback_queue_of(incident).caller_words, number, in_welsh)
    except RuleBroken as broken:
        return Call("", number, in_welsh, broken.message)


def callback_queue_of(incident: Incident) -> Queue:
    """Return the queue that the row sends a callback to. Raises RuleBroken where it is not set up."""
    wanted = _wanted_queue(incident)
    if wanted in (CallQueue.JOBCENTRE, CallQueue.ED_SITE):
        queue = Queue.objects.filter(unit=incident.site).select_related("unit").first()
    else:
        code = DEFAULT_ED_SITE if wanted == CallQueue.ED_DEFAULT else "jd"
        queue = Queue.objects.filter(unit__code=code).select_related("unit").first()
    if queue is None:
        raise NotSetUp("There is no callback queue for this. Ask an administrator to set it up", code="queue_unset")
    return queue


def _wanted_queue(incident: Incident) -> CallQueue:
    customer_type = CustomerType(incident.customer_type) if incident.customer_type else None
    return calls_for(CallQueue(incident.route.call_queue), customer_type)


def kind_of_call(incident: Incident) -> Kind:
    return KINDS[_wanted_queue(incident)]


def _call_sheet(incident: Incident, text: str) -> CallSheet:
    return CallSheet(
        customer_name=incident.customer_name,
        customer_type=incident.get_customer_type_display(),
        telephone=incident.telephone,
        language=incident.language,
        reason=incident.about,
        words=text,
    )


def _template(template_id: int | None) -> ReplyTemplate | None:
    if template_id is None:
        return None
    template: ReplyTemplate | None = ReplyTemplate.objects.filter(pk=template_id).first()
    if template is None:
        raise RuleBroken("The template of this reply is not there. Insert it again", code="no_template")
    return template


def _with_template(words: str, template: ReplyTemplate | None) -> str:
    """Return the words of an answer on the timeline, with the template that it began from."""
    return "\n".join(filter(None, [words, f"Began from the template “{template}”" if template else ""]))


def _require_ready(incident: Incident, text: str) -> str:
    """Return the address of the reply. Raises RuleBroken where it cannot be sent as it is."""
    require_words(text, "Enter your reply", field="text")
    require_filled_in(text)
    to = address_of(incident)
    if not to:
        raise RuleBroken("There is no address to reply to", code="no_reply_route", field="text")
    if incident.needs_call:
        _require_can_be_called(incident)
    return to


def _require_call_ready(incident: Incident, text: str) -> None:
    """Raise RuleBroken where a call cannot be asked for without a mail, or not with these words."""
    if not may_ask_for_call_only(incident):
        raise RuleBroken("Send the reply: the call is asked for with it", code="reply_first")
    require_words(text, "Enter what the caller should say", field="text")
    require_filled_in(text)
    _require_can_be_called(incident)


def _require_can_be_called(incident: Incident) -> None:
    if not incident.telephone:
        message = "Enter a telephone number the customer can be called on"
        raise RuleBroken(message, code="phone_required", field="telephone")
    callback_queue_of(incident)


def _after_answer(incident: Incident, text: str, *, by: Actor, at: datetime) -> None:
    meet(case=incident.case, kind="first_reply", at=at)
    meet(case=incident.case, kind=ESCALATION, at=at)
    if incident.needs_call:
        request_callback(
            about=incident.case,
            kind=kind_of_call(incident),
            queue=callback_queue_of(incident),
            call=_call_sheet(incident, text),
            urgent=incident.band == Band.IMMEDIATE,
            at_risk=incident.is_escalated,
            by=by,
            at=at,
        )
    else:
        set_deadline(case=incident.case, kind="close", target=CLOSE_AFTER, at=at)


def _email(incident: Incident, text: str, to: str) -> dict[str, Any]:
    return {
        "template": "jobmatch_helpdesk/email/reply",
        "mailbox": MAILBOX,
        "to": to,
        "language": incident.language,
        "context": {
            "incident": incident,
            "words": text,
            "agent": incident.assigned_to,
            "to_staff": to != incident.customer_email,
            "copied_to_customer": bool(copies_of(incident)),
            "telephone": telephone(incident.telephone) if incident.telephone else "",
        },
    }
